#include "core/io/tokens/vocabulary.h"

#include "core/base/text.h"
#include "core/io/tokens/token_labels.h"
#include "core/io/tokens/vocabulary_readers.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace embedscope {

namespace {

constexpr std::string_view kWordEnd = "</w>";
constexpr std::string_view kSpaceSign = "\xe2\x96\x81"; // U+2581

bool isAllSpaces(std::string_view text)
{
    return !text.empty() && text.find_first_not_of(' ') == std::string_view::npos;
}

/// "<0x0A>": how sentencepiece and llama.cpp write a byte.
bool isByteName(std::string_view token)
{
    const auto isHex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    };
    return token.size() == 6 && token.starts_with("<0x") && token.ends_with('>') && isHex(token[3])
        && isHex(token[4]);
}

bool isUnusedName(std::string_view token)
{
    return token.starts_with("[unused") || token.starts_with("<unused");
}

std::string_view withoutWordEnd(std::string_view token)
{
    if (token.size() > kWordEnd.size() && token.ends_with(kWordEnd))
        token.remove_suffix(kWordEnd.size());
    return token;
}

std::string nameInFolder(const std::string& path, const char* name)
{
    return (std::filesystem::path(path).parent_path() / name).string();
}

} // namespace

std::string_view tokenKindName(TokenKind kind)
{
    constexpr auto kNames = std::to_array<std::string_view>(
        {"undefined", "normal", "unknown", "control", "user-defined", "unused", "byte", "added"});
    return kNames[static_cast<std::size_t>(kind)];
}

std::string tokenText(const Vocabulary& vocabulary, std::size_t token)
{
    const std::string& raw = vocabulary.tokens[token];
    const TokenKind kind = vocabulary.kinds[token];
    if (raw.empty())
        return "[unused " + std::to_string(token) + ']';
    std::string text;
    const bool isLiteral = kind == TokenKind::Control || kind == TokenKind::Unknown
        || kind == TokenKind::Added || kind == TokenKind::UserDefined;
    if (vocabulary.spelling == TokenSpelling::SentencePiece)
        text = readableBytes(fromSentencePiece(raw));
    else if (isLiteral || vocabulary.spelling == TokenSpelling::Plain)
        text = readableBytes(raw);
    else if (vocabulary.spelling == TokenSpelling::ByteLevel)
        text = readableBytes(byteLevelBytes(raw));
    else
        text = readableBytes(byteLevelBytes(withoutWordEnd(raw)))
            + (withoutWordEnd(raw).size() == raw.size() ? "⋯" : "");
    // Nothing but spaces would be nothing at all on the screen.
    if (!isAllSpaces(text))
        return text;
    std::string signs;
    for (std::size_t i = 0; i < text.size(); ++i)
        signs += "␣";
    return signs;
}

Status place(std::vector<NumberedToken> tokens, const std::string& path, Vocabulary& vocabulary)
{
    // Real vocabularies leave out few numbers; a hostile one would ask for memory with a large one.
    const std::uint64_t most = 4 * (tokens.size() + vocabulary.size()) + 4096;
    for (NumberedToken& token : tokens) {
        if (token.number >= most || token.number >= kMaxTokens) {
            return Error{ErrorCode::Malformed,
                "the token \"" + printable(token.token.substr(0, 100)) + "\" has the number "
                    + std::to_string(token.number) + ", far beyond the "
                    + formatCount(static_cast<std::int64_t>(tokens.size()))
                    + " tokens that are listed",
                path, {}, {}};
        }
        const auto number = static_cast<std::size_t>(token.number);
        if (number >= vocabulary.size()) {
            vocabulary.tokens.resize(number + 1);
            vocabulary.kinds.resize(number + 1, TokenKind::Unused);
        }
        vocabulary.tokens[number] = std::move(token.token);
        vocabulary.kinds[number] = token.kind;
    }
    if (!vocabulary.scores.empty())
        vocabulary.scores.resize(vocabulary.size());
    return {};
}

TokenSpelling guessSpelling(const Vocabulary& vocabulary)
{
    std::size_t wordEnds = 0;
    std::size_t spaceSigns = 0;
    std::size_t stood = 0; // "Ġ", a space of byte-level BPE, at the beginning.
    for (const std::string& token : vocabulary.tokens) {
        wordEnds += token.ends_with(kWordEnd) ? 1 : 0;
        spaceSigns += token.starts_with(kSpaceSign) ? 1 : 0;
        stood += token.starts_with("\xc4\xa0") ? 1 : 0;
    }
    const std::size_t some = std::max<std::size_t>(1, vocabulary.size() / 50);
    if (wordEnds >= some)
        return TokenSpelling::WordEnd;
    if (stood >= some)
        return TokenSpelling::ByteLevel;
    return spaceSigns >= some ? TokenSpelling::SentencePiece : TokenSpelling::Plain;
}

void refineKinds(Vocabulary& vocabulary)
{
    const bool isByteLevel = vocabulary.spelling == TokenSpelling::ByteLevel
        || vocabulary.spelling == TokenSpelling::WordEnd;
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
        const std::string& token = vocabulary.tokens[i];
        TokenKind& kind = vocabulary.kinds[i];
        if (isUnusedName(token) || token.empty())
            kind = TokenKind::Unused;
        else if (kind == TokenKind::Normal
            && (isByteName(token)
                || (isByteLevel && !isValidUtf8(byteLevelBytes(withoutWordEnd(token))))))
            kind = TokenKind::Byte;
    }
}

Result<Vocabulary> readVocabulary(const ByteSource& source, const Progress& progress)
{
    const std::string& path = source.path();
    EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(0, 4096));
    const std::string name = std::filesystem::path(path).filename().string();
    const auto start = head.find_first_not_of("\xEF\xBB\xBF \t\r\n");
    const bool isGguf = head.starts_with("GGUF");
    if (source.size() > kMaxTokenizerBytes && !isGguf) {
        return Error{ErrorCode::TooLarge,
            "the file is " + formatBytes(source.size()) + ", and no tokenizer is larger than "
                + formatBytes(kMaxTokenizerBytes),
            path, {}, {}};
    }
    const auto read = [&]() -> Result<Vocabulary> {
        if (isGguf)
            return readGgufVocabulary(source, progress);
        if (head.starts_with("\x1f\x8b") || head.starts_with("\"bpe_simple_vocab"))
            return readClipMerges(source, progress);
        if (name.starts_with("merges") || head.starts_with("#version:")) {
            auto vocabulary = openFile(nameInFolder(path, "vocab.json"));
            if (!vocabulary) {
                return Error{ErrorCode::Unsupported,
                    "merges alone do not number the tokens, and there is no vocab.json beside them",
                    path, {}, {}};
            }
            return readJsonVocabulary(**vocabulary, progress);
        }
        if (start != std::string::npos && head[start] == '{')
            return readJsonVocabulary(source, progress);
        if (looksLikeSentencePiece(head))
            return readSentencePieceModel(source, progress);
        if (name.ends_with(".bin"))
            return readLlama2Tokenizer(source, progress);
        if (head.find('\0') != std::string::npos) {
            return Error{ErrorCode::Unsupported,
                "this is no tokenizer that is known: tokenizer.json, vocab.json, vocab.txt, "
                "sentencepiece's .model, tokenizer.bin of llama2.c, CLIP's merges or a GGUF file",
                path, {}, {}};
        }
        return readVocabularyLines(source, progress);
    };
    EMBEDSCOPE_TRY_ASSIGN(Vocabulary vocabulary, read());
    vocabulary.path = path;
    if (!isGguf)
        EMBEDSCOPE_TRY(addTokensBeside(vocabulary, progress));
    refineKinds(vocabulary);
    if (vocabulary.tokens.empty())
        return Error{ErrorCode::Malformed, "the tokenizer has no tokens", path, {}, {}};
    return vocabulary;
}

} // namespace embedscope
