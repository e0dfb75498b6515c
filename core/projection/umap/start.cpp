#include "core/projection/umap/start.h"

#include "core/base/random.h"
#include "core/base/text.h"
#include "core/projection/pca/pca.h"
#include "core/projection/umap/spectral.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {

namespace {

constexpr double kNoise = 1e-3; ///< Parts points that would start in one place.
constexpr std::size_t kMostParts
    = 200; ///< Parts of the graph that get spectral places of their own.
constexpr std::size_t kSmallestPart = 20; ///< Smaller parts stand where PCA puts their points.

/// Moves the middle to 0 and scales so that the farthest coordinate is kStartReach. False where all
/// points are in one place.
bool scaleToReach(Matrix& places)
{
    std::vector<double> mean(static_cast<std::size_t>(places.columns()));
    for (Index i = 0; i < places.rows(); ++i) {
        for (Index a = 0; a < places.columns(); ++a)
            mean[static_cast<std::size_t>(a)]
                += static_cast<double>(places(i, a)) / static_cast<double>(places.rows());
    }
    double farthest = 0;
    for (Index i = 0; i < places.rows(); ++i) {
        for (Index a = 0; a < places.columns(); ++a)
            farthest
                = std::max(farthest, std::abs(places(i, a) - mean[static_cast<std::size_t>(a)]));
    }
    if (!(farthest > 0))
        return false;
    for (Index i = 0; i < places.rows(); ++i) {
        for (Index a = 0; a < places.columns(); ++a) {
            places(i, a) = static_cast<float>(
                (places(i, a) - mean[static_cast<std::size_t>(a)]) / farthest * kStartReach);
        }
    }
    return true;
}

Result<Matrix> pcaPlaces(VectorsView points, int dims, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const PrincipalComponents components,
        principalComponents(
            points, std::min<Index>({dims, points.rows(), points.columns()}), progress));
    std::vector<Index> which(static_cast<std::size_t>(dims));
    std::iota(which.begin(), which.end(), Index{0});
    return componentScores(components, points, which, progress);
}

/// A start from another layout. Pictures of UMAP keep their size; others are brought to it.
Matrix givenPlaces(const PreparedPoints& prepared, const Layout& start, int dims)
{
    const Index n = prepared.points.rows();
    Matrix places = Matrix::zeros(n, dims);
    std::vector<double> mean(static_cast<std::size_t>(start.dimensions()));
    Index placed = 0;
    for (Index i = 0; i < start.size(); ++i) {
        if (!std::isfinite(start.positions(i, 0)))
            continue;
        ++placed;
        for (Index a = 0; a < start.dimensions(); ++a)
            mean[static_cast<std::size_t>(a)] += start.positions(i, a);
    }
    for (double& value : mean)
        value /= static_cast<double>(std::max<Index>(placed, 1));
    Index to = 0;
    for (Index i = 0; i < start.size(); ++i) {
        if (!prepared.dataset->isUsable(static_cast<PointId>(i)))
            continue;
        const bool isPlaced = std::isfinite(start.positions(i, 0));
        for (Index a = 0; a < std::min(dims, start.dimensions()); ++a) {
            places(to, a) = isPlaced ? start.positions(i, a)
                                     : static_cast<float>(mean[static_cast<std::size_t>(a)]);
        }
        ++to;
    }
    if (start.recipe.method != "umap")
        scaleToReach(places);
    return places;
}

/// The points of each part of the graph, largest part first.
Result<std::vector<std::vector<PointId>>> partsOf(const FuzzyGraph& graph, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(
        const std::vector<std::int32_t> component, connectedComponents(graph, progress));
    const auto count
        = static_cast<std::size_t>(*std::max_element(component.begin(), component.end()) + 1);
    std::vector<std::vector<PointId>> parts(count);
    for (std::size_t i = 0; i < component.size(); ++i)
        parts[static_cast<std::size_t>(component[i])].push_back(static_cast<PointId>(i));
    std::stable_sort(parts.begin(), parts.end(),
        [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return parts;
}

/// Means of the parts in the picture.
std::vector<std::array<double, 3>> meansOf(
    const Matrix& places, const std::vector<std::vector<PointId>>& parts, std::size_t count)
{
    std::vector<std::array<double, 3>> means(count);
    for (std::size_t p = 0; p < count; ++p) {
        for (const PointId i : parts[p]) {
            for (Index a = 0; a < places.columns(); ++a)
                means[p][static_cast<std::size_t>(a)]
                    += places(i, a) / static_cast<double>(parts[p].size());
        }
    }
    return means;
}

/// Half the distance from one mean to the nearest other.
double roomOf(const std::vector<std::array<double, 3>>& means, std::size_t which)
{
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t p = 0; p < means.size(); ++p) {
        double square = 0;
        for (std::size_t a = 0; a < 3; ++a)
            square += std::pow(means[p][a] - means[which][a], 2);
        if (p != which && square > 0)
            nearest = std::min(nearest, std::sqrt(square) / 2);
    }
    return std::isfinite(nearest) ? nearest : kStartReach;
}

/// Replaces PCA's places by spectral ones, part by part. Returns how many points are in parts for
/// which that did not converge and which keep PCA's.
Result<Index> unfold(
    const FuzzyGraph& graph, std::uint64_t seed, Matrix& places, const Progress& progress)
{
    const Index dims = places.columns();
    EMBEDSCOPE_TRY_ASSIGN(const auto parts, partsOf(graph, progress));
    const std::size_t count = std::min(parts.size(), kMostParts);
    const auto means = meansOf(places, parts, count);
    Index kept = 0;
    std::size_t done = 0;
    for (std::size_t p = 0; p < count && parts[p].size() >= kSmallestPart; ++p) {
        const auto n = static_cast<double>(graph.size());
        const Progress own = progress.part(
            static_cast<double>(done) / n, static_cast<double>(done + parts[p].size()) / n);
        done += parts[p].size();
        const bool isWhole = parts.size() == 1;
        EMBEDSCOPE_TRY_ASSIGN(SpectralVectors found,
            spectralVectors(isWhole ? graph : subgraph(graph, parts[p]), dims, seed, own));
        if (!found.hasConverged || !scaleToReach(found.vectors)) {
            kept += static_cast<Index>(parts[p].size());
            continue;
        }
        const double room = isWhole ? kStartReach : roomOf(means, p);
        for (std::size_t i = 0; i < parts[p].size(); ++i) {
            for (Index a = 0; a < dims; ++a) {
                places(parts[p][i], a) = static_cast<float>(means[p][static_cast<std::size_t>(a)]
                    + found.vectors(static_cast<Index>(i), a) / kStartReach * room);
            }
        }
    }
    return kept;
}

} // namespace

Result<Places> startingPlaces(const PreparedPoints& prepared, const FuzzyGraph& graph,
    const ProjectionRequest& request, UmapOptions& options, Diagnostics& diagnostics,
    const Progress& progress)
{
    const Index n = prepared.points.rows();
    const int dims = request.dimensions;
    Random random(request.seed);
    Matrix places;
    if (request.start) {
        places = givenPlaces(prepared, *request.start, dims);
    } else if (options.init != "random") {
        EMBEDSCOPE_TRY_ASSIGN(places, pcaPlaces(prepared.points, dims, progress.part(0, 0.2)));
        if (!scaleToReach(places)) {
            options.init = "random";
        } else if (options.init == "spectral") {
            EMBEDSCOPE_TRY_ASSIGN(
                const Index kept, unfold(graph, request.seed, places, progress.part(0.2, 1)));
            if (kept == n) {
                options.init = "pca";
                diagnostics.notes.emplace_back(
                    "The spectral start did not converge; points start from PCA instead.");
            } else if (kept > 0) {
                diagnostics.notes.push_back("The spectral start did not converge for "
                    + formatCount(kept) + " of " + formatCount(n)
                    + " points; these start from PCA instead.");
            }
        }
    }
    const bool isRandom = !request.start && options.init == "random";
    Places start(n, dims);
    for (Index i = 0; i < n; ++i) {
        std::array<float, 3> place{};
        for (int a = 0; a < dims; ++a) {
            place[static_cast<std::size_t>(a)]
                = static_cast<float>(isRandom ? (2 * random.uniform() - 1) * kStartReach
                                              : places(i, a) + kNoise * random.normal());
        }
        start.set(i, place);
    }
    return start;
}

} // namespace embedscope
