#include "core/base/text.h"
#include "core/io/text/json_text.h"
#include "core/io/tokens/vocabulary_readers.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace embedscope {

namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::uint64_t kMaxSmallFile = std::uint64_t{32} << 20U;

/// What tokenizer.json says, gathered while it is parsed: the file as a whole, most of which is
/// merges, is never in memory as a document.
class VocabularyEvents : public nlohmann::json_sax<nlohmann::json>
{
public:
    std::vector<NumberedToken> tokens;
    std::vector<NumberedToken> added;
    std::vector<float> scores; ///< Of a Unigram model, by number.
    std::string model; ///< "BPE"
    std::string unknown; ///< Its token.
    bool isByteLevel = false;
    bool isFlat = true; ///< An object of tokens and numbers.
    bool hasTooMany = false;

    bool null() override { return next(); }
    bool boolean(bool value) override
    {
        if (isIn(2, "added_tokens") && m_levels.back().key == "special" && value)
            m_added.kind = TokenKind::Control;
        return next();
    }
    bool number_integer(number_integer_t value) override
    {
        return value >= 0 ? number_unsigned(static_cast<number_unsigned_t>(value))
                          : number(static_cast<double>(value));
    }
    bool number_unsigned(number_unsigned_t value) override
    {
        if (m_levels.size() == 1 && !m_levels[0].isList)
            return add(tokens, {m_levels[0].key, value, TokenKind::Normal}) && next();
        if (isIn(2, "model") && m_levels[1].key == "vocab" && m_levels.size() == 3
            && !m_levels[2].isList)
            return add(tokens, {m_levels[2].key, value, TokenKind::Normal}) && next();
        if (isIn(2, "added_tokens") && m_levels.back().key == "id")
            m_added.number = value;
        if (isIn(1, "model") && m_levels.back().key == "unk_id")
            m_unknownNumber = value;
        return number(static_cast<double>(value));
    }
    bool number_float(number_float_t value, const string_t& /*text*/) override
    {
        return number(value);
    }
    bool string(string_t& value) override
    {
        if (isIn(1, "model") && m_levels.back().key == "type")
            model = value;
        else if (isIn(1, "model") && m_levels.back().key == "unk_token")
            unknown = value;
        else if (isPiece() && m_levels[3].item == 0)
            m_piece = std::move(value);
        else if (isIn(2, "added_tokens") && m_levels.back().key == "content")
            m_added.token = std::move(value);
        else if (m_levels.size() > 1 && m_levels.back().key == "type" && value == "ByteLevel"
            && (m_levels[0].key == "decoder" || m_levels[0].key == "pre_tokenizer"))
            isByteLevel = true;
        return next();
    }
    bool binary(binary_t& /*value*/) override { return next(); }
    bool start_object(std::size_t /*count*/) override
    {
        if (m_levels.size() == 2 && isIn(2, "added_tokens"))
            m_added = {{}, 0, TokenKind::Added};
        return open(false);
    }
    bool key(string_t& value) override
    {
        m_levels.back().key = std::move(value);
        return true;
    }
    bool end_object() override
    {
        m_levels.pop_back();
        if (m_levels.size() == 2 && isIn(2, "added_tokens") && !m_added.token.empty())
            return add(added, std::move(m_added)) && next();
        return next();
    }
    bool start_array(std::size_t /*count*/) override { return open(true); }
    bool end_array() override
    {
        if (isPiece()) {
            if (!add(tokens, {std::move(m_piece), tokens.size(), TokenKind::Normal}))
                return false;
            m_piece.clear();
            scores.resize(tokens.size());
            if (m_unknownNumber && *m_unknownNumber == tokens.size() - 1)
                tokens.back().kind = TokenKind::Unknown;
        }
        m_levels.pop_back();
        return next();
    }
    bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
        const nlohmann::detail::exception& /*error*/) override
    {
        return false;
    }

private:
    struct Level
    {
        bool isList = false;
        std::string key; ///< Of an object.
        std::size_t item = 0; ///< Of a list.
    };

    bool open(bool isList)
    {
        if (m_levels.size() >= kMaxDepth)
            return false;
        if (m_levels.size() == 1)
            isFlat = false;
        m_levels.push_back({isList, {}, 0});
        return true;
    }
    bool next()
    {
        if (!m_levels.empty())
            ++m_levels.back().item;
        return true;
    }
    /// Whether we are in the value of that key of the whole, with so many levels or more.
    bool isIn(std::size_t levels, std::string_view key) const
    {
        return m_levels.size() >= levels && m_levels[0].key == key;
    }
    /// ["piece", score] in the list of a Unigram model.
    bool isPiece() const
    {
        return m_levels.size() == 4 && isIn(1, "model") && m_levels[1].key == "vocab"
            && m_levels[2].isList && m_levels[3].isList;
    }
    bool number(double value)
    {
        if (isPiece() && m_levels[3].item == 1) {
            scores.resize(tokens.size() + 1);
            scores.back() = static_cast<float>(value);
        }
        return next();
    }
    bool add(std::vector<NumberedToken>& list, NumberedToken token)
    {
        hasTooMany = list.size() >= kMaxTokens;
        if (!hasTooMany)
            list.push_back(std::move(token));
        return !hasTooMany;
    }

    std::vector<Level> m_levels;
    NumberedToken m_added;
    std::string m_piece;
    std::optional<std::uint64_t> m_unknownNumber;
};

Error malformed(const std::string& path, const std::string& detail)
{
    return Error{ErrorCode::Malformed, detail, path, {}, {}};
}

std::optional<nlohmann::ordered_json> jsonBeside(const std::string& path, const char* name)
{
    const auto file = std::filesystem::path(path).parent_path() / name;
    std::error_code failed;
    if (!std::filesystem::is_regular_file(file, failed))
        return std::nullopt;
    const auto source = openFile(file.string());
    if (!source || (*source)->size() > kMaxSmallFile)
        return std::nullopt;
    const auto text = (*source)->text(0, (*source)->size());
    return text ? parseJson(*text) : std::nullopt;
}

std::string kindOf(const VocabularyEvents& events, TokenSpelling spelling)
{
    if (events.isFlat && events.model.empty()) {
        return spelling == TokenSpelling::Plain        ? "a list of tokens"
            : spelling == TokenSpelling::SentencePiece ? "sentencepiece"
                                                       : "byte-level BPE";
    }
    if (events.model == "BPE" && spelling != TokenSpelling::SentencePiece
        && spelling != TokenSpelling::Plain)
        return "byte-level BPE";
    return events.model.empty() ? "a tokenizer" : printable(events.model.substr(0, 40));
}

} // namespace

Result<Vocabulary> readJsonVocabulary(const ByteSource& source, const Progress& progress)
{
    const std::string& path = source.path();
    if (source.size() > kMaxTokenizerBytes)
        return Error{ErrorCode::TooLarge, "is too large for a tokenizer", path, {}, {}};
    EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, source.text(0, source.size()));
    progress.report("Reading the tokenizer", 0);
    VocabularyEvents events;
    const auto skipped = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    const bool isWhole = nlohmann::json::sax_parse(bytes.begin() + skipped, bytes.end(), &events);
    if (progress.stopRequested())
        return stoppedError();
    if (events.hasTooMany) {
        return Error{ErrorCode::TooLarge,
            "the tokenizer lists more than " + formatCount(kMaxTokens) + " tokens", path, {}, {}};
    }
    if (!isWhole)
        return malformed(path, "is not valid JSON. Is the download complete?");
    if (events.tokens.empty() && events.added.empty())
        return malformed(path, "this JSON holds no vocabulary, so it is no tokenizer");

    Vocabulary vocabulary;
    for (NumberedToken& token : events.tokens) {
        if (!events.unknown.empty() && token.token == events.unknown)
            token.kind = TokenKind::Unknown;
    }
    vocabulary.scores = std::move(events.scores);
    EMBEDSCOPE_TRY(place(std::move(events.tokens), path, vocabulary));
    // The unknown token is listed as a special one besides.
    for (NumberedToken& token : events.added) {
        if (!events.unknown.empty() && token.token == events.unknown)
            token.kind = TokenKind::Unknown;
    }
    EMBEDSCOPE_TRY(place(std::move(events.added), path, vocabulary));
    vocabulary.spelling = guessSpelling(vocabulary);
    if (events.isByteLevel && vocabulary.spelling != TokenSpelling::WordEnd)
        vocabulary.spelling = TokenSpelling::ByteLevel;
    vocabulary.kind = kindOf(events, vocabulary.spelling);
    return vocabulary;
}

Status addTokensBeside(Vocabulary& vocabulary, const Progress& progress)
{
    if (progress.stopRequested())
        return stoppedError();
    std::vector<NumberedToken> more;
    if (const auto added = jsonBeside(vocabulary.path, "added_tokens.json");
        added && added->is_object()) {
        for (const auto& [token, number] : added->items()) {
            if (number.is_number_unsigned())
                more.push_back({token, number.get<std::uint64_t>(), TokenKind::Added});
        }
    }
    const auto config = jsonBeside(vocabulary.path, "tokenizer_config.json");
    if (config && config->is_object() && config->contains("added_tokens_decoder")
        && (*config)["added_tokens_decoder"].is_object()) {
        for (const auto& [number, token] : (*config)["added_tokens_decoder"].items()) {
            const auto value = parseInteger(number);
            if (!value || *value < 0 || !token.is_object() || !token.contains("content")
                || !token["content"].is_string())
                continue;
            const bool isSpecial = token.contains("special") && token["special"].is_boolean()
                && token["special"].get<bool>();
            more.push_back({token["content"].get<std::string>(), static_cast<std::uint64_t>(*value),
                isSpecial ? TokenKind::Control : TokenKind::Added});
        }
    }
    // Only what the tokenizer itself lacks, or calls a token like any other.
    std::erase_if(more, [&](const NumberedToken& token) {
        return token.token.empty()
            || (token.number < vocabulary.size()
                && !vocabulary.tokens[static_cast<std::size_t>(token.number)].empty()
                && vocabulary.kinds[static_cast<std::size_t>(token.number)] != TokenKind::Normal);
    });
    return more.empty() ? Status() : place(std::move(more), vocabulary.path, vocabulary);
}

} // namespace embedscope
