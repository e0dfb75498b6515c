#pragma once

#include "core/base/result.h"
#include "core/io/parquet/parquet_pages.h"
#include "core/io/parquet/parquet_schema.h"
#include "core/io/parquet/parquet_values.h"
#include "core/io/parquet/run_length.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// What reading a column needs to know of its file.
struct ParquetFile
{
    const ByteSource& source;
    const ParquetFooter& footer;
    const ExpansionBudget& budget;
};

/// A stretch of a column chunk: up to a few thousand entries with their levels and the values of
/// those that are there. For a flat column an entry is a row.
struct ParquetBatch
{
    Index entries = 0;
    const std::uint8_t* repetition = nullptr; ///< Null where the column does not repeat.
    const std::uint8_t* definition = nullptr; ///< Null where every entry has a value.
    Index valueCount = 0; ///< Entries whose definition is the largest.
    ParquetValues values;
};

/// Reads one column chunk, page by page and batch by batch.
class ParquetColumn
{
public:
    static Result<std::unique_ptr<ParquetColumn>> open(
        const ParquetFile& file, const ParquetLeaf& leaf, std::size_t column, std::size_t group);

    /// The next batch; nullptr at the end of the chunk. Valid until the next call.
    Result<const ParquetBatch*> next();

    Error damaged(const std::string& detail) const;

private:
    ParquetColumn(
        const ParquetFile& file, const ParquetLeaf& leaf, const ParquetChunk& chunk, Codec codec);

    Status startPage();
    Status takeDictionary(ParquetPage page);
    Status startLevels(std::span<const std::byte>& rest);
    Status cutLevels1(std::span<const std::byte>& rest, int most, std::int32_t encoding,
        std::vector<std::byte>& old, RunLengthDecoder& levels) const;

    const ParquetFile m_file;
    const ParquetLeaf& m_leaf;
    ParquetStorage m_storage;
    ParquetPages m_pages;
    Index m_left; ///< Entries of the chunk that no page has given yet.
    std::optional<ParquetDictionary> m_dictionary;
    ParquetPage m_page;
    Index m_leftInPage = 0;
    std::vector<std::byte> m_oldRepetition;
    std::vector<std::byte> m_oldDefinition;
    RunLengthDecoder m_repetition;
    RunLengthDecoder m_definition;
    std::unique_ptr<ParquetDecoder> m_decoder;
    PlainVector<std::uint8_t> m_repetitionLevels;
    PlainVector<std::uint8_t> m_definitionLevels;
    ParquetBatch m_batch;
};

} // namespace embedscope
