#pragma once

#include "core/data/dataset.h"
#include "core/io/hdf5/hdf5_listing.h"

#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// Which things of an HDF5 file can be shown as a table, and which looks most like embeddings, by
/// the conventions of those who write such files.

enum class Hdf5Convention
{
    None,
    AnnData, ///< obs, var, X, obsm…: cells and what is known of them.
    AnnBenchmarks, ///< train, test, neighbors, distances.
    Keras, ///< Weights of a model.
};

/// One candidate. Objects are the listing's.
struct Hdf5Table
{
    TensorSummary summary; ///< Name and shape, judged.
    const Hdf5Object* object = nullptr; ///< The dataset, or the group where it takes several.
    std::string member; ///< Of a compound dataset; else empty.
    bool isSparse = false;
    /// A group of datasets of one dimension and length, a vector each, whose names are the labels.
    bool isKeyed = false;
    bool isByColumn = false; ///< Sparse, with a run of entries for each column (csc).
    /// Stored column by column, as MATLAB does: the shape is the other way round than the
    /// dataset's.
    bool isTransposed = false;
    /// The path of the AnnData frame that tells of the rows: "obs", "var", "raw/var"; else empty.
    std::string frame;
    /// Two or three columns that are places for a map rather than vectors.
    bool isPlaces = false;
};

/// Compressed sparse rows or columns: data, indices and indptr in a group. Its attribute "shape"
/// says how large the table is.
bool isSparseGroup(const Hdf5Listing& listing, const Hdf5Object& group);

Hdf5Convention conventionOf(const Hdf5Listing& listing);

/// Every candidate, in the file's order, with score and reason.
std::vector<Hdf5Table> tablesOf(const Hdf5Listing& listing, Hdf5Convention convention);

} // namespace embedscope
