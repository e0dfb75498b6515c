#include "core/base/text.h"
#include "core/io/bytes/zip_archive.h"
#include "core/io/pytorch/pytorch_files.h"

#include <algorithm>
#include <vector>

namespace embedscope {

namespace {

constexpr std::uint64_t kMaxPickleBytes = std::uint64_t{256} << 20U;
constexpr std::uint64_t kPieceBytes = 1U << 20U;
/// Bytes behind a tensor that are read as well, for the check sum of its member.
constexpr std::uint64_t kWorthChecking = std::uint64_t{64} << 20U;

// No model is compressed so well; a bomb is.
constexpr std::uint64_t kSuspiciousRatio = 200;
constexpr std::uint64_t kSuspiciousBytes = std::uint64_t{256} << 20U;

constexpr std::string_view kDataPickle = "data.pkl";
constexpr std::string_view kConstants = "constants.pkl";

class TorchZip final : public TorchFile
{
public:
    TorchZip(const ByteSource& source, std::unique_ptr<ZipArchive> archive, std::uint64_t maxBytes)
        : m_path(source.path())
        , m_archive(std::move(archive))
        , m_maxBytes(maxBytes)
    {
    }

    Status readPickles(const Progress& progress)
    {
        const ZipMember* data = nullptr;
        for (const ZipMember& member : m_archive->members()) {
            const bool isData = member.name == kDataPickle
                || member.name.ends_with('/' + std::string(kDataPickle));
            if (isData && (data == nullptr || member.name.size() < data->name.size()))
                data = &member;
        }
        if (data == nullptr) {
            return Error{ErrorCode::Malformed,
                "the archive has no data.pkl, so it is no PyTorch file", m_path, {}, {}};
        }
        m_prefix = data->name.substr(0, data->name.size() - kDataPickle.size());
        if (const ZipMember* const order = find(m_prefix + "byteorder")) {
            EMBEDSCOPE_TRY_ASSIGN(const std::string text, load(*order, 16));
            m_isBigEndian = trimmed(text) == "big";
        }
        EMBEDSCOPE_TRY(readPickleOf(*data, "", progress));
        // TorchScript keeps its constants in a pickle of their own, with storages of their own.
        if (const ZipMember* const constants = find(m_prefix + std::string(kConstants))) {
            m_firstConstant = m_contents.tensors.size();
            EMBEDSCOPE_TRY(readPickleOf(*constants, "constants", progress));
            for (std::size_t i = m_firstConstant; i < m_contents.tensors.size(); ++i)
                m_contents.tensors[i].storage.key.insert(0, "constants/");
        }
        return {};
    }

    Status checkStorage(const TorchTensor& tensor) const override
    {
        const ZipMember* const member = memberOf(tensor);
        const std::string name = "the storage \"" + printable(tensor.storage.key.substr(0, 200))
            + "\" of the tensor \"" + printable(tensor.name.substr(0, 200)) + '"';
        if (member == nullptr)
            return Error{ErrorCode::Malformed, name + " is not in the archive", m_path, {}, {}};
        const std::uint64_t promised = tensor.storage.count * tensor.storage.itemBytes;
        if (promised > member->bytes) {
            return Error{ErrorCode::Truncated,
                name + " is said to be " + formatBytes(promised) + " but the archive holds "
                    + formatBytes(member->bytes) + " of it",
                m_path, {}, {}};
        }
        const bool isSuspicious = m_maxBytes == ReadOptions().maxBytes
            && member->bytes > kSuspiciousBytes
            && member->bytes / kSuspiciousRatio > member->storedBytes;
        if (member->isCompressed && (member->bytes > m_maxBytes || isSuspicious)) {
            return Error{ErrorCode::TooLarge,
                name + " expands from " + formatBytes(member->storedBytes) + " to "
                    + formatBytes(member->bytes)
                    + (isSuspicious ? ", as only a decompression bomb does"
                                    : ", more than is allowed")
                    + "; --max-bytes " + std::to_string(member->bytes) + " opens it all the same",
                m_path, {}, {}};
        }
        return {};
    }

    Status readExtent(
        const TorchTensor& tensor, const Sink& sink, const Progress& progress) const override
    {
        const ZipMember* const member = memberOf(tensor);
        const std::uint64_t item = tensor.storage.itemBytes;
        EMBEDSCOPE_TRY_ASSIGN(const auto stream, m_archive->stream(*member));
        const std::uint64_t begin = tensor.offset * item;
        const std::uint64_t length = tensor.extent * item;
        EMBEDSCOPE_TRY(skip(*stream, begin, progress));
        std::vector<std::byte> piece;
        for (std::uint64_t at = 0; at < length; at += piece.size()) {
            if (progress.stopRequested())
                return stoppedError();
            progress.report(
                "Reading values", static_cast<double>(at) / static_cast<double>(length));
            piece.resize(
                static_cast<std::size_t>(std::min(length - at, kPieceBytes / item * item)));
            EMBEDSCOPE_TRY(stream->read(piece));
            EMBEDSCOPE_TRY(sink(piece));
        }
        const std::uint64_t behind = member->bytes - begin - length;
        if (behind > kWorthChecking)
            return {};
        EMBEDSCOPE_TRY(skip(*stream, behind, progress));
        return stream->finish();
    }

private:
    const ZipMember* memberOf(const TorchTensor& tensor) const
    {
        const std::string& key = tensor.storage.key;
        return find(m_prefix + (key.starts_with("constants/") ? key : "data/" + key));
    }

    const ZipMember* find(const std::string& name) const
    {
        const auto& members = m_archive->members();
        const auto found = std::find_if(members.begin(), members.end(),
            [&](const ZipMember& member) { return member.name == name; });
        return found == members.end() ? nullptr : &*found;
    }

    static Status skip(ZipStream& stream, std::uint64_t count, const Progress& progress)
    {
        std::vector<std::byte> scratch(static_cast<std::size_t>(std::min(count, kPieceBytes)));
        while (count > 0) {
            if (progress.stopRequested())
                return stoppedError();
            const auto part
                = static_cast<std::size_t>(std::min<std::uint64_t>(count, scratch.size()));
            EMBEDSCOPE_TRY(stream.read(std::span(scratch).first(part)));
            count -= part;
        }
        return {};
    }

    /// A whole member; grows as it is read, so that a claimed size alone costs nothing.
    Result<std::string> load(const ZipMember& member, std::uint64_t most) const
    {
        if (member.bytes > most) {
            return Error{ErrorCode::TooLarge,
                "the member \"" + printable(member.name.substr(0, 200)) + "\" of the archive is "
                    + formatBytes(member.bytes) + ", more than " + formatBytes(most),
                m_path, {}, {}};
        }
        EMBEDSCOPE_TRY_ASSIGN(const auto stream, m_archive->stream(member));
        std::string bytes;
        while (bytes.size() < member.bytes) {
            const std::size_t before = bytes.size();
            bytes.resize(static_cast<std::size_t>(
                std::min<std::uint64_t>(member.bytes, before + kPieceBytes)));
            EMBEDSCOPE_TRY(stream->read(std::as_writable_bytes(std::span(bytes).subspan(before))));
        }
        EMBEDSCOPE_TRY(stream->finish());
        return bytes;
    }

    Status readPickleOf(
        const ZipMember& member, const std::string& prefix, const Progress& progress)
    {
        EMBEDSCOPE_TRY_ASSIGN(std::string bytes, load(member, kMaxPickleBytes));
        const auto source = memorySource(std::move(bytes), m_path);
        ByteCursor cursor(*source, "pickle in the archive");
        PickleHeap heap;
        auto root = readPickle(cursor, heap, progress);
        if (!root) {
            Error error = std::move(root).error();
            error.byte.reset(); // Inside the member, it says nothing of the place in the file.
            return error;
        }
        EMBEDSCOPE_TRY(collectTorchContents(heap, *root, prefix, m_path, m_contents));
        const auto refused = refusedGlobals(heap);
        m_contents.refused.insert(m_contents.refused.end(), refused.begin(), refused.end());
        return {};
    }

    std::string m_path;
    std::unique_ptr<ZipArchive> m_archive;
    std::uint64_t m_maxBytes;
    std::string m_prefix; ///< "archive/"
    std::size_t m_firstConstant = 0;
};

} // namespace

Result<std::unique_ptr<TorchFile>> openTorchZip(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(auto archive, ZipArchive::open(source));
    auto file = std::make_unique<TorchZip>(source, std::move(archive), options.maxBytes);
    EMBEDSCOPE_TRY(file->readPickles(progress));
    return std::unique_ptr<TorchFile>(std::move(file));
}

} // namespace embedscope
