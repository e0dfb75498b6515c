#include "core/io/parquet/parquet_source.h"

#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/columnar/vector_rows.h"
#include "core/io/parquet/list_walker.h"
#include "core/io/parquet/parquet_convert.h"

#include <algorithm>
#include <limits>
#include <mutex>

namespace embedscope {

namespace {

/// Gives lists row by row, a limited number of them.
class RowSink
{
public:
    RowSink(Index limit, const ColumnarSource::PutList& put)
        : m_left(limit)
        , m_put(put)
    {
    }

    bool isDone() const { return m_left <= 0; }

    Status add(const std::byte* values, Index count)
    {
        const Index taken = std::min(count, room());
        m_row.resize(m_row.size() + static_cast<std::size_t>(taken));
        if (taken > 0) {
            const auto bytes = static_cast<std::size_t>(taken) * sizeof(float);
            std::memcpy(m_row.data() + m_row.size() - taken, values, bytes);
        }
        return {};
    }
    Status addMissing()
    {
        if (room() > 0)
            m_row.push_back(std::numeric_limits<float>::quiet_NaN());
        return {};
    }
    Status endRow()
    {
        if (m_left-- <= 0)
            return {};
        const std::span<const float> values(m_row);
        EMBEDSCOPE_TRY(m_put(values.empty() ? std::nullopt : std::optional(values)));
        m_row.clear();
        return {};
    }

private:
    // Longer lists are cut: long enough to be seen as no vectors.
    Index room() const { return kMostValues - static_cast<Index>(m_row.size()); }

    static constexpr Index kMostValues = (Index{1} << 20U) + 1;

    Index m_left;
    const ColumnarSource::PutList& m_put;
    std::vector<float> m_row;
};

/// Gives a column's lists to the sink, to the last or until it has enough.
template <typename Sink, typename IsDone>
Status walkLists(ParquetColumn& column, const ParquetLeaf& leaf, Sink& sink, const IsDone& isDone,
    const Progress& progress)
{
    ListWalker walker(leaf, sink);
    while (!isDone()) {
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(const ParquetBatch* const batch, column.next());
        if (batch == nullptr)
            break;
        EMBEDSCOPE_TRY(walker.take(*batch, column));
    }
    return walker.finish();
}

} // namespace

ParquetSource::ParquetSource(const ByteSource& source, ParquetFooter footer,
    std::vector<ParquetLeaf> leaves, std::uint64_t maxBytes)
    : m_source(source)
    , m_footer(std::move(footer))
    , m_leaves(std::move(leaves))
    , m_budget(source.path(), source.size(), maxBytes)
{
    for (const ParquetLeaf& leaf : m_leaves)
        m_fields.push_back(parquetField(leaf));
}

Result<std::unique_ptr<ParquetSource>> ParquetSource::open(
    const ByteSource& source, std::uint64_t maxBytes)
{
    EMBEDSCOPE_TRY_ASSIGN(ParquetFooter footer, readParquetFooter(source));
    EMBEDSCOPE_TRY_ASSIGN(auto leaves, parquetLeaves(footer.nodes, source.path()));
    return std::unique_ptr<ParquetSource>(
        new ParquetSource(source, std::move(footer), std::move(leaves), maxBytes));
}

Status ParquetSource::numbersOfGroup(std::size_t field, std::size_t group, Index firstRow,
    const PutNumbers& put, const Progress& progress) const
{
    const ParquetLeaf& leaf = m_leaves[field];
    EMBEDSCOPE_TRY_ASSIGN(auto column, ParquetColumn::open(file(), leaf, field, group));
    Index left = m_footer.groups[group].rows;
    std::vector<double> values;
    std::vector<double> spread;
    for (;;) {
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(const ParquetBatch* const batch, column->next());
        if (batch == nullptr)
            break;
        if (batch->entries > left)
            return column->damaged("it has more values than the table has rows");
        values.resize(static_cast<std::size_t>(batch->valueCount));
        parquetDoubles(leaf.node, batch->values, batch->valueCount, values.data());
        const std::vector<double>* shown = &values;
        if (batch->valueCount < batch->entries) {
            spread.assign(
                static_cast<std::size_t>(batch->entries), std::numeric_limits<double>::quiet_NaN());
            std::size_t next = 0;
            for (std::size_t i = 0; i < spread.size(); ++i) {
                if (batch->definition[i] == leaf.maxDefinition)
                    spread[i] = values[next++];
            }
            shown = &spread;
        }
        put(firstRow, *shown);
        firstRow += batch->entries;
        left -= batch->entries;
    }
    return left == 0 ? Status() : column->damaged("it has fewer values than the table has rows");
}

Status ParquetSource::readNumbers(
    std::size_t field, const PutNumbers& put, const Progress& progress) const
{
    Index firstRow = 0;
    for (std::size_t group = 0; group < m_footer.groups.size(); ++group) {
        EMBEDSCOPE_TRY(numbersOfGroup(field, group, firstRow, put, progress));
        firstRow += m_footer.groups[group].rows;
    }
    return {};
}

Status ParquetSource::textsOfGroup(std::size_t field, std::size_t group, Index limit,
    const PutText& put, const Progress& progress) const
{
    const ParquetLeaf& leaf = m_leaves[field];
    EMBEDSCOPE_TRY_ASSIGN(auto column, ParquetColumn::open(file(), leaf, field, group));
    Index left = m_footer.groups[group].rows;
    std::string room;
    while (limit > 0) {
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(const ParquetBatch* const batch, column->next());
        if (batch == nullptr)
            return left == 0 ? Status()
                             : column->damaged("it has fewer values than the table has rows");
        if (batch->entries > left)
            return column->damaged("it has more values than the table has rows");
        left -= batch->entries;
        const Index taken = std::min(limit, batch->entries);
        limit -= taken;
        Index next = 0;
        for (Index i = 0; i < taken; ++i) {
            if (batch->definition != nullptr && batch->definition[i] != leaf.maxDefinition)
                EMBEDSCOPE_TRY(put(std::nullopt));
            else
                EMBEDSCOPE_TRY(put(parquetText(leaf.node, batch->values, next++, room)));
        }
    }
    return {};
}

Status ParquetSource::readTexts(
    std::size_t field, Index limit, const PutText& put, const Progress& progress) const
{
    for (std::size_t group = 0; group < m_footer.groups.size() && limit > 0; ++group) {
        const Index rows = m_footer.groups[group].rows;
        EMBEDSCOPE_TRY(textsOfGroup(field, group, limit, put, progress));
        limit -= std::min(limit, rows);
    }
    return {};
}

Status ParquetSource::readLists(
    std::size_t field, Index limit, const PutList& put, const Progress& progress) const
{
    RowSink sink(limit, put);
    for (std::size_t group = 0; group < m_footer.groups.size() && !sink.isDone(); ++group) {
        EMBEDSCOPE_TRY_ASSIGN(
            auto column, ParquetColumn::open(file(), m_leaves[field], field, group));
        EMBEDSCOPE_TRY(walkLists(
            *column, m_leaves[field], sink, [&] { return sink.isDone(); }, progress));
    }
    return {};
}

Result<VectorFaults> ParquetSource::vectorsOfGroup(std::size_t field, std::size_t group,
    Index firstRow, const RowSubset& chosen, Matrix& into, const Progress& progress) const
{
    const Index lastRow = firstRow + m_footer.groups[group].rows;
    if (chosen.before(firstRow) == chosen.before(lastRow))
        return VectorFaults(); // Nobody chose a row of it.
    const ParquetLeaf& leaf = m_leaves[field];
    EMBEDSCOPE_TRY_ASSIGN(auto column, ParquetColumn::open(file(), leaf, field, group));
    VectorRows rows(into, chosen, firstRow, lastRow, leaf.name, m_source.path());
    EMBEDSCOPE_TRY(walkLists(
        *column, leaf, rows, [] { return false; }, progress));
    if (!rows.isComplete())
        return column->damaged("it has fewer lists than the table has rows");
    return rows.faults();
}

Result<VectorFaults> ParquetSource::readVectors(
    std::size_t field, const RowSubset& chosen, Matrix& into, const Progress& progress) const
{
    std::vector<Index> firstRows;
    Index next = 0;
    for (const ParquetRowGroup& group : m_footer.groups) {
        firstRows.push_back(next);
        next += group.rows;
    }
    std::vector<VectorFaults> faults(firstRows.size());
    EMBEDSCOPE_TRY(readInBlocks(
        static_cast<Index>(firstRows.size()), 1, progress, [&](Index begin, Index) -> Status {
            const auto group = static_cast<std::size_t>(begin);
            EMBEDSCOPE_TRY_ASSIGN(faults[group],
                vectorsOfGroup(field, group, firstRows[group], chosen, into, progress));
            return {};
        }));
    VectorFaults all;
    for (const VectorFaults& part : faults)
        all.add(part);
    return all;
}

} // namespace embedscope
