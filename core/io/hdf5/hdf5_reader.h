#pragma once

#include "core/data/dataset.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/format.h"
#include "core/io/hdf5/hdf5_library.h"
#include "core/io/hdf5/hdf5_tables.h"

#include <vector>

namespace embedscope {

/// From what the helper tells to a table: lists the file, chooses, reads, lays columns beside.
/// Apart from the recognition and the process, so that tests and fuzzing can stand in for those.
class Hdf5Reader
{
public:
    Hdf5Reader(const ByteSource& source, const ReadOptions& options, OpenHdf5Channel open)
        : m_source(source)
        , m_options(options)
        , m_library(std::move(open), source.size())
    {
    }

    Result<Table> read(const Progress& progress);
    Result<std::vector<TensorSummary>> list(const Progress& progress);

private:
    Status look(const Progress& progress);
    Status findSparseShapes(const Progress& progress);
    Result<const Hdf5Table*> choose(std::vector<std::string>& notes) const;
    Error noTable() const;
    void note(Table& table) const;

    const ByteSource& m_source;
    const ReadOptions& m_options;
    Hdf5Library m_library;
    Hdf5Listing m_listing;
    Hdf5Convention m_convention = Hdf5Convention::None;
    std::vector<Hdf5Table> m_tables;
};

} // namespace embedscope
