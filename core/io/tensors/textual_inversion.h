#pragma once

#include "core/data/dataset.h"
#include "core/data/matrix.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// Textual inversions: a few vectors that were trained to stand for a word in a text encoder. Every
/// trainer lays them out in its own way; here the layouts are told from names and shapes alone.

/// What a file says of itself besides its tensors.
struct InversionFacts
{
    std::string name; ///< As the trainer wrote it; empty where it says nothing.
    std::string fileStem; ///< What to call it otherwise.
    std::optional<std::int64_t> step;
    std::string checkpoint; ///< The model it was trained on.
};

/// Tensors that belong together: vectors of one width for one text encoder.
struct InversionTable
{
    std::string name; ///< "clip_l"; what --tensor calls it.
    std::vector<std::size_t> members; ///< Numbers of the tensors, in row order.
    std::vector<std::string> labels; ///< One a row.
    Index rows = 0;
    Index columns = 0;
    std::string dtype;
};

struct TextualInversion
{
    std::string trigger; ///< The name or placeholder; "clip_l" and the like never.
    std::vector<InversionTable> tables; ///< At least one, the best first.
    std::string note; ///< What it is, in plain words.
};

/// nullopt where the tensors do not look like a textual inversion.
std::optional<TextualInversion> findTextualInversion(
    const std::vector<TensorSummary>& tensors, const InversionFacts& facts);

/// The card of one of its tables, with the norms of its vectors.
InversionCard inversionCard(const TextualInversion& inversion, const InversionTable& table,
    const InversionFacts& facts, MatrixView vectors);

/// How vectors of that mean length compare with those of published inversions; empty where
/// there are none of that width to compare with.
std::string normSentence(Index width, double meanNorm);

/// The model family for vectors of that width, as far as it can be told: "Stable Diffusion 1 or
/// CLIP-L" for 768. Empty where the width is not known.
std::string_view inversionFamily(Index width);

} // namespace embedscope
