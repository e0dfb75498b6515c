#include "core/io/columnar/column_plan.h"
#include "core/io/columnar/columnar_table.h"
#include "core/io/parquet/parquet_source.h"
#include "core/io/readers.h"

namespace embedscope {

namespace {

constexpr std::string_view kMagic = "PAR1";
constexpr std::string_view kEncryptedMagic = "PARE";

} // namespace

Confidence recognizeParquet(const FileHead& head)
{
    if (head.bytes.starts_with(kMagic) || head.bytes.starts_with(kEncryptedMagic))
        return Confidence::Certain;
    return head.extension == "parquet" || head.extension == "pq" ? Confidence::Extension
                                                                 : Confidence::No;
}

Result<Table> readParquet(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto file, ParquetSource::open(source, options.maxBytes));
    return readColumnarTable(*file, options, progress);
}

Result<std::vector<TensorSummary>> listParquet(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto file, ParquetSource::open(source, options.maxBytes));
    return listVectorColumns(*file, progress);
}

} // namespace embedscope
