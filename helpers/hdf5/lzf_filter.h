#pragma once

namespace embedscope::hdf5 {

/// Teaches the library the filter "lzf" (32000), which h5py writes and the library itself lacks:
/// decompression alone.
bool registerLzfFilter();

} // namespace embedscope::hdf5
