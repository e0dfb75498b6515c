#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace embedscope {

/// fastText's binary models, dense and quantised. After fasttext.cc, args.cc, dictionary.cc,
/// densematrix.cc, quantmatrix.cc and productquantizer.cc of fastText, which are the format.

/// Where a matrix lies in the file, and what is needed to make rows of it. Codebooks are read,
/// the values themselves are not.
struct FastTextMatrix
{
    std::uint64_t rows = 0;
    std::uint64_t columns = 0;
    std::uint64_t offset = 0; ///< Of the values or the codes.
    bool isQuantised = false;
    std::uint32_t subquantisers = 0; ///< Codes of a row.
    std::uint32_t subColumns = 0; ///< Values that a code stands for, but for the last.
    std::uint32_t lastColumns = 0;
    std::vector<float> centroids;
    std::vector<std::uint8_t> normCodes; ///< Of each row; empty where norms are in the centroids.
    std::vector<float> norms;

    std::uint64_t rowBytes() const { return isQuantised ? subquantisers : columns * 4; }
    /// A row from its bytes in the file.
    void decode(std::uint64_t row, const std::uint8_t* bytes, float* out) const;
};

struct FastTextModel
{
    bool isSupervised = false;
    std::uint32_t dimensions = 0;
    std::uint32_t bucket = 0;
    std::int32_t minNgram = 0;
    std::int32_t maxNgram = 0;
    std::vector<std::string> words;
    std::vector<std::int64_t> wordCounts;
    std::vector<std::string> labels; ///< Of a supervised model.
    std::vector<std::int64_t> labelCounts;
    bool isPruned = false;
    /// Where the n-grams' rows were pruned: hash to row behind the words.
    std::unordered_map<std::int32_t, std::int32_t> keptNgrams;
    FastTextMatrix input;
    FastTextMatrix output;
    bool hasOutput = false;

    /// The rows of the input matrix that belong to the word's n-grams. Their mean with the word's
    /// own row, which has the word's number, is its vector.
    void ngramRows(std::uint64_t word, std::vector<std::uint64_t>& rows) const;
};

/// Reads and checks everything but the values. Older files without a magic number begin with their
/// arguments.
Result<FastTextModel> readFastTextModel(const ByteSource& source, const Progress& progress);

/// Whether the bytes begin as a model does. `isCertain` is set where that is by the magic number.
bool looksLikeFastText(std::string_view bytes, std::uint64_t fileSize, bool& isCertain);

} // namespace embedscope
