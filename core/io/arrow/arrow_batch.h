#pragma once

#include "core/io/arrow/arrow_file.h"

#include <optional>

namespace embedscope {

/// Where the body of a message lies, and what kind of metadata it has.
struct ArrowBody
{
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    bool isVersion4 = false; ///< Unions carry validity.
};

/// From a RecordBatch table: which buffer belongs to which node, in the order in which the format
/// counts them. `root`: the field whose dictionary this is, or nullopt for a batch of rows.
/// nullopt where its counts contradict the schema or a buffer lies outside the body.
std::optional<ArrowBatch> readArrowBatch(const ArrowSchema& schema, FlatBuffer& buffer,
    const FlatTable& table, const ArrowBody& body, std::optional<std::size_t> root);

/// Validity, offsets and values, as far as a type has them; without the buffers of views, whose
/// number stands in the batch.
std::size_t arrowBufferCount(const ArrowType& type, bool isVersion4);

} // namespace embedscope
