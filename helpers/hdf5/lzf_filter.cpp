#include "helpers/hdf5/lzf_filter.h"

#include <hdf5.h>

#include <cstdint>
#include <cstring>

namespace embedscope::hdf5 {

namespace {

constexpr H5Z_filter_t kLzf = 32000;
constexpr std::size_t kMostChunkBytes = std::size_t{1} << 32U; // No chunk of HDF5 is larger.
constexpr std::size_t kFirstGuess = 64U << 10U;

/// A block of the LZF format: a byte below 32 is followed by that many literal bytes and one more;
/// in any other the upper three bits are a length less 2 (7: another byte is added to it) and the
/// lower five, with the next byte, the distance less 1 to what is repeated.
///
/// returns  bytes written; 0 where the block is broken; more than `room` where it did not suffice.
std::size_t expand(const std::uint8_t* in, std::size_t length, std::uint8_t* out, std::size_t room)
{
    std::size_t at = 0;
    std::size_t written = 0;
    while (at < length) {
        const std::size_t control = in[at++];
        if (control < 32) {
            const std::size_t count = control + 1;
            if (count > length - at)
                return 0;
            if (count > room - written)
                return room + 1;
            std::memcpy(out + written, in + at, count);
            at += count;
            written += count;
            continue;
        }
        std::size_t count = control >> 5U;
        if (count == 7) {
            if (at >= length)
                return 0;
            count += in[at++];
        }
        count += 2;
        if (at >= length)
            return 0;
        const std::size_t distance = ((control & 31U) << 8U) + in[at++] + 1;
        if (distance > written)
            return 0;
        if (count > room - written)
            return room + 1;
        for (std::size_t i = 0; i < count; ++i, ++written) // May overlap itself: that repeats.
            out[written] = out[written - distance];
    }
    return written;
}

std::size_t filterLzf(unsigned flags, std::size_t valueCount, const unsigned values[],
    std::size_t bytes, std::size_t* room, void** buffer)
{
    if ((flags & H5Z_FLAG_REVERSE) == 0 || bytes == 0)
        return 0; // Nothing is ever written.
    // The third value is the size of a chunk; where it is missing or wrong it is found by trying.
    std::size_t size = valueCount > 2 && values[2] != 0 ? values[2] : kFirstGuess;
    while (size <= kMostChunkBytes) {
        auto* const out = static_cast<std::uint8_t*>(H5allocate_memory(size, false));
        if (out == nullptr)
            return 0;
        const std::size_t written
            = expand(static_cast<const std::uint8_t*>(*buffer), bytes, out, size);
        if (written > 0 && written <= size) {
            H5free_memory(*buffer);
            *buffer = out;
            *room = size;
            return written;
        }
        H5free_memory(out);
        if (written == 0)
            return 0;
        size *= 2;
    }
    return 0;
}

} // namespace

bool registerLzfFilter()
{
    static const H5Z_class2_t filter{
        H5Z_CLASS_T_VERS, kLzf, 0, 1, "lzf", nullptr, nullptr, filterLzf};
    return H5Zregister(&filter) >= 0;
}

} // namespace embedscope::hdf5
