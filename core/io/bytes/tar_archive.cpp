#include "core/io/bytes/tar_archive.h"

#include "core/base/text.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr std::uint64_t kBlock = 512;
constexpr std::uint64_t kMaxExtension = std::uint64_t{1} << 20U;
/// Headers that only say more of the header behind them.
constexpr int kMaxExtensions = 8;

constexpr std::size_t kNameBytes = 100;
constexpr std::size_t kSizeAt = 124;
constexpr std::size_t kSizeBytes = 12;
constexpr std::size_t kSumAt = 148;
constexpr std::size_t kSumBytes = 8;
constexpr std::size_t kTypeAt = 156;
constexpr std::size_t kMagicAt = 257;
constexpr std::size_t kPrefixAt = 345;
constexpr std::size_t kPrefixBytes = 155;

std::string_view upToZero(std::string_view field)
{
    return field.substr(0, field.find('\0'));
}

/// Octal digits between blanks, or, of GNU tar, a number in base 256 behind a byte of 0x80.
std::optional<std::uint64_t> sizeOf(std::string_view field)
{
    std::uint64_t value = 0;
    if (field[0] == '\x80') {
        for (const char c : field.substr(1)) {
            if (value >> 55U != 0)
                return std::nullopt;
            value = value << 8U | static_cast<unsigned char>(c);
        }
        return value;
    }
    const std::string_view digits = trimmed(upToZero(field));
    for (const char c : digits) { // Twelve digits are 36 bits.
        if (c < '0' || c > '7')
            return std::nullopt;
        value = value * 8 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

/// What the records "length key=value\n" of a pax header say that matters here.
struct PaxRecords
{
    std::optional<std::string> path;
    std::optional<std::uint64_t> size;
    bool isSparse = false;
    bool isDamaged = false;
};

PaxRecords paxRecords(std::string_view bytes)
{
    PaxRecords records;
    while (!upToZero(bytes).empty()) {
        const auto blank = bytes.find(' ');
        const auto length
            = blank == std::string_view::npos ? std::nullopt : parseInteger(bytes.substr(0, blank));
        if (!length || *length < static_cast<std::int64_t>(blank) + 3
            || static_cast<std::uint64_t>(*length) > bytes.size()) {
            records.isDamaged = true;
            return records;
        }
        const auto end = static_cast<std::size_t>(*length);
        const std::string_view record = bytes.substr(blank + 1, end - blank - 2);
        const auto equals = record.find('=');
        const std::string_view key = record.substr(0, equals);
        const std::string_view value
            = equals == std::string_view::npos ? std::string_view() : record.substr(equals + 1);
        if (key == "path") {
            records.path = value;
        } else if (key == "size") {
            const auto size = parseInteger(value);
            records.isDamaged = records.isDamaged || !size || *size < 0;
            records.size = static_cast<std::uint64_t>(size.value_or(0));
        } else if (key.starts_with("GNU.sparse.")) {
            records.isSparse = true;
        }
        bytes.remove_prefix(end);
    }
    return records;
}

class PartSource final : public ByteSource
{
public:
    PartSource(const ByteSource& source, std::uint64_t offset, std::uint64_t bytes)
        : ByteSource(source.path(), bytes)
        , m_source(source)
        , m_offset(offset)
    {
    }

    Status read(std::uint64_t offset, std::span<std::byte> into) const override
    {
        if (offset > size() || into.size() > size() - offset) {
            return Error{ErrorCode::Truncated, "a member of the archive ends too early", path(),
                m_offset + size(), {}};
        }
        return m_source.read(m_offset + offset, into);
    }
    Status checkUnchanged() const override { return m_source.checkUnchanged(); }

private:
    const ByteSource& m_source;
    std::uint64_t m_offset;
};

} // namespace

Error TarHeaders::malformed(std::string detail) const
{
    return Error{ErrorCode::Malformed, std::move(detail), m_source.path(), m_at, {}};
}

Result<std::string> TarHeaders::extension(std::uint64_t offset, std::uint64_t bytes) const
{
    if (bytes > kMaxExtension)
        return malformed("a header of the tar archive is longer than any header");
    return m_source.text(offset, bytes);
}

Result<std::optional<TarMember>> TarHeaders::next()
{
    std::optional<std::string> longName;
    PaxRecords pax;
    for (int extensions = 0; extensions <= kMaxExtensions; ++extensions) {
        const bool isFirst = extensions == 0;
        EMBEDSCOPE_TRY_ASSIGN(const std::string header, m_source.text(m_at, kBlock));
        const bool isEnd = header.empty() || (header.size() == kBlock && header[0] == '\0');
        if (isEnd && isFirst)
            return std::optional<TarMember>();
        const Error truncated{ErrorCode::Truncated,
            "the tar archive ends in the middle of a member. Is the download complete?",
            m_source.path(), m_source.size(), {}};
        if (header.size() < kBlock)
            return truncated;
        if (!isTarArchive(header))
            return malformed("a header of the tar archive is damaged");
        const std::string_view block = header;
        const auto claimed = sizeOf(block.substr(kSizeAt, kSizeBytes));
        if (!claimed)
            return malformed("the size of a member of the tar archive is no number");
        const char type = block[kTypeAt];
        const bool isExtension = type == 'x' || type == 'g' || type == 'L' || type == 'K';
        const bool isFile = type == '0' || type == '\0' || type == '7';
        const std::uint64_t bytes = isExtension ? *claimed
            : isFile                            ? pax.size.value_or(*claimed)
                                                : 0;
        const std::uint64_t offset = m_at + kBlock;
        const std::uint64_t left = m_source.size() - offset;
        // The last member's padding may be missing.
        if (bytes > left)
            return truncated;
        if (type == 'x' || type == 'L') {
            EMBEDSCOPE_TRY_ASSIGN(const std::string text, extension(offset, bytes));
            if (type == 'L')
                longName = upToZero(text);
            else
                pax = paxRecords(text);
            if (pax.isDamaged)
                return malformed("a header of the tar archive is damaged");
        }
        if (type == 'S' || pax.isSparse)
            return malformed("a member of the tar archive is sparse, which is not read");
        m_at = offset + std::min(left, (bytes + kBlock - 1) / kBlock * kBlock);
        if (isExtension)
            continue;
        TarMember member{std::string(upToZero(block.substr(0, kNameBytes))), isFile, offset, bytes};
        const std::string_view prefix = upToZero(block.substr(kPrefixAt, kPrefixBytes));
        if (block.substr(kMagicAt, 6) == std::string_view("ustar\0", 6) && !prefix.empty())
            member.name.insert(0, std::string(prefix) + '/');
        member.name = pax.path.value_or(longName.value_or(member.name));
        return std::optional<TarMember>(std::move(member));
    }
    return malformed("the headers of the tar archive follow each other without an end");
}

bool isTarArchive(std::string_view head)
{
    if (head.size() < kBlock || head[0] == '\0')
        return false;
    unsigned claimed = 0;
    std::size_t digits = 0;
    for (const char c : head.substr(kSumAt, kSumBytes)) {
        if (c >= '0' && c <= '7') {
            claimed = claimed * 8 + static_cast<unsigned>(c - '0');
            ++digits;
        } else if (c != ' ' && c != '\0') {
            return false;
        }
    }
    unsigned sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
        const bool isSum = i >= kSumAt && i < kSumAt + kSumBytes;
        sum += isSum ? static_cast<unsigned>(' ') : static_cast<unsigned char>(head[i]);
    }
    return digits >= 3 && sum == claimed;
}

std::vector<std::string> firstTarMembers(const ByteSource& source, std::size_t most)
{
    std::vector<std::string> names;
    TarHeaders headers(source);
    while (names.size() < most) {
        auto member = headers.next();
        if (!member || !*member)
            break;
        names.push_back(std::move((*member)->name));
    }
    return names;
}

std::unique_ptr<ByteSource> partOf(
    const ByteSource& source, std::uint64_t offset, std::uint64_t bytes)
{
    return std::make_unique<PartSource>(source, offset, bytes);
}

} // namespace embedscope
