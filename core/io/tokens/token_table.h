#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/io/format.h"

#include <string>
#include <vector>

namespace embedscope {

/// Names the rows of a token table by its tokenizer: the one that ReadOptions::tokenizerPath names,
/// else what lies beside the checkpoint, where the table is called as token tables are or has
/// exactly as many rows as there are tokens, and where a reader has not labelled it already.
///
/// A tokenizer that was found and cannot be read, or has more tokens than there are rows, is told
/// in a warning.
/// returns  an Error only for a tokenizer that was named and cannot be read, and Stopped.
Status labelTokens(Table& table, const std::string& checkpointPath, const ReadOptions& options,
    const Progress& progress);

/// The tokenizer files that may belong to a checkpoint, best first: in its folder, in "tokenizer"
/// there, and for diffusers' text_encoder and text_encoder_2 in ../tokenizer and ../tokenizer_2.
std::vector<std::string> findTokenizers(const std::string& checkpointPath);

} // namespace embedscope
