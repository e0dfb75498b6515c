#include "core/io/archives/libarchive_stream.h"

#include "core/base/text.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <new>

namespace embedscope {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} << 10U;

int enable(archive* handle, ArchiveLayer layer)
{
    int filter = ARCHIVE_FILTER_NONE;
    switch (layer) {
    case ArchiveLayer::Tar:
        return archive_read_support_format_tar(handle);
    case ArchiveLayer::Bzip2:
        filter = ARCHIVE_FILTER_BZIP2;
        break;
    case ArchiveLayer::Xz:
        filter = ARCHIVE_FILTER_XZ;
        break;
    case ArchiveLayer::Lzma:
        filter = ARCHIVE_FILTER_LZMA;
        break;
    case ArchiveLayer::Zstd:
        filter = ARCHIVE_FILTER_ZSTD;
        break;
    }
    const int format = archive_read_support_format_raw(handle);
    // Exactly one, instead of as many as the bytes ask for. A warning would mean that libarchive
    // was built without it and would run a program.
    return format != ARCHIVE_OK ? format : archive_read_append_filter(handle, filter);
}

} // namespace

LibArchive::LibArchive(
    InputStream& from, std::string path, const Expansion* budget, const Progress& progress)
    : m_from(from)
    , m_path(std::move(path))
    , m_budget(budget)
    , m_progress(progress)
    , m_archive(archive_read_new())
    , m_buffer(kBufferBytes)
{
    if (m_archive == nullptr)
        throw std::bad_alloc();
}

LibArchive::~LibArchive()
{
    archive_read_free(m_archive);
}

Result<std::unique_ptr<LibArchive>> LibArchive::open(InputStream& from, ArchiveLayer layer,
    std::string path, const Expansion* budget, const Progress& progress)
{
    std::unique_ptr<LibArchive> made(new LibArchive(from, std::move(path), budget, progress));
    if (enable(made->m_archive, layer) != ARCHIVE_OK) {
        return Error{ErrorCode::Unsupported,
            "the library for archives on this machine cannot unpack this kind of file",
            made->m_path, {}, {}};
    }
    if (archive_read_open(made->m_archive, made.get(), nullptr, readBlock, nullptr) != ARCHIVE_OK)
        return made->error();
    return made;
}

/// The call-back by which libarchive reads. Nothing is thrown through C.
long LibArchive::readBlock(archive* handle, void* user, const void** block)
{
    auto& self = *static_cast<LibArchive*>(user);
    try {
        if (self.m_progress.stopRequested()) {
            self.m_streamError = stoppedError();
        } else if (auto got = self.m_from.read(self.m_buffer); !got) {
            self.m_streamError = got.error();
        } else {
            self.m_bytesRead += *got;
            const Status allowed
                = self.m_budget != nullptr ? self.m_budget->check(self.m_bytesRead) : Status();
            if (allowed) {
                *block = self.m_buffer.data();
                return static_cast<long>(*got);
            }
            self.m_streamError = allowed.error();
        }
    } catch (const std::bad_alloc&) {
        self.m_streamError = Error{ErrorCode::OutOfMemory,
            "there is not enough memory to unpack this file", self.m_path, {}, {}};
    }
    archive_set_error(handle, EIO, "the stream beneath");
    return -1;
}

Error LibArchive::error() const
{
    if (m_streamError)
        return *m_streamError;
    const char* const text = archive_error_string(m_archive);
    const std::string said = text == nullptr ? std::string() : printable(text);
    if (foldCase(said).find("truncated") != std::string::npos) {
        return Error{ErrorCode::Truncated,
            "the compressed file ends before its data do. Is the download complete?", m_path, {},
            {}};
    }
    return Error{ErrorCode::Malformed,
        "the archive is damaged" + (said.empty() ? said : " (" + said + ')'), m_path, {}, {}};
}

Result<bool> LibArchive::next()
{
    const int code = archive_read_next_header(m_archive, &m_entry);
    if (code == ARCHIVE_EOF && !m_streamError)
        return false;
    // A warning is about names in odd encodings and the like.
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
        return error();
    return true;
}

std::string LibArchive::name() const
{
    const char* name = archive_entry_pathname(m_entry);
    if (name == nullptr)
        name = archive_entry_pathname_utf8(m_entry);
    return name == nullptr ? std::string() : std::string(name);
}

bool LibArchive::isFile() const
{
    return archive_entry_filetype(m_entry) == AE_IFREG
        && archive_entry_hardlink(m_entry) == nullptr;
}

std::uint64_t LibArchive::size() const
{
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, archive_entry_size(m_entry)));
}

Result<std::size_t> LibArchive::read(std::span<std::byte> into)
{
    std::size_t done = 0;
    while (done < into.size()) {
        const auto got = archive_read_data(m_archive, into.data() + done, into.size() - done);
        if (got < 0)
            return error();
        if (got == 0)
            break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

Result<std::size_t> FilterStream::read(std::span<std::byte> into)
{
    if (!m_hasBegun) {
        m_hasBegun = true;
        EMBEDSCOPE_TRY_ASSIGN(const bool hasData, m_archive->next());
        m_isAtEnd = !hasData;
    }
    if (m_isAtEnd)
        return std::size_t{0};
    EMBEDSCOPE_TRY_ASSIGN(const std::size_t got, m_archive->read(into));
    m_isAtEnd = got < into.size();
    return got;
}

} // namespace embedscope
