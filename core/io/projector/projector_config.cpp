#include "core/base/text.h"
#include "core/io/projector/projector.h"
#include "core/io/text/json_text.h"

#include <filesystem>
#include <system_error>

namespace embedscope {

namespace {

using nlohmann::ordered_json;

constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{16} << 20U;

const ordered_json* member(const ordered_json& object, const char* camelCase, const char* snakeCase)
{
    if (!object.is_object())
        return nullptr;
    for (const char* key : {camelCase, snakeCase}) {
        const auto found = object.find(key);
        if (found != object.end())
            return &*found;
    }
    return nullptr;
}

std::string text(const ordered_json* value)
{
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

/// [a, b] of positive whole numbers.
std::optional<std::pair<Index, Index>> pairOf(const ordered_json* value)
{
    if (value == nullptr || !value->is_array() || value->size() != 2)
        return std::nullopt;
    const auto number = [](const ordered_json& item) -> Index {
        if (item.is_number_unsigned())
            return static_cast<Index>(
                std::min<std::uint64_t>(item.get<std::uint64_t>(), 1ULL << 40U));
        return -1;
    };
    const Index a = number((*value)[0]);
    const Index b = number((*value)[1]);
    if (a < 1 || b < 1)
        return std::nullopt;
    return std::pair(a, b);
}

Error noConfig(const ByteSource& source, std::string detail)
{
    return Error{ErrorCode::Malformed, std::move(detail), source.path(), {}, {}};
}

} // namespace

Result<std::vector<ProjectorSet>> parseProjectorConfig(const ByteSource& source)
{
    if (source.size() > kMaxConfigBytes)
        return noConfig(source, "is too large for a projector configuration");
    EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, source.text(0, source.size()));
    std::string_view body = bytes;
    if (body.starts_with("\xEF\xBB\xBF"))
        body.remove_prefix(3);
    if (!trimmed(body).starts_with('{'))
        return parseProjectorPbtxt(body, source.path());
    const auto config = parseJson(body);
    if (!config)
        return noConfig(source, "is not valid JSON. Is the download complete?");
    const ordered_json* const list = member(*config, "embeddings", "embeddings");
    if (list == nullptr || !list->is_array())
        return noConfig(
            source, "this JSON has no list of \"embeddings\", so it is no projector configuration");
    std::vector<ProjectorSet> sets;
    for (const ordered_json& item : *list) {
        ProjectorSet set;
        set.name = text(member(item, "tensorName", "tensor_name"));
        set.shape = pairOf(member(item, "tensorShape", "tensor_shape"));
        set.tensorPath = text(member(item, "tensorPath", "tensor_path"));
        set.metadataPath = text(member(item, "metadataPath", "metadata_path"));
        set.bookmarksPath = text(member(item, "bookmarksPath", "bookmarks_path"));
        if (const auto* sprite = member(item, "sprite", "sprite")) {
            set.imagePath = text(member(*sprite, "imagePath", "image_path"));
            set.imageSize = pairOf(member(*sprite, "singleImageDim", "single_image_dim"));
        }
        sets.push_back(std::move(set));
    }
    if (sets.empty())
        return noConfig(source, "this projector configuration lists no embeddings");
    return sets;
}

std::optional<std::string> findBesideConfig(const std::string& configPath, const std::string& path)
{
    namespace fs = std::filesystem;
    std::string wanted = path;
    const bool isAddress = wanted.find("://") != std::string::npos;
    if (isAddress)
        wanted = wanted.substr(0, wanted.find_first_of("?#"));
    const fs::path folder = fs::path(configPath).parent_path();
    const auto exists = [](const fs::path& candidate) {
        std::error_code failed;
        return fs::is_regular_file(candidate, failed);
    };
    if (wanted.empty() || wanted.find('\0') != std::string::npos)
        return std::nullopt;
    const fs::path relative = fs::path(wanted).lexically_normal();
    const bool isInside
        = !isAddress && relative.is_relative() && !relative.empty() && *relative.begin() != "..";
    if (isInside && exists(folder / relative))
        return (folder / relative).string();
    const auto slash = wanted.find_last_of("/\\");
    const std::string base = slash == std::string::npos ? wanted : wanted.substr(slash + 1);
    if (base.empty() || base == "." || base == "..")
        return std::nullopt;
    if (exists(folder / base))
        return (folder / base).string();
    return std::nullopt;
}

} // namespace embedscope
