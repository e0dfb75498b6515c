#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace embedscope {

/// Both directions between us and the helper: a process, or bytes in memory for tests and fuzzing.
class Hdf5Channel
{
public:
    virtual ~Hdf5Channel() = default;

    virtual Status send(std::string_view bytes) = 0;
    /// Fills `into`. Malformed where the helper ended, crashed or hung; Stopped.
    virtual Status read(std::span<std::byte> into, const Progress& progress) = 0;
};

/// Makes a channel to a helper that may take `memoryBytes` for itself, for a file of which
/// `workBytes` are to be worked through before it must have said something.
using OpenHdf5Channel = std::function<Result<std::unique_ptr<Hdf5Channel>>(
    std::uint64_t memoryBytes, std::uint64_t workBytes)>;

} // namespace embedscope
