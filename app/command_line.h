#pragma once

#include "app/projection_options.h"
#include "core/analysis/quality.h"
#include "core/base/index.h"
#include "core/io/format.h"
#include "core/neighbors/metric.h"
#include "core/plot/orbit.h"
#include "core/projection/projection.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace embedscope::app {

/// What the program is to do: open its window, or one of the headless commands.
enum class Command
{
    Window,
    Info,
    Neighbors,
    Project,
    Join,
    Quality,
    Render,
    Convert,
    Methods,
    Formats
};

/// The arguments as they were understood and checked. Only the fields of its command are set.
struct Invocation
{
    Command command = Command::Window;
    /// Window: any number; formats and methods: none; every other command: one.
    std::vector<std::string> files;
    std::vector<std::string> added; ///< Files whose rows are joined below those of the first.
    ReadOptions reading;
    int threads = 0; ///< 0 = follow the processor affinity.
    bool asJson = false;
    std::string out; ///< project, join, render, convert: the file to write.

    std::string format; ///< convert: id of the writer; empty: as the extension of `out` says.

    // neighbors
    std::optional<std::string> queryLabel; ///< Either this
    std::optional<Index> queryRow; ///< or this.
    Index k = 10;
    Metric metric = Metric::Cosine;
    /// Only rows that have this value in this column.
    std::optional<std::pair<std::string, std::string>> among;

    // project, render
    ProjectionRequest projection; ///< Checked against the table of its method; without a recipe.
    ProjectionOptions overrides; ///< With a recipe: what is to be otherwise.
    std::string startPath; ///< project: a layout to start from.
    std::string recipeOut; ///< project: where the recipe is written besides.
    /// project, render: instead of a method. quality, join: of the layout.
    std::string recipePath;
    /// render (instead of a projection), quality, join: a layout made before.
    std::string layoutPath;

    // join
    std::string basePath; ///< The table of the layout.
    std::optional<std::pair<Index, Index>> baseShape;

    // quality
    QualityOptions quality;
    std::optional<Metric> qualityMetric; ///< Instead of the recipe's.
    bool wantsDivergence = false;
    std::optional<double> perplexity; ///< Of the divergence.
    std::string columnsOut; ///< The figures of single rows, as CSV or TSV.

    // render
    int width = 1600;
    int height = 1000;
    std::string colorBy; ///< Column; empty = one colour.
    int labels = 0; ///< How many points are named on the map, at most.
    bool isDark = false;
    int azimuth = static_cast<int>(Turn::kStandardAzimuth); ///< From where a layout of three
    int elevation = static_cast<int>(Turn::kStandardElevation); ///< dimensions is seen; degrees.
};

/// Nothing to run: help, the version, or what was wrong with the arguments.
struct EarlyExit
{
    int code = 0; ///< 0, or 2 for wrong usage.
    std::string out;
    std::string err;
};

/// Understands the arguments (without the program's name). A first word that is the name of a
/// command asks for it; a file of that name is opened as ./info.
std::variant<Invocation, EarlyExit> parseCommandLine(const std::vector<std::string>& arguments);

} // namespace embedscope::app
