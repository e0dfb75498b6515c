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

Result<Matrix> usableRows(const Dataset& dataset)
{
    EMBEDSCOPE_TRY_ASSIGN(
        Matrix rows, Matrix::allocate(dataset.usableCount(), dataset.dimensions()));
    Index to = 0;
    for (Index i = 0; i < dataset.size(); ++i) {
        if (dataset.isUsable(static_cast<PointId>(i)))
            std::copy_n(dataset.vectors().row(i), dataset.dimensions(), rows.row(to++));
    }
    return rows;
}

void toUnitLength(Matrix& rows)
{
    const Index d = rows.columns();
    parallelBlocks(rows.rows(), kRowsPerBlock, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
            float* row = rows.row(i);
            double squares = 0;
            for (Index j = 0; j < d; ++j)
                squares += static_cast<double>(row[j]) * row[j];
            const double factor = squares > 0 ? 1 / std::sqrt(squares) : 0;
            for (Index j = 0; j < d; ++j)
                row[j] = static_cast<float>(row[j] * factor);
        }
    });
}

Status centre(Matrix& rows, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const Centring centring, findCentring(rows, progress));
    constexpr double limit = std::numeric_limits<float>::max();
    parallelBlocks(rows.rows(), kRowsPerBlock, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
            float* row = rows.row(i);
            for (Index j = 0; j < rows.columns(); ++j) {
                const double value = row[j] - centring.mean[static_cast<std::size_t>(j)];
                row[j] = static_cast<float>(std::clamp(value, -limit, limit));
            }
        }
    });
    return {};
}

} // namespace

void PreparedPoints::describe(
    const ProjectionRequest& request, Recipe& recipe, Diagnostics& diagnostics) const
{
    recipe.method = request.method;
    recipe.dimensions = request.dimensions;
    recipe.seed = request.seed;
    recipe.normalization = request.normalization;
    recipe.preprocessPca = preparation.components;
    diagnostics.seconds.emplace_back("preprocess", seconds);
}

Matrix PreparedPoints::inFileOrder(MatrixView placed) const
{
    Matrix all = Matrix::zeros(dataset->size(), placed.columns());
    if (omitted.empty()) {
        std::copy_n(placed.data(), all.size(), all.data());
        return all;
    }
    Index from = 0;
    for (Index i = 0; i < all.rows(); ++i) {
        if (dataset->isUsable(static_cast<PointId>(i)))
            std::copy_n(placed.row(from++), placed.columns(), all.row(i));
        else
            std::fill_n(all.row(i), placed.columns(), std::numeric_limits<float>::quiet_NaN());
    }
    return all;
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
    const bool normalises = preparation.normalization != "none";
    if (!prepared.omitted.empty()) {
        EMBEDSCOPE_TRY_ASSIGN(prepared.storage, usableRows(*dataset));
    } else if (normalises) {
        EMBEDSCOPE_TRY_ASSIGN(
            prepared.storage, Matrix::allocate(dataset->size(), dataset->dimensions()));
        std::copy_n(dataset->vectors().data(), prepared.storage.size(), prepared.storage.data());
    }
    if (!prepared.storage.isEmpty()) {
        if (preparation.normalization == "unit")
            toUnitLength(prepared.storage);
        else if (preparation.normalization == "center")
            EMBEDSCOPE_TRY(centre(prepared.storage, progress));
        prepared.points = prepared.storage;
    }

    if (preparation.components > 0) {
        const Index count = preparation.components;
        EMBEDSCOPE_TRY_ASSIGN(const PrincipalComponents components,
            principalComponents(prepared.points, count, progress));
        std::vector<Index> which(static_cast<std::size_t>(count));
        std::iota(which.begin(), which.end(), Index{0});
        EMBEDSCOPE_TRY_ASSIGN(
            Matrix scores, componentScores(components, prepared.points, which, progress));
        prepared.storage = std::move(scores);
        prepared.points = prepared.storage;
    }
    progress.report("Preparing", 1);
    prepared.seconds
        = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return prepared;
}

} // namespace embedscope
