#pragma once

#include "helpers/hdf5/answers.h"
#include "helpers/hdf5/handle.h"

namespace embedscope::hdf5 {

/// Puts the attributes that say what an object means into the message that has begun: those of
/// AnnData, ann-benchmarks, Keras and MATLAB. What cannot be read is left out.
void writeAttributes(hid_t object, Answers& answers);

} // namespace embedscope::hdf5
