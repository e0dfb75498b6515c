#include "core/analysis/search.h"

#include "core/base/parallel.h"
#include "core/base/text.h"

#include <algorithm>
#include <memory>
#include <re2/re2.h>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 8192;

/// How well a value matches; smaller is better.
enum Rank : unsigned char
{
    Whole,
    Beginning,
    Inside,
    NoMatch
};

class Matcher
{
public:
    static Result<Matcher> make(const SearchQuery& query)
    {
        Matcher matcher;
        if (!query.isRegularExpression) {
            matcher.m_folded = foldCase(query.text);
            return matcher;
        }
        RE2::Options options;
        options.set_case_sensitive(false);
        options.set_log_errors(false);
        matcher.m_expression = std::make_shared<const RE2>(query.text, options);
        if (!matcher.m_expression->ok()) {
            return Error{ErrorCode::InvalidArgument,
                "the regular expression is not valid: " + matcher.m_expression->error(), {}, {},
                {}};
        }
        return matcher;
    }

    Rank rank(std::string_view value) const
    {
        if (m_expression) {
            return RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), *m_expression)
                ? Inside
                : NoMatch;
        }
        const std::string folded = foldCase(value);
        const auto at = folded.find(m_folded);
        if (at == std::string::npos)
            return NoMatch;
        if (at > 0)
            return Inside;
        return folded.size() == m_folded.size() ? Whole : Beginning;
    }

private:
    std::string m_folded;
    std::shared_ptr<const RE2> m_expression;
};

bool isSearchable(const Column& column)
{
    return column.kind() != ColumnKind::Image;
}

Status rankColumn(
    const Column& column, const Matcher& matcher, std::vector<Rank>& best, const Progress& progress)
{
    std::vector<Rank> ofCategory;
    const auto* categories = column.asCategory();
    if (categories) {
        for (const std::string& name : categories->categories)
            ofCategory.push_back(matcher.rank(name));
    }
    const bool isNumber = column.kind() == ColumnKind::Number;
    parallelBlocks(column.size(), kRowsPerBlock, [&](Index, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        for (Index i = begin; i < end; ++i) {
            if (column.isMissing(i))
                continue;
            const auto row = static_cast<std::size_t>(i);
            const Rank rank = categories
                ? ofCategory[static_cast<std::size_t>(categories->codes[row])]
                : matcher.rank(isNumber ? std::string_view(column.text(i)) : column.textView(i));
            best[row] = std::min(best[row], rank);
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    return {};
}

} // namespace

Result<SearchResult> search(
    const Dataset& dataset, const SearchQuery& query, const Progress& progress)
{
    SearchResult result;
    if (query.text.empty())
        return result;
    EMBEDSCOPE_TRY_ASSIGN(const Matcher matcher, Matcher::make(query));
    std::vector<Rank> best(static_cast<std::size_t>(dataset.size()), NoMatch);
    for (std::size_t c = 0; c < dataset.columns().size(); ++c) {
        const Column& column = dataset.columns()[c];
        if (isSearchable(column) && (!query.column || *query.column == c))
            EMBEDSCOPE_TRY(rankColumn(column, matcher, best, progress));
    }
    for (const Rank rank : {Whole, Beginning, Inside}) {
        for (std::size_t i = 0; i < best.size(); ++i) {
            if (best[i] == rank)
                result.ids.push_back(static_cast<PointId>(i));
        }
    }
    return result;
}

std::optional<std::size_t> matchingColumn(
    const Dataset& dataset, const SearchQuery& query, PointId row)
{
    if (query.text.empty())
        return std::nullopt;
    const auto matcher = Matcher::make(query);
    if (!matcher)
        return std::nullopt;
    const auto matches = [&](std::size_t c) {
        const Column& column = dataset.columns()[c];
        return isSearchable(column) && (!query.column || *query.column == c)
            && !column.isMissing(row) && matcher->rank(column.text(row)) != NoMatch;
    };
    if (dataset.labelColumn() && matches(*dataset.labelColumn()))
        return dataset.labelColumn();
    for (std::size_t c = 0; c < dataset.columns().size(); ++c) {
        if (matches(c))
            return c;
    }
    return std::nullopt;
}

} // namespace embedscope
