#pragma once

#include "core/base/result.h"

#include <atomic>
#include <cstdint>
#include <string>

namespace embedscope {

/// How much a compressed or run-length coded file may become in memory: what the user allows
/// (ReadOptions::maxBytes, or eight times the file where that is more), and without a word from the
/// user no more than a thousand times the file, beyond 256 MB. Everything that is made of the file
/// is spent here before it is allocated. Thread: spend() may be called from several at once.
class ExpansionBudget
{
public:
    ExpansionBudget(std::string path, std::uint64_t fileBytes, std::uint64_t maxBytes);

    /// TooLarge where `bytes` more are too many.
    Status spend(std::uint64_t bytes) const;

private:
    std::string m_path;
    std::uint64_t m_allowed;
    bool m_isSuspicious; ///< What is beyond can only be a bomb.
    mutable std::atomic<std::uint64_t> m_spent{0};
};

} // namespace embedscope
