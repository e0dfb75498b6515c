#include "core/io/pytorch/pytorch_places.h"

#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"

#include <algorithm>
#include <vector>

namespace embedscope {

namespace {

constexpr std::uint64_t kPieceBytes = 1U << 20U;

} // namespace

const TorchPlace* TorchPlaces::find(const std::string& key) const
{
    const auto found = m_places.find(key);
    return found == m_places.end() ? nullptr : &found->second;
}

Status TorchPlaces::check(const TorchTensor& tensor) const
{
    const TorchPlace* const place = find(tensor.storage.key);
    const std::string name = "the tensor \"" + printable(tensor.name.substr(0, 200)) + '"';
    if (place == nullptr) {
        return Error{ErrorCode::Malformed, "the storage of " + name + " is not in the file",
            m_source.path(), {}, {}};
    }
    // In bytes, for the tensor's type need not be the storage's: storages may be untyped.
    const auto needed = checkedProduct(tensor.offset + tensor.extent, tensor.storage.itemBytes);
    if (!needed || *needed > place->count * place->itemBytes) {
        return Error{ErrorCode::Truncated,
            name + " reaches beyond the " + formatCount(static_cast<Index>(place->count))
                + " values of its storage",
            m_source.path(), place->offset, {}};
    }
    return {};
}

Status TorchPlaces::read(
    const TorchTensor& tensor, const TorchFile::Sink& sink, const Progress& progress) const
{
    const TorchPlace& place = *find(tensor.storage.key);
    const std::uint64_t item = tensor.storage.itemBytes;
    const std::uint64_t begin = place.offset + tensor.offset * item;
    const std::uint64_t length = tensor.extent * item;
    std::vector<std::byte> piece;
    for (std::uint64_t at = 0; at < length; at += piece.size()) {
        if (progress.stopRequested())
            return stoppedError();
        progress.report("Reading values", static_cast<double>(at) / static_cast<double>(length));
        piece.resize(static_cast<std::size_t>(std::min(length - at, kPieceBytes / item * item)));
        EMBEDSCOPE_TRY(m_source.read(begin + at, piece));
        EMBEDSCOPE_TRY(sink(piece));
    }
    return {};
}

} // namespace embedscope
