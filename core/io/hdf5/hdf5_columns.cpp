#include "core/io/hdf5/hdf5_columns.h"

#include "core/base/list_text.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace embedscope {

namespace {

using hdf5::Class;

constexpr std::size_t kMostColumns = 1000;
constexpr std::size_t kMostNamesInAList = 8;
constexpr Index kMostCategories = 256;
/// Names of maps, the best first; others come last.
constexpr auto kMaps
    = std::to_array<std::string_view>({"umap", "tsne", "draw_graph", "mde", "phate"});

/// Texts that repeat are categories; those that look like numbers stay the texts they were.
Column textColumn(const std::string& name, TextValues texts)
{
    Column column(name, std::move(texts));
    const Index distinct = column.distinctCount();
    if (distinct > kMostCategories || distinct * 2 > column.size())
        return column;
    return Column(name, toCategories(column));
}

/// Categories in order of first appearance, as CategoryValues wants them; -1 and codes that name
/// none are missing.
CategoryValues categoryValues(const std::vector<std::int64_t>& codes, const TextValues& names)
{
    CategoryValues values;
    std::vector<std::int32_t> order(static_cast<std::size_t>(names.size()), -1);
    std::unordered_map<std::string_view, std::int32_t> known;
    values.codes.reserve(codes.size());
    for (const std::int64_t code : codes) {
        if (code < 0 || code >= names.size()) {
            values.codes.push_back(-1);
            continue;
        }
        std::int32_t& own = order[static_cast<std::size_t>(code)];
        if (own < 0) {
            const auto [entry, isNew] = known.try_emplace(
                names[code], static_cast<std::int32_t>(values.categories.size()));
            if (isNew)
                values.categories.emplace_back(names[code]);
            own = entry->second;
        }
        values.codes.push_back(own);
    }
    return values;
}

std::size_t mapRank(std::string_view name)
{
    const std::string folded = foldCase(name);
    for (std::size_t i = 0; i < kMaps.size(); ++i) {
        if (folded.find(kMaps[i]) != std::string::npos)
            return i;
    }
    return folded.find("spatial") == std::string::npos ? kMaps.size() : kMaps.size() + 1;
}

bool isValue(const Hdf5Type& type)
{
    return (type.kind == Class::Number && type.length == 1) || type.kind == Class::Text
        || type.kind == Class::Enumeration;
}

Error notAColumn()
{
    return Error{ErrorCode::Unsupported, "is no column", {}, {}, {}};
}

} // namespace

Status Hdf5Columns::add(const std::string& name, Result<Column> column, const Progress& progress)
{
    if (progress.stopRequested())
        return stoppedError();
    if (!column && (column.error().code == ErrorCode::Stopped || m_values.isBroken()))
        return std::move(column).error();
    if (!column || column->size() != m_table.fileRows() || m_table.columns.size() >= kMostColumns) {
        m_leftOut.push_back(name);
        return {};
    }
    m_table.columns.push_back(std::move(column).value());
    return {};
}

Result<Column> Hdf5Columns::categories(const std::string& name, const Hdf5Object& codes,
    const std::string& member, const Hdf5Object& names, const Progress& progress)
{
    if (!names.isColumn())
        return notAColumn();
    EMBEDSCOPE_TRY_ASSIGN(const auto numbers, m_values.integers(codes, member, progress));
    TextValues texts;
    if (names.type.kind == Class::Number) {
        EMBEDSCOPE_TRY_ASSIGN(const auto values, m_values.numbers(names, {}, progress));
        for (const double value : values.values)
            texts.append(formatNumber(value));
    } else {
        EMBEDSCOPE_TRY_ASSIGN(texts, m_values.texts(names, {}, progress));
    }
    return Column(name, categoryValues(numbers, texts));
}

Result<Column> Hdf5Columns::column(const std::string& name, const Hdf5Object& object,
    const std::string& member, const Hdf5Type& type, const Progress& progress)
{
    if (!object.isColumn() || object.rows() != rows() || !isValue(type))
        return notAColumn();
    if (type.kind == Class::Number) {
        // Before AnnData 0.8 a categorical column was its codes, with the names elsewhere.
        const std::string here(parentPath(object.path));
        const Hdf5Object* names = m_listing.find(here + "/__categories/" + name);
        if (names == nullptr && !member.empty())
            names = m_listing.find("uns/" + name + "_categories");
        if (names != nullptr && type.name.find("int") != std::string::npos)
            return categories(name, object, member, *names, progress);
        EMBEDSCOPE_TRY_ASSIGN(auto numbers, m_values.numbers(object, member, progress));
        return Column(name, std::move(numbers));
    }
    EMBEDSCOPE_TRY_ASSIGN(auto texts, m_values.texts(object, member, progress));
    if (type.kind == Class::Enumeration)
        return Column(name, toCategories(Column(name, std::move(texts))));
    return textColumn(name, std::move(texts));
}

Result<Column> Hdf5Columns::groupColumn(
    const std::string& name, const Hdf5Object& group, const Progress& progress)
{
    const Hdf5Object* const codes = m_listing.child(group, "codes");
    const Hdf5Object* const names = m_listing.child(group, "categories");
    if (codes != nullptr && names != nullptr && codes->hasKind(Class::Number) && codes->isColumn()
        && codes->rows() == rows())
        return categories(name, *codes, {}, *names, progress);
    const Hdf5Object* const values = m_listing.child(group, "values");
    const Hdf5Object* const mask = m_listing.child(group, "mask");
    if (values == nullptr || mask == nullptr || !mask->isColumn() || mask->rows() != rows())
        return notAColumn();
    EMBEDSCOPE_TRY_ASSIGN(const Column present, column(name, *values, {}, values->type, progress));
    EMBEDSCOPE_TRY_ASSIGN(const auto isMissing, m_values.integers(*mask, {}, progress));
    if (const NumberValues* numbers = present.asNumber()) {
        NumberValues result = *numbers;
        for (std::size_t i = 0; i < isMissing.size(); ++i) {
            if (isMissing[i] != 0)
                result.values[i] = std::numeric_limits<double>::quiet_NaN();
        }
        return Column(name, std::move(result));
    }
    TextValues texts;
    for (Index i = 0; i < present.size(); ++i) {
        if (isMissing[static_cast<std::size_t>(i)] != 0)
            texts.appendMissing();
        else
            texts.append(present.text(i));
    }
    return textColumn(name, std::move(texts));
}

/// One value a row each; in a frame of AnnData before 0.8 the first text is the index.
Status Hdf5Columns::readMembers(
    const Hdf5Object& frame, const std::string& except, bool isFrame, const Progress& progress)
{
    for (const Hdf5Member& member : frame.members) {
        if (member.name == except || !isValue(member.type))
            continue;
        EMBEDSCOPE_TRY(add(
            member.name, column(member.name, frame, member.name, member.type, progress), progress));
        const bool isIndex = isFrame && (member.name == "index" || member.name == "_index");
        if (isIndex && !m_table.columns.empty() && m_table.columns.back().name() == member.name)
            m_table.labelColumn = m_table.columns.size() - 1;
    }
    return {};
}

Status Hdf5Columns::readFrame(const std::string& path, const Progress& progress)
{
    const Hdf5Object* const frame = m_listing.find(path);
    if (frame == nullptr)
        return {};
    if (frame->isDataset)
        return readMembers(*frame, {}, true, progress);
    std::string index(frame->attribute("_index"));
    if (index.empty())
        index = m_listing.child(*frame, "_index") != nullptr ? "_index" : "index";
    if (const Hdf5Object* names = m_listing.child(*frame, index); names && names->isDataset) {
        const std::string shown = index == "_index" ? "index" : index;
        Result<Column> column = notAColumn();
        if (names->type.kind == Class::Text) {
            // Never categories: names of rows.
            auto texts = m_values.texts(*names, {}, progress);
            column = texts ? Result<Column>(Column(shown, std::move(texts).value()))
                           : Result<Column>(std::move(texts).error());
        } else {
            column = this->column(shown, *names, {}, names->type, progress);
        }
        const std::size_t before = m_table.columns.size();
        EMBEDSCOPE_TRY(add(shown, std::move(column), progress));
        if (m_table.columns.size() > before)
            m_table.labelColumn = before;
    }
    std::vector<std::string> order;
    if (const auto* const named = frame->entries("column-order"))
        order = *named;
    if (order.empty()) {
        for (const Hdf5Object& object : m_listing.objects()) {
            if (parentPath(object.path) == path && object.path.size() > path.size())
                order.emplace_back(lastName(object.path));
        }
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::string& name = order[i];
        const Hdf5Object* const child = m_listing.child(*frame, name);
        if (child == nullptr || name == index || name == "__categories")
            continue;
        const Progress silent(progress.stopToken());
        EMBEDSCOPE_TRY(add(name,
            child->isDataset ? column(name, *child, {}, child->type, silent)
                             : groupColumn(name, *child, silent),
            progress));
        progress.report(
            "Reading columns", static_cast<double>(i + 1) / static_cast<double>(order.size()));
    }
    return {};
}

Status Hdf5Columns::readBeside(const Hdf5Table& read, const Progress& progress)
{
    const Hdf5Object& own = *read.object;
    if (!read.member.empty())
        EMBEDSCOPE_TRY(readMembers(own, read.member, false, progress));
    // The columns of a sparse table lie in its group, beside its parts.
    const std::string folder = read.isSparse ? own.path : std::string(parentPath(own.path));
    for (const Hdf5Object& object : m_listing.objects()) {
        if (&object == &own || !object.isDataset || parentPath(object.path) != folder
            || object.path.empty() || !object.isColumn() || object.rows() != rows()
            || !isValue(object.type))
            continue;
        const std::string name(lastName(object.path));
        if (read.isSparse && (name == "data" || name == "indices" || name == "indptr"))
            continue;
        EMBEDSCOPE_TRY(add(
            name, column(name, object, {}, object.type, Progress(progress.stopToken())), progress));
    }
    for (std::size_t i = 0; i < m_table.columns.size(); ++i) {
        const Column& column = m_table.columns[i];
        const bool isText
            = column.kind() == ColumnKind::Text || column.kind() == ColumnKind::Category;
        if (isText && column.distinctCount() > m_mostDistinct) {
            m_mostDistinct = column.distinctCount();
            m_table.labelColumn = i;
        }
    }
    return {};
}

Status Hdf5Columns::readPlaces(
    const std::vector<Hdf5Table>& tables, const Hdf5Table& read, const Progress& progress)
{
    std::size_t best = std::numeric_limits<std::size_t>::max();
    for (const Hdf5Table& places : tables) {
        const auto& shape = places.summary.shape;
        if (!places.isPlaces || places.frame != read.frame || places.summary.score <= 0
            || shape[0] != rows())
            continue;
        const std::string name(lastName(places.summary.name));
        const auto width = static_cast<Index>(shape[1]);
        const Progress silent(progress.stopToken());
        auto values = m_values.dense(places, RowSubset::all(m_table.fileRows()), width, silent);
        if (!values) {
            EMBEDSCOPE_TRY(add(name, std::move(values).error(), progress));
            continue;
        }
        std::vector<std::size_t> added;
        for (Index j = 0; j < width; ++j) {
            NumberValues numbers;
            for (Index i = 0; i < values->rows(); ++i)
                numbers.values.push_back(static_cast<double>((*values)(i, j)));
            const std::size_t before = m_table.columns.size();
            const std::string shown = name + ' ' + std::to_string(j + 1);
            EMBEDSCOPE_TRY(add(shown, Column(shown, std::move(numbers)), progress));
            if (m_table.columns.size() > before)
                added.push_back(before);
        }
        const std::size_t rank = mapRank(name);
        if (added.size() == static_cast<std::size_t>(width) && rank < best) {
            best = rank;
            m_table.coordinateColumns = std::move(added);
        }
    }
    return {};
}

void Hdf5Columns::warn()
{
    if (m_leftOut.empty())
        return;
    const std::string list = listText(m_leftOut.size(), kMostNamesInAList, [&](std::size_t i) {
        return '"' + printable(std::string_view(m_leftOut[i]).substr(0, 100)) + '"';
    });
    m_table.warnings.push_back("Columns that could not be read were left out: " + list + '.');
}

} // namespace embedscope
