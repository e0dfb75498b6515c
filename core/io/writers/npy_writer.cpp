#include "core/io/writers/npy_writer.h"

#include "core/io/writers/text_rows.h"
#include "core/io/writers/write.h"
#include "core/io/writers/writer_list.h"

#include <algorithm>
#include <bit>

namespace embedscope {

static_assert(std::endian::native == std::endian::little);

std::string npyHeader(std::string_view dtype, std::string_view shape)
{
    std::string header = "{'descr': '" + std::string(dtype)
        + "', 'fortran_order': False, 'shape': " + std::string(shape) + ", }";
    while ((10 + header.size() + 1) % 64 != 0)
        header += ' ';
    header += '\n';
    const std::string start{'\x93', 'N', 'U', 'M', 'P', 'Y', '\1', '\0',
        static_cast<char>(header.size() & 0xffU), static_cast<char>(header.size() >> 8U)};
    return start + header;
}

Index rowsPerMegabyte(Index d)
{
    return std::max<Index>(1, (Index{1} << 18U) / std::max<Index>(1, d));
}

Status writeVectors(std::ostream& out, const RowsToWrite& rows, const Progress& progress)
{
    const Index step = rowsPerMegabyte(rows.dimensions());
    for (Index i = 0; i < rows.size(); i += step) {
        if (progress.stopRequested())
            return stoppedError();
        progress.report("Writing", static_cast<double>(i) / static_cast<double>(rows.size()));
        EMBEDSCOPE_TRY(forVectorBytes(rows, i, std::min(i + step, rows.size()),
            [&](std::string_view bytes) { return writeBytes(out, bytes); }));
    }
    return {};
}

Status writeNpyRows(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress)
{
    warnOfColumns(rows, false, "NPY", warnings);
    return writeAtomically(path, [&](std::ostream& out) -> Status {
        EMBEDSCOPE_TRY(writeBytes(out,
            npyHeader("<f4",
                '(' + std::to_string(rows.size()) + ", " + std::to_string(rows.dimensions())
                    + ')')));
        return writeVectors(out, rows, progress);
    });
}

Status writeNpy(const std::string& path, MatrixView matrix, const Progress& progress)
{
    return writeAtomically(path, [&](std::ostream& out) -> Status {
        EMBEDSCOPE_TRY(writeBytes(out,
            npyHeader("<f4",
                '(' + std::to_string(matrix.rows()) + ", " + std::to_string(matrix.columns())
                    + ')')));
        const Index step = rowsPerMegabyte(matrix.columns());
        for (Index i = 0; i < matrix.rows(); i += step) {
            if (progress.stopRequested())
                return stoppedError();
            progress.report("Writing", static_cast<double>(i) / static_cast<double>(matrix.rows()));
            const Index count = std::min(step, matrix.rows() - i) * matrix.columns();
            EMBEDSCOPE_TRY(writeBytes(out,
                {reinterpret_cast<const char*>(matrix.row(i)),
                    static_cast<std::size_t>(count) * sizeof(float)}));
        }
        return {};
    });
}

} // namespace embedscope
