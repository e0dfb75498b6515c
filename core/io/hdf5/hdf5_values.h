#pragma once

#include "core/data/matrix.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/format.h"
#include "core/io/hdf5/hdf5_library.h"
#include "core/io/hdf5/hdf5_tables.h"

namespace embedscope {

/// Reads values of an HDF5 file within limits: what a dataset claims to hold is weighed against
/// what the file stores of it before room is made for it.
class Hdf5Values
{
public:
    Hdf5Values(const ByteSource& source, const ReadOptions& options, const Hdf5Listing& listing,
        Hdf5Library& library)
        : m_source(source)
        , m_options(options)
        , m_listing(listing)
        , m_library(library)
    {
    }

    /// Whether rows of the table can be read without the others.
    static bool canChooseRows(const Hdf5Table& table);
    /// rows.count() x columns float32: straight from the file where the values lie there as they
    /// are, by way of the library otherwise. rows: all of them, unless canChooseRows().
    /// TooLarge, Truncated, Unsupported, Malformed, Stopped.
    Result<Matrix> dense(
        const Hdf5Table& table, const RowSubset& rows, Index columns, const Progress& progress);
    /// A sparse table with its zeros; entries that stand twice are summed, as is the custom.
    Result<Matrix> sparse(
        const Hdf5Table& table, Index rows, Index columns, const Progress& progress);

    /// A row for each dataset of a group, and their names.
    Result<Matrix> keyed(const Hdf5Table& table, Index rows, Index columns, TextValues& names,
        const Progress& progress);

    /// A column of a dataset, or a member of a compound one: as many values as it has rows.
    Result<NumberValues> numbers(
        const Hdf5Object& object, const std::string& member, const Progress& progress);
    Result<std::vector<std::int64_t>> integers(
        const Hdf5Object& object, const std::string& member, const Progress& progress);
    Result<TextValues> texts(
        const Hdf5Object& object, const std::string& member, const Progress& progress);

    /// True once nothing more can be read.
    bool isBroken() const { return m_library.isBroken(); }

private:
    /// As dense(), in the order in which the dataset has them.
    Result<Matrix> stored(
        const Hdf5Table& table, const RowSubset& rows, Index columns, const Progress& progress);
    /// Rows here and there, band by band of the dataset's rows.
    Status sampled(
        const Hdf5Table& table, const RowSubset& rows, Matrix& matrix, const Progress& progress);
    Status admit(const Hdf5Object& object, std::uint64_t bytesWanted) const;
    Status makeRoom(const Hdf5Object& object, std::uint64_t bytesWanted, const Progress& progress);

    const ByteSource& m_source;
    const ReadOptions& m_options;
    const Hdf5Listing& m_listing;
    Hdf5Library& m_library;
};

} // namespace embedscope
