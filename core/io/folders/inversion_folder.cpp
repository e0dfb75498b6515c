#include "core/io/folders/inversion_folder.h"

#include "core/base/list_text.h"
#include "core/base/memory_budget.h"
#include "core/base/text.h"
#include "core/data/joined.h"
#include "core/io/open.h"
#include "core/io/open_joined.h"

#include <algorithm>
#include <array>
#include <map>

namespace embedscope {

namespace {

using DatasetPointer = std::shared_ptr<const Dataset>;

constexpr auto kFormats
    = std::to_array<std::string_view>({"pytorch", "safetensors", "inversion-png"});
constexpr std::uint64_t kMostTableBytes = std::uint64_t{64} << 20U; ///< No inversion has more.
constexpr std::size_t kShown = 200; ///< Names in a warning.

/// A file that is no part of the table, and why.
struct Left
{
    std::string name;
    std::string reason;
};

/// The textual inversion in a file; why there is none otherwise.
Result<DatasetPointer> openInversion(
    const std::string& path, const ReadOptions& options, const Progress& progress)
{
    const Error none{ErrorCode::Unsupported, "no textual inversion", path, {}, {}};
    EMBEDSCOPE_TRY_ASSIGN(const auto source, openFile(path));
    EMBEDSCOPE_TRY_ASSIGN(const Format* const format, detectFormat(*source));
    if (!canHoldInversion(*format))
        return none;
    auto dataset = openDataset(source, options, progress);
    if (!dataset)
        return dataset.error().refused ? none : std::move(dataset).error();
    return (*dataset)->provenance().inversion ? std::move(dataset) : Result<DatasetPointer>(none);
}

/// The width that most files have; of several the one with most vectors, then the smallest.
Index commonWidth(const std::vector<DatasetPointer>& inversions)
{
    std::map<Index, std::pair<std::size_t, Index>> widths;
    for (const DatasetPointer& inversion : inversions) {
        auto& [files, rows] = widths[inversion->dimensions()];
        ++files;
        rows += inversion->size();
    }
    return std::max_element(widths.begin(), widths.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
    })->first;
}

/// One sentence a reason, with all names: "Left out, as no textual inversion: a.pt, b.pt."
void tellOf(const std::vector<Left>& left, Table& table)
{
    std::vector<std::string> reasons; // In order of first appearance.
    std::map<std::string, std::vector<std::string>> names;
    for (const Left& file : left) {
        if (names.find(file.reason) == names.end())
            reasons.push_back(file.reason);
        names[file.reason].push_back(file.name);
    }
    for (const std::string& reason : reasons) {
        const auto& files = names[reason];
        table.warnings.push_back("Left out, as " + reason + ": "
            + listText(files.size(), kShown, [&](std::size_t i) { return files[i]; }) + '.');
    }
}

std::string shownName(const std::string& path)
{
    return printable(tableName(path));
}

} // namespace

bool canHoldInversion(const Format& format)
{
    return std::find(kFormats.begin(), kFormats.end(), format.id) != kFormats.end();
}

Result<std::optional<Table>> readInversionFolder(const std::string& folder,
    const InversionFiles& files, const ReadOptions& options, const Progress& progress)
{
    ReadOptions inner = optionsOfAdded(options);
    inner.isHalf = false; // The joined table is rounded where that is asked for.
    inner.maxMemory = std::min(kMostTableBytes, options.maxMemory.value_or(kMostTableBytes));
    std::vector<DatasetPointer> found;
    std::vector<Left> left;
    const std::size_t count = files.tables.size() + files.pictures.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (progress.stopRequested())
            return stoppedError();
        progress.report("Reading textual inversions",
            0.9 * static_cast<double>(i) / static_cast<double>(count));
        const bool isPicture = i >= files.tables.size();
        const std::string& path
            = isPicture ? files.pictures[i - files.tables.size()] : files.tables[i];
        auto inversion = openInversion(path, inner, Progress(progress.stopToken()));
        if (inversion)
            found.push_back(std::move(inversion).value());
        else if (inversion.error().code == ErrorCode::Stopped)
            return std::move(inversion).error();
        else if (isPicture && inversion.error().code != ErrorCode::Malformed)
            continue;
        else if (inversion.error().code == ErrorCode::Unsupported)
            left.push_back({shownName(path), "no textual inversion"});
        else
            left.push_back({shownName(path), "unreadable (" + inversion.error().detail + ')'});
    }
    if (found.empty() || (found.size() < 2 && !left.empty()))
        return std::optional<Table>();

    const Index width = commonWidth(found);
    std::vector<DatasetPointer> joined;
    std::vector<std::string> names;
    for (const DatasetPointer& inversion : found) {
        const std::string name = tableName(inversion->provenance().path);
        if (inversion->dimensions() == width) {
            joined.push_back(inversion);
            names.push_back(name);
        } else {
            left.push_back({printable(name),
                "vectors of " + formatCount(inversion->dimensions()) + " dimensions, not "
                    + formatCount(width)});
        }
    }
    const MemoryBudget budget(options.maxMemory);
    EMBEDSCOPE_TRY_ASSIGN(Table table, joinedTable(joined, names, progress.part(0.9, 1)));
    table.provenance.path = folder;
    for (const TablePart& part : table.provenance.parts)
        table.provenance.companions.push_back(part.path);
    // What each is called, and what its norms are, would be a page for a large folder.
    table.provenance.notes = {formatCount(static_cast<Index>(joined.size()))
        + (joined.size() == 1 ? " textual inversion" : " textual inversions")
        + " of a folder; the column \"" + table.provenance.sourceColumn
        + "\" names the file of each row."};
    tellOf(left, table);
    if (files.isCut)
        table.warnings.emplace_back(
            "The folder holds more than 10,000 files; the others were not looked at.");
    return std::optional<Table>(std::move(table));
}

} // namespace embedscope
