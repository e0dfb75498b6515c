#pragma once

#include "core/data/dataset.h"
#include "core/io/text/metadata.h"

#include <optional>
#include <string>

namespace embedscope {

/// How well the values of a metadata column fit those of a table's column.
struct KeyFit
{
    Index pointsFound = 0; ///< Points whose value stands in the metadata.
    Index inPlace = 0; ///< Points whose own row of the metadata has their value.
    Index distinct = 0; ///< Different values in the metadata column.
};

/// O(n + m) for n points and m rows.
KeyFit fitOfKey(const Column& ofTable, const Column& ofMetadata);

/// The column of the metadata that names the same points as the labels do, of most of them and with
/// hardly a value twice; nullopt where there is none.
std::optional<std::size_t> findKeyColumn(const Column& labels, const Metadata& metadata);

/// The metadata brought into the order of a table: each point gets the row that has its value. A
/// point without one has everything missing; of rows with the same value the first counts. Warnings
/// count what was not found. The key itself is left out; columns that number rows (paths.h) are
/// renamed, for they number those of the metadata.
///
/// ofTable  n long.
/// returns  columns n long.
Metadata joinedByKey(const Column& ofTable, Metadata metadata, std::size_t keyColumn);

} // namespace embedscope
