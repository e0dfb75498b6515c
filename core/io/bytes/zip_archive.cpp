#include "core/io/bytes/zip_archive.h"

#include "core/base/text.h"

#include <algorithm>
#include <limits>
#include <zip.h>

namespace embedscope {

namespace {

// Deflate cannot do better than this (zlib's documentation: 1032 to 1).
constexpr std::uint64_t kMaxDeflateRatio = 1032;

/// What libzip reads from: its position in our source, and the last error.
struct SourceState
{
    const ByteSource* source;
    std::uint64_t position = 0;
    zip_error_t error;
};

zip_int64_t fail(SourceState& state, int code)
{
    zip_error_set(&state.error, code, 0);
    return -1;
}

zip_int64_t readSome(SourceState& state, void* data, zip_uint64_t length)
{
    const std::uint64_t size = state.source->size();
    const std::uint64_t count
        = std::min<std::uint64_t>(length, size - std::min(size, state.position));
    const auto status = state.source->read(
        state.position, std::span(static_cast<std::byte*>(data), static_cast<std::size_t>(count)));
    if (!status)
        return fail(state, ZIP_ER_READ);
    state.position += count;
    return static_cast<zip_int64_t>(count);
}

/// The call-back by which libzip reads; it must not throw, and does not.
zip_int64_t sourceCommand(void* user, void* data, zip_uint64_t length, zip_source_cmd_t command)
{
    auto& state = *static_cast<SourceState*>(user);
    switch (command) {
    case ZIP_SOURCE_OPEN:
        state.position = 0;
        return 0;
    case ZIP_SOURCE_CLOSE:
        return 0;
    case ZIP_SOURCE_READ:
        return readSome(state, data, length);
    case ZIP_SOURCE_TELL:
        return static_cast<zip_int64_t>(state.position);
    case ZIP_SOURCE_SEEK: {
        const auto target = zip_source_seek_compute_offset(
            state.position, state.source->size(), data, length, &state.error);
        if (target < 0)
            return -1;
        state.position = static_cast<std::uint64_t>(target);
        return 0;
    }
    case ZIP_SOURCE_STAT: {
        auto& stat = *static_cast<zip_stat_t*>(data);
        zip_stat_init(&stat);
        stat.size = state.source->size();
        stat.valid |= ZIP_STAT_SIZE;
        return static_cast<zip_int64_t>(sizeof stat);
    }
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&state.error, data, length);
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
            ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL,
            ZIP_SOURCE_SUPPORTS, -1);
    case ZIP_SOURCE_FREE:
        zip_error_fini(&state.error);
        delete &state; // NOLINT(cppcoreguidelines-owning-memory): libzip says when it has done with
                       // it
        return 0;
    default:
        return fail(state, ZIP_ER_OPNOTSUPP);
    }
}

std::string message(zip_error_t& error)
{
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

} // namespace

ZipStream::ZipStream(zip_file* file, std::string path, std::string member)
    : m_file(file)
    , m_path(std::move(path))
    , m_member(std::move(member))
{
}

ZipStream::~ZipStream()
{
    zip_fclose(m_file);
}

Error ZipStream::error(ErrorCode code, const std::string& detail) const
{
    return Error{code, "the member \"" + printable(m_member) + "\" of the archive " + detail,
        m_path, {}, {}};
}

Status ZipStream::read(std::span<std::byte> into)
{
    std::size_t done = 0;
    while (done < into.size()) {
        const auto got = zip_fread(m_file, into.data() + done, into.size() - done);
        if (got < 0) {
            return error(ErrorCode::Malformed,
                std::string("is damaged: ") + zip_error_strerror(zip_file_get_error(m_file)));
        }
        if (got == 0)
            return error(ErrorCode::Truncated, "ends before its data do");
        done += static_cast<std::size_t>(got);
    }
    return {};
}

Status ZipStream::finish()
{
    std::byte beyond{};
    const auto got = zip_fread(m_file, &beyond, 1);
    if (got < 0) {
        return error(ErrorCode::Malformed,
            std::string("is damaged: ") + zip_error_strerror(zip_file_get_error(m_file)));
    }
    return {};
}

ZipArchive::ZipArchive(zip* archive, std::string path, std::uint64_t fileBytes)
    : m_zip(archive)
    , m_path(std::move(path))
    , m_fileBytes(fileBytes)
{
}

ZipArchive::~ZipArchive()
{
    zip_discard(m_zip);
}

Result<std::unique_ptr<ZipArchive>> ZipArchive::open(const ByteSource& source)
{
    zip_error_t error;
    zip_error_init(&error);
    auto state = std::make_unique<SourceState>();
    state->source = &source;
    zip_error_init(&state->error);
    zip_source_t* const bytes = zip_source_function_create(sourceCommand, state.get(), &error);
    if (bytes == nullptr)
        return Error{ErrorCode::OutOfMemory, message(error), source.path(), {}, {}};
    state.release(); // NOLINT(bugprone-unused-return-value): libzip frees it
    zip* const opened = zip_open_from_source(bytes, ZIP_RDONLY, &error);
    if (opened == nullptr) {
        zip_source_free(bytes);
        return Error{ErrorCode::Malformed,
            "the ZIP archive cannot be read: " + message(error) + ". Is the download complete?",
            source.path(), {}, {}};
    }
    zip_error_fini(&error);
    std::unique_ptr<ZipArchive> archive(new ZipArchive(opened, source.path(), source.size()));
    const auto count = zip_get_num_entries(opened, 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        zip_stat_t stat;
        if (zip_stat_index(opened, static_cast<zip_uint64_t>(i), 0, &stat) != 0
            || stat.name == nullptr)
            continue;
        ZipMember member;
        member.name = stat.name;
        member.index = static_cast<std::uint64_t>(i);
        member.bytes = stat.size;
        member.storedBytes = stat.comp_size;
        member.isCompressed = stat.comp_method != ZIP_CM_STORE;
        archive->m_members.push_back(std::move(member));
    }
    return archive;
}

Result<std::unique_ptr<ZipStream>> ZipArchive::stream(const ZipMember& member) const
{
    const auto refuse = [&](ErrorCode code, const std::string& detail) {
        return Error{code, "the member \"" + printable(member.name) + "\" of the archive " + detail,
            m_path, {}, {}};
    };
    zip_stat_t stat;
    if (zip_stat_index(m_zip, member.index, 0, &stat) != 0)
        return refuse(ErrorCode::Malformed, "is damaged");
    if (stat.encryption_method != ZIP_EM_NONE)
        return refuse(ErrorCode::Unsupported, "is encrypted");
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
        return refuse(ErrorCode::Unsupported, "is compressed in a way that NumPy does not write");
    const bool isPossible = member.storedBytes <= m_fileBytes
        && (member.isCompressed ? member.bytes / kMaxDeflateRatio <= member.storedBytes
                                : member.bytes == member.storedBytes);
    if (!isPossible) {
        return refuse(ErrorCode::Malformed,
            "claims " + formatBytes(member.bytes) + " in " + formatBytes(member.storedBytes)
                + ", which is impossible");
    }
    zip_file* const file = zip_fopen_index(m_zip, member.index, 0);
    if (file == nullptr) {
        return refuse(ErrorCode::Malformed,
            std::string("cannot be opened: ") + zip_error_strerror(zip_get_error(m_zip)));
    }
    return std::make_unique<ZipStream>(file, m_path, member.name);
}

} // namespace embedscope
