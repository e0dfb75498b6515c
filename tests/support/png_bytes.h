#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace embedscope::test {

/// A chunk of a PNG file, with its check sum.
std::string pngChunk(const std::string& type, const std::string& data);

/// A PNG of 8-bit RGB pixels (three bytes each, row by row), with further chunks behind its header.
std::string png(std::uint32_t width, std::uint32_t height, const std::string& rgb,
    const std::string& chunks = {});

std::string zlibPacked(const std::string& bytes);
std::string base64(const std::string& bytes);

/// The JSON of a textual inversion as pictures carry it: n x d values from `values`, row by row.
std::string carriedInversion(
    const std::string& name, std::size_t d, const std::vector<float>& values, int step = 500);

/// A grey picture with `json` hidden in blocks beside it, each behind a black column.
std::string pngWithHidden(const std::string& json, std::uint32_t height = 40);

} // namespace embedscope::test
