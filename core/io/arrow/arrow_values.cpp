#include "core/io/arrow/arrow_values.h"

#include "core/base/text.h"
#include "core/io/columnar/date_text.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace embedscope {

namespace {

/// A little-endian number of 16 or 32 bytes in two's complement.
double wideNumber(const std::byte* bytes, std::size_t width, bool isBigEndian)
{
    double value = 0;
    for (std::size_t i = 0; i < width; ++i) {
        const std::byte byte = bytes[isBigEndian ? i : width - 1 - i];
        value = i == 0 ? static_cast<double>(static_cast<std::int8_t>(byte))
                       : value * 256 + static_cast<double>(byte);
    }
    return value;
}

/// A whole number of 8 to 64 bits; one beyond 2^63 becomes negative.
std::int64_t integerAt(const std::byte* bytes, const ArrowType& type, bool isBigEndian)
{
    const auto width = static_cast<std::size_t>(type.bits) / 8;
    std::uint64_t value = 0;
    if (isBigEndian) {
        for (std::size_t i = 0; i < width; ++i)
            value = value << 8U | static_cast<std::uint64_t>(bytes[i]);
    } else {
        std::memcpy(&value, bytes, width);
    }
    const auto unused = static_cast<unsigned>(64 - type.bits);
    return type.isSigned ? static_cast<std::int64_t>(value << unused) >> unused
                         : static_cast<std::int64_t>(value);
}

ArrowType intOf(int bits, bool isSigned = true)
{
    ArrowType type;
    type.kind = ArrowKind::Int;
    type.bits = bits;
    type.isSigned = isSigned;
    return type;
}

std::string timeOf(const ArrowType& type, std::int64_t value)
{
    if (type.kind == ArrowKind::Time)
        return timeText(value, type.perSecond);
    if (type.kind == ArrowKind::Timestamp)
        return timestampText(value, type.perSecond);
    constexpr std::int64_t kMillisecondsPerDay = 86400000;
    if (type.bits == 32)
        return dateText(value);
    return dateText(value / kMillisecondsPerDay - (value % kMillisecondsPerDay < 0 ? 1 : 0));
}

} // namespace

std::optional<ElementType> arrowElement(const ArrowType& type)
{
    if (type.kind == ArrowKind::Float) {
        return type.bits == 16 ? ElementType::Float16
            : type.bits == 32  ? ElementType::Float32
                               : ElementType::Float64;
    }
    if (type.kind != ArrowKind::Int)
        return std::nullopt;
    switch (type.bits) {
    case 8:
        return type.isSigned ? ElementType::Int8 : ElementType::UInt8;
    case 16:
        return type.isSigned ? ElementType::Int16 : ElementType::UInt16;
    case 32:
        return type.isSigned ? ElementType::Int32 : ElementType::UInt32;
    default:
        return type.isSigned ? ElementType::Int64 : ElementType::UInt64;
    }
}

bool isArrowNumber(const ArrowType& type)
{
    return type.kind == ArrowKind::Int || type.kind == ArrowKind::Float
        || type.kind == ArrowKind::Bool || type.kind == ArrowKind::Decimal;
}

bool isArrowText(const ArrowType& type)
{
    switch (type.kind) {
    case ArrowKind::Text:
    case ArrowKind::TextView:
    case ArrowKind::Date:
    case ArrowKind::Time:
    case ArrowKind::Timestamp:
        return true;
    case ArrowKind::FixedBytes:
        return type.isShown && type.size > 0;
    default:
        return false;
    }
}

Error ArrowValues::damaged(std::size_t node, const std::string& detail) const
{
    return Error{ErrorCode::Malformed,
        "the column \"" + printable(nodeOf(node).name) + "\" is damaged: " + detail,
        m_source.path(), {}, {}};
}

Result<ArrowBytes> ArrowValues::expanded(const ArrowBatch& batch, const ArrowBuffer& buffer,
    std::uint64_t begin, std::uint64_t end) const
{
    const auto fault = [&](const char* detail) {
        return Error{ErrorCode::Malformed, detail, m_source.path(), buffer.offset, {}};
    };
    constexpr std::uint64_t kPrefix = 8;
    constexpr std::int64_t kNotCompressed = -1;
    if (buffer.bytes < kPrefix)
        return fault("a compressed buffer is too short for its length");
    std::int64_t length = 0;
    EMBEDSCOPE_TRY_ASSIGN(const std::string prefix, m_source.text(buffer.offset, kPrefix));
    std::memcpy(&length, prefix.data(), sizeof length);
    const std::uint64_t stored = buffer.bytes - kPrefix;
    const bool isPlain = length == kNotCompressed;
    const auto bytes = isPlain ? stored : static_cast<std::uint64_t>(length);
    if ((!isPlain && length < 0) || bytes > mostExpanded(batch.codec, stored) || end > bytes)
        return fault("the length of a compressed buffer is impossible");
    if (isPlain) {
        PlainVector<std::byte> raw(static_cast<std::size_t>(end - begin));
        EMBEDSCOPE_TRY(m_source.read(buffer.offset + kPrefix + begin, raw));
        return ArrowBytes(std::move(raw), 0);
    }
    EMBEDSCOPE_TRY(m_budget.spend(bytes));
    PlainVector<std::byte> raw(static_cast<std::size_t>(stored));
    EMBEDSCOPE_TRY(m_source.read(buffer.offset + kPrefix, raw));
    PlainVector<std::byte> whole(static_cast<std::size_t>(bytes));
    if (!decompress(batch.codec, raw, whole))
        return fault("a compressed buffer is damaged");
    return ArrowBytes(std::move(whole), static_cast<std::size_t>(begin));
}

Result<ArrowBytes> ArrowValues::bytes(
    const ArrowBatch& batch, std::size_t buffer, std::uint64_t begin, std::uint64_t end) const
{
    const ArrowBuffer& where = batch.buffers[buffer];
    if (begin == end)
        return ArrowBytes();
    if (batch.isCompressed && where.bytes > 0)
        return expanded(batch, where, begin, end);
    if (end > where.bytes) {
        return Error{ErrorCode::Malformed,
            "a buffer is shorter than the values that should stand in it", m_source.path(),
            where.offset, {}};
    }
    PlainVector<std::byte> raw(static_cast<std::size_t>(end - begin));
    EMBEDSCOPE_TRY(m_source.read(where.offset + begin, raw));
    return ArrowBytes(std::move(raw), 0);
}

Status ArrowValues::checkRange(
    const ArrowBatch& batch, std::size_t node, Index begin, Index end) const
{
    if (begin < 0 || begin > end || end > m_file.array(batch, node).length)
        return damaged(node, "it has fewer values than it should");
    return {};
}

Result<ArrowValidity> ArrowValues::validity(
    const ArrowBatch& batch, std::size_t node, Index count) const
{
    ArrowValidity validity;
    for (std::size_t at = node; at != ArrowNode::kNone; at = nodeOf(at).parent) {
        if (at != node && nodeOf(at).type.kind != ArrowKind::Struct)
            break;
        if (at < batch.firstNode)
            break; // Above the root of a dictionary.
        const ArrowArray& array = m_file.array(batch, at);
        EMBEDSCOPE_TRY(checkRange(batch, at, 0, count));
        if (array.nulls == 0 || array.bufferCount == 0)
            continue;
        EMBEDSCOPE_TRY_ASSIGN(ArrowBytes bits,
            bytes(batch, array.firstBuffer, 0, (static_cast<std::uint64_t>(count) + 7) / 8));
        if (count > 0)
            validity.restrict(std::move(bits));
    }
    return validity;
}

Result<PlainVector<std::int64_t>> ArrowValues::integers(
    const ArrowBatch& batch, std::size_t buffer, const ArrowType& type, Index count) const
{
    const ElementType element = *arrowElement(type);
    const std::uint64_t width = elementBytes(element);
    EMBEDSCOPE_TRY_ASSIGN(
        const ArrowBytes raw, bytes(batch, buffer, 0, static_cast<std::uint64_t>(count) * width));
    PlainVector<std::int64_t> values(static_cast<std::size_t>(count));
    const bool isBigEndian = m_file.schema.isBigEndian;
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = integerAt(raw.data() + i * width, type, isBigEndian);
    return values;
}

Result<PlainVector<double>> ArrowValues::doubles(
    const ArrowBatch& batch, std::size_t node, Index begin, Index end) const
{
    EMBEDSCOPE_TRY(checkRange(batch, node, begin, end));
    const ArrowType& type = nodeOf(node).type;
    const std::size_t buffer = m_file.array(batch, node).firstBuffer + 1;
    const auto first = static_cast<std::uint64_t>(begin);
    const auto last = static_cast<std::uint64_t>(end);
    PlainVector<double> values(static_cast<std::size_t>(end - begin));
    if (values.empty())
        return values;
    if (const auto element = arrowElement(type)) {
        const std::uint64_t width = elementBytes(*element);
        EMBEDSCOPE_TRY_ASSIGN(
            const ArrowBytes raw, bytes(batch, buffer, first * width, last * width));
        toDoubles(*element, m_file.schema.isBigEndian, raw.data(), end - begin, values.data());
        return values;
    }
    if (type.kind == ArrowKind::Bool) {
        EMBEDSCOPE_TRY_ASSIGN(
            const ArrowBytes raw, bytes(batch, buffer, first / 8, (last + 7) / 8));
        for (std::uint64_t i = first; i < last; ++i) {
            const auto byte = static_cast<unsigned>(raw.data()[i / 8 - first / 8]);
            values[i - first] = static_cast<double>(byte >> (i % 8) & 1U);
        }
        return values;
    }
    const auto width = static_cast<std::size_t>(type.bits) / 8;
    EMBEDSCOPE_TRY_ASSIGN(const ArrowBytes raw, bytes(batch, buffer, first * width, last * width));
    const double scale = std::pow(10.0, type.scale);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = wideNumber(raw.data() + i * width, width, m_file.schema.isBigEndian) / scale;
    return values;
}

Status ArrowValues::floats(
    const ArrowBatch& batch, std::size_t node, Index begin, Index end, float* out) const
{
    EMBEDSCOPE_TRY(checkRange(batch, node, begin, end));
    const auto element = arrowElement(nodeOf(node).type);
    if (!element) {
        EMBEDSCOPE_TRY_ASSIGN(const auto values, doubles(batch, node, begin, end));
        for (std::size_t i = 0; i < values.size(); ++i)
            out[i] = static_cast<float>(values[i]);
        return {};
    }
    const std::size_t buffer = m_file.array(batch, node).firstBuffer + 1;
    const std::uint64_t width = elementBytes(*element);
    const auto first = static_cast<std::uint64_t>(begin) * width;
    const auto last = static_cast<std::uint64_t>(end) * width;
    const ArrowBuffer& where = batch.buffers[buffer];
    const bool isBigEndian = m_file.schema.isBigEndian;
    if (!batch.isCompressed && isStoredAsFloat(*element, isBigEndian) && last <= where.bytes) {
        return m_source.read(where.offset + first,
            std::as_writable_bytes(std::span(out, static_cast<std::size_t>(end - begin))));
    }
    EMBEDSCOPE_TRY_ASSIGN(const ArrowBytes raw, bytes(batch, buffer, first, last));
    if (end > begin)
        toFloats(*element, isBigEndian, raw.data(), end - begin, out);
    return {};
}

Status ArrowValues::texts(
    const ArrowBatch& batch, std::size_t node, Index count, const Put& put) const
{
    EMBEDSCOPE_TRY(checkRange(batch, node, 0, count));
    EMBEDSCOPE_TRY_ASSIGN(const ArrowValidity isThere, validity(batch, node, count));
    switch (nodeOf(node).type.kind) {
    case ArrowKind::Text:
        return plainTexts(batch, node, count, isThere, put);
    case ArrowKind::TextView:
        return textViews(batch, node, count, isThere, put);
    case ArrowKind::FixedBytes:
        return fixedTexts(batch, node, count, isThere, put);
    default:
        return dateTexts(batch, node, count, isThere, put);
    }
}

Status ArrowValues::plainTexts(const ArrowBatch& batch, std::size_t node, Index count,
    const ArrowValidity& isThere, const Put& put) const
{
    if (count == 0)
        return {}; // There may be no offset at all.
    const std::size_t buffer = m_file.array(batch, node).firstBuffer;
    EMBEDSCOPE_TRY_ASSIGN(
        const auto offsets, integers(batch, buffer + 1, intOf(nodeOf(node).type.bits), count + 1));
    if (offsets.front() < 0 || !std::is_sorted(offsets.begin(), offsets.end()))
        return damaged(node, "its texts do not follow one another");
    EMBEDSCOPE_TRY_ASSIGN(const ArrowBytes raw,
        bytes(batch, buffer + 2, static_cast<std::uint64_t>(offsets.front()),
            static_cast<std::uint64_t>(offsets.back())));
    const char* const start = reinterpret_cast<const char*>(raw.data());
    for (Index i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (!isThere[i]) {
            EMBEDSCOPE_TRY(put(std::nullopt));
            continue;
        }
        EMBEDSCOPE_TRY(put(std::string_view(start + (offsets[at] - offsets.front()),
            static_cast<std::size_t>(offsets[at + 1] - offsets[at]))));
    }
    return {};
}

Status ArrowValues::textViews(const ArrowBatch& batch, std::size_t node, Index count,
    const ArrowValidity& isThere, const Put& put) const
{
    constexpr std::uint64_t kViewBytes = 16;
    constexpr std::int32_t kInline = 12;
    const ArrowArray& array = m_file.array(batch, node);
    EMBEDSCOPE_TRY_ASSIGN(const ArrowBytes views,
        bytes(batch, array.firstBuffer + 1, 0, static_cast<std::uint64_t>(count) * kViewBytes));
    const std::size_t bufferCount = array.bufferCount - 2;
    std::vector<std::optional<std::pair<ArrowBytes, std::uint64_t>>> buffers(bufferCount);
    for (Index i = 0; i < count; ++i) {
        if (!isThere[i]) {
            EMBEDSCOPE_TRY(put(std::nullopt));
            continue;
        }
        const std::byte* const view = views.data() + static_cast<std::uint64_t>(i) * kViewBytes;
        std::int32_t length = 0;
        std::memcpy(&length, view, sizeof length);
        if (length < 0)
            return damaged(node, "the length of a text is negative");
        if (length <= kInline) {
            EMBEDSCOPE_TRY(put(std::string_view(
                reinterpret_cast<const char*>(view + 4), static_cast<std::size_t>(length))));
            continue;
        }
        std::array<std::uint32_t, 2> place{};
        std::memcpy(place.data(), view + 8, sizeof place);
        if (place[0] >= bufferCount)
            return damaged(node, "a text lies in no buffer");
        auto& held = buffers[place[0]];
        if (!held) {
            EMBEDSCOPE_TRY_ASSIGN(held, wholeBuffer(batch, array.firstBuffer + 2 + place[0]));
        }
        if (place[1] > held->second || static_cast<std::uint64_t>(length) > held->second - place[1])
            return damaged(node, "a text lies outside its buffer");
        EMBEDSCOPE_TRY(
            put(std::string_view(reinterpret_cast<const char*>(held->first.data()) + place[1],
                static_cast<std::size_t>(length))));
    }
    return {};
}

Result<std::pair<ArrowBytes, std::uint64_t>> ArrowValues::wholeBuffer(
    const ArrowBatch& batch, std::size_t buffer) const
{
    const ArrowBuffer& where = batch.buffers[buffer];
    std::uint64_t length = where.bytes;
    if (batch.isCompressed && where.bytes >= sizeof(std::int64_t)) {
        std::int64_t claimed = 0;
        EMBEDSCOPE_TRY_ASSIGN(
            const std::string prefix, m_source.text(where.offset, sizeof claimed));
        std::memcpy(&claimed, prefix.data(), sizeof claimed);
        length = claimed == -1 ? where.bytes - sizeof claimed
                               : static_cast<std::uint64_t>(std::max<std::int64_t>(claimed, 0));
    }
    EMBEDSCOPE_TRY_ASSIGN(ArrowBytes all, bytes(batch, buffer, 0, length));
    return std::pair(std::move(all), length);
}

Status ArrowValues::fixedTexts(const ArrowBatch& batch, std::size_t node, Index count,
    const ArrowValidity& isThere, const Put& put) const
{
    const auto width = static_cast<std::size_t>(nodeOf(node).type.size);
    EMBEDSCOPE_TRY_ASSIGN(const ArrowBytes raw,
        bytes(batch, m_file.array(batch, node).firstBuffer + 1, 0,
            static_cast<std::uint64_t>(count) * width));
    for (Index i = 0; i < count; ++i) {
        const char* const at
            = reinterpret_cast<const char*>(raw.data() + static_cast<std::size_t>(i) * width);
        EMBEDSCOPE_TRY(put(isThere[i] ? std::optional(std::string_view(at, width)) : std::nullopt));
    }
    return {};
}

Status ArrowValues::dateTexts(const ArrowBatch& batch, std::size_t node, Index count,
    const ArrowValidity& isThere, const Put& put) const
{
    const ArrowType& type = nodeOf(node).type;
    EMBEDSCOPE_TRY_ASSIGN(const auto values,
        integers(batch, m_file.array(batch, node).firstBuffer + 1, intOf(type.bits), count));
    for (Index i = 0; i < count; ++i) {
        if (!isThere[i]) {
            EMBEDSCOPE_TRY(put(std::nullopt));
            continue;
        }
        const std::string text = timeOf(type, values[static_cast<std::size_t>(i)]);
        EMBEDSCOPE_TRY(put(std::string_view(text)));
    }
    return {};
}

} // namespace embedscope
