#pragma once

#include "core/base/result.h"
#include "core/data/layout.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

enum class ParameterKind
{
    Boolean,
    Integer,
    Real,
    Choice,
    Text, ///< Free text; the method says in its help what it understands.
    Column, ///< The name of a column of the dataset; empty for none.
};

struct Choice
{
    std::string_view id; ///< As on the command line and in a recipe.
    std::string_view label; ///< As in a form.
};

/// One parameter of a method as forms, the command line and recipes see it. The method's own file
/// binds each to a field of a typed options struct.
struct ParameterInfo
{
    std::string_view id; ///< "perplexity"
    std::string_view label; ///< "Perplexity"
    /// Heading under which a form shows it: "Neighbours". Empty for those that everybody wants to
    /// see; the others may be folded away. Rows of a group stand together.
    std::string_view group;
    std::string_view
        help; ///< What it does, what increasing it does, when it is ignored. Plain sentences.
    ParameterKind kind = ParameterKind::Real;
    ParameterValue defaultValue; ///< The string "auto" where allowsAuto.
    double minimum = 0; ///< For Integer and Real; inclusive.
    double maximum = 0;
    bool allowsAuto = false; ///< Then the string "auto" is a value too, resolved when a run starts.
    bool isLive = false; ///< May be changed while a run goes on: Projection::setLive().
    std::span<const Choice> choices; ///< For Choice.
};

/// Checks a value (from a form or the command line) against the row: its type, range or choices.
/// A string is parsed into the kind of the parameter. InvalidArgument says what is allowed.
Result<ParameterValue> checkedValue(const ParameterInfo& info, const ParameterValue& value);

/// The defaults of all rows, overwritten by the given values. InvalidArgument for an unknown name
/// (and lists the valid ones) or a value out of range.
Result<ParameterValues> resolvedValues(
    std::span<const ParameterInfo> rows, const ParameterValues& given);

} // namespace embedscope
