#pragma once

#include "core/io/format.h"

namespace embedscope {

/// The pairs of functions that rows of formats.cpp point at. Each pair stands in the file of its
/// format. recognize…() looks at the beginning of a file and touches nothing else; read…() returns
/// the whole table, or an Error with the byte or line.

Confidence recognizeNpy(const FileHead& head);
Result<Table> readNpy(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeWord2VecText(const FileHead& head);
Result<Table> readWord2VecText(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeGloveText(const FileHead& head);
Result<Table> readGloveText(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

} // namespace embedscope
