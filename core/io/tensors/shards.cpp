#include "core/io/tensors/shards.h"

#include "core/base/text.h"
#include "core/io/readers.h"
#include "core/io/tensors/tensor_choice.h"
#include "core/io/text/json_text.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <unordered_set>

namespace embedscope {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxIndexBytes = std::uint64_t{64} << 20U;
constexpr std::size_t kMaxShards = 10'000;
constexpr std::size_t kShownShards = 4;

std::string inQuotes(const std::string& text)
{
    return '"' + printable(std::string_view(text).substr(0, 200)) + '"';
}

Error malformed(const ByteSource& source, std::string detail)
{
    return Error{ErrorCode::Malformed, std::move(detail), source.path(), {}, {}};
}

/// A shard that the index names, opened; NotFound where it is missing, Malformed where its path
/// would leave the folder.
Result<std::shared_ptr<const ByteSource>> openShard(
    const std::string& indexPath, const std::string& name)
{
    const fs::path relative = fs::path(name).lexically_normal();
    if (name.empty() || name.find('\0') != std::string::npos || relative.is_absolute()
        || *relative.begin() == "..") {
        return Error{ErrorCode::Malformed,
            "the shard " + inQuotes(name)
                + " lies outside the folder of its index, and is not read",
            indexPath, {}, {}};
    }
    auto source = openFile((fs::path(indexPath).parent_path() / relative).string());
    if (!source && source.error().code == ErrorCode::NotFound) {
        return Error{ErrorCode::NotFound,
            "the shard " + inQuotes(name) + " is not beside the index. Is the download complete?",
            indexPath, {}, {}};
    }
    return source;
}

Result<const Format*> formatOfShard(const ByteSource& shard)
{
    EMBEDSCOPE_TRY_ASSIGN(const Format* const format, detectFormat(shard));
    if (format->id != "safetensors" && format->id != "pytorch") {
        return Error{ErrorCode::Malformed,
            "is named as a shard of a checkpoint, but is no safetensors or PyTorch file",
            shard.path(), {}, {}};
    }
    return format;
}

class ShardedCheckpoint
{
public:
    ShardedCheckpoint(
        const ByteSource& source, const ReadOptions& options, const Progress& progress)
        : m_source(source)
        , m_options(options)
        , m_progress(progress)
    {
    }

    Status parse()
    {
        EMBEDSCOPE_TRY_ASSIGN(m_index, parseShardIndex(m_source));
        std::unordered_set<std::string> seen;
        for (const auto& [tensor, file] : m_index.tensors) {
            if (seen.insert(file).second)
                m_files.push_back(file);
            if (m_files.size() > kMaxShards)
                return malformed(m_source, "the index names too many shards");
        }
        return {};
    }

    /// Every tensor of the index; those whose shard is missing or lacks them with score 0.
    Result<std::vector<TensorSummary>> list()
    {
        std::unordered_map<std::string, TensorSummary> known;
        std::unordered_map<std::string, std::string> faults; // By file.
        for (std::size_t i = 0; i < m_files.size(); ++i) {
            if (m_progress.stopRequested())
                return stoppedError();
            m_progress.report("Looking at the shards",
                static_cast<double>(i) / static_cast<double>(m_files.size()));
            auto tensors = listShard(m_files[i]);
            if (tensors) {
                for (TensorSummary& tensor : *tensors)
                    known.insert_or_assign(tensor.name, std::move(tensor));
                continue;
            }
            if (tensors.error().code != ErrorCode::NotFound)
                return tensors.error();
            m_missing.push_back(m_files[i]);
            faults.emplace(m_files[i], "its shard is missing");
        }
        std::vector<TensorSummary> tensors;
        for (const auto& [name, file] : m_index.tensors) {
            const auto found = known.find(name);
            const auto fault = faults.find(file);
            if (found != known.end() && fault == faults.end())
                tensors.push_back(found->second);
            else
                tensors.push_back({name, {}, "unknown", 0,
                    fault != faults.end() ? fault->second : "its shard does not hold it"});
        }
        return tensors;
    }

    Result<Table> read()
    {
        std::vector<TensorSummary> tensors;
        std::vector<std::string> notes;
        std::string name = m_options.tensor;
        if (name.empty()) {
            EMBEDSCOPE_TRY_ASSIGN(tensors, list());
            EMBEDSCOPE_TRY(checkTokensArePresent(tensors));
            EMBEDSCOPE_TRY_ASSIGN(
                const std::size_t chosen, chooseTensor(tensors, {}, m_source.path(), notes));
            name = tensors[chosen].name;
        }
        const auto entry = std::find_if(m_index.tensors.begin(), m_index.tensors.end(),
            [&](const auto& pair) { return pair.first == name; });
        if (entry == m_index.tensors.end()) {
            std::vector<std::string> names;
            for (const auto& pair : m_index.tensors)
                names.push_back(pair.first);
            return unknownTensor(names, name, m_source.path());
        }
        EMBEDSCOPE_TRY_ASSIGN(const auto shard, openShard(m_source.path(), entry->second));
        EMBEDSCOPE_TRY_ASSIGN(const Format* const format, formatOfShard(*shard));
        ReadOptions inner = m_options;
        inner.tensor = name;
        EMBEDSCOPE_TRY_ASSIGN(Table table, format->read(*shard, inner, m_progress));
        table.provenance.notes.insert(table.provenance.notes.end(), notes.begin(), notes.end());
        addMissing(table);
        if (!tensors.empty())
            table.provenance.tensors = std::move(tensors);
        table.provenance.companions.push_back(shard->path());
        table.provenance.notes.push_back("A checkpoint of "
            + formatCount(static_cast<Index>(m_index.tensors.size())) + " tensors in "
            + formatCount(static_cast<Index>(m_files.size()))
            + (m_files.size() == 1 ? " file" : " files") + "; the table is in "
            + inQuotes(entry->second) + '.');
        return table;
    }

private:
    Result<std::vector<TensorSummary>> listShard(const std::string& file)
    {
        EMBEDSCOPE_TRY_ASSIGN(const auto shard, openShard(m_source.path(), file));
        EMBEDSCOPE_TRY_ASSIGN(const Format* const format, formatOfShard(*shard));
        return format->list(*shard, m_options, Progress(m_progress.stopToken()));
    }

    /// Where the token table is in a shard that is missing, another table is not what was meant.
    Status checkTokensArePresent(const std::vector<TensorSummary>& tensors) const
    {
        const auto isToken
            = [](const TensorSummary& tensor) { return isNamedLikeTokens(tensor.name); };
        const bool hasPresent = std::any_of(tensors.begin(), tensors.end(),
            [&](const TensorSummary& tensor) { return tensor.score > 0 && isToken(tensor); });
        const auto lost = std::find_if(tensors.begin(), tensors.end(),
            [&](const TensorSummary& tensor) { return tensor.score <= 0 && isToken(tensor); });
        const bool isAllMissing = m_missing.size() == m_files.size();
        if ((hasPresent || lost == tensors.end()) && !isAllMissing)
            return {};
        const auto file = [&](const std::string& name) {
            for (const auto& [tensor, own] : m_index.tensors) {
                if (tensor == name)
                    return own;
            }
            return m_files.front();
        }(lost == tensors.end() ? std::string() : lost->name);
        return Error{ErrorCode::NotFound,
            "the shard " + inQuotes(file)
                + (lost == tensors.end()
                        ? std::string()
                        : ", which holds the token table " + inQuotes(lost->name) + ",")
                + " is not beside the index. Is the download complete?",
            m_source.path(), {}, {}};
    }

    void addMissing(Table& table) const
    {
        if (m_missing.empty())
            return;
        std::string list;
        for (std::size_t i = 0; i < std::min(m_missing.size(), kShownShards); ++i)
            list += (i == 0 ? "" : ", ") + inQuotes(m_missing[i]);
        if (m_missing.size() > kShownShards)
            list += " and others";
        table.warnings.push_back(formatCount(static_cast<Index>(m_missing.size())) + " of the "
            + formatCount(static_cast<Index>(m_files.size()))
            + " shards are missing, and what is in them cannot be opened: " + list + '.');
    }

    const ByteSource& m_source;
    const ReadOptions& m_options;
    const Progress& m_progress;
    ShardIndex m_index;
    std::vector<std::string> m_files; ///< Each once, in the order of the index.
    std::vector<std::string> m_missing;
};

} // namespace

Result<ShardIndex> parseShardIndex(const ByteSource& source)
{
    if (source.size() > kMaxIndexBytes)
        return malformed(source, "is too large for the index of a checkpoint");
    EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, source.text(0, source.size()));
    const auto json = parseJson(bytes);
    if (!json)
        return malformed(source, "is not valid JSON. Is the download complete?");
    const auto map = json->is_object() ? json->find("weight_map") : json->end();
    if (!json->is_object() || map == json->end() || !map->is_object())
        return malformed(source, "this JSON has no weight_map, so it is no index of a checkpoint");
    ShardIndex index;
    for (const auto& [tensor, file] : map->items()) {
        if (!file.is_string())
            return malformed(source, "the index names no file for the tensor " + inQuotes(tensor));
        index.tensors.emplace_back(tensor, file.get<std::string>());
    }
    if (index.tensors.empty())
        return malformed(source, "the index of the checkpoint lists no tensors");
    return index;
}

std::string shardNote(const std::string& path)
{
    // "model-00001-of-00003.safetensors"
    const std::string name = fs::path(path).filename().string();
    const auto of = name.rfind("-of-");
    if (of == std::string::npos || of < 6)
        return {};
    const auto number = [&](std::size_t at) -> std::optional<std::int64_t> {
        return at + 5 <= name.size() ? parseInteger(name.substr(at, 5)) : std::nullopt;
    };
    const auto part = number(of - 5);
    const auto whole = number(of + 4);
    if (!part || !whole || name[of - 6] != '-')
        return {};
    std::string note
        = "This is part " + formatCount(*part) + " of " + formatCount(*whole) + " of a checkpoint";
    const std::string stem = name.substr(0, of - 6);
    const std::string index = stem + name.substr(of + 9) + ".index.json";
    std::error_code failed;
    if (fs::is_regular_file(fs::path(path).parent_path() / index, failed))
        note += "; " + printable(index) + " opens it as a whole";
    return note + '.';
}

Confidence recognizeShards(const FileHead& head)
{
    const auto start = head.bytes.find_first_not_of("\xEF\xBB\xBF \t\r\n");
    if (start == std::string_view::npos || head.bytes[start] != '{')
        return Confidence::No;
    if (head.bytes.find("\"weight_map\"") != std::string_view::npos)
        return Confidence::Certain;
    return head.path.ends_with(".index.json") ? Confidence::Likely : Confidence::No;
}

Result<Table> readShards(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    ShardedCheckpoint checkpoint(source, options, progress);
    EMBEDSCOPE_TRY(checkpoint.parse());
    return checkpoint.read();
}

Result<std::vector<TensorSummary>> listShards(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    ShardedCheckpoint checkpoint(source, options, progress);
    EMBEDSCOPE_TRY(checkpoint.parse());
    return checkpoint.list();
}

} // namespace embedscope
