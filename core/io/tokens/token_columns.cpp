#include "core/io/tokens/token_columns.h"

#include "core/base/text.h"
#include "core/io/tokens/token_script.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace embedscope {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// Categories in the order in which they are met.
class CategoryBuilder
{
public:
    explicit CategoryBuilder(Index rows) { m_values.codes.reserve(static_cast<std::size_t>(rows)); }
    void append(std::string_view name)
    {
        if (name.empty()) {
            m_values.codes.push_back(-1);
            return;
        }
        const auto [found, isNew]
            = m_codes.try_emplace(name, static_cast<std::int32_t>(m_values.categories.size()));
        if (isNew)
            m_values.categories.emplace_back(name);
        m_values.codes.push_back(found->second);
    }
    CategoryValues take() { return std::move(m_values); }

private:
    CategoryValues m_values;
    std::unordered_map<std::string_view, std::int32_t> m_codes; ///< Of names that live for ever.
};

double characterCount(std::string_view text)
{
    return static_cast<double>(std::count_if(text.begin(), text.end(),
        [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

/// Whether the token is written in letters that mean something to a person.
bool isText(TokenKind kind)
{
    return kind == TokenKind::Normal || kind == TokenKind::UserDefined || kind == TokenKind::Added
        || kind == TokenKind::Undefined;
}

/// The text without the mark of a piece that does not end a word.
std::string_view withoutMark(const Vocabulary& vocabulary, std::string_view text)
{
    constexpr std::string_view kMark = "⋯";
    if (vocabulary.spelling == TokenSpelling::WordEnd && text.ends_with(kMark)
        && text.size() > kMark.size())
        text.remove_suffix(kMark.size());
    return text;
}

} // namespace

Columns tokenColumns(const Vocabulary& vocabulary, Index rows, std::vector<std::string>& warnings)
{
    const auto tokens = static_cast<Index>(vocabulary.size());
    TextValues labels;
    TextValues raw;
    CategoryBuilder kinds(rows);
    CategoryBuilder scripts(rows);
    NumberValues lengths;
    lengths.values.reserve(static_cast<std::size_t>(rows));
    bool isSpelled = false;
    for (Index row = 0; row < rows; ++row) {
        if (row >= tokens) {
            labels.append("[unused " + std::to_string(row) + ']');
            raw.appendMissing();
            kinds.append(tokenKindName(TokenKind::Unused));
            scripts.append({});
            lengths.values.push_back(kMissing);
            continue;
        }
        const auto token = static_cast<std::size_t>(row);
        const TokenKind kind = vocabulary.kinds[token];
        const std::string text = tokenText(vocabulary, token);
        isSpelled = isSpelled || text != vocabulary.tokens[token];
        labels.append(text);
        raw.append(vocabulary.tokens[token]);
        kinds.append(tokenKindName(kind));
        const std::string_view own = withoutMark(vocabulary, text);
        scripts.append(isText(kind) ? scriptOf(own) : std::string_view());
        lengths.values.push_back(isText(kind) ? characterCount(own) : kMissing);
    }
    Columns columns;
    columns.emplace_back("token", std::move(labels));
    columns.emplace_back("token type", kinds.take());
    columns.emplace_back("length", std::move(lengths));
    columns.emplace_back("script", scripts.take());
    if (isSpelled)
        columns.emplace_back("raw token", std::move(raw));
    const bool hasScores = std::any_of(
        vocabulary.scores.begin(), vocabulary.scores.end(), [](float score) { return score != 0; });
    if (hasScores) {
        NumberValues scores;
        scores.values.assign(vocabulary.scores.begin(), vocabulary.scores.end());
        scores.values.resize(static_cast<std::size_t>(rows), kMissing);
        columns.emplace_back("score", std::move(scores));
    }
    if (rows > tokens) {
        warnings.push_back("The last " + formatCount(rows - tokens)
            + " rows are beyond the vocabulary of " + formatCount(tokens)
            + " tokens; they are labelled as unused.");
    }
    return columns;
}

} // namespace embedscope
