#include "tests/support/parquet_bytes.h"

#include "tests/support/column_codecs.h"
#include "tests/support/parquet_encodings.h"
#include "tests/support/thrift_bytes.h"

#include <algorithm>
#include <zlib.h>

namespace embedscope::test {

namespace {

using parquet::Layout;

constexpr int kRequired = 0;
constexpr int kOptional = 1;
constexpr int kRepeated = 2;

int maxDefinition(Layout layout)
{
    switch (layout) {
    case Layout::Required:
        return 0;
    case Layout::Optional:
    case Layout::Repeated:
    case Layout::Struct:
        return 1;
    case Layout::List2:
    case Layout::Map:
        return 2;
    case Layout::List3:
    case Layout::Lists:
        return 3;
    }
    return 0;
}

int maxRepetition(Layout layout)
{
    switch (layout) {
    case Layout::List2:
    case Layout::List3:
    case Layout::Repeated:
    case Layout::Map:
        return 1;
    case Layout::Lists:
        return 2;
    default:
        return 0;
    }
}

std::string compressed(int codec, const std::string& bytes)
{
    switch (codec) {
    case parquet::Snappy:
        return toSnappy(bytes);
    case parquet::Gzip:
        return toGzip(bytes);
    case parquet::Brotli:
        return toBrotli(bytes);
    case parquet::Lz4Hadoop:
        return toLz4Hadoop(bytes);
    case parquet::Zstd:
        return toZstd(bytes);
    case parquet::Lz4Raw:
        return toLz4Block(bytes);
    default:
        return bytes;
    }
}

struct Page
{
    int type = 0;
    std::size_t values = 0;
    std::size_t nulls = 0;
    std::size_t rows = 0;
    int encoding = 0;
    std::string repetition;
    std::string definition;
    std::string body;
};

std::string pageBytes(const ParquetColumnBytes& column, const Page& page)
{
    const bool isVersion2 = page.type == 3;
    const std::string levels = page.repetition + page.definition;
    const std::string whole = isVersion2 ? page.body : levels + page.body;
    const std::string stored
        = (isVersion2 ? levels : std::string()) + compressed(column.codec, whole);
    const bool isData = page.type != 2;
    const std::int64_t expanded = isData && column.claimedExpanded >= 0
        ? column.claimedExpanded
        : static_cast<std::int64_t>(levels.size() + page.body.size());
    ThriftBytes header;
    header.int32(1, page.type);
    header.int32(2, static_cast<std::int32_t>(expanded));
    header.int32(3, static_cast<std::int32_t>(stored.size()));
    if (column.hasChecksum) {
        const auto sum = crc32(
            0, reinterpret_cast<const Bytef*>(stored.data()), static_cast<uInt>(stored.size()));
        header.int32(4, static_cast<std::int32_t>(sum + (column.breaksChecksum ? 1 : 0)));
    }
    ThriftBytes part;
    part.int32(1, static_cast<std::int32_t>(page.values));
    if (page.type == 2) {
        part.int32(2, 0);
        header.structure(7, part);
    } else if (!isVersion2) {
        part.int32(2, page.encoding);
        part.int32(3, column.levelEncoding);
        part.int32(4, column.levelEncoding);
        header.structure(5, part);
    } else {
        part.int32(2, static_cast<std::int32_t>(page.nulls));
        part.int32(3, static_cast<std::int32_t>(page.rows));
        part.int32(4, page.encoding);
        part.int32(5, static_cast<std::int32_t>(page.definition.size()));
        part.int32(6, static_cast<std::int32_t>(page.repetition.size()));
        part.boolean(7, column.codec != parquet::Uncompressed);
        header.structure(8, part);
    }
    return header.done() + stored;
}

std::string levelBytes(const ParquetColumnBytes& column, const std::vector<int>& levels, int most)
{
    if (most == 0)
        return {};
    const int width = bitWidth(most);
    if (column.levelEncoding == parquet::BitPacked)
        return oldLevels(levels, width);
    const std::string runs = runLengths({levels.begin(), levels.end()}, width);
    return column.isVersion2 ? runs : plain(static_cast<std::uint32_t>(runs.size())) + runs;
}

std::string chunkBytes(const ParquetColumnBytes& column, const ParquetEntries& entries)
{
    std::string bytes;
    const bool isCoded
        = column.encoding == parquet::RleDictionary || column.encoding == parquet::PlainDictionary;
    std::vector<std::string> dictionary;
    if (isCoded) {
        dictionary = entries.values;
        std::sort(dictionary.begin(), dictionary.end());
        dictionary.erase(std::unique(dictionary.begin(), dictionary.end()), dictionary.end());
        Page page;
        page.type = 2;
        page.values = dictionary.size();
        page.body = encodeValues(parquet::Plain, column.type, dictionary);
        bytes += pageBytes(column, page);
    }
    const int most = maxDefinition(column.layout);
    std::size_t value = 0;
    for (std::size_t at = 0; at < entries.count() || at == 0; at += column.entriesPerPage) {
        const std::size_t end = std::min(entries.count(), at + column.entriesPerPage);
        Page page;
        page.type = column.isVersion2 ? 3 : 0;
        page.values = end - at;
        page.encoding = column.encoding;
        std::vector<int> repetition;
        std::vector<int> definition;
        std::vector<std::string> values;
        for (std::size_t i = at; i < end; ++i) {
            if (!entries.repetition.empty())
                repetition.push_back(entries.repetition[i]);
            if (!entries.definition.empty())
                definition.push_back(entries.definition[i]);
            page.rows += repetition.empty() || repetition.back() == 0 ? 1 : 0;
            if (definition.empty() || definition.back() == most)
                values.push_back(entries.values[value++]);
            else
                ++page.nulls;
        }
        page.repetition = levelBytes(column, repetition, maxRepetition(column.layout));
        page.definition = levelBytes(column, definition, most);
        page.body = isCoded ? dictionaryIndices(dictionary, values)
                            : encodeValues(column.encoding, column.type, values);
        bytes += pageBytes(column, page);
    }
    return bytes;
}

ThriftBytes node(const std::string& name, int repetition, int children, int converted)
{
    ThriftBytes bytes;
    bytes.int32(3, repetition);
    bytes.text(4, name);
    if (children > 0)
        bytes.int32(5, children);
    if (converted >= 0)
        bytes.int32(6, converted);
    return bytes;
}

ThriftBytes leaf(const ParquetColumnBytes& column, const std::string& name, int repetition)
{
    ThriftBytes bytes;
    bytes.int32(1, column.type);
    if (column.typeLength > 0)
        bytes.int32(2, column.typeLength);
    bytes.int32(3, repetition);
    bytes.text(4, name);
    if (column.converted >= 0)
        bytes.int32(6, column.converted);
    if (column.scale > 0)
        bytes.int32(7, column.scale);
    if (column.isFloat16) {
        ThriftBytes logical;
        logical.structure(15, ThriftBytes());
        bytes.structure(10, logical);
    }
    return bytes;
}

void addNodes(std::vector<ThriftBytes>& nodes, const ParquetColumnBytes& column)
{
    switch (column.layout) {
    case Layout::Required:
    case Layout::Optional:
    case Layout::Repeated:
        nodes.push_back(leaf(column, column.name,
            column.layout == Layout::Required       ? kRequired
                : column.layout == Layout::Optional ? kOptional
                                                    : kRepeated));
        return;
    case Layout::List2:
        nodes.push_back(node(column.name, kOptional, 1, parquet::List));
        nodes.push_back(leaf(column, "array", kRepeated));
        return;
    case Layout::List3:
        nodes.push_back(node(column.name, kOptional, 1, parquet::List));
        nodes.push_back(node("list", kRepeated, 1, -1));
        nodes.push_back(leaf(column, "element", kOptional));
        return;
    case Layout::Struct:
        nodes.push_back(node(column.name, kRequired, 1, -1));
        nodes.push_back(leaf(column, "member", kOptional));
        return;
    case Layout::Map:
        nodes.push_back(node(column.name, kOptional, 1, parquet::Map));
        nodes.push_back(node("key_value", kRepeated, 1, -1));
        nodes.push_back(leaf(column, "key", kRequired));
        return;
    case Layout::Lists:
        nodes.push_back(node(column.name, kOptional, 1, parquet::List));
        nodes.push_back(node("list", kRepeated, 1, parquet::List));
        nodes.push_back(leaf(column, "element", kRepeated));
        return;
    }
}

} // namespace

ParquetEntries listEntries(
    const std::vector<std::string>& values, std::size_t length, parquet::Layout layout)
{
    ParquetEntries entries;
    entries.values = values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        entries.repetition.push_back(i % length == 0 ? 0 : 1);
        entries.definition.push_back(maxDefinition(layout));
    }
    return entries;
}

std::string parquetFile(const std::vector<ParquetColumnBytes>& columns,
    const std::vector<std::int64_t>& rowsOfGroups, const ParquetLies& lies)
{
    std::string file = "PAR1";
    std::vector<ThriftBytes> nodes{node("schema", kRequired, static_cast<int>(columns.size()), -1)};
    for (const ParquetColumnBytes& column : columns)
        addNodes(nodes, column);
    std::vector<ThriftBytes> groups;
    std::int64_t rows = 0;
    for (std::size_t g = 0; g < rowsOfGroups.size(); ++g) {
        std::vector<ThriftBytes> chunks;
        for (const ParquetColumnBytes& column : columns) {
            const ParquetEntries& entries = column.groups[g];
            const std::string bytes = chunkBytes(column, entries);
            ThriftBytes facts;
            facts.int32(1, column.type);
            facts.int32(4, column.codec);
            facts.int64(5, static_cast<std::int64_t>(entries.count()));
            facts.int64(9, static_cast<std::int64_t>(file.size()));
            ThriftBytes chunk;
            if (lies.isElsewhere)
                chunk.text(1, "../other.parquet");
            chunk.int64(2, 0);
            chunk.structure(3, facts);
            chunks.push_back(chunk);
            file += bytes;
        }
        const std::int64_t own = g == 0 && lies.rows >= 0 ? lies.rows : rowsOfGroups[g];
        rows += own;
        ThriftBytes group;
        group.structures(1, chunks);
        group.int64(3, own);
        groups.push_back(group);
    }
    ThriftBytes footer;
    footer.int32(1, 2);
    footer.structures(2, nodes);
    footer.int64(3, rows);
    footer.structures(4, groups);
    const std::string bytes = footer.done();
    return file + bytes + plain(static_cast<std::uint32_t>(bytes.size()))
        + (lies.isEncrypted ? "PARE" : "PAR1");
}

} // namespace embedscope::test
