#include "core/io/archives/unwrap.h"

#include "core/base/text.h"
#include "core/io/archives/archive_members.h"
#include "core/io/archives/block_source.h"
#include "core/io/archives/gzip_stream.h"
#include "core/io/archives/libarchive_stream.h"
#include "core/io/archives/member_choice.h"
#include "core/io/archives/wrapper_kind.h"
#include "core/io/bytes/zip_archive.h"
#include "core/io/pytorch/pytorch_files.h"

#include <algorithm>
#include <cstring>
#include <zstd.h>

namespace embedscope {

namespace {

constexpr std::size_t kHeadBytes = std::size_t{64} << 10U;
constexpr int kMaxLayers = 2;
// Deflate cannot do better (zlib's documentation).
constexpr std::uint64_t kMaxDeflateRatio = 1032;

std::string baseName(std::string_view path)
{
    return std::string(path.substr(path.rfind('/') + 1));
}

/// A ZIP archive that is a format of its own, or a document: not something around a file.
bool isZipOfItsOwn(const ByteSource& source, std::string_view head)
{
    const auto archive = ZipArchive::open(source);
    if (!archive)
        return true; // Refused in words where its format is looked for.
    std::vector<std::string> members;
    for (const ZipMember& member : (*archive)->members())
        members.push_back(member.name);
    const auto holds = [&members](std::string_view end) {
        return std::any_of(members.begin(), members.end(),
            [end](const std::string& member) { return member.ends_with(end); });
    };
    if (holds("[Content_Types].xml") || holds(".zarray") || holds(".zgroup"))
        return true;
    const FileHead zip{head, source.size(), {}, source.path(), members};
    return std::any_of(formats().begin(), formats().end(),
        [&zip](const Format& format) { return format.recognize(zip) >= Confidence::Likely; });
}

bool isFormatOfItsOwn(const ByteSource& source, std::string_view head, WrapperKind kind)
{
    return kind == WrapperKind::Zip ? isZipOfItsOwn(source, head)
                                    : kind == WrapperKind::Tar && isTorchTar(source);
}

ArchiveLayer filterOf(WrapperKind kind)
{
    switch (kind) {
    case WrapperKind::Bzip2:
        return ArchiveLayer::Bzip2;
    case WrapperKind::Lzma:
        return ArchiveLayer::Lzma;
    case WrapperKind::Zstd:
        return ArchiveLayer::Zstd;
    default:
        return ArchiveLayer::Xz;
    }
}

/// What a compressed file says of its own size, where it says anything: 0 where it does not.
Result<std::uint64_t> promisedBytes(
    const ByteSource& source, WrapperKind kind, std::string_view head)
{
    if (kind == WrapperKind::Zstd) {
        const auto bytes = ZSTD_getFrameContentSize(head.data(), head.size());
        const bool isKnown = bytes != ZSTD_CONTENTSIZE_UNKNOWN && bytes != ZSTD_CONTENTSIZE_ERROR;
        return isKnown ? std::uint64_t{bytes} : std::uint64_t{0};
    }
    if (kind == WrapperKind::Lzma) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, head.data() + 5, sizeof bytes);
        return bytes == ~std::uint64_t{0} ? std::uint64_t{0} : bytes;
    }
    constexpr std::uint64_t kSmallestGzip = 18;
    if (kind != WrapperKind::Gzip || source.size() < kSmallestGzip)
        return std::uint64_t{0};
    EMBEDSCOPE_TRY_ASSIGN(const std::string end, source.text(source.size() - 4, 4));
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, end.data(), sizeof bytes);
    // More than deflate can do: the file does not end with its last member.
    return bytes / kMaxDeflateRatio > source.size() ? std::uint64_t{0} : std::uint64_t{bytes};
}

/// One layer taken off.
struct Peeled
{
    std::shared_ptr<const ByteSource> source;
    std::string name;
    bool isArchive = false;
    std::vector<std::string> others;
    std::vector<std::string> warnings;
};

Peeled peeledMember(TakenMember taken)
{
    return {std::move(taken.source), std::move(taken.name), true, std::move(taken.others), {}};
}

Result<Peeled> peelFilter(const ByteSource& source, WrapperKind kind, std::string_view head,
    const std::string& member, const Expansion& expansion, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::uint64_t promised, promisedBytes(source, kind, head));
    EMBEDSCOPE_TRY(expansion.check(promised));
    SourceStream packed(source);
    std::unique_ptr<InputStream> filter;
    GzipStream* gzip = nullptr;
    if (kind == WrapperKind::Gzip) {
        auto made = std::make_unique<GzipStream>(packed, source.path());
        gzip = made.get();
        filter = std::move(made);
    } else {
        const auto layer = filterOf(kind);
        EMBEDSCOPE_TRY_ASSIGN(
            auto opened, LibArchive::open(packed, layer, source.path(), nullptr, progress));
        filter = std::make_unique<FilterStream>(std::move(opened));
    }
    EMBEDSCOPE_TRY_ASSIGN(std::string start, readText(*filter, kHeadBytes));
    const bool isTar = wrapperKind(start) == WrapperKind::Tar
        && !isTorchTar(*memorySource(start, source.path()));
    PrefixedStream unpacked(std::move(start), *filter);
    Peeled peeled;
    if (isTar) {
        EMBEDSCOPE_TRY_ASSIGN(
            TakenMember taken, takeTarMember(unpacked, true, member, expansion, progress));
        peeled = peeledMember(std::move(taken));
    } else {
        peeled.name = nameInside(source.path(), kind);
        EMBEDSCOPE_TRY_ASSIGN(peeled.source,
            readIntoBlocks(unpacked, source.path() + '/' + peeled.name, expansion, 0, progress,
                [&](std::uint64_t) {
                    progress.report("Unpacking",
                        static_cast<double>(packed.position())
                            / static_cast<double>(source.size()));
                }));
    }
    if (gzip != nullptr && gzip->hasTrailingBytes()) {
        peeled.warnings.push_back("Behind the compressed data of "
            + printable(baseName(source.path()))
            + " stand bytes that are something else; they were left unread.");
    }
    return peeled;
}

Result<Peeled> peel(const ByteSource& source, WrapperKind kind, std::string_view head,
    const std::string& member, const Expansion& expansion, const Progress& progress)
{
    if (kind == WrapperKind::Zip) {
        EMBEDSCOPE_TRY_ASSIGN(
            TakenMember taken, takeZipMember(source, member, expansion, progress));
        return peeledMember(std::move(taken));
    }
    if (kind == WrapperKind::Tar) {
        SourceStream stream(source);
        EMBEDSCOPE_TRY_ASSIGN(
            TakenMember taken, takeTarMember(stream, false, member, expansion, progress));
        return peeledMember(std::move(taken));
    }
    return peelFilter(source, kind, head, member, expansion, progress);
}

} // namespace

void Unwrapped::tell(Table& table) const
{
    table.provenance.notes.insert(table.provenance.notes.begin(), notes.begin(), notes.end());
    table.warnings.insert(table.warnings.begin(), warnings.begin(), warnings.end());
}

Result<Unwrapped> unwrap(
    std::shared_ptr<const ByteSource> source, const ReadOptions& options, const Progress& progress)
{
    Unwrapped result;
    result.source = std::move(source);
    const std::string outermost = result.source->path();
    const std::uint64_t outermostBytes = result.source->size();
    std::string member = options.member;
    std::string chain = printable(baseName(outermost));
    for (int layer = 0;; ++layer) {
        EMBEDSCOPE_TRY_ASSIGN(const std::string head, result.source->text(0, kHeadBytes));
        const WrapperKind kind = wrapperKind(head);
        if (kind == WrapperKind::None || isFormatOfItsOwn(*result.source, head, kind))
            break;
        if (layer == kMaxLayers) {
            return Error{ErrorCode::Unsupported,
                "is wrapped more than twice, and only two layers are taken off; unpack it first",
                outermost, {}, {}};
        }
        const Expansion expansion(result.source->path(), outermostBytes, options.maxBytes);
        EMBEDSCOPE_TRY_ASSIGN(Peeled peeled,
            peel(*result.source, kind, head, member, expansion,
                progress.part(layer * 0.5, layer * 0.5 + 0.5)));
        if (peeled.isArchive)
            member.clear();
        if (!peeled.others.empty() && options.member.empty()) {
            result.warnings.push_back('"' + printable(peeled.name)
                + "\" is the file of this archive that was read; --member NAME chooses another: "
                + listedMembers(peeled.others) + '.');
        }
        for (std::string& warning : peeled.warnings)
            result.warnings.push_back(std::move(warning));
        chain = printable(peeled.name) + " inside " + chain;
        result.source = std::move(peeled.source);
        result.isWrapped = true;
    }
    if (result.isWrapped) {
        result.notes.push_back(
            "Read from " + chain + ", " + formatBytes(result.source->size()) + " unpacked.");
    }
    if (!member.empty()) {
        return Error{ErrorCode::NotFound,
            "this is no archive of several files, so there is no member \"" + printable(member)
                + "\" to choose",
            outermost, {}, {}};
    }
    return result;
}

Result<Unwrapped> openUnwrapped(
    const std::string& path, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(auto source, openFile(path));
    return unwrap(std::move(source), options, progress);
}

} // namespace embedscope
