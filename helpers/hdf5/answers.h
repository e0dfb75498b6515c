#pragma once

#include "core/io/hdf5/hdf5_messages.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope::hdf5 {

/// Writes messages to the standard output. Small ones are gathered, and sent on at the latest when
/// more than a tenth of a second has passed, so that the other side sees that work goes on. Where
/// nobody reads any more the process ends.
class Answers
{
public:
    void begin(Message kind);
    void number8(std::uint8_t value);
    void number32(std::uint32_t value);
    void number64(std::uint64_t value);
    /// Cut at kMostTextBytes.
    void text(std::string_view value);
    void end();

    /// Values without copying them; at most kMostMessageBytes.
    void values(const void* bytes, std::size_t count);
    void failure(Fault fault, std::string_view sentence);
    /// To be called whenever something was done that leaves no message.
    void alive();
    void flush();

private:
    void flushIfDue();

    std::string m_gathered;
    std::size_t m_messageStart = 0;
    std::chrono::steady_clock::time_point m_flushed = std::chrono::steady_clock::now();
};

} // namespace embedscope::hdf5
