#include "core/data/joined.h"

#include "core/base/text.h"
#include "core/data/united_columns.h"

#include <algorithm>
#include <cassert>

namespace embedscope {

namespace {

using Parts = std::vector<std::shared_ptr<const Dataset>>;

/// The column that tells sources, of a part that was joined before.
std::optional<std::size_t> sourcesOf(const Dataset& part)
{
    const std::string& name = part.provenance().sourceColumn;
    if (name.empty())
        return std::nullopt;
    const auto found = findColumn(part.columns(), name);
    return found && part.columns()[*found].kind() == ColumnKind::Category ? found : std::nullopt;
}

Status checkWidths(const Parts& parts, const std::vector<std::string>& names)
{
    const Index width = parts.front()->dimensions();
    if (std::all_of(parts.begin(), parts.end(),
            [width](const auto& part) { return part->dimensions() == width; }))
        return {};
    std::string widths;
    std::string odd; // The first that is not as wide as the first of all.
    for (std::size_t p = 0; p < parts.size(); ++p) {
        if (odd.empty() && parts[p]->dimensions() != width)
            odd = parts[p]->provenance().path;
        widths += p == 0 ? "" : p + 1 == parts.size() ? " and " : ", ";
        widths += printable(names[p]) + (p == 0 ? " has " : " ")
            + formatCount(parts[p]->dimensions()) + (p == 0 ? " dimensions" : "");
    }
    return Error{ErrorCode::InvalidArgument,
        "tables of different widths do not lie in one space: " + widths, odd, {}, {}};
}

Result<Vectors> joinVectors(const Parts& parts, const Progress& progress)
{
    std::vector<VectorsView> rows;
    for (const auto& part : parts)
        rows.push_back(part->vectors());
    auto vectors = Vectors::stacked(rows, progress);
    if (vectors || vectors.error().code == ErrorCode::Stopped)
        return vectors;
    Error error = std::move(vectors).error();
    error.detail = "the tables cannot be joined: " + error.detail;
    error.path = parts.back()->provenance().path;
    return error;
}

/// For each row where it is from. Parts that were joined before keep what they say.
class Sources
{
public:
    Sources(const Parts& parts, const std::vector<std::string>& names)
    {
        for (const auto& part : parts) {
            if (const auto known = sourcesOf(*part)) {
                for (const std::string& name : part->columns()[*known].asCategory()->categories)
                    m_taken.push_back(name);
            }
        }
        for (std::size_t p = 0; p < parts.size(); ++p) {
            const auto known = sourcesOf(*parts[p]);
            m_names.push_back(known ? names[p] : freeName(names[p]));
            known ? append(*parts[p]->columns()[*known].asCategory())
                  : append(m_names.back(), parts[p]->size());
        }
    }

    const std::string& name(std::size_t part) const { return m_names[part]; }
    CategoryValues take() { return std::move(m_values); }

private:
    std::string freeName(const std::string& wanted)
    {
        std::string name = repairUtf8(wanted);
        for (int number = 2; std::find(m_taken.begin(), m_taken.end(), name) != m_taken.end();
             ++number)
            name = repairUtf8(wanted) + " (" + std::to_string(number) + ')';
        m_taken.push_back(name);
        return name;
    }

    std::int32_t codeOf(const std::string& name)
    {
        auto& known = m_values.categories;
        const auto found = std::find(known.begin(), known.end(), name);
        if (found != known.end())
            return static_cast<std::int32_t>(found - known.begin());
        known.push_back(name);
        return static_cast<std::int32_t>(known.size()) - 1;
    }

    void append(const std::string& name, Index rows)
    {
        m_values.codes.insert(m_values.codes.end(), static_cast<std::size_t>(rows), codeOf(name));
    }

    void append(const CategoryValues& more)
    {
        std::vector<std::int32_t> codes;
        for (const std::string& name : more.categories)
            codes.push_back(codeOf(name));
        for (const std::int32_t code : more.codes)
            m_values.codes.push_back(code < 0 ? -1 : codes[static_cast<std::size_t>(code)]);
    }

    std::vector<std::string> m_taken;
    std::vector<std::string> m_names;
    CategoryValues m_values;
};

/// "float32", or "float16, float32" where parts differ.
template <typename Word> std::string wordOfAll(const Parts& parts, Word word)
{
    std::vector<std::string> words;
    for (const auto& part : parts) {
        if (std::find(words.begin(), words.end(), word(*part)) == words.end())
            words.push_back(word(*part));
    }
    std::string text;
    for (const std::string& each : words)
        text += (text.empty() ? "" : ", ") + each;
    return text;
}

Provenance provenanceOf(const Parts& parts, const Sources& sources)
{
    Provenance joined;
    joined.path = parts.front()->provenance().path;
    joined.format = wordOfAll(parts, [](const Dataset& part) { return part.provenance().format; });
    joined.dtype = wordOfAll(parts, [](const Dataset& part) { return part.provenance().dtype; });
    for (std::size_t p = 0; p < parts.size(); ++p) {
        const Provenance& from = parts[p]->provenance();
        joined.fileBytes += from.fileBytes;
        joined.companions.insert(
            joined.companions.end(), from.companions.begin(), from.companions.end());
        if (from.parts.empty()) {
            joined.parts.push_back({sources.name(p), from.path, from.format, from.dtype,
                from.tensor, parts[p]->size(), from.rows});
        } else {
            joined.parts.insert(joined.parts.end(), from.parts.begin(), from.parts.end());
        }
        for (const std::string& note : from.notes)
            joined.notes.push_back(from.parts.empty() ? sources.name(p) + ": " + note : note);
    }
    return joined;
}

/// All but the vectors.
Result<Table> joinBeside(
    const Parts& parts, const std::vector<std::string>& names, const Progress& progress)
{
    progress.report("Joining columns", 0);
    std::vector<PartColumns> columns;
    for (const auto& part : parts)
        columns.push_back({&part->columns(), part->labelColumn(), part->size(), sourcesOf(*part)});
    UnitedColumns united = uniteColumns(columns);
    Table table;
    table.columns = std::move(united.columns);
    table.labelColumn = united.labelColumn;
    if (progress.stopRequested())
        return stoppedError();

    Sources sources(parts, names);
    table.provenance = provenanceOf(parts, sources);
    table.provenance.sourceColumn = freeColumnName("source", table.columns);
    table.columns.emplace_back(table.provenance.sourceColumn, sources.take());
    for (std::size_t p = 0; p < parts.size(); ++p) {
        const bool isJoined = !parts[p]->provenance().parts.empty();
        for (const std::string& warning : parts[p]->givenWarnings())
            table.warnings.push_back(isJoined ? warning : sources.name(p) + ": " + warning);
    }
    return table;
}

Status checkParts(const Parts& parts, const std::vector<std::string>& names)
{
    assert(parts.size() == names.size());
    if (parts.empty())
        return Error{ErrorCode::InvalidArgument, "there is no table to join", {}, {}, {}};
    return checkWidths(parts, names);
}

} // namespace

Result<Table> joinedTable(
    const Parts& parts, const std::vector<std::string>& names, const Progress& progress)
{
    EMBEDSCOPE_TRY(checkParts(parts, names));
    EMBEDSCOPE_TRY_ASSIGN(Vectors vectors, joinVectors(parts, progress.part(0, 0.7)));
    EMBEDSCOPE_TRY_ASSIGN(Table table, joinBeside(parts, names, progress.part(0.7, 1)));
    if (Matrix* const floats = vectors.floats()) {
        table.vectors = std::move(*floats);
    } else {
        EMBEDSCOPE_TRY_ASSIGN(FloatRows rows, floatRows(vectors, progress));
        table.vectors = std::move(rows.copy);
    }
    return table;
}

Result<std::shared_ptr<const Dataset>> joinDatasets(
    const Parts& parts, const std::vector<std::string>& names, const Progress& progress)
{
    EMBEDSCOPE_TRY(checkParts(parts, names));
    EMBEDSCOPE_TRY_ASSIGN(Vectors vectors, joinVectors(parts, progress.part(0, 0.7)));
    EMBEDSCOPE_TRY_ASSIGN(Table table, joinBeside(parts, names, progress.part(0.7, 1)));
    return Dataset::make(std::move(table), std::move(vectors));
}

} // namespace embedscope
