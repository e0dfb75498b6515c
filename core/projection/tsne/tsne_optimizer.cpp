#include "core/projection/tsne/tsne_optimizer.h"

#include "core/base/parallel.h"
#include "core/projection/tsne/attraction.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr Index kPointsPerBlock = 4096;
constexpr float kEarlyMomentum = 0.5F;
constexpr float kLateMomentum = 0.8F;
constexpr float kGainStep = 0.2F;
constexpr float kGainDecay = 0.8F;
constexpr float kSmallestGain = 0.01F;
/// A learning rate far too large throws points apart without end; here is the end.
constexpr float kFarthest = 1e6F;

} // namespace

TsneOptimizer::TsneOptimizer(Affinities affinities, Coordinates places, DescentOptions options)
    : m_affinities(std::move(affinities))
    , m_options(options)
    , m_places(std::move(places))
    , m_velocity(m_places.size(), m_places.dimensions())
    , m_gains(m_places.size(), m_places.dimensions())
    , m_attraction(m_places.size(), m_places.dimensions())
    , m_repulsion(m_places.size(), m_places.dimensions())
    , m_repulsionFinder(m_places.size(), m_places.dimensions())
{
    for (int a = 0; a < m_gains.dimensions(); ++a)
        std::fill_n(m_gains.axis(a), m_gains.size(), 1.0F);
}

bool TsneOptimizer::evaluate(const Progress& progress)
{
    if (m_normalizer)
        return true;
    if (!findAttraction(m_affinities, m_places, m_attraction, progress))
        return false;
    m_normalizer = m_repulsionFinder.find(m_places, m_repulsion, progress);
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

double TsneOptimizer::klDivergence() const
{
    return embedscope::klDivergence(m_affinities, m_places, normalizer());
}

void TsneOptimizer::move()
{
    const bool early = m_iteration < m_options.exaggerationIterations;
    const float exaggeration = early ? static_cast<float>(m_options.exaggeration) : 1.0F;
    const float momentum = early ? kEarlyMomentum : kLateMomentum;
    // The gradient's factor of 4 is part of the learning rate, as in the authors' own programs.
    const auto rate = static_cast<float>(m_options.learningRate);
    const float share = *m_normalizer > 0 ? static_cast<float>(1 / *m_normalizer) : 0.0F;
    parallelBlocks(m_places.size(), kPointsPerBlock, [&](Index, Index begin, Index end) {
        for (int a = 0; a < m_places.dimensions(); ++a) {
            const float* attraction = m_attraction.axis(a);
            const float* repulsion = m_repulsion.axis(a);
            float* velocity = m_velocity.axis(a);
            float* gains = m_gains.axis(a);
            float* places = m_places.axis(a);
            for (Index i = begin; i < end; ++i) {
                const float gradient = exaggeration * attraction[i] - share * repulsion[i];
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
    for (int a = 0; a < m_places.dimensions(); ++a) {
        float* places = m_places.axis(a);
        double sum = 0;
        for (Index i = 0; i < n; ++i)
            sum += static_cast<double>(places[i]);
        const auto mean = static_cast<float>(sum / static_cast<double>(n));
        for (Index i = 0; i < n; ++i)
            places[i] -= mean;
    }
}

} // namespace embedscope
