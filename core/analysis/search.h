#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"

#include <optional>
#include <string>
#include <vector>

namespace embedscope {

struct SearchQuery
{
    std::string text; ///< UTF-8. Empty finds nothing.
    bool isRegularExpression = false; ///< RE2 syntax: linear time whatever is typed.
    std::optional<std::size_t> column; ///< nullopt = every text, category and number column.
};

/// Rows that match.
struct SearchResult
{
    /// Best first: the whole value, then its beginning, then the rest, each in file order; in file
    /// order alone for regular expressions.
    std::vector<PointId> ids;
};

/// Rows with a value that holds the text, without regard to case as Unicode folds it.
///
/// returns  InvalidArgument for a regular expression that is none (with RE2's own words), Stopped.
/// cost     one pass over the values, on several threads; each category's name is looked at once.
Result<SearchResult> search(
    const Dataset& dataset, const SearchQuery& query, const Progress& progress);

/// The column in which a row matches the query: the label column where it does, else the first
/// that does; nullopt where none does or the expression is not valid. For showing why a row is a
/// hit; the query is prepared anew at each call.
std::optional<std::size_t> matchingColumn(
    const Dataset& dataset, const SearchQuery& query, PointId row);

} // namespace embedscope
