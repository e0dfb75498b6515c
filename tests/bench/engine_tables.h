#pragma once

#include "core/data/dataset.h"

#include <memory>
#include <string>
#include <vector>

namespace embedscope::bench {

/// A seeded mixture of 100 anisotropic Gaussians of unequal weight: about each centre, eight
/// directions of random length and a little noise on all axes. Much like trained embeddings: groups
/// of very different size and shape, low-dimensional within. The same n x d table each time.
Matrix mixture(Index n, Index d);
/// Which group each of its rows is of.
std::vector<int> mixtureGroups(Index n);

/// The mixture as a dataset: n x d, or the first `components` principal components of n x 100.
std::shared_ptr<const Dataset> mixtureTable(Index n, Index d);
std::shared_ptr<const Dataset> mixtureComponents(Index n, Index components);

/// A table from a file, as the program reads it; prints why and ends the program where it cannot.
std::shared_ptr<const Dataset> tableFrom(const std::string& path);

/// The largest memory the process has held since resetPeakBytes(), where the system tells (Linux);
/// else 0, or since the program started.
std::uint64_t peakBytes();
void resetPeakBytes();

} // namespace embedscope::bench
