#include "core/io/writers/stored_zip.h"

#include "core/io/writers/text_rows.h"

#include <cassert>
#include <ostream>
#include <zlib.h>

namespace embedscope {

namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kDirectoryEntry = 0x02014b50;
constexpr std::uint32_t kEnd64 = 0x06064b50;
constexpr std::uint32_t kLocator64 = 0x07064b50;
constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint16_t kVersion = 45; ///< Zip64.
constexpr std::uint16_t kUtf8Names = 0x0800;
constexpr std::uint16_t kFirstDay = 0x0021; ///< 1 January 1980: the same rows give the same bytes.
constexpr std::uint32_t kIn64 = 0xffffffff; ///< The value stands in the Zip64 field.

/// Little-endian, as everywhere in ZIP.
class Bytes
{
public:
    Bytes& u16(std::uint64_t value) { return put(value, 2); }
    Bytes& u32(std::uint64_t value) { return put(value, 4); }
    Bytes& u64(std::uint64_t value) { return put(value, 8); }
    Bytes& text(std::string_view value)
    {
        m_bytes += value;
        return *this;
    }
    const std::string& string() const { return m_bytes; }

private:
    Bytes& put(std::uint64_t value, int count)
    {
        for (int i = 0; i < count; ++i, value >>= 8U)
            m_bytes += static_cast<char>(value & 0xffU);
        return *this;
    }
    std::string m_bytes;
};

} // namespace

Status StoredZip::write(std::string_view bytes)
{
    m_written += bytes.size();
    return writeBytes(m_out, bytes);
}

Status StoredZip::add(const std::string& name, std::uint64_t bytes,
    const std::function<Status(const Sink& sink, const Progress& progress)>& make,
    const Progress& progress)
{
    Member member{name, 0, bytes, m_written};
    uLong sum = crc32_z(0, nullptr, 0);
    EMBEDSCOPE_TRY(make(
        [&sum](std::string_view part) -> Status {
            sum = crc32_z(sum, reinterpret_cast<const Bytef*>(part.data()), part.size());
            return {};
        },
        progress.part(0, 0.4)));
    member.sum = static_cast<std::uint32_t>(sum);
    Bytes header;
    header.u32(kLocalHeader).u16(kVersion).u16(kUtf8Names).u16(0).u16(0).u16(kFirstDay);
    header.u32(member.sum).u32(kIn64).u32(kIn64).u16(name.size()).u16(20).text(name);
    header.u16(1).u16(16).u64(bytes).u64(bytes);
    EMBEDSCOPE_TRY(write(header.string()));
    [[maybe_unused]] const std::uint64_t begin = m_written;
    EMBEDSCOPE_TRY(
        make([this](std::string_view part) { return write(part); }, progress.part(0.4, 1)));
    assert(m_written - begin == bytes);
    m_members.push_back(std::move(member));
    return {};
}

Status StoredZip::finish()
{
    const std::uint64_t begin = m_written;
    for (const Member& member : m_members) {
        Bytes entry;
        entry.u32(kDirectoryEntry).u16(kVersion).u16(kVersion).u16(kUtf8Names).u16(0).u16(0);
        entry.u16(kFirstDay).u32(member.sum).u32(kIn64).u32(kIn64).u16(member.name.size());
        entry.u16(28).u16(0).u16(0).u16(0).u32(0).u32(kIn64).text(member.name);
        entry.u16(1).u16(24).u64(member.bytes).u64(member.bytes).u64(member.offset);
        EMBEDSCOPE_TRY(write(entry.string()));
    }
    const std::uint64_t bytes = m_written - begin;
    const std::uint64_t count = m_members.size();
    Bytes end;
    end.u32(kEnd64).u64(44).u16(kVersion).u16(kVersion).u32(0).u32(0);
    end.u64(count).u64(count).u64(bytes).u64(begin);
    end.u32(kLocator64).u32(0).u64(begin + bytes).u32(1);
    end.u32(kEnd).u16(0).u16(0).u16(0xffff).u16(0xffff).u32(kIn64).u32(kIn64).u16(0);
    return write(end.string());
}

} // namespace embedscope
