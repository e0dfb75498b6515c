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

class Workbench;

/// A resumable method that places points in the plane: made once, advanced many times, so that
/// progress, stop, pause and a live preview cost nothing. Same seed, same layout, whatever the
/// number of threads and however the steps are cut: advance(200) and then the rest = all at once.
/// Thread: one at a time; not bound to a thread.
class Projection
{
public:
    virtual ~Projection() = default;

    /// Does up to `steps` iterations, fewer where it is done. Stopped leaves a valid state from
    /// which layout() gives the last whole iteration and advance() goes on.
    virtual Status advance(int steps, const Progress& progress) = 0;
    virtual bool isDone() const = 0;
    /// Changes a parameter marked isLive, from the next iteration on. The layout's recipe then
    /// tells what was changed when. InvalidArgument for any other. Not while advance() runs.
    virtual Status setLive(std::string_view id, const ParameterValue& value);
    /// Plans that many iterations more than before, also where the run was done: advance() then
    /// goes on with the parameters as they stand. 0 asks whether it can. InvalidArgument where it
    /// cannot. Not while advance() runs.
    virtual Status extend(int iterations);
    /// Iterations done and in all, at most; 1 in all for methods that do not iterate.
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
    /// Principal components kept before the method; nullopt = the method's own rule (t-SNE: 50
    /// where the table is wider); 0 = none.
    std::optional<int> preprocessPca;
    ParameterValues parameters; ///< Those that differ from the defaults.
    /// Another layout of the same dataset to start from, whatever made it; null for the method's
    /// own start. Rows that it left out start at the mean of the others.
    std::shared_ptr<const Layout> start;
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
    Result<std::unique_ptr<Projection>> (*start)(Workbench& workbench,
        const ProjectionRequest& request, const ParameterValues& values, const Progress& progress);
    /// Places the rows of `added` into a layout of the workbench's dataset that this method made,
    /// without moving any of its points. See joinLayout().
    Result<Layout> (*join)(
        Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress);
    /// Roughly how many seconds a run takes on two processors of 2024; n usable rows, d dimensions.
    double (*estimateSeconds)(
        Index n, Index d, const ProjectionRequest& request, const ParameterValues& values);
};

/// THE ARRAY of methods. Adding one: a file, a row here, a line in CMakeLists.txt.
std::span<const Method> methods();
const Method* findMethod(std::string_view id);

/// Checks the request against the method's table and starts it. InvalidArgument (wrong usage), or
/// what the method says of the data (no usable row). The workbench keeps what the next run can use
/// again.
Result<std::unique_ptr<Projection>> startProjection(
    Workbench& workbench, const ProjectionRequest& request, const Progress& progress);
/// The same for a single run: nothing is kept.
Result<std::unique_ptr<Projection>> startProjection(const std::shared_ptr<const Dataset>& dataset,
    const ProjectionRequest& request, const Progress& progress);

/// Places new rows into a layout that stays as it is: PCA exactly, t-SNE and UMAP among their
/// nearest neighbours in the full space.
///
/// layout   of the workbench's dataset, made by a row of methods().
/// added    m x d, of the same dimensions; its rows with NaN are left out.
/// returns  m rows, in the order of `added`, with the recipe of `layout`. InvalidArgument, Stopped.
Result<Layout> joinLayout(
    Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress);

/// Roughly how long a run would take on two processors of 2024, in seconds; nullopt for a request
/// that startProjection() would refuse.
std::optional<double> estimateSeconds(const Dataset& dataset, const ProjectionRequest& request);

/// Two or three number columns as the map, without projecting. Rows with a missing value are left
/// out.
Result<Layout> layoutFromColumns(const Dataset& dataset, const std::vector<std::size_t>& columns);

} // namespace embedscope
