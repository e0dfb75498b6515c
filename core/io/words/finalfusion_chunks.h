#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/columns.h"
#include "core/data/matrix.h"
#include "core/io/bytes/byte_source.h"

#include <cstdint>
#include <string>
#include <vector>

namespace embedscope {

/// finalfusion's container: a header that lists chunks, then the chunks, little-endian. After its
/// FORMAT.md and, where that is silent, what its library writes.

enum class FinalfusionChunkId : std::uint32_t
{
    SimpleVocabulary = 1,
    Array = 2,
    BucketVocabulary = 3,
    QuantisedArray = 4,
    Metadata = 5,
    Norms = 6,
    FastTextVocabulary = 7,
    ExplicitVocabulary = 8,
    FloretVocabulary = 9,
};

struct FinalfusionChunk
{
    FinalfusionChunkId id;
    std::uint64_t begin = 0; ///< Of its data, from the beginning of the file.
    std::uint64_t end = 0; ///< Within the file.
};

/// Malformed, Truncated or Unsupported (a later version) where the list is not what follows.
Result<std::vector<FinalfusionChunk>> readFinalfusionChunks(const ByteSource& source);

/// The words of a vocabulary of any kind, in the order of their rows. n-grams are left unread: a
/// word's vector is its row alone.
Result<TextValues> readFinalfusionWords(
    const ByteSource& source, const FinalfusionChunk& chunk, const Progress& progress);

/// The first `rows` vectors, with the columns that the file says; Malformed where it has fewer.
/// Those of a quantised array are put together from their centroids, turned back where they were
/// projected, and scaled by their norms (Jégou et al. 2011; Ge et al. 2013).
Result<Matrix> readFinalfusionArray(
    const ByteSource& source, const FinalfusionChunk& chunk, Index rows, const Progress& progress);

/// Of the first `rows` words, before they were brought to unit length.
Result<NumberValues> readFinalfusionNorms(
    const ByteSource& source, const FinalfusionChunk& chunk, Index rows);

} // namespace embedscope
