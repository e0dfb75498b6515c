#include "core/io/numpy/npy.h"

#include "core/base/text.h"
#include "core/io/readers.h"

#include <array>

namespace embedscope {

Confidence recognizeNpy(const FileHead& head)
{
    return head.bytes.starts_with("\x93NUMPY") ? Confidence::Certain : Confidence::No;
}

Result<Table> readNpy(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    std::uint64_t offset = 0;
    const SequentialRead read = [&](std::span<std::byte> into) {
        auto status = source.read(offset, into);
        offset += into.size();
        return status;
    };
    EMBEDSCOPE_TRY_ASSIGN(const NpyHeader header, readNpyHeader(read, source.path()));
    EMBEDSCOPE_TRY_ASSIGN(NpyTableShape shape, npyTableShape(header, source.path()));
    const std::uint64_t available = source.size() - header.dataOffset;
    if (header.dataBytes() > available) {
        return Error{ErrorCode::Truncated,
            "the header promises " + header.shapeText() + " values of " + header.dtypeName() + " ("
                + formatBytes(header.dataBytes()) + ") but only " + formatBytes(available)
                + " follow. Is the download complete?",
            source.path(), source.size(), {}};
    }
    Table table;
    EMBEDSCOPE_TRY_ASSIGN(
        const RowSubset rows, chosenRows(options.rows, shape.rows, source.path()));
    EMBEDSCOPE_TRY_ASSIGN(table.vectors, readNpyFile(header, shape, rows, source, progress));
    table.provenance.rows = rows;
    table.provenance.dtype = header.dtypeName();
    if (!shape.warning.empty())
        table.warnings.push_back(std::move(shape.warning));
    if (header.dataBytes() < available) {
        table.warnings.push_back(formatBytes(available - header.dataBytes())
            + " behind the last value of the array are left unread.");
    }
    return table;
}

} // namespace embedscope
