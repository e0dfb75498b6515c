#pragma once

#include "core/base/index.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// Whether nothing but spaces, tabs and carriage returns stands in a line.
bool isBlankLine(std::string_view line);

/// A text seen as fixed blocks of bytes, each with the lines that begin in it, so that several
/// threads can parse a file at once and know beforehand where in the table their rows belong. Lines
/// are counted first; the bytes are thus read twice.
class LineBlocks
{
public:
    struct Block
    {
        Index lines = 0; ///< That begin in the block.
        Index blankLines = 0; ///< Of them, the blank ones: see isBlankLine().
        Index firstLine = 0; ///< Number of its first line among all, from 0.
        Index firstRow = 0; ///< The same without counting blank lines.

        Index rows() const { return lines - blankLines; }
    };

    /// The text from `offset` to the end of the source, which must outlive this.
    LineBlocks(const ByteSource& source, std::uint64_t offset);

    /// Counts the lines, in parallel. To be called once, before anything below.
    Status count(const Progress& progress);

    Index size() const { return static_cast<Index>(m_blocks.size()); }
    const Block& operator[](Index block) const { return m_blocks[static_cast<std::size_t>(block)]; }
    Index lines() const { return m_lines; }
    Index rows() const { return m_rows; }

    /// Whole lines that begin in the block, one behind the other, line ends included; a view into
    /// `bytes`. Malformed for a line of more than 256 MiB.
    Result<std::string_view> read(Index block, std::string& bytes) const;

    /// For a reader that finds other lines than were counted.
    Error changedError() const;

private:
    std::uint64_t beginOf(Index block) const;
    std::uint64_t endOf(Index block) const;
    Status countBlock(Index block, Block& count) const;
    Status countLine(std::string_view rest, std::uint64_t behind, Block& count) const;

    const ByteSource& m_source;
    std::uint64_t m_offset;
    std::vector<Block> m_blocks;
    Index m_lines = 0;
    Index m_rows = 0;
};

} // namespace embedscope
