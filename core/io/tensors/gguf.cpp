#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/readers.h"
#include "core/io/tensors/gguf_header.h"
#include "core/io/tensors/tensor_choice.h"
#include "core/io/tensors/tensor_table.h"
#include "core/io/tokens/token_labels.h"

#include <algorithm>
#include <array>
#include <limits>

namespace embedscope {

namespace {

constexpr Index kBlockBytes = Index{1} << 20U;

constexpr auto kTokenTypes = std::to_array<std::string_view>(
    {"undefined", "normal", "unknown", "control", "user-defined", "unused", "byte"});

std::string dtypeOf(const GgufTensor& tensor)
{
    if (tensor.type == nullptr)
        return "type " + std::to_string(tensor.typeId);
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kPlain{{
        {"F32", "float32"},
        {"F16", "float16"},
        {"BF16", "bfloat16"},
        {"F64", "float64"},
        {"I8", "int8"},
        {"I16", "int16"},
        {"I32", "int32"},
        {"I64", "int64"},
    }};
    for (const auto& [own, ours] : kPlain) {
        if (tensor.type->name == own)
            return std::string(ours);
    }
    return std::string(tensor.type->name);
}

Result<Matrix> readTensorValues(const ByteSource& source, const GgufTensor& tensor, Index rows,
    Index columns, const Progress& progress)
{
    const GgufType& type = *tensor.type;
    if (type.name == "F32")
        return readElements(
            source, tensor.offset, ElementType::Float32, false, rows, columns, progress);
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows, columns));
    // A row may be long: blocks of quantised blocks, not of rows.
    const Index blocks = matrix.size() / type.blockValues;
    const auto decode = [&](Index begin, Index end) -> Status {
        std::vector<std::uint8_t> raw(static_cast<std::size_t>(end - begin) * type.blockBytes);
        EMBEDSCOPE_TRY(
            source.read(tensor.offset + static_cast<std::uint64_t>(begin) * type.blockBytes,
                std::as_writable_bytes(std::span(raw))));
        for (Index block = begin; block < end; ++block) {
            type.decode(raw.data() + static_cast<std::size_t>(block - begin) * type.blockBytes,
                matrix.data() + block * type.blockValues);
        }
        return {};
    };
    const Index step = std::max<Index>(1, kBlockBytes / type.blockBytes);
    EMBEDSCOPE_TRY(readInBlocks(blocks, step, progress, decode));
    return matrix;
}

std::string tokenText(const GgufHeader& header, Index token)
{
    const std::string& raw = header.tokens[static_cast<std::size_t>(token)];
    if (header.tokenizer == "gpt2")
        return fromByteLevel(raw);
    if (header.tokenizer == "llama" || header.tokenizer == "t5" || header.tokenizer == "bert")
        return fromSentencePiece(raw);
    return raw;
}

Column typeColumn(const GgufHeader& header, Index rows)
{
    CategoryValues values;
    std::array<std::int32_t, kTokenTypes.size()> codes{};
    codes.fill(-1);
    values.codes.assign(static_cast<std::size_t>(rows), -1);
    for (std::size_t i = 0; i < header.tokenTypes.size(); ++i) {
        const std::int32_t type = header.tokenTypes[i];
        if (type < 0 || static_cast<std::size_t>(type) >= kTokenTypes.size())
            continue;
        auto& code = codes[static_cast<std::size_t>(type)];
        if (code < 0) {
            code = static_cast<std::int32_t>(values.categories.size());
            values.categories.emplace_back(kTokenTypes[static_cast<std::size_t>(type)]);
        }
        values.codes[i] = code;
    }
    return Column("token type", std::move(values));
}

/// Names the rows by the file's own tokenizer where the table can be its table.
void addTokens(const GgufHeader& header, Table& table)
{
    const Index rows = table.vectors.rows();
    const auto tokens = static_cast<Index>(header.tokens.size());
    if (tokens == 0)
        return;
    if (tokens > rows) {
        table.warnings.push_back("The file's tokenizer has " + formatCount(tokens)
            + " tokens, the table " + formatCount(rows) + " rows; the rows are not labelled.");
        return;
    }
    // A layer's weights may have more rows than there are tokens, and are not theirs.
    const bool isTokenTable = tokens == rows || table.provenance.tensor.starts_with("token_embd")
        || table.provenance.tensor.starts_with("output.");
    if (!isTokenTable)
        return;
    TextValues labels;
    for (Index i = 0; i < rows; ++i)
        labels.append(i < tokens ? tokenText(header, i) : "[unused " + std::to_string(i) + ']');
    table.columns.emplace_back("token", std::move(labels));
    table.labelColumn = 0;
    if (!header.tokenTypes.empty())
        table.columns.push_back(typeColumn(header, rows));
    const bool hasScores = std::any_of(
        header.scores.begin(), header.scores.end(), [](float score) { return score != 0; });
    if (hasScores) {
        NumberValues scores;
        scores.values.assign(header.scores.begin(), header.scores.end());
        scores.values.resize(
            static_cast<std::size_t>(rows), std::numeric_limits<double>::quiet_NaN());
        table.columns.emplace_back("score", std::move(scores));
    }
    if (rows > tokens) {
        table.warnings.push_back("The last " + formatCount(rows - tokens)
            + " rows are beyond the vocabulary of " + formatCount(tokens)
            + " tokens; they are labelled as unused.");
    }
}

std::string noteOf(const GgufHeader& header)
{
    if (header.modelName.empty() && header.architecture.empty())
        return {};
    std::string note = "GGUF model";
    if (!header.modelName.empty())
        note += " \"" + printable(header.modelName) + '"';
    if (!header.architecture.empty())
        note += " of the architecture " + printable(header.architecture);
    return note + '.';
}

} // namespace

Confidence recognizeGguf(const FileHead& head)
{
    return head.bytes.starts_with("GGUF") ? Confidence::Certain : Confidence::No;
}

Result<Table> readGguf(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const GgufHeader header, readGgufHeader(source, progress));
    if (header.tensors.empty()) {
        return Error{ErrorCode::Unsupported,
            header.tokens.empty() ? std::string("this GGUF file holds no tensors")
                                  : "this GGUF file holds a vocabulary of "
                    + formatCount(static_cast<Index>(header.tokens.size()))
                    + " tokens but no tensors, so there is no table to show",
            source.path(), {}, {}};
    }
    std::vector<TensorSummary> tensors;
    tensors.reserve(header.tensors.size());
    for (const GgufTensor& tensor : header.tensors) {
        TensorSummary summary{tensor.name, tensor.shape, dtypeOf(tensor), 0, {}};
        judgeTensor(summary, tensor.type != nullptr && tensor.type->decode != nullptr);
        tensors.push_back(std::move(summary));
    }
    Table table;
    EMBEDSCOPE_TRY_ASSIGN(const std::size_t chosen,
        chooseTensor(tensors, options.tensor, source.path(), table.warnings));
    const auto shape = tensorTableShape(tensors[chosen].shape);
    EMBEDSCOPE_TRY_ASSIGN(table.vectors,
        readTensorValues(source, header.tensors[chosen], shape->rows, shape->columns, progress));
    if (!shape->warning.empty())
        table.warnings.push_back(shape->warning);
    table.provenance.dtype = tensors[chosen].dtype;
    table.provenance.tensor = tensors[chosen].name;
    table.provenance.tensors = std::move(tensors);
    if (std::string note = noteOf(header); !note.empty())
        table.provenance.notes.push_back(std::move(note));
    addTokens(header, table);
    return table;
}

} // namespace embedscope
