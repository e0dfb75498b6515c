#include "core/io/vectors/raw_floats.h"
#include "core/base/text.h"
#include "core/io/numpy/npy.h"
#include "core/io/readers.h"

#include <algorithm>
#include <array>

namespace embedscope {

namespace {

struct RawType
{
    std::string_view name;
    std::string_view descr;
    NpyKind kind;
    std::uint64_t bytes;
};

constexpr std::array kTypes{
    RawType{"float32", "<f4", NpyKind::Float, 4},
    RawType{"float16", "<f2", NpyKind::Float, 2},
    RawType{"float64", "<f8", NpyKind::Float, 8},
    RawType{"int8", "|i1", NpyKind::Signed, 1},
    RawType{"uint8", "|u1", NpyKind::Unsigned, 1},
    RawType{"int16", "<i2", NpyKind::Signed, 2},
    RawType{"uint16", "<u2", NpyKind::Unsigned, 2},
    RawType{"int32", "<i4", NpyKind::Signed, 4},
    RawType{"uint32", "<u4", NpyKind::Unsigned, 4},
    RawType{"int64", "<i8", NpyKind::Signed, 8},
    RawType{"uint64", "<u8", NpyKind::Unsigned, 8},
};

Result<RawType> findType(const std::string& name, const std::string& path)
{
    if (name.empty())
        return kTypes.front();
    std::string list;
    for (const RawType& type : kTypes) {
        if (type.name == name)
            return type;
        list += (list.empty() ? "" : ", ") + std::string(type.name);
    }
    return Error{ErrorCode::InvalidArgument,
        "\"" + printable(name) + "\" is no type of number known here; there are " + list, path, {},
        {}};
}

std::string shapeText(Index rows, Index columns)
{
    return formatCount(rows) + " x " + formatCount(columns);
}

} // namespace

Result<Table> readRawNumbers(const ByteSource& source, std::pair<Index, Index> shape, bool isGuess,
    const std::string& dtype, const RowChoice& choice, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const RawType type, findType(dtype, source.path()));
    auto [rows, columns] = shape;
    const auto count = static_cast<Index>(source.size() / type.bytes);
    if (rows < 1 || columns < 1 || columns > count) {
        return Error{ErrorCode::Malformed,
            "the file's " + formatBytes(source.size()) + " cannot hold " + shapeText(rows, columns)
                + " values of type " + std::string(type.name),
            source.path(), {}, {}};
    }
    Table table;
    const bool isWhole = source.size() % type.bytes == 0;
    if (!isWhole || count % columns != 0 || count / columns != rows) {
        if (isGuess) {
            // The rows may be right where the columns lie.
            if (isWhole && count % columns != 0 && rows <= count && count % rows == 0)
                columns = count / rows;
            rows = count / columns;
        } else if (rows > count / columns) {
            return Error{ErrorCode::Truncated,
                "the file ends before " + shapeText(rows, columns) + " values of type "
                    + std::string(type.name) + " do. Is the shape right?",
                source.path(), source.size(), {}};
        }
        const auto rest = source.size() - static_cast<std::uint64_t>(rows * columns) * type.bytes;
        std::string warning = isGuess
            ? "The file holds " + shapeText(rows, columns) + " values, not "
                + shapeText(shape.first, shape.second) + " as the configuration says"
            : "The first " + shapeText(rows, columns) + " values are read";
        if (rest > 0)
            warning += "; " + formatBytes(rest) + " after them are left out";
        table.warnings.push_back(warning + '.');
    }
    NpyHeader header;
    header.descr = type.descr;
    header.kind = type.kind;
    header.itemBytes = type.bytes;
    header.shape = {static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns)};
    header.count = static_cast<std::uint64_t>(rows * columns);
    EMBEDSCOPE_TRY_ASSIGN(const RowSubset chosen, chosenRows(choice, rows, source.path()));
    EMBEDSCOPE_TRY_ASSIGN(table.vectors,
        readNpyFile(header, NpyTableShape{rows, columns, {}}, chosen, source, progress));
    table.provenance.rows = chosen;
    table.provenance.dtype = type.name;
    return table;
}

Confidence recognizeRawFloats(const FileHead& head)
{
    return head.extension == "bytes" ? Confidence::Extension : Confidence::No;
}

Result<Table> readRawFloats(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    if (options.shape)
        return readRawNumbers(source, *options.shape, false, options.dtype, options.rows, progress);
    if (auto table = readThroughConfigBeside(source, options, progress))
        return *std::move(table);
    return Error{ErrorCode::InvalidArgument,
        "the file holds numbers without saying how many a row: give --shape ROWS,COLUMNS, or open "
        "the "
        "projector's JSON configuration that names it",
        source.path(), {}, {}};
}

} // namespace embedscope
