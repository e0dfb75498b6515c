#include "core/io/columnar/expansion_budget.h"

#include "core/base/text.h"
#include "core/io/format.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr std::uint64_t kSuspiciousBytes = std::uint64_t{256} << 20U;
constexpr std::uint64_t kSuspiciousRatio = 1000;
constexpr std::uint64_t kPlainRatio = 8; // 8-bit values in a light compression, as float32.

} // namespace

ExpansionBudget::ExpansionBudget(std::string path, std::uint64_t fileBytes, std::uint64_t maxBytes)
    : m_path(std::move(path))
{
    // A file has at most 2^63 bytes, so that a quotient is compared where a product could not be.
    constexpr std::uint64_t kMost = UINT64_MAX / (2 * kSuspiciousRatio);
    const std::uint64_t bytes = std::min(fileBytes, kMost);
    m_allowed = std::max(maxBytes, bytes * kPlainRatio);
    const std::uint64_t plausible = std::max(kSuspiciousBytes, bytes * kSuspiciousRatio);
    m_isSuspicious = maxBytes == ReadOptions().maxBytes && plausible < m_allowed;
    if (m_isSuspicious)
        m_allowed = plausible;
}

Status ExpansionBudget::spend(std::uint64_t bytes) const
{
    const std::uint64_t before = m_spent.fetch_add(std::min(bytes, UINT64_MAX / 4096));
    if (before <= m_allowed && bytes <= m_allowed - before)
        return {};
    const std::uint64_t needed = before + std::min(bytes, UINT64_MAX / 4096);
    return Error{ErrorCode::TooLarge,
        "its values expand to " + formatBytes(needed) + " and perhaps more"
            + (m_isSuspicious ? ", as only a decompression bomb does" : ", more than is allowed")
            + "; --max-bytes " + std::to_string(needed) + " allows that much",
        m_path, {}, {}};
}

} // namespace embedscope
