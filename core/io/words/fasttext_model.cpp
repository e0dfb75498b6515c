#include "core/io/words/fasttext_model.h"

#include "core/base/text.h"
#include "core/io/bytes/byte_cursor.h"
#include "core/io/bytes/read_blocks.h"

#include <array>
#include <cstring>

namespace embedscope {

namespace {

constexpr std::int32_t kMagic = 793712314;
constexpr std::int32_t kNewestVersion = 12;
constexpr std::int32_t kVersionWithNgramsForLabels = 11;
constexpr std::int32_t kSupervised = 3;
constexpr std::uint64_t kLeastEntryBytes = 1 + 8 + 1;
constexpr std::uint64_t kMaxWordBytes = 1U << 20U;
constexpr std::int32_t kMaxDimensions = 1 << 24;
constexpr std::int32_t kMaxBucket = 2'000'000'000;
constexpr int kCentroids = 256;
constexpr std::uint64_t kStopEvery = 1U << 14U;

struct Arguments
{
    std::int32_t dim, ws, epoch, minCount, neg, wordNgrams, loss, model, bucket, minn, maxn,
        lrUpdateRate;
};
static_assert(sizeof(Arguments) == 48);
constexpr std::uint64_t kArgumentBytes = sizeof(Arguments) + 8; // and a double

bool isPlausible(const Arguments& a)
{
    return a.dim > 0 && a.dim <= kMaxDimensions && a.loss >= 1 && a.loss <= 4 && a.model >= 1
        && a.model <= 3 && a.bucket >= 0 && a.bucket <= kMaxBucket && a.minn >= 0 && a.minn < 1000
        && a.maxn >= 0 && a.maxn < 1000 && a.ws >= 0 && a.epoch >= 0 && a.minCount >= 0
        && a.neg >= 0 && a.wordNgrams >= 0;
}

class ModelReader
{
public:
    ModelReader(const ByteSource& source, const Progress& progress)
        : m_cursor(source, "fastText model")
        , m_progress(progress)
    {
    }

    Result<FastTextModel> read()
    {
        EMBEDSCOPE_TRY(readArguments());
        EMBEDSCOPE_TRY(readDictionary());
        bool isQuantised = false;
        if (m_hasFlags) {
            EMBEDSCOPE_TRY_ASSIGN(const auto flag, m_cursor.number<std::uint8_t>());
            isQuantised = flag != 0;
        }
        if (!isQuantised && m_model.isPruned) {
            return malformed("the fastText model has a pruned dictionary but no quantised matrix");
        }
        EMBEDSCOPE_TRY(readMatrix(m_model.input, isQuantised));
        EMBEDSCOPE_TRY(checkInput());
        bool isOutputQuantised = false;
        if (m_hasFlags) {
            EMBEDSCOPE_TRY_ASSIGN(const auto flag, m_cursor.number<std::uint8_t>());
            isOutputQuantised = isQuantised && flag != 0;
        }
        EMBEDSCOPE_TRY(readMatrix(m_model.output, isOutputQuantised));
        m_model.hasOutput = m_model.isSupervised && !m_model.labels.empty()
            && m_model.output.rows == m_model.labels.size()
            && m_model.output.columns == m_model.dimensions;
        return std::move(m_model);
    }

private:
    Error malformed(std::string detail) const
    {
        return Error{ErrorCode::Malformed, std::move(detail), m_cursor.source().path(),
            m_cursor.position(), {}};
    }

    Status readArguments()
    {
        EMBEDSCOPE_TRY_ASSIGN(const auto magic, m_cursor.number<std::int32_t>());
        std::int32_t version = 0;
        if (magic == kMagic) {
            EMBEDSCOPE_TRY_ASSIGN(version, m_cursor.number<std::int32_t>());
            if (version < kVersionWithNgramsForLabels || version > kNewestVersion) {
                return Error{ErrorCode::Unsupported,
                    "version " + std::to_string(version)
                        + " of fastText's format is not read; 11 and 12 are, and files without a "
                          "version",
                    m_cursor.source().path(), 4, {}};
            }
        } else {
            m_hasFlags = false;
            m_cursor.seek(0);
        }
        Arguments a{};
        EMBEDSCOPE_TRY(m_cursor.read(std::as_writable_bytes(std::span(&a, 1))));
        EMBEDSCOPE_TRY(m_cursor.skip(8));
        if (!isPlausible(a))
            return malformed("the fastText model's settings are out of range");
        m_model.isSupervised = a.model == kSupervised;
        m_model.dimensions = static_cast<std::uint32_t>(a.dim);
        m_model.bucket = static_cast<std::uint32_t>(a.bucket);
        m_model.minNgram = a.minn;
        m_model.maxNgram = a.maxn;
        // Up to version 11 supervised models were trained without n-grams, whatever they say.
        if (version == kVersionWithNgramsForLabels && m_model.isSupervised)
            m_model.maxNgram = 0;
        return {};
    }

    Status readDictionary()
    {
        EMBEDSCOPE_TRY_ASSIGN(const auto size, m_cursor.number<std::int32_t>());
        EMBEDSCOPE_TRY_ASSIGN(const auto wordCount, m_cursor.number<std::int32_t>());
        EMBEDSCOPE_TRY_ASSIGN(const auto labelCount, m_cursor.number<std::int32_t>());
        EMBEDSCOPE_TRY(m_cursor.skip(8)); // tokens in the training text
        std::int64_t pruned = -1;
        if (m_hasFlags) {
            EMBEDSCOPE_TRY_ASSIGN(pruned, m_cursor.number<std::int64_t>());
        }
        if (size < 0 || wordCount < 0 || labelCount < 0
            || std::int64_t{wordCount} + labelCount != size)
            return malformed("the fastText model's dictionary counts " + std::to_string(wordCount)
                + " words and " + std::to_string(labelCount) + " labels but " + std::to_string(size)
                + " entries");
        if (static_cast<std::uint64_t>(size) > m_cursor.remaining() / kLeastEntryBytes)
            return m_cursor.truncated();
        for (std::int32_t i = 0; i < size; ++i) {
            if (static_cast<std::uint64_t>(i) % kStopEvery == 0 && m_progress.stopRequested())
                return stoppedError();
            EMBEDSCOPE_TRY_ASSIGN(std::string word, m_cursor.textUpTo('\0', kMaxWordBytes));
            EMBEDSCOPE_TRY_ASSIGN(const auto count, m_cursor.number<std::int64_t>());
            EMBEDSCOPE_TRY_ASSIGN(const auto type, m_cursor.number<std::int8_t>());
            if (type != (i < wordCount ? 0 : 1))
                return malformed("the fastText model's dictionary mixes words and labels");
            (type == 0 ? m_model.words : m_model.labels).push_back(std::move(word));
            (type == 0 ? m_model.wordCounts : m_model.labelCounts).push_back(count);
        }
        m_model.isPruned = pruned >= 0;
        if (pruned > 0) {
            if (static_cast<std::uint64_t>(pruned) > m_cursor.remaining() / 8)
                return m_cursor.truncated();
            for (std::int64_t i = 0; i < pruned; ++i) {
                EMBEDSCOPE_TRY_ASSIGN(const auto from, m_cursor.number<std::int32_t>());
                EMBEDSCOPE_TRY_ASSIGN(const auto to, m_cursor.number<std::int32_t>());
                m_model.keptNgrams[from] = to;
            }
        }
        return {};
    }

    Result<std::pair<std::uint64_t, std::uint64_t>> readShape()
    {
        EMBEDSCOPE_TRY_ASSIGN(const auto rows, m_cursor.number<std::int64_t>());
        EMBEDSCOPE_TRY_ASSIGN(const auto columns, m_cursor.number<std::int64_t>());
        if (rows < 0 || columns < 0 || columns > kMaxDimensions)
            return malformed("a matrix of the fastText model has an impossible shape");
        return std::pair(static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns));
    }

    Status readMatrix(FastTextMatrix& matrix, bool isQuantised)
    {
        matrix.isQuantised = isQuantised;
        bool hasNorms = false;
        if (isQuantised) {
            EMBEDSCOPE_TRY_ASSIGN(const auto flag, m_cursor.number<std::uint8_t>());
            hasNorms = flag != 0;
        }
        EMBEDSCOPE_TRY_ASSIGN(const auto shape, readShape());
        matrix.rows = shape.first;
        matrix.columns = shape.second;
        if (!isQuantised) {
            matrix.offset = m_cursor.position();
            const auto values = checkedProduct(matrix.rows, matrix.columns);
            const auto bytes = values ? checkedProduct(*values, 4) : values;
            return bytes ? m_cursor.skip(*bytes) : Status(m_cursor.truncated());
        }
        EMBEDSCOPE_TRY_ASSIGN(const auto codeBytes, m_cursor.number<std::int32_t>());
        if (codeBytes < 0)
            return malformed("the fastText model's codes have a negative length");
        matrix.offset = m_cursor.position();
        EMBEDSCOPE_TRY(m_cursor.skip(static_cast<std::uint64_t>(codeBytes)));
        EMBEDSCOPE_TRY(readQuantiser(matrix));
        const auto needed = checkedProduct(matrix.rows, matrix.subquantisers);
        if (!needed || *needed != static_cast<std::uint64_t>(codeBytes))
            return malformed("the fastText model's codes do not fit its quantiser");
        if (!hasNorms)
            return {};
        EMBEDSCOPE_TRY_ASSIGN(const std::string codes, m_cursor.text(matrix.rows));
        matrix.normCodes.assign(codes.begin(), codes.end());
        FastTextMatrix norms;
        norms.columns = 1;
        EMBEDSCOPE_TRY(readQuantiser(norms));
        matrix.norms = std::move(norms.centroids);
        return {};
    }

    Status readQuantiser(FastTextMatrix& matrix)
    {
        std::array<std::int32_t, 4> n{}; // dim, nsubq, dsub, lastdsub
        EMBEDSCOPE_TRY(m_cursor.read(std::as_writable_bytes(std::span(n))));
        const auto [dim, parts, part, last] = n;
        const bool fits = dim > 0 && static_cast<std::uint64_t>(dim) == matrix.columns && parts > 0
            && part > 0 && last > 0 && last <= part && std::int64_t{parts - 1} * part + last == dim;
        if (!fits)
            return malformed("the fastText model's quantiser does not fit its matrix");
        const auto count = static_cast<std::uint64_t>(dim) * kCentroids;
        if (count > m_cursor.remaining() / 4)
            return m_cursor.truncated();
        matrix.subquantisers = static_cast<std::uint32_t>(parts);
        matrix.subColumns = static_cast<std::uint32_t>(part);
        matrix.lastColumns = static_cast<std::uint32_t>(last);
        matrix.centroids.resize(static_cast<std::size_t>(count));
        return m_cursor.read(std::as_writable_bytes(std::span(matrix.centroids)));
    }

    /// Rows for the words, then for the n-grams: all of them, or those that were kept.
    Status checkInput()
    {
        const std::uint64_t ngrams
            = m_model.isPruned ? m_model.keptNgrams.size() : std::uint64_t{m_model.bucket};
        if (m_model.input.columns != m_model.dimensions
            || m_model.input.rows != m_model.words.size() + ngrams) {
            return malformed("the fastText model's matrix has "
                + formatCount(static_cast<Index>(m_model.input.rows)) + " x "
                + formatCount(static_cast<Index>(m_model.input.columns))
                + " values, which does not fit its "
                + formatCount(static_cast<Index>(m_model.words.size())) + " words and "
                + formatCount(static_cast<Index>(ngrams)) + " n-gram buckets");
        }
        for (const auto& [hash, row] : m_model.keptNgrams) {
            if (row < 0 || static_cast<std::uint64_t>(row) >= ngrams)
                return malformed("a kept n-gram of the fastText model has no row");
        }
        return {};
    }

    ByteCursor m_cursor;
    const Progress& m_progress;
    FastTextModel m_model;
    bool m_hasFlags = true; ///< False for files without a magic number, which know no quantising.
};

/// FNV-1a, a byte at a time, with bytes taken as signed, as fastText has had it from its beginning.
constexpr std::uint32_t kHashStart = 2166136261U;

std::uint32_t hashOn(std::uint32_t hash, char byte)
{
    return (hash ^ static_cast<std::uint32_t>(static_cast<std::int8_t>(byte))) * 16777619U;
}

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

} // namespace

void FastTextMatrix::decode(std::uint64_t row, const std::uint8_t* bytes, float* out) const
{
    if (!isQuantised) {
        std::memcpy(out, bytes, static_cast<std::size_t>(columns) * sizeof(float));
        return;
    }
    const float norm = normCodes.empty() ? 1.0F : norms[normCodes[static_cast<std::size_t>(row)]];
    for (std::uint32_t part = 0; part < subquantisers; ++part) {
        const std::size_t length = part + 1 == subquantisers ? lastColumns : subColumns;
        const std::size_t first
            = std::size_t{part} * kCentroids * subColumns + bytes[part] * length;
        for (std::size_t j = 0; j < length; ++j)
            out[part * subColumns + j] = norm * centroids[first + j];
    }
}

void FastTextModel::ngramRows(std::uint64_t word, std::vector<std::uint64_t>& rows) const
{
    rows.clear();
    const std::string& own = words[static_cast<std::size_t>(word)];
    if (own == "</s>" || maxNgram <= 0 || bucket == 0)
        return;
    const std::string bounded = '<' + own + '>';
    for (std::size_t begin = 0; begin < bounded.size(); ++begin) {
        if (isContinuation(bounded[begin]))
            continue;
        std::size_t end = begin;
        std::uint32_t hash = kHashStart;
        for (std::int32_t n = 1; n <= maxNgram && end < bounded.size(); ++n) {
            do
                hash = hashOn(hash, bounded[end++]);
            while (end < bounded.size() && isContinuation(bounded[end]));
            // The signs of beginning and end alone are no n-grams.
            if (n < minNgram || (n == 1 && (begin == 0 || end == bounded.size())))
                continue;
            const auto place = static_cast<std::int32_t>(hash % bucket);
            if (!isPruned) {
                rows.push_back(words.size() + static_cast<std::uint64_t>(place));
            } else if (const auto kept = keptNgrams.find(place); kept != keptNgrams.end()) {
                rows.push_back(words.size() + static_cast<std::uint64_t>(kept->second));
            }
        }
    }
}

Result<FastTextModel> readFastTextModel(const ByteSource& source, const Progress& progress)
{
    return ModelReader(source, progress).read();
}

bool looksLikeFastText(std::string_view bytes, std::uint64_t fileSize, bool& isCertain)
{
    isCertain = false;
    std::int32_t magic = 0;
    if (bytes.size() < sizeof magic)
        return false;
    std::memcpy(&magic, bytes.data(), sizeof magic);
    if (magic == kMagic) {
        isCertain = true;
        return true;
    }
    // Without a magic number: settings within their ranges, and a dictionary that adds up.
    constexpr std::size_t kDictionary = kArgumentBytes;
    std::array<std::int32_t, 3> counts{};
    if (bytes.size() < kDictionary + sizeof counts)
        return false;
    Arguments a{};
    std::memcpy(&a, bytes.data(), sizeof a);
    std::memcpy(counts.data(), bytes.data() + kDictionary, sizeof counts);
    return isPlausible(a) && a.dim <= 10000 && a.ws <= 1000 && counts[0] > 0 && counts[1] > 0
        && counts[2] >= 0 && std::int64_t{counts[1]} + counts[2] == counts[0]
        && static_cast<std::uint64_t>(counts[0]) < fileSize / kLeastEntryBytes;
}

} // namespace embedscope
