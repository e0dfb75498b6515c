#include "tests/support/arrow_bytes.h"

#include "tests/support/column_codecs.h"

#include <algorithm>

namespace embedscope::test {

namespace {

template <typename T> void append(std::string& out, T value)
{
    const std::size_t at = out.size();
    out.resize(at + sizeof value);
    std::memcpy(out.data() + at, &value, sizeof value);
}

void align(std::string& out, std::size_t to = 8)
{
    out.resize((out.size() + to - 1) / to * to, '\0');
}

std::string floatBytes(const float* values, Index count)
{
    return {reinterpret_cast<const char*>(values), static_cast<std::size_t>(count) * sizeof(float)};
}

/// As it stands in the body: compressed behind its length, or as it is behind -1 where that is
/// longer.
std::string bufferBytes(const std::string& bytes, ArrowCompression compression)
{
    if (compression == ArrowCompression::None || bytes.empty())
        return bytes;
    const std::string packed
        = compression == ArrowCompression::Lz4 ? toLz4Frame(bytes) : toZstd(bytes);
    std::string out;
    const bool isWorth = packed.size() < bytes.size();
    append(out, isWorth ? static_cast<std::int64_t>(bytes.size()) : std::int64_t{-1});
    return out + (isWorth ? packed : bytes);
}

/// A RecordBatch table and its body.
std::pair<FlatBytes, std::string> batchBytes(
    const std::vector<ArrowColumnBytes>& columns, Index rows, ArrowCompression compression)
{
    std::string nodes;
    std::string buffers;
    std::string variadic;
    std::string body;
    std::size_t nodeCount = 0;
    std::size_t bufferCount = 0;
    std::size_t variadicCount = 0;
    for (const ArrowColumnBytes& column : columns) {
        for (const auto& node : column.nodes) {
            append(nodes, node.length);
            append(nodes, node.nulls);
            ++nodeCount;
        }
        for (const std::string& buffer : column.buffers) {
            const std::string stored = bufferBytes(buffer, compression);
            append(buffers, static_cast<std::int64_t>(body.size()));
            append(buffers, static_cast<std::int64_t>(stored.size()));
            body += stored;
            align(body);
            ++bufferCount;
        }
        for (const std::int64_t count : column.variadic) {
            append(variadic, count);
            ++variadicCount;
        }
    }
    FlatBytes batch;
    batch.scalar<std::int64_t>(0, rows);
    batch.structs(1, nodes, nodeCount);
    batch.structs(2, buffers, bufferCount);
    if (compression != ArrowCompression::None) {
        FlatBytes details;
        details.scalar<std::int8_t>(0, compression == ArrowCompression::Lz4 ? 0 : 1);
        batch.table(3, details);
    }
    if (variadicCount > 0)
        batch.structs(4, variadic, variadicCount);
    return {batch, body};
}

struct Block
{
    std::int64_t offset = 0;
    std::int32_t metadata = 0;
    std::int64_t body = 0;
};

Block addMessage(std::string& out, const ArrowTableBytes& table, std::uint8_t kind,
    const FlatBytes& header, const std::string& body)
{
    FlatBytes message;
    message.scalar<std::int16_t>(0, table.version);
    message.scalar<std::uint8_t>(1, kind);
    message.table(2, header);
    message.scalar<std::int64_t>(3, static_cast<std::int64_t>(body.size()));
    std::string metadata = message.done();
    align(metadata);
    Block block;
    block.offset = static_cast<std::int64_t>(out.size());
    if (table.hasContinuation)
        append(out, 0xffffffffU);
    append(out, static_cast<std::int32_t>(metadata.size()));
    out += metadata;
    block.metadata
        = static_cast<std::int32_t>(static_cast<std::int64_t>(out.size()) - block.offset);
    block.body = static_cast<std::int64_t>(body.size());
    out += body;
    return block;
}

FlatBytes schemaBytes(const ArrowTableBytes& table)
{
    FlatBytes schema;
    schema.scalar<std::int16_t>(0, table.isBigEndian ? 1 : 0);
    std::vector<FlatBytes> fields;
    for (const ArrowColumnBytes& column : table.batches.front())
        fields.push_back(column.field);
    schema.tables(1, fields);
    return schema;
}

std::string addBlock(const Block& block)
{
    std::string bytes;
    append(bytes, block.offset);
    append(bytes, block.metadata);
    append(bytes, std::int32_t{0});
    append(bytes, block.body);
    return bytes;
}

/// Schema, dictionaries and batches; their places go into the strings of blocks.
void addMessages(
    std::string& out, const ArrowTableBytes& table, std::string& dictionaries, std::string& batches)
{
    addMessage(out, table, 1, schemaBytes(table), {});
    for (std::size_t b = 0; b < table.batches.size(); ++b) {
        for (const auto& [before, dictionary] : table.dictionaries) {
            if (before != b)
                continue;
            const auto [data, body] = batchBytes(
                {dictionary.values}, dictionary.values.nodes[0].length, table.compression);
            FlatBytes header;
            header.scalar<std::int64_t>(0, dictionary.id);
            header.table(1, data);
            header.scalar<std::uint8_t>(2, dictionary.isDelta ? 1 : 0);
            dictionaries += addBlock(addMessage(out, table, 2, header, body));
        }
        const Index rows = table.batches[b].front().nodes[0].length;
        const auto [data, body] = batchBytes(table.batches[b], rows, table.compression);
        batches += addBlock(addMessage(out, table, 3, data, body));
    }
}

void addEnd(std::string& out, const ArrowTableBytes& table)
{
    if (table.hasContinuation)
        append(out, 0xffffffffU);
    append(out, std::int32_t{0});
}

Index nullsOf(const std::vector<bool>& valid)
{
    return std::count(valid.begin(), valid.end(), false);
}

std::vector<bool> validityOf(const std::vector<std::optional<std::string>>& values)
{
    std::vector<bool> valid;
    for (const auto& value : values)
        valid.push_back(value.has_value());
    return nullsOf(valid) > 0 ? valid : std::vector<bool>();
}

void addChild(ArrowColumnBytes& column, const ArrowColumnBytes& child)
{
    column.nodes.insert(column.nodes.end(), child.nodes.begin(), child.nodes.end());
    column.buffers.insert(column.buffers.end(), child.buffers.begin(), child.buffers.end());
    column.variadic.insert(column.variadic.end(), child.variadic.begin(), child.variadic.end());
}

} // namespace

std::string arrowStream(const ArrowTableBytes& table)
{
    std::string out;
    std::string ignored;
    addMessages(out, table, ignored, ignored);
    if (table.hasEnd)
        addEnd(out, table);
    return out;
}

std::string arrowFile(const ArrowTableBytes& table)
{
    std::string out("ARROW1\0\0", 8);
    std::string dictionaries;
    std::string batches;
    addMessages(out, table, dictionaries, batches);
    addEnd(out, table);
    constexpr std::size_t kBlockBytes = 24;
    FlatBytes footer;
    footer.scalar<std::int16_t>(0, table.version);
    footer.table(1, schemaBytes(table));
    footer.structs(2, dictionaries, dictionaries.size() / kBlockBytes);
    footer.structs(3, batches, batches.size() / kBlockBytes);
    const std::string bytes = footer.done();
    out += bytes;
    append(out, static_cast<std::int32_t>(bytes.size()));
    return out + "ARROW1";
}

FlatBytes arrowField(const std::string& name, std::uint8_t type, const FlatBytes& details,
    const std::vector<FlatBytes>& children)
{
    FlatBytes field;
    field.text(0, name);
    field.scalar<std::uint8_t>(1, 1);
    field.scalar<std::uint8_t>(2, type);
    field.table(3, details);
    field.tables(5, children);
    return field;
}

FlatBytes floatType(int bits)
{
    FlatBytes type;
    type.scalar<std::int16_t>(0, bits == 16 ? 0 : bits == 32 ? 1 : 2);
    return type;
}

FlatBytes intType(int bits, bool isSigned)
{
    FlatBytes type;
    type.scalar<std::int32_t>(0, bits);
    type.scalar<std::uint8_t>(1, isSigned ? 1 : 0);
    return type;
}

std::string arrowBits(const std::vector<bool>& bits)
{
    std::string bytes((bits.size() + 7) / 8, '\0');
    for (std::size_t i = 0; i < bits.size(); ++i) {
        if (bits[i])
            bytes[i / 8] = static_cast<char>(bytes[i / 8] | 1 << i % 8);
    }
    return bytes;
}

ArrowColumnBytes arrowNumbers(const std::string& name, std::uint8_t type, const FlatBytes& details,
    const std::string& values, Index count, const std::vector<bool>& valid)
{
    return {
        arrowField(name, type, details), {{count, nullsOf(valid)}}, {arrowBits(valid), values}, {}};
}

ArrowColumnBytes arrowTexts(
    const std::string& name, const std::vector<std::optional<std::string>>& values, bool isLarge)
{
    std::string offsets;
    std::string data;
    const auto addOffset = [&] {
        if (isLarge)
            append(offsets, static_cast<std::int64_t>(data.size()));
        else
            append(offsets, static_cast<std::int32_t>(data.size()));
    };
    addOffset();
    for (const auto& value : values) {
        data += value.value_or("");
        addOffset();
    }
    const std::vector<bool> valid = validityOf(values);
    return {arrowField(name, isLarge ? 20 : 5, FlatBytes()),
        {{static_cast<Index>(values.size()), nullsOf(valid)}}, {arrowBits(valid), offsets, data},
        {}};
}

ArrowColumnBytes arrowTextViews(
    const std::string& name, const std::vector<std::optional<std::string>>& values)
{
    std::string views;
    std::string data;
    for (const auto& optional : values) {
        const std::string value = optional.value_or("");
        append(views, static_cast<std::int32_t>(value.size()));
        std::string rest(12, '\0');
        if (value.size() <= 12) {
            value.copy(rest.data(), value.size());
        } else {
            value.copy(rest.data(), 4);
            const auto offset = static_cast<std::int32_t>(data.size());
            std::memcpy(rest.data() + 8, &offset, sizeof offset);
            data += value;
        }
        views += rest;
    }
    const std::vector<bool> valid = validityOf(values);
    return {arrowField(name, 24, FlatBytes()),
        {{static_cast<Index>(values.size()), nullsOf(valid)}}, {arrowBits(valid), views, data},
        {1}};
}

ArrowColumnBytes arrowFixedLists(const std::string& name, int size, const ArrowColumnBytes& child,
    const std::vector<bool>& valid)
{
    FlatBytes details;
    details.scalar<std::int32_t>(0, size);
    ArrowColumnBytes column{arrowField(name, 16, details, {child.field}),
        {{child.nodes[0].length / size, nullsOf(valid)}}, {arrowBits(valid)}, {}};
    addChild(column, child);
    return column;
}

ArrowColumnBytes arrowLists(const std::string& name, const std::vector<std::int64_t>& offsets,
    const ArrowColumnBytes& child, bool isLarge, const std::vector<bool>& valid)
{
    std::string bytes;
    for (const std::int64_t offset : offsets) {
        if (isLarge)
            append(bytes, offset);
        else
            append(bytes, static_cast<std::int32_t>(offset));
    }
    ArrowColumnBytes column{arrowField(name, isLarge ? 21 : 12, FlatBytes(), {child.field}),
        {{static_cast<Index>(offsets.size()) - 1, nullsOf(valid)}}, {arrowBits(valid), bytes}, {}};
    addChild(column, child);
    return column;
}

ArrowColumnBytes arrowStruct(const std::string& name, const std::vector<ArrowColumnBytes>& members,
    Index count, const std::vector<bool>& valid)
{
    std::vector<FlatBytes> fields;
    for (const ArrowColumnBytes& member : members)
        fields.push_back(member.field);
    ArrowColumnBytes column{arrowField(name, 13, FlatBytes(), fields), {{count, nullsOf(valid)}},
        {arrowBits(valid)}, {}};
    for (const ArrowColumnBytes& member : members)
        addChild(column, member);
    return column;
}

ArrowColumnBytes arrowCoded(const std::string& name, std::int64_t dictionary,
    const std::vector<std::int8_t>& indices, const std::vector<bool>& valid)
{
    FlatBytes coding;
    coding.scalar<std::int64_t>(0, dictionary);
    coding.table(1, intType(8));
    FlatBytes field = arrowField(name, 5, FlatBytes());
    field.table(4, coding);
    return {field, {{static_cast<Index>(indices.size()), nullsOf(valid)}},
        {arrowBits(valid),
            std::string(reinterpret_cast<const char*>(indices.data()), indices.size())},
        {}};
}

ArrowColumnBytes arrowVectors(const std::string& name, const Matrix& matrix)
{
    return arrowFixedLists(name, static_cast<int>(matrix.columns()),
        arrowNumbers(
            "item", 3, floatType(32), floatBytes(matrix.data(), matrix.size()), matrix.size()));
}

std::string feather1(const Matrix& numbers, const std::vector<std::string>& texts,
    const std::vector<std::string>& levels, const std::vector<std::int8_t>& codes)
{
    std::string out("FEA1\0\0\0\0", 8);
    const auto array = [&](std::int8_t type, const std::string& bytes, std::size_t length) {
        FlatBytes facts;
        facts.scalar<std::int8_t>(0, type);
        facts.scalar<std::int64_t>(2, static_cast<std::int64_t>(out.size()));
        facts.scalar<std::int64_t>(3, static_cast<std::int64_t>(length));
        facts.scalar<std::int64_t>(5, static_cast<std::int64_t>(bytes.size()));
        out += bytes;
        align(out);
        return facts;
    };
    const auto textArray = [&](const std::vector<std::string>& values) {
        std::string offsets;
        std::string data;
        append(offsets, std::int32_t{0});
        for (const std::string& value : values) {
            data += value;
            append(offsets, static_cast<std::int32_t>(data.size()));
        }
        align(offsets);
        return array(11, offsets + data, values.size());
    };
    std::vector<FlatBytes> columns;
    for (Index j = 0; j < numbers.columns(); ++j) {
        std::string values;
        for (Index i = 0; i < numbers.rows(); ++i)
            append(values, numbers(i, j));
        FlatBytes column;
        column.text(0, "x" + std::to_string(j));
        column.table(1, array(9, values, static_cast<std::size_t>(numbers.rows())));
        columns.push_back(column);
    }
    FlatBytes label;
    label.text(0, "label");
    label.table(1, textArray(texts));
    columns.push_back(label);
    FlatBytes category;
    FlatBytes details;
    details.table(0, textArray(levels));
    category.text(0, "group");
    category.table(1,
        array(1, std::string(reinterpret_cast<const char*>(codes.data()), codes.size()),
            codes.size()));
    category.scalar<std::uint8_t>(2, 1);
    category.table(3, details);
    columns.push_back(category);
    FlatBytes table;
    table.scalar<std::int64_t>(1, numbers.rows());
    table.tables(2, columns);
    table.scalar<std::int32_t>(3, 2);
    const std::string bytes = table.done();
    out += bytes;
    append(out, static_cast<std::uint32_t>(bytes.size()));
    return out + "FEA1";
}

} // namespace embedscope::test
