#include "core/io/text/table_plan.h"

#include "core/base/text.h"
#include "core/io/text/column_names.h"
#include "core/io/text/delimited.h"
#include "core/io/text/header_line.h"

#include <algorithm>
#include <array>
#include <optional>

namespace embedscope {

namespace {

Error noVectors(std::string detail)
{
    return Error{ErrorCode::Malformed, std::move(detail), {}, {}, {}};
}

/// Chooses among columns that hold whole vectors in a cell; nullopt where there is none.
Result<std::optional<std::size_t>> chooseListColumn(
    const TablePlan& plan, const std::vector<ColumnFacts>& facts, const PlanWishes& wishes)
{
    std::optional<std::size_t> best;
    for (std::size_t c = 0; c < facts.size(); ++c) {
        if (!facts[c].isList()
            || (!wishes.labelColumn.empty() && plan.names[c] == wishes.labelColumn))
            continue;
        if (facts[c].isShortened) {
            return noVectors("the vectors in the column \"" + printable(plan.names[c])
                + "\" were shortened with \"...\" when the file was written, so their values are "
                  "lost; write the file again with every value");
        }
        if (!wishes.vectorColumn.empty()) {
            if (plan.names[c] == wishes.vectorColumn)
                return std::optional(c);
            continue;
        }
        if (!best || facts[c].listLength() > facts[*best].listLength())
            best = c;
    }
    if (!wishes.vectorColumn.empty()) {
        return Error{ErrorCode::NotFound,
            "no column called \"" + printable(wishes.vectorColumn) + "\" holds vectors", {}, {},
            {}};
    }
    return best;
}

void warnIfTransposed(TablePlan& plan, std::size_t rows, bool sawWholeFile)
{
    if (!plan.hasHeader || !sawWholeFile || plan.dimensions < 2 || rows > plan.dimensions)
        return;
    for (std::size_t c = 0; c < plan.names.size(); ++c) {
        if (plan.roles[c] != ColumnRole::Dimension || splitNumberedName(plan.names[c]))
            return;
    }
    plan.warnings.push_back("Every column is a dimension and there are no labels: if the headings ("
        + printable(plan.names[0]) + ", " + printable(plan.names[1])
        + ", \xE2\x80\xA6) name the points, the table is transposed, and --transpose reads it so.");
}

/// Makes a plan step by step.
class Planner
{
public:
    Planner(const Records& records, const PlanWishes& wishes)
        : m_records(records)
        , m_wishes(wishes)
    {
    }

    Result<TablePlan> plan()
    {
        EMBEDSCOPE_TRY(findHeader());
        markCandidates();
        m_plan.isTransposed = m_wishes.isTransposed || rowsAreDimensions();
        if (m_plan.isTransposed)
            return transposedPlan();
        EMBEDSCOPE_TRY_ASSIGN(const auto listColumn, chooseListColumn(m_plan, m_facts, m_wishes));
        if (listColumn)
            takeList(*listColumn);
        else if (m_plan.hasHeader)
            takeNamedNumbers();
        else
            takeAllNumbers();
        if (m_plan.dimensions == 0 || (m_plan.dimensions == 1 && !listColumn))
            return nothingToTake();
        nameTheNameless();
        return std::move(m_plan);
    }

private:
    Status findHeader()
    {
        if (!m_wishes.firstNamesColumns && isCountLine(m_records))
            m_plan.skippedRecords = 1;
        m_plan.hasHeader
            = m_wishes.firstNamesColumns || isHeaderLine(m_records, m_plan.skippedRecords);
        if (m_plan.hasHeader)
            ++m_plan.skippedRecords;
        const std::size_t data = m_plan.skippedRecords;
        if (data >= m_records.size())
            return noVectors("there are no rows below the first line");
        m_rows = m_records.size() - data;
        m_width = commonestWidth(m_records, data);
        if (m_width > kMaxCells)
            return noVectors("a row has more than 262,144 cells");
        m_facts = examineColumns(m_records, data, m_width);
        if (m_plan.hasHeader) {
            m_plan.names = m_records[data - 1];
            if (m_plan.names.size() + 1 == m_width)
                m_plan.names.insert(m_plan.names.begin(), std::string());
            for (auto& name : m_plan.names)
                name = repairUtf8(trimmed(name));
        }
        m_plan.names.resize(m_width);
        m_plan.roles.assign(m_width, ColumnRole::Beside);
        return {};
    }

    bool isUnnamed(std::size_t c) const
    {
        return m_plan.names[c].empty() || m_plan.names[c].starts_with("Unnamed: ");
    }

    /// The first column counts the rows. Without a header to say so, it must stand beside numbers
    /// that are not all whole.
    bool isRowNumber() const
    {
        if (!m_facts[0].isIndex(m_rows))
            return false;
        if (m_plan.hasHeader)
            return isUnnamed(0);
        return m_width > 2 && m_rows > 2
            && std::any_of(m_facts.begin() + 1, m_facts.end(),
                [](const ColumnFacts& fact) { return fact.integers != fact.present; });
    }

    /// Columns of numbers that could be dimensions.
    void markCandidates()
    {
        m_isCandidate.resize(m_width);
        if (isRowNumber())
            m_plan.roles[0] = ColumnRole::Ignored;
        for (std::size_t c = 0; c < m_width; ++c) {
            if (m_facts[c].present == 0 && isUnnamed(c))
                m_plan.roles[c] = ColumnRole::Ignored;
            m_isCandidate[c] = m_facts[c].isNumeric() && m_plan.roles[c] == ColumnRole::Beside
                && (m_wishes.labelColumn.empty() || m_plan.names[c] != m_wishes.labelColumn);
        }
    }

    /// Certain where the first column names dimensions, "dim_0" or "0" below "dimension", and the
    /// others are numbers with names that do not count up.
    bool rowsAreDimensions() const
    {
        constexpr std::array<std::string_view, 9> kStems{"dim", "dims", "dimension", "dimensions",
            "component", "feature", "factor", "latent", "axis"};
        const auto isStem = [&](std::string_view word) {
            while (
                !word.empty() && (word.back() == '_' || word.back() == '-' || word.back() == ' '))
                word.remove_suffix(1);
            const std::string folded = foldCase(word);
            return std::find(kStems.begin(), kStems.end(), folded) != kStems.end();
        };
        if (!m_plan.hasHeader || m_rows < 2 || m_width < 3)
            return false;
        std::int64_t first = 0;
        for (std::size_t r = 0; r < m_rows; ++r) {
            const auto& cells = m_records[m_plan.skippedRecords + r];
            if (cells.size() != m_width)
                return false;
            std::optional<std::int64_t> number = parseInteger(cells[0]);
            if (number ? !isStem(m_plan.names[0]) : true) {
                const auto name = splitNumberedName(trimmed(cells[0]));
                number = name && isStem(name->first) ? std::optional(name->second) : std::nullopt;
            }
            if (r == 0)
                first = number.value_or(-1);
            if (!number || first < 0 || first > 1
                || *number != first + static_cast<std::int64_t>(r))
                return false;
        }
        for (std::size_t c = 1; c < m_width; ++c) {
            if (!m_facts[c].isNumeric() || splitNumberedName(m_plan.names[c]))
                return false;
        }
        return true;
    }

    /// Every column of numbers; names of dimensions and other texts are left out.
    Result<TablePlan> transposedPlan()
    {
        const bool hasNames = rowsAreDimensions();
        std::string left;
        for (std::size_t c = 0; c < m_width; ++c) {
            if (m_isCandidate[c] && !(c == 0 && hasNames)) {
                take(c);
                continue;
            }
            if (m_plan.roles[c] == ColumnRole::Beside && !(c == 0 && m_facts[c].numbers == 0))
                left += (left.empty() ? "\"" : ", \"") + printable(m_plan.names[c]) + '"';
            m_plan.roles[c] = ColumnRole::Ignored;
        }
        if (m_plan.dimensions == 0)
            return noVectors("no column holds numbers, so none can be a point");
        if (!m_wishes.isTransposed) {
            m_plan.warnings.push_back("The first column names dimensions, so the columns were read "
                                      "as points and the rows as their dimensions.");
        } else if (!left.empty() && !hasNames) {
            m_plan.warnings.push_back(
                "These columns hold no numbers and were left out: " + left + '.');
        }
        m_plan.label.reset();
        nameTheNameless();
        return std::move(m_plan);
    }

    void takeList(std::size_t column)
    {
        m_plan.dimensions = m_facts[column].listLength();
        m_plan.coordinates = findCoordinates(m_plan.names, m_isCandidate);
        std::string others;
        for (std::size_t c = 0; c < m_width; ++c) {
            if (c == column) {
                m_plan.roles[c] = ColumnRole::Vector;
            } else if (m_facts[c].isList()) {
                m_plan.roles[c] = ColumnRole::Ignored;
                others += (others.empty() ? "\"" : ", \"") + printable(m_plan.names[c]) + '"';
            }
        }
        if (!others.empty()) {
            m_plan.warnings.push_back("The vectors are read from the column \""
                + printable(m_plan.names[column])
                + "\"; vectors stand in these columns, too, which can be chosen as the tensor: "
                + others + '.');
        }
    }

    void take(std::size_t c)
    {
        m_plan.roles[c] = ColumnRole::Dimension;
        ++m_plan.dimensions;
    }

    /// Without a header every number belongs to the vector, and what is no number is the label.
    void takeAllNumbers()
    {
        for (std::size_t c = 0; c < m_width; ++c) {
            if (m_isCandidate[c])
                take(c);
            else if (m_plan.roles[c] == ColumnRole::Beside && !m_plan.label)
                m_plan.label = c;
        }
    }

    /// Numbers that no name gives another use, without places where others are left.
    std::vector<bool> possibleDimensions()
    {
        std::vector<bool> isVector = m_isCandidate;
        for (std::size_t c = 0; c < m_width; ++c)
            isVector[c] = isVector[c] && !describesRow(m_plan.names[c]);
        const auto places = findCoordinates(m_plan.names, m_isCandidate);
        if (places.empty())
            return isVector;
        std::vector<bool> withoutPlaces = isVector;
        std::vector<bool> placesAlone(m_width);
        for (const std::size_t c : places) {
            withoutPlaces[c] = false;
            placesAlone[c] = true;
        }
        if (std::count(withoutPlaces.begin(), withoutPlaces.end(), true) < 2)
            return placesAlone;
        m_plan.coordinates = places;
        return withoutPlaces;
    }

    /// Names that count up say it best; a long run of numbers says it, too; a few numbers here and
    /// there are all taken together.
    void takeNamedNumbers()
    {
        const std::vector<bool> isVector = possibleDimensions();
        ColumnRun chosen = longestRun(isVector);
        ColumnRun numbered;
        for (const ColumnRun& run : findNumberedRuns(m_plan.names, isVector)) {
            if (run.size() > numbered.size())
                numbered = run;
        }
        constexpr std::size_t kMany = 16;
        constexpr std::size_t kFew = 8;
        if (numbered.size() > 0
            && (numbered.size() * 2 >= chosen.size() || numbered.size() >= kMany))
            chosen = numbered;
        const bool takesEach = chosen.size() < kFew && numbered.size() == 0;
        for (std::size_t c = 0; c < m_width; ++c) {
            if (takesEach ? isVector[c] : c >= chosen.begin && c < chosen.end)
                take(c);
        }
        constexpr std::size_t kSmallTable = 64;
        warnIfTransposed(m_plan, m_rows, m_records.size() < kSmallTable);
    }

    Error nothingToTake() const
    {
        std::string what = "no columns hold vectors";
        if (m_width == 1)
            what = "has a single column, and vectors need two or more numbers a row";
        else if (m_plan.dimensions == 1)
            what = "only one column of numbers could be a vector, and two or more are needed";
        return noVectors(what
            + "; if it describes the rows of another file, open that one and lay this beside it as "
              "metadata");
    }

    void nameTheNameless()
    {
        for (std::size_t c = 0; c < m_width; ++c) {
            if (!m_plan.names[c].empty())
                continue;
            const bool isLabel
                = m_plan.label == c || (c == 0 && m_plan.hasHeader && m_facts[c].numbers == 0);
            m_plan.names[c] = isLabel ? "label" : "column " + std::to_string(c + 1);
        }
    }

    const Records& m_records;
    const PlanWishes& m_wishes;
    TablePlan m_plan;
    std::size_t m_rows = 0; ///< In the sample.
    std::size_t m_width = 0;
    std::vector<ColumnFacts> m_facts;
    std::vector<bool> m_isCandidate;
};

} // namespace

Result<TablePlan> planTable(const Records& records, const PlanWishes& wishes)
{
    return Planner(records, wishes).plan();
}

} // namespace embedscope
