#include "core/io/folders/pictures.h"

#include "core/base/text.h"
#include "core/data/united_columns.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <utility>

namespace embedscope {

namespace {

namespace fs = std::filesystem;

constexpr auto kExtensions = std::to_array<std::string_view>(
    {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"});
constexpr std::size_t kMostEntries = 200'000;
constexpr std::size_t kLongestName = 4096;
constexpr int kLevels = 2;
constexpr Index kBetweenStops = 4096;
constexpr Index kTried = 4096; ///< Values of a column that are tried first.

constexpr std::int32_t kNone = -1;
constexpr std::int32_t kSeveral = -2; ///< A name that two pictures have tells neither.

std::string_view withoutExtension(std::string_view name)
{
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

std::string_view lastPart(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

/// "cat/001.png" of "/data/train/cat/001.png".
std::string_view lastTwoParts(std::string_view path)
{
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos || slash == 0)
        return path;
    return path.substr(path.rfind('/', slash - 1) + 1);
}

/// Pictures by what a table may call them.
class Names
{
public:
    /// Half of them where it is stopped: whoever looks them up is stopped, too.
    Names(const std::vector<std::string>& pictures, const Progress& progress)
    {
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            if (i % static_cast<std::size_t>(kBetweenStops) == 0 && progress.stopRequested())
                return;
            const std::string_view path = pictures[i];
            for (const std::string_view name : {lastTwoParts(path), lastPart(path)}) {
                add(m_whole, foldCase(name), i);
                add(m_stems, foldCase(withoutExtension(name)), i);
            }
        }
    }

    /// The picture that a cell names, or kNone.
    std::int32_t find(std::string_view cell) const
    {
        std::string name = foldCase(trimmed(cell));
        std::replace(name.begin(), name.end(), '\\', '/');
        // The longer name first: of two pictures called alike it tells which.
        for (const std::string_view part : {lastTwoParts(name), lastPart(name)}) {
            for (const std::int32_t found : {at(m_whole, part), at(m_stems, part),
                     isPictureName(part) ? at(m_stems, withoutExtension(part)) : kNone}) {
                if (found >= 0)
                    return found;
            }
        }
        return kNone;
    }

private:
    using Map = std::unordered_map<std::string, std::int32_t>;

    static void add(Map& map, const std::string& name, std::size_t picture)
    {
        const auto number = static_cast<std::int32_t>(picture);
        const auto [known, isNew] = map.try_emplace(name, number);
        if (!isNew && known->second != number)
            known->second = kSeveral;
    }

    static std::int32_t at(const Map& map, std::string_view name)
    {
        const auto found = map.find(std::string(name));
        return found == map.end() ? kNone : found->second;
    }

    Map m_whole;
    Map m_stems;
};

struct Found
{
    std::vector<std::int32_t> pictureOf; ///< For each row; kNone.
    Index count = 0;
    bool hasExtension = false; ///< Some value that was found says that it is a picture.
};

/// The picture that a row of a column names, or kNone.
std::int32_t pictureOf(const Column& column, Index row, const Names& names, bool& hasExtension)
{
    if (column.isMissing(row))
        return kNone;
    // A whole number may name pictures as well: 17 for 17.png.
    const std::string text = column.text(row);
    const std::int32_t picture = text.size() <= kLongestName ? names.find(text) : kNone;
    hasExtension = hasExtension || (picture >= 0 && isPictureName(text));
    return picture;
}

Result<Found> findIn(const Column& column, const Names& names, const Progress& progress)
{
    Found found;
    const Index n = column.size();
    const Index step = std::max<Index>(1, n / kTried);
    bool isLikely = false;
    for (Index row = 0; row < n && !isLikely; row += step)
        isLikely = pictureOf(column, row, names, found.hasExtension) >= 0;
    if (progress.stopRequested())
        return stoppedError();
    if (!isLikely)
        return found;
    found.pictureOf.assign(static_cast<std::size_t>(n), kNone);
    for (Index row = 0; row < n; ++row) {
        if (row % kBetweenStops == 0 && progress.stopRequested())
            return stoppedError();
        const std::int32_t picture = pictureOf(column, row, names, found.hasExtension);
        found.pictureOf[static_cast<std::size_t>(row)] = picture;
        found.count += picture >= 0 ? 1 : 0;
    }
    return found;
}

Column imageColumn(
    const std::string& name, const Found& found, const std::vector<std::string>& pictures)
{
    ImageValues values;
    values.rects.resize(found.pictureOf.size());
    std::vector<std::int32_t> fileOf(pictures.size(), kNone);
    for (const std::int32_t picture : found.pictureOf) {
        if (picture < 0) {
            values.fileOf.push_back(kNone);
            continue;
        }
        std::int32_t& file = fileOf[static_cast<std::size_t>(picture)];
        if (file < 0) {
            file = static_cast<std::int32_t>(values.files.size());
            values.files.push_back(pictures[static_cast<std::size_t>(picture)]);
        }
        values.fileOf.push_back(file);
    }
    return Column(name, std::move(values));
}

void collectPictures(const fs::path& folder, int levels, std::size_t& entries,
    std::vector<std::string>& pictures, const Progress& progress)
{
    std::error_code failed;
    std::vector<fs::path> folders;
    for (fs::directory_iterator it(folder, failed), end;
         !failed && it != end && entries < kMostEntries; it.increment(failed), ++entries) {
        if (entries % static_cast<std::size_t>(kBetweenStops) == 0 && progress.stopRequested())
            return;
        const std::string name = it->path().filename().string();
        if (name.starts_with('.'))
            continue;
        std::error_code unknown;
        if (isPictureName(name) && it->is_regular_file(unknown))
            pictures.push_back(it->path().string());
        else if (levels > 0 && it->is_directory(unknown) && !it->is_symlink(unknown))
            folders.push_back(it->path());
    }
    std::sort(folders.begin(), folders.end());
    for (const fs::path& inner : folders)
        collectPictures(inner, levels - 1, entries, pictures, progress);
}

} // namespace

bool isPictureName(std::string_view path)
{
    const std::string name = foldCase(lastPart(path));
    return std::any_of(kExtensions.begin(), kExtensions.end(),
        [&](std::string_view extension) { return name.ends_with(extension); });
}

Result<std::vector<std::string>> picturesIn(const std::string& folder, const Progress& progress)
{
    std::vector<std::string> pictures;
    std::size_t entries = 0;
    collectPictures(folder, kLevels, entries, pictures, progress);
    if (progress.stopRequested())
        return stoppedError();
    std::sort(pictures.begin(), pictures.end());
    return pictures;
}

Result<std::shared_ptr<const Dataset>> withPictures(const std::shared_ptr<const Dataset>& dataset,
    const std::vector<std::string>& pictures, const Progress& progress)
{
    const Columns& columns = dataset->columns();
    const bool hasPictures = std::any_of(columns.begin(), columns.end(),
        [](const Column& column) { return column.kind() == ColumnKind::Image; });
    if (pictures.empty() || hasPictures)
        return dataset;
    const Names names(pictures, progress);
    Found best;
    const Column* named = nullptr;
    for (const Column& column : columns) {
        EMBEDSCOPE_TRY_ASSIGN(Found found, findIn(column, names, progress));
        const bool isSure = found.hasExtension || found.count * 2 >= dataset->size();
        if (isSure && found.count > 0
            && std::pair(found.hasExtension, found.count)
                > std::pair(best.hasExtension, best.count)) {
            best = std::move(found);
            named = &column;
        }
    }
    if (named == nullptr)
        return dataset;
    std::vector<std::string> warnings;
    if (best.count < dataset->size()) {
        warnings.push_back("Pictures were found for " + formatCount(best.count) + " of "
            + formatCount(dataset->size()) + " points, by the column \"" + printable(named->name())
            + "\"; the others have none.");
    }
    Columns more;
    more.push_back(imageColumn(freeColumnName("picture", columns), best, pictures));
    return dataset->withColumns(std::move(more), std::nullopt, std::move(warnings), {});
}

} // namespace embedscope
