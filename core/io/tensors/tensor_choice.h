#pragma once

#include "core/base/result.h"
#include "core/data/dataset.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// Which of the tensors in a model file is the table of embeddings? Judged by name and shape alone,
/// so that nothing but the chosen one need be read.

/// n x d as a tensor of any rank is shown: two dimensions as they are, one as a single row, more
/// with all but the last run together.
struct TensorTableShape
{
    Index rows = 0;
    Index columns = 0;
    std::string warning; ///< Where the shape was not n x d.
};

/// nullopt for what is no table: rank 0, no values, or too many for 63 bits.
std::optional<TensorTableShape> tensorTableShape(const std::vector<std::uint64_t>& shape);

/// Fills score and reason. isReadable: its type is one we convert to float32.
void judgeTensor(TensorSummary& tensor, bool isReadable);

/// The one that is opened where none is asked for: the highest score, then the most values, then
/// the first. nullopt where none is a table.
std::optional<std::size_t> bestTensor(const std::vector<TensorSummary>& tensors);

/// Whether the name says that the rows are tokens: the table at a language model's entrance or
/// exit.
bool isNamedLikeTokens(std::string_view name);

/// "50 x 16"; "a single number" for rank 0.
std::string shapeText(const std::vector<std::uint64_t>& shape);

/// The tensor of that name (options.tensor), or the best one where the name is empty. Where there
/// are several tables to choose from, a warning says which was taken and why. returns  its number;
/// NotFound with the names that exist; Unsupported where none is a table.
Result<std::size_t> chooseTensor(const std::vector<TensorSummary>& tensors,
    const std::string& wanted, const std::string& path, std::vector<std::string>& warnings);

/// NotFound: there is no tensor of that name, with the names there are.
Error unknownTensor(
    const std::vector<std::string>& names, const std::string& wanted, const std::string& path);

} // namespace embedscope
