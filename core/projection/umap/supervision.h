#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/projection/umap/fuzzy_graph.h"

#include <string>
#include <vector>

namespace embedscope {

/// The category of each usable row, -1 where the value is missing.
///
/// returns  InvalidArgument where there is no such column, or it holds pictures, or more different
///          values than half its rows.
Result<std::vector<std::int32_t>> categoriesFor(const Dataset& dataset, const std::string& column);

/// The same faults, before anything costly is done.
Status checkCategories(const Dataset& dataset, const std::string& column);

/// Weakens ties between rows of different categories (McInnes 2018, section 3.3 and the reference
/// program's intersection of a graph with categories), then ties each row fully to its nearest
/// again. A tie between categories keeps exp(-5 w / (1 - w)) of its weight, one to an unknown
/// category exp(-2 w), with w the weight of supervision: at 0.5 as in the reference program, at 0
/// nothing is changed. False where it was stopped.
bool supervise(FuzzyGraph& graph, const std::vector<std::int32_t>& categories, double weight,
    const Progress& progress);

} // namespace embedscope
