#include "core/io/text/metadata_join.h"

#include "core/base/text.h"
#include "core/data/select_rows.h"
#include "core/io/archives/unwrap.h"
#include "core/io/open.h"
#include "core/io/text/label_column.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_map>

namespace embedscope {

namespace {

constexpr Index kNoRow = -1;

/// The first row of each value. Keys are the texts as people read them, so that the number 7 and
/// the text "7" are the same.
class KeyMap
{
public:
    explicit KeyMap(const Column& column)
    {
        m_rowOf.reserve(static_cast<std::size_t>(column.size()));
        for (Index row = 0; row < column.size(); ++row) {
            if (column.isMissing(row))
                continue;
            if (!m_rowOf.emplace(column.text(row), row).second)
                ++m_repeated;
        }
    }

    Index find(const Column& column, Index row) const
    {
        if (column.isMissing(row))
            return kNoRow;
        const auto found = m_rowOf.find(column.text(row));
        return found == m_rowOf.end() ? kNoRow : found->second;
    }

    Index size() const { return static_cast<Index>(m_rowOf.size()); }
    Index repeated() const { return m_repeated; }

private:
    std::unordered_map<std::string, Index> m_rowOf;
    Index m_repeated = 0;
};

/// A column that numbers rows (paths.h) means those of the metadata; under its own name it would be
/// taken for rows of the table.
std::string nameOf(const Column& column)
{
    const bool numbersRows = column.name() == "__seq_next__" || column.name() == "__next__";
    return numbersRows ? column.name() + " in the metadata" : column.name();
}

/// The values of `column` at those rows; missing where there is none.
Column gathered(const Column& column, const std::vector<Index>& rows)
{
    const auto at
        = [](const auto& values, Index row) { return values[static_cast<std::size_t>(row)]; };
    if (const CategoryValues* const from = column.asCategory()) {
        CategoryValues to;
        to.categories = from->categories;
        for (const Index row : rows)
            to.codes.push_back(row == kNoRow ? -1 : at(from->codes, row));
        return {nameOf(column), std::move(to)};
    }
    if (const NumberValues* const from = column.asNumber()) {
        NumberValues to;
        for (const Index row : rows) {
            to.values.push_back(
                row == kNoRow ? std::numeric_limits<double>::quiet_NaN() : at(from->values, row));
        }
        return {nameOf(column), std::move(to)};
    }
    TextValues to;
    for (const Index row : rows) {
        if (row == kNoRow || column.isMissing(row))
            to.appendMissing();
        else
            to.append(column.textView(row));
    }
    return {nameOf(column), std::move(to)};
}

std::string counted(Index count, const char* one, const char* many)
{
    return formatCount(count) + ' ' + (count == 1 ? one : many);
}

std::string quotedName(const Column& column)
{
    return '"' + printable(column.name()) + '"';
}

Error noSuchKey(const std::string& key, const Columns& columns, const std::string& path)
{
    std::string list;
    for (const Column& column : columns)
        list += (list.empty() ? "" : ", ") + quotedName(column);
    return Error{ErrorCode::NotFound,
        "the metadata has no column \"" + printable(key) + "\"; its columns are " + list, path, {},
        {}};
}

/// Most, and enough of them to be no accident.
bool isMost(Index part, Index whole)
{
    return part * 2 > whole;
}

Result<Metadata> joinByName(
    const Dataset& dataset, Metadata all, const std::string& key, const std::string& path)
{
    const auto inMetadata = findColumn(all.columns, key);
    if (!inMetadata)
        return noSuchKey(key, all.columns, path);
    auto inTable = findColumn(dataset.columns(), key);
    if (!inTable)
        inTable = dataset.labelColumn();
    if (!inTable) {
        return Error{ErrorCode::NotFound,
            "the table has neither a column \"" + printable(key)
                + "\" nor labels to find the rows of the metadata by",
            path, {}, {}};
    }
    const Column& ofTable = dataset.columns()[*inTable];
    if (fitOfKey(ofTable, all.columns[*inMetadata]).pointsFound == 0) {
        return Error{ErrorCode::NotFound,
            "no value of the column \"" + printable(key)
                + "\" of the metadata is one of the table's column " + quotedName(ofTable),
            path, {}, {}};
    }
    return joinedByKey(ofTable, std::move(all), *inMetadata);
}

} // namespace

KeyFit fitOfKey(const Column& ofTable, const Column& ofMetadata)
{
    const KeyMap map(ofMetadata);
    KeyFit fit;
    fit.distinct = map.size();
    for (Index i = 0; i < ofTable.size(); ++i) {
        fit.pointsFound += map.find(ofTable, i) != kNoRow ? 1 : 0;
        const bool isSame = i < ofMetadata.size() && !ofTable.isMissing(i)
            && !ofMetadata.isMissing(i) && ofTable.text(i) == ofMetadata.text(i);
        fit.inPlace += isSame ? 1 : 0;
    }
    return fit;
}

std::optional<std::size_t> findKeyColumn(const Column& labels, const Metadata& metadata)
{
    std::optional<std::size_t> best;
    Index found = 0;
    for (std::size_t c = 0; c < metadata.columns.size(); ++c) {
        const KeyFit fit = fitOfKey(labels, metadata.columns[c]);
        // A column that repeats its values, such as a class, names no points.
        const bool isKey = fit.distinct * 10 >= metadata.columns[c].size() * 9;
        if (isKey && isMost(fit.pointsFound, labels.size()) && fit.pointsFound > found) {
            best = c;
            found = fit.pointsFound;
        }
    }
    return best;
}

Metadata joinedByKey(const Column& ofTable, Metadata metadata, std::size_t keyColumn)
{
    const Column& key = metadata.columns[keyColumn];
    const KeyMap map(key);
    std::vector<Index> rows;
    std::vector<bool> isUsed(static_cast<std::size_t>(key.size()));
    Index missing = 0;
    for (Index i = 0; i < ofTable.size(); ++i) {
        rows.push_back(map.find(ofTable, i));
        if (rows.back() == kNoRow)
            ++missing;
        else
            isUsed[static_cast<std::size_t>(rows.back())] = true;
    }
    const auto used = static_cast<Index>(std::count(isUsed.begin(), isUsed.end(), true));
    const Index unused = key.size() - used - map.repeated();
    Metadata result;
    result.rowsInFile = metadata.rowsInFile;
    result.warnings = std::move(metadata.warnings);
    if (missing > 0) {
        result.warnings.push_back(counted(missing, "point has no row", "points have no row")
            + " in the metadata, where " + quotedName(key) + " would have to be its "
            + quotedName(ofTable) + '.');
    }
    if (unused > 0) {
        result.warnings.push_back(
            counted(unused, "row of the metadata belongs", "rows of the metadata belong")
            + " to no point.");
    }
    if (map.repeated() > 0) {
        result.warnings.push_back(
            counted(map.repeated(), "row of the metadata repeats", "rows of the metadata repeat")
            + " a value of " + quotedName(key) + "; the first of each counts.");
    }
    for (std::size_t c = 0; c < metadata.columns.size(); ++c) {
        if (c != keyColumn)
            result.columns.push_back(gathered(metadata.columns[c], rows));
    }
    result.labelColumn = chooseLabelColumn(result.columns);
    return result;
}

Result<std::shared_ptr<const Dataset>> withMetadataFile(
    const std::shared_ptr<const Dataset>& dataset, const std::string& path,
    const Progress& progress, const std::string& key)
{
    EMBEDSCOPE_TRY_ASSIGN(Unwrapped inside, openUnwrapped(path, {}, progress.part(0, 0.3)));
    const ByteSource& source = *inside.source;
    Metadata metadata;
    if (!key.empty()) {
        EMBEDSCOPE_TRY_ASSIGN(Metadata all, readAllMetadata(source, progress.part(0.3, 0.9)));
        EMBEDSCOPE_TRY_ASSIGN(metadata, joinByName(*dataset, std::move(all), key, path));
    } else {
        EMBEDSCOPE_TRY_ASSIGN(
            metadata, readMetadata(source, dataset->fileRows(), progress.part(0.3, 0.6)));
        const bool countsDiffer = metadata.rowsInFile != dataset->fileRows();
        const auto& chosen = dataset->provenance().rows;
        if (chosen) {
            for (Column& column : metadata.columns)
                column = selectRows(column, *chosen);
        }
        if (dataset->hasLabels()) {
            const Column& labels = dataset->columns()[*dataset->labelColumn()];
            std::optional<Metadata> all;
            if (countsDiffer) {
                EMBEDSCOPE_TRY_ASSIGN(all, readAllMetadata(source, progress.part(0.6, 0.9)));
            }
            const Metadata& candidate = all ? *all : metadata;
            const auto column = findKeyColumn(labels, candidate);
            // As many rows: row by row, unless that gives most points the row of another.
            const bool isByKey = column
                && (countsDiffer
                    || !isMost(
                        fitOfKey(labels, candidate.columns[*column]).inPlace, dataset->size()));
            if (isByKey && chosen && !all) {
                EMBEDSCOPE_TRY_ASSIGN(all, readAllMetadata(source, progress.part(0.6, 0.9)));
            }
            if (isByKey) {
                const std::string name = quotedName(candidate.columns[*column]);
                const Index rows = metadata.rowsInFile;
                metadata
                    = joinedByKey(labels, all ? *std::move(all) : std::move(metadata), *column);
                metadata.warnings.insert(metadata.warnings.begin(),
                    "The metadata has " + formatCount(rows) + " rows"
                        + (countsDiffer ? " for " + formatCount(dataset->size()) + " points"
                                        : std::string(", in another order than the points"))
                        + ", so each point got the row whose " + name + " is its label.");
            }
        }
    }
    for (std::string& warning : inside.warnings)
        metadata.warnings.push_back(std::move(warning));
    return dataset->withColumns(
        std::move(metadata.columns), metadata.labelColumn, std::move(metadata.warnings), path);
}

} // namespace embedscope
