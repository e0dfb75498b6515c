#include "core/io/samples.h"

#include <array>
#include <filesystem>
#include <system_error>

namespace embedscope {

namespace {

namespace fs = std::filesystem;

constexpr std::array kSamples{
    Sample{"words", "Words",
        "10,000 English words with their field of meaning and part of speech, from WordNet.",
        "words/words.json", "field"},
    Sample{"digits", "Digits", "1,797 handwritten digits, each with its picture.",
        "digits/digits.json", "digit"},
};

constexpr int kFoldersUp = 4;

} // namespace

std::span<const Sample> samples()
{
    return kSamples;
}

std::optional<std::string> sampleFolder(const std::string& programFolder)
{
    fs::path folder = programFolder;
    for (int up = 0; up <= kFoldersUp; ++up) {
        const fs::path candidate = folder / "share" / "embedscope" / "samples";
        std::error_code ignored;
        if (fs::is_directory(candidate, ignored))
            return candidate.string();
        if (!folder.has_relative_path())
            break;
        folder = folder.parent_path();
    }
    return std::nullopt;
}

std::optional<std::string> samplePath(const Sample& sample, const std::string& programFolder)
{
    const auto folder = sampleFolder(programFolder);
    if (!folder)
        return std::nullopt;
    const fs::path path = fs::path(*folder) / sample.file;
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored))
        return std::nullopt;
    return path.string();
}

std::string programFolder()
{
    std::error_code failure;
    const fs::path program = fs::read_symlink("/proc/self/exe", failure);
    return failure ? std::string(".") : program.parent_path().string();
}

} // namespace embedscope
