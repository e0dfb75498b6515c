#include "core/io/archives/archive_members.h"

#include "core/base/text.h"
#include "core/io/archives/block_source.h"
#include "core/io/archives/libarchive_stream.h"
#include "core/io/archives/member_choice.h"
#include "core/io/bytes/zip_archive.h"

#include <algorithm>
#include <optional>

namespace embedscope {

namespace {

constexpr std::size_t kHeadBytes = std::size_t{64} << 10U;
constexpr std::size_t kMaxFiles = 100'000;
/// So many files are looked into.
constexpr std::size_t kMaxExamined = 256;
/// A file that looks like no table is kept up to here, for it may be the only one.
constexpr std::uint64_t kMaxUnlikelyBytes = std::uint64_t{64} << 20U;

Error refused(const Expansion& expansion, ErrorCode code, std::string detail)
{
    return Error{code, std::move(detail), expansion.path(), {}, {}};
}

Error noSuchMember(
    const Expansion& expansion, const std::string& wanted, const std::vector<std::string>& names)
{
    return refused(expansion, ErrorCode::NotFound,
        "there is no file \"" + printable(wanted) + "\" in this archive; it holds "
            + listedMembers(names));
}

/// Where nothing was taken, or only because there was no better.
Status checkChoice(const Expansion& expansion, const std::vector<std::string>& names, int rank)
{
    if (names.empty())
        return refused(expansion, ErrorCode::Malformed, "there are no files in this archive");
    if (rank == 0 && names.size() > 1) {
        return refused(expansion, ErrorCode::Unsupported,
            "none of the files in this archive looks like a table: " + listedMembers(names)
                + "; --member NAME opens one all the same");
    }
    return {};
}

/// A member of a ZIP archive as a stream.
class ZipEntryStream final : public InputStream
{
public:
    ZipEntryStream(std::unique_ptr<ZipStream> stream, std::uint64_t bytes)
        : m_stream(std::move(stream))
        , m_left(bytes)
    {
    }

    Result<std::size_t> read(std::span<std::byte> into) override
    {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), m_left));
        EMBEDSCOPE_TRY(m_stream->read(into.first(count)));
        m_left -= count;
        if (m_left == 0 && !m_isFinished) {
            m_isFinished = true;
            EMBEDSCOPE_TRY(m_stream->finish());
        }
        return count;
    }

private:
    std::unique_ptr<ZipStream> m_stream;
    std::uint64_t m_left;
    bool m_isFinished = false;
};

/// The entry at which libarchive stands.
class EntryStream final : public InputStream
{
public:
    explicit EntryStream(LibArchive& archive)
        : m_archive(archive)
    {
    }
    Result<std::size_t> read(std::span<std::byte> into) override { return m_archive.read(into); }

private:
    LibArchive& m_archive;
};

Result<std::shared_ptr<const ByteSource>> unpack(const ZipArchive& archive, const ZipMember& member,
    const Expansion& expansion, const Progress& progress)
{
    EMBEDSCOPE_TRY(expansion.check(member.bytes));
    EMBEDSCOPE_TRY_ASSIGN(auto opened, archive.stream(member));
    ZipEntryStream stream(std::move(opened), member.bytes);
    return readIntoBlocks(stream, expansion.path() + '/' + member.name, expansion, 0, progress,
        [&](std::uint64_t bytes) {
            progress.report(
                "Unpacking", static_cast<double>(bytes) / static_cast<double>(member.bytes));
        });
}

/// Chooses while it goes through a tar archive, and holds what is the best so far.
class TarTaker
{
public:
    TarTaker(LibArchive& archive, const std::string& wanted, const Expansion& expansion,
        const Progress& progress)
        : m_archive(archive)
        , m_wanted(wanted)
        , m_expansion(expansion)
        , m_progress(progress)
    {
    }

    Result<TakenMember> take()
    {
        for (;;) {
            EMBEDSCOPE_TRY_ASSIGN(const bool hasEntry, m_archive.next());
            if (!hasEntry)
                break;
            if (m_progress.stopRequested())
                return stoppedError();
            if (++m_entries > kMaxFiles) {
                return refused(m_expansion, ErrorCode::TooLarge,
                    "there are more than " + formatCount(kMaxFiles) + " files in this archive");
            }
            if (m_archive.isFile())
                EMBEDSCOPE_TRY(meet());
        }
        if (!m_wanted.empty() && !m_source)
            return noSuchMember(m_expansion, m_wanted, m_names);
        EMBEDSCOPE_TRY(checkChoice(m_expansion, m_names, m_wanted.empty() ? m_best.rank : 1));
        if (!m_source) {
            return refused(m_expansion, ErrorCode::Unsupported,
                "the only file in this archive, " + listedMembers(m_names)
                    + ", does not look like a table");
        }
        std::erase(m_candidates, m_best.name);
        return TakenMember{std::move(m_source), m_best.name, std::move(m_candidates)};
    }

private:
    Status meet()
    {
        const std::string name = m_archive.name();
        m_names.push_back(name);
        if (!m_wanted.empty()) {
            if (m_source || !isMemberNamed(name, m_wanted))
                return {};
            m_best.name = name;
            return keep({});
        }
        if (m_examined == kMaxExamined || (isNeverATable(name) && m_names.size() > 1))
            return {};
        ++m_examined;
        EntryStream entry(m_archive);
        EMBEDSCOPE_TRY_ASSIGN(std::string head, readText(entry, kHeadBytes));
        const ArchiveMember member = judgeMember(name, m_archive.size(), head);
        if (member.rank > 0)
            m_candidates.push_back(name);
        const bool isWorthKeeping = member.bytes > 0
            && (member.rank > 0 || (m_names.size() == 1 && member.bytes <= kMaxUnlikelyBytes));
        if (!isWorthKeeping || (m_source && !isBetter(member, m_best)))
            return {};
        m_best = member;
        return keep(std::move(head));
    }

    /// Unpacks the entry, in place of the one held so far.
    Status keep(std::string head)
    {
        EMBEDSCOPE_TRY(m_expansion.check(m_archive.size()));
        m_source.reset();
        EntryStream rest(m_archive);
        PrefixedStream stream(std::move(head), rest);
        const auto size = static_cast<double>(m_archive.size());
        auto source = readIntoBlocks(stream, m_expansion.path() + '/' + m_best.name, m_expansion, 0,
            m_progress, [&](std::uint64_t bytes) {
                m_progress.report("Unpacking", static_cast<double>(bytes) / size);
            });
        if (!source)
            return source.error();
        m_source = *source;
        return {};
    }

    LibArchive& m_archive;
    const std::string& m_wanted;
    const Expansion& m_expansion;
    const Progress& m_progress;
    std::size_t m_entries = 0;
    std::size_t m_examined = 0;
    std::vector<std::string> m_names;
    std::vector<std::string> m_candidates;
    ArchiveMember m_best;
    std::shared_ptr<const ByteSource> m_source;
};

/// What follows the end of the archive, so that the filter beneath sees its own end and check sum.
Status readToEnd(InputStream& stream, const Expansion& expansion, std::uint64_t already,
    const Progress& progress)
{
    std::vector<std::byte> buffer(kHeadBytes);
    for (;;) {
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(const std::size_t got, stream.read(buffer));
        already += got;
        EMBEDSCOPE_TRY(expansion.check(already));
        if (got < buffer.size())
            return {};
    }
}

} // namespace

Result<TakenMember> takeZipMember(const ByteSource& source, const std::string& wanted,
    const Expansion& expansion, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto archive, ZipArchive::open(source));
    std::vector<const ZipMember*> files;
    std::vector<std::string> names;
    for (const ZipMember& member : archive->members()) {
        if (member.name.empty() || member.name.back() == '/')
            continue;
        files.push_back(&member);
        names.push_back(member.name);
    }
    const ZipMember* chosen = files.size() == 1 && wanted.empty() ? files.front() : nullptr;
    std::vector<std::string> others;
    int rank = chosen != nullptr ? 1 : 0;
    if (!wanted.empty()) {
        for (const ZipMember* member : files) {
            if (chosen == nullptr && isMemberNamed(member->name, wanted))
                chosen = member;
        }
        if (chosen == nullptr && !names.empty())
            return noSuchMember(expansion, wanted, names);
        rank = 1;
    } else if (chosen == nullptr) {
        // The largest first: where there are too many, the small ones are not looked into.
        std::stable_sort(files.begin(), files.end(),
            [](const ZipMember* a, const ZipMember* b) { return a->bytes > b->bytes; });
        ArchiveMember best;
        std::optional<Error> firstError;
        std::size_t examined = 0;
        for (const ZipMember* member : files) {
            if (progress.stopRequested())
                return stoppedError();
            if (isNeverATable(member->name) || member->bytes == 0 || ++examined > kMaxExamined)
                continue;
            auto stream = archive->stream(*member);
            std::string head(
                static_cast<std::size_t>(std::min<std::uint64_t>(member->bytes, kHeadBytes)), '\0');
            const Status read = stream ? (*stream)->read(std::as_writable_bytes(std::span(head)))
                                       : Status(stream.error());
            if (!read) {
                if (!firstError)
                    firstError = read.error();
                continue;
            }
            ArchiveMember judged = judgeMember(member->name, member->bytes, head);
            if (judged.rank == 0)
                continue;
            others.push_back(judged.name);
            if (chosen == nullptr || isBetter(judged, best)) {
                best = std::move(judged);
                chosen = member;
            }
        }
        rank = best.rank;
        if (chosen == nullptr && firstError)
            return *std::move(firstError);
    }
    EMBEDSCOPE_TRY(checkChoice(expansion, names, rank));
    EMBEDSCOPE_TRY_ASSIGN(auto unpacked, unpack(*archive, *chosen, expansion, progress));
    std::erase(others, chosen->name);
    return TakenMember{std::move(unpacked), chosen->name, std::move(others)};
}

Result<TakenMember> takeTarMember(InputStream& stream, bool isExpansion, const std::string& wanted,
    const Expansion& expansion, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto archive,
        LibArchive::open(stream, ArchiveLayer::Tar, expansion.path(),
            isExpansion ? &expansion : nullptr, progress));
    EMBEDSCOPE_TRY_ASSIGN(
        TakenMember taken, TarTaker(*archive, wanted, expansion, progress).take());
    if (isExpansion)
        EMBEDSCOPE_TRY(readToEnd(stream, expansion, archive->bytesRead(), progress));
    return taken;
}

} // namespace embedscope
