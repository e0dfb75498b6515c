#pragma once

#include "core/data/dataset.h"
#include "core/data/layout.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embedscope::bench {

/// What one run of a case gave.
struct Outcome
{
    double seconds = 0; ///< All in.
    std::vector<std::pair<std::string, double>> stages;
    std::uint64_t peakBytes = 0; ///< Of the whole process, the table included.
    std::optional<double> kl;
    std::optional<double> recall; ///< Of the neighbour graph.
    std::shared_ptr<const Layout> layout; ///< Where the case makes one.
};

/// A piece of work that is timed: a row of the table that the program prints.
struct Case
{
    std::string_view id; ///< "tsne-10k"
    std::string_view work; ///< "t-SNE 10k x 50, 1000 iterations"
    std::string_view goal;
    bool isMillion; ///< Only where the large tables are asked for.
    std::string_view method; ///< Skipped where there is no such row of methods(); empty: none.
    std::function<std::shared_ptr<const Dataset>()> makeTable;
    std::function<Outcome(const std::shared_ptr<const Dataset>&)> run;
};

std::span<const Case> cases();

Outcome runMethod(
    const std::shared_ptr<const Dataset>& table, std::string_view method, int dimensions = 2);
/// `count` components and the scores along all of them.
Outcome runComponents(const std::shared_ptr<const Dataset>& table, Index count);
Outcome runGraph(const std::shared_ptr<const Dataset>& table, Index k);
/// The median of twenty queries.
Outcome runQuery(const std::shared_ptr<const Dataset>& table, Index k);

} // namespace embedscope::bench
