#pragma once

#include <hdf5.h>

namespace embedscope::hdf5 {

/// Registers a driver that gives the library one file alone: what is open on kFileDescriptor, read
/// by position and never written. Any other name, such as that of an external link, cannot be
/// opened through it.
///
/// returns  file access properties that use it; negative where the library refuses.
hid_t descriptorAccess();

/// The one name that opens.
constexpr const char* kDescriptorName = "the open file";

} // namespace embedscope::hdf5
