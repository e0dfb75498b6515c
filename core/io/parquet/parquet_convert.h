#pragma once

#include "core/io/columnar/columnar_source.h"
#include "core/io/parquet/parquet_schema.h"
#include "core/io/parquet/parquet_values.h"

#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// What a leaf of the schema is to the common part of columnar readers.
ColumnarField parquetField(const ParquetLeaf& leaf);

/// Decoded values of a Number, Boolean or Vector field as float64.
void parquetDoubles(const ParquetNode& node, const ParquetValues& values, Index count, double* out);

/// The same as float32, not necessarily aligned: the values themselves where they are float32, else
/// converted into `room`.
const std::byte* parquetFloats(
    const ParquetNode& node, const ParquetValues& values, Index count, std::vector<float>& room);

/// Value i of a Text or Bytes field; `room` holds what has to be written out, such as a date.
std::string_view parquetText(
    const ParquetNode& node, const ParquetValues& values, Index i, std::string& room);

} // namespace embedscope
