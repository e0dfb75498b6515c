#include "core/io/readers.h"
#include "core/io/text/vector_text.h"

namespace embedscope {

Confidence recognizeWord2VecText(const FileHead& head)
{
    const auto look = lookAtVectorText(head.bytes, head.bytes.size() == head.fileSize);
    return look.isVectorText && look.hasHeader ? Confidence::Likely : Confidence::No;
}

Result<Table> readWord2VecText(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    return readVectorText(source, options.rows, progress);
}

Confidence recognizeGloveText(const FileHead& head)
{
    const auto look = lookAtVectorText(head.bytes, head.bytes.size() == head.fileSize);
    if (!look.isVectorText || look.hasHeader || look.dimensions == 1)
        return Confidence::No;
    return look.sampledRows > 1 ? Confidence::Likely : Confidence::Plausible;
}

Result<Table> readGloveText(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    return readVectorText(source, options.rows, progress);
}

} // namespace embedscope
