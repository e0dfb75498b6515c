#include "core/data/dataset.h"

#include "core/base/parallel.h"
#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 4096;

PointSet findUnusableRows(VectorsView vectors)
{
    // A sum of v * 0 is NaN exactly when some v is NaN or infinite, and vectorises well.
    std::vector<char> bad(static_cast<std::size_t>(vectors.rows()));
    parallelBlocks(vectors.rows(), kRowsPerBlock, [&](Index, Index begin, Index end) {
        RowRoom room;
        for (Index i = begin; i < end; ++i) {
            const float* row = vectors.row(i, room);
            float poison = 0;
            for (Index j = 0; j < vectors.columns(); ++j)
                poison += row[j] * 0.0F;
            bad[static_cast<std::size_t>(i)] = poison == 0.0F ? 0 : 1;
        }
    });
    PointSet result(vectors.rows());
    for (std::size_t i = 0; i < bad.size(); ++i) {
        if (bad[i] != 0)
            result.insert(static_cast<PointId>(i));
    }
    return result;
}

std::string rows(Index count)
{
    return count == 1 ? "1 row" : formatCount(count) + " rows";
}

std::optional<std::string> duplicateLabelWarning(const Column& labels)
{
    std::unordered_map<std::string, Index> seen;
    Index present = 0;
    std::string example;
    for (Index i = 0; i < labels.size(); ++i) {
        if (labels.isMissing(i))
            continue;
        ++present;
        if (++seen[labels.text(i)] == 2 && example.empty())
            example = labels.text(i);
    }
    const Index repeated = present - static_cast<Index>(seen.size());
    // A label column that is really a class (ten digits, a thousand times each) is not a fault.
    if (repeated == 0 || repeated > present / 2)
        return std::nullopt;
    return rows(repeated) + (repeated == 1 ? " repeats" : " repeat")
        + " a label that stands earlier in the table, such as \"" + printable(example) + "\".";
}

Error lengthError(const Column& column, Index n, const std::string& path)
{
    return Error{ErrorCode::Malformed,
        "the column \"" + printable(column.name()) + "\" has " + formatCount(column.size())
            + " values for " + rows(n),
        path, {}, {}};
}

} // namespace

Result<std::shared_ptr<const Dataset>> Dataset::make(Table table)
{
    Vectors vectors = std::move(table.vectors);
    return make(std::move(table), std::move(vectors));
}

Result<std::shared_ptr<const Dataset>> Dataset::make(Table table, Vectors vectors)
{
    const Index n = vectors.view().rows();
    const std::string& path = table.provenance.path;
    if (vectors.isEmpty())
        return Error{ErrorCode::Malformed, "the table is empty: it holds no vectors", path, {}, {}};
    if (n >= static_cast<Index>(kNoPoint)) {
        return Error{ErrorCode::TooLarge,
            "the table has " + rows(n) + "; at most 4,294,967,294 can be opened", path, {}, {}};
    }
    for (const Column& column : table.columns) {
        if (column.size() != n)
            return lengthError(column, n, path);
    }
    assert(!table.labelColumn || *table.labelColumn < table.columns.size());

    auto dataset = std::shared_ptr<Dataset>(new Dataset);
    auto unusable = findUnusableRows(vectors);
    dataset->m_givenWarnings = table.warnings;
    dataset->m_warnings = std::move(table.warnings);
    if (unusable.count() > 0) {
        const Index bad = unusable.count();
        dataset->m_warnings.push_back(rows(bad) + (bad == 1 ? " holds" : " hold")
            + " NaN or infinite values (the first is row " + formatCount(unusable.ids().front())
            + "): kept in the table, left out of projections and neighbours.");
    }
    if (table.labelColumn) {
        if (auto warning = duplicateLabelWarning(table.columns[*table.labelColumn]))
            dataset->m_warnings.push_back(*std::move(warning));
    }
    dataset->m_vectors = std::make_shared<const Vectors>(std::move(vectors));
    dataset->m_view = dataset->m_vectors->view();
    dataset->m_columns = std::make_shared<const Columns>(std::move(table.columns));
    dataset->m_unusable = std::make_shared<const PointSet>(std::move(unusable));
    dataset->m_labelColumn = table.labelColumn;
    dataset->m_coordinateColumns = std::move(table.coordinateColumns);
    dataset->m_provenance = std::move(table.provenance);
    dataset->m_paths = pathsOf(*dataset);
    return std::shared_ptr<const Dataset>(std::move(dataset));
}

Result<std::shared_ptr<const Dataset>> Dataset::withColumns(Columns more,
    std::optional<std::size_t> labelInMore, std::vector<std::string> warnings,
    std::string companion) const
{
    for (const Column& column : more) {
        if (column.size() != size())
            return lengthError(column, size(), companion);
    }
    auto dataset = std::shared_ptr<Dataset>(new Dataset(*this));
    dataset->m_givenWarnings.insert(
        dataset->m_givenWarnings.end(), warnings.begin(), warnings.end());
    auto columns = std::make_shared<Columns>(*m_columns);
    if (!dataset->m_labelColumn && labelInMore) {
        dataset->m_labelColumn = columns->size() + *labelInMore;
        if (auto warning = duplicateLabelWarning(more[*labelInMore]))
            warnings.push_back(*std::move(warning));
    }
    for (Column& column : more)
        columns->push_back(std::move(column));
    dataset->m_columns = std::move(columns);
    if (m_provenance.parts.empty())
        dataset->m_paths = pathsOf(*dataset);
    for (std::string& warning : warnings)
        dataset->m_warnings.push_back(std::move(warning));
    if (!companion.empty())
        dataset->m_provenance.companions.push_back(std::move(companion));
    return std::shared_ptr<const Dataset>(std::move(dataset));
}

std::shared_ptr<const Dataset> Dataset::withLabelColumn(std::optional<std::size_t> column) const
{
    assert(!column || *column < m_columns->size());
    auto dataset = std::shared_ptr<Dataset>(new Dataset(*this));
    dataset->m_labelColumn = column;
    return dataset;
}

std::string Dataset::label(PointId id) const
{
    return m_labelColumn ? (*m_columns)[*m_labelColumn].text(id) : std::string();
}

std::string Dataset::name(PointId id) const
{
    std::string text = label(id);
    if (!text.empty())
        return text;
    // Of a joined table the row's number in its own file says more: "users.npy row 17".
    Index row = static_cast<Index>(id);
    for (const TablePart& part : m_provenance.parts) {
        if (row < part.rows) {
            return part.name + " row " + std::to_string(part.subset ? (*part.subset)[row] : row);
        }
        row -= part.rows;
    }
    return "row " + std::to_string(fileRow(id));
}

std::vector<PointId> Dataset::rowsLabelled(std::string_view label) const
{
    std::vector<PointId> result;
    if (!m_labelColumn)
        return result;
    const Column& column = (*m_columns)[*m_labelColumn];
    const bool isNumber = column.kind() == ColumnKind::Number;
    for (Index i = 0; i < size(); ++i) {
        if (!column.isMissing(i)
            && (isNumber ? column.text(i) == label : column.textView(i) == label))
            result.push_back(static_cast<PointId>(i));
    }
    return result;
}

} // namespace embedscope
