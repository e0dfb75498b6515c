#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/layout.h"
#include "core/projection/parameters.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace embedscope {

/// A resumable method that places points in the plane: made once, advanced many times, so that
/// progress, stop, pause and a live preview cost nothing. Same seed, same layout, whatever the number of
/// threads and however the steps are cut: advance(200) and then the rest = all at once.
/// Thread: one at a time; not bound to a thread.
class Projection
{
public:
    virtual ~Projection() = default;

    /// Does up to `steps` iterations, fewer where it is done. Stopped leaves a valid state from which
    /// layout() gives the last whole iteration and advance() goes on.
    virtual Status advance(int steps, const Progress& progress) = 0;
    virtual bool isDone() const = 0;
    /// Iterations done and in all; 1 in all for methods that do not iterate.
    virtual int iteration() const = 0;
    virtual int totalIterations() const = 0;
    /// A snapshot: all n rows in file order, with recipe and diagnostics. Finite at any time.
    virtual Layout layout() const = 0;
};

/// What to run.
struct ProjectionRequest
{
    std::string method = "pca";
    int dimensions = 2;
    std::uint64_t seed = 0;
    std::string normalization = "none"; ///< none, center, unit: done before everything else.
    /// Principal components kept before the method; nullopt = the method's own rule (t-SNE: 50 where the
    /// table is wider); 0 = none.
    std::optional<int> preprocessPca;
    ParameterValues parameters; ///< Those that differ from the defaults.
};

/// A row of the array of methods.
struct Method
{
    std::string_view id; ///< "tsne"
    std::string_view name; ///< "t-SNE"
    std::string_view description; ///< What the picture shows and what it does not. Plain sentences.
    std::span<const ParameterInfo> parameters;
    bool isIterative;
    /// Starts a run on checked values (resolvedValues() of `parameters`). Does the costly set-up
    /// (neighbours, affinities) before it returns; reports and stops meanwhile.
    Result<std::unique_ptr<Projection>> (*start)(const std::shared_ptr<const Dataset>& dataset,
        const ProjectionRequest& request, const ParameterValues& values, const Progress& progress);
};

/// THE ARRAY of methods. Adding one: a file, a row here, a line in CMakeLists.txt.
std::span<const Method> methods();
const Method* findMethod(std::string_view id);

/// Checks the request against the method's table and starts it. InvalidArgument (wrong usage), or what
/// the method says of the data (no usable row).
Result<std::unique_ptr<Projection>> startProjection(const std::shared_ptr<const Dataset>& dataset,
    const ProjectionRequest& request, const Progress& progress);

/// Two or three number columns as the map, without projecting. Rows with a missing value are left out.
Result<Layout> layoutFromColumns(const Dataset& dataset, const std::vector<std::size_t>& columns);

} // namespace embedscope
