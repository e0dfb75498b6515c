#pragma once

#include <string>
#include <string_view>

namespace embedscope {

/// How tokenizers write their tokens, and the text they stand for.

/// Byte-level BPE (GPT-2 and its heirs) writes each byte as a printable character: " the" stands as
/// "Ġthe". Back to text; the token as it is where its bytes are no UTF-8 of their own.
std::string fromByteLevel(std::string_view token);

/// sentencepiece writes a space as U+2581: "▁the" to " the".
std::string fromSentencePiece(std::string_view token);

} // namespace embedscope
