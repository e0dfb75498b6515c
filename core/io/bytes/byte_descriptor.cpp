#include "core/io/bytes/byte_descriptor.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace embedscope {

namespace {

constexpr std::uint64_t kBlockBytes = 4U << 20U;

Error refused(const ByteSource& source)
{
    return Error{ErrorCode::Unreadable,
        "could not be handed on: " + std::generic_category().message(errno), source.path(), {}, {}};
}

Status copy(const ByteSource& source, int descriptor, const Progress& progress)
{
    std::vector<std::byte> block(std::min(kBlockBytes, source.size()));
    for (std::uint64_t at = 0; at < source.size(); at += block.size()) {
        if (progress.stopRequested())
            return stoppedError();
        auto rest = std::span(block).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), source.size() - at)));
        EMBEDSCOPE_TRY(source.read(at, rest));
        while (!rest.empty()) {
            const auto done = ::write(descriptor, rest.data(), rest.size());
            if (done < 0 && errno == EINTR)
                continue;
            if (done <= 0)
                return refused(source);
            rest = rest.subspan(static_cast<std::size_t>(done));
        }
    }
    return {};
}

} // namespace

Result<ByteDescriptor> ByteDescriptor::of(const ByteSource& source, const Progress& progress)
{
    if (const int own = source.descriptor(); own >= 0)
        return ByteDescriptor(own, false);
    const int number = ::memfd_create("embedscope", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (number < 0)
        return refused(source);
    ByteDescriptor made(number, true);
    EMBEDSCOPE_TRY(copy(source, number, progress));
    if (::fcntl(number, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
        return refused(source);
    return made;
}

ByteDescriptor::~ByteDescriptor()
{
    if (m_isOwned && m_number >= 0)
        ::close(m_number);
}

ByteDescriptor::ByteDescriptor(ByteDescriptor&& other) noexcept
    : m_number(std::exchange(other.m_number, -1))
    , m_isOwned(other.m_isOwned)
{
}

ByteDescriptor& ByteDescriptor::operator=(ByteDescriptor&& other) noexcept
{
    std::swap(m_number, other.m_number);
    std::swap(m_isOwned, other.m_isOwned);
    return *this;
}

} // namespace embedscope
