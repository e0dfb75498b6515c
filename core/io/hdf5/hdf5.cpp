#include "core/base/text.h"
#include "core/io/hdf5/hdf5_columns.h"
#include "core/io/hdf5/hdf5_helper.h"
#include "core/io/hdf5/hdf5_reader.h"
#include "core/io/hdf5/hdf5_superblock.h"
#include "core/io/readers.h"
#include "core/io/tensors/tensor_choice.h"

namespace embedscope {

namespace {

OpenHdf5Channel helperFor(const ByteSource& source, const Progress& progress)
{
    return [&source, progress](std::uint64_t memoryBytes, std::uint64_t workBytes) {
        return openHdf5Helper(source, memoryBytes, workBytes, progress);
    };
}

} // namespace

Confidence recognizeHdf5(const FileHead& head)
{
    return findHdf5Signature(head.bytes) ? Confidence::Certain : Confidence::No;
}

Result<Table> readHdf5(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY(checkHdf5End(source));
    return Hdf5Reader(source, options, helperFor(source, progress)).read(progress);
}

Result<std::vector<TensorSummary>> listHdf5(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY(checkHdf5End(source));
    return Hdf5Reader(source, options, helperFor(source, progress)).list(progress);
}

} // namespace embedscope
