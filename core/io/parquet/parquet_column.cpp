#include "core/io/parquet/parquet_column.h"

#include "core/base/text.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace embedscope {

namespace {

constexpr Index kBatchItems = 16384;
constexpr Index kBatchTexts = 1024; // Each may be long.
constexpr std::int32_t kRunLength = 3;
constexpr std::int32_t kBitPacked = 4;

int bitWidthOf(int mostLevel)
{
    return static_cast<int>(std::bit_width(static_cast<unsigned>(mostLevel)));
}

/// Levels of the oldest writers, packed from the highest bit of each byte down, as one packed run
/// of the newer kind.
std::vector<std::byte> repacked(std::span<const std::byte> bytes, int bitWidth, Index count)
{
    const auto width = static_cast<std::uint64_t>(bitWidth);
    const auto groups = (static_cast<std::uint64_t>(count) + 7) / 8;
    std::vector<std::byte> run;
    for (std::uint64_t head = groups << 1U | 1U; head > 0; head >>= 7U)
        run.push_back(static_cast<std::byte>((head & 0x7fU) | (head > 0x7fU ? 0x80U : 0U)));
    const std::size_t start = run.size();
    run.resize(start + static_cast<std::size_t>(groups * width));
    const auto bits = static_cast<std::uint64_t>(count) * width;
    for (std::uint64_t bit = 0; bit < bits; ++bit) {
        if ((static_cast<unsigned>(bytes[bit / 8]) >> (7 - bit % 8) & 1U) == 0)
            continue;
        const std::uint64_t to = bit / width * width + (width - 1 - bit % width);
        run[start + to / 8] |= static_cast<std::byte>(1U << to % 8);
    }
    return run;
}

} // namespace

ParquetColumn::ParquetColumn(
    const ParquetFile& file, const ParquetLeaf& leaf, const ParquetChunk& chunk, Codec codec)
    : m_file(file)
    , m_leaf(leaf)
    , m_storage(storageOf(leaf.node))
    , m_pages(file.source, chunk.begin, file.footer.begin, codec, file.budget)
    , m_left(chunk.values)
{
}

Result<std::unique_ptr<ParquetColumn>> ParquetColumn::open(
    const ParquetFile& file, const ParquetLeaf& leaf, std::size_t column, std::size_t group)
{
    const ParquetChunk& chunk = file.footer.groups[group].chunks[column];
    const auto codec = parquetCodec(chunk.codec);
    if (!codec) {
        return Error{ErrorCode::Unsupported,
            "the column \"" + printable(leaf.name)
                + (chunk.codec == 3 ? "\" is compressed with LZO, which is not read"
                                    : "\" is compressed in a way that is not known"),
            file.source.path(), {}, {}};
    }
    if (chunk.type != static_cast<std::int32_t>(leaf.node.type)) {
        return Error{ErrorCode::Malformed,
            "the column \"" + printable(leaf.name) + "\" has another type than the schema says",
            file.source.path(), {}, {}};
    }
    return std::unique_ptr<ParquetColumn>(new ParquetColumn(file, leaf, chunk, *codec));
}

Error ParquetColumn::damaged(const std::string& detail) const
{
    return Error{ErrorCode::Malformed,
        "the column \"" + printable(m_leaf.name) + "\" is damaged: " + detail, m_file.source.path(),
        m_page.offset, {}};
}

Status ParquetColumn::takeDictionary(ParquetPage page)
{
    if (m_dictionary)
        return damaged("it has two dictionaries");
    if (page.encoding != 0 && page.encoding != 2) // PLAIN by its name or PLAIN_DICTIONARY's.
        return damaged("its dictionary is encoded in a way that is not known");
    ParquetDictionary& dictionary = m_dictionary.emplace();
    dictionary.count = page.values;
    dictionary.page = std::move(page.bytes);
    // Every value takes bits of the page, so that the count is known to be possible before
    // anything is made of it.
    const auto bits = static_cast<std::uint64_t>(dictionary.page.size()) * 8;
    if (m_storage.isText && static_cast<std::uint64_t>(dictionary.count) <= bits) {
        EMBEDSCOPE_TRY(m_file.budget.spend(
            static_cast<std::uint64_t>(dictionary.count) * sizeof(std::string_view)));
    }
    const auto decoder
        = makeParquetDecoder(0, m_storage, dictionary.page, dictionary.count, nullptr);
    ParquetValues values;
    if (static_cast<std::uint64_t>(dictionary.count) > bits
        || !decoder->next(dictionary.count, values))
        return damaged("its dictionary holds fewer values than it says");
    if (m_storage.isText) {
        dictionary.texts = std::move(values.texts);
    } else {
        dictionary.items.resize(static_cast<std::size_t>(dictionary.count) * m_storage.width);
        if (!dictionary.items.empty())
            std::memcpy(dictionary.items.data(), values.items, dictionary.items.size());
    }
    return {};
}

Status ParquetColumn::cutLevels1(std::span<const std::byte>& rest, int most, std::int32_t encoding,
    std::vector<std::byte>& old, RunLengthDecoder& levels) const
{
    if (most == 0)
        return {};
    const int bitWidth = bitWidthOf(most);
    if (encoding == kRunLength) {
        std::uint32_t length = 0;
        if (rest.size() < sizeof length)
            return damaged("a page is shorter than its levels");
        std::memcpy(&length, rest.data(), sizeof length);
        rest = rest.subspan(sizeof length);
        if (length > rest.size())
            return damaged("a page is shorter than its levels");
        levels = RunLengthDecoder(rest.first(length), bitWidth);
        rest = rest.subspan(length);
        return {};
    }
    if (encoding != kBitPacked)
        return damaged("its levels are encoded in a way that is not known");
    const auto bits = static_cast<std::uint64_t>(m_page.values) * static_cast<unsigned>(bitWidth);
    const std::uint64_t length = (bits + 7) / 8;
    if (length > rest.size())
        return damaged("a page is shorter than its levels");
    old = repacked(rest, bitWidth, m_page.values);
    levels = RunLengthDecoder(old, bitWidth);
    rest = rest.subspan(static_cast<std::size_t>(length));
    return {};
}

Status ParquetColumn::startLevels(std::span<const std::byte>& rest)
{
    if (m_page.kind == ParquetPage::Kind::Data1) {
        EMBEDSCOPE_TRY(cutLevels1(
            rest, m_leaf.maxRepetition, m_page.repetitionEncoding, m_oldRepetition, m_repetition));
        return cutLevels1(
            rest, m_leaf.maxDefinition, m_page.definitionEncoding, m_oldDefinition, m_definition);
    }
    m_repetition
        = RunLengthDecoder(rest.first(m_page.repetitionBytes), bitWidthOf(m_leaf.maxRepetition));
    rest = rest.subspan(m_page.repetitionBytes);
    m_definition
        = RunLengthDecoder(rest.first(m_page.definitionBytes), bitWidthOf(m_leaf.maxDefinition));
    rest = rest.subspan(m_page.definitionBytes);
    return {};
}

/// Goes to the next page that holds entries.
Status ParquetColumn::startPage()
{
    while (m_leftInPage == 0) {
        EMBEDSCOPE_TRY_ASSIGN(ParquetPage page, m_pages.next());
        m_page.offset = page.offset;
        if (page.kind == ParquetPage::Kind::Dictionary) {
            EMBEDSCOPE_TRY(takeDictionary(std::move(page)));
            continue;
        }
        if (page.kind == ParquetPage::Kind::Other)
            continue;
        if (page.values > m_left)
            return damaged("its pages hold more values than the footer says");
        // Levels take a byte each, lengths and differences are kept for a whole page.
        const bool isDelta = page.encoding >= 5 && page.encoding <= 7;
        EMBEDSCOPE_TRY(
            m_file.budget.spend(static_cast<std::uint64_t>(page.values) * (isDelta ? 16U : 1U)));
        m_page = std::move(page);
        std::span<const std::byte> rest = m_page.bytes;
        EMBEDSCOPE_TRY(startLevels(rest));
        m_decoder = makeParquetDecoder(m_page.encoding, m_storage, rest, m_page.values,
            m_dictionary ? &*m_dictionary : nullptr);
        if (!m_decoder) {
            const bool needsDictionary = m_page.encoding == 2 || m_page.encoding == 8;
            return damaged(needsDictionary ? "its dictionary is missing"
                                           : "its values are encoded in a way that is not known");
        }
        m_left -= m_page.values;
        m_leftInPage = m_page.values;
    }
    return {};
}

Result<const ParquetBatch*> ParquetColumn::next()
{
    if (m_leftInPage == 0 && m_left == 0)
        return static_cast<const ParquetBatch*>(nullptr);
    EMBEDSCOPE_TRY(startPage());
    const Index entries = std::min(m_leftInPage, m_storage.isText ? kBatchTexts : kBatchItems);
    m_leftInPage -= entries;
    m_batch.entries = entries;
    m_batch.valueCount = entries;
    const auto size = static_cast<std::size_t>(entries);
    if (m_leaf.maxRepetition > 0) {
        m_repetitionLevels.resize(size);
        if (!m_repetition.next(entries, m_repetitionLevels.data()))
            return damaged("it has fewer levels than values");
        m_batch.repetition = m_repetitionLevels.data();
    }
    if (m_leaf.maxDefinition > 0) {
        m_definitionLevels.resize(size);
        if (!m_definition.next(entries, m_definitionLevels.data()))
            return damaged("it has fewer levels than values");
        m_batch.definition = m_definitionLevels.data();
        Index present = 0;
        std::uint8_t largest = 0;
        for (const std::uint8_t level : m_definitionLevels) {
            present += level == m_leaf.maxDefinition ? 1 : 0;
            largest = std::max(largest, level);
        }
        if (largest > m_leaf.maxDefinition)
            return damaged("a level is larger than the schema allows");
        m_batch.valueCount = present;
    }
    if (!m_decoder->next(m_batch.valueCount, m_batch.values))
        return damaged("a page holds fewer values than it says, or not what its encoding wants");
    return static_cast<const ParquetBatch*>(&m_batch);
}

} // namespace embedscope
