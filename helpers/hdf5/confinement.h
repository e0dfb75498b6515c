#pragma once

#include <cstdint>

namespace embedscope::hdf5 {

/// Takes from this process what reading an open file does not need, before a byte of it is read:
/// memory beyond `memoryBytes`, core dumps, and, where the kernel can (seccomp), every system call
/// but those that read, write, map memory and end. No file can be opened, no program started and
/// no connection made after that, whatever the library is talked into.
///
/// returns  false where a limit could not be set; nothing may be read then.
bool confine(std::uint64_t memoryBytes);

} // namespace embedscope::hdf5
