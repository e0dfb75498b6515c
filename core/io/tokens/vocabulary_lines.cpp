#include "core/base/text.h"
#include "core/io/archives/gzip_stream.h"
#include "core/io/tokens/token_labels.h"
#include "core/io/tokens/vocabulary_readers.h"

namespace embedscope {

namespace {

constexpr std::size_t kMaxInflated = std::size_t{64} << 20U;
constexpr std::size_t kClipMerges = 49152 - 256 - 2;

/// A gzip file as a whole, no more than kMaxInflated of it.
Result<std::string> inflated(const ByteSource& source)
{
    SourceStream packed(source);
    GzipStream stream(packed, source.path());
    EMBEDSCOPE_TRY_ASSIGN(std::string text, readText(stream, kMaxInflated + 1));
    if (text.size() > kMaxInflated) {
        return Error{ErrorCode::TooLarge,
            "the compressed tokenizer expands to more than " + formatBytes(kMaxInflated),
            source.path(), {}, {}};
    }
    return text;
}

/// The next line without its end, taken off the front of `text`.
std::string_view nextLine(std::string_view& text)
{
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

std::string utf8Of(std::uint32_t codePoint)
{
    std::string text;
    appendUtf8(text, codePoint);
    return text;
}

/// GPT-2's 256 signs for bytes, in the order of its vocabulary: those that stand for themselves,
/// then the others.
std::vector<std::string> byteSigns()
{
    std::vector<std::string> signs;
    for (unsigned byte = 0; byte < 256; ++byte) {
        if (isByteLevelSign(byte))
            signs.push_back(utf8Of(byte));
    }
    for (unsigned other = 0; signs.size() < 256; ++other)
        signs.push_back(utf8Of(0x100 + other));
    return signs;
}

TokenKind kindOfBertToken(std::string_view token)
{
    if (token == "[UNK]")
        return TokenKind::Unknown;
    for (const std::string_view special : {"[PAD]", "[CLS]", "[SEP]", "[MASK]"}) {
        if (token == special)
            return TokenKind::Control;
    }
    return TokenKind::Normal;
}

} // namespace

Result<Vocabulary> readVocabularyLines(const ByteSource& source, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, source.text(0, source.size()));
    std::string_view rest = bytes;
    if (rest.starts_with("\xEF\xBB\xBF"))
        rest.remove_prefix(3);
    Vocabulary vocabulary;
    bool isWordPiece = false;
    while (!rest.empty()) {
        if (vocabulary.size() % 4096 == 0 && progress.stopRequested())
            return stoppedError();
        if (vocabulary.size() >= kMaxTokens) {
            return Error{ErrorCode::TooLarge,
                "the vocabulary has more than " + formatCount(kMaxTokens) + " lines", source.path(),
                {}, {}};
        }
        std::string_view token = nextLine(rest);
        token = token.substr(0, token.find('\t'));
        isWordPiece = isWordPiece || token.starts_with("##");
        vocabulary.tokens.emplace_back(token);
        vocabulary.kinds.push_back(kindOfBertToken(token));
    }
    vocabulary.spelling = isWordPiece ? TokenSpelling::Plain : guessSpelling(vocabulary);
    vocabulary.kind = isWordPiece ? "WordPiece" : "a list of tokens";
    return vocabulary;
}

Result<Vocabulary> readClipMerges(const ByteSource& source, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(std::string text, source.text(0, source.size()));
    if (text.starts_with("\x1f\x8b")) {
        EMBEDSCOPE_TRY_ASSIGN(text, inflated(source));
    }
    if (progress.stopRequested())
        return stoppedError();
    std::string_view rest = text;
    if (!nextLine(rest).starts_with("\"bpe_simple_vocab")) {
        return Error{ErrorCode::Unsupported,
            "this compressed file is no tokenizer that is known; unpack it first", source.path(),
            {}, {}};
    }
    Vocabulary vocabulary;
    vocabulary.kind = "byte-level BPE of CLIP";
    vocabulary.spelling = TokenSpelling::WordEnd;
    const std::vector<std::string> signs = byteSigns();
    for (const std::string_view end : {"", "</w>"}) {
        for (const std::string& sign : signs)
            vocabulary.tokens.push_back(sign + std::string(end));
    }
    for (std::size_t i = 0; i < kClipMerges; ++i) {
        const std::string_view line = nextLine(rest);
        const auto space = line.find(' ');
        if (space == 0 || space == std::string_view::npos || space + 1 == line.size()) {
            return Error{ErrorCode::Malformed, "a merge is not two pieces with a space between",
                source.path(), {}, i + 2};
        }
        vocabulary.tokens.push_back(
            std::string(line.substr(0, space)) + std::string(line.substr(space + 1)));
    }
    vocabulary.kinds.assign(vocabulary.size(), TokenKind::Normal);
    for (const char* const special : {"<|startoftext|>", "<|endoftext|>"}) {
        vocabulary.tokens.emplace_back(special);
        vocabulary.kinds.push_back(TokenKind::Control);
    }
    return vocabulary;
}

} // namespace embedscope
