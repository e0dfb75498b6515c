#include "core/io/hdf5/hdf5_reader.h"

#include "core/base/text.h"
#include "core/io/hdf5/hdf5_columns.h"
#include "core/io/hdf5/hdf5_values.h"
#include "core/io/tensors/tensor_choice.h"

#include <algorithm>
#include <array>

namespace embedscope {

namespace {

constexpr std::uint64_t kMostSparseWithoutShape = 64; // Looked into; each costs a question.

std::vector<TensorSummary> summariesOf(const std::vector<Hdf5Table>& tables)
{
    std::vector<TensorSummary> summaries;
    summaries.reserve(tables.size());
    for (const Hdf5Table& table : tables)
        summaries.push_back(table.summary);
    return summaries;
}

std::string count(std::uint64_t number, const char* one, const char* many)
{
    return formatCount(static_cast<std::int64_t>(number)) + (number == 1 ? one : many);
}

} // namespace

Status Hdf5Reader::look(const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(m_listing, m_library.list(progress));
    EMBEDSCOPE_TRY(findSparseShapes(progress));
    m_convention = conventionOf(m_listing);
    m_tables = tablesOf(m_listing, m_convention);
    return {};
}

/// The matrices of 10x Genomics say their shape in a dataset, as features x cells, and hold a run
/// of entries for each cell: here they are cells x features.
Status Hdf5Reader::findSparseShapes(const Progress& progress)
{
    std::vector<std::pair<std::string, std::array<std::uint64_t, 2>>> found;
    for (const Hdf5Object& group : m_listing.objects()) {
        const bool isMeant = isSparseGroup(m_listing, group) && group.entries("shape") == nullptr
            && group.entries("h5sparse_shape") == nullptr;
        const Hdf5Object* const shape = isMeant ? m_listing.child(group, "shape") : nullptr;
        if (shape == nullptr || !shape->hasKind(hdf5::Class::Number) || shape->extents.size() != 1
            || shape->rows() != 2 || found.size() >= kMostSparseWithoutShape)
            continue;
        std::array<std::int64_t, 2> extents{};
        const auto read = m_library.integers({shape->path, {}, 0, 2, 1}, extents.data(), progress);
        if (!read && (m_library.isBroken() || read.error().code == ErrorCode::Stopped))
            return read.error();
        const std::uint64_t runs = m_listing.child(group, "indptr")->rows();
        if (!read || extents[0] < 0 || extents[1] < 0 || runs == 0)
            continue;
        const auto features = static_cast<std::uint64_t>(extents[0]);
        const auto cells = static_cast<std::uint64_t>(extents[1]);
        if (runs - 1 == cells)
            found.push_back({group.path, {cells, features}});
        else if (runs - 1 == features)
            found.push_back({group.path, {features, cells}});
    }
    for (const auto& [path, shape] : found) {
        m_listing.addAttribute(
            path, {"shape", {std::to_string(shape[0]), std::to_string(shape[1])}});
    }
    return {};
}

Error Hdf5Reader::noTable() const
{
    std::string detail = "the file holds no table of numbers";
    if (m_listing.externalLinks > 0) {
        detail += "; its " + count(m_listing.externalLinks, " link", " links")
            + " to other files cannot be followed: open those files themselves";
    } else if (m_listing.damaged > 0) {
        detail += " that can be read; " + count(m_listing.damaged, " object", " objects")
            + " in it could not be read at all, so it may be damaged";
    } else if (m_convention == Hdf5Convention::AnnData) {
        detail += ": neither X nor obsm of this AnnData file has values";
    }
    return Error{ErrorCode::Unsupported, std::move(detail), {}, {}, {}};
}

Result<const Hdf5Table*> Hdf5Reader::choose(std::vector<std::string>& notes) const
{
    if (m_tables.empty())
        return noTable();
    std::string wanted = m_options.tensor;
    while (wanted.size() > 1 && wanted.starts_with('/'))
        wanted.erase(0, 1);
    EMBEDSCOPE_TRY_ASSIGN(const std::size_t chosen,
        chooseTensor(summariesOf(m_tables), wanted, m_source.path(), notes));
    return &m_tables[chosen];
}

void Hdf5Reader::note(Table& table) const
{
    const Hdf5Object* const root = m_listing.find("");
    const auto attribute = [&](std::string_view name) {
        return root == nullptr ? std::string() : printable(root->attribute(name).substr(0, 100));
    };
    switch (m_convention) {
    case Hdf5Convention::AnnData:
        table.provenance.notes.push_back("AnnData: observations, their variables and embeddings.");
        break;
    case Hdf5Convention::AnnBenchmarks: {
        const std::string distance = attribute("distance");
        table.provenance.notes.push_back("A set of ann-benchmarks: vectors to search (train), "
                                         "vectors to search for (test) and their true neighbours"
            + (distance.empty() ? std::string(".") : " by " + distance + " distance."));
        break;
    }
    case Hdf5Convention::Keras:
        table.provenance.notes.push_back("Weights of a Keras model.");
        break;
    case Hdf5Convention::None:
        break;
    }
    if (m_listing.externalLinks > 0) {
        table.warnings.push_back(count(m_listing.externalLinks, " link", " links")
            + " to other files "
            + (m_listing.externalLinks == 1 ? "was not followed." : "were not followed."));
    }
    if (m_listing.damaged > 0) {
        table.warnings.push_back(count(m_listing.damaged, " object", " objects")
            + " of the file could not be read; it may be damaged.");
    }
}

Result<Table> Hdf5Reader::read(const Progress& progress)
{
    EMBEDSCOPE_TRY(look(progress.part(0, 0.1)));
    Table table;
    std::vector<std::string> notes;
    EMBEDSCOPE_TRY_ASSIGN(const Hdf5Table* const chosen, choose(notes));
    const auto shape = tensorTableShape(chosen->summary.shape);
    if (!shape)
        return noTable();
    Hdf5Values values(m_source, m_options, m_listing, m_library);
    const Progress reading = progress.part(0.1, 0.8);
    auto rows = RowSubset::all(shape->rows);
    if (Hdf5Values::canChooseRows(*chosen)) {
        EMBEDSCOPE_TRY_ASSIGN(rows, chosenRows(m_options.rows, shape->rows, m_source.path()));
    }
    if (chosen->isKeyed) {
        TextValues names;
        EMBEDSCOPE_TRY_ASSIGN(
            table.vectors, values.keyed(*chosen, shape->rows, shape->columns, names, reading));
        table.columns.emplace_back("name", std::move(names));
        table.labelColumn = 0;
    } else {
        EMBEDSCOPE_TRY_ASSIGN(table.vectors,
            chosen->isSparse ? values.sparse(*chosen, shape->rows, shape->columns, reading)
                             : values.dense(*chosen, rows, shape->columns, reading));
    }
    if (!rows.isAll())
        table.provenance.rows = rows;
    if (!shape->warning.empty())
        table.warnings.push_back(shape->warning);
    const bool isOneRow = chosen->summary.shape.size() == 1;
    if (isOneRow)
        table.warnings.push_back("The dataset has one dimension; it is shown as a single row.");

    // Only where a row of the table is a row of the dataset do columns fit.
    const bool hasOwnRows = !isOneRow && !chosen->isKeyed && shape->warning.empty();
    Hdf5Columns columns(m_listing, values, table);
    if (hasOwnRows && !chosen->frame.empty()) {
        EMBEDSCOPE_TRY(columns.readFrame(chosen->frame, progress.part(0.8, 0.95)));
        EMBEDSCOPE_TRY(columns.readPlaces(m_tables, *chosen, progress.part(0.95, 1)));
    } else if (hasOwnRows) {
        EMBEDSCOPE_TRY(columns.readBeside(*chosen, progress.part(0.8, 1)));
    }
    columns.warn();
    table.provenance.dtype = chosen->summary.dtype;
    table.provenance.tensor = chosen->summary.name;
    note(table);
    table.provenance.notes.insert(table.provenance.notes.end(), notes.begin(), notes.end());
    table.provenance.tensors = summariesOf(m_tables);
    return table;
}

Result<std::vector<TensorSummary>> Hdf5Reader::list(const Progress& progress)
{
    EMBEDSCOPE_TRY(look(progress));
    return summariesOf(m_tables);
}

} // namespace embedscope
