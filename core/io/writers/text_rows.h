#pragma once

#include "core/base/parallel.h"
#include "core/base/progress.h"
#include "core/base/result.h"

#include <algorithm>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// What writers have in common: bytes that notice a full disk, rows made on several threads and
/// written in order, numbers and cells as text.

/// Writes the bytes; WriteFailed (without a path, which writeAtomically() adds) as soon as the
/// system refuses.
Status writeBytes(std::ostream& out, std::string_view bytes);
/// The same for what the stream still holds.
Status flushBytes(std::ostream& out);

/// Calls append(i, text) for each of `rows` rows on several threads and writes what they appended,
/// in order.
///
/// valuesPerRow  about how many numbers a row makes; decides how many rows make a block.
/// returns       WriteFailed, Stopped. Memory for a few MB of text at a time.
template <typename Append>
Status writeRowsOfText(std::ostream& out, Index rows, Index valuesPerRow, const Progress& progress,
    const Append& append)
{
    constexpr Index kValuesPerBlock = 32768;
    constexpr Index kBlocksPerBatch = 32;
    const Index blockRows
        = std::max<Index>(1, kValuesPerBlock / std::max<Index>(1, valuesPerRow + 4));
    std::vector<std::string> texts(static_cast<std::size_t>(kBlocksPerBatch));
    for (Index from = 0; from < rows; from += blockRows * kBlocksPerBatch) {
        if (progress.stopRequested())
            return stoppedError();
        progress.report("Writing", static_cast<double>(from) / static_cast<double>(rows));
        const Index batch = std::min(blockRows * kBlocksPerBatch, rows - from);
        parallelBlocks(batch, blockRows, [&](Index block, Index begin, Index end) {
            std::string& text = texts[static_cast<std::size_t>(block)];
            text.clear();
            for (Index i = begin; i < end && !progress.stopRequested(); ++i)
                append(from + i, text);
        });
        if (progress.stopRequested())
            return stoppedError();
        for (Index block = 0; block < blockCount(batch, blockRows); ++block)
            EMBEDSCOPE_TRY(writeBytes(out, texts[static_cast<std::size_t>(block)]));
    }
    return {};
}

/// The shortest text that reads back as the same float32; "nan" without a sign, which readers
/// stumble over.
void appendNumber(std::string& out, float value);
/// The values, parted by the separator.
void appendNumbers(std::string& out, std::span<const float> values, char separator);

/// A cell for CSV (separator ',') or TSV ('\t'): quoted where it must be; in TSV, tabs and line
/// breaks become spaces.
std::string delimitedCell(std::string_view text, char separator);

/// "1 word" or "3 words".
std::string countOf(Index count, std::string_view one, std::string_view many);

} // namespace embedscope
