#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/io/format.h"

#include <cstdint>
#include <string>
#include <vector>

namespace embedscope {

/// Checkpoints of one training run, which trainers number by their step: "style-200.pt",
/// "style-400.pt", or learned_embeds in the folders checkpoint-200, checkpoint-400.
struct SeriesStep
{
    std::int64_t step = 0;
    std::string path;
};

/// The largest group of files that differ in a number at the end of their name alone, by that
/// number; empty where no two of them do.
std::vector<SeriesStep> findSeries(const std::vector<std::string>& paths);

/// What the files of a series have in common: "style" for "style-200.pt".
std::string seriesName(const std::vector<SeriesStep>& steps);

/// Reads the steps as one table, in their order: the vectors of all, with columns for the step and
/// the number of the vector. Steps that cannot be read, or are of another width, are left out with
/// a warning. TooLarge where the files are more than a few vectors each; the first step's Error
/// where none can be read.
Result<Table> readSeries(const std::vector<SeriesStep>& steps, const std::string& name,
    const ReadOptions& options, const Progress& progress);

} // namespace embedscope
