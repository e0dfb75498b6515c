#include "core/io/arrow/arrow_schema.h"

#include "core/base/text.h"

namespace embedscope {

namespace {

constexpr int kMostDepth = 32;
constexpr std::size_t kMostNodes = std::size_t{1} << 17U;
constexpr std::size_t kMostNameBytes = 512;

std::int64_t perSecondOf(std::int16_t unit)
{
    switch (unit) {
    case 0:
        return 1;
    case 1:
        return 1000;
    case 2:
        return 1000000;
    default:
        return 1000000000;
    }
}

ArrowType textType(int bits, bool isBytes, bool isView)
{
    ArrowType type;
    type.kind = isView ? ArrowKind::TextView : ArrowKind::Text;
    type.bits = bits;
    type.isBytes = isBytes;
    return type;
}

ArrowType intType(const FlatTable& table)
{
    ArrowType type;
    type.kind = ArrowKind::Int;
    type.bits = table.scalar<std::int32_t>(0, 0);
    type.isSigned = table.scalar<std::uint8_t>(1, 0) != 0;
    return type;
}

ArrowType hidden(std::int64_t bytes)
{
    ArrowType type;
    type.kind = ArrowKind::FixedBytes;
    type.size = bytes;
    type.isShown = false;
    return type;
}

bool isWidth(int bits, int least)
{
    return (bits == 8 || bits == 16 || bits == 32 || bits == 64) && bits >= least;
}

/// The value of the union Type by its number in Schema.fbs.
std::optional<ArrowType> readType(std::uint8_t number, const FlatTable& table)
{
    ArrowType type;
    switch (number) {
    case 1:
        return type;
    case 2:
        type = intType(table);
        return isWidth(type.bits, 8) ? std::optional(type) : std::nullopt;
    case 3: {
        const auto precision = table.scalar<std::int16_t>(0, 0);
        type.kind = ArrowKind::Float;
        type.bits = precision == 0 ? 16 : precision == 1 ? 32 : 64;
        return type;
    }
    case 4:
        return textType(32, true, false);
    case 5:
        return textType(32, false, false);
    case 6:
        type.kind = ArrowKind::Bool;
        type.bits = 1;
        return type;
    case 7:
        type.kind = ArrowKind::Decimal;
        type.scale = table.scalar<std::int32_t>(1, 0);
        type.bits = table.scalar<std::int32_t>(2, 128);
        return type.bits == 32 || type.bits == 64 || type.bits == 128 || type.bits == 256
            ? std::optional(type)
            : std::nullopt;
    case 8:
        type.kind = ArrowKind::Date;
        type.bits = table.scalar<std::int16_t>(0, 1) == 0 ? 32 : 64;
        type.perSecond = type.bits == 32 ? 1 : 1000;
        return type;
    case 9:
        type.kind = ArrowKind::Time;
        type.perSecond = perSecondOf(table.scalar<std::int16_t>(0, 1));
        type.bits = table.scalar<std::int32_t>(1, 32);
        return isWidth(type.bits, 32) ? std::optional(type) : std::nullopt;
    case 10:
        type.kind = ArrowKind::Timestamp;
        type.perSecond = perSecondOf(table.scalar<std::int16_t>(0, 0));
        type.bits = 64;
        return type;
    case 11: { // Interval: months, days and milliseconds, months with days and nanoseconds.
        const auto unit = table.scalar<std::int16_t>(0, 0);
        return hidden(unit == 0 ? 4 : unit == 1 ? 8 : 16);
    }
    case 12:
    case 21:
        type.kind = ArrowKind::List;
        type.bits = number == 12 ? 32 : 64;
        return type;
    case 13:
        type.kind = ArrowKind::Struct;
        return type;
    case 14:
        type.kind = ArrowKind::Union;
        type.isDense = table.scalar<std::int16_t>(0, 0) != 0;
        return type;
    case 15:
        type.kind = ArrowKind::FixedBytes;
        type.size = table.scalar<std::int32_t>(0, 0);
        return type.size >= 0 ? std::optional(type) : std::nullopt;
    case 16:
        type.kind = ArrowKind::FixedList;
        type.size = table.scalar<std::int32_t>(0, 0);
        return type.size >= 0 ? std::optional(type) : std::nullopt;
    case 17:
        type.kind = ArrowKind::Map;
        return type;
    case 18: // Duration
        return hidden(8);
    case 19:
        return textType(64, true, false);
    case 20:
        return textType(64, false, false);
    case 22:
        type.kind = ArrowKind::RunEnd;
        return type;
    case 23:
        return textType(32, true, true);
    case 24:
        return textType(32, false, true);
    case 25:
    case 26:
        type.kind = ArrowKind::ListView;
        type.bits = number == 25 ? 32 : 64;
        return type;
    default:
        return std::nullopt;
    }
}

class SchemaReader
{
public:
    explicit SchemaReader(FlatBuffer& buffer)
        : m_buffer(buffer)
    {
    }

    std::optional<ArrowSchema> read(const FlatTable& table)
    {
        m_schema.isBigEndian = table.scalar<std::int16_t>(0, 0) != 0;
        const FlatVector fields = table.vector(1, sizeof(std::uint32_t));
        for (std::size_t i = 0; i < fields.count; ++i) {
            m_schema.columns.push_back(m_schema.nodes.size());
            if (!addField(table.element(fields, i), ArrowNode::kNone, 1))
                return std::nullopt;
        }
        if (!m_buffer.ok())
            return std::nullopt;
        return std::move(m_schema);
    }

private:
    bool addField(const FlatTable& field, std::size_t parent, int depth)
    {
        if (!m_buffer.ok() || !field.isPresent() || depth > kMostDepth
            || m_schema.nodes.size() >= kMostNodes)
            return false;
        const auto type = readType(field.scalar<std::uint8_t>(2, 0), field.table(3));
        if (!type)
            return false;
        ArrowNode node;
        node.name = repairUtf8(field.text(0).substr(0, kMostNameBytes));
        node.type = *type;
        node.parent = parent;
        const FlatTable dictionary = field.table(4);
        if (dictionary.isPresent()) {
            node.dictionary = dictionary.scalar<std::int64_t>(0, 0);
            const FlatTable index = dictionary.table(1);
            node.index = intType(index);
            if (!index.isPresent()) {
                node.index.bits = 32;
                node.index.isSigned = true;
            }
            if (!isWidth(node.index.bits, 8))
                return false;
        }
        const std::size_t self = m_schema.nodes.size();
        if (parent != ArrowNode::kNone)
            m_schema.nodes[parent].children.push_back(self);
        m_schema.nodes.push_back(std::move(node));
        const FlatVector children = field.vector(5, sizeof(std::uint32_t));
        for (std::size_t i = 0; i < children.count; ++i) {
            if (!addField(field.element(children, i), self, depth + 1))
                return false;
        }
        const ArrowKind kind = type->kind;
        const std::size_t count = m_schema.nodes[self].children.size();
        const bool isList = kind == ArrowKind::List || kind == ArrowKind::ListView
            || kind == ArrowKind::FixedList || kind == ArrowKind::Map;
        const bool isNested = isList || kind == ArrowKind::Struct || kind == ArrowKind::Union
            || kind == ArrowKind::RunEnd;
        return isList                   ? count == 1
            : kind == ArrowKind::RunEnd ? count == 2
                                        : isNested || count == 0;
    }

    FlatBuffer& m_buffer;
    ArrowSchema m_schema;
};

} // namespace

std::optional<ArrowSchema> readArrowSchema(FlatBuffer& buffer, const FlatTable& schema)
{
    return schema.isPresent() ? SchemaReader(buffer).read(schema) : std::nullopt;
}

} // namespace embedscope
