#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/readers.h"
#include "core/io/tensors/tensor_choice.h"
#include "core/io/words/fasttext_model.h"
#include "core/io/words/fasttext_words.h"

namespace embedscope {

namespace {

constexpr std::string_view kWords = "words";
constexpr std::string_view kLabels = "labels";

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
        chooseTensor(
            table.provenance.tensors, options.tensor, source.path(), table.provenance.notes));
    const TensorSummary& tensor = table.provenance.tensors[chosen];
    EMBEDSCOPE_TRY(checkSize(source, tensor));
    table.provenance.tensor = tensor.name;
    table.provenance.dtype = tensor.dtype;
    if (tensor.name == kLabels) {
        // The rows of the output matrix are the labels of a supervised model.
        EMBEDSCOPE_TRY_ASSIGN(table.vectors,
            readMatrixRows(
                source, model.output, static_cast<Index>(model.labels.size()), progress));
        addNames(model.labels, model.labelCounts, table);
    } else {
        EMBEDSCOPE_TRY_ASSIGN(const RowSubset words,
            chosenRows(options.rows, static_cast<Index>(model.words.size()), source.path()));
        EMBEDSCOPE_TRY_ASSIGN(
            table.vectors, readWordVectors(source, model, words, kLeastBandBytes, progress));
        table.provenance.rows = words;
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
