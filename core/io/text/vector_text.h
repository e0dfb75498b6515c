#pragma once

#include "core/io/format.h"

#include <string_view>

namespace embedscope {

/// Lines of "label number number …", separated by spaces: word2vec text, fastText .vec and, without
/// a first line of counts, GloVe. Labels may contain spaces, so values are counted from the right;
/// how many there are is what most lines say, not what the first line claims.

/// What the beginning of such a file looks like.
struct VectorTextLook
{
    bool isVectorText = false;
    bool hasHeader = false; ///< A first line "rows columns".
    bool hasLabels = true;
    bool hasDecimalCommas = false; ///< Numbers like "0,5": recognised, to be refused in words.
    bool isRagged = false; ///< No number of values is shared by half of the lines.
    bool hasMark = false; ///< A byte order mark in front.
    Index promisedRows = 0; ///< By the header.
    Index promisedColumns = 0;
    Index dimensions = 0; ///< Numbers a line, by the lines themselves and the header.
    Index usualNumbers = 0; ///< Numbers at the end of most lines; more than dimensions where labels
                            ///< end in numbers.
    std::uint64_t dataOffset = 0; ///< Where the first row begins.
    Index sampledRows = 0;
};

/// bytes    the beginning of the file.
/// isWhole  whether that is all of it; else the last line is taken to be cut.
VectorTextLook lookAtVectorText(std::string_view bytes, bool isWhole);

/// Reads such a file, with or without header. Memory: the matrix, the labels, and a few megabytes.
/// Speed: parallel over fixed blocks; the bytes are read twice (lines are counted first).
Result<Table> readVectorText(
    const ByteSource& source, const RowChoice& choice, const Progress& progress);

} // namespace embedscope
