#pragma once

#include "core/base/index.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/matrix.h"
#include "core/data/row_subset.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/bytes/elements.h"

#include <functional>

namespace embedscope {

/// Runs body(begin, end) over blocks of [0, n) on several threads, a slab of blocks at a time, so
/// that progress is reported in between. A stop is looked for before every block; the first error
/// ends the whole.
Status readInBlocks(Index n, Index blockSize, const Progress& progress,
    const std::function<Status(Index begin, Index end)>& body);

/// rows x columns values that lie in row-major order from `offset` on, as float32. Truncated before
/// anything is allocated where the source is too short. float32 goes straight into place.
Result<Matrix> readElements(const ByteSource& source, std::uint64_t offset, ElementType type,
    bool isBigEndian, Index rows, Index columns, const Progress& progress);

/// The same for some of the rows: no byte of another is read but in small gaps. The source must
/// hold the whole table all the same. returns  rows.count() x columns.
Result<Matrix> readElements(const ByteSource& source, std::uint64_t offset, ElementType type,
    bool isBigEndian, const RowSubset& rows, Index columns, const Progress& progress);

/// Puts the bytes of a row where they belong, as values.
using PutRow = std::function<void(const std::byte* bytes, float* out)>;

/// The general form: rows of `rowBytes` from `offset` on, each made of a number of values, which
/// `put` knows to convert. For layouts whose rows have a head, or are quantised.
/// check   what is wrong with the row of the file, or success; may be empty.
Result<Matrix> readRows(const ByteSource& source, std::uint64_t offset, std::uint64_t rowBytes,
    const RowSubset& rows, Index columns, const PutRow& put,
    const std::function<Status(Index fileRow, const std::byte* bytes)>& check,
    const Progress& progress);

/// a * b, or nullopt where that does not fit 63 bits.
std::optional<std::uint64_t> checkedProduct(std::uint64_t a, std::uint64_t b);

} // namespace embedscope
