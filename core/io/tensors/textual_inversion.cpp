#include "core/io/tensors/textual_inversion.h"

#include "core/base/text.h"
#include "core/io/tensors/tensor_choice.h"

#include <algorithm>
#include <array>
#include <map>

namespace embedscope {

namespace {

constexpr std::string_view kParam = "string_to_param.";
constexpr std::string_view kBundle = "bundle_emb.";
constexpr Index kMostVectors = 1024; ///< Of a textual inversion that says it is one; 75 is usual.
constexpr Index kMostUnnamedVectors = 16; ///< Of one that only looks like it.

constexpr auto kEncoders = std::to_array<std::string_view>(
    {"emb_params", "clip_l", "clip_g", "t5", "llama", "qwen", "qwen_out", "emb", "emb2"});

/// Single keys that say "table" rather than name a placeholder.
constexpr auto kPlainWords = std::to_array<std::string_view>({"embed", "vector", "weight", "bias",
    "tensor", "data", "test", "feature", "param", "matrix", "buffer", "mean", "values", "x", "w"});

/// A tensor's place in a table, and what its rows are called.
struct Found
{
    std::string table;
    std::string label;
    std::size_t tensor = 0;
    TensorTableShape shape;
};

bool isEncoder(std::string_view name)
{
    return std::find(kEncoders.begin(), kEncoders.end(), name) != kEncoders.end();
}

/// "3.emb" and "emb" -> "emb": what is left without a leading list index.
std::string_view withoutIndex(std::string_view name)
{
    const auto dot = name.find('.');
    if (dot == std::string_view::npos || dot == 0)
        return name;
    const auto index = name.substr(0, dot);
    const bool isNumber
        = std::all_of(index.begin(), index.end(), [](char c) { return c >= '0' && c <= '9'; });
    return isNumber ? name.substr(dot + 1) : name;
}

/// Keys that say what they are.
std::optional<Found> namedPart(std::string_view name, const std::string& ownName)
{
    Found found;
    std::string base = ownName;
    if (name.starts_with(kBundle)) {
        name.remove_prefix(kBundle.size());
        const auto param = name.find(std::string(".") + std::string(kParam));
        if (param != std::string_view::npos) {
            base = std::string(name.substr(0, param));
            name.remove_prefix(param + 1);
        } else {
            const auto dot = name.rfind('.');
            if (dot == std::string_view::npos || !isEncoder(name.substr(dot + 1)))
                return std::nullopt;
            return Found{
                std::string(name.substr(dot + 1)), std::string(name.substr(0, dot)), 0, {}};
        }
    }
    if (name.starts_with(kParam)) {
        const auto key = name.substr(kParam.size());
        return Found{"string_to_param", key == "*" ? base : std::string(key), 0, {}};
    }
    name = withoutIndex(name);
    if (isEncoder(name))
        return Found{std::string(name), base, 0, {}};
    return std::nullopt;
}

bool looksLikePlaceholder(std::string_view name)
{
    if (name.find('<') != std::string_view::npos)
        return true;
    const std::string folded = foldCase(name);
    return folded.find('.') == std::string::npos
        && std::none_of(kPlainWords.begin(), kPlainWords.end(), [&](std::string_view word) {
               return word.size() == 1 ? folded == word : folded.find(word) != std::string::npos;
           });
}

/// A file of nothing but a few vectors of a known width: diffusers' learned_embeds, or one tensor.
std::vector<Found> unnamedParts(
    const std::vector<TensorSummary>& tensors, const InversionFacts& facts)
{
    std::vector<Found> found;
    Index rows = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const TensorSummary& tensor = tensors[i];
        const auto shape = tensorTableShape(tensor.shape);
        if (tensor.score <= 0 || !shape || tensor.shape.size() > 2)
            return {};
        const bool isBare = tensor.name.empty() && tensors.size() == 1;
        if (inversionFamily(shape->columns).empty()
            || (!isBare && !looksLikePlaceholder(tensor.name)))
            return {};
        const bool isMarked = tensor.name.find('<') != std::string::npos;
        if (shape->rows > (isMarked ? kMostVectors : kMostUnnamedVectors)
            || (!found.empty() && found.front().shape.columns != shape->columns))
            return {};
        rows += shape->rows;
        found.push_back({"", isBare ? facts.fileStem : tensor.name, i, *shape});
    }
    return rows <= kMostVectors ? found : std::vector<Found>{};
}

void appendLabels(std::vector<InversionTable>& tables, const std::vector<Found>& found)
{
    std::map<std::pair<std::string, std::string>, Index> totals;
    for (const Found& part : found)
        totals[{part.table, part.label}] += part.shape.rows;
    std::map<std::pair<std::string, std::string>, Index> used;
    for (const Found& part : found) {
        const auto table = std::find_if(tables.begin(), tables.end(),
            [&](const InversionTable& candidate) { return candidate.name == part.table; });
        const std::pair key{part.table, part.label};
        for (Index row = 0; row < part.shape.rows; ++row) {
            const Index number = ++used[key];
            table->labels.push_back(
                totals[key] == 1 ? part.label : part.label + ' ' + std::to_string(number));
        }
    }
}

std::string noteFor(const std::string& trigger, const InversionTable& table, std::size_t tableCount,
    const InversionFacts& facts)
{
    std::string note = "Textual inversion \"" + printable(trigger)
        + "\": " + formatCount(table.rows) + (table.rows == 1 ? " vector" : " vectors")
        + " of width " + formatCount(table.columns);
    if (const auto family = inversionFamily(table.columns); !family.empty())
        note += " (" + std::string(family) + ')';
    if (tableCount > 1)
        note += ", one of " + formatCount(static_cast<Index>(tableCount)) + " tables";
    if (facts.step)
        note += ", " + formatCount(*facts.step) + " steps";
    if (!facts.checkpoint.empty())
        note += ", trained on " + printable(facts.checkpoint);
    return note + '.';
}

} // namespace

std::string_view inversionFamily(Index width)
{
    switch (width) {
    case 768:
        return "Stable Diffusion 1 or CLIP-L";
    case 1024:
        return "Stable Diffusion 2, OpenCLIP-H";
    case 1280:
        return "CLIP-G of Stable Diffusion XL";
    case 4096:
        return "T5-XXL";
    default:
        return {};
    }
}

std::optional<TextualInversion> findTextualInversion(
    const std::vector<TensorSummary>& tensors, const InversionFacts& facts)
{
    const std::string ownName = facts.name.empty() ? facts.fileStem : facts.name;
    std::vector<Found> found;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto shape = tensorTableShape(tensors[i].shape);
        if (tensors[i].score <= 0 || !shape || tensors[i].shape.size() > 2 || shape->columns < 2
            || shape->rows > kMostVectors)
            continue;
        auto part = namedPart(tensors[i].name, ownName);
        if (!part)
            continue;
        part->tensor = i;
        part->shape = *shape;
        found.push_back(*std::move(part));
    }
    if (found.empty())
        found = unnamedParts(tensors, facts);
    if (found.empty())
        return std::nullopt;

    TextualInversion inversion;
    for (Found& part : found) {
        const std::string plain = part.table;
        const auto sameName = [&](const InversionTable& table) { return table.name == part.table; };
        auto table = std::find_if(inversion.tables.begin(), inversion.tables.end(), sameName);
        if (table != inversion.tables.end() && table->columns != part.shape.columns) {
            part.table = plain + " (" + std::to_string(part.shape.columns) + ')';
            table = std::find_if(inversion.tables.begin(), inversion.tables.end(), sameName);
        }
        if (table == inversion.tables.end()) {
            inversion.tables.push_back(
                {part.table, {}, {}, 0, part.shape.columns, tensors[part.tensor].dtype});
            table = inversion.tables.end() - 1;
        }
        table->members.push_back(part.tensor);
        table->rows += part.shape.rows;
    }
    appendLabels(inversion.tables, found);
    inversion.trigger = found.front().label;
    inversion.note
        = noteFor(inversion.trigger, inversion.tables.front(), inversion.tables.size(), facts);
    return inversion;
}

} // namespace embedscope
