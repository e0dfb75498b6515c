#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/io/format.h"

#include <cstdint>
#include <optional>
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

/// A name that ends in a number of at most nine digits behind a dash, an underscore or a blank.
struct NumberedName
{
    std::string rest; ///< "style-" of "style-200".
    std::int64_t number = 0;
};

/// nullopt for other names, and for a number alone.
std::optional<NumberedName> numberedName(const std::string& stem);

/// A table of more rows is no step of a series.
inline constexpr Index kMostStepVectors = 1024;

/// The largest group of files that differ in a number at the end of their name alone, by that
/// number; empty where no two of them do.
std::vector<SeriesStep> findSeries(const std::vector<std::string>& paths);

/// What the files of a series have in common: "style" for "style-200.pt".
std::string seriesName(const std::vector<SeriesStep>& steps);

/// Reads the steps as one table, in their order: the vectors of all, with columns for the step and
/// the number of the vector. Steps that cannot be read, or are of another width, are left out with
/// a warning. TooLarge where the files are more than kMostStepVectors each; the first step's Error
/// where none can be read.
Result<Table> readSeries(const std::vector<SeriesStep>& steps, const std::string& name,
    const ReadOptions& options, const Progress& progress);

} // namespace embedscope
