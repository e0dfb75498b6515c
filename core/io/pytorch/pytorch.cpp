#include "core/base/list_text.h"
#include "core/base/text.h"
#include "core/data/select_rows.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/known_files.h"
#include "core/io/pytorch/pytorch_files.h"
#include "core/io/readers.h"
#include "core/io/tensors/tensor_choice.h"
#include "core/io/tensors/tensor_table.h"

#include <algorithm>
#include <array>

namespace embedscope {

namespace {

constexpr auto kExtensions = std::to_array<std::string_view>({"pt", "pth", "ckpt"});
constexpr std::size_t kNamesInWarning = 6;
/// A view with stride 0 repeats values: a few bytes could ask for any amount of memory.
constexpr std::uint64_t kMaxExpansion = 4;
constexpr std::uint64_t kSmallTensor = 1U << 16U;

Error expanded(const TorchTensor& tensor, const std::string& path)
{
    return Error{ErrorCode::TooLarge,
        "the tensor \"" + printable(tensor.name.substr(0, 200)) + "\" has "
            + formatCount(static_cast<Index>(tensor.count)) + " values on a storage of "
            + formatCount(static_cast<Index>(tensor.extent)) + ", which repeats them too often",
        path, {}, {}};
}

/// Walks a strided view in row-major order.
class StridedView
{
public:
    explicit StridedView(const TorchTensor& tensor)
        : m_tensor(tensor)
        , m_index(tensor.shape.size())
    {
    }
    std::uint64_t position() const { return m_position; }
    void advance()
    {
        for (std::size_t i = m_index.size(); i-- > 0;) {
            m_position += m_tensor.strides[i];
            if (++m_index[i] < m_tensor.shape[i])
                return;
            m_position -= m_tensor.strides[i] * m_tensor.shape[i];
            m_index[i] = 0;
        }
    }

private:
    const TorchTensor& m_tensor;
    std::vector<std::uint64_t> m_index;
    std::uint64_t m_position = 0;
};

Result<Matrix> readValues(const TorchFile& file, const TorchTensor& tensor, const std::string& path,
    Index rows, Index columns, const Progress& progress)
{
    if (tensor.count > kSmallTensor && tensor.count / kMaxExpansion > tensor.extent)
        return expanded(tensor, path);
    EMBEDSCOPE_TRY(file.checkStorage(tensor));
    const ElementType type = *tensor.storage.type;
    const std::size_t item = elementBytes(type);
    // The values in the order of the file: the table itself, or what it is picked from.
    const auto extent = static_cast<Index>(tensor.extent);
    EMBEDSCOPE_TRY_ASSIGN(Matrix values,
        tensor.isContiguous ? Matrix::allocate(rows, columns) : Matrix::allocate(1, extent));
    float* out = values.data();
    const auto convert = [&](std::span<const std::byte> piece) -> Status {
        const auto count = static_cast<Index>(piece.size() / item);
        toFloats(type, file.isBigEndian(), piece.data(), count, out);
        out += count;
        return {};
    };
    EMBEDSCOPE_TRY(file.readExtent(tensor, convert, progress));
    if (tensor.isContiguous)
        return values;
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows, columns));
    StridedView view(tensor);
    for (Index i = 0; i < matrix.size(); ++i, view.advance())
        matrix.data()[i] = values.data()[view.position()];
    return matrix;
}

std::string listed(const std::vector<std::string>& names)
{
    return listText(names.size(), kNamesInWarning,
        [&](std::size_t i) { return printable(names[i].substr(0, 120)); });
}

/// Words that were saved beside the vectors, as torchtext does.
void addNames(const TorchContents& contents, Table& table)
{
    if (table.labelColumn || table.fileRows() < 2)
        return;
    for (const auto& names : contents.nameLists) {
        if (static_cast<Index>(names.size()) != table.fileRows())
            continue;
        TextValues labels;
        for (const std::string& name : names)
            labels.append(name);
        table.labelColumn = table.columns.size();
        table.columns.emplace_back("label", std::move(labels));
        return;
    }
}

Result<std::unique_ptr<TorchFile>> openTorch(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(0, 64));
    if (isZipArchive(head))
        return openTorchZip(source, options, progress);
    if (isTorchLegacy(head))
        return openTorchLegacy(source, progress);
    if (isTorchTar(source))
        return openTorchTar(source, progress);
    return Error{ErrorCode::Malformed,
        "the file begins neither as a PyTorch archive (ZIP or tar) nor as an old PyTorch file",
        source.path(), 0, {}};
}

std::vector<TensorSummary> summariesOf(const TorchContents& contents)
{
    std::vector<TensorSummary> tensors;
    tensors.reserve(contents.tensors.size());
    for (const TorchTensor& tensor : contents.tensors) {
        TensorSummary summary{tensor.name, tensor.shape, tensor.dtype, 0, {}};
        judgeTensor(summary, tensor.storage.type.has_value());
        tensors.push_back(std::move(summary));
    }
    return tensors;
}

InversionFacts factsOf(const TorchContents& contents, const std::string& path)
{
    InversionFacts facts = contents.facts;
    facts.fileStem = fileStem(path);
    return facts;
}

} // namespace

Confidence recognizePyTorch(const FileHead& head)
{
    const bool hasPickle
        = std::any_of(head.members.begin(), head.members.end(), [](const std::string& member) {
              return member == "data.pkl" || member.ends_with("/data.pkl");
          });
    if (hasPickle || isTorchLegacy(head.bytes) || areTorchTarMembers(head.tarMembers))
        return Confidence::Certain;
    const bool hasName
        = std::find(kExtensions.begin(), kExtensions.end(), head.extension) != kExtensions.end();
    return hasName && head.members.empty() ? Confidence::Extension : Confidence::No;
}

Result<Table> readPyTorch(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(
        const std::unique_ptr<TorchFile> file, openTorch(source, options, progress));
    const TorchContents& contents = file->contents();
    const std::string code = contents.refused.empty() ? std::string() : listed(contents.refused);
    if (contents.tensors.empty()) {
        std::string detail = "the PyTorch file holds no tensors";
        if (contents.isTooDeep)
            detail = "the PyTorch file nests its values too deeply to be looked into";
        else if (!code.empty())
            detail += " that can be read; it names code, which is never run: " + code;
        return Error{ErrorCode::Unsupported, std::move(detail), source.path(), {}, {}};
    }
    const ReadTensor read = [&](std::size_t tensor, const RowSubset& rows, Index columns,
                                const Progress& part) -> Result<Matrix> {
        EMBEDSCOPE_TRY_ASSIGN(Matrix matrix,
            readValues(
                *file, contents.tensors[tensor], source.path(), rows.total(), columns, part));
        keepRows(matrix, rows);
        return matrix;
    };
    EMBEDSCOPE_TRY_ASSIGN(Table table,
        tableFromTensors(summariesOf(contents), factsOf(contents, source.path()), options,
            source.path(), read, progress));
    addNames(contents, table);
    if (!code.empty()) {
        table.warnings.push_back(
            "The file names code, which is never run; what it stands for is left out: " + code
            + '.');
    }
    if (contents.isTooDeep)
        table.warnings.push_back("Some of the file is nested too deeply and was not looked into.");
    return table;
}

Result<std::vector<TensorSummary>> listPyTorch(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(
        const std::unique_ptr<TorchFile> file, openTorch(source, options, progress));
    return listedTables(summariesOf(file->contents()), factsOf(file->contents(), source.path()));
}

} // namespace embedscope
