#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/projection/pca/pca.h"
#include "core/projection/projection.h"

#include <memory>
#include <vector>

namespace embedscope {

/// How rows are made ready for a method.
struct Preparation
{
    std::string normalization = "none"; ///< none, center, unit.
    int components = 0; ///< Principal components to keep; 0 = none are taken.
    bool operator==(const Preparation&) const = default;
};

/// What the request asks for on this dataset, with what is to be decided decided.
///
/// widest   the method's own rule where the request has none: tables wider than that are reduced to
/// as
///          many components; 0 = never. As many components as there are dimensions, or more, are
///          none.
Preparation preparationFor(const Dataset& dataset, const ProjectionRequest& request, int widest);
/// What was done before the layout of that recipe was made.
Preparation preparationOf(const Recipe& recipe);

/// What a method works on: the usable rows of a table, normalised and perhaps reduced.
struct PreparedPoints
{
    Preparation preparation; ///< As it was done.
    std::shared_ptr<const Dataset> dataset; ///< Keeps the values alive that `points` may look at.
    Vectors storage; ///< Behind `points` where they are not the dataset's own.
    /// One row a usable row, in file order. Kept as the dataset's are where nothing was done to
    /// them but leaving some out, else as float32.
    VectorsView points;
    std::vector<PointId> omitted; ///< Rows left out, ascending.
    double seconds = 0;
    /// What was subtracted from every row; empty where the normalisation is not "center".
    std::vector<double> mean;
    /// What rows were reduced by; empty where preparation.components is 0.
    PrincipalComponents components;

    /// Does to other rows what was done to the dataset's: the same normalisation, with the mean of
    /// the dataset, and the same components. The dataset's own rows come out as `points`, up to
    /// rounding.
    ///
    /// rows     m x d, of the dataset's dimensions; they must be finite. m may be 0.
    /// returns  m x points.columns(). OutOfMemory, Stopped.
    Result<Matrix> prepare(VectorsView rows, const Progress& progress) const;

    /// A recipe and diagnostics with what preparing decided: method, seed, normalisation,
    /// reduction, the seconds of the stage "preprocess".
    void describe(const ProjectionRequest& request, Recipe& recipe, Diagnostics& diagnostics) const;

    /// Places in file order, NaN for rows left out. placed: points.rows() x dims.
    Matrix inFileOrder(MatrixView placed) const;
};

/// Leaves out rows with NaN or infinite values, normalises (none; center: minus the mean of the
/// rows; unit: each row to length 1, zero rows stay zero) and reduces to principal components.
///
/// returns  Malformed where no row is usable, InvalidArgument, OutOfMemory, Stopped.
Result<PreparedPoints> preparePoints(const std::shared_ptr<const Dataset>& dataset,
    const Preparation& preparation, const Progress& progress);

/// New rows that are to join a layout, made ready as the layout's own points were.
struct JoiningRows
{
    Matrix
        points; ///< One row a usable row of `added`, in its order: see PreparedPoints::prepare().
    std::vector<PointId> omitted; ///< Rows of `added` left out, ascending.
    Index size = 0; ///< Rows of `added`.

    /// The answer of a join: places in the order of `added`, NaN for rows left out, with the recipe
    /// of the layout that they joined. placed: points.rows() x dims.
    Layout layout(MatrixView placed, const Recipe& recipe) const;
};

/// Leaves out rows with NaN or infinite values and prepares the others.
///
/// prepared  of the layout's dataset, by preparationOf() of its recipe.
/// added     m x d, of the same dimensions.
/// returns   Malformed where no row is usable, OutOfMemory, Stopped.
Result<JoiningRows> joiningRows(
    const PreparedPoints& prepared, const Dataset& added, const Progress& progress);

} // namespace embedscope
