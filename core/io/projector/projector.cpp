#include "core/io/projector/projector.h"

#include "core/base/text.h"
#include "core/io/archives/unwrap.h"
#include "core/io/readers.h"
#include "core/io/text/metadata.h"
#include "core/io/vectors/raw_floats.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace embedscope {

namespace {

constexpr std::string_view kId = "projector";

std::string quoted(const std::string& text)
{
    return '"' + printable(text) + '"';
}

std::string baseName(const std::string& path)
{
    return path.substr(path.find_last_of('/') + 1);
}

bool holdsExactly(const ByteSource& source, std::pair<Index, Index> shape)
{
    const auto values = static_cast<Index>(source.size() / sizeof(float));
    return source.size() % sizeof(float) == 0 && values % shape.first == 0
        && values / shape.first == shape.second;
}

/// The table a set names, by what its file really holds: .tsv, .bytes, .npy or whatever we read.
Result<Table> readTensor(const ByteSource& source, const ProjectorSet& set,
    const ReadOptions& options, const Progress& progress)
{
    const std::string& path = source.path();
    const auto format = detectFormat(source);
    const auto shape = options.shape ? options.shape : set.shape;
    // Without an extension that says so, numbers without a header are known by their size alone.
    const bool isRaw = format ? (*format)->id == "bytes" : shape && holdsExactly(source, *shape);
    if (isRaw) {
        if (!shape) {
            return Error{ErrorCode::Malformed,
                "the configuration gives no tensorShape, without which raw numbers cannot be read",
                path, {}, {}};
        }
        return readRawNumbers(
            source, *shape, !options.shape, options.dtype, options.rows, progress);
    }
    if (!format)
        return format.error();
    if ((*format)->id == kId)
        return Error{ErrorCode::Malformed, "a configuration cannot name another one", path, {}, {}};
    ReadOptions inner = options;
    inner.tensor.clear();
    inner.metadataPath.clear();
    EMBEDSCOPE_TRY_ASSIGN(Table table, (*format)->read(source, inner, progress));
    const auto actual = std::pair(table.fileRows(), table.vectors.columns());
    if (set.shape && *set.shape != actual) {
        table.warnings.push_back(baseName(path) + " holds " + formatCount(actual.first) + " x "
            + formatCount(actual.second) + " values, not " + formatCount(set.shape->first) + " x "
            + formatCount(set.shape->second) + " as the configuration says.");
    }
    return table;
}

void addMetadata(
    Table& table, const std::string& config, const ProjectorSet& set, const Progress& progress)
{
    if (set.metadataPath.empty())
        return;
    const auto path = findBesideConfig(config, set.metadataPath);
    if (!path) {
        table.warnings.push_back("The metadata file " + quoted(set.metadataPath)
            + " is not beside the configuration, so the points have no labels.");
        return;
    }
    const auto inside = openUnwrapped(*path, {}, progress);
    auto metadata = inside ? readMetadata(*inside->source, table.fileRows(), progress)
                           : Result<Metadata>(inside.error());
    if (!metadata) {
        table.warnings.push_back("The metadata could not be read: " + describe(metadata.error()));
        return;
    }
    if (!table.labelColumn && metadata->labelColumn)
        table.labelColumn = table.columns.size() + *metadata->labelColumn;
    for (Column& column : metadata->columns)
        table.columns.push_back(std::move(column));
    for (std::string& warning : metadata->warnings)
        table.warnings.push_back(std::move(warning));
    table.provenance.companions.push_back(*path);
}

void addSprite(Table& table, const std::string& config, const ProjectorSet& set)
{
    if (set.imagePath.empty())
        return;
    const auto path = findBesideConfig(config, set.imagePath);
    if (!path) {
        table.warnings.push_back("The sprite " + quoted(set.imagePath)
            + " is not beside the configuration, so the points have no pictures.");
        return;
    }
    auto column = spriteColumn(*path, set.imageSize, table.fileRows(), table.warnings);
    if (!column) {
        table.warnings.push_back("The sprite could not be read: " + describe(column.error()));
        return;
    }
    table.columns.push_back(std::move(column).value());
    table.provenance.companions.push_back(*path);
}

void addCompanions(
    Table& table, const std::string& config, const ProjectorSet& set, const Progress& progress)
{
    addMetadata(table, config, set, progress);
    addSprite(table, config, set);
    if (!set.bookmarksPath.empty()) {
        table.provenance.notes.push_back("The projector's bookmarks in "
            + printable(baseName(set.bookmarksPath)) + " were left unread.");
    }
}

/// The set with all its files; the Error of its tensor file where that cannot be read.
Result<Table> readSet(const std::string& config, const ProjectorSet& set,
    const ReadOptions& options, const Progress& progress)
{
    if (set.tensorPath.empty()) {
        return Error{ErrorCode::NotFound,
            "the set " + quoted(set.name)
                + " names no tensor file, so it stands in a TensorFlow checkpoint, which is not "
                  "read; save it as .tsv or .npy",
            config, {}, {}};
    }
    const auto path = findBesideConfig(config, set.tensorPath);
    if (!path) {
        return Error{ErrorCode::NotFound,
            "the tensor file " + quoted(set.tensorPath) + " of the set " + quoted(set.name)
                + " is not beside the configuration (nothing is fetched from the net)",
            config, {}, {}};
    }
    EMBEDSCOPE_TRY_ASSIGN(
        const Unwrapped inside, openUnwrapped(*path, options, progress.part(0, 0.2)));
    EMBEDSCOPE_TRY_ASSIGN(
        Table table, readTensor(*inside.source, set, options, progress.part(0.2, 0.8)));
    inside.tell(table);
    table.provenance.tensor = set.name;
    table.provenance.companions.push_back(*path);
    addCompanions(table, config, set, progress.part(0.8, 1));
    return table;
}

std::string namesOf(const std::vector<ProjectorSet>& sets)
{
    constexpr std::size_t kShown = 10;
    std::string list;
    for (std::size_t i = 0; i < std::min(sets.size(), kShown); ++i)
        list += (i == 0 ? "" : ", ") + quoted(sets[i].name);
    return sets.size() > kShown ? list + " and others" : list;
}

} // namespace

Confidence recognizeProjector(const FileHead& head)
{
    const auto start = head.bytes.find_first_not_of("\xEF\xBB\xBF \t\r\n");
    if (start != std::string_view::npos && head.bytes[start] != '{')
        return looksLikeProjectorPbtxt(head.bytes.substr(start)) ? Confidence::Certain
                                                                 : Confidence::No;
    if (start == std::string_view::npos
        || head.bytes.find("\"embeddings\"") == std::string_view::npos)
        return Confidence::No;
    const bool namesTensors = head.bytes.find("\"tensorPath\"") != std::string_view::npos
        || head.bytes.find("\"tensor_path\"") != std::string_view::npos;
    return namesTensors ? Confidence::Certain : Confidence::Plausible;
}

Result<Table> readProjector(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto sets, parseProjectorConfig(source));
    std::vector<std::string> skipped;
    std::optional<Error> firstError;
    bool isNamed = false;
    for (const ProjectorSet& set : sets) {
        if (!options.tensor.empty() && set.name != options.tensor)
            continue;
        isNamed = true;
        auto table = readSet(source.path(), set, options, progress);
        if (table) {
            if (!skipped.empty()) {
                std::string list;
                for (const std::string& name : skipped)
                    list += (list.empty() ? "" : ", ") + quoted(name);
                table->warnings.push_back(quoted(set.name)
                    + " is the first set whose files are here; not readable before it: " + list
                    + '.');
            }
            return table;
        }
        if (table.error().code == ErrorCode::Stopped || table.error().code == ErrorCode::OutOfMemory
            || table.error().refused)
            return table.error();
        // What is wrong with a file that is there says more than that another is not.
        if (!firstError
            || (firstError->code == ErrorCode::NotFound
                && table.error().code != ErrorCode::NotFound))
            firstError = table.error();
        skipped.push_back(set.name);
    }
    if (!isNamed) {
        return Error{ErrorCode::NotFound,
            "there is no set " + quoted(options.tensor) + "; the configuration lists "
                + namesOf(sets),
            source.path(), {}, {}};
    }
    return *std::move(firstError);
}

Result<std::vector<TensorSummary>> listProjector(
    const ByteSource& source, const ReadOptions& /*options*/, const Progress& /*progress*/)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto sets, parseProjectorConfig(source));
    std::vector<TensorSummary> tables;
    bool hasFirst = false;
    for (const ProjectorSet& set : sets) {
        TensorSummary table{set.name, {}, {}, 0, "its table is not beside the configuration"};
        if (set.shape) {
            table.shape = {static_cast<std::uint64_t>(set.shape->first),
                static_cast<std::uint64_t>(set.shape->second)};
        }
        if (!set.tensorPath.empty() && findBesideConfig(source.path(), set.tensorPath)) {
            table.score = hasFirst ? 0.8 : 0.9;
            table.reason = hasFirst ? "its table is beside the configuration"
                                    : "the first whose table is beside the configuration";
            hasFirst = true;
        }
        tables.push_back(std::move(table));
    }
    return tables;
}

std::optional<Result<Table>> readThroughConfigBeside(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    namespace fs = std::filesystem;
    constexpr int kMaxEntries = 1000;
    const std::string base = baseName(source.path());
    const fs::path folder = fs::path(source.path()).parent_path();
    std::error_code failed;
    std::vector<std::string> configs;
    int entries = 0;
    for (fs::directory_iterator it(folder.empty() ? "." : folder, failed), end;
         !failed && it != end && entries < kMaxEntries; it.increment(failed), ++entries) {
        if (it->path().extension() == ".json" || it->path().extension() == ".pbtxt")
            configs.push_back(it->path().string());
    }
    std::sort(configs.begin(), configs.end());
    for (const std::string& path : configs) {
        const auto config = openFile(path);
        if (!config)
            continue;
        const auto sets = parseProjectorConfig(**config);
        if (!sets)
            continue;
        for (const ProjectorSet& set : *sets) {
            if (baseName(set.tensorPath) != base || !set.shape)
                continue;
            auto table
                = readRawNumbers(source, *set.shape, true, options.dtype, options.rows, progress);
            if (table) {
                table->provenance.companions.push_back(path);
                addCompanions(*table, path, set, progress);
            }
            return table;
        }
    }
    return std::nullopt;
}

} // namespace embedscope
