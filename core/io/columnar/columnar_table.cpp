#include "core/io/columnar/columnar_table.h"

#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/columnar/column_plan.h"
#include "core/io/columnar/vector_rows.h"
#include "core/io/text/label_column.h"
#include "core/io/text/number_list.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

namespace embedscope {

namespace {

using Use = FieldLook::Use;

std::string countOf(Index count, const char* one, const char* many)
{
    return formatCount(count) + ' ' + (count == 1 ? one : many);
}

/// Makes the columns of one plan.
class Builder
{
public:
    Builder(const ColumnarSource& source, const ColumnarPlan& plan, const RowSubset& chosen)
        : m_source(source)
        , m_plan(plan)
        , m_chosen(chosen)
    {
    }

    Result<Matrix> vectors(const Progress& progress)
    {
        const auto values = checkedProduct(static_cast<std::uint64_t>(m_chosen.count()),
            static_cast<std::uint64_t>(m_plan.dimensions));
        EMBEDSCOPE_TRY(m_source.spend(values ? *values * sizeof(float) : UINT64_MAX));
        EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(m_chosen.count(), m_plan.dimensions));
        if (m_plan.vectors == Use::List) {
            EMBEDSCOPE_TRY_ASSIGN(
                m_faults, m_source.readVectors(m_plan.vectorField, m_chosen, matrix, progress));
        } else if (m_plan.vectors == Use::Beside) {
            EMBEDSCOPE_TRY(fromColumns(matrix, progress));
        } else {
            EMBEDSCOPE_TRY(fromTexts(matrix, progress));
        }
        if (m_faults.missingRows == matrix.rows()) {
            return Error{ErrorCode::Malformed,
                "none of the lists in the column \"" + printable(vectorName()) + "\" holds a value",
                m_source.path(), {}, {}};
        }
        return matrix;
    }

    Result<Columns> beside(const Progress& progress)
    {
        std::vector<std::optional<Column>> made(m_plan.beside.size());
        std::vector<Index> repaired(made.size());
        EMBEDSCOPE_TRY(readInBlocks(
            static_cast<Index>(made.size()), 1, progress, [&](Index begin, Index) -> Status {
                const auto c = static_cast<std::size_t>(begin);
                EMBEDSCOPE_TRY_ASSIGN(made[c], column(m_plan.beside[c], repaired[c], progress));
                return {};
            }));
        m_repairedCells = std::accumulate(repaired.begin(), repaired.end(), Index{0});
        Columns columns;
        for (auto& column : made)
            columns.push_back(*std::move(column));
        return columns;
    }

    void addWarnings(std::vector<std::string>& warnings) const
    {
        if (m_faults.missingRows > 0) {
            warnings.push_back(countOf(m_faults.missingRows, "row has", "rows have")
                + " no vector (the first is row " + formatCount(m_faults.firstMissingRow)
                + "); their values count as NaN.");
        }
        if (m_faults.missingValues > 0) {
            warnings.push_back(countOf(m_faults.missingValues, "value is", "values are")
                + " missing in the vectors (the first in row "
                + formatCount(m_faults.firstMissingValueRow) + ") and "
                + (m_faults.missingValues == 1 ? "counts" : "count") + " as NaN.");
        }
        if (m_repairedCells > 0) {
            warnings.push_back(countOf(m_repairedCells, "cell was", "cells were")
                + " not valid UTF-8; the broken bytes are shown as \xEF\xBF\xBD.");
        }
    }

private:
    const std::string& vectorName() const { return m_source.fields()[m_plan.vectorField].name; }

    /// One dimension a column. A few thousand rows of all columns fit the cache, but every column
    /// is read once from front to back, so the matrix is written column by column.
    Status fromColumns(Matrix& matrix, const Progress& progress)
    {
        return readInBlocks(matrix.columns(), 1, progress, [&](Index column, Index) -> Status {
            const auto put = [&](Index firstRow, std::span<const double> values) {
                const Index end = firstRow + static_cast<Index>(values.size());
                for (Index at = m_chosen.before(firstRow);
                     at < m_chosen.count() && m_chosen[at] < end; ++at) {
                    const auto value = static_cast<std::size_t>(m_chosen[at] - firstRow);
                    matrix(at, column) = static_cast<float>(values[value]);
                }
            };
            return m_source.readNumbers(
                m_plan.dimensionFields[static_cast<std::size_t>(column)], put, progress);
        });
    }

    /// Vectors written as text, or as the bytes of their values.
    Status fromTexts(Matrix& matrix, const Progress& progress)
    {
        VectorRows rows(matrix, m_chosen, 0, m_source.rows(), vectorName(), m_source.path());
        std::vector<float> values;
        Index row = 0;
        const auto put = [&](std::optional<std::string_view> text) -> Status {
            values.clear();
            if (text && m_plan.vectors == Use::TextList) {
                if (!isMissingCell(*text) && readNumberList(*text, values) != ListRead::Ok)
                    return noList(row);
            } else if (text) {
                if (text->size() % sizeof(float) != 0)
                    return noList(row);
                values.resize(text->size() / sizeof(float));
                if (!values.empty())
                    std::memcpy(values.data(), text->data(), text->size());
            }
            ++row;
            EMBEDSCOPE_TRY(rows.add(values.data(), static_cast<Index>(values.size())));
            return rows.endRow();
        };
        EMBEDSCOPE_TRY(m_source.readTexts(m_plan.vectorField, m_source.rows(), put, progress));
        m_faults = rows.faults();
        return {};
    }

    Error noList(Index row) const
    {
        return Error{ErrorCode::Malformed,
            "the cell in row " + formatCount(row) + " of the column \"" + printable(vectorName())
                + "\" is no list of numbers, as those before it are",
            m_source.path(), {}, {}};
    }

    Result<Column> column(std::size_t field, Index& repaired, const Progress& progress) const
    {
        switch (m_source.fields()[field].kind) {
        case FieldKind::Number:
        case FieldKind::Boolean:
            return numberColumn(field, progress);
        default:
            return textColumn(field, repaired, progress);
        }
    }

    Result<Column> numberColumn(std::size_t field, const Progress& progress) const
    {
        const ColumnarField& facts = m_source.fields()[field];
        const auto n = static_cast<std::size_t>(m_source.rows());
        EMBEDSCOPE_TRY(m_source.spend(n * sizeof(double)));
        NumberValues numbers;
        numbers.values.resize(n);
        EMBEDSCOPE_TRY(m_source.readNumbers(
            field,
            [&](Index firstRow, std::span<const double> values) {
                std::copy(values.begin(), values.end(), numbers.values.begin() + firstRow);
            },
            progress));
        if (facts.kind == FieldKind::Number)
            return Column(facts.name, std::move(numbers));
        return Column(facts.name, truths(numbers.values));
    }

    /// "true" and "false" in the order in which they appear.
    static CategoryValues truths(const std::vector<double>& values)
    {
        CategoryValues categories;
        std::array<std::int32_t, 2> codes{-1, -1};
        for (const double value : values) {
            if (std::isnan(value)) {
                categories.codes.push_back(-1);
                continue;
            }
            std::int32_t& code = codes[value != 0 ? 1 : 0];
            if (code < 0) {
                code = static_cast<std::int32_t>(categories.categories.size());
                categories.categories.emplace_back(value != 0 ? "true" : "false");
            }
            categories.codes.push_back(code);
        }
        return categories;
    }

    /// Text, or categories where few values repeat; never numbers, which have types of their own.
    Result<Column> textColumn(std::size_t field, Index& repaired, const Progress& progress) const
    {
        constexpr Index kMaxCategories = 256;
        constexpr std::uint64_t kSpendAtOnce = 1U << 16U;
        TextValues cells;
        Index present = 0;
        std::uint64_t unspent = 0;
        EMBEDSCOPE_TRY(
            m_source.spend(static_cast<std::uint64_t>(m_source.rows()) * sizeof(std::uint64_t)));
        const auto put = [&](std::optional<std::string_view> text) -> Status {
            if (!text) {
                cells.appendMissing();
                return {};
            }
            ++present;
            unspent += text->size();
            if (unspent >= kSpendAtOnce)
                EMBEDSCOPE_TRY(m_source.spend(std::exchange(unspent, 0)));
            repaired += cells.append(*text) ? 0 : 1;
            return {};
        };
        EMBEDSCOPE_TRY(m_source.readTexts(field, m_source.rows(), put, progress));
        Column column(m_source.fields()[field].name, std::move(cells));
        const Index distinct = column.distinctCount();
        if (distinct == 0 || distinct > kMaxCategories || present < 2 * distinct)
            return column;
        return Column(column.name(), toCategories(column));
    }

    const ColumnarSource& m_source;
    const ColumnarPlan& m_plan;
    const RowSubset& m_chosen;
    VectorFaults m_faults;
    Index m_repairedCells = 0;
};

std::string dtypeOf(const ColumnarSource& source, const ColumnarPlan& plan)
{
    if (plan.vectors == Use::TextList)
        return "text";
    if (plan.vectors == Use::ByteList)
        return "float32";
    if (plan.vectors == Use::List)
        return source.fields()[plan.vectorField].dtype;
    const std::string& first = source.fields()[plan.dimensionFields.front()].dtype;
    for (const std::size_t field : plan.dimensionFields) {
        if (source.fields()[field].dtype != first)
            return "mixed numbers";
    }
    return first;
}

} // namespace

Result<Table> readColumnarTable(
    const ColumnarSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(ColumnarPlan plan,
        planColumns(source, options.tensor, options.labelColumn, progress.part(0, 0.1)));
    EMBEDSCOPE_TRY_ASSIGN(
        const RowSubset chosen, chosenRows(options.rows, source.rows(), source.path()));
    Builder builder(source, plan, chosen);
    Table table;
    EMBEDSCOPE_TRY_ASSIGN(table.vectors, builder.vectors(progress.part(0.1, 0.8)));
    EMBEDSCOPE_TRY_ASSIGN(table.columns, builder.beside(progress.part(0.8, 1)));
    if (!chosen.isAll())
        table.provenance.rows = chosen; // The columns are cut with it.
    table.labelColumn = chooseLabelColumn(table.columns);
    for (const std::size_t field : plan.coordinates) {
        const auto at = std::find(plan.beside.begin(), plan.beside.end(), field);
        if (at != plan.beside.end())
            table.coordinateColumns.push_back(static_cast<std::size_t>(at - plan.beside.begin()));
    }
    if (table.coordinateColumns.size() < 2)
        table.coordinateColumns.clear();
    table.provenance.dtype = dtypeOf(source, plan);
    if (plan.vectors != Use::Beside)
        table.provenance.tensor = source.fields()[plan.vectorField].name;
    table.provenance.tensors = std::move(plan.tensors);
    table.warnings = std::move(plan.warnings);
    table.provenance.notes = std::move(plan.notes);
    builder.addWarnings(table.warnings);
    return table;
}

} // namespace embedscope
