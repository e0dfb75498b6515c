#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// What a token is for, in the words of GGUF; Added is the Hugging Face's "added token" that is no
/// special one.
enum class TokenKind : std::uint8_t
{
    Undefined,
    Normal,
    Unknown,
    Control,
    UserDefined,
    Unused,
    Byte,
    Added,
};

/// "normal", "control", …
std::string_view tokenKindName(TokenKind kind);

/// How a tokenizer writes the text of its tokens.
enum class TokenSpelling
{
    Plain, ///< As it is (WordPiece too, whose "##ing" goes on a word).
    ByteLevel, ///< GPT-2's: every byte a printable character, "Ġthe".
    WordEnd, ///< CLIP's: the same, and the end of a word as "</w>".
    SentencePiece, ///< A space as U+2581, bytes as "<0x0A>".
};

/// The tokens of a tokenizer by their number, which is their row in the model's tables.
struct Vocabulary
{
    std::string kind; ///< "byte-level BPE"; what a person would call the tokenizer.
    std::string path; ///< Of the file; empty where the tokens stand in the checkpoint itself.
    TokenSpelling spelling = TokenSpelling::Plain;
    std::vector<std::string> tokens; ///< As they stand in the file; empty for numbers left out.
    std::vector<TokenKind> kinds; ///< As long as tokens.
    std::vector<float> scores; ///< As long as tokens, or empty.

    std::size_t size() const { return tokens.size(); }
};

/// The token as a person reads it: bytes as the text they stand for, U+2581 as a space, what is no
/// text as "<0xE2><0x80>", line breaks as \n. CLIP's pieces that do not end a word end in "⋯".
std::string tokenText(const Vocabulary& vocabulary, std::size_t token);

/// Reads any tokenizer file by its content and name: tokenizer.json (BPE, WordPiece, Unigram),
/// vocab.json or encoder.json, merges.txt (with vocab.json beside it), vocab.txt (a token a line),
/// sentencepiece's .model, tokenizer.bin of llama2.c, CLIP's bpe_simple_vocab_16e6.txt (.gz), and
/// the keys of a GGUF file. What added_tokens.json and tokenizer_config.json beside it add is
/// added. returns  Malformed with the reason; Unsupported for what is no tokenizer; TooLarge for
/// more than
///          four million tokens. Never empty.
Result<Vocabulary> readVocabulary(const ByteSource& source, const Progress& progress);

} // namespace embedscope
