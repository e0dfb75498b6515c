#include "app/commands/command.h"

#include "core/base/text.h"
#include "core/io/open_joined.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

namespace embedscope::app {

namespace {

std::size_t characterCount(std::string_view text)
{
    std::size_t count = 0;
    for (const char c : text)
        count += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1 : 0;
    return count;
}

} // namespace

Outcome failed(const Error& error)
{
    if (error.code == ErrorCode::Stopped)
        return {130, {}, {}};
    if (!error.refused)
        return {1, {}, describe(error) + '\n'};
    Error advised = error;
    advised.detail
        += "; --float16 halves that, --sample N or --rows A:B reads a part of it, --max-memory BYTES "
           "allows more";
    return {1, {}, describe(advised) + '\n'};
}

Outcome misused(const Error& error)
{
    Outcome outcome = failed(error);
    if (outcome.exitCode == 1)
        outcome.exitCode = 2;
    return outcome;
}

Result<std::shared_ptr<const Dataset>> openTable(
    const Invocation& invocation, const Progress& progress)
{
    std::vector<AddedFile> added;
    for (const std::string& path : invocation.added)
        added.push_back({path, optionsOfAdded(invocation.reading)});
    return openJoined(invocation.files.front(), invocation.reading, added, progress);
}

Status checkWritable(const std::string& path)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        return Error{
            ErrorCode::WriteFailed, "this is a folder, and a file is to be written", path, {}, {}};
    }
    fs::path folder = fs::path(path).parent_path();
    if (folder.empty())
        folder = ".";
    if (!fs::is_directory(folder, ignored))
        return Error{
            ErrorCode::WriteFailed, "the folder to write into does not exist", path, {}, {}};
    if (access(folder.c_str(), W_OK) != 0) {
        return Error{ErrorCode::WriteFailed,
            std::string("the folder cannot be written into: ") + std::strerror(errno), path, {},
            {}};
    }
    return {};
}

std::string toText(const nlohmann::ordered_json& object)
{
    return object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

nlohmann::ordered_json labelJson(const Dataset& dataset, PointId id)
{
    const auto column = dataset.labelColumn();
    if (!column || dataset.columns()[*column].isMissing(id))
        return nullptr;
    return dataset.label(id);
}

nlohmann::ordered_json floatJson(float value)
{
    if (!std::isfinite(value))
        return nullptr;
    return parseNumber(formatNumber(value)).value_or(value);
}

std::uint64_t peakBytes()
{
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024; // Linux counts in KiB.
}

std::string warningLines(const std::vector<std::string>& warnings)
{
    std::string text;
    for (const std::string& warning : warnings)
        text += "Warning: " + printable(warning) + '\n';
    return text;
}

std::string padded(std::string_view text, std::size_t width)
{
    std::string cell = printable(text);
    const std::size_t count = characterCount(cell);
    if (count <= width)
        return cell + std::string(width - count, ' ');
    std::size_t end = 0;
    std::size_t kept = 0;
    while (kept + 1 < width) {
        do {
            ++end;
        } while (end < cell.size() && (static_cast<unsigned char>(cell[end]) & 0xc0U) == 0x80U);
        ++kept;
    }
    return cell.substr(0, end) + "…";
}

std::string paddedLeft(std::string_view text, std::size_t width)
{
    const std::size_t count = characterCount(text);
    return std::string(count < width ? width - count : 0, ' ') + std::string(text);
}

std::string secondsText(double seconds)
{
    if (seconds < 0.1)
        return formatNumber(std::round(seconds * 1e4) / 10) + " ms";
    return formatNumber(std::round(seconds * 100) / 100) + " s";
}

} // namespace embedscope::app
