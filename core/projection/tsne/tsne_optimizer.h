#pragma once

#include "core/projection/coordinates.h"
#include "core/projection/tsne/affinities.h"
#include "core/projection/tsne/repulsion.h"

#include <optional>
#include <vector>

namespace embedscope {

/// How t-SNE descends: all values resolved.
struct DescentOptions
{
    double learningRate = 200;
    double exaggeration = 12;
    int exaggerationIterations = 250;
};

/// Gradient descent on t-SNE's KL divergence with momentum and a gain for each coordinate (Jacobs
/// 1988, as in van der Maaten and Hinton 2008, section 3.4). Knows neither where the affinities nor
/// where the first places came from. Each step is whole or not done at all, so stopping is safe
/// anywhere.
class TsneOptimizer
{
public:
    TsneOptimizer(Affinities affinities, Coordinates places, DescentOptions options);

    /// One iteration. False, and nothing moved, where it was stopped.
    bool step(const Progress& progress);
    /// Finds the forces at the present places if they are not known yet; step() will use them.
    bool evaluate(const Progress& progress);

    int iteration() const { return m_iteration; }
    const Coordinates& places() const { return m_places; }
    /// Of the present places, without exaggeration. Only after evaluate().
    double klDivergence() const;
    bool isEvaluated() const { return m_normalizer.has_value(); }

    /// The gradient's two halves at the present places, for tests: after evaluate(), d KL / d y is
    /// 4 (attraction - repulsion / normalizer).
    const Coordinates& attraction() const { return m_attraction; }
    const Coordinates& repulsion() const { return m_repulsion; }
    double normalizer() const { return m_normalizer.value_or(0); }

private:
    void move();
    void centre();

    Affinities m_affinities;
    DescentOptions m_options;
    Coordinates m_places;
    Coordinates m_velocity;
    Coordinates m_gains;
    Coordinates m_attraction;
    Coordinates m_repulsion;
    ExactRepulsion m_repulsionFinder;
    std::optional<double> m_normalizer; ///< Set while the forces belong to the present places.
    int m_iteration = 0;
};

} // namespace embedscope
