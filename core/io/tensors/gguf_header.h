#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/columns.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/tensors/gguf_quants.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// What stands before the values in a GGUF file: keys and tensors, as ggml's gguf.md lays them
/// down.

struct GgufTensor
{
    std::string name;
    std::vector<std::uint64_t> shape; ///< Outermost first: the file has it the other way round.
    std::uint32_t typeId = 0;
    const GgufType* type = nullptr; ///< nullptr for an unknown type.
    std::uint64_t offset = 0; ///< In the file.
    std::uint64_t rowBytes = 0; ///< Bytes of the innermost dimension.
};

struct GgufHeader
{
    std::string architecture; ///< "llama"; empty where it is not said.
    std::string modelName;
    std::string tokenizer; ///< "gpt2", "llama", "bert"; empty where there is none.
    std::vector<std::string> tokens; ///< As they stand in the file.
    std::vector<float> scores; ///< As long as tokens, or empty.
    std::vector<std::int32_t> tokenTypes; ///< As long as tokens, or empty.
    std::vector<GgufTensor> tensors;
};

/// Reads and checks the header: versions 2 and 3, counts against the bytes that are left, every
/// tensor within the file. Malformed, Truncated or Unsupported otherwise, with the byte.
Result<GgufHeader> readGgufHeader(const ByteSource& source, const Progress& progress);

} // namespace embedscope
