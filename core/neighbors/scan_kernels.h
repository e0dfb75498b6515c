#pragma once

#include "core/base/index.h"
#include "core/neighbors/candidate_pool.h"

namespace embedscope {

/// The loop in which the time of every neighbour graph goes: scores of a panel of queries against
/// panels of points, compared with each query's threshold while they are still in registers, so
/// that products are never written. Dispatched at run time to the widest vector instructions.
///
/// A panel holds kPanel points, coordinate by coordinate: value j of point p stands at
/// j * kPanel + p. Panels of points follow each other.
inline constexpr Index kPanel = 32;

/// What a score is made of; the point's bias is added to it.
enum class ScoreKind
{
    Product, ///< Inner product.
    MinusAbsolute, ///< Minus the sum of absolute differences.
};

struct PanelScan
{
    ScoreKind kind = ScoreKind::Product;
    Index d = 0;
    const float* queries = nullptr; ///< One panel.
    const PointId* lists = nullptr; ///< The list of each; without a query: one with threshold +inf.
    const float* points = nullptr; ///< `panels` panels.
    const float* biases = nullptr; ///< kPanel for each; -inf where there is no point.
    Index panels = 0;
    PointId firstPoint = 0; ///< Id of the first point; they count on from there.
};

/// Adds the points that pass to the lists of the queries.
void scanPanels(const PanelScan& scan, CandidatePool& pool);

/// The same, and adds the queries to the lists of the points as well: for tables against
/// themselves, where list i belongs to point i.
/// queryBiases   those of the query panel.
void scanPanelsBothWays(const PanelScan& scan, const float* queryBiases, CandidatePool& pool);

/// Adds those of `count` scores that pass to one list, with ids that count on from `first`.
void appendAbove(const float* scores, Index count, PointId first, CandidatePool& pool, Index list);

/// Writes the scores themselves: that of query q and point p of panel i to
/// scores[(i * kPanel + q) * kPanel + p].
void scorePanels(const PanelScan& scan, float* scores);

} // namespace embedscope
