#include "core/io/archives/wrapper_kind.h"

#include "core/base/text.h"
#include "core/io/bytes/tar_archive.h"
#include "core/io/known_files.h"

#include <array>
#include <bit>
#include <cstring>

namespace embedscope {

namespace {

using namespace std::string_view_literals;

struct Ending
{
    WrapperKind kind;
    std::string_view ending;
    std::string_view replacement;
};

constexpr auto kEndings = std::to_array<Ending>({
    {WrapperKind::Gzip, ".gz", ""},
    {WrapperKind::Gzip, ".gzip", ""},
    {WrapperKind::Gzip, ".tgz", ".tar"},
    {WrapperKind::Bzip2, ".bz2", ""},
    {WrapperKind::Bzip2, ".tbz2", ".tar"},
    {WrapperKind::Bzip2, ".tbz", ".tar"},
    {WrapperKind::Xz, ".xz", ""},
    {WrapperKind::Xz, ".txz", ".tar"},
    {WrapperKind::Lzma, ".lzma", ""},
    {WrapperKind::Lzma, ".xz", ""},
    {WrapperKind::Lzma, ".txz", ".tar"},
    {WrapperKind::Zstd, ".zst", ""},
    {WrapperKind::Zstd, ".zstd", ""},
    {WrapperKind::Zstd, ".tzst", ".tar"},
    {WrapperKind::Zip, ".zip", ""},
    {WrapperKind::Tar, ".tar", ""},
});

constexpr std::array<std::string_view, 13> kExtensions{
    "gz", "gzip", "bz2", "xz", "zst", "zstd", "zip", "tar", "tgz", "tbz2", "tbz", "txz", "tzst"};

bool isBzip2(std::string_view head)
{
    return head.size() >= 10 && head.starts_with("BZh") && head[3] >= '1' && head[3] <= '9'
        && (head.substr(4).starts_with("\x31\x41\x59\x26\x53\x59")
            || head.substr(4).starts_with("\x17\x72\x45\x38\x50\x90"));
}

/// No magic number, but every field of the header has values that others do not: properties as
/// every writer leaves them, a dictionary of 2^n or 3 * 2^n bytes, a size that is unknown or
/// possible.
bool isLzma(std::string_view head)
{
    constexpr std::size_t kHeader = 13;
    if (head.size() <= kHeader + 4 || head[0] != '\x5d' || head[kHeader] != '\0')
        return false;
    std::uint32_t dictionary = 0;
    std::uint64_t size = 0;
    std::memcpy(&dictionary, head.data() + 1, sizeof dictionary);
    std::memcpy(&size, head.data() + 5, sizeof size);
    const int bits = std::popcount(dictionary);
    const bool isRound = bits == 1 || (bits == 2 && dictionary % 3 == 0);
    return isRound && dictionary >= 4096 && (size == ~std::uint64_t{0} || size < 1ULL << 40U);
}

} // namespace

WrapperKind wrapperKind(std::string_view head)
{
    if (head.starts_with("\x1f\x8b\x08"sv))
        return WrapperKind::Gzip;
    if (isBzip2(head))
        return WrapperKind::Bzip2;
    if (head.starts_with("\xfd"
                         "7zXZ\0"sv))
        return WrapperKind::Xz;
    if (head.starts_with("\x28\xb5\x2f\xfd"sv))
        return WrapperKind::Zstd;
    if (isLzma(head))
        return WrapperKind::Lzma;
    if (isZipArchive(head))
        return WrapperKind::Zip;
    return isTarArchive(head) ? WrapperKind::Tar : WrapperKind::None;
}

std::string_view wrapperName(WrapperKind kind)
{
    constexpr std::array<std::string_view, 8> kNames{
        "", "gzip", "bzip2", "xz", "LZMA", "zstd", "ZIP archive", "tar archive"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string nameInside(std::string_view path, WrapperKind kind)
{
    const std::string_view name = path.substr(path.rfind('/') + 1);
    for (const Ending& ending : kEndings) {
        const std::size_t length = ending.ending.size();
        if (ending.kind == kind && name.size() > length
            && startsWithIgnoringCase(name.substr(name.size() - length), ending.ending))
            return std::string(name.substr(0, name.size() - length))
                + std::string(ending.replacement);
    }
    return std::string(name);
}

std::span<const std::string_view> wrapperExtensions()
{
    return kExtensions;
}

} // namespace embedscope
