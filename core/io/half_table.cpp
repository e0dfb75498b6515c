#include "core/io/half_table.h"

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/data/united_columns.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

namespace embedscope {

namespace {

constexpr Index kValuesPerBlock = Index{1} << 19; ///< 2 MB as float32.

/// Types whose every value is a float16.
constexpr std::array<std::string_view, 8> kNarrowTypes{"float16", "float8_e4m3", "float8_e5m2",
    "float8_e4m3fnuz", "float8_e5m2fnuz", "int8", "uint8", "bool"};

/// The bands of one table on their way to be one.
class Bands
{
public:
    Bands(const Format& format, const ByteSource& source, const ReadOptions& options,
        const BandSizes& sizes)
        : m_format(format)
        , m_source(source)
        , m_options(options)
        , m_sizes(sizes)
    {
    }

    Result<HalfTable> read(const Progress& progress)
    {
        EMBEDSCOPE_TRY_ASSIGN(Table first, band(0, m_sizes.firstRows, progress.part(0, 0.1)));
        const auto& rows = first.provenance.rows;
        if (!rows || rows->isAll())
            return HalfTable{std::move(first), {}};
        m_total = rows->total();
        const Index d = first.vectors.columns();
        EMBEDSCOPE_TRY_ASSIGN(HalfRows halves, HalfRows::make(m_total, d));
        const Index step = (m_total + m_sizes.count - 1) / m_sizes.count;
        EMBEDSCOPE_TRY(take(std::move(first), halves, progress));
        while (halves.count() < m_total) {
            const Index begin = halves.count();
            const auto share = [&](Index row) {
                return 0.1 + 0.9 * static_cast<double>(row) / static_cast<double>(m_total);
            };
            const Index end = std::min(begin + step, m_total);
            EMBEDSCOPE_TRY_ASSIGN(
                Table next, band(begin, end, progress.part(share(begin), share(end))));
            const Index count = next.vectors.rows();
            // A table may turn out to be shorter than it promised.
            m_total = std::min(m_total, next.fileRows());
            if (next.vectors.columns() != d || count == 0 || begin + count > m_total) {
                return Error{ErrorCode::Malformed,
                    "the table is not the same each time that rows of it are read; open it without "
                    "float16",
                    m_source.path(), {}, {}};
            }
            EMBEDSCOPE_TRY(take(std::move(next), halves, progress));
        }
        HalfTable whole;
        whole.table = joined();
        halves.tell(whole.table);
        whole.vectors = halves.take();
        return whole;
    }

private:
    Result<Table> band(Index begin, Index end, const Progress& progress) const
    {
        ReadOptions options = m_options;
        options.rows = {};
        options.rows.range = {begin, end};
        return m_format.read(m_source, options, progress);
    }

    /// Keeps the rows, the columns that tell of them alone, and what the table says of itself.
    Status take(Table table, HalfRows& halves, const Progress& progress)
    {
        EMBEDSCOPE_TRY(halves.append(table.vectors, progress));
        OwnColumns own;
        own.rows = table.vectors.rows();
        m_isOwn.clear();
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            m_isOwn.push_back(table.columns[c].size() == own.rows);
            if (!m_isOwn.back())
                continue;
            if (table.labelColumn == c)
                own.label = own.columns.size();
            own.columns.push_back(std::move(table.columns[c]));
        }
        m_own.push_back(std::move(own));
        for (std::string& warning : table.warnings) {
            if (std::find(m_warnings.begin(), m_warnings.end(), warning) == m_warnings.end())
                m_warnings.push_back(std::move(warning));
        }
        table.vectors = Matrix();
        m_last = std::move(table);
        return {};
    }

    /// The columns of the bands one below the other, and those that were as long as the table.
    Table joined()
    {
        std::vector<PartColumns> parts;
        for (const OwnColumns& own : m_own)
            parts.push_back({&own.columns, own.label, own.rows, std::nullopt});
        UnitedColumns united = uniteColumns(parts);
        Table table = std::move(m_last);
        Columns last = std::move(table.columns);
        table.columns.clear();
        // Bands may have seen different columns: those then stand behind the others.
        const bool isSame = united.columns.size() == m_own.back().columns.size();
        std::size_t next = 0;
        std::optional<std::size_t> label;
        for (std::size_t c = 0; c < last.size(); ++c) {
            if (table.labelColumn == c)
                label = table.columns.size();
            if (!m_isOwn[c])
                table.columns.push_back(std::move(last[c]));
            else if (isSame)
                table.columns.push_back(std::move(united.columns[next++]));
        }
        if (!isSame) {
            table.coordinateColumns.clear();
            if (united.labelColumn)
                label = table.columns.size() + *united.labelColumn;
            for (Column& column : united.columns)
                table.columns.push_back(std::move(column));
        }
        table.labelColumn = label;
        table.warnings = std::move(m_warnings);
        table.provenance.rows = RowSubset::all(m_total);
        return table;
    }

    /// Columns that are as long as a band.
    struct OwnColumns
    {
        Columns columns;
        std::optional<std::size_t> label;
        Index rows = 0;
    };

    const Format& m_format;
    const ByteSource& m_source;
    const ReadOptions& m_options;
    BandSizes m_sizes;
    Index m_total = 0;
    Table m_last; ///< Of the latest band, without its vectors and own columns.
    std::vector<bool> m_isOwn; ///< Of its columns.
    std::vector<OwnColumns> m_own; ///< Of each band.
    std::vector<std::string> m_warnings;
};

} // namespace

Result<HalfRows> HalfRows::make(Index rows, Index columns)
{
    HalfRows halves;
    EMBEDSCOPE_TRY_ASSIGN(halves.m_rows, HalfMatrix::allocate(rows, columns));
    return halves;
}

Status HalfRows::append(const Matrix& rows, const Progress& progress)
{
    const Index d = m_rows.columns();
    assert(rows.columns() == d && m_count + rows.rows() <= m_rows.rows());
    std::atomic<Index> overflows{0};
    parallelBlocks(
        rows.rows(), std::max<Index>(1, kValuesPerBlock / d), [&](Index, Index begin, Index end) {
            if (progress.stopRequested())
                return;
            const float* const from = rows.row(begin);
            const Index count = (end - begin) * d;
            toHalves(from, count, m_rows.row(m_count + begin));
            overflows += std::count_if(from, from + count, [](float value) {
                return std::abs(value) >= kHalfOverflow && std::isfinite(value);
            });
        });
    if (progress.stopRequested())
        return stoppedError();
    m_overflows += overflows;
    m_count += rows.rows();
    return {};
}

void HalfRows::tell(Table& table) const
{
    const bool isExact = std::find(kNarrowTypes.begin(), kNarrowTypes.end(), table.provenance.dtype)
        != kNarrowTypes.end();
    table.provenance.notes.push_back(isExact
            ? "Its values are kept as float16, which holds every one of them exactly."
            : "Its values are kept as float16: rounded to 11 significant bits, about three digits.");
    if (m_overflows > 0) {
        table.warnings.push_back(formatCount(m_overflows)
            + (m_overflows == 1 ? " value is" : " values are")
            + " larger than a float16 can be (65,504) and became infinite; opened as float32 the "
              "table keeps them.");
    }
}

Vectors HalfRows::take()
{
    m_rows.truncateRows(m_count);
    return std::move(m_rows);
}

Result<HalfTable> readAsHalves(const Format& format, const ByteSource& source,
    const ReadOptions& options, const Progress& progress, const BandSizes& sizes)
{
    return Bands(format, source, options, sizes).read(progress);
}

} // namespace embedscope
