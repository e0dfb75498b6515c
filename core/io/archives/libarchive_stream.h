#pragma once

#include "core/base/progress.h"
#include "core/io/archives/expansion.h"
#include "core/io/archives/input_stream.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

struct archive;
struct archive_entry;

namespace embedscope {

/// One layer that libarchive takes off a stream: a filter or the tar format, nothing else of what
/// it knows, and never by way of another program.
enum class ArchiveLayer
{
    Bzip2,
    Xz,
    Lzma,
    Zstd,
    Tar,
};

/// libarchive reading from one of our streams. Names of entries are labels: nothing is ever
/// written.
class LibArchive
{
public:
    /// The stream must outlive this. budget: what may be read from it, for tar archives within a
    /// filter; null where it is no expansion. path: for messages.
    static Result<std::unique_ptr<LibArchive>> open(InputStream& from, ArchiveLayer layer,
        std::string path, const Expansion* budget, const Progress& progress);
    ~LibArchive();
    LibArchive(const LibArchive&) = delete;
    LibArchive& operator=(const LibArchive&) = delete;

    /// Goes to the next entry; false behind the last one.
    Result<bool> next();
    /// Of the entry: its name as it stands there, whether it is an ordinary file, and its size.
    std::string name() const;
    bool isFile() const;
    std::uint64_t size() const;
    /// The entry's next bytes, fewer than asked for at its end.
    Result<std::size_t> read(std::span<std::byte> into);

    /// Bytes read from the stream so far.
    std::uint64_t bytesRead() const { return m_bytesRead; }

private:
    LibArchive(
        InputStream& from, std::string path, const Expansion* budget, const Progress& progress);
    Error error() const;
    static long readBlock(archive* handle, void* self, const void** block);

    InputStream& m_from;
    std::string m_path;
    const Expansion* m_budget;
    Progress m_progress;
    archive* m_archive;
    archive_entry* m_entry = nullptr;
    std::vector<std::byte> m_buffer;
    std::uint64_t m_bytesRead = 0;
    std::optional<Error> m_streamError;
};

/// What bzip2, xz or zstd packed.
class FilterStream final : public InputStream
{
public:
    explicit FilterStream(std::unique_ptr<LibArchive> archive)
        : m_archive(std::move(archive))
    {
    }

    Result<std::size_t> read(std::span<std::byte> into) override;

private:
    std::unique_ptr<LibArchive> m_archive;
    bool m_hasBegun = false;
    bool m_isAtEnd = false;
};

} // namespace embedscope
