#include "core/io/tensors/gguf_header.h"

#include "core/base/text.h"
#include "core/io/bytes/byte_cursor.h"
#include "core/io/bytes/read_blocks.h"

#include <bit>

namespace embedscope {

namespace {

constexpr std::uint32_t kMaxRank = 8; // ggml itself knows 4
constexpr std::uint64_t kDefaultAlignment = 32;
constexpr std::uint64_t kMaxAlignment = 1U << 20U;
constexpr std::uint64_t kLeastKeyBytes = 8 + 4 + 1;
constexpr std::uint64_t kLeastTensorBytes = 8 + 4 + 4 + 8;
constexpr std::uint64_t kStopEvery = 1U << 14U;
constexpr std::uint64_t kMaxNameBytes = 1U << 16U;

enum ValueType : std::uint32_t
{
    kUInt8,
    kInt8,
    kUInt16,
    kInt16,
    kUInt32,
    kInt32,
    kFloat32,
    kBool,
    kString,
    kArray,
    kUInt64,
    kInt64,
    kFloat64,
};

/// Bytes of a value; 0 for strings, arrays and unknown types.
std::uint64_t valueBytes(std::uint32_t type)
{
    switch (type) {
    case kUInt8:
    case kInt8:
    case kBool:
        return 1;
    case kUInt16:
    case kInt16:
        return 2;
    case kUInt32:
    case kInt32:
    case kFloat32:
        return 4;
    case kUInt64:
    case kInt64:
    case kFloat64:
        return 8;
    default:
        return 0;
    }
}

class HeaderReader
{
public:
    HeaderReader(const ByteSource& source, const Progress& progress)
        : m_cursor(source, "GGUF file")
        , m_progress(progress)
    {
    }

    Result<GgufHeader> read()
    {
        EMBEDSCOPE_TRY_ASSIGN(const std::string magic, m_cursor.text(4));
        if (magic != "GGUF")
            return malformed("the file does not begin as a GGUF file does");
        EMBEDSCOPE_TRY_ASSIGN(const auto version, m_cursor.number<std::uint32_t>());
        if (version != 2 && version != 3) {
            const bool isBigEndian = version != 0 && (version & 0xffffU) == 0;
            return Error{ErrorCode::Unsupported,
                isBigEndian ? std::string("this GGUF file is big-endian, which is not read")
                            : "GGUF version " + std::to_string(version)
                        + " is not read; versions 2 and 3 are",
                m_cursor.source().path(), 4, {}};
        }
        EMBEDSCOPE_TRY_ASSIGN(const auto tensorCount, m_cursor.number<std::uint64_t>());
        EMBEDSCOPE_TRY_ASSIGN(const auto keyCount, m_cursor.number<std::uint64_t>());
        if (keyCount > m_cursor.remaining() / kLeastKeyBytes
            || tensorCount > m_cursor.remaining() / kLeastTensorBytes) {
            return Error{ErrorCode::Truncated,
                "the GGUF header promises " + formatBig(keyCount) + " keys and "
                    + formatBig(tensorCount)
                    + " tensors, more than the file can hold. Is the download complete?",
                m_cursor.source().path(), 8, {}};
        }
        for (std::uint64_t i = 0; i < keyCount; ++i)
            EMBEDSCOPE_TRY(readKey());
        for (std::uint64_t i = 0; i < tensorCount; ++i)
            EMBEDSCOPE_TRY(readTensor());
        EMBEDSCOPE_TRY(placeTensors());
        if (m_header.scores.size() != m_header.tokens.size())
            m_header.scores.clear();
        if (m_header.tokenTypes.size() != m_header.tokens.size())
            m_header.tokenTypes.clear();
        return std::move(m_header);
    }

private:
    static std::string formatBig(std::uint64_t count)
    {
        return count > INT64_MAX ? "2^63 or more" : formatCount(static_cast<std::int64_t>(count));
    }

    Error malformed(std::string detail) const
    {
        return Error{ErrorCode::Malformed, std::move(detail), m_cursor.source().path(),
            m_cursor.position(), {}};
    }

    Result<std::string> readString()
    {
        EMBEDSCOPE_TRY_ASSIGN(const auto length, m_cursor.number<std::uint64_t>());
        return m_cursor.text(length);
    }

    Result<std::string> readName()
    {
        EMBEDSCOPE_TRY_ASSIGN(const auto length, m_cursor.number<std::uint64_t>());
        if (length > kMaxNameBytes)
            return malformed("a name in the GGUF header is longer than any name");
        return m_cursor.text(length);
    }

    Status readKey()
    {
        EMBEDSCOPE_TRY_ASSIGN(const std::string key, readName());
        EMBEDSCOPE_TRY_ASSIGN(const auto type, m_cursor.number<std::uint32_t>());
        if (type == kArray)
            return readArray(key);
        if (type == kString) {
            EMBEDSCOPE_TRY_ASSIGN(std::string text, readString());
            if (key == "general.architecture")
                m_header.architecture = std::move(text);
            else if (key == "general.name")
                m_header.modelName = std::move(text);
            else if (key == "tokenizer.ggml.model")
                m_header.tokenizer = std::move(text);
            return {};
        }
        if (key == "general.alignment" && type == kUInt32) {
            EMBEDSCOPE_TRY_ASSIGN(const auto alignment, m_cursor.number<std::uint32_t>());
            if (!std::has_single_bit(alignment) || alignment > kMaxAlignment)
                return malformed("the alignment " + formatBig(alignment) + " is no power of two");
            m_alignment = alignment;
            return {};
        }
        const std::uint64_t bytes = valueBytes(type);
        if (bytes == 0)
            return malformed("the key \"" + printable(key) + "\" is of the unknown type "
                + std::to_string(type));
        return m_cursor.skip(bytes);
    }

    Status readArray(const std::string& key)
    {
        EMBEDSCOPE_TRY_ASSIGN(const auto type, m_cursor.number<std::uint32_t>());
        EMBEDSCOPE_TRY_ASSIGN(const auto count, m_cursor.number<std::uint64_t>());
        const std::uint64_t least = type == kString ? 8 : valueBytes(type);
        if (least == 0) {
            return malformed("the key \"" + printable(key) + "\" is an array of "
                + (type == kArray ? std::string("arrays, which is not read")
                                  : "the unknown type " + std::to_string(type)));
        }
        if (count > m_cursor.remaining() / least)
            return m_cursor.truncated();
        if (type == kString) {
            const bool isTokens = key == "tokenizer.ggml.tokens";
            if (isTokens)
                m_header.tokens.clear();
            for (std::uint64_t i = 0; i < count; ++i) {
                if (i % kStopEvery == 0 && m_progress.stopRequested())
                    return stoppedError();
                EMBEDSCOPE_TRY_ASSIGN(const auto length, m_cursor.number<std::uint64_t>());
                if (!isTokens) {
                    EMBEDSCOPE_TRY(m_cursor.skip(length));
                    continue;
                }
                EMBEDSCOPE_TRY_ASSIGN(std::string token, m_cursor.text(length));
                m_header.tokens.push_back(std::move(token));
            }
            return {};
        }
        if (key == "tokenizer.ggml.scores" && type == kFloat32)
            return readNumbers(m_header.scores, count);
        if (key == "tokenizer.ggml.token_type" && type == kInt32)
            return readNumbers(m_header.tokenTypes, count);
        return m_cursor.skip(count * least);
    }

    template <typename T> Status readNumbers(std::vector<T>& numbers, std::uint64_t count)
    {
        numbers.resize(static_cast<std::size_t>(count));
        return m_cursor.read(std::as_writable_bytes(std::span(numbers)));
    }

    Status readTensor()
    {
        GgufTensor tensor;
        EMBEDSCOPE_TRY_ASSIGN(tensor.name, readName());
        EMBEDSCOPE_TRY_ASSIGN(const auto rank, m_cursor.number<std::uint32_t>());
        if (rank > kMaxRank)
            return malformed("the tensor \"" + printable(tensor.name) + "\" has "
                + std::to_string(rank) + " dimensions");
        tensor.shape.resize(rank);
        for (std::uint32_t i = 0; i < rank; ++i) {
            EMBEDSCOPE_TRY_ASSIGN(tensor.shape[rank - 1 - i], m_cursor.number<std::uint64_t>());
        }
        EMBEDSCOPE_TRY_ASSIGN(tensor.typeId, m_cursor.number<std::uint32_t>());
        tensor.type = ggufType(tensor.typeId);
        EMBEDSCOPE_TRY_ASSIGN(tensor.offset, m_cursor.number<std::uint64_t>());
        m_header.tensors.push_back(std::move(tensor));
        return {};
    }

    /// Offsets count from the first aligned byte behind the header.
    Status placeTensors()
    {
        const ByteSource& source = m_cursor.source();
        const std::uint64_t start
            = (m_cursor.position() + m_alignment - 1) / m_alignment * m_alignment;
        const std::uint64_t available = source.size() - std::min(start, source.size());
        for (GgufTensor& tensor : m_header.tensors) {
            const std::string name = "the tensor \"" + printable(tensor.name) + '"';
            std::optional<std::uint64_t> bytes = 0;
            if (tensor.type != nullptr) {
                const std::uint64_t columns = tensor.shape.empty() ? 1 : tensor.shape.back();
                if (columns % tensor.type->blockValues != 0) {
                    return malformed(name + " has rows of " + formatBig(columns)
                        + " values, which are no whole blocks of "
                        + std::string(tensor.type->name));
                }
                bytes = checkedProduct(columns / tensor.type->blockValues, tensor.type->blockBytes);
                tensor.rowBytes = bytes.value_or(0);
                for (std::size_t i = 0; bytes && i + 1 < tensor.shape.size(); ++i)
                    bytes = checkedProduct(*bytes, tensor.shape[i]);
            }
            if (!bytes || tensor.offset > available || *bytes > available - tensor.offset) {
                return Error{ErrorCode::Truncated,
                    name + " lies beyond the end of the file, which is "
                        + formatBytes(source.size()) + ". Is the download complete?",
                    source.path(), source.size(), {}};
            }
            tensor.offset += start;
        }
        return {};
    }

    ByteCursor m_cursor;
    const Progress& m_progress;
    GgufHeader m_header;
    std::uint64_t m_alignment = kDefaultAlignment;
};

} // namespace

Result<GgufHeader> readGgufHeader(const ByteSource& source, const Progress& progress)
{
    return HeaderReader(source, progress).read();
}

} // namespace embedscope
