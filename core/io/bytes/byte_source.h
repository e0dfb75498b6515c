#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace embedscope {

/// Bytes to read from: a file, or a block of memory (a ZIP member, a fuzzer's input). The only way
/// a reader touches bytes. Reads are positioned and checked against the size, and files are read
/// rather than mapped, so that one that shrinks while open is an error and not a crash.
/// Thread: read() may be called from several threads at once.
class ByteSource
{
public:
    virtual ~ByteSource() = default;

    std::uint64_t size() const { return m_size; }
    /// What to call it in messages: the path as it was given.
    const std::string& path() const { return m_path; }

    /// Fills `into` from `offset`. Truncated where that goes beyond the end; Unreadable where the
    /// operating system refuses or the file shrank.
    virtual Status read(std::uint64_t offset, std::span<std::byte> into) const = 0;

    /// The descriptor of the file whose bytes these are from first to last, for ByteDescriptor; -1
    /// where they are no file's. It belongs to the source, and is read by position alone.
    virtual int descriptor() const { return -1; }

    /// Unreadable where the file was written to since it was opened, so that what was read may be
    /// of two minds. Asked when all is read. Sources in memory do not change.
    virtual Status checkUnchanged() const { return {}; }

    /// The bytes [offset, offset + count), cut at the end of the source. For small pieces.
    Result<std::string> text(std::uint64_t offset, std::uint64_t count) const;

protected:
    ByteSource(std::string path, std::uint64_t size)
        : m_path(std::move(path))
        , m_size(size)
    {
    }

private:
    std::string m_path;
    std::uint64_t m_size;
};

/// Opens a regular file. NotFound, Unreadable (permission; a directory, device or pipe, by name),
/// Malformed for an empty file.
Result<std::shared_ptr<const ByteSource>> openFile(const std::string& path);

/// Bytes in memory under a name.
std::shared_ptr<const ByteSource> memorySource(std::string bytes, std::string name);

} // namespace embedscope
