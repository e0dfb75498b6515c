#pragma once

#include "core/base/index.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// What is known of a textual inversion: a few vectors that were trained to stand for a word in the
/// text encoder of a picture model. Empty and nullopt where the file does not say.
struct InversionCard
{
    std::string name; ///< As its trainer called it.
    std::string trigger; ///< What stands in a prompt for it.
    std::string family; ///< "Stable Diffusion 1 or CLIP-L", told from the width.
    Index vectors = 0;
    Index width = 0;
    std::optional<std::int64_t> step; ///< Of its training.
    std::string checkpoint; ///< The model it was trained on.
    double smallestNorm = 0;
    double meanNorm = 0;
    double largestNorm = 0;
    std::string norms; ///< How they compare with what is usual, a sentence; empty: nothing known.
    std::vector<std::string> tables; ///< All of the file's, where there are several: "clip_g".
};

} // namespace embedscope
