#pragma once

#include "core/io/format.h"

#include <optional>
#include <string>
#include <string_view>

namespace embedscope {

/// What can be said of files that no reader takes: the difference between "not recognised" and a
/// hint that helps.

struct Refusal
{
    ErrorCode code;
    std::string sentence; ///< Without a final full stop.
};

/// Files that stand in for the data that somebody meant to save: a Git LFS pointer, a web page,
/// nothing but zeros. Looked for before any reader is asked.
std::optional<Refusal> notData(std::string_view bytes);

/// Whether the bytes begin as a ZIP archive does.
bool isZipArchive(std::string_view bytes);

/// The kind of a file that carries a known signature, with its article: "a PNG picture".
std::optional<std::string> knownFile(const FileHead& head);

} // namespace embedscope
