#include "core/io/folders/steps.h"

#include "core/base/text.h"
#include "core/io/tensors/tensor_table.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

namespace embedscope {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 100'000;

/// A pattern taken apart: "run/style-*.pt" is run, "style-", ".pt" and nothing;
/// "run/checkpoint-*/a.bin" is run, "checkpoint-", nothing and "a.bin".
struct Pattern
{
    fs::path folder;
    std::string before;
    std::string after;
    std::string file; ///< In the numbered folder; empty where the file itself has the number.
};

std::optional<Pattern> parsePattern(const std::string& path)
{
    const std::size_t star = path.find('*');
    if (star == std::string::npos || path.find('*', star + 1) != std::string::npos)
        return std::nullopt;
    const fs::path whole(path);
    const fs::path named
        = whole.filename().string().find('*') != std::string::npos ? whole : whole.parent_path();
    const std::string name = named.filename().string();
    const std::size_t at = name.find('*');
    if (at == std::string::npos || !numberedName(name.substr(0, at) + '1'))
        return std::nullopt;
    Pattern pattern{named.parent_path(), name.substr(0, at), name.substr(at + 1), {}};
    if (named != whole)
        pattern.file = whole.filename().string();
    return pattern;
}

/// The number between the two halves of a pattern.
std::optional<std::int64_t> numberIn(const std::string& name, const Pattern& pattern)
{
    const std::size_t around = pattern.before.size() + pattern.after.size();
    if (name.size() <= around || !name.starts_with(pattern.before)
        || !name.ends_with(pattern.after))
        return std::nullopt;
    const auto found = numberedName(name.substr(0, name.size() - pattern.after.size()));
    return found && found->rest == pattern.before ? std::optional(found->number) : std::nullopt;
}

} // namespace

std::string seriesPattern(const std::string& path)
{
    const fs::path file(path);
    if (path.find('*') != std::string::npos)
        return {};
    if (const auto own = numberedName(fileStem(path)))
        return (file.parent_path() / (own->rest + '*' + file.extension().string())).string();
    const fs::path folder = file.parent_path();
    if (const auto own = numberedName(folder.filename().string()))
        return (folder.parent_path() / (own->rest + '*') / file.filename()).string();
    return {};
}

bool isSeriesPattern(const std::string& path)
{
    std::error_code unknown;
    return parsePattern(path).has_value() && !fs::exists(path, unknown);
}

std::vector<SeriesStep> stepsOf(const std::string& pattern)
{
    const auto parts = parsePattern(pattern);
    if (!parts)
        return {};
    std::vector<SeriesStep> steps;
    std::error_code failed;
    std::size_t count = 0;
    const fs::path folder = parts->folder.empty() ? fs::path(".") : parts->folder;
    for (fs::directory_iterator it(folder, failed), end;
         !failed && it != end && count < kMostEntries; it.increment(failed), ++count) {
        const std::string name = it->path().filename().string();
        const auto number = numberIn(name, *parts);
        if (!number)
            continue;
        fs::path path = parts->folder / name;
        if (!parts->file.empty())
            path /= parts->file;
        std::error_code unknown;
        if (fs::is_regular_file(path, unknown))
            steps.push_back({*number, path.string()});
    }
    std::sort(steps.begin(), steps.end(), [](const SeriesStep& a, const SeriesStep& b) {
        return a.step != b.step ? a.step < b.step : a.path < b.path;
    });
    return steps;
}

std::vector<SeriesStep> stepsBeside(const std::string& path)
{
    const std::string pattern = seriesPattern(path);
    std::vector<SeriesStep> steps = pattern.empty() ? std::vector<SeriesStep>{} : stepsOf(pattern);
    if (steps.size() < 2)
        steps.clear();
    return steps;
}

std::string seriesNote(const std::string& path, const std::vector<SeriesStep>& steps)
{
    if (steps.empty())
        return {};
    return "This is one of " + formatCount(static_cast<std::int64_t>(steps.size()))
        + " steps of a run, from " + formatCount(steps.front().step) + " to "
        + formatCount(steps.back().step) + "; \"" + printable(seriesPattern(path))
        + "\" opens them all.";
}

} // namespace embedscope
