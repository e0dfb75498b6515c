#include "core/io/tensors/safetensors_header.h"

#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/tensors/tensor_choice.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <numeric>
#include <unordered_set>

namespace embedscope {

namespace {

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000; // as the reference reader has it
constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxRank = 64;
constexpr std::uint64_t kPrefixBytes = 8;

struct TypeRow
{
    std::string_view name;
    std::uint32_t bits;
    std::optional<ElementType> type;
};

constexpr auto kTypes = std::to_array<TypeRow>({
    {"F32", 32, ElementType::Float32},
    {"F16", 16, ElementType::Float16},
    {"BF16", 16, ElementType::BFloat16},
    {"F64", 64, ElementType::Float64},
    {"F8_E4M3", 8, ElementType::Float8E4M3},
    {"F8_E5M2", 8, ElementType::Float8E5M2},
    {"F8_E8M0", 8, ElementType::Float8E8M0},
    {"F8_E4M3FNUZ", 8, ElementType::Float8E4M3Fnuz},
    {"F8_E5M2FNUZ", 8, ElementType::Float8E5M2Fnuz},
    {"BOOL", 8, ElementType::Bool},
    {"I8", 8, ElementType::Int8},
    {"U8", 8, ElementType::UInt8},
    {"I16", 16, ElementType::Int16},
    {"U16", 16, ElementType::UInt16},
    {"I32", 32, ElementType::Int32},
    {"U32", 32, ElementType::UInt32},
    {"I64", 64, ElementType::Int64},
    {"U64", 64, ElementType::UInt64},
    {"F4", 4, std::nullopt},
    {"F6_E2M3", 6, std::nullopt},
    {"F6_E3M2", 6, std::nullopt},
    {"C64", 64, std::nullopt},
});

/// Takes the header's JSON apart as it is parsed, without a tree: depth and size stay bounded.
class HeaderParser final : public nlohmann::json_sax<nlohmann::json>
{
public:
    SafetensorsHeader header;
    std::string fault; ///< Why parsing ended early; empty where the JSON itself was broken.

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t number) override
    {
        return number < 0 && isNumberField() ? fail("a number in the header is negative")
                                             : addNumber(static_cast<std::uint64_t>(number));
    }
    bool number_unsigned(number_unsigned_t number) override { return addNumber(number); }
    bool number_float(number_float_t, const string_t&) override
    {
        return isNumberField() ? fail("a size or offset in the header is no whole number")
                               : value();
    }
    bool binary(binary_t&) override { return value(); }
    bool string(string_t& text) override
    {
        if (m_depth == 2 && m_inMetadata) {
            header.metadata.emplace_back(m_key, std::move(text));
            return true;
        }
        if (m_depth == 2 && m_key == "dtype") {
            entry().dtype = std::move(text);
            return true;
        }
        return value();
    }
    bool start_object(std::size_t) override
    {
        if (m_depth == 1 && !m_inMetadata) {
            m_seen = {};
        } else if (m_depth > 0 && !nested()) {
            return false;
        }
        return deeper();
    }
    bool end_object() override
    {
        --m_depth;
        if (m_depth == 1) {
            if (!m_inMetadata && !(m_seen.dtype && m_seen.shape && m_seen.offsets == 2))
                return fail("the tensor \"" + printable(entry().name.substr(0, 200))
                    + "\" lacks its dtype, shape or data_offsets");
            m_inMetadata = false;
        }
        return true;
    }
    bool start_array(std::size_t) override
    {
        if (m_depth == 0)
            return fail("the header is a list instead of an object");
        if (m_depth == 1)
            return value();
        if (m_depth == 2 && !m_inMetadata && (m_key == "shape" || m_key == "data_offsets")) {
            if (m_key == "shape") {
                m_seen.shape = true;
                entry().shape.clear();
            }
            m_inArray = true;
        } else if (!nested()) {
            return false;
        }
        return deeper();
    }
    bool end_array() override
    {
        --m_depth;
        if (m_depth == 2)
            m_inArray = false;
        return true;
    }
    bool key(string_t& text) override
    {
        if (m_depth == 1) {
            if (!m_names.insert(text).second)
                return fail("the header names \"" + printable(text.substr(0, 200)) + "\" twice");
            if (text.find('\0') != std::string::npos)
                return fail("a tensor's name holds a NUL character");
            m_inMetadata = text == "__metadata__";
            if (!m_inMetadata) {
                header.tensors.emplace_back();
                header.tensors.back().name = std::move(text);
            }
        } else if (m_depth == 2) {
            m_key = std::move(text);
            if (m_key == "dtype")
                m_seen.dtype = true;
        }
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override
    {
        return false;
    }

private:
    bool fail(std::string why)
    {
        fault = std::move(why);
        return false;
    }
    SafetensorsEntry& entry() { return header.tensors.back(); }
    bool isNumberField() const { return m_inArray && m_depth == 3; }
    bool deeper()
    {
        if (++m_depth > kMaxDepth)
            return fail("the header's JSON is nested too deeply");
        return true;
    }
    bool nested()
    {
        if (m_depth == 2 && m_inMetadata)
            return fail("__metadata__ may hold nothing but strings");
        if (m_depth == 2 && (m_key == "dtype" || m_key == "shape" || m_key == "data_offsets"))
            return fail("the header's \"" + m_key + "\" is not what the format says");
        if (isNumberField())
            return fail("a size or offset in the header is no whole number");
        return true;
    }
    bool value()
    {
        if (m_depth == 0)
            return fail("the header is not an object");
        if (m_depth == 1)
            return fail("a tensor in the header is not an object");
        return nested();
    }
    bool addNumber(std::uint64_t number)
    {
        if (!isNumberField())
            return value();
        if (m_key == "shape") {
            if (entry().shape.size() >= kMaxRank)
                return fail("the tensor \"" + printable(entry().name.substr(0, 200))
                    + "\" has more than " + std::to_string(kMaxRank) + " dimensions");
            entry().shape.push_back(number);
            return true;
        }
        if (m_seen.offsets == 0)
            entry().offset = number;
        else if (m_seen.offsets == 1)
            entry().bytes = number; // the end, until it is checked
        return ++m_seen.offsets <= 2 || fail("data_offsets holds more than two numbers");
    }

    struct Seen
    {
        bool dtype = false;
        bool shape = false;
        int offsets = 0;
    };
    std::unordered_set<std::string> m_names;
    std::string m_key;
    Seen m_seen;
    std::size_t m_depth = 0;
    bool m_inMetadata = false;
    bool m_inArray = false;
};

Error malformed(const ByteSource& source, std::string detail)
{
    return Error{ErrorCode::Malformed, std::move(detail), source.path(), kPrefixBytes, {}};
}

std::string quoted(const SafetensorsEntry& entry)
{
    return '"' + printable(std::string_view(entry.name).substr(0, 200)) + '"';
}

/// Bytes that the shape asks for; nullopt where they do not fit 63 bits.
std::optional<std::uint64_t> neededBytes(const SafetensorsEntry& entry, std::uint32_t bits)
{
    std::uint64_t count = 1;
    for (const auto extent : entry.shape) {
        const auto product = checkedProduct(count, extent);
        if (!product)
            return std::nullopt;
        count = *product;
    }
    const auto total = checkedProduct(count, bits);
    if (!total || *total % 8 != 0)
        return std::nullopt;
    return *total / 8;
}

Status checkEntry(const ByteSource& source, SafetensorsEntry& entry)
{
    const auto row = std::find_if(kTypes.begin(), kTypes.end(),
        [&](const TypeRow& type) { return type.name == entry.dtype; });
    if (row == kTypes.end())
        return malformed(source,
            "the tensor " + quoted(entry) + " is of the unknown type \""
                + printable(std::string_view(entry.dtype).substr(0, 40)) + '"');
    entry.type = row->type;
    if (entry.bytes < entry.offset)
        return malformed(source, "the tensor " + quoted(entry) + " ends before it begins");
    entry.bytes -= entry.offset;
    const auto needed = neededBytes(entry, row->bits);
    if (!needed || *needed != entry.bytes) {
        return malformed(source,
            "the tensor " + quoted(entry) + " has " + shapeText(entry.shape) + " values of "
                + entry.dtype + " by its shape, but " + formatBytes(entry.bytes)
                + " by its offsets");
    }
    return {};
}

/// The reference reader's rule: side by side from the first byte to the last.
Status checkPlaces(const ByteSource& source, SafetensorsHeader& header, std::uint64_t dataStart)
{
    std::vector<std::size_t> order(header.tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const auto& first = header.tensors[a];
        const auto& second = header.tensors[b];
        return std::pair(first.offset, first.bytes) < std::pair(second.offset, second.bytes);
    });
    const std::uint64_t available = source.size() - dataStart;
    std::uint64_t end = 0;
    for (const std::size_t i : order) {
        const SafetensorsEntry& entry = header.tensors[i];
        if (entry.offset != end) {
            return malformed(source,
                (entry.offset < end ? "the tensor " + quoted(entry) + " overlaps another"
                                    : "there is a hole before the tensor " + quoted(entry)));
        }
        if (entry.bytes > available - end) {
            return Error{ErrorCode::Truncated,
                "the tensor " + quoted(entry) + " lies beyond the end of the file, which is "
                    + formatBytes(source.size()) + ". Is the download complete?",
                source.path(), source.size(), {}};
        }
        end += entry.bytes;
    }
    if (end != available) {
        return malformed(
            source, formatBytes(available - end) + " at the end of the file belong to no tensor");
    }
    for (SafetensorsEntry& entry : header.tensors)
        entry.offset += dataStart;
    return {};
}

} // namespace

Result<SafetensorsHeader> readSafetensorsHeader(const ByteSource& source)
{
    std::array<std::byte, kPrefixBytes> prefix{};
    EMBEDSCOPE_TRY(source.read(0, prefix));
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < prefix.size(); ++i)
        length |= static_cast<std::uint64_t>(prefix[i]) << (8 * i);
    if (length > kMaxHeaderBytes || length < 2) {
        return Error{ErrorCode::Malformed,
            "the safetensors header is said to be " + formatBytes(length)
                + " long, which no safetensors file has",
            source.path(), 0, {}};
    }
    if (length > source.size() - kPrefixBytes) {
        return Error{ErrorCode::Truncated,
            "the safetensors header is said to be " + formatBytes(length)
                + " long, more than the file. Is the download complete?",
            source.path(), 0, {}};
    }
    EMBEDSCOPE_TRY_ASSIGN(const std::string text, source.text(kPrefixBytes, length));
    if (text.front() != '{')
        return malformed(source, "the header does not begin with '{'");
    HeaderParser parser;
    if (!nlohmann::json::sax_parse(text, &parser)) {
        return malformed(
            source, parser.fault.empty() ? "the header is not valid JSON in UTF-8" : parser.fault);
    }
    for (SafetensorsEntry& entry : parser.header.tensors)
        EMBEDSCOPE_TRY(checkEntry(source, entry));
    EMBEDSCOPE_TRY(checkPlaces(source, parser.header, kPrefixBytes + length));
    return std::move(parser.header);
}

} // namespace embedscope
