#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/readers.h"
#include "core/io/tensors/gguf_header.h"
#include "core/io/tensors/tensor_choice.h"
#include "core/io/tensors/tensor_table.h"
#include "core/io/tokens/gguf_vocabulary.h"
#include "core/io/tokens/token_columns.h"

#include <algorithm>
#include <array>

namespace embedscope {

namespace {

constexpr Index kBlockBytes = Index{1} << 20U;

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

Result<Matrix> readTensorValues(const ByteSource& source, const GgufTensor& tensor,
    const RowSubset& rows, Index columns, const Progress& progress)
{
    const GgufType& type = *tensor.type;
    if (type.name == "F32")
        return readElements(
            source, tensor.offset, ElementType::Float32, false, rows, columns, progress);
    if (!rows.isAll()) {
        const auto put = [&](const std::byte* bytes, float* out) {
            const auto* block = reinterpret_cast<const std::uint8_t*>(bytes);
            for (Index j = 0; j < columns; j += type.blockValues, block += type.blockBytes)
                type.decode(block, out + j);
        };
        return readRows(source, tensor.offset, tensor.rowBytes, rows, columns, put, {}, progress);
    }
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows.count(), columns));
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

/// Names the rows by the file's own tokenizer where the table can be its table.
void addTokens(GgufHeader header, Table& table)
{
    const Index rows = table.fileRows();
    const auto tokens = static_cast<Index>(header.tokens.size());
    if (tokens == 0)
        return;
    if (tokens > rows) {
        table.warnings.push_back("The file's tokenizer has " + formatCount(tokens)
            + " tokens, the table " + formatCount(rows) + " rows; the rows are not labelled.");
        return;
    }
    // A layer's weights may have more rows than there are tokens, and are not theirs.
    if (tokens != rows && !isNamedLikeTokens(table.provenance.tensor))
        return;
    table.columns = tokenColumns(vocabularyOf(std::move(header)), rows, table.warnings);
    table.labelColumn = 0;
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

std::vector<TensorSummary> summariesOf(const GgufHeader& header)
{
    std::vector<TensorSummary> tensors;
    tensors.reserve(header.tensors.size());
    for (const GgufTensor& tensor : header.tensors) {
        TensorSummary summary{tensor.name, tensor.shape, dtypeOf(tensor), 0, {}};
        judgeTensor(summary, tensor.type != nullptr && tensor.type->decode != nullptr);
        tensors.push_back(std::move(summary));
    }
    return tensors;
}

} // namespace

Confidence recognizeGguf(const FileHead& head)
{
    return head.bytes.starts_with("GGUF") ? Confidence::Certain : Confidence::No;
}

Result<Table> readGguf(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(GgufHeader header, readGgufHeader(source, progress));
    if (header.tensors.empty()) {
        return Error{ErrorCode::Unsupported,
            header.tokens.empty() ? std::string("this GGUF file holds no tensors")
                                  : "this GGUF file holds a vocabulary of "
                    + formatCount(static_cast<Index>(header.tokens.size()))
                    + " tokens but no tensors, so there is no table to show",
            source.path(), {}, {}};
    }
    std::vector<TensorSummary> tensors = summariesOf(header);
    Table table;
    EMBEDSCOPE_TRY_ASSIGN(const std::size_t chosen,
        chooseTensor(tensors, options.tensor, source.path(), table.provenance.notes));
    const auto shape = tensorTableShape(tensors[chosen].shape);
    EMBEDSCOPE_TRY_ASSIGN(
        const RowSubset rows, chosenRows(options.rows, shape->rows, source.path()));
    EMBEDSCOPE_TRY_ASSIGN(table.vectors,
        readTensorValues(source, header.tensors[chosen], rows, shape->columns, progress));
    table.provenance.rows = rows;
    if (!shape->warning.empty())
        table.warnings.push_back(shape->warning);
    table.provenance.dtype = tensors[chosen].dtype;
    table.provenance.tensor = tensors[chosen].name;
    table.provenance.tensors = std::move(tensors);
    if (std::string note = noteOf(header); !note.empty())
        table.provenance.notes.push_back(std::move(note));
    if (options.tokenizerPath.empty())
        addTokens(std::move(header), table);
    return table;
}

Result<std::vector<TensorSummary>> listGguf(
    const ByteSource& source, const ReadOptions& /*options*/, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const GgufHeader header, readGgufHeader(source, progress));
    return summariesOf(header);
}

} // namespace embedscope
