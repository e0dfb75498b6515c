#pragma once

#include "core/projection/preprocess.h"
#include "core/projection/projection.h"
#include "core/projection/umap/fuzzy_graph.h"
#include "core/projection/umap/options.h"
#include "core/projection/umap/places.h"

namespace embedscope {

/// Half the width of the picture that a run starts from.
inline constexpr double kStartReach = 10;

/// The first places: of another layout where the request has one, else spectral, by PCA or random.
/// Spectral places are found for each connected part of the graph; the parts stand around where
/// PCA puts their means. Falls back to PCA where that does not converge, and says so in a note, and
/// to random places where all rows are equal; the options then say which. Stopped, OutOfMemory.
Result<Places> startingPlaces(const PreparedPoints& prepared, const FuzzyGraph& graph,
    const ProjectionRequest& request, UmapOptions& options, Diagnostics& diagnostics,
    const Progress& progress);

} // namespace embedscope
