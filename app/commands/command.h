#pragma once

#include "app/command_line.h"

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace embedscope::app {

/// What a command leaves behind: the text for the two streams and the exit code. Commands print
/// nothing themselves, so that nothing stands on stdout where they fail half-way.
struct Outcome
{
    int exitCode = 0; ///< 0, 1 for an error, 2 for wrong usage, 130 when interrupted.
    std::string out;
    std::string err;
};

/// The error as one sentence on stderr; exit code 1, or 130 and no word where the user stopped it.
Outcome failed(const Error& error);
/// The same for what the user asked wrongly: exit code 2.
Outcome misused(const Error& error);

/// Headless commands. None needs a display; none throws but std::bad_alloc.
Outcome runInfo(const Invocation& invocation, const Progress& progress);
Outcome runNeighbors(const Invocation& invocation, const Progress& progress);
Outcome runProject(const Invocation& invocation, const Progress& progress);
Outcome runJoin(const Invocation& invocation, const Progress& progress);
Outcome runQuality(const Invocation& invocation, const Progress& progress);
Outcome runRender(const Invocation& invocation, const Progress& progress);
Outcome runConvert(const Invocation& invocation, const Progress& progress);
Outcome runMethods(const Invocation& invocation, const Progress& progress);
Outcome runFormats(const Invocation& invocation, const Progress& progress);

// What the commands share.

/// Seconds since it was made.
class Stopwatch
{
public:
    double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// The table that the invocation asks for: its first file, with what is added joined below.
Result<std::shared_ptr<const Dataset>> openTable(
    const Invocation& invocation, const Progress& progress);

/// Fails early, before the long work, where a file of that name could not be written.
Status checkWritable(const std::string& path);

/// The object with a line break at its end; numbers that are not finite become null.
std::string toText(const nlohmann::ordered_json& object);
/// A label, or null where the row has none.
nlohmann::ordered_json labelJson(const Dataset& dataset, PointId id);
/// The number that reads back as this float32 and has the fewest digits.
nlohmann::ordered_json floatJson(float value);

/// The most memory this process has had at once, in bytes; 0 where the system does not say.
std::uint64_t peakBytes();

/// "Warning: …" for each, one a line.
std::string warningLines(const std::vector<std::string>& warnings);

/// Text in a column of `width` places, counted in characters; cut with an ellipsis where longer.
std::string padded(std::string_view text, std::size_t width);
/// The same to the right, never cut.
std::string paddedLeft(std::string_view text, std::size_t width);

/// "0.3 ms", "1.25 s"
std::string secondsText(double seconds);

} // namespace embedscope::app
