#include "core/base/list_text.h"
#include "core/base/text.h"
#include "core/io/bytes/zip_archive.h"
#include "core/io/numpy/npy.h"
#include "core/io/readers.h"
#include "core/io/tensors/tensor_choice.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace embedscope {

namespace {

constexpr std::size_t kMaxMembers = 100'000;
constexpr std::size_t kMaxNamesInAList = 8;
// No table of embeddings is compressed so well; a bomb is.
constexpr std::uint64_t kSuspiciousRatio = 200;
constexpr std::uint64_t kSuspiciousBytes = std::uint64_t{256} << 20U;

/// An array of the archive, its header read.
struct Array
{
    const ZipMember* member = nullptr;
    std::string name; ///< Without ".npy".
    NpyHeader header;

    bool isNumericOf(std::size_t dimensions) const
    {
        return header.isNumeric() && header.count > 0 && header.shape.size() == dimensions;
    }
    std::string description() const
    {
        return '"' + printable(name) + "\" (" + header.shapeText() + ' ' + header.dtypeName() + ')';
    }
};

std::string listOf(const std::vector<const Array*>& arrays)
{
    return listText(
        arrays.size(), kMaxNamesInAList, [&](std::size_t i) { return arrays[i]->description(); });
}

class NpzReader
{
public:
    NpzReader(const ByteSource& source, const ReadOptions& options, const Progress& progress)
        : m_source(source)
        , m_options(options)
        , m_progress(progress)
    {
    }

    Result<Table> read()
    {
        EMBEDSCOPE_TRY_ASSIGN(m_archive, ZipArchive::open(m_source));
        EMBEDSCOPE_TRY(readHeaders());
        const Array* main = nullptr;
        if (!m_options.tensor.empty()) {
            EMBEDSCOPE_TRY_ASSIGN(main, named(m_options.tensor));
        } else {
            main = bestTable();
            if (main == nullptr || main->header.shape.size() < 2) {
                if (auto rows = arraysOfOneLength(); rows.size() > 1)
                    return readArraysAsRows(rows);
            }
        }
        if (main == nullptr)
            return noTable();
        return readTable(*main);
    }

    /// Every array; the one that read() takes stands out by its score.
    Result<std::vector<TensorSummary>> list()
    {
        EMBEDSCOPE_TRY_ASSIGN(m_archive, ZipArchive::open(m_source));
        EMBEDSCOPE_TRY(readHeaders());
        const Array* const best = bestTable();
        std::vector<TensorSummary> arrays;
        for (const Array& array : m_arrays) {
            arrays.push_back({array.name, array.header.shape, array.header.dtypeName(), 0, {}});
            judgeTensor(arrays.back(), array.header.isNumeric());
            if (array.header.isText())
                arrays.back().reason = "text";
        }
        // Form and type decide before the name; whatever is read stands first.
        const auto highest = bestTensor(arrays);
        for (std::size_t i = 0; i < arrays.size(); ++i) {
            if (&m_arrays[i] == best && highest != i)
                arrays[i].score = std::min(1.0, arrays[*highest].score + 0.01);
        }
        return arrays;
    }

private:
    Status readHeaders()
    {
        const auto& members = m_archive->members();
        if (members.size() > kMaxMembers) {
            return Error{ErrorCode::Unsupported,
                "the archive has " + formatCount(static_cast<std::int64_t>(members.size()))
                    + " members, more than any set of arrays",
                m_source.path(), {}, {}};
        }
        for (const ZipMember& member : members) {
            if (m_progress.stopRequested())
                return stoppedError();
            if (!member.name.ends_with(".npy"))
                continue;
            Array array;
            array.member = &member;
            array.name = member.name.substr(0, member.name.size() - 4);
            EMBEDSCOPE_TRY_ASSIGN(auto stream, m_archive->stream(member));
            EMBEDSCOPE_TRY_ASSIGN(array.header, headerOf(array, *stream));
            m_arrays.push_back(std::move(array));
        }
        return {};
    }

    Result<NpyHeader> headerOf(const Array& array, ZipStream& stream) const
    {
        auto header = readNpyHeader(
            [&](std::span<std::byte> into) { return stream.read(into); }, m_source.path());
        if (!header) {
            Error error = std::move(header).error();
            error.byte.reset(); // Inside the member, it says nothing of the place in the file.
            error.detail = "the array \"" + printable(array.name) + "\": " + error.detail;
            return error;
        }
        const std::uint64_t available
            = array.member->bytes - std::min(array.member->bytes, header->dataOffset);
        const bool isKnown = header->isNumeric() || header->isText();
        if (isKnown && header->dataBytes() > available) {
            return Error{ErrorCode::Truncated,
                "the array \"" + printable(array.name) + "\" promises " + header->shapeText()
                    + " values of " + header->dtypeName() + " (" + formatBytes(header->dataBytes())
                    + ") but the archive holds " + formatBytes(available) + " of it",
                m_source.path(), {}, {}};
        }
        return header;
    }

    Result<const Array*> named(const std::string& name) const
    {
        std::vector<const Array*> all;
        for (const Array& array : m_arrays) {
            if (array.name == name || array.member->name == name)
                return &array;
            all.push_back(&array);
        }
        return Error{ErrorCode::NotFound,
            "there is no array \"" + printable(name) + "\" in it; the arrays are " + listOf(all),
            m_source.path(), {}, {}};
    }

    /// Two dimensions before more before one, floating before whole numbers, then by the name, then
    /// the most rows, then the most columns, then the first.
    const Array* bestTable() const
    {
        const auto rank = [](const Array& array) {
            const auto& shape = array.header.shape;
            const int form = shape.size() == 2 ? 2 : shape.size() > 2 ? 1 : 0;
            TensorSummary summary{array.name, shape, array.header.dtypeName(), 0, {}};
            judgeTensor(summary, true);
            return std::tuple(form, array.header.kind == NpyKind::Float, summary.score,
                array.header.count / shape.back(), shape.back());
        };
        const Array* best = nullptr;
        for (const Array& array : m_arrays) {
            if (!array.header.isNumeric() || array.header.count == 0 || array.header.shape.empty())
                continue;
            if (best == nullptr || rank(array) > rank(*best))
                best = &array;
        }
        return best;
    }

    /// A vector an array, as a saved dictionary of words gives them. Empty where lengths differ,
    /// or where something else is in the archive.
    std::vector<const Array*> arraysOfOneLength() const
    {
        std::vector<const Array*> rows;
        for (const Array& array : m_arrays) {
            if (!array.isNumericOf(1) || array.header.count != m_arrays.front().header.count)
                return {};
            rows.push_back(&array);
        }
        return rows;
    }

    Error noTable() const
    {
        std::vector<const Array*> all;
        bool hasObjects = false;
        for (const Array& array : m_arrays) {
            all.push_back(&array);
            hasObjects = hasObjects || array.header.descr.find('O') != std::string::npos;
        }
        return Error{hasObjects ? ErrorCode::Unsupported : ErrorCode::Malformed,
            hasObjects ? "it holds Python objects (a pickle), which could run code when read, and "
                         "no table of "
                         "numbers; save the arrays with a number type"
                       : "none of its arrays is a table of numbers: " + listOf(all),
            m_source.path(), {}, {}};
    }

    /// Refuses what would expand beyond what the user allows.
    Status admit(const Array& array)
    {
        if (!array.member->isCompressed)
            return {};
        const std::uint64_t bytes = array.member->bytes;
        m_expanded += bytes;
        const bool isSuspicious = m_options.maxBytes == ReadOptions().maxBytes
            && bytes > kSuspiciousBytes && bytes / kSuspiciousRatio > array.member->storedBytes;
        if (m_expanded > m_options.maxBytes || isSuspicious) {
            return Error{ErrorCode::TooLarge,
                "the array \"" + printable(array.name) + "\" expands from "
                    + formatBytes(array.member->storedBytes) + " to " + formatBytes(bytes)
                    + (isSuspicious ? ", as only a decompression bomb does"
                                    : ", more than is allowed")
                    + "; --max-bytes " + std::to_string(m_expanded) + " opens it all the same",
                m_source.path(), {}, {}};
        }
        return {};
    }

    /// Calls decode(read) with a stream that stands behind the header, and checks the sum at the
    /// end, where decode reads that far.
    template <typename Decode>
    auto decoded(const Array& array, Decode decode, bool isWhole = true)
        -> decltype(decode(SequentialRead()))
    {
        EMBEDSCOPE_TRY(admit(array));
        EMBEDSCOPE_TRY_ASSIGN(auto stream, m_archive->stream(*array.member));
        EMBEDSCOPE_TRY(headerOf(array, *stream));
        auto result = decode([&](std::span<std::byte> into) { return stream->read(into); });
        if (result && isWhole
            && array.header.dataOffset + array.header.dataBytes() == array.member->bytes)
            EMBEDSCOPE_TRY(stream->finish());
        return result;
    }

    Result<Table> readTable(const Array& main)
    {
        if (isSparse(main)) {
            return Error{ErrorCode::Unsupported,
                "it holds a sparse matrix (SciPy), which is not read; save it dense, with "
                ".toarray()",
                m_source.path(), {}, {}};
        }
        EMBEDSCOPE_TRY_ASSIGN(NpyTableShape shape, npyTableShape(main.header, m_source.path()));
        Table table;
        EMBEDSCOPE_TRY_ASSIGN(
            const RowSubset rows, chosenRows(m_options.rows, shape.rows, m_source.path()));
        EMBEDSCOPE_TRY_ASSIGN(table.vectors,
            decoded(
                main,
                [&](const SequentialRead& read) {
                    return readNpyStream(main.header, shape, rows, read, m_progress.part(0, 0.9));
                },
                rows.isAll()));
        table.provenance.rows = rows;
        table.provenance.dtype = main.header.dtypeName();
        table.provenance.tensor = main.name;
        if (!shape.warning.empty())
            table.warnings.push_back(std::move(shape.warning));
        EMBEDSCOPE_TRY(readColumns(main, table));
        return table;
    }

    bool isSparse(const Array& main) const
    {
        const auto has = [&](std::string_view name) {
            return std::any_of(m_arrays.begin(), m_arrays.end(),
                [&](const Array& array) { return array.name == name; });
        };
        return main.header.shape.size() == 1 && has("data") && has("shape")
            && (has("indices") || has("row") || has("offsets"));
    }

    /// One value for each row: shape (n,) or (n, 1).
    static bool isColumnOf(const NpyHeader& header, Index rows)
    {
        const bool isFlat
            = header.shape.size() == 1 || (header.shape.size() == 2 && header.shape[1] == 1);
        return isFlat && header.shape[0] == static_cast<std::uint64_t>(rows)
            && (header.isNumeric() || header.isText());
    }

    Status readColumns(const Array& main, Table& table)
    {
        std::vector<const Array*> tables;
        std::vector<const Array*> unread;
        Index mostDistinct = 0;
        for (const Array& array : m_arrays) {
            if (&array == &main)
                continue;
            if (!isColumnOf(array.header, table.fileRows())) {
                (array.isNumericOf(2) ? tables : unread).push_back(&array);
                continue;
            }
            if (array.header.isNumeric()) {
                EMBEDSCOPE_TRY_ASSIGN(auto numbers, decoded(array, [&](const SequentialRead& read) {
                    return readNpyNumbers(array.header, read);
                }));
                table.columns.emplace_back(array.name, std::move(numbers));
                continue;
            }
            EMBEDSCOPE_TRY_ASSIGN(auto text, decoded(array, [&](const SequentialRead& read) {
                return readNpyText(array.header, read);
            }));
            table.columns.push_back(Column(array.name, std::move(text)));
            if (table.columns.back().distinctCount() > mostDistinct) {
                mostDistinct = table.columns.back().distinctCount();
                table.labelColumn = table.columns.size() - 1;
            }
        }
        if (!tables.empty()) {
            table.provenance.notes.push_back(
                "The archive holds other tables as well, which can be chosen by name: "
                + listOf(tables) + '.');
        }
        if (!unread.empty())
            table.warnings.push_back("Left unread: " + listOf(unread) + '.');
        return {};
    }

    Result<Table> readArraysAsRows(const std::vector<const Array*>& rows)
    {
        Table table;
        const auto n = static_cast<Index>(rows.size());
        const auto d = static_cast<Index>(rows.front()->header.count);
        EMBEDSCOPE_TRY_ASSIGN(table.vectors, Matrix::allocate(n, d));
        TextValues names;
        for (Index i = 0; i < n; ++i) {
            if (m_progress.stopRequested())
                return stoppedError();
            const Array& array = *rows[static_cast<std::size_t>(i)];
            NpyTableShape shape;
            shape.rows = 1;
            shape.columns = d;
            EMBEDSCOPE_TRY_ASSIGN(const Matrix row, decoded(array, [&](const SequentialRead& read) {
                return readNpyStream(array.header, shape, read, Progress(m_progress.stopToken()));
            }));
            std::copy(row.data(), row.data() + d, table.vectors.row(i));
            names.append(array.name);
            m_progress.report("Reading values", static_cast<double>(i) / static_cast<double>(n));
        }
        table.columns.emplace_back("array", std::move(names));
        table.labelColumn = 0;
        table.provenance.dtype = rows.front()->header.dtypeName();
        table.warnings.push_back("The archive holds " + formatCount(n) + " vectors of "
            + formatCount(d)
            + " values, an array each: they are read as rows named after the arrays.");
        return table;
    }

    const ByteSource& m_source;
    const ReadOptions& m_options;
    const Progress& m_progress;
    std::unique_ptr<ZipArchive> m_archive;
    std::vector<Array> m_arrays;
    std::uint64_t m_expanded = 0;
};

} // namespace

Confidence recognizeNpz(const FileHead& head)
{
    bool hasArrays = false;
    for (const std::string& member : head.members) {
        if (member.ends_with("data.pkl"))
            return Confidence::No;
        hasArrays = hasArrays || member.ends_with(".npy");
    }
    return hasArrays ? Confidence::Certain : Confidence::No;
}

Result<Table> readNpz(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    return NpzReader(source, options, progress).read();
}

Result<std::vector<TensorSummary>> listNpz(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    return NpzReader(source, options, progress).list();
}

} // namespace embedscope
