#include "core/io/table_plan.h"

#include "core/base/text.h"
#include "core/io/label_column.h"
#include "core/io/number_list.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace embedscope {

namespace {

using Records = std::vector<std::vector<std::string>>;

/// What the sample says of one column.
struct ColumnFacts
{
    std::size_t present = 0;
    std::size_t numbers = 0;
    std::size_t integers = 0;
    bool countsUp = true; ///< 0, 1, 2, … or 1, 2, 3, …
    std::map<std::size_t, std::size_t> listLengths; ///< Vectors written in cells, by length.
    std::size_t lists = 0;
    bool isShortened = false;

    bool isNumeric() const { return present > 0 && numbers == present; }
    bool isList() const { return present > 0 && lists * 2 > present; }
    bool isIndex(std::size_t rows) const
    {
        return rows > 1 && countsUp && present == rows && integers == rows;
    }
    std::size_t listLength() const
    {
        std::size_t best = 0;
        std::size_t times = 0;
        for (const auto& [length, count] : listLengths) {
            if (count >= times) {
                best = length;
                times = count;
            }
        }
        return best;
    }
};

std::size_t commonestWidth(const Records& records, std::size_t from)
{
    std::map<std::size_t, std::size_t> counts;
    for (std::size_t r = from; r < records.size(); ++r)
        ++counts[records[r].size()];
    std::size_t best = 0;
    std::size_t times = 0;
    for (const auto& [width, count] : counts) {
        if (count >= times) {
            best = width;
            times = count;
        }
    }
    return best;
}

std::vector<ColumnFacts> examine(const Records& records, std::size_t from, std::size_t width)
{
    std::vector<ColumnFacts> facts(width);
    std::vector<float> values;
    for (std::size_t r = from; r < records.size(); ++r) {
        for (std::size_t c = 0; c < width; ++c) {
            ColumnFacts& fact = facts[c];
            const std::string_view cell
                = c < records[r].size() ? std::string_view(records[r][c]) : std::string_view();
            if (isMissingCell(cell)) {
                fact.countsUp = false;
                continue;
            }
            ++fact.present;
            if (const auto number = parseNumber(cell)) {
                ++fact.numbers;
                const auto integer = parseInteger(cell);
                if (integer)
                    ++fact.integers;
                const auto row = static_cast<std::int64_t>(r - from);
                fact.countsUp = fact.countsUp && integer
                    && *integer - row == parseInteger(records[from][c]).value_or(-1)
                    && *integer - row >= 0 && *integer - row <= 1;
                continue;
            }
            fact.countsUp = false;
            const ListRead list = readNumberList(cell, values);
            if (list == ListRead::Ok)
                ++fact.listLengths[values.size()];
            if (list == ListRead::Shortened)
                fact.isShortened = true;
            if (list != ListRead::NotAList)
                ++fact.lists;
        }
    }
    return facts;
}

/// "10000<TAB>100" above the rows, as word2vec writes it with spaces.
bool isCountLine(const Records& records)
{
    if (records.size() < 2)
        return false;
    const std::size_t width = commonestWidth(records, 1);
    const auto& first = records.front();
    if (first.size() != 2 || width < 3)
        return false;
    const auto rows = parseInteger(first[0]);
    const auto dimensions = parseInteger(first[1]);
    return rows && dimensions && *rows > 0 && *dimensions > 0
        && (static_cast<std::size_t>(*dimensions) == width
            || static_cast<std::size_t>(*dimensions) + 1 == width);
}

/// 0, 1, 2, … from some column on: the header that pandas gives to a bare matrix. A row of data may
/// look like it, so it takes an empty or a label's name in front, or values below that are no whole
/// numbers.
bool numbersItsColumns(const Records& records, std::size_t at)
{
    const auto& record = records[at];
    const std::size_t from = !record.empty() && !parseInteger(record[0]) ? 1 : 0;
    if (record.size() < from + 2)
        return false;
    const auto first = parseInteger(record[from]);
    if (!first || (*first != 0 && *first != 1))
        return false;
    for (std::size_t c = from; c < record.size(); ++c) {
        const auto number = parseInteger(record[c]);
        if (!number || *number != *first + static_cast<std::int64_t>(c - from))
            return false;
    }
    if (from == 1 && (trimmed(record[0]).empty() || isLabelName(record[0])))
        return true;
    const auto& next = records[at + 1];
    return record.size() >= from + 3
        && std::any_of(next.begin() + static_cast<std::ptrdiff_t>(std::min(from, next.size())),
            next.end(), [](const std::string& cell) { return !parseInteger(cell); });
}

bool isHeader(const Records& records, std::size_t at)
{
    if (records.size() < at + 2)
        return false;
    const auto& first = records[at];
    if (numbersItsColumns(records, at))
        return true;
    const auto facts = examine(records, at + 1, commonestWidth(records, at + 1));
    // R's write.table leaves the name of the first column out.
    const std::size_t shift = first.size() + 1 == facts.size() ? 1 : 0;
    bool named = false;
    bool hasNumbers = false;
    for (std::size_t c = 0; c < first.size(); ++c) {
        const bool isNumber = parseNumber(first[c]).has_value();
        if (c + shift < facts.size()
            && (facts[c + shift].isNumeric() || facts[c + shift].isList())) {
            std::vector<float> ignored;
            if (isNumber || readNumberList(first[c], ignored) != ListRead::NotAList)
                return false;
            hasNumbers = true;
            named = named || !trimmed(first[c]).empty();
        }
    }
    return named && hasNumbers;
}

/// A name as a stem and a number: "dim_12" is "dim_" and 12. nullopt where it ends in no digits.
std::optional<std::pair<std::string, std::int64_t>> splitName(std::string_view name)
{
    name = trimmed(name);
    std::size_t at = name.size();
    while (at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9')
        --at;
    const auto number = parseInteger(name.substr(at));
    if (!number)
        return std::nullopt;
    return std::pair(foldCase(name.substr(0, at)), *number);
}

/// A run of neighbouring numeric columns whose names count up.
struct Run
{
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string stem;
    std::size_t size() const { return end - begin; }
};

std::vector<Run> findNumberedRuns(
    const std::vector<std::string>& names, const std::vector<bool>& isCandidate)
{
    std::vector<Run> runs;
    for (std::size_t c = 0; c < names.size();) {
        const auto first = isCandidate[c] ? splitName(names[c]) : std::nullopt;
        std::size_t end = c + 1;
        if (first) {
            while (end < names.size() && isCandidate[end]) {
                const auto next = splitName(names[end]);
                if (!next || next->first != first->first
                    || next->second != first->second + static_cast<std::int64_t>(end - c))
                    break;
                ++end;
            }
            if (end - c >= 2)
                runs.push_back({c, end, first->first});
        }
        c = end;
    }
    return runs;
}

Run longestCandidateRun(const std::vector<bool>& isCandidate)
{
    Run best;
    for (std::size_t c = 0; c < isCandidate.size();) {
        std::size_t end = c;
        while (end < isCandidate.size() && isCandidate[end])
            ++end;
        if (end - c > best.size())
            best = {c, end, {}};
        c = end + 1;
    }
    return best;
}

/// Numbers that describe a row rather than being part of a vector.
bool describesRow(std::string_view name)
{
    constexpr std::array<std::string_view, 21> kNames{"index", "idx", "row", "class", "target",
        "count", "counts", "freq", "frequency", "rank", "cluster", "category", "group", "year",
        "split", "digit", "y_true", "user_id", "item_id", "movieid", "#"};
    const std::string folded = foldCase(trimmed(name));
    if (isLabelName(folded) || folded.starts_with("unnamed:") || folded.ends_with("_id"))
        return true;
    return std::find(kNames.begin(), kNames.end(), folded) != kNames.end();
}

/// x, y and z, or columns such as umap_1 and umap_2: places rather than vectors, beside others.
std::vector<std::size_t> findCoordinates(
    const std::vector<std::string>& names, const std::vector<bool>& isCandidate)
{
    const auto find = [&](const std::string& name) -> std::optional<std::size_t> {
        for (std::size_t c = 0; c < names.size(); ++c) {
            if (isCandidate[c] && foldCase(trimmed(names[c])) == name)
                return c;
        }
        return std::nullopt;
    };
    for (const std::string stem :
        {"", "umap_", "tsne_", "pca_", "projection_", "coord_", "pos_", "map_"}) {
        const auto x = find(stem + "x");
        const auto y = find(stem + "y");
        const auto z = find(stem + "z");
        if (x && y && z)
            return {*x, *y, *z};
        if (x && y)
            return {*x, *y};
    }
    for (const Run& run : findNumberedRuns(names, isCandidate)) {
        constexpr std::array<std::string_view, 6> kStems{
            "umap", "tsne", "t-sne", "pca", "mds", "pc"};
        std::string stem = run.stem;
        while (!stem.empty() && (stem.back() == '_' || stem.back() == '-' || stem.back() == ' '))
            stem.pop_back();
        if (run.size() <= 3 && std::find(kStems.begin(), kStems.end(), stem) != kStems.end()) {
            std::vector<std::size_t> columns;
            for (std::size_t c = run.begin; c < run.end; ++c)
                columns.push_back(c);
            return columns;
        }
    }
    return {};
}

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
                  "lost; "
                  "write the file again with every value");
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
    if (!plan.hasHeader || !sawWholeFile || rows > plan.dimensions)
        return;
    for (std::size_t c = 0; c < plan.names.size(); ++c) {
        if (plan.roles[c] != ColumnRole::Dimension || splitName(plan.names[c]))
            return;
    }
    plan.warnings.push_back("Every column is a dimension and there are no labels: if the headings ("
        + printable(plan.names[0]) + ", " + printable(plan.names[1])
        + ", \xE2\x80\xA6) name the points, the table is transposed, and its rows and columns must "
          "be "
          "exchanged before it is opened.");
}

} // namespace

bool looksLikeHeader(const Records& records)
{
    return isHeader(records, 0);
}

Result<TablePlan> planTable(const Records& records, const PlanWishes& wishes)
{
    TablePlan plan;
    if (isCountLine(records))
        plan.skippedRecords = 1;
    plan.hasHeader = isHeader(records, plan.skippedRecords);
    const std::size_t data = plan.skippedRecords + (plan.hasHeader ? 1 : 0);
    if (data >= records.size())
        return noVectors("there are no rows below the first line");
    const std::size_t rows = records.size() - data;
    const std::size_t width = commonestWidth(records, data);
    if (width > std::size_t{1} << 18U)
        return noVectors("a row has more than 262,144 cells");
    auto facts = examine(records, data, width);

    if (plan.hasHeader) {
        plan.names = records[data - 1];
        if (plan.names.size() + 1 == width)
            plan.names.insert(plan.names.begin(), std::string());
        for (auto& name : plan.names)
            name = repairUtf8(trimmed(name));
        plan.skippedRecords = data;
    }
    plan.names.resize(width);
    plan.roles.assign(width, ColumnRole::Beside);

    std::vector<bool> isCandidate(width);
    for (std::size_t c = 0; c < width; ++c) {
        const bool isUnnamed = plan.names[c].empty() || plan.names[c].starts_with("Unnamed: ");
        if (facts[c].present == 0 && isUnnamed)
            plan.roles[c] = ColumnRole::Ignored;
        // A row number: the first column, counting up; beside others that are no whole numbers
        // where it has no name that says so.
        if (c == 0 && width > 2 && rows > 2 && facts[c].isIndex(rows)) {
            bool othersAreWhole = !plan.hasHeader;
            for (std::size_t o = 1; o < width && othersAreWhole; ++o)
                othersAreWhole = facts[o].integers == facts[o].present;
            if (plan.hasHeader ? isUnnamed : !othersAreWhole)
                plan.roles[c] = ColumnRole::Ignored;
        } else if (c == 0 && isUnnamed && plan.hasHeader && facts[c].isIndex(rows)) {
            plan.roles[c] = ColumnRole::Ignored;
        }
        isCandidate[c] = facts[c].isNumeric() && plan.roles[c] == ColumnRole::Beside
            && (wishes.labelColumn.empty() || plan.names[c] != wishes.labelColumn);
    }

    EMBEDSCOPE_TRY_ASSIGN(const auto listColumn, chooseListColumn(plan, facts, wishes));
    if (listColumn) {
        plan.dimensions = facts[*listColumn].listLength();
        plan.coordinates = findCoordinates(plan.names, isCandidate);
        std::string others;
        for (std::size_t c = 0; c < width; ++c) {
            if (c == *listColumn) {
                plan.roles[c] = ColumnRole::Vector;
            } else if (facts[c].isList()) {
                plan.roles[c] = ColumnRole::Ignored;
                others += (others.empty() ? "\"" : ", \"") + printable(plan.names[c]) + '"';
            }
        }
        if (!others.empty()) {
            plan.warnings.push_back("The vectors are read from the column \""
                + printable(plan.names[*listColumn]) + "\"; " + others
                + " also holds vectors and can be chosen as the tensor.");
        }
    } else if (!plan.hasHeader) {
        for (std::size_t c = 0; c < width; ++c) {
            if (isCandidate[c]) {
                plan.roles[c] = ColumnRole::Dimension;
                ++plan.dimensions;
            } else if (plan.roles[c] == ColumnRole::Beside && !plan.label) {
                plan.label = c;
            }
        }
    } else {
        const auto coordinates = findCoordinates(plan.names, isCandidate);
        std::vector<bool> isVector = isCandidate;
        for (std::size_t c = 0; c < width; ++c)
            isVector[c] = isVector[c] && !describesRow(plan.names[c]);
        std::vector<bool> withoutPlaces = isVector;
        for (const std::size_t c : coordinates)
            withoutPlaces[c] = false;
        if (std::count(withoutPlaces.begin(), withoutPlaces.end(), true) >= 2) {
            isVector = withoutPlaces;
            plan.coordinates = coordinates;
        } else if (!coordinates.empty()) {
            isVector.assign(width, false);
            for (const std::size_t c : coordinates)
                isVector[c] = true;
        }
        const auto runs = findNumberedRuns(plan.names, isVector);
        const auto longest = std::max_element(runs.begin(), runs.end(),
            [](const Run& a, const Run& b) { return a.size() < b.size(); });
        Run chosen = longestCandidateRun(isVector);
        // Names that count up say it best; a long run of numbers says it, too; a few numbers here
        // and there are all taken together.
        if (longest != runs.end()
            && (longest->size() * 2 >= chosen.size() || longest->size() >= 16))
            chosen = *longest;
        const bool takeAll = chosen.size() < 8 && longest == runs.end();
        for (std::size_t c = 0; c < width; ++c) {
            if (takeAll ? isVector[c] : c >= chosen.begin && c < chosen.end) {
                plan.roles[c] = ColumnRole::Dimension;
                ++plan.dimensions;
            }
        }
        warnIfTransposed(plan, rows, records.size() < 64);
    }
    if (plan.dimensions == 0 || (plan.dimensions == 1 && !listColumn)) {
        std::string what = "no columns hold vectors";
        if (width == 1)
            what = "has a single column, and vectors need two or more numbers a row";
        else if (plan.dimensions == 1)
            what = "only one column of numbers could be a vector, and two or more are needed";
        return noVectors(what
            + "; if it describes the rows of another file, open that one and lay this beside it "
              "as metadata");
    }
    const bool isHeaderless = !plan.hasHeader;
    for (std::size_t c = 0; c < width; ++c) {
        if (!plan.names[c].empty())
            continue;
        if (plan.label == c || (c == 0 && !isHeaderless && facts[c].numbers == 0))
            plan.names[c] = "label";
        else
            plan.names[c] = "column " + std::to_string(c + 1);
    }
    return plan;
}

} // namespace embedscope
