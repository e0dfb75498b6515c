#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/bytes/tar_archive.h"
#include "core/io/pytorch/pytorch_places.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

namespace embedscope {

namespace {

constexpr auto kMembers
    = std::to_array<std::string_view>({"sys_info", "pickle", "tensors", "storages"});
/// One more than there are, so that a foreign member behind them is seen.
constexpr std::size_t kExamined = kMembers.size() + 1;
constexpr std::int32_t kMaxRank = 64;

/// What objects of the file go by: a number, or that number as text.
std::optional<std::string> keyOf(const PickleHeap& heap, PickleId id)
{
    if (heap.kind(id) == PickleKind::Integer)
        return std::to_string(heap.integer(id));
    return heap.isText(id) ? std::optional(heap.text(id)) : std::nullopt;
}

/// After torch/serialization.py, which reads these files to this day. Values are little-endian,
/// whatever sys_info says of the machine that wrote them.
class TorchTar final : public TorchFile
{
public:
    explicit TorchTar(const ByteSource& source)
        : m_source(source)
        , m_places(source)
    {
    }

    /// The objects refer to tensors, and these to storages, by keys: in the end each reference is
    /// put into the words of later files, which name storage, offset, size and stride in place.
    Status readMembers(const Progress& progress)
    {
        EMBEDSCOPE_TRY(findMembers());
        PickleId root = PickleHeap::kNone;
        EMBEDSCOPE_TRY(readMember("pickle", [&](ByteCursor& cursor) -> Status {
            EMBEDSCOPE_TRY_ASSIGN(root, readPickle(cursor, m_heap, progress));
            return {};
        }));
        const std::size_t end = m_heap.size();
        EMBEDSCOPE_TRY(readMember(
            "storages", [&](ByteCursor& cursor) { return readStorages(cursor, progress); }));
        if (m_members.contains("tensors")) {
            EMBEDSCOPE_TRY(readMember(
                "tensors", [&](ByteCursor& cursor) { return readTensors(cursor, progress); }));
        }
        EMBEDSCOPE_TRY(resolveReferences(end));
        EMBEDSCOPE_TRY(collectTorchContents(m_heap, root, "", m_source.path(), m_contents));
        m_contents.refused = refusedGlobals(m_heap);
        m_heap = PickleHeap();
        return {};
    }

    Status checkStorage(const TorchTensor& tensor) const override
    {
        const auto own = m_storages.find(tensor.storage.key);
        if (own != m_storages.end() && own->second.className != tensor.storage.className) {
            return malformed("the tensor \"" + printable(tensor.name.substr(0, 200))
                + "\" is of another type than its storage");
        }
        return m_places.check(tensor);
    }

    Status readExtent(
        const TorchTensor& tensor, const Sink& sink, const Progress& progress) const override
    {
        return m_places.read(tensor, sink, progress);
    }

private:
    struct Storage
    {
        PickleId reference;
        PickleId type; ///< Its class in the heap.
        std::string className; ///< "FloatStorage"
    };

    Error malformed(std::string detail) const
    {
        return Error{ErrorCode::Malformed, std::move(detail), m_source.path(), {}, {}};
    }

    Status findMembers()
    {
        TarHeaders headers(m_source);
        for (;;) {
            EMBEDSCOPE_TRY_ASSIGN(auto member, headers.next());
            if (!member)
                break;
            const std::string name = member->name;
            if (std::find(kMembers.begin(), kMembers.end(), name) == kMembers.end())
                return malformed("there are other files in this archive than those of PyTorch");
            if (!member->isFile)
                return malformed("the member \"" + name + "\" of the archive is no plain file");
            if (!m_members.emplace(name, *std::move(member)).second)
                return malformed("the member \"" + name + "\" of the archive is there twice");
        }
        for (const std::string needed : {"pickle", "storages"}) {
            if (!m_members.contains(needed)) {
                return malformed("the PyTorch file (a tar archive) lacks its member \"" + needed
                    + "\". Is the download complete?");
            }
        }
        return {};
    }

    /// Errors tell the byte of the archive, not of the member.
    template <typename Read> Status readMember(const std::string& name, const Read& read)
    {
        const TarMember& member = m_members.at(name);
        m_begin = member.offset;
        const auto part = partOf(m_source, member.offset, member.bytes);
        const std::string what = "member \"" + name + "\" of the PyTorch file";
        ByteCursor cursor(*part, what);
        Status status = read(cursor);
        if (status)
            return status;
        Error error = std::move(status).error();
        if (error.byte)
            *error.byte += member.offset;
        return error;
    }

    std::optional<std::uint64_t> sizeOf(PickleId id) const
    {
        if (m_heap.kind(id) != PickleKind::Integer || m_heap.integer(id) < 0)
            return std::nullopt;
        return static_cast<std::uint64_t>(m_heap.integer(id));
    }

    Result<std::uint64_t> readCount(ByteCursor& cursor, const Progress& progress)
    {
        EMBEDSCOPE_TRY_ASSIGN(const PickleId id, readPickle(cursor, m_heap, progress));
        const auto count = sizeOf(id);
        if (!count)
            return malformed("a member of the PyTorch file does not begin with a count");
        return *count;
    }

    /// A count; then (key, location, class), the number of values and the values of each storage;
    /// then a list of views (key, key of the storage, offset, size), which some writers leave out.
    Status readStorages(ByteCursor& cursor, const Progress& progress)
    {
        EMBEDSCOPE_TRY_ASSIGN(const std::uint64_t count, readCount(cursor, progress));
        for (std::uint64_t i = 0; i < count; ++i)
            EMBEDSCOPE_TRY(readStorage(cursor, progress));
        if (cursor.remaining() == 0)
            return {};
        EMBEDSCOPE_TRY_ASSIGN(const PickleId views, readPickle(cursor, m_heap, progress));
        if (m_heap.kind(views) != PickleKind::List && m_heap.kind(views) != PickleKind::Tuple)
            return malformed("behind the storages of the PyTorch file stands no list of views");
        const std::vector<PickleId> list = m_heap.items(views);
        for (const PickleId view : list)
            EMBEDSCOPE_TRY(addView(m_heap.items(view)));
        return {};
    }

    Status readStorage(ByteCursor& cursor, const Progress& progress)
    {
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(const PickleId description, readPickle(cursor, m_heap, progress));
        const auto& parts = m_heap.items(description);
        const auto key = parts.size() == 3 ? keyOf(m_heap, parts[0]) : std::nullopt;
        if (!key || m_heap.kind(parts[2]) != PickleKind::Global)
            return malformed("a storage of the PyTorch file is not described as storages are");
        const PickleId type = parts[2];
        EMBEDSCOPE_TRY_ASSIGN(const auto count, cursor.number<std::uint64_t>());
        const std::uint64_t position = cursor.position();
        const Error tooLong{ErrorCode::Truncated,
            "a storage is said to hold more values than the rest of the file. Is the download "
            "complete?",
            m_source.path(), position, {}};
        // No value has less than a byte.
        if (count > cursor.remaining())
            return tooLong;
        const std::uint64_t item = addStorage(*key, type, count);
        if (item == 0) {
            return Error{ErrorCode::Unsupported,
                "a storage in the file is of a type that is not read, so what follows it cannot be "
                "found",
                m_source.path(), position, {}};
        }
        if (count > cursor.remaining() / item)
            return tooLong;
        m_places.add(*key, {m_begin + position, count, item});
        return cursor.skip(count * item);
    }

    /// A reference to the storage as later files have it. returns  bytes of a value; 0 where the
    /// type is not known.
    std::uint64_t addStorage(const std::string& key, PickleId type, std::uint64_t count)
    {
        const PickleId id = m_heap.addItems(PickleKind::Tuple,
            {m_heap.addText(PickleKind::Text, "storage"), type,
                m_heap.addText(PickleKind::Text, key), PickleHeap::kNone,
                m_heap.addInteger(static_cast<std::int64_t>(count))});
        const PickleId reference = m_heap.addItems(PickleKind::Persistent, {id});
        const auto storage = torchStorage(m_heap, reference);
        if (!storage)
            return 0;
        m_objects[key] = reference;
        m_storages[key] = {reference, type, storage->className};
        return storage->itemBytes;
    }

    Status addView(const std::vector<PickleId>& parts)
    {
        const auto key = parts.size() == 4 ? keyOf(m_heap, parts[0]) : std::nullopt;
        const auto rootKey = key ? keyOf(m_heap, parts[1]) : std::nullopt;
        const TorchPlace* const root = rootKey ? m_places.find(*rootKey) : nullptr;
        if (root == nullptr)
            return malformed("a view on a storage of the PyTorch file has no such storage");
        const auto offset = sizeOf(parts[2]);
        const auto size = sizeOf(parts[3]);
        if (!offset || !size || *offset > root->count || *size > root->count - *offset)
            return malformed("a view on a storage of the PyTorch file reaches beyond it");
        const TorchPlace place{root->offset + *offset * root->itemBytes, *size, root->itemBytes};
        addStorage(*key, m_storages.at(*rootKey).type, place.count);
        m_places.add(*key, place);
        return {};
    }

    /// A count; then (key, key of the storage, class), the number of dimensions in 32 bits and as
    /// many bytes that say nothing, sizes, strides and offset of each tensor.
    Status readTensors(ByteCursor& cursor, const Progress& progress)
    {
        EMBEDSCOPE_TRY_ASSIGN(const std::uint64_t count, readCount(cursor, progress));
        const PickleId rebuild = m_heap.addText(PickleKind::Global, "torch._utils._rebuild_tensor");
        for (std::uint64_t i = 0; i < count; ++i)
            EMBEDSCOPE_TRY(readTensor(cursor, rebuild, progress));
        return {};
    }

    Status readTensor(ByteCursor& cursor, PickleId rebuild, const Progress& progress)
    {
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(const PickleId description, readPickle(cursor, m_heap, progress));
        const auto& parts = m_heap.items(description);
        const auto key = parts.size() == 3 ? keyOf(m_heap, parts[0]) : std::nullopt;
        if (!key)
            return malformed("a tensor of the PyTorch file is not described as tensors are");
        const bool hasStorage = parts[1] != PickleHeap::kNone;
        const auto storageKey = keyOf(m_heap, parts[1]);
        const TorchPlace* const place = storageKey ? m_places.find(*storageKey) : nullptr;
        if (hasStorage && place == nullptr)
            return malformed("a tensor of the PyTorch file has a storage that is not in the file");
        EMBEDSCOPE_TRY_ASSIGN(const auto rank, cursor.number<std::int32_t>());
        EMBEDSCOPE_TRY(cursor.skip(4));
        if (rank < 0 || rank > kMaxRank) {
            return malformed("a tensor of the PyTorch file is said to have " + std::to_string(rank)
                + " dimensions");
        }
        std::array<PickleId, 2> extents{}; // sizes, strides
        for (PickleId& extent : extents) {
            std::vector<PickleId> numbers;
            for (std::int32_t i = 0; i < rank; ++i) {
                EMBEDSCOPE_TRY_ASSIGN(const auto number, cursor.number<std::int64_t>());
                numbers.push_back(m_heap.addInteger(number));
            }
            extent = m_heap.addItems(PickleKind::Tuple, std::move(numbers));
        }
        EMBEDSCOPE_TRY_ASSIGN(const auto offset, cursor.number<std::int64_t>());
        // A tensor without dimensions was an empty one then.
        const bool isEmpty = !hasStorage || (rank == 0 && place->count == 0);
        m_objects[*key] = isEmpty
            ? PickleHeap::kNone
            : m_heap.addItems(PickleKind::Object,
                {rebuild,
                    m_heap.addItems(PickleKind::Tuple,
                        {m_storages.at(*storageKey).reference, m_heap.addInteger(offset),
                            extents[0], extents[1]})});
        return {};
    }

    /// Some writers put ("storage", class, key, location, count) in place, as later files have it
    /// in a reference.
    void nameStorage(PickleId id)
    {
        if (m_heap.kind(id) != PickleKind::Tuple)
            return;
        const std::vector<PickleId> parts = m_heap.items(id);
        if (parts.size() != 5 || !m_heap.isText(parts[0]) || m_heap.text(parts[0]) != "storage"
            || m_heap.kind(parts[1]) != PickleKind::Global)
            return;
        const PickleId words = m_heap.addItems(PickleKind::Tuple, parts);
        m_heap.become(id, m_heap.addItems(PickleKind::Persistent, {words}));
    }

    /// Of the first `end` values, those of the member "pickle".
    Status resolveReferences(std::size_t end)
    {
        std::vector<bool> isReferred(end, false);
        for (PickleId id = 0; id < end; ++id) {
            if (m_heap.kind(id) == PickleKind::Persistent && m_heap.items(id)[0] < end)
                isReferred[m_heap.items(id)[0]] = true;
        }
        for (PickleId id = 0; id < end; ++id) {
            if (!isReferred[id])
                nameStorage(id);
            if (m_heap.kind(id) != PickleKind::Persistent)
                continue;
            const PickleId what = m_heap.items(id)[0];
            if (const auto key = keyOf(m_heap, what)) {
                const auto found = m_objects.find(*key);
                if (found == m_objects.end()) {
                    return malformed("the PyTorch file refers to a tensor \""
                        + printable(key->substr(0, 200)) + "\" that is not in it");
                }
                m_heap.become(id, found->second);
                continue;
            }
            // A class, with the file and the text of its source.
            const auto& parts = m_heap.items(what);
            if (!parts.empty() && m_heap.kind(parts[0]) == PickleKind::Global)
                m_heap.become(id, PickleId{parts[0]});
        }
        return {};
    }

    const ByteSource& m_source;
    std::unordered_map<std::string, TarMember> m_members;
    std::uint64_t m_begin = 0; ///< Of the member that is being read, in the archive.
    PickleHeap m_heap;
    /// What stands for the object of a key, a storage or a tensor.
    std::unordered_map<std::string, PickleId> m_objects;
    std::unordered_map<std::string, Storage> m_storages;
    TorchPlaces m_places;
};

} // namespace

bool areTorchTarMembers(std::span<const std::string> names)
{
    return names.size() >= 2 && std::all_of(names.begin(), names.end(), [](std::string_view name) {
        return std::find(kMembers.begin(), kMembers.end(), name) != kMembers.end();
    });
}

bool isTorchTar(const ByteSource& source)
{
    return areTorchTarMembers(firstTarMembers(source, kExamined));
}

Result<std::unique_ptr<TorchFile>> openTorchTar(const ByteSource& source, const Progress& progress)
{
    auto file = std::make_unique<TorchTar>(source);
    EMBEDSCOPE_TRY(file->readMembers(progress));
    return std::unique_ptr<TorchFile>(std::move(file));
}

} // namespace embedscope
