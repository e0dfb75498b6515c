#pragma once

#include "core/data/matrix.h"

#include <optional>
#include <string>
#include <vector>

namespace embedscope::bench {

/// What can be said of a layout, whoever made it.
struct Verdict
{
    Index n = 0;
    /// Share of the 10 nearest neighbours in the table that are among the 10 nearest in the layout:
    /// of up to 10,000 points, of 2,000 in tables above 120,000 rows.
    double recall10 = 0;
    /// Trustworthiness at 12 (Venna and Kaski 2001) among 3,000 points drawn at random.
    double trust12 = 0;
    /// Share of the same points whose nearest neighbour in the layout has the same label.
    std::optional<double> accuracy1;
    /// Kullback-Leibler divergence of t-SNE at perplexity 30 over the exact 90 nearest neighbours,
    /// with the exact normaliser, in double. Up to 120,000 rows: it takes O(n^2).
    std::optional<double> kl;
};

/// table    n x d, the space that neighbours are taken from.
/// layout   n x 2 or n x 3, finite.
/// labels   n, or empty.
Verdict judge(MatrixView table, MatrixView layout, const std::vector<std::string>& labels);

/// As one line of JSON.
std::string toJson(const Verdict& verdict);

} // namespace embedscope::bench
