#include "core/projection/recipe_json.h"

#include "core/base/text.h"
#include "core/neighbors/metric.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace embedscope {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 10> kFields{"method", "dimensions", "seed", "normalization",
    "metric", "preprocess_pca", "graph_recall", "source", "rows", "precision"};
constexpr std::string_view kGiven = "given";

Error malformed(std::string detail)
{
    return Error{ErrorCode::Malformed, std::move(detail), {}, {}, {}};
}

Error wrongField(std::string_view name, std::string_view allowed)
{
    return malformed("\"" + std::string(name) + "\" of the recipe must be " + std::string(allowed));
}

Status readText(const Json& object, std::string_view name, std::string& to)
{
    const auto found = object.find(name);
    if (found == object.end())
        return {};
    if (!found->is_string())
        return wrongField(name, "a text");
    to = found->get<std::string>();
    return {};
}

template <typename Number>
Status readNumber(const Json& object, std::string_view name, std::uint64_t most, Number& to)
{
    const auto found = object.find(name);
    if (found == object.end())
        return {};
    // Whole numbers that are not negative are unsigned to the parser.
    if (!found->is_number_unsigned() || found->get<std::uint64_t>() > most)
        return wrongField(name, "a whole number from 0 to " + std::to_string(most));
    to = static_cast<Number>(found->get<std::uint64_t>());
    return {};
}

Status readRecall(const Json& object, std::optional<double>& to)
{
    const auto found = object.find("graph_recall");
    if (found == object.end() || found->is_null())
        return {};
    if (!found->is_number() || !(found->get<double>() >= 0 && found->get<double>() <= 1))
        return wrongField("graph_recall", "a number from 0 to 1, or null");
    to = found->get<double>();
    return {};
}

Result<ParameterValue> readParameter(const ParameterInfo& row, const Json& value)
{
    ParameterValue read;
    if (value.is_boolean())
        read = value.get<bool>();
    else if (value.is_number_float())
        read = value.get<double>();
    else if (value.is_number_unsigned()
        && value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
        read = value.get<double>();
    else if (value.is_number_integer())
        read = value.get<std::int64_t>();
    else if (value.is_string())
        read = value.get<std::string>();
    else
        return malformed("\"" + std::string(row.id) + "\" of the recipe must be a single value");
    auto checked = checkedValue(row, read);
    if (!checked)
        return malformed(checked.error().detail);
    return checked;
}

/// Every key must be a field or a parameter.
Status checkKeys(const Json& object, const Method* method)
{
    for (const auto& [key, value] : object.items()) {
        const bool isField
            = std::find(kFields.begin(), kFields.end(), std::string_view(key)) != kFields.end();
        const bool isParameter = method != nullptr
            && std::any_of(method->parameters.begin(), method->parameters.end(),
                [&name = key](const ParameterInfo& row) { return row.id == name; });
        if (!isField && !isParameter)
            return malformed("the recipe has a field \"" + printable(key)
                + "\" that this version does not know");
    }
    return {};
}

Status checkFields(const Recipe& recipe)
{
    if (recipe.dimensions != 2 && recipe.dimensions != 3)
        return wrongField("dimensions", "2 or 3");
    if (recipe.normalization != "none" && recipe.normalization != "center"
        && recipe.normalization != "unit")
        return wrongField("normalization", "none, center or unit");
    if (!metricFromId(recipe.metric))
        return wrongField("metric", "euclidean, cosine, manhattan or dot");
    return {};
}

} // namespace

Json recipeObject(const Recipe& recipe)
{
    Json object{{"method", recipe.method}, {"dimensions", recipe.dimensions}, {"seed", recipe.seed},
        {"normalization", recipe.normalization}, {"metric", recipe.metric},
        {"preprocess_pca", recipe.preprocessPca}, {"graph_recall", nullptr}};
    if (recipe.graphRecall)
        object["graph_recall"] = *recipe.graphRecall;
    if (!recipe.source.empty())
        object["source"] = recipe.source;
    if (!recipe.rows.empty())
        object["rows"] = recipe.rows;
    if (!recipe.precision.empty())
        object["precision"] = recipe.precision;
    for (const auto& [id, value] : recipe.parameters)
        std::visit([&object, &name = id](const auto& v) { object[name] = v; }, value);
    return object;
}

std::string recipeToJson(const Recipe& recipe)
{
    return recipeObject(recipe).dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result<Recipe> recipeFromJson(std::string_view text)
{
    Json object = Json::parse(text, nullptr, false);
    if (object.is_object() && object.contains("recipe"))
        object = Json(object["recipe"]);
    if (!object.is_object())
        return malformed("this is not a recipe: it holds no JSON object");
    Recipe recipe;
    EMBEDSCOPE_TRY(readText(object, "method", recipe.method));
    if (recipe.method.empty())
        return malformed("the recipe names no \"method\"");
    const Method* const method = findMethod(recipe.method);
    if (method == nullptr && recipe.method != kGiven) {
        return malformed("the recipe names a method that this version does not know, \""
            + printable(recipe.method) + '"');
    }
    EMBEDSCOPE_TRY(checkKeys(object, method));
    EMBEDSCOPE_TRY(readNumber(object, "dimensions", 3, recipe.dimensions));
    EMBEDSCOPE_TRY(
        readNumber(object, "seed", std::numeric_limits<std::uint64_t>::max(), recipe.seed));
    EMBEDSCOPE_TRY(readText(object, "normalization", recipe.normalization));
    EMBEDSCOPE_TRY(readText(object, "metric", recipe.metric));
    EMBEDSCOPE_TRY(readNumber(
        object, "preprocess_pca", std::numeric_limits<int>::max(), recipe.preprocessPca));
    EMBEDSCOPE_TRY(readRecall(object, recipe.graphRecall));
    EMBEDSCOPE_TRY(readText(object, "source", recipe.source));
    EMBEDSCOPE_TRY(readText(object, "rows", recipe.rows));
    EMBEDSCOPE_TRY(readText(object, "precision", recipe.precision));
    EMBEDSCOPE_TRY(checkFields(recipe));
    for (const ParameterInfo& row :
        method != nullptr ? method->parameters : std::span<const ParameterInfo>()) {
        const auto found = object.find(row.id);
        if (found == object.end())
            continue;
        EMBEDSCOPE_TRY_ASSIGN(ParameterValue value, readParameter(row, *found));
        recipe.parameters.emplace_back(std::string(row.id), std::move(value));
    }
    return recipe;
}

Result<ProjectionRequest> requestFrom(const Recipe& recipe)
{
    if (findMethod(recipe.method) == nullptr) {
        return Error{ErrorCode::InvalidArgument,
            recipe.method == kGiven ? "coordinates that were given cannot be projected again"
                                    : "unknown method \"" + printable(recipe.method) + '"',
            {}, {}, {}};
    }
    ProjectionRequest request;
    request.method = recipe.method;
    request.dimensions = recipe.dimensions;
    request.seed = recipe.seed;
    request.normalization = recipe.normalization;
    request.preprocessPca = recipe.preprocessPca;
    request.parameters = recipe.parameters;
    return request;
}

} // namespace embedscope
