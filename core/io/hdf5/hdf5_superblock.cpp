#include "core/io/hdf5/hdf5_superblock.h"

#include "core/base/text.h"

#include <bit>
#include <cstring>
#include <string>

namespace embedscope {

namespace {

static_assert(std::endian::native == std::endian::little);
using namespace std::string_view_literals;

constexpr auto kSignature = "\x89HDF\r\n\x1a\n"sv;
constexpr std::uint64_t kFirstUserBlock = 512;
constexpr std::uint64_t kMostSearched = 64U << 10U;
constexpr std::uint64_t kSuperblockBytes = 96; // Of every version, without checksums.

/// An address of 2, 4 or 8 bytes; nullopt for other widths and for "undefined".
std::optional<std::uint64_t> addressAt(std::string_view block, std::size_t at, std::size_t width)
{
    if ((width != 2 && width != 4 && width != 8) || at + width > block.size())
        return std::nullopt;
    std::uint64_t value = 0;
    std::memcpy(&value, block.data() + at, width);
    const std::uint64_t undefined
        = width == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << width * 8) - 1;
    return value == undefined ? std::nullopt : std::optional(value);
}

struct Ends
{
    std::uint64_t base = 0;
    std::uint64_t end = 0;
};

/// HDF5 file format 3.0, section II.A: versions 0 and 1 have sizes at 13 and addresses behind 24 or
/// 28 bytes (base, free space, end), versions 2 and 3 sizes at 9 and addresses behind 12 (base,
/// extension, end).
std::optional<Ends> endsOf(std::string_view block)
{
    if (block.size() < 16)
        return std::nullopt;
    const auto version = static_cast<unsigned char>(block[8]);
    if (version > 3)
        return std::nullopt;
    const auto width = static_cast<unsigned char>(block[version < 2 ? 13 : 9]);
    const std::size_t first = version == 0 ? 24 : version == 1 ? 28 : 12;
    const auto base = addressAt(block, first, width);
    const auto end = addressAt(block, first + std::size_t{2} * width, width);
    if (!base || !end)
        return std::nullopt;
    return Ends{*base, *end};
}

} // namespace

std::optional<std::uint64_t> findHdf5Signature(std::string_view bytes)
{
    for (std::uint64_t at = 0; at < bytes.size() && at < kMostSearched;
         at = at == 0 ? kFirstUserBlock : at * 2) {
        if (bytes.substr(at).starts_with(kSignature))
            return at;
    }
    return std::nullopt;
}

Status checkHdf5End(const ByteSource& source)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(0, kMostSearched));
    const auto at = findHdf5Signature(head);
    if (!at) {
        return Error{
            ErrorCode::Malformed, "the signature of HDF5 is missing", source.path(), {}, {}};
    }
    EMBEDSCOPE_TRY_ASSIGN(const std::string block, source.text(*at, kSuperblockBytes));
    const auto ends = endsOf(block);
    if (!ends)
        return {}; // The library will say what is wrong with it.
    // The end is told without or with the user's block, as the base address has it.
    const bool isShort = ends->end > source.size() && ends->end - *at > source.size() - *at;
    if (!isShort)
        return {};
    return Error{ErrorCode::Truncated,
        "the file says that it has " + formatBytes(ends->end) + " but it ends after "
            + formatBytes(source.size()) + ". Is the download complete?",
        source.path(), source.size(), {}};
}

} // namespace embedscope
