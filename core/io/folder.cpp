#include "core/io/folder.h"

#include "core/base/list_text.h"
#include "core/base/text.h"
#include "core/io/folders/pictures.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

namespace embedscope {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 10'000;
constexpr std::size_t kMostSilent = 64; ///< Pictures whose pixels are looked at.
constexpr std::uint64_t kMostSilentBytes = std::uint64_t{2} << 20U;
constexpr std::size_t kShown = 8;

constexpr auto kModels = std::to_array<std::string_view>(
    {"model.safetensors", "pytorch_model.bin", "model.fp16.safetensors",
        "adapter_model.safetensors", "learned_embeds.safetensors", "learned_embeds.bin"});
/// Files that stand beside a table and are none.
constexpr auto kCompanions
    = std::to_array<std::string_view>({"vocab.txt", "merges.txt", "tokenizer.bin",
        "training_args.bin", "optimizer.bin", "optimizer.pt", "scheduler.bin", "scheduler.pt",
        "rng_state.pth", "random_states_0.pkl", "requirements.txt", "license.txt", "readme.txt"});

struct Entries
{
    std::vector<fs::path> files; ///< By name.
    std::vector<fs::path> folders;
    bool isCut = false; ///< There are more than are looked at.
};

Entries entriesOf(const fs::path& folder)
{
    Entries entries;
    std::error_code failed;
    std::size_t count = 0;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end;
         it.increment(failed)) {
        entries.isCut = ++count > kMostEntries;
        if (entries.isCut)
            break;
        if (it->path().filename().string().starts_with('.'))
            continue;
        std::error_code unknown;
        if (it->is_regular_file(unknown))
            entries.files.push_back(it->path());
        else if (it->is_directory(unknown))
            entries.folders.push_back(it->path());
    }
    std::sort(entries.files.begin(), entries.files.end());
    std::sort(entries.folders.begin(), entries.folders.end());
    return entries;
}

std::string extensionOf(const fs::path& path)
{
    const std::string extension = path.extension().string();
    return extension.empty() ? extension : foldCase(extension.substr(1));
}

/// The format of a file whose name speaks of one; null otherwise.
const Format* formatOf(const fs::path& path)
{
    const std::string extension = extensionOf(path);
    const auto all = formats();
    const bool isKnown
        = extension == "bin" || std::any_of(all.begin(), all.end(), [&](const Format& format) {
              return std::find(format.extensions.begin(), format.extensions.end(), extension)
                  != format.extensions.end();
          });
    if (!isKnown)
        return nullptr;
    const auto source = openFile(path.string());
    if (!source)
        return nullptr;
    const auto format = detectFormat(**source);
    if (!format)
        return nullptr;
    // Most pictures are pictures: in a folder only those count that say otherwise at once.
    if ((*format)->id == "inversion-png") {
        const auto head = (*source)->text(0, 65'536);
        if (!head || head->find("sd-ti-embedding") == std::string::npos)
            return nullptr;
    }
    return *format;
}

struct Candidate
{
    fs::path path;
    const Format* format = nullptr;
};

Result<std::vector<Candidate>> candidatesOf(
    const std::vector<fs::path>& files, const Progress& progress)
{
    std::vector<Candidate> candidates;
    for (const fs::path& file : files) {
        if (progress.stopRequested())
            return stoppedError();
        const std::string name = foldCase(file.filename().string());
        if (std::find(kCompanions.begin(), kCompanions.end(), name) != kCompanions.end())
            continue;
        if (const Format* const format = formatOf(file))
            candidates.push_back({file, format});
    }
    return candidates;
}

const Candidate* firstOf(const std::vector<Candidate>& candidates, std::string_view format)
{
    // A name without a variant ("model.fp16…") is the shorter one.
    const Candidate* best = nullptr;
    for (const Candidate& candidate : candidates) {
        if (candidate.format->id == format
            && (best == nullptr || candidate.path.native().size() < best->path.native().size()))
            best = &candidate;
    }
    return best;
}

std::string namesOf(const std::vector<Candidate>& candidates)
{
    return listText(candidates.size(), kShown,
        [&](std::size_t i) { return printable(candidates[i].path.filename().string()); });
}

/// PNG pictures that do not say at once that they carry a textual inversion. Previews of one never
/// do, by custom.
std::vector<std::string> silentPictures(
    const std::vector<fs::path>& files, const std::vector<Candidate>& candidates)
{
    std::vector<std::string> pictures;
    for (const fs::path& file : files) {
        const bool isKnown = std::any_of(candidates.begin(), candidates.end(),
            [&](const Candidate& candidate) { return candidate.path == file; });
        std::error_code failed;
        if (extensionOf(file) == "png" && !isKnown && extensionOf(file.stem()) != "preview"
            && fs::file_size(file, failed) <= kMostSilentBytes)
            pictures.push_back(file.string());
        if (pictures.size() == kMostSilent)
            break;
    }
    return pictures;
}

Error picturesAlone(const std::string& folder, std::size_t count)
{
    return Error{ErrorCode::NotFound,
        "the folder holds " + formatCount(static_cast<std::int64_t>(count))
            + (count == 1 ? " picture" : " pictures")
            + " and no vectors; open the table that was computed from "
            + (count == 1 ? "it" : "them")
            + ", such as a .npy, .csv or .parquet file, or a folder that holds both",
        folder, {}, {}};
}

/// Files in numbered folders below: checkpoint-200/learned_embeds.safetensors.
std::vector<std::string> filesOfNumberedFolders(const std::vector<fs::path>& folders)
{
    std::vector<std::string> files;
    std::error_code failed;
    for (const fs::path& folder : folders) {
        for (const char* const name : {"learned_embeds.safetensors", "learned_embeds.bin"}) {
            if (fs::is_regular_file(folder / name, failed)) {
                files.push_back((folder / name).string());
                break;
            }
        }
    }
    return files;
}

} // namespace

bool isTextFormat(const Format& format)
{
    return format.mimeType.starts_with("text/") || format.mimeType == "application/json";
}

bool isFolder(const std::string& path)
{
    std::error_code failed;
    return fs::is_directory(path, failed);
}

Result<FolderContents> lookIntoFolder(const std::string& path, const Progress& progress)
{
    const Entries entries = entriesOf(path);
    EMBEDSCOPE_TRY_ASSIGN(const auto candidates, candidatesOf(entries.files, progress));
    FolderContents contents;
    const auto opens = [&](const fs::path& file) {
        contents.file = file.string();
        for (const Candidate& other : candidates) {
            if (other.path != file && !isTextFormat(*other.format))
                contents.left.push_back(other.path.filename().string());
        }
        return contents;
    };
    for (const std::string_view format : {"projector", "projector-pbtxt", "shards"}) {
        if (const Candidate* const found = firstOf(candidates, format))
            return opens(found->path);
    }
    std::error_code failed;
    for (const std::string_view name : kModels) {
        const fs::path file = fs::path(path) / name;
        if (fs::is_regular_file(file, failed) && formatOf(file) != nullptr)
            return opens(file);
    }
    if (fs::is_regular_file(fs::path(path) / "model_index.json", failed)
        && fs::is_directory(fs::path(path) / "text_encoder", failed))
        return lookIntoFolder((fs::path(path) / "text_encoder").string(), progress);

    std::vector<Candidate> tables;
    std::vector<std::string> paths;
    for (const Candidate& candidate : candidates) {
        if (!isTextFormat(*candidate.format)) {
            tables.push_back(candidate);
            paths.push_back(candidate.path.string());
        }
    }
    auto steps = findSeries(paths);
    if (steps.size() * 2 >= tables.size() && steps.size() >= 2) {
        contents.steps = std::move(steps);
        for (const std::string& file : paths) {
            if (std::none_of(contents.steps.begin(), contents.steps.end(),
                    [&](const SeriesStep& step) { return step.path == file; }))
                contents.left.push_back(fs::path(file).filename().string());
        }
        return contents;
    }
    const bool isTextAlone = tables.empty() && candidates.size() == 1;
    const bool arePngs = std::all_of(tables.begin(), tables.end(),
        [](const Candidate& table) { return table.format->id == "inversion-png"; });
    const auto inversions = std::count_if(tables.begin(), tables.end(),
        [](const Candidate& table) { return canHoldInversion(*table.format); });
    if (tables.empty()) {
        contents.steps = findSeries(filesOfNumberedFolders(entries.folders));
        if (!contents.steps.empty())
            return contents;
    }
    std::vector<std::string> silent;
    if (arePngs && (candidates.empty() || !tables.empty()))
        silent = silentPictures(entries.files, candidates);
    if ((tables.size() == 1 && silent.empty()) || isTextAlone) {
        EMBEDSCOPE_TRY_ASSIGN(contents.pictures, picturesIn(path, progress));
        if (!isTextAlone && candidates.size() == 2)
            contents.metadata = candidates[candidates[0].path == tables[0].path ? 1 : 0].path;
        return opens(isTextAlone ? candidates.front().path : tables.front().path);
    }
    std::vector<std::string> pictures;
    if (candidates.empty()) {
        EMBEDSCOPE_TRY_ASSIGN(pictures, picturesIn(path, progress));
    }
    Error otherwise{ErrorCode::NotFound,
        candidates.empty() ? std::string("the folder holds no file that can be opened")
                           : "the folder holds several files that can be opened; open one of them: "
                + namesOf(tables.empty() ? candidates : tables),
        path, {}, {}};
    if (!pictures.empty())
        otherwise = picturesAlone(path, pictures.size());
    if (inversions < 2 && silent.empty())
        return otherwise;
    contents.inversions = {std::move(paths), std::move(silent), entries.isCut};
    contents.otherwise = std::move(otherwise);
    return contents;
}

} // namespace embedscope
