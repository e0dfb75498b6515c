#pragma once

#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct zip;
struct zip_file;

namespace embedscope {

/// A member of a ZIP archive, as the archive's directory describes it.
struct ZipMember
{
    std::string name;
    std::uint64_t index = 0;
    std::uint64_t bytes = 0; ///< Uncompressed, as claimed; held to be possible when it is opened.
    std::uint64_t storedBytes = 0;
    bool isCompressed = false;
};

/// The bytes of one member from its beginning, decompressed on the way: never more of them in
/// memory than the caller asks for. Errors name the member. Must not outlive its archive.
class ZipStream
{
public:
    ZipStream(zip_file* file, std::string path, std::string member);
    ~ZipStream();
    ZipStream(const ZipStream&) = delete;
    ZipStream& operator=(const ZipStream&) = delete;

    /// The next bytes; Truncated where the member ends before.
    Status read(std::span<std::byte> into);
    /// To be called when the last byte was read: Malformed where the check sum of the archive
    /// disagrees with what was read, or there is more than was claimed.
    Status finish();

private:
    Error error(ErrorCode code, const std::string& detail) const;

    zip_file* m_file;
    std::string m_path;
    std::string m_member;
};

/// A ZIP archive over a ByteSource (ZIP64 included), read-only.
class ZipArchive
{
public:
    /// Malformed where the archive has no directory (a cut download) or a broken one.
    /// The source must outlive the archive.
    static Result<std::unique_ptr<ZipArchive>> open(const ByteSource& source);
    ~ZipArchive();
    ZipArchive(const ZipArchive&) = delete;
    ZipArchive& operator=(const ZipArchive&) = delete;

    const std::vector<ZipMember>& members() const { return m_members; }

    /// Opens a stored or deflated member. Malformed where its claimed size is impossible,
    /// Unsupported where it is encrypted or compressed in another way.
    Result<std::unique_ptr<ZipStream>> stream(const ZipMember& member) const;

private:
    ZipArchive(zip* archive, std::string path, std::uint64_t fileBytes);

    zip* m_zip;
    std::string m_path;
    std::uint64_t m_fileBytes;
    std::vector<ZipMember> m_members;
};

} // namespace embedscope
