#pragma once

#include "core/data/dataset.h"
#include "core/io/hdf5/hdf5_tables.h"
#include "core/io/hdf5/hdf5_values.h"

namespace embedscope {

/// Lays beside an open table what the file knows of its rows: an AnnData frame with the names of
/// its rows, or columns of the same length in the same group or compound. What cannot be read, or
/// has another length, is left out and named in a warning.
class Hdf5Columns
{
public:
    Hdf5Columns(const Hdf5Listing& listing, Hdf5Values& values, Table& table)
        : m_listing(listing)
        , m_values(values)
        , m_table(table)
    {
    }

    /// The columns of an AnnData frame; its index becomes the label. Only Stopped and what ended
    /// the helper are errors.
    Status readFrame(const std::string& path, const Progress& progress);
    /// Datasets of one value a row beside the one that was read, and the other members where it was
    /// a member of a compound. The text with the most different values becomes the label.
    Status readBeside(const Hdf5Table& read, const Progress& progress);
    /// Tables of places for the same rows, as number columns; the best known of them becomes the
    /// map that the file carries.
    Status readPlaces(
        const std::vector<Hdf5Table>& tables, const Hdf5Table& read, const Progress& progress);

    /// To be called at the end: names what was left out.
    void warn();

private:
    Status add(const std::string& name, Result<Column> column, const Progress& progress);
    Result<Column> column(const std::string& name, const Hdf5Object& object,
        const std::string& member, const Hdf5Type& type, const Progress& progress);
    Result<Column> groupColumn(
        const std::string& name, const Hdf5Object& group, const Progress& progress);
    Result<Column> categories(const std::string& name, const Hdf5Object& codes,
        const std::string& member, const Hdf5Object& names, const Progress& progress);
    Status readMembers(
        const Hdf5Object& frame, const std::string& except, bool isFrame, const Progress& progress);
    std::uint64_t rows() const { return static_cast<std::uint64_t>(m_table.fileRows()); }

    const Hdf5Listing& m_listing;
    Hdf5Values& m_values;
    Table& m_table;
    std::vector<std::string> m_leftOut;
    Index m_mostDistinct = 0;
};

} // namespace embedscope
