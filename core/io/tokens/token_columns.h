#pragma once

#include "core/data/columns.h"
#include "core/io/tokens/vocabulary.h"

#include <string>
#include <vector>

namespace embedscope {

/// What is known of the rows of a token table, as columns beside it: the token's text (the first,
/// the label), its type, its length in characters, its script, the token as the file has it where
/// that differs, and its score where the tokenizer gives scores.
///
/// rows     of the table: at least as many as tokens. Rows beyond the vocabulary are called
///          "[unused 17]", of type "unused".
/// warnings gets a sentence where there are such rows.
Columns tokenColumns(const Vocabulary& vocabulary, Index rows, std::vector<std::string>& warnings);

} // namespace embedscope
