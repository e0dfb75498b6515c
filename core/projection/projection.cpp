#include "core/projection/projection.h"

#include "core/base/text.h"
#include "core/projection/workbench.h"

namespace embedscope {

namespace {

Error misuse(std::string detail)
{
    return Error{ErrorCode::InvalidArgument, std::move(detail), {}, {}, {}};
}

/// A request that was found to be possible: the method, and all its values.
struct Checked
{
    const Method* method;
    ParameterValues values;
};

Result<Checked> check(const ProjectionRequest& request)
{
    const Method* method = findMethod(request.method);
    if (method == nullptr) {
        std::string valid;
        for (const Method& row : methods())
            valid.append(valid.empty() ? "" : ", ").append(row.id);
        return misuse(
            "unknown method \"" + printable(request.method) + "\"; the valid ones are " + valid);
    }
    if (request.dimensions != 2 && request.dimensions != 3) {
        return misuse("a layout has 2 or 3 dimensions, not " + std::to_string(request.dimensions));
    }
    if (request.normalization != "none" && request.normalization != "center"
        && request.normalization != "unit") {
        return misuse("unknown normalization \"" + printable(request.normalization)
            + "\"; the valid ones are none, center, unit");
    }
    if (request.preprocessPca && *request.preprocessPca < 0)
        return misuse("the number of principal components to keep must be 0 or more, not "
            + std::to_string(*request.preprocessPca));
    EMBEDSCOPE_TRY_ASSIGN(
        const ParameterValues values, resolvedValues(method->parameters, request.parameters));
    return Checked{method, values};
}

} // namespace

Status Projection::setLive(std::string_view id, const ParameterValue&)
{
    return misuse("\"" + printable(id) + "\" cannot be changed while the method runs");
}

Status Projection::extend(int)
{
    return misuse("this method cannot go on beyond its end");
}

Result<std::unique_ptr<Projection>> startProjection(
    Workbench& workbench, const ProjectionRequest& request, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const Checked checked, check(request));
    const Index n = workbench.dataset()->size();
    if (request.start && request.start->size() != n) {
        return misuse("the layout to start from has " + formatCount(request.start->size())
            + " rows and the table " + formatCount(n));
    }
    return checked.method->start(workbench, request, checked.values, progress);
}

Result<std::unique_ptr<Projection>> startProjection(const std::shared_ptr<const Dataset>& dataset,
    const ProjectionRequest& request, const Progress& progress)
{
    Workbench workbench(dataset);
    return startProjection(workbench, request, progress);
}

Result<Layout> joinLayout(
    Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress)
{
    const Dataset& dataset = *workbench.dataset();
    const Method* method = findMethod(layout.recipe.method);
    if (method == nullptr)
        return misuse("nothing can join a map that was not projected by one of the methods");
    if (layout.size() != dataset.size()) {
        return misuse("the layout has " + formatCount(layout.size()) + " rows and the table "
            + formatCount(dataset.size()));
    }
    if (added.dimensions() != dataset.dimensions()) {
        return misuse("the new rows have " + formatCount(added.dimensions())
            + " dimensions and the table " + formatCount(dataset.dimensions()));
    }
    return method->join(workbench, layout, added, progress);
}

std::optional<double> estimateSeconds(const Dataset& dataset, const ProjectionRequest& request)
{
    const auto checked = check(request);
    if (!checked)
        return std::nullopt;
    return checked->method->estimateSeconds(
        dataset.usableCount(), dataset.dimensions(), request, checked->values);
}

} // namespace embedscope
