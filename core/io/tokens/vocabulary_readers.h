#pragma once

#include "core/io/tokens/vocabulary.h"

#include <optional>
#include <utility>

namespace embedscope {

/// One reader a kind of tokenizer file; readVocabulary() chooses between them.

inline constexpr std::uint64_t kMaxTokenizerBytes = std::uint64_t{128} << 20U;
inline constexpr std::size_t kMaxTokens = 4'000'000;

/// tokenizer.json, or an object of tokens and numbers (vocab.json).
Result<Vocabulary> readJsonVocabulary(const ByteSource& source, const Progress& progress);
/// A token a line; what stands behind a tab is left out.
Result<Vocabulary> readVocabularyLines(const ByteSource& source, const Progress& progress);
/// The ModelProto of sentencepiece, of which the pieces are read.
Result<Vocabulary> readSentencePieceModel(const ByteSource& source, const Progress& progress);
Result<Vocabulary> readLlama2Tokenizer(const ByteSource& source, const Progress& progress);
/// CLIP's merges, from which its vocabulary follows; gzip-compressed or not.
Result<Vocabulary> readClipMerges(const ByteSource& source, const Progress& progress);
Result<Vocabulary> readGgufVocabulary(const ByteSource& source, const Progress& progress);

/// Whether a file begins as sentencepiece's models do.
bool looksLikeSentencePiece(std::string_view bytes);

/// A token with its number, from files that may list them in any order.
struct NumberedToken
{
    std::string token;
    std::uint64_t number = 0;
    TokenKind kind = TokenKind::Normal;
};

/// Puts each token at its number. Numbers left out become unused; a later token takes the place of
/// an earlier one. Malformed for a number far beyond the count of tokens.
Status place(std::vector<NumberedToken> tokens, const std::string& path, Vocabulary& vocabulary);

/// Tells from the tokens how they are spelled, where the file does not say.
TokenSpelling guessSpelling(const Vocabulary& vocabulary);

/// Finds the byte tokens, and the unused ones by their names ("[unused7]").
void refineKinds(Vocabulary& vocabulary);

/// Adds what added_tokens.json and tokenizer_config.json beside the file say.
Status addTokensBeside(Vocabulary& vocabulary, const Progress& progress);

} // namespace embedscope
