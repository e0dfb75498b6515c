#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace embedscope {

/// The compressions that columnar files use for their pages and buffers.
enum class Codec
{
    None,
    Snappy,
    Gzip, ///< gzip or zlib, several members one after the other included.
    Brotli,
    Zstd,
    Lz4Block, ///< A bare block.
    Lz4Frame,
    Lz4Hadoop, ///< Blocks behind big-endian sizes; also what older writers put under that name.
};

/// "snappy", "zstd", …
std::string_view codecName(Codec codec);

/// The most that so many compressed bytes can become: the claims of a header beyond it are lies.
std::uint64_t mostExpanded(Codec codec, std::uint64_t bytes);

/// Decompresses `from`, which must fill `into` exactly: false where it is damaged, longer or
/// shorter. Needs no memory that depends on what the bytes claim.
bool decompress(Codec codec, std::span<const std::byte> from, std::span<std::byte> into);

} // namespace embedscope
