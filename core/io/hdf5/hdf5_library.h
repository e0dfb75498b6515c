#pragma once

#include "core/data/columns.h"
#include "core/data/matrix.h"
#include "core/io/hdf5/hdf5_channel.h"
#include "core/io/hdf5/hdf5_listing.h"

#include <cstdint>
#include <string>
#include <vector>

namespace embedscope {

/// Some rows of a dataset, or of a member of a compound one.
struct Hdf5Place
{
    std::string path;
    std::string member; ///< Empty: the dataset itself.
    std::uint64_t first = 0;
    std::uint64_t rows = 0;
    std::uint64_t rowValues = 1;
};

/// The HDF5 library at the other end of a channel: asks for a listing and for values, and believes
/// nothing. A dataset that the library refuses is an error of that call alone; once the helper
/// crashed, hung or lied every later call fails at once.
class Hdf5Library
{
public:
    /// fileBytes  of the file, in proportion to which texts are taken for sane.
    Hdf5Library(OpenHdf5Channel open, std::uint64_t fileBytes)
        : m_open(std::move(open))
        , m_fileBytes(fileBytes)
    {
    }

    Result<Hdf5Listing> list(const Progress& progress);

    /// To be called before values of a dataset that takes `bytes` when expanded are read: the
    /// helper gets memory for as much.
    Status makeRoom(std::uint64_t bytes, const Progress& progress);

    /// place.rows x place.rowValues values into `out`, which has room for them.
    Status floats(const Hdf5Place& place, float* out, const Progress& progress);
    Status doubles(const Hdf5Place& place, double* out, const Progress& progress);
    Status integers(const Hdf5Place& place, std::int64_t* out, const Progress& progress);
    /// place.rowValues must be 1.
    Result<TextValues> texts(const Hdf5Place& place, const Progress& progress);

    /// True once nothing more can be read.
    bool isBroken() const { return m_isBroken; }

private:
    struct Head
    {
        hdf5::Message kind = hdf5::Message::End;
        std::uint32_t length = 0;
    };

    Status ask(std::string request, const Progress& progress);
    Status askForValues(hdf5::Element element, const Hdf5Place& place, const Progress& progress);
    Result<Head> nextHead(const Progress& progress);
    Result<std::vector<std::byte>> content(const Head& head, const Progress& progress);
    Status failure(const Head& head, const Progress& progress);
    Status values(hdf5::Element element, std::size_t elementBytes, const Hdf5Place& place,
        std::byte* out, const Progress& progress);
    Error broken(Error error);

    OpenHdf5Channel m_open;
    std::uint64_t m_fileBytes;
    std::unique_ptr<Hdf5Channel> m_channel;
    std::uint64_t m_memoryBytes = 0;
    bool m_isBroken = false;
};

} // namespace embedscope
