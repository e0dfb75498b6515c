#pragma once

#include "core/io/tensors/inversion_series.h"

#include <string>
#include <vector>

namespace embedscope {

/// The steps of a training run, by the path of one of them. A run is written as a path with a star
/// for the number, which opens as all of its steps: "run/style-*.pt" for "run/style-200.pt", or
/// "run/checkpoint-*/learned_embeds.bin".

/// That path; empty where neither the file's name nor its folder's ends in a number.
std::string seriesPattern(const std::string& path);

/// Whether it is such a path, and not that of a file whose name happens to hold a star.
bool isSeriesPattern(const std::string& path);

/// The files of a run that lie there, by their number. Reads one folder's names, opens nothing.
std::vector<SeriesStep> stepsOf(const std::string& pattern);

/// The steps among which a file lies; empty where it is no step, or the only one.
std::vector<SeriesStep> stepsBeside(const std::string& path);

/// A sentence on them, naming the path that opens them all; empty where there are none.
std::string seriesNote(const std::string& path, const std::vector<SeriesStep>& steps);

} // namespace embedscope
