#include "core/io/arrow/arrow_file.h"

#include "core/base/text.h"
#include "core/io/arrow/arrow_batch.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr std::string_view kMagic = "ARROW1";
constexpr std::uint32_t kContinuation = 0xffffffffU;
constexpr std::uint64_t kMostMetadata = std::uint64_t{256} << 20U;
constexpr std::uint8_t kSchemaMessage = 1;
constexpr std::uint8_t kDictionaryMessage = 2;
constexpr std::uint8_t kBatchMessage = 3;
constexpr std::int16_t kVersion4 = 3;
constexpr std::int16_t kVersion5 = 4;

struct Message
{
    std::string metadata;
    std::uint64_t offset = 0;
    std::uint64_t body = 0;
    std::uint64_t bodyBytes = 0;
    bool isEnd = false; ///< The mark of a stream's end.
};

class Reader
{
public:
    explicit Reader(const ByteSource& source)
        : m_source(source)
    {
    }

    Result<ArrowFile> readFile()
    {
        constexpr std::uint64_t kTail = 10;
        const std::uint64_t size = m_source.size();
        if (size < 8 + kTail)
            return truncated(size);
        EMBEDSCOPE_TRY_ASSIGN(const std::string tail, m_source.text(size - kTail, kTail));
        if (tail.substr(4) != kMagic)
            return truncated(size);
        std::int32_t length = 0;
        std::memcpy(&length, tail.data(), sizeof length);
        if (length <= 0 || static_cast<std::uint64_t>(length) > size - 8 - kTail
            || static_cast<std::uint64_t>(length) > kMostMetadata)
            return malformed("the length of its footer is impossible", size - kTail);
        const std::uint64_t begin = size - kTail - static_cast<std::uint64_t>(length);
        m_end = begin;
        EMBEDSCOPE_TRY_ASSIGN(
            const std::string bytes, m_source.text(begin, static_cast<std::uint64_t>(length)));
        FlatBuffer buffer(bytes);
        const FlatTable footer = FlatTable::root(buffer);
        EMBEDSCOPE_TRY(takeSchema(buffer, footer.table(1), begin));
        for (const unsigned field : {2U, 3U}) { // Dictionaries, then batches.
            constexpr std::size_t kBlockBytes = 24;
            const FlatVector blocks = footer.vector(field, kBlockBytes);
            for (std::size_t i = 0; i < blocks.count; ++i) {
                const auto offset = buffer.at<std::int64_t>(blocks.begin + i * kBlockBytes);
                if (offset < 8 || static_cast<std::uint64_t>(offset) > m_end)
                    return malformed("its footer points outside the file", begin);
                EMBEDSCOPE_TRY_ASSIGN(
                    const Message message, readMessage(static_cast<std::uint64_t>(offset)));
                EMBEDSCOPE_TRY(takeMessage(message));
            }
        }
        if (!buffer.ok())
            return malformed("its footer is damaged", begin);
        return std::move(m_file);
    }

    Result<ArrowFile> readStream()
    {
        m_end = m_source.size();
        std::uint64_t at = 0;
        bool isEnded = false;
        while (at < m_end) {
            EMBEDSCOPE_TRY_ASSIGN(const Message message, readMessage(at));
            isEnded = message.isEnd;
            if (isEnded)
                break;
            EMBEDSCOPE_TRY(takeMessage(message));
            at = message.body + message.bodyBytes;
        }
        if (!m_hasSchema)
            return malformed("it has no schema", 0);
        if (!isEnded) {
            m_file.warnings.push_back(
                "The stream has no mark of its end; if it was cut, its last rows are missing.");
        }
        return std::move(m_file);
    }

private:
    Error malformed(std::string detail, std::uint64_t offset) const
    {
        return Error{ErrorCode::Malformed, std::move(detail), m_source.path(), offset, {}};
    }
    Error truncated(std::uint64_t offset) const
    {
        return Error{ErrorCode::Truncated,
            "the file ends before its Arrow table does. Is the download complete?", m_source.path(),
            offset, {}};
    }

    Result<Message> readMessage(std::uint64_t at)
    {
        Message message;
        message.offset = at;
        const auto number = [&]() -> Result<std::uint32_t> {
            EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, m_source.text(at, 4));
            if (bytes.size() < 4)
                return truncated(at);
            std::uint32_t value = 0;
            std::memcpy(&value, bytes.data(), sizeof value);
            at += sizeof value;
            return value;
        };
        EMBEDSCOPE_TRY_ASSIGN(std::uint32_t length, number());
        if (length == kContinuation) { // Older writers leave it out.
            EMBEDSCOPE_TRY_ASSIGN(length, number());
        }
        if (length == 0) {
            message.isEnd = true;
            return message;
        }
        if (length > kMostMetadata)
            return malformed("a message is said to have more metadata than any has", at);
        if (at > m_end || length > m_end - at)
            return truncated(at);
        // A footer may point at one message again and again.
        m_metadataBytes += length;
        if (m_metadataBytes > m_source.size())
            return malformed("its messages overlap", at);
        EMBEDSCOPE_TRY_ASSIGN(message.metadata, m_source.text(at, length));
        message.body = at + length;
        FlatBuffer buffer(message.metadata);
        const auto bytes = FlatTable::root(buffer).scalar<std::int64_t>(3, 0);
        if (!buffer.ok() || bytes < 0)
            return malformed("the metadata of a message are damaged", message.offset);
        message.bodyBytes = static_cast<std::uint64_t>(bytes);
        if (message.bodyBytes > m_end - message.body)
            return truncated(message.body);
        return message;
    }

    Status takeMessage(const Message& message)
    {
        FlatBuffer buffer(message.metadata);
        const FlatTable root = FlatTable::root(buffer);
        const auto version = root.scalar<std::int16_t>(0, 0);
        const auto kind = root.scalar<std::uint8_t>(1, 0);
        const FlatTable header = root.table(2);
        if (!buffer.ok() || !header.isPresent())
            return malformed("the metadata of a message are damaged", message.offset);
        if (version != kVersion4 && version != kVersion5) {
            return Error{ErrorCode::Unsupported,
                "its metadata are of a version of Arrow that is not read (4 and 5 are)",
                m_source.path(), message.offset, {}};
        }
        if (hasOldCompression(root)) {
            return Error{ErrorCode::Unsupported,
                "it is compressed in the way of an experiment of Arrow 0.17; write it again with a "
                "newer version",
                m_source.path(), message.offset, {}};
        }
        const ArrowBody body{message.body, message.bodyBytes, version == kVersion4};
        if (kind == kSchemaMessage)
            return m_hasSchema ? Status() : takeSchema(buffer, header, message.offset);
        if (!m_hasSchema)
            return malformed("values stand before the schema", message.offset);
        if (kind == kBatchMessage)
            return takeBatch(buffer, header, body, message.offset);
        if (kind == kDictionaryMessage)
            return takeDictionary(buffer, header, body, message.offset);
        return Error{ErrorCode::Unsupported, "it holds tensors, not a table", m_source.path(),
            message.offset, {}};
    }

    static bool hasOldCompression(const FlatTable& root)
    {
        const FlatVector pairs = root.vector(4, sizeof(std::uint32_t));
        for (std::size_t i = 0; i < pairs.count; ++i) {
            if (root.element(pairs, i).text(0) == "ARROW:experimental_compression")
                return true;
        }
        return false;
    }

    Status takeSchema(FlatBuffer& buffer, const FlatTable& table, std::uint64_t offset)
    {
        auto schema = readArrowSchema(buffer, table);
        if (!schema)
            return malformed("its schema is damaged or has a type that is not known", offset);
        m_file.schema = *std::move(schema);
        m_hasSchema = true;
        for (std::size_t n = 0; n < m_file.schema.nodes.size(); ++n) {
            if (const auto id = m_file.schema.nodes[n].dictionary)
                m_nodeOfDictionary.emplace(*id, n);
        }
        return {};
    }

    Status takeBatch(
        FlatBuffer& buffer, const FlatTable& header, const ArrowBody& body, std::uint64_t offset)
    {
        auto batch = readArrowBatch(m_file.schema, buffer, header, body, std::nullopt);
        if (!batch)
            return malformed("a batch of rows contradicts the schema", offset);
        for (const std::size_t column : m_file.schema.columns) {
            if (batch->arrays[column].length != batch->rows)
                return malformed("a column has another length than its batch", offset);
        }
        if (!m_dictionaries) {
            m_dictionaries
                = std::make_shared<std::map<std::int64_t, std::vector<std::size_t>>>(m_current);
        }
        batch->dictionaries = m_dictionaries;
        m_file.rows += batch->rows;
        if (m_file.rows > kNoPoint)
            return malformed("it has more rows than any table", offset);
        m_file.batches.push_back(*std::move(batch));
        return {};
    }

    Status takeDictionary(
        FlatBuffer& buffer, const FlatTable& header, const ArrowBody& body, std::uint64_t offset)
    {
        const auto id = header.scalar<std::int64_t>(0, 0);
        const auto node = m_nodeOfDictionary.find(id);
        const FlatTable data = header.table(1);
        if (!buffer.ok() || node == m_nodeOfDictionary.end() || !data.isPresent())
            return malformed("a dictionary belongs to no column", offset);
        auto batch = readArrowBatch(m_file.schema, buffer, data, body, node->second);
        if (!batch || batch->arrays.front().length != batch->rows)
            return malformed("a dictionary contradicts the schema", offset);
        const bool isDelta = header.scalar<std::uint8_t>(2, 0) != 0;
        auto& parts = m_current[id];
        if (!isDelta)
            parts.clear();
        parts.push_back(m_file.dictionaryBatches.size());
        m_file.dictionaryBatches.push_back(*std::move(batch));
        m_dictionaries.reset();
        return {};
    }

    const ByteSource& m_source;
    std::uint64_t m_end = 0; ///< Of where messages can lie.
    std::uint64_t m_metadataBytes = 0; ///< Of all messages that were read.
    bool m_hasSchema = false;
    std::map<std::int64_t, std::size_t> m_nodeOfDictionary;
    std::map<std::int64_t, std::vector<std::size_t>> m_current;
    std::shared_ptr<const std::map<std::int64_t, std::vector<std::size_t>>> m_dictionaries;
    ArrowFile m_file;
};

} // namespace

bool isArrowStream(std::string_view head)
{
    std::uint32_t length = 0;
    if (head.size() < 8)
        return false;
    std::memcpy(&length, head.data(), sizeof length);
    head.remove_prefix(4);
    if (length == kContinuation) {
        std::memcpy(&length, head.data(), sizeof length);
        head.remove_prefix(4);
    }
    if (length < 16 || length > kMostMetadata)
        return false;
    // A schema of many columns is longer than the head: what is looked at lies at its beginning or
    // its end, depending on the writer.
    FlatBuffer buffer(head.substr(0, std::min<std::size_t>(length, head.size())));
    const FlatTable root = FlatTable::root(buffer);
    const auto version = root.scalar<std::int16_t>(0, 0);
    const auto kind = root.scalar<std::uint8_t>(1, 0);
    const bool isSchema = kind == kSchemaMessage && version <= kVersion5 && version >= 0
        && root.scalar<std::int64_t>(3, 0) == 0;
    return buffer.ok() && isSchema && root.table(2).isPresent() && buffer.ok();
}

Result<ArrowFile> readArrowFile(const ByteSource& source)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(0, kMagic.size()));
    Reader reader(source);
    return head == kMagic ? reader.readFile() : reader.readStream();
}

} // namespace embedscope
