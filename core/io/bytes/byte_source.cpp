#include "core/io/bytes/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace embedscope {

namespace {

Error truncated(const std::string& path, std::uint64_t offset)
{
    return Error{ErrorCode::Truncated,
        "the file ends before its data do. Is the download complete?", path, offset, {}};
}

class FileSource final : public ByteSource
{
public:
    FileSource(std::string path, const struct stat& status, int descriptor)
        : ByteSource(std::move(path), static_cast<std::uint64_t>(status.st_size))
        , m_descriptor(descriptor)
        , m_written(status.st_mtim)
    {
    }
    ~FileSource() override { ::close(m_descriptor); }
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;

    int descriptor() const override { return m_descriptor; }

    Status read(std::uint64_t offset, std::span<std::byte> into) const override
    {
        if (offset > size() || into.size() > size() - offset)
            return truncated(path(), size());
        std::size_t done = 0;
        while (done < into.size()) {
            const auto got = ::pread(m_descriptor, into.data() + done, into.size() - done,
                static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0) {
                return Error{ErrorCode::Unreadable,
                    "could not be read: " + std::generic_category().message(errno), path(),
                    offset + done, {}};
            }
            if (got == 0) {
                return Error{ErrorCode::Unreadable,
                    "the file became shorter while it was being read; open it again", path(),
                    offset + done, {}};
            }
            done += static_cast<std::size_t>(got);
        }
        return {};
    }

    Status checkUnchanged() const override
    {
        struct stat now = {};
        if (::fstat(m_descriptor, &now) == 0 && static_cast<std::uint64_t>(now.st_size) == size()
            && now.st_mtim.tv_sec == m_written.tv_sec && now.st_mtim.tv_nsec == m_written.tv_nsec)
            return {};
        return Error{ErrorCode::Unreadable,
            "the file was written to while it was being read; open it again when it is complete",
            path(), {}, {}};
    }

private:
    int m_descriptor;
    timespec m_written;
};

class MemorySource final : public ByteSource
{
public:
    MemorySource(std::string bytes, std::string name)
        : ByteSource(std::move(name), bytes.size())
        , m_bytes(std::move(bytes))
    {
    }

    Status read(std::uint64_t offset, std::span<std::byte> into) const override
    {
        if (offset > size() || into.size() > size() - offset)
            return truncated(path(), size());
        if (!into.empty())
            std::memcpy(into.data(), m_bytes.data() + offset, into.size());
        return {};
    }

private:
    std::string m_bytes;
};

Error refused(ErrorCode code, std::string detail, const std::string& path)
{
    return Error{code, std::move(detail), path, {}, {}};
}

} // namespace

Result<std::string> ByteSource::text(std::uint64_t offset, std::uint64_t count) const
{
    if (offset >= m_size)
        return std::string();
    std::string bytes(static_cast<std::size_t>(std::min(count, m_size - offset)), '\0');
    EMBEDSCOPE_TRY(read(offset, std::as_writable_bytes(std::span(bytes))));
    return bytes;
}

Result<std::shared_ptr<const ByteSource>> openFile(const std::string& path)
{
    // O_NONBLOCK: opening a pipe must not wait for a writer before we can refuse it.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return refused(ErrorCode::NotFound, "there is no such file", path);
        return refused(ErrorCode::Unreadable,
            "could not be opened: " + std::generic_category().message(errno), path);
    }
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return refused(ErrorCode::Unreadable,
            S_ISDIR(status.st_mode) ? "is a folder, not a file; open one of the files in it"
                                    : "is not a regular file (a pipe, socket or device), so it "
                                      "cannot be read in any order",
            path);
    }
    if (status.st_size == 0) {
        ::close(descriptor);
        return refused(
            ErrorCode::Malformed, "the file is empty (0 bytes). Is the download complete?", path);
    }
    return std::shared_ptr<const ByteSource>(
        std::make_shared<FileSource>(path, status, descriptor));
}

std::shared_ptr<const ByteSource> memorySource(std::string bytes, std::string name)
{
    return std::make_shared<MemorySource>(std::move(bytes), std::move(name));
}

} // namespace embedscope
