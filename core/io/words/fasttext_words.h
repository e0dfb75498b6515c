#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/matrix.h"
#include "core/data/row_subset.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/words/fasttext_model.h"

#include <cstdint>

namespace embedscope {

/// The vectors that a fastText model stands for.

constexpr std::uint64_t kLeastBandBytes = std::uint64_t{64} << 20U;

/// Each word's vector: the mean of its own row and those of its n-grams, as fastText itself has it.
/// The n-grams' rows, often more than the words', pass through memory a band at a time.
/// leastBandBytes   a band is this large, or a twelfth of the table of words where that is more.
/// returns          words x dimensions; the rows' sums depend on the bands in their last bits.
Result<Matrix> readWordVectors(const ByteSource& source, const FastTextModel& model,
    std::uint64_t leastBandBytes, const Progress& progress);
/// Those of some of the words.
Result<Matrix> readWordVectors(const ByteSource& source, const FastTextModel& model,
    const RowSubset& words, std::uint64_t leastBandBytes, const Progress& progress);

/// The first n rows of one of the model's matrices, decoded.
Result<Matrix> readMatrixRows(
    const ByteSource& source, const FastTextMatrix& from, Index n, const Progress& progress);
/// Some of its first rows.total() rows.
Result<Matrix> readMatrixRows(const ByteSource& source, const FastTextMatrix& from,
    const RowSubset& rows, const Progress& progress);

} // namespace embedscope
