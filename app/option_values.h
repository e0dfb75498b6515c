#pragma once

#include "core/base/index.h"

#include <CLI/CLI.hpp>

#include <string>
#include <utility>

namespace embedscope::app {

// What the options of a command share: values that are checked where they are given.

/// Wrong usage, in a sentence without a final full stop.
[[noreturn]] void refuse(const std::string& sentence);

/// A whole number in a range; refuses any other text.
Index integerIn(const std::string& option, const std::string& text, Index minimum, Index maximum);

/// "800x600" or "20,3": two numbers between 1 and `maximum`.
std::pair<Index, Index> pairOf(const std::string& option, const std::string& text, char separator,
    const std::string& example, Index maximum);

/// An option with one value, which `take` checks and stores.
template <typename Take>
CLI::Option* addValue(CLI::App& app, const std::string& names, Take take, const std::string& help,
    const std::string& typeName)
{
    return app.add_option_function<std::string>(names, std::move(take), help)
        ->type_name(typeName)
        ->expected(1)
        ->allow_extra_args(false);
}

} // namespace embedscope::app
