#pragma once

#include "core/io/arrow/flat_buffer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// The columns of an Arrow table and how their values are laid out. Source: Schema.fbs and
/// "Arrow Columnar Format" of apache/arrow.

enum class ArrowKind : std::uint8_t
{
    Null,
    Int,
    Float,
    Bool,
    Text, ///< Also bytes without annotation: isBytes.
    TextView,
    Decimal,
    Date,
    Time,
    Timestamp,
    FixedBytes, ///< Also intervals and durations, which are not shown.
    List,
    ListView,
    FixedList,
    Struct,
    Map,
    Union,
    RunEnd,
};

struct ArrowType
{
    ArrowKind kind = ArrowKind::Null;
    int bits = 0; ///< Of numbers; 64 of texts and lists whose offsets are 64-bit, else 32.
    bool isSigned = true;
    bool isBytes = false;
    bool isShown = true; ///< Of FixedBytes.
    int scale = 0; ///< Of decimals.
    std::int64_t perSecond = 1; ///< Of times; of dates 1 where they count days, else 1000.
    std::int64_t size = 0; ///< Values of a FixedList, bytes of FixedBytes.
    bool isDense = false; ///< Of a union.
};

struct ArrowNode
{
    std::string name;
    ArrowType type;
    std::size_t parent = kNone;
    std::vector<std::size_t> children;
    std::optional<std::int64_t> dictionary; ///< Its id, where the values are indices into one.
    ArrowType index; ///< Of the indices.

    static constexpr std::size_t kNone = SIZE_MAX;
};

struct ArrowSchema
{
    std::vector<ArrowNode> nodes; ///< Depth first.
    std::vector<std::size_t> columns; ///< Those at the top.
    bool isBigEndian = false;
};

/// From a Schema table; nullopt where it is damaged, nests too deep or has too many fields. Types
/// that are not known make the whole unreadable, as nobody can say how many buffers they take.
std::optional<ArrowSchema> readArrowSchema(FlatBuffer& buffer, const FlatTable& schema);

} // namespace embedscope
