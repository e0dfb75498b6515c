#pragma once

#include "core/io/bytes/byte_source.h"

#include <span>
#include <string>
#include <string_view>

namespace embedscope {

/// What may be around a file.
enum class WrapperKind
{
    None,
    Gzip,
    Bzip2,
    Xz,
    Lzma, ///< The form before xz, often named .xz as well.
    Zstd,
    Zip,
    Tar,
};

/// By the first bytes alone; at least 512 of them tell a tar archive. Zip: any ZIP archive, whether
/// it is a wrapper or a format of its own.
WrapperKind wrapperKind(std::string_view head);

/// "gzip", "tar archive", …
std::string_view wrapperName(WrapperKind kind);

/// The name without the extension that the wrapper gave it ("words.txt.gz" is "words.txt", ".tgz"
/// becomes ".tar"), without folders before it.
std::string nameInside(std::string_view path, WrapperKind kind);

/// Extensions of wrapped files, in lower case without dots, for choosing files.
std::span<const std::string_view> wrapperExtensions();

} // namespace embedscope
