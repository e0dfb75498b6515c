#pragma once

#include "app/commands/command.h"

#include "core/data/layout.h"

#include <variant>

namespace embedscope::app {

/// The projection that the invocation asks for: its own request, or that of its recipe, changed as
/// the options say. An Outcome instead is the end of the command.
std::variant<ProjectionRequest, Outcome> requestOf(const Invocation& invocation);

/// Runs the whole projection. An Outcome instead of a layout is the end of the command: a failure,
/// or wrong usage where the table and the parameters do not fit.
std::variant<Layout, Outcome> projected(const std::shared_ptr<const Dataset>& dataset,
    const ProjectionRequest& request, const Progress& progress);

/// Reads a recipe that --recipe-out or --json wrote; the error names the file.
Result<Recipe> readRecipe(const std::string& path);
/// The layout of a file with the recipe that it was made by, where one is given; Malformed where
/// the two differ in dimensions.
Result<Layout> readLayoutWithRecipe(const std::string& layoutPath, const std::string& recipePath,
    const Dataset& dataset, const Progress& progress);

/// What is to be said of the table, and of the run where it was not done as asked.
std::vector<std::string> warningsOf(const Dataset& dataset, const Layout& layout);
/// "3 of 1,000 rows were left out: …" with a line break; empty where none was.
std::string omittedText(const Layout& layout);

} // namespace embedscope::app
