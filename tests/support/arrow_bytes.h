#pragma once

#include "core/base/index.h"
#include "core/data/matrix.h"
#include "tests/support/flat_bytes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace embedscope::test {

/// Makes Arrow files and streams of every type that the reader knows, and Feather version 1.

/// A column: its Field table, and its nodes and buffers in one batch.
struct ArrowColumnBytes
{
    FlatBytes field;
    struct Node
    {
        Index length = 0;
        Index nulls = 0;
    };
    std::vector<Node> nodes;
    std::vector<std::string> buffers;
    std::vector<std::int64_t> variadic;
};

enum class ArrowCompression
{
    None,
    Lz4,
    Zstd
};

struct ArrowDictionaryBytes
{
    std::int64_t id = 0;
    bool isDelta = false;
    ArrowColumnBytes values;
};

/// One batch after the other; dictionaries stand before the batch of their number.
struct ArrowTableBytes
{
    std::vector<std::vector<ArrowColumnBytes>> batches; ///< All of the same fields.
    std::vector<std::pair<std::size_t, ArrowDictionaryBytes>> dictionaries;
    ArrowCompression compression = ArrowCompression::None;
    bool isBigEndian = false;
    bool hasContinuation = true; ///< Older streams have none.
    bool hasEnd = true; ///< Of a stream.
    std::int16_t version = 4; ///< V5.
};

std::string arrowStream(const ArrowTableBytes& table);
std::string arrowFile(const ArrowTableBytes& table);

/// Types by their number in Schema.fbs.
FlatBytes arrowField(const std::string& name, std::uint8_t type, const FlatBytes& details,
    const std::vector<FlatBytes>& children = {});
FlatBytes floatType(int bits);
FlatBytes intType(int bits, bool isSigned = true);

/// Bits, the lowest first.
std::string arrowBits(const std::vector<bool>& bits);

/// Numbers of one type; `valid` is empty where there are no nulls.
ArrowColumnBytes arrowNumbers(const std::string& name, std::uint8_t type, const FlatBytes& details,
    const std::string& values, Index count, const std::vector<bool>& valid = {});
ArrowColumnBytes arrowTexts(const std::string& name,
    const std::vector<std::optional<std::string>>& values, bool isLarge = false);
/// Texts of up to twelve bytes in place, longer ones in a buffer.
ArrowColumnBytes arrowTextViews(
    const std::string& name, const std::vector<std::optional<std::string>>& values);
/// Lists of `size` values each over a child made by arrowNumbers().
ArrowColumnBytes arrowFixedLists(const std::string& name, int size, const ArrowColumnBytes& child,
    const std::vector<bool>& valid = {});
/// Lists between offsets; 64-bit ones where isLarge.
ArrowColumnBytes arrowLists(const std::string& name, const std::vector<std::int64_t>& offsets,
    const ArrowColumnBytes& child, bool isLarge = false, const std::vector<bool>& valid = {});
ArrowColumnBytes arrowStruct(const std::string& name, const std::vector<ArrowColumnBytes>& members,
    Index count, const std::vector<bool>& valid = {});
/// Indices into the dictionary of that id, whose values are texts.
ArrowColumnBytes arrowCoded(const std::string& name, std::int64_t dictionary,
    const std::vector<std::int8_t>& indices, const std::vector<bool>& valid = {});

/// A matrix as a column of fixed-size lists of float32.
ArrowColumnBytes arrowVectors(const std::string& name, const Matrix& matrix);

/// A Feather file of version 1 with numbers a column each, texts and categories.
std::string feather1(const Matrix& numbers, const std::vector<std::string>& texts,
    const std::vector<std::string>& levels, const std::vector<std::int8_t>& codes);

} // namespace embedscope::test
