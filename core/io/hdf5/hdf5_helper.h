#pragma once

#include "core/io/bytes/byte_source.h"
#include "core/io/hdf5/hdf5_channel.h"

#include <string>

namespace embedscope {

/// A channel to the program embedscope-hdf5, spawned with that source open. The program is looked
/// for beside the one that runs, as in a build, then in the libexec folder of the installation;
/// PATH and the environment have no say.
///
/// returns  the channel; NotFound where the program is missing; Unreadable, Stopped.
Result<std::unique_ptr<Hdf5Channel>> openHdf5Helper(const ByteSource& source,
    std::uint64_t memoryBytes, std::uint64_t workBytes, const Progress& progress);

/// Takes another program as the helper from now on: a build's for tests that lie elsewhere, a false
/// one for tests of what a helper may do. Empty: looks for it again. Before any file is read.
void setHdf5HelperProgram(std::string path);

} // namespace embedscope
