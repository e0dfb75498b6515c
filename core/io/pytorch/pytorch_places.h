#pragma once

#include "core/io/pytorch/pytorch_files.h"

#include <cstdint>
#include <map>
#include <string>

namespace embedscope {

/// Where a storage's values lie, one behind the other. All of them must be in the file.
struct TorchPlace
{
    std::uint64_t offset = 0; ///< Byte in the file.
    std::uint64_t count = 0; ///< Elements.
    std::uint64_t itemBytes = 0;
};

/// The places of the storages in a file that holds them as they are, by their keys.
class TorchPlaces
{
public:
    /// The source must outlive this.
    explicit TorchPlaces(const ByteSource& source)
        : m_source(source)
    {
    }

    /// A key that is there already gets another place, as in Python's dictionaries.
    void add(const std::string& key, const TorchPlace& place) { m_places[key] = place; }
    const TorchPlace* find(const std::string& key) const;

    /// For TorchFile::checkStorage and readExtent.
    Status check(const TorchTensor& tensor) const;
    Status read(const TorchTensor& tensor, const TorchFile::Sink& sink, const Progress&) const;

private:
    const ByteSource& m_source;
    std::map<std::string, TorchPlace> m_places;
};

} // namespace embedscope
