#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace embedscope {

/// What kind of thing went wrong; decides the exit code and which advice is given.
enum class ErrorCode
{
    InvalidArgument, ///< The caller asked for something impossible: an unknown name, k = 0.
    NotFound, ///< A file, column or label that is not there.
    Unreadable, ///< The operating system refused to read: permission, I/O error, a directory.
    Unsupported, ///< Recognised, but not something we read.
    Malformed, ///< The bytes contradict the format.
    Truncated, ///< The file ends before what it promises.
    TooLarge, ///< More than memory or --max-bytes allows.
    OutOfMemory,
    WriteFailed,
    Stopped, ///< The user asked to stop. Not a fault; never shown as one.
};

/// A table that was refused because it would take more memory than it may.
struct RefusedTable
{
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::uint64_t bytes = 0; ///< What it would take.
    std::uint64_t allowed = 0; ///< What there was for it.
};

/// A fault from outside: a file, an argument, the machine. Carries what a person needs to act on
/// it.
struct Error
{
    ErrorCode code = ErrorCode::InvalidArgument;
    std::string detail; ///< One sentence without the place and without a final full stop.
    std::string path; ///< The file concerned, or empty.
    std::optional<std::uint64_t> byte; ///< Offset in the file, from 0, where it is known.
    std::optional<std::uint64_t> line; ///< Line in the file, from 1, where it is known.
    /// With TooLarge, where memory was the reason: what could be opened in part.
    std::optional<RefusedTable> refused = {};
};

/// The error as one sentence for a person: "points.npy: the header … (byte 12)."
/// Control characters and broken UTF-8 that came out of a file are made harmless.
std::string describe(const Error& error);

} // namespace embedscope
