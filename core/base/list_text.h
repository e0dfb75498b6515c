#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace embedscope {

/// "a, b, c and 5 more": the first `most` of `count` texts, for a sentence.
std::string listText(
    std::size_t count, std::size_t most, const std::function<std::string(std::size_t at)>& textOf);

} // namespace embedscope
