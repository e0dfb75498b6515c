#pragma once

#include "core/projection/coordinates.h"
#include "core/projection/preprocess.h"
#include "core/projection/projection.h"
#include "core/projection/tsne/tsne_options.h"

namespace embedscope {

/// Where the points stand before the first step.
struct TsneStart
{
    Coordinates places; ///< A row a prepared point.
    bool isMap = false; ///< They stand as a t-SNE map: no early phase is needed.
};

/// The first places: those of request.start where there is one, else by options.init. Sets
/// options.init to what was done: "random" where all rows are equal and PCA has nothing to offer,
/// "pca" where there are too few points for a sample. Stopped.
Result<TsneStart> tsneStart(const PreparedPoints& prepared, const ProjectionRequest& request,
    TsneOptions& options, const Progress& progress);

} // namespace embedscope
