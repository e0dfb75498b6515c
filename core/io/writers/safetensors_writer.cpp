#include "core/io/writers/npy_writer.h"
#include "core/io/writers/text_rows.h"
#include "core/io/writers/write.h"
#include "core/io/writers/writer_list.h"

namespace embedscope {

Status writeSafetensors(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress)
{
    warnOfColumns(rows, false, "safetensors", warnings);
    return writeAtomically(path, [&](std::ostream& out) -> Status {
        const auto bytes = static_cast<std::uint64_t>(rows.size())
            * static_cast<std::uint64_t>(rows.dimensions()) * sizeof(float);
        std::string header
            = R"({"__metadata__":{"format":"pt"},"embeddings":{"dtype":"F32","shape":[)"
            + std::to_string(rows.size()) + ',' + std::to_string(rows.dimensions())
            + R"(],"data_offsets":[0,)" + std::to_string(bytes) + "]}}";
        header.resize((header.size() + 7) / 8 * 8, ' '); // So that the values are aligned.
        std::string start;
        for (unsigned shift = 0; shift < 64; shift += 8)
            start += static_cast<char>(header.size() >> shift & 0xffU);
        EMBEDSCOPE_TRY(writeBytes(out, start + header));
        return writeVectors(out, rows, progress);
    });
}

} // namespace embedscope
