// Stands in for embedscope-hdf5 and does what a crashed, hung or captured one might. What, is said
// by the word behind the signature in the file it is given.

#include "core/io/hdf5/hdf5_messages.h"

#include <atomic>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <unistd.h>

using namespace embedscope::hdf5;

namespace {

void say(Message kind, std::uint32_t length)
{
    std::array<char, 5> head{static_cast<char>(kind)};
    std::memcpy(head.data() + 1, &length, sizeof length);
    if (::write(STDOUT_FILENO, head.data(), head.size()) < 0)
        std::_Exit(1);
}

} // namespace

int main()
{
    std::array<char, 64> text{};
    if (::pread(kFileDescriptor, text.data(), text.size() - 1, 9) < 0)
        return 1;
    const std::string_view word(text.data());
    if (word == "crash")
        ::raise(SIGSEGV);
    if (word == "abort")
        std::abort();
    if (word == "end")
        return 0;
    if (word == "halfway") {
        say(Message::Dataset, 100);
        return 0;
    }
    if (word == "spin") {
        std::atomic<unsigned> turns{0};
        while (true)
            turns.fetch_add(1, std::memory_order_relaxed);
    }
    if (word == "sleep") {
        while (true)
            ::pause();
    }
    while (word == "alive")
        say(Message::Alive, 0);
    while (word == "groups") {
        // An empty path and no attributes, for ever.
        say(Message::Group, 8);
        const std::array<char, 8> nothing{};
        if (::write(STDOUT_FILENO, nothing.data(), nothing.size()) < 0)
            return 1;
    }
    if (word == "huge")
        say(Message::Dataset, 0xFFFFFFFF);
    return 0;
}
