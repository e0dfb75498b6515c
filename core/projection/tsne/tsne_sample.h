#pragma once

#include "core/projection/coordinates.h"
#include "core/projection/preprocess.h"
#include "core/projection/tsne/tsne_options.h"

namespace embedscope {

/// Places of all points from a t-SNE map of a random sample of them (Kobak and Berens 2019, "Using
/// t-SNE with large data sets"): a tenth of the points, at most 20,000, is mapped first, and the
/// others are put at the mean of their nearest in it. The broad arrangement of a large table is
/// found better so than by its own descent, in which far groups hardly feel each other.
///
/// points    of at least 100 rows.
/// start     where the points stand at first, of which the sample's places are taken.
/// returns   places of the map's size, not shrunk for a start; or OutOfMemory, Stopped.
/// cost      O(n m d) for a sample of m. Same result for any number of threads.
Result<Coordinates> placesBySample(MatrixView points, const Coordinates& start,
    const TsneOptions& options, std::uint64_t seed, const Progress& progress);

} // namespace embedscope
