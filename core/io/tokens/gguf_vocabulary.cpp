#include "core/io/tokens/gguf_vocabulary.h"

#include "core/io/tokens/vocabulary_readers.h"

namespace embedscope {

Vocabulary vocabularyOf(GgufHeader header)
{
    Vocabulary vocabulary;
    vocabulary.kind = header.tokenizer.empty() ? "the model's own" : header.tokenizer;
    if (header.tokenizer == "gpt2")
        vocabulary.spelling = TokenSpelling::ByteLevel;
    else if (header.tokenizer == "llama" || header.tokenizer == "t5" || header.tokenizer == "bert")
        vocabulary.spelling = TokenSpelling::SentencePiece;
    vocabulary.tokens = std::move(header.tokens);
    vocabulary.scores = std::move(header.scores);
    vocabulary.kinds.assign(vocabulary.size(), TokenKind::Normal);
    constexpr auto kLast = static_cast<std::int32_t>(TokenKind::Byte);
    for (std::size_t i = 0; i < header.tokenTypes.size() && i < vocabulary.size(); ++i) {
        const std::int32_t type = header.tokenTypes[i];
        vocabulary.kinds[i]
            = type >= 0 && type <= kLast ? static_cast<TokenKind>(type) : TokenKind::Undefined;
    }
    refineKinds(vocabulary);
    return vocabulary;
}

} // namespace embedscope
