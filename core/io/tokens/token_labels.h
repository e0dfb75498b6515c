#pragma once

#include <string>
#include <string_view>

namespace embedscope {

/// How tokenizers write their tokens, and the text they stand for.

/// Byte-level BPE (GPT-2 and its heirs) writes each byte as a printable character: " the" stands as
/// "Ġthe". Back to text; the token as it is where its bytes are no UTF-8 of their own.
std::string fromByteLevel(std::string_view token);

/// Whether a byte is written as the character of the same number: printable ones (! to ~, U+00A1 to
/// U+00AC, U+00AE to U+00FF). The others are numbered from U+0100 on.
bool isByteLevelSign(unsigned byte);

/// The bytes that such a token stands for; the token itself where it holds anything else.
std::string byteLevelBytes(std::string_view token);

/// Bytes as one line that can be read: text as it is, line breaks and tabs as \n, \r and \t, what
/// is no text as "<0x1B>".
std::string readableBytes(std::string_view bytes);

/// sentencepiece writes a space as U+2581: "▁the" to " the".
std::string fromSentencePiece(std::string_view token);

} // namespace embedscope
