#include "core/projection/tsne/tsne_optimizer.h"

#include "core/base/parallel.h"
#include "core/projection/tsne/locality.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace embedscope {

namespace {

constexpr Index kPointsPerBlock = 4096;
constexpr double kEarlyMomentum = 0.5;
constexpr float kGainStep = 0.2F;
constexpr float kGainDecay = 0.8F;
constexpr float kSmallestGain = 0.01F;
/// A learning rate far too large throws points apart without end; here is the end.
constexpr float kFarthest = 1e6F;
/// Points whose places no longer fit the fastest caches are worth renumbering, at these iterations.
constexpr Index kRenumberFrom = 20000;
constexpr std::array kRenumberAt{0, 60, 300};

/// The rows of `values` in another order: row i of the result is row order[i].
Coordinates reordered(const Coordinates& values, const std::vector<PointId>& order)
{
    Coordinates result(values.size(), values.dimensions());
    for (int a = 0; a < values.dimensions(); ++a) {
        for (Index i = 0; i < values.size(); ++i)
            result.axis(a)[i] = values.axis(a)[order[static_cast<std::size_t>(i)]];
    }
    return result;
}

} // namespace

TsneOptimizer::TsneOptimizer(
    Affinities affinities, const Coordinates& places, const DescentOptions& options)
    : m_affinities(std::move(affinities))
    , m_options(options)
    , m_places(reordered(places, allInOrder(places.size())))
    , m_velocity(m_places.size(), m_places.dimensions())
    , m_gains(m_places.size(), m_places.dimensions())
    , m_attraction(m_places.size(), m_places.dimensions())
    , m_repulsion(m_places.size(), m_places.dimensions())
    , m_attractionFinder(m_places.size(), options.degreesOfFreedom)
    , m_repulsionFinder(makeRepulsion(
          m_places.size(), m_places.dimensions(), options.degreesOfFreedom, options.engine))
{
    for (int a = 0; a < m_gains.dimensions(); ++a)
        std::fill_n(m_gains.axis(a), m_gains.size(), 1.0F);
}

bool TsneOptimizer::evaluate(const Progress& progress)
{
    if (m_normalizer)
        return true;
    if (!renumber(progress))
        return false;
    if (!m_attractionFinder.find(m_affinities, m_places, m_attraction, progress))
        return false;
    m_normalizer = m_repulsionFinder->find(m_places, m_repulsion, progress);
    return m_normalizer.has_value();
}

bool TsneOptimizer::step(const Progress& progress)
{
    if (!evaluate(progress))
        return false;
    move();
    centre();
    m_normalizer.reset();
    ++m_iteration;
    return true;
}

double TsneOptimizer::klDivergence()
{
    return m_attractionFinder.klDivergence(m_affinities, m_places, normalizer());
}

double TsneOptimizer::exaggerationNow() const
{
    return m_iteration < m_options.earlyIterations
        ? std::max(m_options.earlyExaggeration, m_options.exaggeration)
        : m_options.exaggeration;
}

void TsneOptimizer::move()
{
    // Belkina et al. 2019: with a step of n over the exaggeration, attraction does not overshoot.
    constexpr double kUsualExaggeration = 12;
    const double exaggeration = exaggerationNow();
    const bool isEarly = m_iteration < m_options.earlyIterations;
    const auto momentum = static_cast<float>(isEarly ? kEarlyMomentum : m_options.momentum);
    // The gradient's factor of 4 is part of the learning rate, as in the authors' own programs.
    const auto rate = static_cast<float>(
        m_options.learningRate * std::min(1.0, kUsualExaggeration / exaggeration));
    const auto pull = static_cast<float>(exaggeration);
    const float share = *m_normalizer > 0 ? static_cast<float>(1 / *m_normalizer) : 0.0F;
    parallelBlocks(m_places.size(), kPointsPerBlock, [&](Index, Index begin, Index end) {
        for (int a = 0; a < m_places.dimensions(); ++a) {
            const float* attraction = m_attraction.axis(a);
            const float* repulsion = m_repulsion.axis(a);
            float* velocity = m_velocity.axis(a);
            float* gains = m_gains.axis(a);
            float* places = m_places.axis(a);
            for (Index i = begin; i < end; ++i) {
                const float gradient = pull * attraction[i] - share * repulsion[i];
                // Velocity runs against the gradient: of equal sign means that it must turn.
                const bool turns = (gradient > 0) == (velocity[i] > 0);
                gains[i]
                    = std::max(kSmallestGain, turns ? gains[i] * kGainDecay : gains[i] + kGainStep);
                velocity[i] = momentum * velocity[i] - rate * gains[i] * gradient;
                places[i] = std::clamp(places[i] + velocity[i], -kFarthest, kFarthest);
            }
        }
    });
}

void TsneOptimizer::centre()
{
    const Index n = m_places.size();
    const Index blocks = blockCount(n, kPointsPerBlock);
    std::vector<double> sums(static_cast<std::size_t>(blocks));
    for (int a = 0; a < m_places.dimensions(); ++a) {
        float* places = m_places.axis(a);
        parallelBlocks(n, kPointsPerBlock, [&](Index block, Index begin, Index end) {
            sums[static_cast<std::size_t>(block)]
                = std::accumulate(places + begin, places + end, 0.0);
        });
        const double sum = std::accumulate(sums.begin(), sums.end(), 0.0);
        const auto mean = static_cast<float>(sum / static_cast<double>(n));
        parallelBlocks(n, kPointsPerBlock, [&](Index, Index begin, Index end) {
            for (Index i = begin; i < end; ++i)
                places[i] -= mean;
        });
    }
}

/// Where it is due. False, and nothing changed, where it was stopped.
bool TsneOptimizer::renumber(const Progress& progress)
{
    const bool isDue
        = std::find(kRenumberAt.begin(), kRenumberAt.end(), m_iteration) != kRenumberAt.end();
    if (!isDue || m_renumberedAt == m_iteration || m_places.size() < kRenumberFrom)
        return true;
    const std::vector<PointId> order = localOrder(m_places);
    auto affinities = renumbered(m_affinities, order, progress);
    if (!affinities)
        return false;
    m_affinities = std::move(*affinities);
    m_renumberedAt = m_iteration;
    for (Coordinates* values : {&m_places, &m_velocity, &m_gains})
        *values = reordered(*values, order);
    if (m_givenIds.empty())
        m_givenIds = allInOrder(m_places.size());
    std::vector<PointId> ids(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        ids[i] = m_givenIds[order[i]];
    m_givenIds = std::move(ids);
    return true;
}

Coordinates TsneOptimizer::inGivenOrder(const Coordinates& values) const
{
    if (m_givenIds.empty())
        return reordered(values, allInOrder(values.size()));
    Coordinates result(values.size(), values.dimensions());
    for (int a = 0; a < values.dimensions(); ++a) {
        for (Index i = 0; i < values.size(); ++i)
            result.axis(a)[m_givenIds[static_cast<std::size_t>(i)]] = values.axis(a)[i];
    }
    return result;
}

} // namespace embedscope
