#include "core/base/parallel.h"
#include "core/neighbors/exact.h"
#include "core/projection/tsne/perplexity.h"
#include "core/projection/tsne/tsne.h"
#include "core/projection/tsne/tsne_options.h"
#include "core/projection/workbench.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace embedscope {

// Poličar, Stražar and Zupan 2021, "Embedding to reference t-SNE space", section 2.2: each new
// point is drawn by its nearest neighbours among the map's points, at a low perplexity, and pushed
// by all of the map's points; new points neither draw nor push each other, so each is placed as if
// alone.

namespace {

constexpr double kPerplexity = 5;
constexpr int kSteps = 60;
constexpr double kLongestStep = 0.5; ///< In units of the map's kernel.
/// The repulsion of all points is summed pair by pair; beyond that many pairs points stay where
/// their neighbours put them.
constexpr double kMostPairs = 2e10;
constexpr Index kRowsPerBlock = 4;

/// The points of the map that new ones are placed among.
struct Reference
{
    Matrix places; ///< A row a usable row of the map's table.
    double degreesOfFreedom = 1;
};

Reference referenceOf(const Layout& layout, const PreparedPoints& prepared)
{
    Reference reference;
    reference.places = Matrix::zeros(prepared.points.rows(), layout.dimensions());
    Index to = 0;
    for (PointId i = 0; i < static_cast<PointId>(layout.size()); ++i) {
        if (prepared.dataset->isUsable(i))
            std::copy_n(layout.positions.row(i), layout.dimensions(), reference.places.row(to++));
    }
    const ParameterValue* dof = findValue(layout.recipe.parameters, "degrees_of_freedom");
    if (const auto* value = dof != nullptr ? std::get_if<double>(dof) : nullptr)
        reference.degreesOfFreedom = *value;
    return reference;
}

/// The new point's place: from the mean of its neighbours, down the slope of its own KL divergence.
class Placement
{
public:
    Placement(const Reference& reference, const PointId* ids, std::span<const double> weights)
        : m_reference(reference)
        , m_ids(ids)
        , m_weights(weights)
    {
        for (std::size_t j = 0; j < weights.size(); ++j) {
            for (Index a = 0; a < dimensions(); ++a)
                m_place.at(static_cast<std::size_t>(a)) += weights[j] * other(ids[j], a);
        }
    }

    const std::array<double, 3>& place() const { return m_place; }

    /// Leaves early where it is stopped.
    void descend(const Progress& progress)
    {
        std::array<double, 3> velocity{};
        for (int step = 0; step < kSteps && !progress.stopRequested(); ++step) {
            const std::array<double, 3> force = slope();
            double length = 0;
            for (std::size_t a = 0; a < 3; ++a) {
                velocity[a] = 0.5 * velocity[a] - force[a];
                length += velocity[a] * velocity[a];
            }
            const double most = std::min(1.0, kLongestStep / std::max(std::sqrt(length), 1e-30));
            for (std::size_t a = 0; a < 3; ++a)
                m_place[a] += most * velocity[a];
        }
    }

private:
    Index dimensions() const { return m_reference.places.columns(); }
    double other(Index row, Index axis) const
    {
        return static_cast<double>(m_reference.places(row, axis));
    }

    /// The gradient, up to a factor, of sum_j p_j log(p_j / q_j) with q_j = w_j / sum_k w_k.
    std::array<double, 3> slope() const
    {
        const double dof = m_reference.degreesOfFreedom;
        std::array<double, 3> pull{};
        std::array<double, 3> push{};
        double total = 0;
        const auto add = [&](Index row, double weight, bool isPush) {
            std::array<double, 3> step{};
            double square = 0;
            for (Index a = 0; a < dimensions(); ++a) {
                const auto at = static_cast<std::size_t>(a);
                step[at] = m_place[at] - other(row, a);
                square += step[at] * step[at];
            }
            const double inverse = 1 / (1 + square / dof);
            if (isPush) {
                weight = dof == 1 ? inverse : std::pow(inverse, dof);
                total += weight;
            }
            for (std::size_t a = 0; a < 3; ++a)
                (isPush ? push : pull)[a] += weight * inverse * step[a];
        };
        for (std::size_t j = 0; j < m_weights.size(); ++j)
            add(m_ids[j], m_weights[j], false);
        for (Index row = 0; row < m_reference.places.rows(); ++row)
            add(row, 0, true);
        for (std::size_t a = 0; a < 3; ++a)
            pull[a] -= push[a] / std::max(total, 1e-300);
        return pull;
    }

    const Reference& m_reference;
    const PointId* m_ids;
    std::span<const double> m_weights;
    std::array<double, 3> m_place{};
};

} // namespace

Result<Layout> joinTsne(
    Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(
        const auto prepared, workbench.points(preparationOf(layout.recipe), progress.part(0, 0.1)));
    EMBEDSCOPE_TRY_ASSIGN(
        const JoiningRows rows, joiningRows(*prepared, added, progress.part(0.1, 0.2)));
    const Index n = prepared->points.rows();
    const Index m = rows.points.rows();
    const double perplexity = std::min(kPerplexity, std::max(1.0, static_cast<double>(n - 1) / 3));
    const Index k = std::min(n, static_cast<Index>(std::ceil(3 * perplexity)));
    const auto metric = metricFromId(layout.recipe.metric).value_or(Metric::Euclidean);
    const bool isUnit = metric == Metric::Cosine;
    EMBEDSCOPE_TRY_ASSIGN(
        const FloatRows among, floatRows(prepared->points, progress.part(0.2, 0.21)));
    EMBEDSCOPE_TRY_ASSIGN(const NeighborTable neighbors,
        neighborsAmong(rows.points, among.view, k, isUnit ? Metric::Euclidean : metric,
            progress.part(0.21, 0.6)));

    const Reference reference = referenceOf(layout, *prepared);
    const bool descends = kSteps * static_cast<double>(m) * static_cast<double>(n) <= kMostPairs;
    Matrix placed = Matrix::zeros(m, layout.dimensions());
    progress.report("Placing new points", 0.6);
    parallelBlocks(m, kRowsPerBlock, [&](Index, Index begin, Index end) {
        const auto count = static_cast<std::size_t>(k);
        std::vector<double> excess(count);
        std::vector<double> weights(count, 1);
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            excessOf({neighbors.valuesOf(i), count}, neighbors.metric, excess);
            if (k > 1)
                conditionalProbabilities(excess, perplexity, weights);
            Placement placement(reference, neighbors.idsOf(i), weights);
            if (descends)
                placement.descend(progress);
            for (Index a = 0; a < layout.dimensions(); ++a) {
                placed(i, a)
                    = static_cast<float>(placement.place().at(static_cast<std::size_t>(a)));
            }
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    Layout result = rows.layout(placed, layout.recipe);
    if (!descends) {
        result.diagnostics.notes.push_back("There are too many points to move the new ones among "
                                           "them; each stands at the mean of its nearest "
                                           "neighbours.");
    }
    return result;
}

} // namespace embedscope
