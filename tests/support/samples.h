#pragma once

#include "core/base/index.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embedscope::test {

/// A valid file of a format, made in code, and what stands beside it.
struct SampleFile
{
    std::string bytes;
    /// Names and bytes of files that it refers to, in the same folder.
    std::vector<std::pair<std::string, std::string>> companions;
};

/// How to make a file of a format. The tests of every format loop over these rows: a format that
/// has none fails them.
struct SampleMaker
{
    std::string_view format; ///< Id of a row of core/io/formats.cpp.
    std::string_view extension; ///< Without the dot.
    SampleFile (*make)(Index rows);
    /// False where nothing in the bytes tells the format, and only the name does.
    bool isRecognizedByContent = true;
};

std::span<const SampleMaker> sampleMakers();
const SampleMaker* sampleMaker(std::string_view format);

} // namespace embedscope::test
