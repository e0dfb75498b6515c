#include "core/projection/tsne/tsne_start.h"

#include "core/base/random.h"
#include "core/projection/pca/pca.h"
#include "core/projection/tsne/tsne_sample.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace embedscope {

namespace {

constexpr double kStartSpread = 1e-4; ///< Standard deviation of the first axis at the start.
constexpr Index kFewestToSample = 1000; ///< Points from which a sample says anything.
constexpr double kJitter = 0.01; ///< Of that: parts points that would stand in one place.

/// Root mean square of the values.
double spreadOf(const float* values, Index n)
{
    double squares = 0;
    for (Index i = 0; i < n; ++i)
        squares += static_cast<double>(values[i]) * values[i];
    return std::sqrt(squares / static_cast<double>(n));
}

/// The spread of the widest axis; 0 where there are no places.
double widestOf(const Coordinates& places)
{
    double widest = 0;
    for (int a = 0; a < places.dimensions(); ++a)
        widest = std::max(widest, spreadOf(places.axis(a), places.size()));
    return widest;
}

/// Brings the places to the size that a start should have, with a little noise.
void shrink(Coordinates& places, double spread, Random& random)
{
    for (int a = 0; a < places.dimensions(); ++a) {
        float* axis = places.axis(a);
        for (Index i = 0; i < places.size(); ++i) {
            axis[i]
                = static_cast<float>(kStartSpread * (axis[i] / spread + kJitter * random.normal()));
        }
    }
}

Coordinates randomPlaces(Index n, int dims, Random& random)
{
    Coordinates places(n, dims);
    for (int a = 0; a < dims; ++a) {
        for (Index i = 0; i < n; ++i)
            places.axis(a)[i] = static_cast<float>(kStartSpread * random.normal());
    }
    return places;
}

Result<Coordinates> pcaPlaces(VectorsView points, int dims, const Progress& progress)
{
    const Index n = points.rows();
    EMBEDSCOPE_TRY_ASSIGN(const PrincipalComponents components,
        principalComponents(points, std::min<Index>({dims, n, points.columns()}), progress));
    std::vector<Index> which(static_cast<std::size_t>(dims));
    std::iota(which.begin(), which.end(), Index{0});
    EMBEDSCOPE_TRY_ASSIGN(
        const Matrix scores, componentScores(components, points, which, progress));
    Coordinates places(n, dims);
    for (int a = 0; a < dims; ++a) {
        for (Index i = 0; i < n; ++i)
            places.axis(a)[i] = scores(i, a);
    }
    return places;
}

/// The layout's places for the prepared points, around their mean. Points that it left out stand at
/// the mean; axes that it does not have are empty.
Coordinates placesOf(const Layout& layout, const PreparedPoints& prepared, int dims)
{
    const Index n = prepared.points.rows();
    Coordinates places(n, dims);
    for (int a = 0; a < std::min(dims, layout.dimensions()); ++a) {
        float* axis = places.axis(a);
        double sum = 0;
        Index known = 0;
        Index to = 0;
        for (Index i = 0; i < layout.size(); ++i) {
            if (!prepared.dataset->isUsable(static_cast<PointId>(i)))
                continue;
            axis[to] = layout.positions(i, a);
            if (std::isfinite(axis[to])) {
                sum += static_cast<double>(axis[to]);
                ++known;
            }
            ++to;
        }
        const auto mean = static_cast<float>(known > 0 ? sum / static_cast<double>(known) : 0);
        std::transform(axis, axis + n, axis,
            [mean](float value) { return std::isfinite(value) ? value - mean : 0.0F; });
    }
    return places;
}

} // namespace

Result<TsneStart> tsneStart(const PreparedPoints& prepared, const ProjectionRequest& request,
    TsneOptions& options, const Progress& progress)
{
    const Index n = prepared.points.rows();
    const int dims = request.dimensions;
    Random random(request.seed);
    TsneStart start;
    if (request.start) {
        start.places = placesOf(*request.start, prepared, dims);
        start.isMap = request.start->recipe.method == "tsne" && request.start->dimensions() == dims
            && spreadOf(start.places.axis(0), n) > 100 * kStartSpread;
        if (start.isMap)
            return start;
    } else if (options.init != "random") {
        EMBEDSCOPE_TRY_ASSIGN(
            start.places, pcaPlaces(prepared.points, dims, progress.part(0, 0.1)));
    }
    double spread = widestOf(start.places);
    if (spread == 0) {
        if (!request.start)
            options.init = "random";
        start.places = randomPlaces(n, dims, random);
        return start;
    }
    shrink(start.places, spread, random);
    if (options.init == "sample" && !request.start) {
        if (n < kFewestToSample) {
            options.init = "pca";
            return start;
        }
        EMBEDSCOPE_TRY_ASSIGN(
            const FloatRows rows, floatRows(prepared.points, progress.part(0.1, 0.11)));
        EMBEDSCOPE_TRY_ASSIGN(start.places,
            placesBySample(rows.view, start.places, options, request.seed, progress.part(0.11, 1)));
        shrink(start.places, widestOf(start.places), random);
    }
    return start;
}

} // namespace embedscope
