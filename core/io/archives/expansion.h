#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace embedscope {

/// What a compressed file may become. Refuses as soon as what was said or what was unpacked tells:
/// beyond the limit, or (where the user named no limit) so much from so little that it can be no
/// table.
class Expansion
{
public:
    /// packedBytes   of the outermost file.
    /// limit         ReadOptions::maxBytes.
    Expansion(std::string path, std::uint64_t packedBytes, std::uint64_t limit);

    /// TooLarge where `bytes`, unpacked or promised, are beyond what is allowed.
    Status check(std::uint64_t bytes) const;

    std::uint64_t limit() const { return m_limit; }
    const std::string& path() const { return m_path; }

private:
    std::string m_path;
    std::uint64_t m_packedBytes;
    std::uint64_t m_limit;
};

} // namespace embedscope
