#pragma once

#include "core/projection/coordinates.h"
#include "core/projection/tsne/affinities.h"
#include "core/projection/tsne/attraction.h"
#include "core/projection/tsne/repulsion.h"

#include <memory>
#include <optional>
#include <vector>

namespace embedscope {

/// How t-SNE descends.
struct DescentOptions
{
    double learningRate = 200; ///< Shortened while the exaggeration is above 12, in proportion.
    double earlyExaggeration = 12;
    int earlyIterations = 250;
    double exaggeration = 1; ///< Also later, and early where it is the larger one.
    double momentum = 0.8; ///< After the early iterations, which have 0.5.
    double degreesOfFreedom = 1;
    RepulsionEngine engine = RepulsionEngine::Automatic;
};

/// Gradient descent on t-SNE's KL divergence with momentum and a gain for each coordinate (Jacobs
/// 1988, as in van der Maaten and Hinton 2008, section 3.4). Knows neither where the affinities nor
/// where the first places came from. Each step is whole or not done at all, so stopping is safe
/// anywhere.
///
/// Large tables are renumbered now and then, so that points near each other on the map are near in
/// memory: what is given out is in the order of the affinities all the same.
class TsneOptimizer
{
public:
    TsneOptimizer(Affinities affinities, const Coordinates& places, const DescentOptions& options);

    /// One iteration. False, and nothing moved, where it was stopped.
    bool step(const Progress& progress);
    /// Finds the forces at the present places if they are not known yet; step() will use them.
    bool evaluate(const Progress& progress);
    /// From the next iteration on.
    void setExaggeration(double exaggeration) { m_options.exaggeration = exaggeration; }

    int iteration() const { return m_iteration; }
    Coordinates places() const { return inGivenOrder(m_places); }
    Index size() const { return m_places.size(); }
    /// Of the present places, without exaggeration. Only after evaluate().
    double klDivergence();
    bool isEvaluated() const { return m_normalizer.has_value(); }

    /// The gradient's two halves at the present places, for tests: after evaluate(), d KL / d y is
    /// 4 (attraction - repulsion / normalizer).
    Coordinates attraction() const { return inGivenOrder(m_attraction); }
    Coordinates repulsion() const { return inGivenOrder(m_repulsion); }
    double normalizer() const { return m_normalizer.value_or(0); }

private:
    double exaggerationNow() const;
    void move();
    void centre();
    bool renumber(const Progress& progress);
    Coordinates inGivenOrder(const Coordinates& values) const;

    Affinities m_affinities;
    DescentOptions m_options;
    std::vector<PointId> m_givenIds; ///< By present number; empty before the first renumbering.
    Coordinates m_places;
    Coordinates m_velocity;
    Coordinates m_gains;
    Coordinates m_attraction;
    Coordinates m_repulsion;
    Attraction m_attractionFinder;
    std::unique_ptr<Repulsion> m_repulsionFinder;
    std::optional<double> m_normalizer; ///< Set while the forces belong to the present places.
    int m_iteration = 0;
    int m_renumberedAt = -1; ///< Iteration of the last renumbering, or where none was due.
};

} // namespace embedscope
