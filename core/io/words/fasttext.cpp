#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/readers.h"
#include "core/io/tensors/tensor_choice.h"
#include "core/io/words/fasttext_model.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

constexpr std::string_view kWords = "words";
constexpr std::string_view kLabels = "labels";
constexpr Index kWordsPerBlock = 512;
/// An input matrix up to this size is read whole; a larger one row by row as words need them.
constexpr std::uint64_t kReadWhole = std::uint64_t{1} << 32U;

/// Rows of the input matrix, from memory where it was read whole, from the file otherwise.
class InputRows
{
public:
    InputRows(const ByteSource& source, const FastTextMatrix& matrix)
        : m_source(source)
        , m_matrix(matrix)
    {
    }

    Status load(const Progress& progress)
    {
        const std::uint64_t total = m_matrix.rows * m_matrix.rowBytes();
        if (total > kReadWhole)
            return {};
        m_bytes.resize(static_cast<std::size_t>(total));
        constexpr Index kPiece = Index{1} << 20U;
        const auto readPiece = [&](Index begin, Index end) -> Status {
            return m_source.read(m_matrix.offset + static_cast<std::uint64_t>(begin),
                std::as_writable_bytes(std::span(m_bytes).subspan(
                    static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin))));
        };
        return readInBlocks(static_cast<Index>(total), kPiece, progress, readPiece);
    }

    /// scratch: rowBytes() long, for rows that are not in memory.
    Status decode(std::uint64_t row, std::vector<std::uint8_t>& scratch, float* out) const
    {
        const std::uint64_t at = row * m_matrix.rowBytes();
        if (!m_bytes.empty()) {
            m_matrix.decode(row, m_bytes.data() + at, out);
            return {};
        }
        EMBEDSCOPE_TRY(
            m_source.read(m_matrix.offset + at, std::as_writable_bytes(std::span(scratch))));
        m_matrix.decode(row, scratch.data(), out);
        return {};
    }

private:
    const ByteSource& m_source;
    const FastTextMatrix& m_matrix;
    std::vector<std::uint8_t> m_bytes;
};

/// A word's vector is the mean of its own row and those of its n-grams, as fastText itself has it.
Result<Matrix> readWords(
    const ByteSource& source, const FastTextModel& model, const Progress& progress)
{
    const auto d = static_cast<std::size_t>(model.dimensions);
    const auto n = static_cast<Index>(model.words.size());
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(n, static_cast<Index>(d)));
    InputRows input(source, model.input);
    EMBEDSCOPE_TRY(input.load(progress.part(0, 0.5)));
    const auto readBlock = [&](Index begin, Index end) -> Status {
        std::vector<std::uint64_t> rows;
        std::vector<std::uint8_t> scratch(static_cast<std::size_t>(model.input.rowBytes()));
        std::vector<float> row(d);
        std::vector<double> sum(d);
        for (Index word = begin; word < end; ++word) {
            model.inputRows(static_cast<std::uint64_t>(word), rows);
            std::fill(sum.begin(), sum.end(), 0.0);
            for (const std::uint64_t inputRow : rows) {
                EMBEDSCOPE_TRY(input.decode(inputRow, scratch, row.data()));
                for (std::size_t j = 0; j < d; ++j)
                    sum[j] += static_cast<double>(row[j]);
            }
            float* const out = matrix.row(word);
            for (std::size_t j = 0; j < d; ++j)
                out[j] = static_cast<float>(sum[j] / static_cast<double>(rows.size()));
        }
        return {};
    };
    EMBEDSCOPE_TRY(readInBlocks(n, kWordsPerBlock, progress.part(0.5, 1), readBlock));
    return matrix;
}

/// A quantised row of a few bytes may stand for any number of values: no more than this many bytes
/// of them for each byte of the file. fastText's own quantiser makes eight.
constexpr std::uint64_t kMaxExpansion = 16;
constexpr std::uint64_t kSmallTable = std::uint64_t{64} << 20U;

Status checkSize(const ByteSource& source, const TensorSummary& tensor)
{
    const auto values = checkedProduct(tensor.shape[0], tensor.shape[1]);
    const auto bytes = values ? checkedProduct(*values, sizeof(float)) : values;
    if (bytes && *bytes / kMaxExpansion <= source.size() + kSmallTable / kMaxExpansion)
        return {};
    return Error{ErrorCode::TooLarge,
        "the fastText model claims a table of " + shapeText(tensor.shape)
            + " values, far more than its bytes can stand for",
        source.path(), {}, {}};
}

/// The rows of the output matrix are the labels of a supervised model.
Result<Matrix> readLabels(
    const ByteSource& source, const FastTextModel& model, const Progress& progress)
{
    const auto n = static_cast<Index>(model.labels.size());
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(n, static_cast<Index>(model.dimensions)));
    const std::uint64_t rowBytes = model.output.rowBytes();
    const auto readBlock = [&](Index begin, Index end) -> Status {
        std::vector<std::uint8_t> raw(static_cast<std::size_t>(end - begin) * rowBytes);
        EMBEDSCOPE_TRY(
            source.read(model.output.offset + static_cast<std::uint64_t>(begin) * rowBytes,
                std::as_writable_bytes(std::span(raw))));
        for (Index row = begin; row < end; ++row) {
            model.output.decode(static_cast<std::uint64_t>(row),
                raw.data() + static_cast<std::uint64_t>(row - begin) * rowBytes, matrix.row(row));
        }
        return {};
    };
    EMBEDSCOPE_TRY(readInBlocks(n, kWordsPerBlock, progress, readBlock));
    return matrix;
}

void addNames(
    const std::vector<std::string>& names, const std::vector<std::int64_t>& counts, Table& table)
{
    TextValues labels;
    Index broken = 0;
    for (const std::string& name : names)
        broken += labels.append(name) ? 0 : 1;
    table.columns.emplace_back("label", std::move(labels));
    table.labelColumn = 0;
    NumberValues numbers;
    numbers.values.assign(counts.begin(), counts.end());
    table.columns.emplace_back("count", std::move(numbers));
    if (broken > 0) {
        table.warnings.push_back(formatCount(broken) + (broken == 1 ? " word is" : " words are")
            + " not valid UTF-8; the broken bytes are shown as a replacement character.");
    }
}

std::vector<TensorSummary> tables(const FastTextModel& model)
{
    const std::string dtype = model.input.isQuantised ? "quantised" : "float32";
    std::vector<TensorSummary> tensors;
    if (!model.words.empty()) {
        tensors.push_back({std::string(kWords), {model.words.size(), model.dimensions}, dtype, 0.9,
            "the words, each the mean of its row and its n-grams'"});
    }
    if (model.hasOutput) {
        tensors.push_back({std::string(kLabels), {model.labels.size(), model.dimensions},
            model.output.isQuantised ? "quantised" : "float32", 0.5,
            "the labels of a supervised model"});
    }
    return tensors;
}

} // namespace

Confidence recognizeFastText(const FileHead& head)
{
    bool isCertain = false;
    if (!looksLikeFastText(head.bytes, head.fileSize, isCertain))
        return head.extension == "ftz" ? Confidence::Extension : Confidence::No;
    return isCertain ? Confidence::Certain : Confidence::Likely;
}

Result<Table> readFastText(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const FastTextModel model, readFastTextModel(source, progress));
    Table table;
    table.provenance.tensors = tables(model);
    if (table.provenance.tensors.empty()) {
        return Error{
            ErrorCode::Malformed, "the fastText model has no words", source.path(), {}, {}};
    }
    EMBEDSCOPE_TRY_ASSIGN(const std::size_t chosen,
        chooseTensor(table.provenance.tensors, options.tensor, source.path(), table.warnings));
    const TensorSummary& tensor = table.provenance.tensors[chosen];
    EMBEDSCOPE_TRY(checkSize(source, tensor));
    table.provenance.tensor = tensor.name;
    table.provenance.dtype = tensor.dtype;
    if (tensor.name == kLabels) {
        EMBEDSCOPE_TRY_ASSIGN(table.vectors, readLabels(source, model, progress));
        addNames(model.labels, model.labelCounts, table);
    } else {
        EMBEDSCOPE_TRY_ASSIGN(table.vectors, readWords(source, model, progress));
        addNames(model.words, model.wordCounts, table);
    }
    table.provenance.notes.push_back(std::string(model.isSupervised ? "Supervised" : "Unsupervised")
        + " fastText model of " + formatCount(static_cast<Index>(model.words.size())) + " words"
        + (model.isSupervised
                ? " and " + formatCount(static_cast<Index>(model.labels.size())) + " labels"
                : "")
        + (model.input.isQuantised ? ", quantised, so that its vectors are approximate." : "."));
    return table;
}

} // namespace embedscope
