#pragma once

#include "core/io/tensors/gguf_header.h"
#include "core/io/tokens/vocabulary.h"

namespace embedscope {

/// The tokens that a GGUF file carries in its keys; empty where there are none.
Vocabulary vocabularyOf(GgufHeader header);

} // namespace embedscope
