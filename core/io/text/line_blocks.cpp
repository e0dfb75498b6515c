#include "core/io/text/line_blocks.h"

#include "core/base/parallel.h"
#include "core/base/text.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace embedscope {

namespace {

constexpr std::uint64_t kBlockBytes = 1U << 20U;
constexpr Index kBlocksPerBatch = 32;
constexpr std::uint64_t kMaxLineBytes = 256U << 20U;
constexpr std::uint64_t kLookAhead = 16U << 10U;
constexpr std::uint64_t kBehind = 2;

constexpr std::string_view kBlanks = " \t\r";

} // namespace

bool isBlankLine(std::string_view line)
{
    return line.find_first_not_of(kBlanks) == std::string_view::npos;
}

LineBlocks::LineBlocks(const ByteSource& source, std::uint64_t offset)
    : m_source(source)
    , m_offset(offset)
    , m_blocks(static_cast<std::size_t>(
          blockCount(static_cast<Index>(source.size() - offset), kBlockBytes)))
{
}

std::uint64_t LineBlocks::beginOf(Index block) const
{
    return m_offset + static_cast<std::uint64_t>(block) * kBlockBytes;
}

std::uint64_t LineBlocks::endOf(Index block) const
{
    return std::min(beginOf(block) + kBlockBytes, m_source.size());
}

Error LineBlocks::changedError() const
{
    return Error{ErrorCode::Unreadable, "the file changed while it was being read; open it again",
        m_source.path(), {}, {}};
}

Status LineBlocks::count(const Progress& progress)
{
    std::vector<std::optional<Error>> errors(m_blocks.size());
    for (Index batch = 0; batch < size(); batch += kBlocksPerBatch) {
        const Index blocks = std::min(kBlocksPerBatch, size() - batch);
        progress.report("Counting lines", static_cast<double>(batch) / static_cast<double>(size()));
        parallelBlocks(blocks, 1, [&](Index i, Index, Index) {
            const auto block = static_cast<std::size_t>(batch + i);
            auto status = progress.stopRequested() ? Status(stoppedError())
                                                   : countBlock(batch + i, m_blocks[block]);
            if (!status)
                errors[block] = status.error();
        });
        for (Index i = batch; i < batch + blocks; ++i) {
            if (auto& error = errors[static_cast<std::size_t>(i)])
                return *std::move(error);
        }
    }
    for (Block& block : m_blocks) {
        block.firstLine = m_lines;
        block.firstRow = m_rows;
        m_lines += block.lines;
        m_rows += block.rows();
    }
    return {};
}

Status LineBlocks::countBlock(Index block, Block& count) const
{
    // One byte more in front, to see whether a line begins here, and a few behind, to see whether
    // it is blank.
    const std::uint64_t front = block == 0 ? 0 : 1;
    EMBEDSCOPE_TRY_ASSIGN(const std::string bytes,
        m_source.text(beginOf(block) - front, endOf(block) - beginOf(block) + front + kBehind));
    const std::string_view text = bytes;
    const auto inBlock = static_cast<std::size_t>(endOf(block) - beginOf(block) + front);
    const std::uint64_t behind = beginOf(block) - front + bytes.size();
    if (front == 0)
        EMBEDSCOPE_TRY(countLine(text, behind, count));
    const char* p = bytes.data();
    const char* const last = bytes.data() + inBlock - 1;
    while (p < last) {
        p = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(last - p)));
        if (p == nullptr)
            break;
        ++p;
        EMBEDSCOPE_TRY(
            countLine(text.substr(static_cast<std::size_t>(p - bytes.data())), behind, count));
    }
    return {};
}

/// rest     the line and what follows it, as far as it was read.
/// behind   where the source goes on.
Status LineBlocks::countLine(std::string_view rest, std::uint64_t behind, Block& count) const
{
    ++count.lines;
    auto at = rest.find_first_not_of(kBlanks);
    std::string more;
    while (at == std::string_view::npos && behind < m_source.size()) {
        EMBEDSCOPE_TRY_ASSIGN(more, m_source.text(behind, kLookAhead));
        behind += more.size();
        rest = more;
        at = rest.find_first_not_of(kBlanks);
    }
    if (at == std::string_view::npos || rest[at] == '\n')
        ++count.blankLines;
    return {};
}

Result<std::string_view> LineBlocks::read(Index block, std::string& bytes) const
{
    const std::uint64_t begin = beginOf(block) - (block == 0 ? 0 : 1);
    const std::uint64_t inBlock = endOf(block) - begin;
    std::uint64_t more = kLookAhead;
    EMBEDSCOPE_TRY_ASSIGN(bytes, m_source.text(begin, inBlock + more));
    // The last line goes on to the first line end at or behind the block's last byte.
    std::size_t searched = static_cast<std::size_t>(inBlock) - 1;
    std::size_t end = bytes.find('\n', searched);
    while (end == std::string::npos && begin + bytes.size() < m_source.size()) {
        if (bytes.size() > kMaxLineBytes) {
            return Error{ErrorCode::Malformed,
                "a line is longer than " + formatBytes(kMaxLineBytes), m_source.path(),
                begin + inBlock, {}};
        }
        searched = bytes.size();
        more *= 2;
        EMBEDSCOPE_TRY_ASSIGN(const std::string next, m_source.text(begin + bytes.size(), more));
        bytes += next;
        end = bytes.find('\n', searched);
    }
    end = end == std::string::npos ? bytes.size() : end + 1;
    // In front there is the rest of a line of the block before.
    const std::size_t first = block == 0 ? 0 : bytes.find('\n') + 1;
    if (first > end || (block > 0 && first == 0))
        return changedError();
    return std::string_view(bytes).substr(first, end - first);
}

} // namespace embedscope
