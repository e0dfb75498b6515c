#include "core/io/hdf5/hdf5_values.h"

#include "core/base/text.h"
#include "core/io/bytes/elements.h"
#include "core/io/bytes/read_blocks.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace embedscope {

namespace {

// No table of embeddings is stored so tightly; a bomb is.
constexpr std::uint64_t kSuspiciousRatio = 200;
constexpr std::uint64_t kSuspiciousSparseRatio = 1000; // Zeros take no room at all there.
constexpr std::uint64_t kSuspiciousBytes = std::uint64_t{32} << 20U;
constexpr Index kBandValues = Index{1} << 20U; // Of the rows of which some are wanted.
constexpr std::uint64_t kSparseBlock = 1U << 20U; // Entries read at once.

constexpr auto kPlainTypes = std::to_array<ElementType>(
    {ElementType::Int8, ElementType::UInt8, ElementType::Int16, ElementType::UInt16,
        ElementType::Int32, ElementType::UInt32, ElementType::Int64, ElementType::UInt64,
        ElementType::Float16, ElementType::BFloat16, ElementType::Float32, ElementType::Float64});

std::optional<ElementType> plainType(const std::string& name)
{
    for (const ElementType type : kPlainTypes) {
        if (elementName(type) == name)
            return type;
    }
    return std::nullopt;
}

std::string quoted(const std::string& path)
{
    return '"' + printable(std::string_view(path).substr(0, 200)) + '"';
}

Error tooLarge(const std::string& path, std::uint64_t stored, std::uint64_t expanded, bool isBomb)
{
    return Error{ErrorCode::TooLarge,
        "the dataset " + quoted(path) + " expands from " + formatBytes(stored) + " to "
            + formatBytes(expanded)
            + (isBomb ? ", as only a decompression bomb does" : ", more than is allowed")
            + "; --max-bytes " + std::to_string(expanded) + " opens it all the same",
        {}, {}, {}};
}

bool isDefaultLimit(const ReadOptions& options)
{
    return options.maxBytes == ReadOptions().maxBytes;
}

/// Of a column of float64 or int64, before it is known whether there can be so many.
std::uint64_t columnBytes(const Hdf5Object& object)
{
    return checkedProduct(object.rows(), sizeof(double)).value_or(UINT64_MAX);
}

Error disagree(const Hdf5Table& table, const char* what)
{
    return Error{ErrorCode::Malformed,
        "the sparse table " + quoted(table.summary.name) + " contradicts itself: " + what, {}, {},
        {}};
}

} // namespace

Status Hdf5Values::admit(const Hdf5Object& object, std::uint64_t bytesWanted) const
{
    if (!object.refusal.empty()) {
        return Error{ErrorCode::Unsupported,
            quoted(object.path) + " cannot be read: " + object.refusal, {}, {}, {}};
    }
    if (object.storedBytes > m_source.size()) {
        return Error{ErrorCode::Truncated,
            "the dataset " + quoted(object.path) + " claims to take "
                + formatBytes(object.storedBytes) + " of a file of " + formatBytes(m_source.size())
                + ". Is the download complete?",
            {}, {}, {}};
    }
    // Rows of varying length lie elsewhere in the file than the dataset that refers to them.
    const bool isElsewhere = object.type.kind == hdf5::Class::NumberRows;
    const std::uint64_t stored = isElsewhere ? m_source.size() : object.storedBytes;
    const std::uint64_t expanded = std::max(bytesWanted, object.expandedBytes);
    if (expanded <= stored)
        return {};
    // A value takes at least a byte there and at most eight here.
    if (!isElsewhere && bytesWanted / sizeof(double) > object.expandedBytes)
        return hdf5Damaged("sizes that contradict each other");
    const bool isBomb = isDefaultLimit(m_options) && expanded > kSuspiciousBytes
        && expanded / kSuspiciousRatio > stored;
    // float32 out of a smaller type is no expansion of the file's doing.
    const bool isOver
        = (isElsewhere || object.expandedBytes > stored) && expanded > m_options.maxBytes;
    if (isBomb || isOver)
        return tooLarge(object.path, stored, expanded, isBomb);
    return {};
}

Status Hdf5Values::makeRoom(
    const Hdf5Object& object, std::uint64_t bytesWanted, const Progress& progress)
{
    EMBEDSCOPE_TRY(admit(object, bytesWanted));
    return m_library.makeRoom(std::max(bytesWanted, object.expandedBytes), progress);
}

bool Hdf5Values::canChooseRows(const Hdf5Table& table)
{
    return !table.isSparse && !table.isKeyed && !table.isTransposed
        && table.summary.shape.size() == 2;
}

Result<Matrix> Hdf5Values::dense(
    const Hdf5Table& table, const RowSubset& rows, Index columns, const Progress& progress)
{
    if (!table.isTransposed)
        return stored(table, rows, columns, progress);
    const Index count = rows.count();
    EMBEDSCOPE_TRY_ASSIGN(
        const Matrix byColumn, stored(table, RowSubset::all(columns), count, progress));
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(count, columns));
    for (Index i = 0; i < count; ++i) {
        if (progress.stopRequested())
            return stoppedError();
        for (Index j = 0; j < columns; ++j)
            matrix(i, j) = byColumn(j, i);
    }
    return matrix;
}

Result<Matrix> Hdf5Values::stored(
    const Hdf5Table& table, const RowSubset& rows, Index columns, const Progress& progress)
{
    const Hdf5Object& object = *table.object;
    const auto count = checkedProduct(
        static_cast<std::uint64_t>(rows.total()), static_cast<std::uint64_t>(columns));
    const auto bytes = count ? checkedProduct(*count, sizeof(float)) : std::nullopt;
    if (!bytes)
        return tooLarge(object.path, object.storedBytes, UINT64_MAX, false);
    const auto type = plainType(object.type.name);
    const bool isPlain = table.member.empty() && object.offset != hdf5::kNoOffset
        && !object.isFiltered && object.refusal.empty() && type
        && *count <= object.storedBytes / elementBytes(*type);
    if (isPlain) {
        return readElements(
            m_source, object.offset, *type, object.isBigEndian, rows, columns, progress);
    }
    EMBEDSCOPE_TRY(makeRoom(object, *bytes, progress));
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows.count(), columns));
    if (!rows.isRange()) {
        EMBEDSCOPE_TRY(sampled(table, rows, matrix, progress));
        return matrix;
    }
    // As many rows as the file has; the values in each are what is left of the shape.
    const bool isPart = !rows.isAll();
    const std::uint64_t outer = std::max<std::uint64_t>(1, object.rows());
    const Hdf5Place place{object.path, table.member,
        isPart ? static_cast<std::uint64_t>(rows[0]) : 0,
        isPart ? static_cast<std::uint64_t>(rows.count()) : outer, *count / outer};
    EMBEDSCOPE_TRY(m_library.floats(place, matrix.data(), progress));
    return matrix;
}

Status Hdf5Values::sampled(
    const Hdf5Table& table, const RowSubset& rows, Matrix& matrix, const Progress& progress)
{
    const Index columns = matrix.columns();
    const Index step = std::max<Index>(1, kBandValues / columns);
    const Progress silent(progress.stopToken());
    EMBEDSCOPE_TRY_ASSIGN(Matrix band, Matrix::allocate(std::min(step, rows.total()), columns));
    Index next = 0;
    while (next < rows.count()) {
        const Index first = rows[next] - rows[next] % step;
        const Index count = std::min(step, rows.total() - first);
        EMBEDSCOPE_TRY(m_library.floats(
            {table.object->path, table.member, static_cast<std::uint64_t>(first),
                static_cast<std::uint64_t>(count), static_cast<std::uint64_t>(columns)},
            band.data(), silent));
        for (; next < rows.count() && rows[next] < first + count; ++next) {
            const float* const row = band.row(rows[next] - first);
            std::copy(row, row + columns, matrix.row(next));
        }
        progress.report(
            "Reading values", static_cast<double>(next) / static_cast<double>(rows.count()));
    }
    return {};
}

Result<Matrix> Hdf5Values::sparse(
    const Hdf5Table& table, Index rows, Index columns, const Progress& progress)
{
    const Hdf5Object& data = *m_listing.child(*table.object, "data");
    const Hdf5Object& indices = *m_listing.child(*table.object, "indices");
    const Hdf5Object& ends = *m_listing.child(*table.object, "indptr");
    const auto count
        = checkedProduct(static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns));
    const auto bytes = count ? checkedProduct(*count, sizeof(float)) : std::nullopt;
    const std::uint64_t stored = data.storedBytes + indices.storedBytes;
    const bool isBomb = isDefaultLimit(m_options) && bytes && *bytes > kSuspiciousBytes
        && *bytes / kSuspiciousSparseRatio > stored;
    if (!bytes || *bytes > m_options.maxBytes || isBomb)
        return tooLarge(table.summary.name, stored, bytes.value_or(UINT64_MAX), isBomb);
    const auto major = static_cast<std::uint64_t>(table.isByColumn ? columns : rows);
    const auto minor = table.isByColumn ? rows : columns;
    const std::uint64_t entries = data.rows();
    if (ends.rows() != major + 1 || indices.rows() != entries)
        return disagree(table, "its parts differ in length");
    EMBEDSCOPE_TRY(admit(data, 0));
    EMBEDSCOPE_TRY(admit(indices, 0));
    EMBEDSCOPE_TRY_ASSIGN(const auto runs, integers(ends, {}, Progress(progress.stopToken())));
    const bool isAscending = std::is_sorted(runs.begin(), runs.end());
    if (!isAscending || runs.front() != 0 || static_cast<std::uint64_t>(runs.back()) != entries)
        return disagree(table, "its runs do not cover its entries");

    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows, columns));
    std::memset(matrix.data(), 0, *bytes);
    std::vector<float> values(std::min(entries, kSparseBlock));
    std::vector<std::int64_t> places(values.size());
    std::size_t run = 0;
    for (std::uint64_t at = 0; at < entries; at += values.size()) {
        const std::uint64_t here = std::min<std::uint64_t>(values.size(), entries - at);
        const Progress silent(progress.stopToken());
        EMBEDSCOPE_TRY(m_library.floats({data.path, {}, at, here, 1}, values.data(), silent));
        EMBEDSCOPE_TRY(m_library.integers({indices.path, {}, at, here, 1}, places.data(), silent));
        for (std::uint64_t i = 0; i < here; ++i) {
            while (static_cast<std::uint64_t>(runs[run + 1]) <= at + i)
                ++run;
            const std::int64_t place = places[i];
            if (place < 0 || place >= minor)
                return disagree(table, "an entry lies outside of it");
            const auto own = static_cast<Index>(run);
            (table.isByColumn ? matrix(place, own) : matrix(own, place)) += values[i];
        }
        progress.report(
            "Reading values", static_cast<double>(at + here) / static_cast<double>(entries));
    }
    return matrix;
}

Result<Matrix> Hdf5Values::keyed(
    const Hdf5Table& table, Index rows, Index columns, TextValues& names, const Progress& progress)
{
    // Each is weighed first: room for all is made only where the file can hold as much.
    std::vector<const Hdf5Object*> vectors;
    for (const Hdf5Object& object : m_listing.objects()) {
        if (!object.isDataset || parentPath(object.path) != table.object->path)
            continue;
        EMBEDSCOPE_TRY(admit(object, columnBytes(object)));
        vectors.push_back(&object);
    }
    if (static_cast<Index>(vectors.size()) != rows)
        return hdf5Damaged("other datasets than it announced");
    const auto bytes
        = checkedProduct(static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns) * 4);
    const bool isBomb = bytes && *bytes > kSuspiciousBytes
        && *bytes / kSuspiciousRatio > m_source.size() && isDefaultLimit(m_options);
    if (!bytes || isBomb)
        return tooLarge(table.summary.name, m_source.size(), bytes.value_or(UINT64_MAX), isBomb);
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows, columns));
    const Progress silent(progress.stopToken());
    for (Index i = 0; i < rows; ++i) {
        const Hdf5Object& object = *vectors[static_cast<std::size_t>(i)];
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY(m_library.floats(
            {object.path, {}, 0, static_cast<std::uint64_t>(columns), 1}, matrix.row(i), silent));
        names.append(lastName(object.path));
        progress.report("Reading values", static_cast<double>(i + 1) / static_cast<double>(rows));
    }
    return matrix;
}

Result<NumberValues> Hdf5Values::numbers(
    const Hdf5Object& object, const std::string& member, const Progress& progress)
{
    NumberValues numbers;
    EMBEDSCOPE_TRY(makeRoom(object, columnBytes(object), progress));
    numbers.values.resize(object.rows());
    EMBEDSCOPE_TRY(m_library.doubles(
        {object.path, member, 0, object.rows(), 1}, numbers.values.data(), progress));
    return numbers;
}

Result<std::vector<std::int64_t>> Hdf5Values::integers(
    const Hdf5Object& object, const std::string& member, const Progress& progress)
{
    std::vector<std::int64_t> numbers;
    EMBEDSCOPE_TRY(makeRoom(object, columnBytes(object), progress));
    numbers.resize(object.rows());
    EMBEDSCOPE_TRY(
        m_library.integers({object.path, member, 0, object.rows(), 1}, numbers.data(), progress));
    return numbers;
}

Result<TextValues> Hdf5Values::texts(
    const Hdf5Object& object, const std::string& member, const Progress& progress)
{
    EMBEDSCOPE_TRY(makeRoom(object, columnBytes(object), progress));
    return m_library.texts({object.path, member, 0, object.rows(), 1}, progress);
}

} // namespace embedscope
