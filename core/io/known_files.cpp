#include "core/io/known_files.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace embedscope {

namespace {

using namespace std::string_view_literals;

struct Signature
{
    std::size_t offset;
    std::string_view bytes;
    std::string_view name;
};

constexpr auto kSignatures = std::to_array<Signature>({
    {0, "\x89PNG\r\n\x1a\n"sv, "a PNG picture"},
    {0, "\xff\xd8\xff"sv, "a JPEG picture"},
    {0, "GIF8"sv, "a GIF picture"},
    {8, "WEBPVP8"sv, "a WebP picture"},
    {0, "%PDF-"sv, "a PDF document"},
    {0,
        "\x7f"
        "ELF"sv,
        "a program"},
    {0, "SQLite format 3\0"sv, "an SQLite database"},
    {0, "\x1f\x8b"sv, "a gzip-compressed file"},
    {0, "BZh"sv, "a bzip2-compressed file"},
    {0,
        "\xfd"
        "7zXZ\0"sv,
        "an xz-compressed file"},
    {0, "\x28\xb5\x2f\xfd"sv, "a zstd-compressed file"},
    {0, "7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive"},
    {257, "ustar"sv, "a tar archive"},
    {0, "\x80\x02"sv, "a Python pickle"},
    {0, "\x80\x03"sv, "a Python pickle"},
    {0, "\x80\x04"sv, "a Python pickle"},
    {0, "\x80\x05"sv, "a Python pickle"},
    {0, "\xff\xfe"sv, "text in UTF-16"},
    {0, "\xfe\xff"sv, "text in UTF-16"},
});

std::string zipKind(const FileHead& head)
{
    const auto anyEndsWith = [&](std::string_view end) {
        return std::any_of(head.members.begin(), head.members.end(),
            [&](const std::string& member) { return member.ends_with(end); });
    };
    if (anyEndsWith("[Content_Types].xml"))
        return "an office document";
    if (anyEndsWith(".zarray") || anyEndsWith(".zgroup"))
        return "a Zarr store";
    return "a ZIP archive without NumPy arrays";
}

} // namespace

std::optional<Refusal> notData(std::string_view bytes)
{
    if (bytes.empty()) {
        return Refusal{
            ErrorCode::Malformed, "the file is empty (0 bytes). Is the download complete?"};
    }
    if (bytes.starts_with("version https://git-lfs.github.com/spec/")) {
        return Refusal{ErrorCode::Unsupported,
            "this is a Git LFS pointer, not the data themselves; run `git lfs pull` where it was "
            "cloned"};
    }
    std::string_view start = bytes.substr(0, 1024);
    if (start.starts_with("\xEF\xBB\xBF"))
        start.remove_prefix(3);
    start = trimmed(start);
    if (startsWithIgnoringCase(start, "<!doctype html") || startsWithIgnoringCase(start, "<html")
        || startsWithIgnoringCase(start, "<head")) {
        return Refusal{ErrorCode::Unsupported,
            "this is a web page (HTML), not data. Did the download need a login or another link?"};
    }
    if (startsWithIgnoringCase(start, "<?xml"))
        return Refusal{ErrorCode::Unsupported, "this is an XML document, not a table of vectors"};
    if (bytes.find_first_not_of('\0') == std::string_view::npos && bytes.size() >= 4096) {
        return Refusal{ErrorCode::Malformed,
            "the file begins with nothing but zero bytes. Is the download complete?"};
    }
    return std::nullopt;
}

bool isZipArchive(std::string_view bytes)
{
    return bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06");
}

std::optional<std::string> knownFile(const FileHead& head)
{
    if (isZipArchive(head.bytes))
        return zipKind(head);
    for (const Signature& signature : kSignatures) {
        if (head.bytes.size() >= signature.offset
            && head.bytes.substr(signature.offset).starts_with(signature.bytes))
            return std::string(signature.name);
    }
    return std::nullopt;
}

} // namespace embedscope
