#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/writers/rows_to_write.h"

#include <iosfwd>
#include <string>
#include <string_view>

namespace embedscope {

/// The beginning of an NPY file, version 1.0, padded to 64 bytes.
/// dtype   "<f4"; shape  "(3, 2)".
std::string npyHeader(std::string_view dtype, std::string_view shape);

/// Calls write(bytes) for the vectors of rows [begin, end), at most a few MB at a time. Rows that
/// follow each other in the table are not copied.
template <typename Write>
Status forVectorBytes(const RowsToWrite& rows, Index begin, Index end, const Write& write)
{
    const Index d = rows.dimensions();
    const auto bytesOf = [d](const float* from, Index count) {
        return std::string_view(reinterpret_cast<const char*>(from),
            static_cast<std::size_t>(count * d) * sizeof(float));
    };
    RowRoom room;
    if (rows.areAll())
        return write(bytesOf(rows.dataset().vectors().rows(begin, end, room), end - begin));
    std::string copied;
    for (Index i = begin; i < end; ++i)
        copied += bytesOf(rows.vector(i, room), 1);
    return write(std::string_view(copied));
}

/// Writes the vectors of all rows, a MB or so at a time, with reports and looks for a stop.
Status writeVectors(std::ostream& out, const RowsToWrite& rows, const Progress& progress);

/// Rows of d values whose float32 take about a MB.
Index rowsPerMegabyte(Index d);

} // namespace embedscope
