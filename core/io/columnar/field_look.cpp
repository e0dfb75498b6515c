#include "core/io/columnar/field_look.h"

#include "core/base/text.h"
#include "core/io/text/number_list.h"

#include <cmath>
#include <cstring>

namespace embedscope {

namespace {

constexpr Index kSampleRows = 64;
constexpr Index kMostDimensions = Index{1} << 20U;

using Use = FieldLook::Use;

/// Follows the lengths of lists from row to row.
class Lengths
{
public:
    void add(std::optional<Index> length)
    {
        if (length && *length > 0) {
            if (m_look.length == 0) {
                m_look.length = *length;
                m_first = m_row;
            } else if (*length != m_look.length && !m_look.isUneven) {
                m_look.isUneven = true;
                m_look.fault = "its lists are not all of one length: row " + formatCount(m_first)
                    + " has " + formatCount(m_look.length) + " values, row " + formatCount(m_row)
                    + " has " + formatCount(*length);
            }
        }
        ++m_row;
    }
    FieldLook take(Use use)
    {
        m_look.use = use;
        if (m_look.length == 0)
            m_look.fault = "none of its first lists holds a value";
        else if (m_look.length > kMostDimensions)
            m_look.fault = "its lists are longer than any vector";
        return std::move(m_look);
    }

private:
    FieldLook m_look;
    Index m_row = 0;
    Index m_first = 0;
};

/// Whether bytes without annotation are float32 values in all likelihood: of plausible size, every
/// one.
bool looksLikeFloats(std::string_view bytes)
{
    constexpr std::size_t kFewest = 16;
    if (bytes.size() < kFewest || bytes.size() % sizeof(float) != 0)
        return false;
    std::size_t zeros = 0;
    const std::size_t count = bytes.size() / sizeof(float);
    for (std::size_t i = 0; i < count; ++i) {
        float value = 0;
        std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
        const float size = std::abs(value);
        if (value == 0.0F)
            ++zeros;
        else if (!(size >= 1e-9F && size <= 1e6F))
            return false;
    }
    return zeros < count;
}

/// Sees texts and bytes go by.
class TextLook
{
public:
    void add(std::optional<std::string_view> text)
    {
        if (!text || text->empty()) {
            m_lists.add(std::nullopt);
            m_floats.add(std::nullopt);
            return;
        }
        ++m_present;
        m_texts += isValidUtf8(*text) ? 1 : 0;
        const bool isFloats = looksLikeFloats(*text);
        m_floatRows += isFloats ? 1 : 0;
        m_floats.add(isFloats ? std::optional(static_cast<Index>(text->size() / sizeof(float)))
                              : std::nullopt);
        const ListRead read = readNumberList(*text, m_values);
        const bool isList = read == ListRead::Ok && m_values.size() > 1
            && text->find_first_of("[({") != std::string_view::npos;
        m_listRows += isList ? 1 : 0;
        m_shortened += read == ListRead::Shortened ? 1 : 0;
        m_lists.add(isList ? std::optional(static_cast<Index>(m_values.size())) : std::nullopt);
    }

    FieldLook take(bool isBytes)
    {
        FieldLook look;
        look.use = Use::Beside;
        if (m_present == 0)
            return look;
        if (m_shortened * 2 > m_present) {
            look.use = Use::TextList;
            look.fault = "its vectors were shortened with \"...\" when they were written, so their "
                         "values are lost";
            return look;
        }
        if (m_listRows == m_present)
            return m_lists.take(Use::TextList);
        if (!isBytes || m_texts == m_present)
            return look;
        if (m_floatRows == m_present) {
            FieldLook floats = m_floats.take(Use::ByteList);
            if (floats.fault.empty())
                return floats;
        }
        look.use = Use::LeftOut;
        look.fault = "bytes that are no text";
        return look;
    }

private:
    Index m_present = 0;
    Index m_texts = 0;
    Index m_floatRows = 0;
    Index m_listRows = 0;
    Index m_shortened = 0;
    Lengths m_lists;
    Lengths m_floats;
    std::vector<float> m_values;
};

} // namespace

Result<FieldLook> lookAtField(
    const ColumnarSource& source, std::size_t field, const Progress& progress)
{
    const ColumnarField& facts = source.fields()[field];
    FieldLook look;
    switch (facts.kind) {
    case FieldKind::Number:
    case FieldKind::Boolean:
        look.use = Use::Beside;
        return look;
    case FieldKind::Unread:
        look.fault = facts.unread;
        return look;
    case FieldKind::Vector: {
        Lengths lengths;
        EMBEDSCOPE_TRY(source.readLists(
            field, kSampleRows,
            [&](std::optional<std::span<const float>> values) -> Status {
                lengths.add(
                    values ? std::optional(static_cast<Index>(values->size())) : std::nullopt);
                return {};
            },
            progress));
        return lengths.take(Use::List);
    }
    case FieldKind::Text:
    case FieldKind::Bytes: {
        TextLook texts;
        EMBEDSCOPE_TRY(source.readTexts(
            field, kSampleRows,
            [&](std::optional<std::string_view> text) -> Status {
                texts.add(text);
                return {};
            },
            progress));
        return texts.take(facts.kind == FieldKind::Bytes);
    }
    }
    return look;
}

} // namespace embedscope
