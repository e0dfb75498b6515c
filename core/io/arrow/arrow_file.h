#pragma once

#include "core/base/index.h"
#include "core/base/result.h"
#include "core/io/arrow/arrow_schema.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/columnar/codecs.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// A stretch of a file that holds a buffer; proved to lie inside the file.
struct ArrowBuffer
{
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};

/// A node of the schema in one batch.
struct ArrowArray
{
    Index length = 0;
    Index nulls = 0;
    std::size_t firstBuffer = 0;
    std::size_t bufferCount = 0;
};

/// A record batch, or the values of a dictionary.
struct ArrowBatch
{
    Index rows = 0;
    std::size_t firstNode = 0; ///< Of the schema: 0, or the field that a dictionary belongs to.
    std::vector<ArrowArray>
        arrays; ///< One a node from there on; of children of dictionaries unused.
    std::vector<ArrowBuffer> buffers;
    Codec codec = Codec::None;
    /// Where compressed buffers begin with their expanded length.
    bool isCompressed = false;
    /// For each dictionary the batches that make it up when this batch is read.
    std::shared_ptr<const std::map<std::int64_t, std::vector<std::size_t>>> dictionaries;
};

/// What an Arrow file (IPC file or stream, Feather 1 and 2) holds, without the values.
struct ArrowFile
{
    ArrowSchema schema;
    std::vector<ArrowBatch> batches;
    std::vector<ArrowBatch> dictionaryBatches;
    Index rows = 0;
    std::vector<std::string> warnings;

    const ArrowArray& array(const ArrowBatch& batch, std::size_t node) const
    {
        return batch.arrays[node - batch.firstNode];
    }
};

/// Reads the metadata of a file or a stream. Truncated, Malformed or Unsupported, with the place.
Result<ArrowFile> readArrowFile(const ByteSource& source);

/// The same of Feather version 1, which has a layout of its own.
Result<ArrowFile> readFeather1(const ByteSource& source);

/// The bytes begin an Arrow stream: a message that holds a schema.
bool isArrowStream(std::string_view head);

} // namespace embedscope
