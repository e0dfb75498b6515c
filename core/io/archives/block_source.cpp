#include "core/io/archives/block_source.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace embedscope {

namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20U;

using Blocks = std::vector<std::unique_ptr<std::byte[]>>;

class BlockSource final : public ByteSource
{
public:
    BlockSource(std::string path, std::uint64_t size, Blocks blocks)
        : ByteSource(std::move(path), size)
        , m_blocks(std::move(blocks))
    {
    }

    Status read(std::uint64_t offset, std::span<std::byte> into) const override
    {
        if (offset > size() || into.size() > size() - offset) {
            return Error{ErrorCode::Truncated,
                "the file ends before its data do. Is the download complete?", path(), size(), {}};
        }
        while (!into.empty()) {
            const auto at = static_cast<std::size_t>(offset % kBlockBytes);
            const std::size_t count = std::min(into.size(), kBlockBytes - at);
            std::memcpy(into.data(), m_blocks[offset / kBlockBytes].get() + at, count);
            into = into.subspan(count);
            offset += count;
        }
        return {};
    }

private:
    Blocks m_blocks;
};

} // namespace

Result<std::shared_ptr<const ByteSource>> readIntoBlocks(InputStream& stream, std::string name,
    const Expansion& expansion, std::uint64_t already, const Progress& progress,
    const std::function<void(std::uint64_t)>& onBytes)
{
    Blocks blocks;
    std::uint64_t size = 0;
    for (;;) {
        if (progress.stopRequested())
            return stoppedError();
        // Not value-initialised: a small file touches only the pages that it fills.
        std::unique_ptr<std::byte[]> block(new std::byte[kBlockBytes]);
        EMBEDSCOPE_TRY_ASSIGN(
            const std::size_t got, stream.read(std::span(block.get(), kBlockBytes)));
        if (got == 0)
            break;
        size += got;
        EMBEDSCOPE_TRY(expansion.check(already + size));
        blocks.push_back(std::move(block));
        if (onBytes)
            onBytes(size);
        if (got < kBlockBytes)
            break;
    }
    if (size == 0) {
        return Error{ErrorCode::Malformed, "there is nothing in the compressed file", name, {}, {}};
    }
    return std::shared_ptr<const ByteSource>(
        std::make_shared<BlockSource>(std::move(name), size, std::move(blocks)));
}

} // namespace embedscope
