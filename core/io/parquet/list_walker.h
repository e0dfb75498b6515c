#pragma once

#include "core/io/parquet/parquet_column.h"
#include "core/io/parquet/parquet_convert.h"

#include <cstring>
#include <vector>

namespace embedscope {

/// Puts the entries of a list column back together into rows, by their levels (Melnik et al. 2010,
/// "Dremel", section 4.1), for a sink with add(floats, count), addMissing() and endRow().
template <typename Sink> class ListWalker
{
public:
    ListWalker(const ParquetLeaf& leaf, Sink& sink)
        : m_leaf(leaf)
        , m_sink(sink)
    {
    }

    /// Malformed, without a place, where the first row does not begin a list.
    Status take(const ParquetBatch& batch, const ParquetColumn& column)
    {
        const std::byte* values
            = parquetFloats(m_leaf.node, batch.values, batch.valueCount, m_room);
        const bool isFull = batch.valueCount == batch.entries;
        const std::uint8_t* const repetition = batch.repetition;
        for (Index begin = 0; begin < batch.entries;) {
            if (repetition[begin] == 0) {
                if (m_isOpen)
                    EMBEDSCOPE_TRY(m_sink.endRow());
                m_isOpen = true;
            } else if (!m_isOpen) {
                return column.damaged("its first list has no beginning");
            }
            // To where the next row begins.
            const Index left = batch.entries - begin - 1;
            const void* const next
                = std::memchr(repetition + begin + 1, 0, static_cast<std::size_t>(left));
            const Index end = next == nullptr ? batch.entries
                                              : static_cast<const std::uint8_t*>(next) - repetition;
            if (isFull) {
                EMBEDSCOPE_TRY(m_sink.add(values, end - begin));
                values += static_cast<std::size_t>(end - begin) * sizeof(float);
            } else {
                EMBEDSCOPE_TRY(takeEach(batch.definition + begin, end - begin, values));
            }
            begin = end;
        }
        return {};
    }

    /// After the last batch.
    Status finish() { return m_isOpen ? m_sink.endRow() : Status(); }

private:
    Status takeEach(const std::uint8_t* definition, Index count, const std::byte*& values)
    {
        for (Index i = 0; i < count; ++i) {
            if (definition[i] == m_leaf.maxDefinition) {
                EMBEDSCOPE_TRY(m_sink.add(values, 1));
                values += sizeof(float);
            } else if (definition[i] >= m_leaf.repeatedDefinition) {
                EMBEDSCOPE_TRY(m_sink.addMissing());
            }
        }
        return {};
    }

    const ParquetLeaf& m_leaf;
    Sink& m_sink;
    bool m_isOpen = false;
    std::vector<float> m_room;
};

} // namespace embedscope
