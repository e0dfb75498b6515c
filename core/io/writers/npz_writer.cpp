#include "core/base/parallel.h"
#include "core/io/writers/npy_writer.h"
#include "core/io/writers/stored_zip.h"
#include "core/io/writers/text_rows.h"
#include "core/io/writers/write.h"
#include "core/io/writers/writer_list.h"

#include <algorithm>
#include <cstring>
#include <ostream>

namespace embedscope {

namespace {

using Field = RowsToWrite::Field;

constexpr Index kRowsPerBlock = 4096;
constexpr const char* kVectors = "vectors";
/// Beyond that, text that one long value would blow up is written as UTF-8 rather than UTF-32.
constexpr std::uint64_t kMuchText = std::uint64_t{256} << 20U;

/// Code points of valid UTF-8.
std::u32string codePoints(std::string_view text)
{
    std::u32string result;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        char32_t c = length == 1 ? lead : lead & (0x7fU >> length);
        for (std::size_t j = 1; j < length && i + j < text.size(); ++j)
            c = c << 6U | (static_cast<unsigned char>(text[i + j]) & 0x3fU);
        result += c;
        i += length;
    }
    return result;
}

/// A column as an array: texts of one width, or float64.
struct Array
{
    const Field* field = nullptr;
    std::string name;
    bool isNumber = false;
    bool isUtf8 = false;
    std::uint64_t width = 0; ///< Bytes of a value.

    std::string dtype() const
    {
        return isNumber ? "<f8"
            : isUtf8    ? "|S" + std::to_string(width)
                        : "<U" + std::to_string(width / 4);
    }
};

/// The longest value in bytes and in code points, of a column of text.
Array planOf(const RowsToWrite& rows, const Field& field, std::string name)
{
    Array array;
    array.field = &field;
    array.name = std::move(name);
    array.isNumber = field.column->kind() == ColumnKind::Number;
    array.width = sizeof(double);
    if (array.isNumber)
        return array;
    const auto blocks = static_cast<std::size_t>(blockCount(rows.size(), kRowsPerBlock));
    std::vector<std::uint64_t> longest(blocks, 1);
    std::vector<std::uint64_t> mostPoints(blocks, 1);
    parallelBlocks(rows.size(), kRowsPerBlock, [&](Index block, Index begin, Index end) {
        const auto at = static_cast<std::size_t>(block);
        for (Index i = begin; i < end; ++i) {
            const std::string text = rows.text(field, i);
            const auto points = std::count_if(text.begin(), text.end(),
                [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
            longest[at] = std::max<std::uint64_t>(longest[at], text.size());
            mostPoints[at]
                = std::max<std::uint64_t>(mostPoints[at], static_cast<std::uint64_t>(points));
        }
    });
    array.width = 4 * *std::max_element(mostPoints.begin(), mostPoints.end());
    if (array.width * static_cast<std::uint64_t>(rows.size()) > kMuchText) {
        array.isUtf8 = true;
        array.width = *std::max_element(longest.begin(), longest.end());
    }
    return array;
}

/// The values of rows [begin, end) as they stand in the array.
std::string valuesOf(const RowsToWrite& rows, const Array& array, Index begin, Index end)
{
    std::string bytes(array.width * static_cast<std::uint64_t>(end - begin), '\0');
    for (Index i = begin; i < end; ++i) {
        char* const to = bytes.data() + array.width * static_cast<std::uint64_t>(i - begin);
        if (array.isNumber) {
            const double value = rows.number(*array.field, i);
            std::memcpy(to, &value, sizeof value);
            continue;
        }
        const std::string text = rows.text(*array.field, i);
        if (array.isUtf8) {
            std::memcpy(to, text.data(), text.size());
        } else {
            const std::u32string points = codePoints(text);
            std::memcpy(to, points.data(), points.size() * 4);
        }
    }
    return bytes;
}

/// A member's name: a column's, without what has a meaning in paths.
std::string memberName(std::string name)
{
    for (char& c : name) {
        if (c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) < ' ')
            c = '_';
    }
    name.resize(std::min<std::size_t>(name.size(), 1000));
    return name.empty() || name.front() == '.' ? '_' + name : name;
}

Status addColumn(
    StoredZip& zip, const RowsToWrite& rows, const Array& array, const Progress& progress)
{
    const std::string header = npyHeader(array.dtype(), '(' + std::to_string(rows.size()) + ",)");
    const std::uint64_t bytes
        = header.size() + array.width * static_cast<std::uint64_t>(rows.size());
    const Index step = std::max<Index>(1, (Index{1} << 20U) / static_cast<Index>(array.width));
    return zip.add(
        array.name + ".npy", bytes,
        [&](const StoredZip::Sink& sink, const Progress& part) -> Status {
            EMBEDSCOPE_TRY(sink(header));
            for (Index i = 0; i < rows.size(); i += step) {
                if (part.stopRequested())
                    return stoppedError();
                part.report("Writing", static_cast<double>(i) / static_cast<double>(rows.size()));
                EMBEDSCOPE_TRY(sink(valuesOf(rows, array, i, std::min(i + step, rows.size()))));
            }
            return {};
        },
        progress);
}

Status addVectors(StoredZip& zip, const RowsToWrite& rows, const Progress& progress)
{
    const std::string header = npyHeader(
        "<f4", '(' + std::to_string(rows.size()) + ", " + std::to_string(rows.dimensions()) + ')');
    const std::uint64_t bytes = header.size()
        + static_cast<std::uint64_t>(rows.size() * rows.dimensions()) * sizeof(float);
    const Index step = rowsPerMegabyte(rows.dimensions());
    return zip.add(
        std::string(kVectors) + ".npy", bytes,
        [&](const StoredZip::Sink& sink, const Progress& part) -> Status {
            EMBEDSCOPE_TRY(sink(header));
            for (Index i = 0; i < rows.size(); i += step) {
                if (part.stopRequested())
                    return stoppedError();
                part.report("Writing", static_cast<double>(i) / static_cast<double>(rows.size()));
                EMBEDSCOPE_TRY(forVectorBytes(rows, i, std::min(i + step, rows.size()), sink));
            }
            return {};
        },
        progress);
}

} // namespace

Status writeNpz(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress)
{
    if (rows.hasPictures())
        warnings.emplace_back("NPZ holds no pictures, so they were left out.");
    std::vector<std::string> names{kVectors};
    std::vector<Array> arrays;
    for (const Field& field : rows.fields()) {
        if (progress.stopRequested())
            return stoppedError();
        names.push_back(freeName(memberName(field.name), names));
        arrays.push_back(planOf(rows, field, names.back()));
    }
    return writeAtomically(path, [&](std::ostream& out) -> Status {
        StoredZip zip(out);
        const double share = arrays.empty() ? 1 : 0.7;
        EMBEDSCOPE_TRY(addVectors(zip, rows, progress.part(0, share)));
        for (std::size_t c = 0; c < arrays.size(); ++c) {
            const double each = (1 - share) / static_cast<double>(arrays.size());
            const double begin = share + each * static_cast<double>(c);
            EMBEDSCOPE_TRY(addColumn(zip, rows, arrays[c], progress.part(begin, begin + each)));
        }
        return zip.finish();
    });
}

} // namespace embedscope
