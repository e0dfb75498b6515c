#include "core/io/tensors/tensor_choice.h"

#include "core/base/list_text.h"
#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"

#include <algorithm>
#include <array>

namespace embedscope {

namespace {

constexpr std::size_t kNamesInMessage = 12;

/// What token tables are called by the model families that are in use.
constexpr auto kTokenTables = std::to_array<std::string_view>({"embed_tokens", "tok_embeddings",
    "wte", "word_embeddings", "embed_in", "token_embd", "token_embedding", "token_embeddings",
    "backbone.embedding", "backbone.embeddings", "shared", "embedding.weight", "embeddings.weight",
    "item_embedding", "item_embeddings", "user_embedding", "user_embeddings", "emb_params"});
constexpr auto kOutputTables
    = std::to_array<std::string_view>({"lm_head", "embed_out", "output", "decoder", "classifier"});
constexpr auto kPositionTables = std::to_array<std::string_view>({"wpe", "position_embedding",
    "position_embeddings", "pos_embed", "pos_embedding", "position_embd", "token_type_embeddings",
    "token_types", "position_ids", "positional_embedding", "relative_attention_bias"});
constexpr auto kEmbedding = std::to_array<std::string_view>(
    {"embed", "emb", "vectors", "codebook", "wordvec", "word_vec", "factors", "latent"});

/// True where `part` stands in the name between its dots (or at an end, with nothing but dots).
bool hasPart(std::string_view name, std::string_view part)
{
    for (auto at = name.find(part); at != std::string_view::npos; at = name.find(part, at + 1)) {
        const auto end = at + part.size();
        const bool starts = at == 0 || name[at - 1] == '.' || name[at - 1] == '/';
        const bool ends = end == name.size() || name[end] == '.' || name[end] == '/';
        if (starts && ends)
            return true;
    }
    return false;
}

template <typename Names> bool hasAnyPart(std::string_view name, const Names& names)
{
    return std::any_of(
        names.begin(), names.end(), [&](std::string_view part) { return hasPart(name, part); });
}

std::string quotedNames(const std::vector<std::string>& names)
{
    return listText(names.size(), kNamesInMessage, [&](std::size_t i) {
        return '"' + printable(std::string_view(names[i]).substr(0, 200)) + '"';
    });
}

double valueCount(const std::vector<std::uint64_t>& shape)
{
    double count = 1;
    for (const auto extent : shape)
        count *= static_cast<double>(extent);
    return count;
}

} // namespace

std::string shapeText(const std::vector<std::uint64_t>& shape)
{
    if (shape.empty())
        return "a single number";
    std::string text;
    for (const auto extent : shape) {
        text += (text.empty() ? "" : " x ")
            + formatCount(static_cast<std::int64_t>(std::min<std::uint64_t>(extent, INT64_MAX)));
    }
    return text;
}

std::optional<TensorTableShape> tensorTableShape(const std::vector<std::uint64_t>& shape)
{
    std::uint64_t values = 1;
    for (const auto extent : shape) {
        const auto product = checkedProduct(values, extent);
        if (!product)
            return std::nullopt;
        values = *product;
    }
    if (shape.empty() || values == 0)
        return std::nullopt;
    TensorTableShape table;
    table.columns = static_cast<Index>(shape.back());
    table.rows = static_cast<Index>(values / shape.back());
    if (shape.size() > 2) {
        table.warning = "The tensor has " + std::to_string(shape.size()) + " dimensions ("
            + shapeText(shape) + "); all but the last were run together into "
            + formatCount(table.rows) + " rows.";
    }
    return table;
}

void judgeTensor(TensorSummary& tensor, bool isReadable)
{
    const auto table = tensorTableShape(tensor.shape);
    if (!isReadable || !table) {
        tensor.score = 0;
        tensor.reason = !isReadable ? "values of type " + tensor.dtype + " are not read"
            : tensor.shape.empty()  ? "a single number"
                                    : "holds no values";
        return;
    }
    const bool isInteger = tensor.dtype.starts_with("int") || tensor.dtype.starts_with("uint")
        || tensor.dtype == "bool";
    double score = tensor.shape.size() == 2 ? 0.4 : tensor.shape.size() == 1 ? 0.05 : 0.1;
    std::string reason = tensor.shape.size() == 2 ? "two dimensions"
        : tensor.shape.size() == 1                ? "one dimension"
                                                  : "more than two dimensions";
    const std::string name = foldCase(tensor.name);
    if (hasAnyPart(name, kPositionTables)) {
        score += tensor.shape.size() == 2 ? 0.05 : 0.0;
        reason += ", named like positions";
    } else if (hasAnyPart(name, kTokenTables)) {
        score += 0.4;
        reason += ", named like a token table";
    } else if (std::any_of(kEmbedding.begin(), kEmbedding.end(),
                   [&](std::string_view part) { return name.find(part) != std::string::npos; })) {
        score += 0.3;
        reason += ", named like embeddings";
    } else if (hasAnyPart(name, kOutputTables)) {
        score += 0.2;
        reason += ", named like an output table";
    }
    if (table->rows > table->columns && tensor.shape.size() == 2) {
        score += 0.1;
        reason += ", more rows than columns";
    }
    if (table->columns < 2) {
        score *= 0.3;
        reason += ", a single column";
    }
    if (isInteger) {
        score *= 0.5;
        reason += ", whole numbers";
    }
    tensor.score = std::clamp(score, 0.0, 1.0);
    tensor.reason = std::move(reason);
}

std::optional<std::size_t> bestTensor(const std::vector<TensorSummary>& tensors)
{
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i].score <= 0)
            continue;
        const bool wins = !best || tensors[i].score > tensors[*best].score
            || (tensors[i].score == tensors[*best].score
                && valueCount(tensors[i].shape) > valueCount(tensors[*best].shape));
        if (wins)
            best = i;
    }
    return best;
}

bool isNamedLikeTokens(std::string_view name)
{
    constexpr auto kNames = std::to_array<std::string_view>({"embed_tokens", "tok_embeddings",
        "wte", "word_embeddings", "embed_in", "token_embd", "token_embedding", "token_embeddings",
        "shared", "lm_head", "embed_out", "output", "predictions.decoder"});
    const std::string folded = foldCase(name);
    std::string_view own = folded;
    if (own.ends_with(".weight"))
        own.remove_suffix(std::string_view(".weight").size());
    return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view known) {
        return own == known || (own.ends_with(known) && own[own.size() - known.size() - 1] == '.');
    });
}

Error unknownTensor(
    const std::vector<std::string>& names, const std::string& wanted, const std::string& path)
{
    return Error{ErrorCode::NotFound,
        "there is no tensor \"" + printable(wanted) + "\" in the file; it holds "
            + (names.empty() ? "none" : quotedNames(names)),
        path, {}, {}};
}

Result<std::size_t> chooseTensor(const std::vector<TensorSummary>& tensors,
    const std::string& wanted, const std::string& path, std::vector<std::string>& notes)
{
    if (!wanted.empty()) {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            if (tensors[i].name == wanted) {
                if (tensors[i].score > 0)
                    return i;
                return Error{ErrorCode::Unsupported,
                    "the tensor \"" + printable(wanted)
                        + "\" cannot be shown as a table: " + tensors[i].reason,
                    path, {}, {}};
            }
            names.push_back(tensors[i].name);
        }
        return unknownTensor(names, wanted, path);
    }
    const auto best = bestTensor(tensors);
    const auto tables = std::count_if(tensors.begin(), tensors.end(),
        [](const TensorSummary& tensor) { return tensor.score > 0 && tensor.shape.size() > 1; });
    if (!best) {
        std::string detail = "the file holds no tensors";
        if (!tensors.empty()) {
            detail = tensors.size() == 1
                ? "the only tensor in the file"
                : "none of the " + formatCount(static_cast<std::int64_t>(tensors.size()))
                    + " tensors in the file is a table of numbers; the first";
            detail += ", \"" + printable(std::string_view(tensors.front().name).substr(0, 200))
                + "\", cannot be shown: " + tensors.front().reason;
        }
        return Error{ErrorCode::Unsupported, std::move(detail), path, {}, {}};
    }
    if (tables > 1 || (tables == 0 && tensors.size() > 1)) {
        const TensorSummary& chosen = tensors[*best];
        notes.push_back("The file holds " + formatCount(static_cast<std::int64_t>(tensors.size()))
            + " tensors; \"" + printable(std::string_view(chosen.name).substr(0, 200)) + "\" ("
            + shapeText(chosen.shape) + ") was opened: " + chosen.reason
            + ". Another can be chosen by its name.");
    }
    return *best;
}

} // namespace embedscope
