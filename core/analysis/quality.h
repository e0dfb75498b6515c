#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/layout.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// How far a layout may be trusted: what it keeps of the full space, as figures and in one
/// sentence. Shares are of the usable rows. The full space is the table under the normalisation and
/// the metric of the recipe; cosine compares rows brought to unit length. On the layout distances
/// are always Euclidean.
struct LayoutQuality
{
    std::string method; ///< Of the recipe.
    int dimensions = 2; ///< Of the layout.
    std::string metric = "euclidean"; ///< In which neighbours in the full space were found.
    Index points = 0; ///< Usable rows.
    /// Rows whose neighbourhoods were looked at: all of them, or a random sample (seeded).
    Index examined = 0;
    bool isSampled = false;
    std::uint64_t seed = 0; ///< Of the sample and of the pairs of `spearman`.
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
    /// Of t-SNE's affinities: from the layout's diagnostics where they have it. For other layouts
    /// whoever asked for it puts the value of findDivergence() (core/projection/tsne) here.
    std::optional<double> klDivergence;
    /// Share of the table's variance that the shown axes of a PCA carry: from the diagnostics, or
    /// found anew where they have none.
    std::optional<double> explainedVariance;
    /// Rows that were examined, ascending, and for each its own figures. All rows equally worst
    /// would have a trustworthiness of 0.
    std::vector<PointId> rows;
    std::vector<float> trustworthinessOfRow;
    std::vector<float> recall10OfRow;
};

struct QualityOptions
{
    Index exactUpTo = 20000; ///< Above that many usable rows a sample is examined.
    Index sampleSize = 2000; ///< At least 1.
    std::uint64_t seed = 0;
};

/// Measures a layout of the dataset.
///
/// returns  the figures; k is cut to what the table allows, and with fewer than 4 usable rows every
///          figure is 1. Neighbours and ranks are exact, as in double precision, ties by smaller
///          id. InvalidArgument where the layout is of another table, Stopped (within 50 ms).
/// cost     O(m n d) time in blocked products for m examined rows of n, O(n) memory. Same figures
///          for any number of threads.
Result<LayoutQuality> measureQuality(const Dataset& dataset, const Layout& layout,
    const QualityOptions& options, const Progress& progress);

/// The figures in plain words: "4 of 10 nearest neighbours stay neighbours; …".
std::string verdict(const LayoutQuality& quality);

/// Names of the columns that qualityColumns() makes.
inline constexpr std::string_view kTrustColumn = "Trustworthiness (map)";
inline constexpr std::string_view kKeptColumn = "Neighbours kept (map)";

/// The figures of single points as two number columns of a table of `rows` rows, to colour and to
/// sort by: trustworthiness@12 and recall@10. Missing for rows that were not examined.
Columns qualityColumns(const LayoutQuality& quality, Index rows);

} // namespace embedscope
