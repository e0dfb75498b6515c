#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace embedscope::test {

/// A ZIP archive of those members (name, bytes), stored or deflated.
std::string zipOf(
    const std::vector<std::pair<std::string, std::string>>& members, bool deflated = false);

} // namespace embedscope::test
