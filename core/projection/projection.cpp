#include "core/projection/projection.h"

#include "core/base/text.h"

namespace embedscope {

namespace {

Error misuse(std::string detail)
{
    return Error{ErrorCode::InvalidArgument, std::move(detail), {}, {}, {}};
}

} // namespace

Result<std::unique_ptr<Projection>> startProjection(const std::shared_ptr<const Dataset>& dataset,
    const ProjectionRequest& request, const Progress& progress)
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
    return method->start(dataset, request, values, progress);
}

} // namespace embedscope
