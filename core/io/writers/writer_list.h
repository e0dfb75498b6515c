#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/writers/rows_to_write.h"

#include <string>
#include <vector>

namespace embedscope {

// The writers, one file each; see Writer::write.

Status writeNpyRows(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress);
Status writeNpz(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress);
Status writeCsv(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress);
Status writeProjectorPair(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress);
Status writeWord2VecText(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress);
Status writeWord2VecBinary(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress);
Status writeSafetensors(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress);

/// "The columns … are not kept", for formats that hold vectors and at most a name a row. Nothing
/// where there are none but the label.
void warnOfColumns(const RowsToWrite& rows, bool keepsLabels, std::string_view format,
    std::vector<std::string>& warnings);

} // namespace embedscope
