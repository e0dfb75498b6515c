#include "tests/support/zip_bytes.h"

#include <zlib.h>

namespace embedscope::test {

namespace {

void put(std::string& out, std::uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xffU);
}

/// Deflate without zlib's header, as ZIP wants it.
std::string deflate(const std::string& bytes)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, bytes.size()) + 16, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    ::deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

} // namespace

std::string zipOf(const std::vector<std::pair<std::string, std::string>>& members, bool deflated)
{
    std::string out;
    std::string directory;
    for (const auto& [name, bytes] : members) {
        const std::string stored = deflated ? deflate(bytes) : bytes;
        const auto offset = out.size();
        std::string common;
        put(common, 20, 2); // version needed
        put(common, 0, 2); // flags
        put(common, deflated ? 8 : 0, 2);
        put(common, 0x00210000, 4); // 1 January 1980
        put(common,
            crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())),
            4);
        put(common, stored.size(), 4);
        put(common, bytes.size(), 4);
        put(common, name.size(), 2);
        put(common, 0, 2); // extra field
        out += "PK\x03\x04" + common + name + stored;
        directory += "PK\x01\x02";
        put(directory, 20, 2); // made by
        directory += common;
        put(directory, 0, 2); // comment
        put(directory, 0, 2); // disk
        put(directory, 0, 2); // internal attributes
        put(directory, 0, 4); // external attributes
        put(directory, offset, 4);
        directory += name;
    }
    const auto offset = out.size();
    out += directory + "PK\x05\x06";
    put(out, 0, 4); // disks
    put(out, members.size(), 2);
    put(out, members.size(), 2);
    put(out, directory.size(), 4);
    put(out, offset, 4);
    put(out, 0, 2); // comment
    return out;
}

} // namespace embedscope::test
