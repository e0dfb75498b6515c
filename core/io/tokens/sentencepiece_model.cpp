#include "core/base/text.h"
#include "core/io/bytes/byte_cursor.h"
#include "core/io/tokens/gguf_vocabulary.h"
#include "core/io/tokens/vocabulary_readers.h"

#include <bit>
#include <cstring>

namespace embedscope {

namespace {

// The wire format of protocol buffers: a key of field and type, then the value.
constexpr unsigned kVarint = 0;
constexpr unsigned kFixed64 = 1;
constexpr unsigned kBytes = 2;
constexpr unsigned kFixed32 = 5;

/// One message, read from front to back; every step fails where its bytes are not there.
class WireReader
{
public:
    explicit WireReader(std::string_view bytes)
        : m_rest(bytes)
    {
    }

    bool isAtEnd() const { return m_rest.empty(); }
    bool key(std::uint64_t& field, unsigned& type)
    {
        std::uint64_t value = 0;
        if (!varint(value))
            return false;
        field = value >> 3U;
        type = static_cast<unsigned>(value & 7U);
        return field != 0;
    }
    bool varint(std::uint64_t& value)
    {
        value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (m_rest.empty())
                return false;
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80)
                return true;
        }
        return false;
    }
    bool bytes(std::string_view& value)
    {
        std::uint64_t count = 0;
        return varint(count) && take(count, value);
    }
    bool fixed32(std::uint32_t& value)
    {
        std::string_view four;
        if (!take(4, four))
            return false;
        std::memcpy(&value, four.data(), 4);
        return true;
    }
    bool skip(unsigned type)
    {
        std::uint64_t number = 0;
        std::string_view some;
        switch (type) {
        case kVarint:
            return varint(number);
        case kFixed64:
            return take(8, some);
        case kBytes:
            return bytes(some);
        case kFixed32:
            return take(4, some);
        default:
            return false; // Groups, which nobody writes any more.
        }
    }

private:
    bool take(std::uint64_t count, std::string_view& value)
    {
        if (count > m_rest.size())
            return false;
        value = m_rest.substr(0, static_cast<std::size_t>(count));
        m_rest.remove_prefix(static_cast<std::size_t>(count));
        return true;
    }

    std::string_view m_rest;
};

TokenKind kindOfPiece(std::uint64_t type)
{
    switch (type) {
    case 1:
        return TokenKind::Normal;
    case 2:
        return TokenKind::Unknown;
    case 3:
        return TokenKind::Control;
    case 4:
        return TokenKind::UserDefined;
    case 5:
        return TokenKind::Unused;
    case 6:
        return TokenKind::Byte;
    default:
        return TokenKind::Undefined;
    }
}

/// SentencePiece: piece = 1, score = 2, type = 3 (NORMAL where it is left out).
bool readPiece(std::string_view message, Vocabulary& vocabulary)
{
    WireReader reader(message);
    std::string_view piece;
    std::uint32_t score = 0;
    std::uint64_t kind = 1;
    while (!reader.isAtEnd()) {
        std::uint64_t field = 0;
        unsigned type = 0;
        if (!reader.key(field, type))
            return false;
        const bool isRead = field == 1 && type == kBytes ? reader.bytes(piece)
            : field == 2 && type == kFixed32             ? reader.fixed32(score)
            : field == 3 && type == kVarint              ? reader.varint(kind)
                                                         : reader.skip(type);
        if (!isRead)
            return false;
    }
    vocabulary.tokens.emplace_back(piece);
    vocabulary.kinds.push_back(kindOfPiece(kind));
    vocabulary.scores.push_back(std::bit_cast<float>(score));
    return true;
}

} // namespace

bool looksLikeSentencePiece(std::string_view bytes)
{
    // The first piece: its field, its length, and its own field of text.
    if (bytes.size() < 5 || bytes[0] != '\x0a')
        return false;
    const auto length = static_cast<unsigned char>(bytes[1]);
    return length >= 2 && length < 0x80 && bytes[2] == '\x0a'
        && static_cast<unsigned char>(bytes[3]) + 2U <= length;
}

Result<Vocabulary> readSentencePieceModel(const ByteSource& source, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, source.text(0, source.size()));
    const auto broken = [&]() {
        return Error{ErrorCode::Malformed,
            "the sentencepiece model is broken or cut. Is the download complete?", source.path(),
            {}, {}};
    };
    WireReader reader(bytes);
    Vocabulary vocabulary;
    vocabulary.kind = "sentencepiece";
    vocabulary.spelling = TokenSpelling::SentencePiece;
    while (!reader.isAtEnd()) {
        std::uint64_t field = 0;
        unsigned type = 0;
        if (!reader.key(field, type))
            return broken();
        if (field != 1 || type != kBytes) {
            if (!reader.skip(type))
                return broken();
            continue;
        }
        if (vocabulary.size() % 4096 == 0 && progress.stopRequested())
            return stoppedError();
        std::string_view piece;
        if (vocabulary.size() >= kMaxTokens || !reader.bytes(piece)
            || !readPiece(piece, vocabulary))
            return broken();
    }
    return vocabulary;
}

Result<Vocabulary> readLlama2Tokenizer(const ByteSource& source, const Progress& progress)
{
    constexpr std::uint32_t kLongestToken = 1U << 16U;
    ByteCursor cursor(source, "tokenizer");
    EMBEDSCOPE_TRY_ASSIGN(const auto longest, cursor.number<std::uint32_t>());
    if (longest == 0 || longest > kLongestToken) {
        return Error{ErrorCode::Unsupported, "this .bin file is no tokenizer as llama2.c writes it",
            source.path(), {}, {}};
    }
    Vocabulary vocabulary;
    vocabulary.kind = "sentencepiece, as llama2.c keeps it";
    vocabulary.spelling = TokenSpelling::SentencePiece;
    while (cursor.remaining() > 0) {
        if (vocabulary.size() % 4096 == 0 && progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(const auto score, cursor.number<float>());
        EMBEDSCOPE_TRY_ASSIGN(const auto length, cursor.number<std::uint32_t>());
        if (length > longest || vocabulary.size() >= kMaxTokens) {
            return Error{ErrorCode::Malformed,
                "a token is longer than the longest the file speaks of", source.path(),
                cursor.position(), {}};
        }
        EMBEDSCOPE_TRY_ASSIGN(std::string token, cursor.text(length));
        TokenKind kind = TokenKind::Normal;
        if (token == "<unk>")
            kind = TokenKind::Unknown;
        else if (token == "\n<s>\n" || token == "\n</s>\n" || token == "<s>" || token == "</s>")
            kind = TokenKind::Control;
        vocabulary.tokens.push_back(std::string(trimmed(token)).empty() || kind == TokenKind::Normal
                ? std::move(token)
                : std::string(trimmed(token)));
        vocabulary.kinds.push_back(kind);
        vocabulary.scores.push_back(score);
    }
    return vocabulary;
}

Result<Vocabulary> readGgufVocabulary(const ByteSource& source, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(GgufHeader header, readGgufHeader(source, progress));
    return vocabularyOf(std::move(header));
}

} // namespace embedscope
