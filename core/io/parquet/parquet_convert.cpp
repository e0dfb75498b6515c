#include "core/io/parquet/parquet_convert.h"

#include "core/io/bytes/elements.h"
#include "core/io/columnar/date_text.h"

#include <cmath>
#include <cstring>
#include <optional>

namespace embedscope {

namespace {

template <typename T> T itemAt(const ParquetValues& values, Index i)
{
    T item;
    std::memcpy(&item, values.items + static_cast<std::size_t>(i) * sizeof item, sizeof item);
    return item;
}

/// The type of numbers that lie as items; nullopt for decimals and what is no number.
std::optional<ElementType> elementOf(const ParquetNode& node)
{
    const bool isUnsigned = node.meaning == ParquetMeaning::Unsigned;
    const bool isWhole = isUnsigned || node.meaning == ParquetMeaning::Plain;
    switch (node.type) {
    case ParquetType::Boolean:
        return ElementType::Bool;
    case ParquetType::Int32:
        if (isWhole)
            return isUnsigned ? ElementType::UInt32 : ElementType::Int32;
        return std::nullopt;
    case ParquetType::Int64:
        if (isWhole)
            return isUnsigned ? ElementType::UInt64 : ElementType::Int64;
        return std::nullopt;
    case ParquetType::Float:
        return ElementType::Float32;
    case ParquetType::Double:
        return ElementType::Float64;
    case ParquetType::FixedBytes:
        if (node.meaning == ParquetMeaning::Float16)
            return ElementType::Float16;
        return std::nullopt;
    default:
        return std::nullopt;
    }
}

bool isDecimal(const ParquetNode& node)
{
    return node.meaning == ParquetMeaning::Decimal
        && (node.type == ParquetType::Int32 || node.type == ParquetType::Int64
            || node.type == ParquetType::ByteArray || node.type == ParquetType::FixedBytes);
}

/// A big-endian whole number in two's complement.
double wholeNumber(std::string_view bytes)
{
    if (bytes.empty())
        return 0;
    if (bytes.size() <= sizeof(std::int64_t)) {
        std::uint64_t value = (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0 ? ~0ULL : 0;
        for (const char byte : bytes)
            value = value << 8U | static_cast<unsigned char>(byte);
        return static_cast<double>(static_cast<std::int64_t>(value));
    }
    double value = static_cast<signed char>(bytes.front());
    for (const char byte : bytes.substr(1))
        value = value * 256 + static_cast<unsigned char>(byte);
    return value;
}

double decimalAt(const ParquetNode& node, const ParquetValues& values, Index i)
{
    if (node.type == ParquetType::Int32)
        return itemAt<std::int32_t>(values, i);
    if (node.type == ParquetType::Int64)
        return static_cast<double>(itemAt<std::int64_t>(values, i));
    return wholeNumber(values.texts[static_cast<std::size_t>(i)]);
}

/// Nanoseconds of the day, then the Julian day: as Impala and Spark write it.
std::string int96Text(const ParquetValues& values, Index i)
{
    constexpr std::int64_t kEpochJulianDay = 2440588;
    struct
    {
        std::uint32_t low, high, day;
    } item{};
    std::memcpy(&item, values.items + static_cast<std::size_t>(i) * 12, 12);
    constexpr std::int64_t kPerDay = 86400000000000;
    const auto nanoseconds
        = static_cast<std::int64_t>(static_cast<std::uint64_t>(item.high) << 32U | item.low);
    // Some writers count beyond the day.
    const std::int64_t rest = nanoseconds % kPerDay;
    const std::int64_t days = nanoseconds / kPerDay - (rest < 0 ? 1 : 0);
    return dateText(static_cast<std::int32_t>(item.day) - kEpochJulianDay + days) + ' '
        + timeText(rest < 0 ? rest + kPerDay : rest, 1000000000);
}

std::string uuidText(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        const auto byte = static_cast<unsigned char>(bytes[i]);
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xfU];
    }
    return text;
}

/// Units of a second that a time or timestamp counts.
std::int64_t unitOf(ParquetMeaning meaning)
{
    switch (meaning) {
    case ParquetMeaning::TimeMillis:
    case ParquetMeaning::TimestampMillis:
        return 1000;
    case ParquetMeaning::TimeMicros:
    case ParquetMeaning::TimestampMicros:
        return 1000000;
    default:
        return 1000000000;
    }
}

bool isTime(ParquetMeaning meaning)
{
    return meaning >= ParquetMeaning::Date && meaning <= ParquetMeaning::TimestampNanos;
}

FieldKind kindOf(const ParquetNode& node)
{
    if (node.type == ParquetType::Boolean)
        return FieldKind::Boolean;
    if (elementOf(node) || isDecimal(node))
        return FieldKind::Number;
    switch (node.type) {
    case ParquetType::Int32:
    case ParquetType::Int64:
        return isTime(node.meaning) ? FieldKind::Text : FieldKind::Unread;
    case ParquetType::Int96:
        return FieldKind::Text;
    case ParquetType::ByteArray:
    case ParquetType::FixedBytes:
        return node.meaning == ParquetMeaning::Text || node.meaning == ParquetMeaning::Uuid
            ? FieldKind::Text
            : FieldKind::Bytes;
    default:
        return FieldKind::Unread;
    }
}

} // namespace

ColumnarField parquetField(const ParquetLeaf& leaf)
{
    ColumnarField field;
    field.name = leaf.name;
    field.unread = leaf.unread;
    if (!field.unread.empty())
        return field;
    field.kind = kindOf(leaf.node);
    const auto element = elementOf(leaf.node);
    field.dtype = element ? elementName(*element) : isDecimal(leaf.node) ? "decimal" : "text";
    field.isFloat = isDecimal(leaf.node) || element == ElementType::Float16
        || element == ElementType::Float32 || element == ElementType::Float64;
    if (leaf.isList()) {
        const bool isNumber = field.kind == FieldKind::Number || field.kind == FieldKind::Boolean;
        field.kind = isNumber ? FieldKind::Vector : FieldKind::Unread;
        if (!isNumber)
            field.unread = "lists of texts";
    } else if (field.kind == FieldKind::Unread) {
        field.unread = "a type that is not shown";
    }
    return field;
}

void parquetDoubles(const ParquetNode& node, const ParquetValues& values, Index count, double* out)
{
    if (const auto element = elementOf(node)) {
        if (count > 0)
            toDoubles(*element, false, values.items, count, out);
        return;
    }
    const double scale = std::pow(10.0, node.scale);
    for (Index i = 0; i < count; ++i)
        out[i] = decimalAt(node, values, i) / scale;
}

const std::byte* parquetFloats(
    const ParquetNode& node, const ParquetValues& values, Index count, std::vector<float>& room)
{
    const auto element = elementOf(node);
    if (element == ElementType::Float32)
        return values.items;
    room.resize(static_cast<std::size_t>(count));
    if (element) {
        if (count > 0)
            toFloats(*element, false, values.items, count, room.data());
    } else {
        const double scale = std::pow(10.0, node.scale);
        for (Index i = 0; i < count; ++i)
            room[static_cast<std::size_t>(i)]
                = static_cast<float>(decimalAt(node, values, i) / scale);
    }
    return reinterpret_cast<const std::byte*>(room.data());
}

std::string_view parquetText(
    const ParquetNode& node, const ParquetValues& values, Index i, std::string& room)
{
    switch (node.type) {
    case ParquetType::Int96:
        room = int96Text(values, i);
        return room;
    case ParquetType::Int32:
    case ParquetType::Int64: {
        const std::int64_t value = node.type == ParquetType::Int32
            ? itemAt<std::int32_t>(values, i)
            : itemAt<std::int64_t>(values, i);
        if (node.meaning == ParquetMeaning::Date)
            room = dateText(value % (std::int64_t{1} << 40U));
        else if (node.meaning <= ParquetMeaning::TimeNanos)
            room = timeText(value, unitOf(node.meaning));
        else
            room = timestampText(value, unitOf(node.meaning));
        return room;
    }
    default: {
        const std::string_view text = values.texts[static_cast<std::size_t>(i)];
        if (node.meaning != ParquetMeaning::Uuid)
            return text;
        room = uuidText(text);
        return room;
    }
    }
}

} // namespace embedscope
