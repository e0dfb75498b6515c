#include "app/commands/projecting.h"

#include "core/base/text.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/writers/write.h"
#include "core/projection/recipe_json.h"

#include <algorithm>

namespace embedscope::app {

namespace {

/// A recipe has a few dozen lines; the output of a command that holds one may list omitted rows.
constexpr std::uint64_t kLargestRecipe = 64'000'000;

} // namespace

std::variant<ProjectionRequest, Outcome> requestOf(const Invocation& invocation)
{
    if (invocation.recipePath.empty())
        return invocation.projection;
    const auto recipe = readRecipe(invocation.recipePath);
    if (!recipe)
        return failed(recipe.error());
    auto request = requestFrom(*recipe);
    if (!request) {
        Error error = request.error();
        error.path = invocation.recipePath;
        return failed(error);
    }
    if (const Status applied = applyOptions(invocation.overrides, *request); !applied)
        return misused(applied.error());
    return std::move(request).value();
}

std::variant<Layout, Outcome> projected(const std::shared_ptr<const Dataset>& dataset,
    const ProjectionRequest& request, const Progress& progress)
{
    auto run = startProjection(dataset, request, progress.part(0, 0.4));
    if (!run) {
        return run.error().code == ErrorCode::InvalidArgument ? misused(run.error())
                                                              : failed(run.error());
    }
    Projection& projection = **run;
    const Progress rest = progress.part(0.4, 1);
    while (!projection.isDone()) {
        const int steps = std::max(1, projection.totalIterations() - projection.iteration());
        if (const Status status = projection.advance(steps, rest); !status)
            return failed(status.error());
    }
    return projection.layout();
}

Result<Recipe> readRecipe(const std::string& path)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto source, openFile(path));
    if (source->size() > kLargestRecipe)
        return Error{ErrorCode::TooLarge, "this is too large for a recipe", path, {}, {}};
    EMBEDSCOPE_TRY_ASSIGN(const std::string text, source->text(0, source->size()));
    auto recipe = recipeFromJson(text);
    if (recipe)
        return recipe;
    Error error = recipe.error();
    error.path = path;
    return error;
}

Result<Layout> readLayoutWithRecipe(const std::string& layoutPath, const std::string& recipePath,
    const Dataset& dataset, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(Layout layout, readLayout(layoutPath, dataset, progress));
    if (recipePath.empty())
        return layout;
    EMBEDSCOPE_TRY_ASSIGN(layout.recipe, readRecipe(recipePath));
    if (layout.recipe.dimensions != layout.dimensions()) {
        return Error{ErrorCode::Malformed,
            "the recipe is of a map in " + std::to_string(layout.recipe.dimensions)
                + " dimensions, and the layout has " + std::to_string(layout.dimensions()),
            recipePath, {}, {}};
    }
    return layout;
}

std::vector<std::string> warningsOf(const Dataset& dataset, const Layout& layout)
{
    std::vector<std::string> warnings = dataset.warnings();
    warnings.insert(
        warnings.end(), layout.diagnostics.notes.begin(), layout.diagnostics.notes.end());
    return warnings;
}

std::string omittedText(const Layout& layout)
{
    if (layout.omitted.empty())
        return {};
    return formatCount(static_cast<Index>(layout.omitted.size())) + " of "
        + formatCount(layout.size()) + " rows were left out: they hold NaN or infinite values.\n";
}

} // namespace embedscope::app
