#include "core/io/arrow/arrow_source.h"
#include "core/io/columnar/column_plan.h"
#include "core/io/columnar/columnar_table.h"
#include "core/io/readers.h"

#include <algorithm>
#include <array>

namespace embedscope {

namespace {

constexpr std::string_view kFileMagic = "ARROW1";
constexpr std::string_view kFeather1Magic = "FEA1";
constexpr auto kExtensions = std::to_array<std::string_view>({"arrow", "arrows", "feather", "ipc"});

} // namespace

Confidence recognizeArrow(const FileHead& head)
{
    if (head.bytes.starts_with(kFileMagic) || head.bytes.starts_with(kFeather1Magic))
        return Confidence::Certain;
    if (isArrowStream(head.bytes))
        return Confidence::Certain;
    const bool isOurs
        = std::find(kExtensions.begin(), kExtensions.end(), head.extension) != kExtensions.end();
    return isOurs ? Confidence::Extension : Confidence::No;
}

Result<Table> readArrow(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto file, ArrowSource::open(source, options.maxBytes));
    EMBEDSCOPE_TRY_ASSIGN(Table table, readColumnarTable(*file, options, progress));
    table.warnings.insert(table.warnings.begin(), file->warnings().begin(), file->warnings().end());
    return table;
}

Result<std::vector<TensorSummary>> listArrow(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto file, ArrowSource::open(source, options.maxBytes));
    return listVectorColumns(*file, progress);
}

} // namespace embedscope
