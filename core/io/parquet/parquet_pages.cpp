#include "core/io/parquet/parquet_pages.h"

#include "core/base/text.h"
#include "core/io/parquet/thrift_reader.h"

#include <algorithm>
#include <zlib.h>

namespace embedscope {

namespace {

using Type = ThriftReader::Type;

struct PageHeader
{
    std::int32_t type = -1;
    std::int32_t expanded = -1;
    std::int32_t stored = -1;
    std::optional<std::uint32_t> checksum;
    bool isCompressed = true;
    bool hasDetails = false; ///< The part that belongs to the type.
    std::int32_t repetitionBytes = 0;
    std::int32_t definitionBytes = 0;
};

void readDetails(
    ThriftReader& thrift, Type type, std::int32_t which, PageHeader& header, ParquetPage& page)
{
    header.hasDetails = true;
    thrift.structure(type, [&](std::int32_t id, Type field) {
        if (id == 1) {
            page.values = thrift.int32(field);
        } else if (which == 8) { // DataPageHeaderV2
            if (id == 4)
                page.encoding = thrift.int32(field);
            else if (id == 5)
                header.definitionBytes = thrift.int32(field);
            else if (id == 6)
                header.repetitionBytes = thrift.int32(field);
            else if (id == 7)
                header.isCompressed = thrift.boolean(field);
            else
                thrift.skip(field);
        } else if (id == 2) {
            page.encoding = thrift.int32(field);
        } else if (which == 5 && id == 3) { // DataPageHeader
            page.definitionEncoding = thrift.int32(field);
        } else if (which == 5 && id == 4) {
            page.repetitionEncoding = thrift.int32(field);
        } else {
            thrift.skip(field);
        }
    });
}

PageHeader readHeader(ThriftReader& thrift, ParquetPage& page)
{
    PageHeader header;
    thrift.readStruct([&](std::int32_t id, Type type) {
        switch (id) {
        case 1:
            header.type = thrift.int32(type);
            return;
        case 2:
            header.expanded = thrift.int32(type);
            return;
        case 3:
            header.stored = thrift.int32(type);
            return;
        case 4:
            header.checksum = static_cast<std::uint32_t>(thrift.int32(type));
            return;
        case 5:
        case 7:
        case 8:
            readDetails(thrift, type, id, header, page);
            return;
        default:
            thrift.skip(type);
        }
    });
    return header;
}

ParquetPage::Kind kindOf(std::int32_t type)
{
    switch (type) {
    case 0:
        return ParquetPage::Kind::Data1;
    case 2:
        return ParquetPage::Kind::Dictionary;
    case 3:
        return ParquetPage::Kind::Data2;
    default:
        return ParquetPage::Kind::Other;
    }
}

std::uint32_t checksumOf(std::span<const std::byte> bytes)
{
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

} // namespace

std::optional<Codec> parquetCodec(std::int32_t number)
{
    switch (number) {
    case 0:
        return Codec::None;
    case 1:
        return Codec::Snappy;
    case 2:
        return Codec::Gzip;
    case 4:
        return Codec::Brotli;
    case 5:
        return Codec::Lz4Hadoop;
    case 6:
        return Codec::Zstd;
    case 7:
        return Codec::Lz4Block;
    default:
        return std::nullopt;
    }
}

Error ParquetPages::damaged(std::uint64_t offset, std::string detail) const
{
    return Error{ErrorCode::Malformed, std::move(detail), m_source.path(), offset, {}};
}

Status ParquetPages::fetch(ParquetPage& page, std::uint32_t stored, std::uint32_t expanded,
    std::optional<std::uint32_t> checksum, bool isCompressed)
{
    const Codec codec = isCompressed ? m_codec : Codec::None;
    const std::size_t levels = page.repetitionBytes + page.definitionBytes;
    if (levels > stored || levels > expanded)
        return damaged(page.offset, "a page is shorter than its levels");
    if (expanded - levels > mostExpanded(codec, stored - levels)
        || (codec == Codec::None && expanded != stored)) {
        return damaged(page.offset,
            "a page of " + formatBytes(stored) + " is said to expand to " + formatBytes(expanded)
                + ", which is impossible");
    }
    // What is not compressed, too: many chunks may claim one page for their own.
    EMBEDSCOPE_TRY(m_budget.spend(codec == Codec::None ? stored : expanded));
    PlainVector<std::byte> raw(stored);
    EMBEDSCOPE_TRY(m_source.read(m_at, raw));
    if (checksum && checksumOf(raw) != *checksum)
        return damaged(page.offset, "the checksum of a page is wrong, so its values are damaged");
    if (codec == Codec::None) {
        page.bytes = std::move(raw);
        return {};
    }
    page.bytes.resize(expanded);
    std::copy_n(raw.data(), levels, page.bytes.data());
    if (!decompress(codec, std::span(raw).subspan(levels), std::span(page.bytes).subspan(levels))) {
        return damaged(
            page.offset, "a page compressed with " + std::string(codecName(codec)) + " is damaged");
    }
    return {};
}

Result<ParquetPage> ParquetPages::next()
{
    // Headers are a few dozen bytes, unless they carry the smallest and largest text of the page.
    constexpr std::uint64_t kUsual = 4096;
    constexpr std::uint64_t kMost = std::uint64_t{16} << 20U;
    ParquetPage page;
    page.offset = m_at;
    PageHeader header;
    const std::uint64_t left = m_end - std::min(m_at, m_end);
    for (std::uint64_t want = kUsual;; want *= 64) {
        EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, m_source.text(m_at, std::min(want, left)));
        ThriftReader thrift(bytes);
        header = readHeader(thrift, page);
        if (thrift.ok()) {
            m_at += thrift.position();
            break;
        }
        if (bytes.size() < want || want >= kMost)
            return damaged(page.offset, "the header of a page is damaged");
    }
    page.kind = kindOf(header.type);
    const bool isKnown = page.kind != ParquetPage::Kind::Other;
    if (header.type < 0 || header.expanded < 0 || header.stored < 0 || page.values < 0
        || header.definitionBytes < 0 || header.repetitionBytes < 0
        || (isKnown && !header.hasDetails))
        return damaged(page.offset, "the header of a page gives impossible sizes");
    const auto stored = static_cast<std::uint32_t>(header.stored);
    if (stored > m_end - m_at) {
        return Error{ErrorCode::Truncated,
            "a page reaches beyond the values of the file. Is the download complete?",
            m_source.path(), page.offset, {}};
    }
    page.repetitionBytes = static_cast<std::size_t>(header.repetitionBytes);
    page.definitionBytes = static_cast<std::size_t>(header.definitionBytes);
    if (isKnown) {
        EMBEDSCOPE_TRY(fetch(page, stored, static_cast<std::uint32_t>(header.expanded),
            header.checksum, header.isCompressed));
    }
    m_at += stored;
    return page;
}

} // namespace embedscope
