#include "core/projection/preprocess.h"

#include "core/base/parallel.h"
#include "core/projection/pca/pca.h"
#include "core/projection/pca/scatter.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 512;

/// The rows without NaN and infinite values, one after the other, kept as the dataset's are.
Result<Vectors> usableRows(const Dataset& dataset, const Progress& progress)
{
    return Vectors::gathered(
        dataset.vectors(), dataset.unusableRows().complement().ids(), progress);
}

/// `rows` normalised into `to`, which may be the same memory.
Status normalise(const Preparation& preparation, const std::vector<double>& mean, VectorsView rows,
    Matrix& to, const Progress& progress)
{
    const Index d = rows.columns();
    const bool isUnit = preparation.normalization == "unit";
    constexpr double limit = std::numeric_limits<float>::max();
    parallelBlocks(rows.rows(), kRowsPerBlock, [&](Index, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        RowRoom room;
        for (Index i = begin; i < end; ++i) {
            const float* from = rows.row(i, room);
            float* row = to.row(i);
            if (!isUnit) {
                for (Index j = 0; j < d; ++j) {
                    const double value = from[j] - mean[static_cast<std::size_t>(j)];
                    row[j] = static_cast<float>(std::clamp(value, -limit, limit));
                }
                continue;
            }
            double squares = 0;
            for (Index j = 0; j < d; ++j)
                squares += static_cast<double>(from[j]) * from[j];
            const double factor = squares > 0 ? 1 / std::sqrt(squares) : 0;
            for (Index j = 0; j < d; ++j)
                row[j] = static_cast<float>(from[j] * factor);
        }
    });
    return progress.stopRequested() ? Status(stoppedError()) : Status();
}

/// Scores along all components.
Result<Matrix> reduced(
    const PrincipalComponents& components, VectorsView rows, const Progress& progress)
{
    std::vector<Index> which(static_cast<std::size_t>(components.count()));
    std::iota(which.begin(), which.end(), Index{0});
    return componentScores(components, rows, which, progress);
}

/// The rows of `placed` among n rows, NaN for those left out.
Matrix withGaps(Index n, const std::vector<PointId>& omitted, MatrixView placed)
{
    Matrix all = Matrix::zeros(n, placed.columns());
    if (omitted.empty()) {
        std::copy_n(placed.data(), all.size(), all.data());
        return all;
    }
    auto gap = omitted.begin();
    Index from = 0;
    for (Index i = 0; i < n; ++i) {
        if (gap == omitted.end() || *gap != static_cast<PointId>(i)) {
            std::copy_n(placed.row(from++), placed.columns(), all.row(i));
        } else {
            std::fill_n(all.row(i), placed.columns(), std::numeric_limits<float>::quiet_NaN());
            ++gap;
        }
    }
    return all;
}

} // namespace

void PreparedPoints::describe(
    const ProjectionRequest& request, Recipe& recipe, Diagnostics& diagnostics) const
{
    recipe.method = request.method;
    recipe.dimensions = request.dimensions;
    recipe.seed = request.seed;
    recipe.normalization = preparation.normalization;
    recipe.preprocessPca = preparation.components;
    if (const auto& rows = dataset->provenance().rows)
        recipe.rows = rows->description();
    if (dataset->vectors().isHalf())
        recipe.precision = "float16";
    diagnostics.seconds.emplace_back("preprocess", seconds);
}

Matrix PreparedPoints::inFileOrder(MatrixView placed) const
{
    return withGaps(dataset->size(), omitted, placed);
}

Result<Matrix> PreparedPoints::prepare(VectorsView rows, const Progress& progress) const
{
    EMBEDSCOPE_TRY_ASSIGN(Matrix prepared, Matrix::allocate(rows.rows(), rows.columns()));
    if (preparation.normalization == "none" && components.count() == 0)
        rows.copyRows(0, rows.rows(), prepared.data());
    if (preparation.normalization != "none") {
        EMBEDSCOPE_TRY(normalise(preparation, mean, rows, prepared, progress.part(0, 0.5)));
        rows = prepared;
    }
    if (components.count() > 0)
        return reduced(components, rows, progress.part(0.5, 1));
    return prepared;
}

Preparation preparationFor(const Dataset& dataset, const ProjectionRequest& request, int widest)
{
    const Index d = dataset.dimensions();
    const Index asked = request.preprocessPca.value_or(d > widest ? widest : 0);
    Preparation preparation;
    preparation.normalization = request.normalization;
    if (asked > 0 && asked < d)
        preparation.components = static_cast<int>(std::min(asked, dataset.usableCount()));
    return preparation;
}

Preparation preparationOf(const Recipe& recipe)
{
    return {recipe.normalization, recipe.preprocessPca};
}

Result<PreparedPoints> preparePoints(const std::shared_ptr<const Dataset>& dataset,
    const Preparation& preparation, const Progress& progress)
{
    const auto start = std::chrono::steady_clock::now();
    if (dataset->usableCount() == 0) {
        return Error{ErrorCode::Malformed,
            "every row holds NaN or infinite values, so there is nothing to place",
            dataset->provenance().path, {}, {}};
    }
    progress.report("Preparing", 0);
    PreparedPoints prepared;
    prepared.preparation = preparation;
    prepared.dataset = dataset;
    prepared.omitted = dataset->unusableRows().ids();
    prepared.points = dataset->vectors();
    if (!prepared.omitted.empty()) {
        EMBEDSCOPE_TRY_ASSIGN(prepared.storage, usableRows(*dataset, progress));
        prepared.points = prepared.storage;
    }
    if (preparation.normalization != "none") {
        if (preparation.normalization == "center") {
            EMBEDSCOPE_TRY_ASSIGN(
                Centring centring, findCentring(prepared.points, progress.part(0, 0.1)));
            prepared.mean = std::move(centring.mean);
        }
        // In place where they are a copy already.
        Matrix* const own = prepared.storage.isEmpty() ? nullptr : prepared.storage.floats();
        Matrix normalised;
        if (own == nullptr) {
            EMBEDSCOPE_TRY_ASSIGN(
                normalised, Matrix::allocate(prepared.points.rows(), prepared.points.columns()));
        }
        EMBEDSCOPE_TRY(normalise(preparation, prepared.mean, prepared.points,
            own != nullptr ? *own : normalised, progress));
        if (own == nullptr)
            prepared.storage = std::move(normalised);
        prepared.points = prepared.storage;
    }
    if (preparation.components > 0) {
        EMBEDSCOPE_TRY_ASSIGN(prepared.components,
            principalComponents(prepared.points, preparation.components, progress.part(0.1, 0.8)));
        EMBEDSCOPE_TRY_ASSIGN(
            Matrix scores, reduced(prepared.components, prepared.points, progress.part(0.8, 1)));
        prepared.storage = std::move(scores);
        prepared.points = prepared.storage;
    }
    progress.report("Preparing", 1);
    prepared.seconds
        = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return prepared;
}

Layout JoiningRows::layout(MatrixView placed, const Recipe& recipe) const
{
    Layout layout;
    layout.positions = withGaps(size, omitted, placed);
    layout.omitted = omitted;
    layout.recipe = recipe;
    return layout;
}

Result<JoiningRows> joiningRows(
    const PreparedPoints& prepared, const Dataset& added, const Progress& progress)
{
    if (added.usableCount() == 0) {
        return Error{ErrorCode::Malformed,
            "every new row holds NaN or infinite values, so there is nothing to place",
            added.provenance().path, {}, {}};
    }
    JoiningRows joining;
    joining.size = added.size();
    joining.omitted = added.unusableRows().ids();
    VectorsView rows = added.vectors();
    Vectors usable;
    if (!joining.omitted.empty()) {
        EMBEDSCOPE_TRY_ASSIGN(usable, usableRows(added, progress.part(0, 0.1)));
        rows = usable;
    }
    EMBEDSCOPE_TRY_ASSIGN(joining.points, prepared.prepare(rows, progress.part(0.1, 1)));
    return joining;
}

} // namespace embedscope
