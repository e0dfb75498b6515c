#include "core/io/tensors/tensor_table.h"

#include "core/base/text.h"
#include "core/io/tensors/tensor_choice.h"

#include <algorithm>
#include <cstring>

namespace embedscope {

namespace {

/// The table of the inversion to show: the one asked for by its own name or a member's; the first
/// where nothing was asked for; none where something else was.
const InversionTable* pick(const TextualInversion& inversion,
    const std::vector<TensorSummary>& tensors, const std::string& wanted)
{
    if (wanted.empty())
        return &inversion.tables.front();
    for (const InversionTable& table : inversion.tables) {
        if (table.name == wanted)
            return &table;
    }
    for (const InversionTable& table : inversion.tables) {
        if (table.members.size() == 1 && tensors[table.members.front()].name == wanted)
            return &table;
    }
    return nullptr;
}

/// What --tensor calls the table.
std::string nameOf(const InversionTable& table, const std::vector<TensorSummary>& tensors)
{
    return table.members.size() == 1 || table.name.empty() ? tensors[table.members.front()].name
                                                           : table.name;
}

Result<Table> readInversion(const InversionTable& chosen, const std::vector<TensorSummary>& tensors,
    const ReadTensor& read, const Progress& progress)
{
    Table table;
    // The parts first: what a file only claims to hold fails there, before room is made for all.
    std::vector<Matrix> parts;
    for (const std::size_t member : chosen.members) {
        const auto shape = tensorTableShape(tensors[member].shape);
        EMBEDSCOPE_TRY_ASSIGN(
            Matrix part, read(member, RowSubset::all(shape->rows), shape->columns, progress));
        parts.push_back(std::move(part));
    }
    if (parts.size() == 1) {
        table.vectors = std::move(parts.front());
    } else {
        EMBEDSCOPE_TRY_ASSIGN(table.vectors, Matrix::allocate(chosen.rows, chosen.columns));
        Index row = 0;
        for (const Matrix& part : parts) {
            std::memcpy(table.vectors.row(row), part.data(),
                static_cast<std::size_t>(part.size()) * sizeof(float));
            row += part.rows();
        }
    }
    TextValues labels;
    for (const std::string& label : chosen.labels)
        labels.append(label);
    table.columns.emplace_back("label", std::move(labels));
    table.labelColumn = 0;
    table.provenance.dtype = chosen.dtype;
    table.provenance.tensor = nameOf(chosen, tensors);
    return table;
}

void tellOfOtherTables(
    const TextualInversion& inversion, const InversionTable& chosen, Table& table)
{
    if (inversion.tables.size() < 2)
        return;
    std::string others;
    for (const InversionTable& other : inversion.tables) {
        if (&other != &chosen)
            others += (others.empty() ? "\"" : ", \"") + printable(other.name) + "\" (width "
                + std::to_string(other.columns) + ')';
    }
    table.provenance.notes.push_back("The vectors for \"" + printable(chosen.name)
        + "\" were opened; the file also holds " + others + ", which can be chosen by name.");
}

} // namespace

std::string fileStem(const std::string& path)
{
    const std::string name = path.substr(path.rfind('/') + 1);
    const auto dot = name.rfind('.');
    return dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
}

std::vector<TensorSummary> listedTables(
    std::vector<TensorSummary> tensors, const InversionFacts& facts)
{
    const auto inversion = findTextualInversion(tensors, facts);
    if (!inversion)
        return tensors;
    constexpr double kFirst = 0.95;
    constexpr double kOthers = 0.75;
    std::vector<TensorSummary> tables;
    std::vector<bool> isMember(tensors.size());
    for (const InversionTable& table : inversion->tables) {
        TensorSummary summary;
        summary.name = nameOf(table, tensors);
        summary.shape
            = {static_cast<std::uint64_t>(table.rows), static_cast<std::uint64_t>(table.columns)};
        summary.dtype = table.dtype;
        summary.score = tables.empty() ? kFirst : kOthers;
        summary.reason = "vectors of a textual inversion";
        if (const auto family = inversionFamily(table.columns); !family.empty())
            summary.reason += " for " + std::string(family);
        tables.push_back(std::move(summary));
        for (const std::size_t member : table.members)
            isMember[member] = true;
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (!isMember[i])
            tables.push_back(std::move(tensors[i]));
    }
    return tables;
}

Result<Table> tableFromTensors(std::vector<TensorSummary> tensors, const InversionFacts& facts,
    const ReadOptions& options, const std::string& path, const ReadTensor& read,
    const Progress& progress)
{
    const auto inversion = findTextualInversion(tensors, facts);
    const InversionTable* const part
        = inversion ? pick(*inversion, tensors, options.tensor) : nullptr;
    if (part != nullptr) {
        EMBEDSCOPE_TRY_ASSIGN(Table table, readInversion(*part, tensors, read, progress));
        table.provenance.notes.push_back(inversion->note);
        table.provenance.inversion = inversionCard(*inversion, *part, facts, table.vectors.view());
        if (!table.provenance.inversion->norms.empty())
            table.provenance.notes.push_back(table.provenance.inversion->norms);
        tellOfOtherTables(*inversion, *part, table);
        table.provenance.tensors = std::move(tensors);
        return table;
    }
    Table table;
    EMBEDSCOPE_TRY_ASSIGN(const std::size_t chosen,
        chooseTensor(tensors, options.tensor, path, table.provenance.notes));
    const auto shape = tensorTableShape(tensors[chosen].shape);
    EMBEDSCOPE_TRY_ASSIGN(const RowSubset rows, chosenRows(options.rows, shape->rows, path));
    EMBEDSCOPE_TRY_ASSIGN(table.vectors, read(chosen, rows, shape->columns, progress));
    table.provenance.rows = rows;
    if (!shape->warning.empty())
        table.warnings.push_back(shape->warning);
    if (shape->rows == 1 && tensors[chosen].shape.size() == 1)
        table.warnings.push_back("The tensor has one dimension; it is shown as a single row.");
    table.provenance.dtype = tensors[chosen].dtype;
    table.provenance.tensor = tensors[chosen].name;
    table.provenance.tensors = std::move(tensors);
    return table;
}

} // namespace embedscope
