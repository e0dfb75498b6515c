#pragma once

#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// A member of a tar archive, whose bytes lie in the archive as they are.
struct TarMember
{
    std::string name;
    bool isFile = true; ///< False for a folder, a link, a device: it has no bytes.
    std::uint64_t offset = 0; ///< Of its bytes in the archive; all of them are there.
    std::uint64_t bytes = 0;
};

/// Goes through an uncompressed tar archive by its headers and reads nothing of the members, for
/// files that are tar archives by their format. After POSIX.1-2001, "pax Interchange Format", with
/// the long names and sizes of GNU tar; sparse members are refused. (Archives around a file are
/// for core/io/archives.)
class TarHeaders
{
public:
    /// The source must outlive this.
    explicit TarHeaders(const ByteSource& source)
        : m_source(source)
    {
    }

    /// The next member; nullopt at the end of the archive, which may lack its closing blocks.
    /// Malformed for a block that is no header, Truncated for a member that is not all there.
    Result<std::optional<TarMember>> next();

private:
    Result<std::string> extension(std::uint64_t offset, std::uint64_t bytes) const;
    Error malformed(std::string detail) const;

    const ByteSource& m_source;
    std::uint64_t m_at = 0; ///< Of the next header.
};

/// Whether these bytes, 512 at least, begin with a header block whose check sum holds: the old form
/// has no magic number.
bool isTarArchive(std::string_view head);

/// The names of the first members, `most` at most; fewer where the archive is damaged.
std::vector<std::string> firstTarMembers(const ByteSource& source, std::size_t most);

/// The bytes [offset, offset + bytes) of a source, which must have them and outlive this, as a
/// source of their own under the same name.
std::unique_ptr<ByteSource> partOf(
    const ByteSource& source, std::uint64_t offset, std::uint64_t bytes);

} // namespace embedscope
