#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/pytorch/pytorch_files.h"

#include <algorithm>
#include <map>
#include <vector>

namespace embedscope {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic
    = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e"sv;
constexpr std::uint64_t kPieceBytes = 1U << 20U;

class TorchLegacy final : public TorchFile
{
public:
    explicit TorchLegacy(const ByteSource& source)
        : m_source(source)
    {
    }

    /// Magic number, protocol, system, object, keys; then the storages in the order of the keys.
    Status readPickles(const Progress& progress)
    {
        ByteCursor cursor(m_source, "PyTorch file");
        PickleHeap heap;
        EMBEDSCOPE_TRY(cursor.skip(kMagic.size()));
        EMBEDSCOPE_TRY_ASSIGN(
            [[maybe_unused]] const PickleId protocol, readPickle(cursor, heap, progress));
        EMBEDSCOPE_TRY_ASSIGN(const PickleId system, readPickle(cursor, heap, progress));
        if (const PickleId* const little = heap.find(system, "little_endian"))
            m_isBigEndian = *little == PickleHeap::kFalse;
        EMBEDSCOPE_TRY_ASSIGN(const PickleId root, readPickle(cursor, heap, progress));
        EMBEDSCOPE_TRY_ASSIGN(const PickleId keys, readPickle(cursor, heap, progress));
        EMBEDSCOPE_TRY(collectTorchContents(heap, root, "", m_source.path(), m_contents));
        m_contents.refused = refusedGlobals(heap);
        return placeStorages(cursor, heap, keys);
    }

    Status checkStorage(const TorchTensor& tensor) const override
    {
        const auto found = m_places.find(tensor.storage.key);
        const std::string name = "the tensor \"" + printable(tensor.name.substr(0, 200)) + '"';
        if (found == m_places.end()) {
            return Error{ErrorCode::Malformed, "the storage of " + name + " is not in the file",
                m_source.path(), {}, {}};
        }
        if (tensor.offset + tensor.extent > found->second.count) {
            return Error{ErrorCode::Truncated,
                name + " reaches beyond the " + formatCount(static_cast<Index>(found->second.count))
                    + " values of its storage",
                m_source.path(), found->second.offset, {}};
        }
        return {};
    }

    Status readExtent(
        const TorchTensor& tensor, const Sink& sink, const Progress& progress) const override
    {
        const auto found = m_places.find(tensor.storage.key);
        const std::uint64_t item = tensor.storage.itemBytes;
        const std::uint64_t begin = found->second.offset + tensor.offset * item;
        const std::uint64_t length = tensor.extent * item;
        std::vector<std::byte> piece;
        for (std::uint64_t at = 0; at < length; at += piece.size()) {
            if (progress.stopRequested())
                return stoppedError();
            progress.report(
                "Reading values", static_cast<double>(at) / static_cast<double>(length));
            piece.resize(
                static_cast<std::size_t>(std::min(length - at, kPieceBytes / item * item)));
            EMBEDSCOPE_TRY(m_source.read(begin + at, piece));
            EMBEDSCOPE_TRY(sink(piece));
        }
        return {};
    }

private:
    struct Place
    {
        std::uint64_t offset = 0;
        std::uint64_t count = 0;
    };

    Status placeStorages(ByteCursor& cursor, const PickleHeap& heap, PickleId keys)
    {
        // Their element sizes stand with the references to them.
        std::map<std::string, std::uint64_t> itemBytes;
        for (PickleId id = 0; id < heap.size(); ++id) {
            if (const auto storage = torchStorage(heap, id))
                itemBytes[storage->key] = storage->itemBytes;
        }
        for (const PickleId id : heap.items(keys)) {
            const std::string& key = heap.text(id);
            const auto known = itemBytes.find(key);
            if (known == itemBytes.end() || known->second == 0) {
                if (known == itemBytes.end() && m_contents.tensors.empty())
                    return {};
                return Error{ErrorCode::Unsupported,
                    "a storage in the file is of a type that is not read, so what follows it "
                    "cannot be found",
                    m_source.path(), cursor.position(), {}};
            }
            EMBEDSCOPE_TRY_ASSIGN(const auto count, cursor.number<std::uint64_t>());
            const auto bytes = checkedProduct(count, known->second);
            if (!bytes || *bytes > cursor.remaining()) {
                return Error{ErrorCode::Truncated,
                    "a storage is said to hold more values than the rest of the file. Is the "
                    "download complete?",
                    m_source.path(), cursor.position(), {}};
            }
            m_places[key] = {cursor.position(), count};
            EMBEDSCOPE_TRY(cursor.skip(*bytes));
        }
        return {};
    }

    const ByteSource& m_source;
    std::map<std::string, Place> m_places;
};

} // namespace

bool isTorchLegacy(std::string_view bytes)
{
    return bytes.starts_with(kMagic);
}

Result<std::unique_ptr<TorchFile>> openTorchLegacy(
    const ByteSource& source, const Progress& progress)
{
    auto file = std::make_unique<TorchLegacy>(source);
    EMBEDSCOPE_TRY(file->readPickles(progress));
    return std::unique_ptr<TorchFile>(std::move(file));
}

} // namespace embedscope
