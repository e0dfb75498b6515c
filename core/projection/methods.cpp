#include "core/projection/pca/pca_projection.h"
#include "core/projection/projection.h"
#include "core/projection/tsne/tsne.h"
#include "core/projection/tsne/tsne_options.h"
#include "core/projection/umap/umap.h"

#include <array>

namespace embedscope {

// THE ARRAY of methods: a row is all that forms, the command line, sessions and the property tests
// need.
std::span<const Method> methods()
{
    static const std::array rows{
        Method{
            "pca",
            "PCA",
            "Turns the whole space so that its most spread-out directions become the axes. "
            "Distances "
            "are never larger than in the full space, and far groups stay far; what the shown axes "
            "do not carry is hidden, as the explained variance tells.",
            pcaParameters(),
            false,
            startPca,
            joinPca,
            estimatePcaSeconds,
        },
        Method{
            "tsne",
            "t-SNE",
            "Keeps each point's nearest neighbours near it. Groups and their members can be "
            "trusted; "
            "sizes of groups and distances between them say little, and the number of groups "
            "depends "
            "on the perplexity.",
            tsneParameters(),
            true,
            startTsne,
            joinTsne,
            estimateTsneSeconds,
        },
        Method{
            "umap",
            "UMAP",
            "Keeps each point's nearest neighbours near it, by a graph of who is near whom. Groups "
            "and "
            "their members can be trusted; groups stand farther apart than they are, and "
            "distances "
            "between them say little.",
            umapParameters(),
            true,
            startUmap,
            joinUmap,
            estimateUmapSeconds,
        },
    };
    return rows;
}

const Method* findMethod(std::string_view id)
{
    for (const Method& method : methods()) {
        if (method.id == id)
            return &method;
    }
    return nullptr;
}

} // namespace embedscope
