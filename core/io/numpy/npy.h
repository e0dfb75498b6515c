#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/columns.h"
#include "core/data/matrix.h"
#include "core/data/row_subset.h"
#include "core/io/bytes/byte_source.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace embedscope {

/// NumPy's array format, shared by the readers of single arrays (NPY) and of archives of them
/// (NPZ). After NumPy's own description of the format, "numpy.lib.format".

/// What an element of the array is.
enum class NpyKind
{
    Float, ///< f2, f4, f8
    Signed,
    Unsigned,
    Bool,
    Unicode, ///< U: four bytes a code point
    Bytes, ///< S
    Unsupported, ///< Complex, dates, structures, objects and whatever else.
};

struct NpyHeader
{
    std::string descr; ///< As it stands in the file: "<f4".
    NpyKind kind = NpyKind::Unsupported;
    bool isBigEndian = false;
    bool isFortran = false;
    std::uint64_t itemBytes = 0;
    std::vector<std::uint64_t> shape;
    std::uint64_t dataOffset = 0;

    /// Product of the shape; 1 for an empty shape. Checked when the header was read.
    std::uint64_t count = 0;

    bool isNumeric() const { return kind <= NpyKind::Bool; }
    bool isText() const { return kind == NpyKind::Unicode || kind == NpyKind::Bytes; }
    std::uint64_t dataBytes() const { return count * itemBytes; }
    /// "float32", "uint8", "text"; the descr itself for what is not read.
    std::string dtypeName() const;
    /// "2,000 x 768".
    std::string shapeText() const;
};

/// Fills the span with the next bytes of a stream.
using SequentialRead = std::function<Status(std::span<std::byte> into)>;

/// The header of an array, and no more bytes than that. Malformed where it is none, with the byte.
/// The number of values times their size is known to fit 64 bits; nothing is said about the file's.
Result<NpyHeader> readNpyHeader(const SequentialRead& read, const std::string& path);

/// What of a numeric array becomes rows and columns, in words of the format: two dimensions as they
/// are, more with all but the last run together, one as a single row. Unsupported or Malformed for
/// what is no table.
struct NpyTableShape
{
    Index rows = 0;
    Index columns = 0;
    std::string warning; ///< Where the shape was not n x d.
};
Result<NpyTableShape> npyTableShape(const NpyHeader& header, const std::string& path);

/// Values from a stream in file order, converted to float32. The stream stands at the first value.
Result<Matrix> readNpyStream(const NpyHeader& header, const NpyTableShape& shape,
    const SequentialRead& read, const Progress& progress);

/// The chosen rows of a stream: it is read to the end of the last of them, and they alone are kept.
/// rows.total() == shape.rows.
Result<Matrix> readNpyStream(const NpyHeader& header, const NpyTableShape& shape,
    const RowSubset& rows, const SequentialRead& read, const Progress& progress);

/// The same from a file, several blocks at a time, straight into place where the file holds float32
/// in our order. Of an array in C order the chosen rows alone are read.
Result<Matrix> readNpyFile(const NpyHeader& header, const NpyTableShape& shape,
    const RowSubset& rows, const ByteSource& source, const Progress& progress);

/// A one-dimensional array of text or numbers as a column's values.
Result<TextValues> readNpyText(const NpyHeader& header, const SequentialRead& read);
Result<NumberValues> readNpyNumbers(const NpyHeader& header, const SequentialRead& read);

/// `count` elements at `bytes` (itemBytes each) as double. Numeric kinds alone.
void convertNpyValues(const NpyHeader& header, const std::byte* bytes, Index count, double* out);

} // namespace embedscope
