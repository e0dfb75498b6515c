#include "core/io/bytes/read_blocks.h"
#include "core/io/readers.h"
#include "core/io/tensors/safetensors_header.h"
#include "core/io/tensors/tensor_choice.h"
#include "core/io/tensors/tensor_table.h"

namespace embedscope {

namespace {

constexpr std::string_view kExtension = "safetensors";

/// Name, step and checkpoint as some trainers of textual inversions write them.
InversionFacts factsOf(const SafetensorsHeader& header, const std::string& path)
{
    InversionFacts facts;
    facts.fileStem = fileStem(path);
    for (const auto& [key, value] : header.metadata) {
        if (key == "modelspec.title" || key == "name")
            facts.name = value;
        else if (key == "sd_checkpoint_name" || key == "ss_sd_model_name")
            facts.checkpoint = value;
    }
    return facts;
}

std::vector<TensorSummary> summariesOf(const SafetensorsHeader& header)
{
    std::vector<TensorSummary> tensors;
    tensors.reserve(header.tensors.size());
    for (const SafetensorsEntry& entry : header.tensors) {
        TensorSummary summary{entry.name, entry.shape,
            entry.type ? std::string(elementName(*entry.type)) : entry.dtype, 0, {}};
        judgeTensor(summary, entry.type.has_value());
        tensors.push_back(std::move(summary));
    }
    return tensors;
}

} // namespace

Confidence recognizeSafetensors(const FileHead& head)
{
    const auto otherwise = head.extension == kExtension ? Confidence::Extension : Confidence::No;
    if (head.bytes.size() < 9 || head.bytes[8] != '{')
        return otherwise;
    // A header of at most 100 MB: its length's four upper bytes are zero.
    const bool isLength = head.bytes.substr(4, 4) == std::string_view("\0\0\0\0", 4);
    return isLength ? Confidence::Certain : otherwise;
}

Result<Table> readSafetensors(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const SafetensorsHeader header, readSafetensorsHeader(source));
    const ReadTensor read
        = [&](std::size_t tensor, const RowSubset& rows, Index columns, const Progress& part) {
              const SafetensorsEntry& entry = header.tensors[tensor];
              return readElements(source, entry.offset, *entry.type, false, rows, columns, part);
          };
    return tableFromTensors(summariesOf(header), factsOf(header, source.path()), options,
        source.path(), read, progress);
}

Result<std::vector<TensorSummary>> listSafetensors(
    const ByteSource& source, const ReadOptions& /*options*/, const Progress& /*progress*/)
{
    EMBEDSCOPE_TRY_ASSIGN(const SafetensorsHeader header, readSafetensorsHeader(source));
    return listedTables(summariesOf(header), factsOf(header, source.path()));
}

} // namespace embedscope
