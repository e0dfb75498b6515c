#include "core/io/parquet/parquet_values.h"

#include "core/io/parquet/delta.h"
#include "core/io/parquet/run_length.h"

#include <algorithm>
#include <cstring>

namespace embedscope {

namespace {

using Bytes = std::span<const std::byte>;

std::string_view textAt(const std::byte* at, std::size_t length)
{
    return {reinterpret_cast<const char*>(at), length};
}

/// Fills both ways of looking at items of one width.
void setItems(ParquetValues& values, ParquetStorage storage, const std::byte* items, Index count)
{
    values.items = items;
    values.texts.clear();
    if (storage.isText) {
        for (Index i = 0; i < count; ++i)
            values.texts.push_back(
                textAt(items + static_cast<std::size_t>(i) * storage.width, storage.width));
    }
}

class PlainItems final : public ParquetDecoder
{
public:
    PlainItems(ParquetStorage storage, Bytes bytes)
        : m_storage(storage)
        , m_bytes(bytes)
    {
    }
    bool next(Index count, ParquetValues& values) override
    {
        if (static_cast<std::size_t>(count) > m_bytes.size() / m_storage.width)
            return false;
        setItems(values, m_storage, m_bytes.data(), count);
        m_bytes = m_bytes.subspan(static_cast<std::size_t>(count) * m_storage.width);
        return true;
    }

private:
    ParquetStorage m_storage;
    Bytes m_bytes;
};

class PlainTexts final : public ParquetDecoder
{
public:
    explicit PlainTexts(Bytes bytes)
        : m_bytes(bytes)
    {
    }
    bool next(Index count, ParquetValues& values) override
    {
        values.texts.clear();
        for (Index i = 0; i < count; ++i) {
            std::uint32_t length = 0;
            if (m_bytes.size() < sizeof length)
                return false;
            std::memcpy(&length, m_bytes.data(), sizeof length);
            m_bytes = m_bytes.subspan(sizeof length);
            if (length > m_bytes.size())
                return false;
            values.texts.push_back(textAt(m_bytes.data(), length));
            m_bytes = m_bytes.subspan(length);
        }
        return true;
    }

private:
    Bytes m_bytes;
};

class PlainBooleans final : public ParquetDecoder
{
public:
    explicit PlainBooleans(Bytes bytes)
        : m_bytes(bytes)
    {
    }
    bool next(Index count, ParquetValues& values) override
    {
        if (m_bit + static_cast<std::uint64_t>(count) > m_bytes.size() * 8)
            return false;
        m_items.resize(static_cast<std::size_t>(count));
        for (std::byte& item : m_items)
            item = static_cast<std::byte>(bitsAt(m_bytes, m_bit++, 1));
        values.items = m_items.data();
        return true;
    }

private:
    Bytes m_bytes;
    std::uint64_t m_bit = 0;
    PlainVector<std::byte> m_items;
};

class RunLengthBooleans final : public ParquetDecoder
{
public:
    explicit RunLengthBooleans(Bytes bytes)
    {
        std::uint32_t length = 0;
        if (bytes.size() < sizeof length)
            return;
        std::memcpy(&length, bytes.data(), sizeof length);
        bytes = bytes.subspan(sizeof length);
        m_runs = RunLengthDecoder(bytes.first(std::min<std::size_t>(length, bytes.size())), 1);
    }
    bool next(Index count, ParquetValues& values) override
    {
        m_items.resize(static_cast<std::size_t>(count));
        values.items = reinterpret_cast<const std::byte*>(m_items.data());
        return m_runs.next(count, m_items.data());
    }

private:
    RunLengthDecoder m_runs;
    PlainVector<std::uint8_t> m_items;
};

/// items[i] = dictionary[indices[i]], with the width known to the compiler.
template <std::size_t width>
void gather(const std::byte* dictionary, const std::uint32_t* indices, Index count, std::byte* out)
{
    for (Index i = 0; i < count; ++i)
        std::memcpy(out + static_cast<std::size_t>(i) * width,
            dictionary + static_cast<std::size_t>(indices[i]) * width, width);
}

class DictionaryValues final : public ParquetDecoder
{
public:
    DictionaryValues(ParquetStorage storage, Bytes bytes, const ParquetDictionary& dictionary)
        : m_storage(storage)
        , m_dictionary(dictionary)
    {
        if (bytes.empty())
            return; // A page of nulls alone may have nothing here.
        const int width = static_cast<int>(bytes.front());
        if (width <= 32)
            m_runs = RunLengthDecoder(bytes.subspan(1), width);
    }
    bool next(Index count, ParquetValues& values) override
    {
        const auto length = static_cast<std::size_t>(count);
        m_indices.resize(length);
        if (!m_runs.next(count, m_indices.data()))
            return false;
        std::uint32_t largest = 0;
        for (const std::uint32_t index : m_indices)
            largest = std::max(largest, index);
        if (count > 0 && static_cast<Index>(largest) >= m_dictionary.count)
            return false;
        if (m_storage.isText) {
            values.texts.clear();
            for (const std::uint32_t index : m_indices)
                values.texts.push_back(m_dictionary.texts[index]);
            return true;
        }
        m_items.resize(length * m_storage.width);
        const std::byte* const from = m_dictionary.items.data();
        if (m_storage.width == 4)
            gather<4>(from, m_indices.data(), count, m_items.data());
        else if (m_storage.width == 8)
            gather<8>(from, m_indices.data(), count, m_items.data());
        else if (m_storage.width == 2)
            gather<2>(from, m_indices.data(), count, m_items.data());
        else if (m_storage.width == 12)
            gather<12>(from, m_indices.data(), count, m_items.data());
        else
            gather<1>(from, m_indices.data(), count, m_items.data());
        values.items = m_items.data();
        return true;
    }

private:
    ParquetStorage m_storage;
    const ParquetDictionary& m_dictionary;
    RunLengthDecoder m_runs;
    PlainVector<std::uint32_t> m_indices;
    PlainVector<std::byte> m_items;
};

class DeltaIntegers final : public ParquetDecoder
{
public:
    DeltaIntegers(ParquetStorage storage, Bytes bytes, Index most)
        : m_storage(storage)
        , m_delta(bytes, most)
    {
    }
    bool next(Index count, ParquetValues& values) override
    {
        m_values.resize(static_cast<std::size_t>(count));
        if (!m_delta.next(count, m_values.data()))
            return false;
        values.items = reinterpret_cast<const std::byte*>(m_values.data());
        if (m_storage.width == 4) {
            m_narrow.resize(m_values.size());
            for (std::size_t i = 0; i < m_values.size(); ++i)
                m_narrow[i] = static_cast<std::uint32_t>(m_values[i]);
            values.items = reinterpret_cast<const std::byte*>(m_narrow.data());
        }
        return true;
    }

private:
    ParquetStorage m_storage;
    DeltaDecoder m_delta;
    PlainVector<std::int64_t> m_values;
    PlainVector<std::uint32_t> m_narrow;
};

/// Lengths first, then all the bytes.
class DeltaLengthTexts final : public ParquetDecoder
{
public:
    DeltaLengthTexts(Bytes bytes, Index most)
    {
        DeltaDecoder lengths(bytes, most);
        m_lengths.resize(static_cast<std::size_t>(lengths.count()));
        m_isSound = lengths.next(lengths.count(), m_lengths.data());
        m_bytes = lengths.rest();
    }
    Index count() const { return m_isSound ? static_cast<Index>(m_lengths.size()) : 0; }
    bool next(Index count, ParquetValues& values) override
    {
        values.texts.clear();
        if (!m_isSound || static_cast<std::size_t>(count) > m_lengths.size() - m_at)
            return false;
        for (Index i = 0; i < count; ++i) {
            const std::int64_t length = m_lengths[m_at++];
            if (length < 0 || static_cast<std::uint64_t>(length) > m_bytes.size())
                return false;
            values.texts.push_back(textAt(m_bytes.data(), static_cast<std::size_t>(length)));
            m_bytes = m_bytes.subspan(static_cast<std::size_t>(length));
        }
        return true;
    }

private:
    PlainVector<std::int64_t> m_lengths;
    std::size_t m_at = 0;
    Bytes m_bytes;
    bool m_isSound = false;
};

/// Each value as the beginning of the last one and what follows it.
class DeltaTexts final : public ParquetDecoder
{
public:
    DeltaTexts(ParquetStorage storage, Bytes bytes, Index most)
        : m_storage(storage)
    {
        DeltaDecoder prefixes(bytes, most);
        m_prefixes.resize(static_cast<std::size_t>(prefixes.count()));
        if (prefixes.next(prefixes.count(), m_prefixes.data()))
            m_suffixes = std::make_unique<DeltaLengthTexts>(prefixes.rest(), most);
    }
    bool next(Index count, ParquetValues& values) override
    {
        if (!m_suffixes || static_cast<std::size_t>(count) > m_prefixes.size() - m_at
            || !m_suffixes->next(count, m_parts))
            return false;
        m_arena.clear();
        std::vector<std::size_t> ends;
        for (Index i = 0; i < count; ++i) {
            const std::int64_t prefix = m_prefixes[m_at++];
            const std::string_view suffix = m_parts.texts[static_cast<std::size_t>(i)];
            if (prefix < 0 || static_cast<std::uint64_t>(prefix) > m_last.size()
                || m_arena.size() + m_last.size() + suffix.size() > kMostArena)
                return false;
            m_last.resize(static_cast<std::size_t>(prefix));
            m_last += suffix;
            m_arena += m_last;
            ends.push_back(m_arena.size());
        }
        values.texts.clear();
        std::size_t start = 0;
        for (const std::size_t end : ends) {
            if (m_storage.type == ParquetType::FixedBytes && end - start != m_storage.width)
                return false;
            values.texts.push_back(std::string_view(m_arena).substr(start, end - start));
            start = end;
        }
        if (!m_storage.isText)
            values.items = reinterpret_cast<const std::byte*>(m_arena.data());
        return true;
    }

private:
    static constexpr std::size_t kMostArena = std::size_t{128} << 20U;

    ParquetStorage m_storage;
    PlainVector<std::int64_t> m_prefixes;
    std::size_t m_at = 0;
    std::unique_ptr<DeltaLengthTexts> m_suffixes;
    ParquetValues m_parts;
    std::string m_last;
    std::string m_arena;
};

/// All first bytes, then all second bytes, and so on.
class SplitStreams final : public ParquetDecoder
{
public:
    SplitStreams(ParquetStorage storage, Bytes bytes)
        : m_storage(storage)
        , m_bytes(bytes)
        , m_count(bytes.size() / storage.width)
    {
    }
    bool next(Index count, ParquetValues& values) override
    {
        const auto length = static_cast<std::size_t>(count);
        if (length > m_count - m_at)
            return false;
        const std::size_t width = m_storage.width;
        m_items.resize(length * width);
        for (std::size_t b = 0; b < width; ++b) {
            const std::byte* const stream = m_bytes.data() + b * m_count + m_at;
            for (std::size_t i = 0; i < length; ++i)
                m_items[i * width + b] = stream[i];
        }
        m_at += length;
        setItems(values, m_storage, m_items.data(), count);
        return true;
    }

private:
    ParquetStorage m_storage;
    Bytes m_bytes;
    std::size_t m_count;
    std::size_t m_at = 0;
    PlainVector<std::byte> m_items;
};

} // namespace

ParquetStorage storageOf(const ParquetNode& node)
{
    ParquetStorage storage{node.type, 0, false};
    switch (node.type) {
    case ParquetType::Boolean:
        storage.width = 1;
        break;
    case ParquetType::Int32:
    case ParquetType::Float:
        storage.width = 4;
        break;
    case ParquetType::Int64:
    case ParquetType::Double:
        storage.width = 8;
        break;
    case ParquetType::Int96:
        storage.width = 12;
        break;
    case ParquetType::FixedBytes:
        storage.width = static_cast<std::size_t>(node.typeLength);
        storage.isText = node.meaning != ParquetMeaning::Float16;
        break;
    case ParquetType::ByteArray:
    case ParquetType::None:
        storage.width = 1;
        storage.isText = true;
        break;
    }
    return storage;
}

std::unique_ptr<ParquetDecoder> makeParquetDecoder(std::int32_t encoding, ParquetStorage storage,
    Bytes bytes, Index most, const ParquetDictionary* dictionary)
{
    const bool isBoolean = storage.type == ParquetType::Boolean;
    const bool isBytes = storage.type == ParquetType::ByteArray;
    const bool isInteger = storage.type == ParquetType::Int32 || storage.type == ParquetType::Int64;
    switch (encoding) {
    case 0: // PLAIN
        if (isBoolean)
            return std::make_unique<PlainBooleans>(bytes);
        if (isBytes)
            return std::make_unique<PlainTexts>(bytes);
        return std::make_unique<PlainItems>(storage, bytes);
    case 2: // PLAIN_DICTIONARY
    case 8: // RLE_DICTIONARY
        if (dictionary == nullptr)
            return nullptr;
        return std::make_unique<DictionaryValues>(storage, bytes, *dictionary);
    case 3: // RLE
        return isBoolean ? std::make_unique<RunLengthBooleans>(bytes) : nullptr;
    case 5: // DELTA_BINARY_PACKED
        return isInteger ? std::make_unique<DeltaIntegers>(storage, bytes, most) : nullptr;
    case 6: // DELTA_LENGTH_BYTE_ARRAY
        return isBytes ? std::make_unique<DeltaLengthTexts>(bytes, most) : nullptr;
    case 7: // DELTA_BYTE_ARRAY
        return isBytes || storage.type == ParquetType::FixedBytes
            ? std::make_unique<DeltaTexts>(storage, bytes, most)
            : nullptr;
    case 9: // BYTE_STREAM_SPLIT
        return isBytes || isBoolean ? nullptr : std::make_unique<SplitStreams>(storage, bytes);
    default:
        return nullptr;
    }
}

} // namespace embedscope
