#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/pytorch/pytorch_places.h"

#include <map>

namespace embedscope {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic
    = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e"sv;

class TorchLegacy final : public TorchFile
{
public:
    explicit TorchLegacy(const ByteSource& source)
        : m_source(source)
        , m_places(source)
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

    Status checkStorage(const TorchTensor& tensor) const override { return m_places.check(tensor); }

    Status readExtent(
        const TorchTensor& tensor, const Sink& sink, const Progress& progress) const override
    {
        return m_places.read(tensor, sink, progress);
    }

private:
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
            m_places.add(key, {cursor.position(), count, known->second});
            EMBEDSCOPE_TRY(cursor.skip(*bytes));
        }
        return {};
    }

    const ByteSource& m_source;
    TorchPlaces m_places;
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
