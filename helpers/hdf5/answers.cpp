#include "helpers/hdf5/answers.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace embedscope::hdf5 {

namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kHeadBytes = 5;
constexpr std::size_t kGatheredBytes = 64U << 10U;
constexpr auto kLongestSilence = std::chrono::milliseconds(100);

void writeAll(const char* bytes, std::size_t count)
{
    while (count > 0) {
        const ssize_t done = ::write(STDOUT_FILENO, bytes, count);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            ::_exit(1);
        bytes += done;
        count -= static_cast<std::size_t>(done);
    }
}

template <typename T> void append(std::string& out, T value)
{
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof value);
}

} // namespace

void Answers::begin(Message kind)
{
    m_messageStart = m_gathered.size();
    append(m_gathered, static_cast<std::uint8_t>(kind));
    append(m_gathered, std::uint32_t{0});
}

void Answers::number8(std::uint8_t value)
{
    append(m_gathered, value);
}

void Answers::number32(std::uint32_t value)
{
    append(m_gathered, value);
}

void Answers::number64(std::uint64_t value)
{
    append(m_gathered, value);
}

void Answers::text(std::string_view value)
{
    value = value.substr(0, kMostTextBytes);
    append(m_gathered, static_cast<std::uint32_t>(value.size()));
    m_gathered += value;
}

void Answers::end()
{
    const auto length = static_cast<std::uint32_t>(m_gathered.size() - m_messageStart - kHeadBytes);
    std::memcpy(m_gathered.data() + m_messageStart + 1, &length, sizeof length);
    flushIfDue();
}

void Answers::values(const void* bytes, std::size_t count)
{
    begin(Message::Values);
    const auto length = static_cast<std::uint32_t>(count);
    std::memcpy(m_gathered.data() + m_messageStart + 1, &length, sizeof length);
    flush();
    writeAll(static_cast<const char*>(bytes), count);
}

void Answers::failure(Fault fault, std::string_view sentence)
{
    begin(Message::Failure);
    number8(static_cast<std::uint8_t>(fault));
    text(sentence);
    end();
    flush();
}

void Answers::alive()
{
    if (std::chrono::steady_clock::now() - m_flushed < kLongestSilence)
        return;
    begin(Message::Alive);
    end();
    flush();
}

void Answers::flush()
{
    writeAll(m_gathered.data(), m_gathered.size());
    m_gathered.clear();
    m_flushed = std::chrono::steady_clock::now();
}

void Answers::flushIfDue()
{
    if (m_gathered.size() >= kGatheredBytes
        || std::chrono::steady_clock::now() - m_flushed >= kLongestSilence)
        flush();
}

} // namespace embedscope::hdf5
