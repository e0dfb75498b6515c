#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/layout.h"

#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// How far a layout may be trusted: what it keeps of the full space, as figures and in one
/// sentence. Shares are of the usable rows; distances are Euclidean in the space the layout was
/// made from (the table under the recipe's normalisation).
struct LayoutQuality
{
    Index points = 0; ///< Usable rows.
    /// Rows whose neighbourhoods were looked at: all of them, or a random sample (seeded).
    Index examined = 0;
    bool isSampled = false;
    /// Venna and Kaski 2001, eq. 1: 1 where no point has false neighbours in the layout.
    double trustworthiness12 = 1;
    /// Venna and Kaski 2001, eq. 2: 1 where no true neighbour was torn away.
    double continuity12 = 1;
    /// Mean share of the k nearest neighbours in the full space that are among the k nearest in the
    /// layout.
    double recall10 = 1;
    double recall50 = 1;
    /// Spearman's rank correlation of distances, over random pairs (all pairs of at most 1,500
    /// points).
    double spearman = 1;
    /// Rows that were examined, ascending, and for each its own figures.
    std::vector<PointId> rows;
    std::vector<float> trustworthinessOfRow;
    std::vector<float> recall10OfRow;
};

struct QualityOptions
{
    Index exactUpTo = 20000; ///< Above that many usable rows a sample is examined.
    Index sampleSize = 2000;
    std::uint64_t seed = 0;
};

/// Measures a layout of the dataset.
///
/// returns  the figures; k is cut to what the table allows, and with fewer than 4 usable rows every
/// figure is 1.
///          InvalidArgument where the layout is of another table, Stopped.
/// cost     O(m n d) time for m examined rows of n, O(n) memory a thread. Same figures for any
/// number of
///          threads.
Result<LayoutQuality> measureQuality(const Dataset& dataset, const Layout& layout,
    const QualityOptions& options, const Progress& progress);

/// The figures in plain words: "4 of 10 nearest neighbours stay neighbours; …".
std::string verdict(const LayoutQuality& quality);

} // namespace embedscope
