#include "core/base/text.h"
#include "core/data/select_rows.h"
#include "core/io/readers.h"
#include "core/io/tensors/png_pixels.h"
#include "core/io/tensors/tensor_choice.h"
#include "core/io/tensors/tensor_table.h"
#include "core/io/text/json_text.h"

#include <algorithm>
#include <cstring>

namespace embedscope {

namespace {

using nlohmann::ordered_json;

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr std::string_view kKeyword = "sd-ti-embedding";
constexpr std::uint64_t kMostText = std::uint64_t{64} << 20U;
constexpr std::string_view kTensor = "TORCHTENSOR";

struct Found
{
    std::string name; ///< "string_to_param.*"
    std::vector<std::uint64_t> shape;
    std::vector<float> values;
};

struct Carried
{
    std::vector<Found> tensors;
    InversionFacts facts;
};

std::optional<std::string> fromBase64(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        std::uint32_t value = 0;
        if (c >= 'A' && c <= 'Z')
            value = static_cast<std::uint32_t>(c - 'A');
        else if (c >= 'a' && c <= 'z')
            value = static_cast<std::uint32_t>(c - 'a' + 26);
        else if (c >= '0' && c <= '9')
            value = static_cast<std::uint32_t>(c - '0' + 52);
        else if (c == '+' || c == '/')
            value = c == '+' ? 62 : 63;
        else if (c == '=' || c == '\n' || c == '\r')
            continue;
        else
            return std::nullopt;
        bits = bits << 6U | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(bits >> count & 0xffU);
        }
    }
    return bytes;
}

/// Nested lists of numbers as a tensor; false where they are ragged or hold anything else.
bool readNested(const ordered_json& list, std::size_t depth, Found& tensor)
{
    if (list.is_number()) {
        tensor.values.push_back(list.get<float>());
        return depth == tensor.shape.size();
    }
    if (!list.is_array())
        return false;
    if (tensor.values.empty() && depth == tensor.shape.size())
        tensor.shape.push_back(list.size());
    if (depth >= tensor.shape.size() || tensor.shape[depth] != list.size())
        return false;
    return std::all_of(list.begin(), list.end(),
        [&](const ordered_json& item) { return readNested(item, depth + 1, tensor); });
}

void collect(const ordered_json& value, const std::string& name, Carried& carried)
{
    if (!value.is_object())
        return;
    const auto nested = value.find(kTensor);
    if (nested != value.end()) {
        Found tensor{name, {}, {}};
        if (readNested(*nested, 0, tensor))
            carried.tensors.push_back(std::move(tensor));
        return;
    }
    for (const auto& [key, item] : value.items())
        collect(item, name.empty() ? key : name + '.' + key, carried);
}

std::string textOf(const ordered_json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<Carried> parseCarried(std::string_view json, const std::string& path)
{
    const auto object = parseJson(json);
    if (!object || !object->is_object()) {
        return Error{ErrorCode::Malformed,
            "the textual inversion in this PNG picture is broken. Is the download complete?", path,
            {}, {}};
    }
    Carried carried;
    collect(*object, {}, carried);
    if (carried.tensors.empty()) {
        return Error{ErrorCode::Malformed,
            "the textual inversion in this PNG picture holds no vectors", path, {}, {}};
    }
    carried.facts.name = textOf(*object, "name");
    carried.facts.fileStem = fileStem(path);
    for (const char* const key : {"hash", "sd_checkpoint", "sd_checkpoint_name"}) {
        if (std::string text = textOf(*object, key); !text.empty())
            carried.facts.checkpoint = std::move(text);
    }
    const auto step = object->find("step");
    if (step != object->end() && step->is_number_integer())
        carried.facts.step = step->get<std::int64_t>();
    return carried;
}

/// The text of a tEXt, zTXt or iTXt chunk of our keyword; nullopt for any other chunk.
std::optional<Result<std::string>> textOfChunk(
    std::string_view type, std::string_view data, const std::string& path)
{
    const bool isText = type == "tEXt" || type == "zTXt" || type == "iTXt";
    if (!isText || !data.starts_with(kKeyword) || data.size() < kKeyword.size() + 3
        || data[kKeyword.size()] != '\0')
        return std::nullopt;
    std::string_view rest = data.substr(kKeyword.size() + 1);
    if (type == "tEXt")
        return Result<std::string>(std::string(rest));
    if (type == "zTXt")
        return inflateZlib(rest.substr(1), kMostText, path);
    const bool isPacked = rest[0] == '\1';
    rest.remove_prefix(2);
    for (int field = 0; field < 2; ++field) { // The language, the keyword in it.
        const auto end = rest.find('\0');
        if (end == std::string_view::npos)
            return std::nullopt;
        rest.remove_prefix(end + 1);
    }
    return isPacked ? inflateZlib(rest, kMostText, path) : Result<std::string>(std::string(rest));
}

/// The generator whose numbers veil the blocks: x = 1664525 x + 1013904223 mod 2^32, and of that
/// the remainder by 255.
class Veil
{
public:
    std::uint8_t next()
    {
        m_state = m_state * 1664525U + 1013904223U;
        return static_cast<std::uint8_t>(m_state % 255U & 0x0fU);
    }

private:
    std::uint32_t m_state = 0;
};

/// One of the two blocks beside the picture: the low half-bytes of its pixels, row by row.
std::vector<std::uint8_t> unveiled(const PngPixels& pixels, std::size_t beginColumn,
    std::size_t endColumn, std::size_t beginRow, std::size_t endRow)
{
    std::vector<std::uint8_t> block;
    block.reserve((endColumn - beginColumn) * (endRow - beginRow) * 3);
    Veil veil;
    for (std::size_t y = beginRow; y < endRow; ++y) {
        for (std::size_t i = beginColumn * 3; i < endColumn * 3; ++i)
            block.push_back((pixels.rgb[y * pixels.width * 3 + i] & 0x0fU) ^ veil.next());
    }
    return block;
}

/// The zlib stream in the pixels: left of the picture the lower halves of its bytes, right of it
/// the upper ones, each parted from the picture by a black column. After image_embedding.py of the
/// web interface that makes such pictures. nullopt where there is no such thing.
std::optional<std::string> hiddenIn(const PngPixels& pixels)
{
    const std::size_t width = pixels.width;
    const std::size_t height = pixels.height;
    // Black edges were cropped: a row or column that has a pixel without any black channel stays.
    std::size_t left = width;
    std::size_t right = 0;
    std::size_t top = height;
    std::size_t bottom = 0;
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            const std::uint8_t* const pixel = pixels.rgb.data() + (y * width + x) * 3;
            if (pixel[0] == 0 || pixel[1] == 0 || pixel[2] == 0)
                continue;
            left = std::min(left, x);
            right = std::max(right, x + 1);
            top = std::min(top, y);
            bottom = std::max(bottom, y + 1);
        }
    }
    if (left >= right)
        return std::nullopt;
    std::size_t firstBlack = right;
    std::size_t lastBlack = left;
    for (std::size_t x = left; x < right; ++x) {
        bool isBlack = true;
        for (std::size_t y = top; y < bottom && isBlack; ++y) {
            const std::uint8_t* const pixel = pixels.rgb.data() + (y * width + x) * 3;
            isBlack = ((pixel[0] | pixel[1] | pixel[2]) & 0x0fU) == 0;
        }
        if (isBlack) {
            firstBlack = std::min(firstBlack, x);
            lastBlack = std::max(lastBlack, x);
        }
    }
    const std::size_t lowColumns = firstBlack - left;
    if (firstBlack >= lastBlack || lowColumns == 0 || right - lastBlack - 1 != lowColumns)
        return std::nullopt;
    const auto low = unveiled(pixels, left, firstBlack, top, bottom);
    const auto high = unveiled(pixels, lastBlack + 1, right, top, bottom);
    std::string bytes(low.size(), '\0');
    for (std::size_t i = 0; i < low.size(); ++i)
        bytes[i] = static_cast<char>(high[i] << 4U | low[i]);
    return bytes;
}

Result<Carried> readCarried(const ByteSource& source, const Progress& progress)
{
    const std::string& path = source.path();
    std::optional<Result<std::string>> text;
    auto status
        = walkPngChunks(source, kMostText, [&](std::string_view type, const std::string& data) {
              text = textOfChunk(type, data, path);
              return !text && !progress.stopRequested();
          });
    if (progress.stopRequested())
        return stoppedError();
    if (text) {
        if (!*text)
            return text->error();
        const auto json = fromBase64(**text);
        return parseCarried(json ? *json : **text, path);
    }
    const Error nothing{ErrorCode::Unsupported,
        "this is a PNG picture, and it carries no textual inversion", path, {}, {}};
    if (!status)
        return nothing;
    const auto pixels = readPngPixels(source, progress);
    if (!pixels)
        return pixels.error().code == ErrorCode::Stopped ? pixels.error() : nothing;
    const auto packed = hiddenIn(*pixels);
    if (!packed || !packed->starts_with('\x78'))
        return nothing;
    const auto json = inflateZlib(*packed, kMostText, path);
    return json ? parseCarried(*json, path) : Result<Carried>(nothing);
}

std::vector<TensorSummary> summariesOf(const Carried& carried)
{
    std::vector<TensorSummary> tensors;
    for (const Found& found : carried.tensors) {
        tensors.push_back({found.name, found.shape, "text", 0, {}});
        judgeTensor(tensors.back(), true);
    }
    return tensors;
}

} // namespace

Confidence recognizeInversionPng(const FileHead& head)
{
    if (!head.bytes.starts_with(kSignature)
        || head.bytes.substr(0, 24).find("IHDR") == std::string_view::npos)
        return Confidence::No;
    return head.bytes.find(kKeyword) != std::string_view::npos ? Confidence::Certain
                                                               : Confidence::Likely;
}

Result<Table> readInversionPng(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const Carried carried, readCarried(source, progress));
    const ReadTensor read = [&](std::size_t tensor, const RowSubset& rows, Index columns,
                                const Progress& /*part*/) -> Result<Matrix> {
        EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows.total(), columns));
        const auto& values = carried.tensors[tensor].values;
        std::copy(values.begin(), values.end(), matrix.data());
        keepRows(matrix, rows);
        return matrix;
    };
    return tableFromTensors(
        summariesOf(carried), carried.facts, options, source.path(), read, progress);
}

Result<std::vector<TensorSummary>> listInversionPng(
    const ByteSource& source, const ReadOptions& /*options*/, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const Carried carried, readCarried(source, progress));
    return listedTables(summariesOf(carried), carried.facts);
}

} // namespace embedscope
