#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace embedscope {

/// A table that comes with the program, to look at before one has a file of one's own.
struct Sample
{
    std::string_view id; ///< "words"
    std::string_view name; ///< "Words"
    std::string_view description; ///< What it holds, in a sentence.
    std::string_view file; ///< Below the folder of the samples.
    std::string_view colorBy; ///< The column that colours it well.
};

std::span<const Sample> samples();

/// Where the samples lie: share/embedscope/samples beside the program (a build) or beside its
/// folder (installed); for programs deeper in the build, such as tests, beside one of the folders
/// above. nullopt where there are none.
std::optional<std::string> sampleFolder(const std::string& programFolder);

/// The sample's file, where it is there.
std::optional<std::string> samplePath(const Sample& sample, const std::string& programFolder);

/// The folder of the running program's file, or "." where the system does not tell.
std::string programFolder();

} // namespace embedscope
