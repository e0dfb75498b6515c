#pragma once

#include <string>

namespace embedscope::test {

/// What the compressors that columnar files are written with make of some bytes.
std::string toSnappy(const std::string& bytes);
std::string toGzip(const std::string& bytes);
std::string toBrotli(const std::string& bytes);
std::string toZstd(const std::string& bytes);
std::string toLz4Block(const std::string& bytes);
std::string toLz4Frame(const std::string& bytes);
std::string toLz4Hadoop(const std::string& bytes);

} // namespace embedscope::test
