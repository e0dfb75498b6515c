#include "core/io/archives/expansion.h"

#include "core/base/text.h"
#include "core/io/format.h"

namespace embedscope {

namespace {

// Text of vectors packs three to one, tables of few distinct values perhaps fifty to one.
constexpr std::uint64_t kSuspiciousRatio = 200;
constexpr std::uint64_t kSuspiciousBytes = std::uint64_t{64} << 20U;

} // namespace

Expansion::Expansion(std::string path, std::uint64_t packedBytes, std::uint64_t limit)
    : m_path(std::move(path))
    , m_packedBytes(packedBytes)
    , m_limit(limit)
{
}

Status Expansion::check(std::uint64_t bytes) const
{
    if (bytes > m_limit) {
        return Error{ErrorCode::TooLarge,
            "it unpacks to more than " + formatBytes(m_limit)
                + "; where that is meant to be so, --max-bytes allows it",
            m_path, {}, {}};
    }
    const bool isLimitOfUser = m_limit != ReadOptions().maxBytes;
    if (!isLimitOfUser && bytes > kSuspiciousBytes && bytes / kSuspiciousRatio >= m_packedBytes) {
        return Error{ErrorCode::TooLarge,
            formatBytes(m_packedBytes) + " unpack to more than " + formatBytes(bytes - 1)
                + ", which no table of embeddings does; where that is meant to be so, --max-bytes "
                  "allows it",
            m_path, {}, {}};
    }
    return {};
}

} // namespace embedscope
