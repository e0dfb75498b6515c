// embedscope-hdf5: reads HDF5 files for Embedscope in a process of its own, because libhdf5 crashes
// and hangs on crafted files. It is given the open file on descriptor 3, and exchanges messages
// (core/io/hdf5/hdf5_messages.h) over standard input and output. Run by hand it is of no use.

#include "helpers/hdf5/answers.h"
#include "helpers/hdf5/confinement.h"
#include "helpers/hdf5/descriptor_driver.h"
#include "helpers/hdf5/listing.h"
#include "helpers/hdf5/lzf_filter.h"
#include "helpers/hdf5/reading.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <unistd.h>

using namespace embedscope::hdf5;

namespace {

constexpr std::uint32_t kMostRequestBytes = 64U << 10U;

bool readAll(char* into, std::size_t count)
{
    while (count > 0) {
        const ssize_t got = ::read(STDIN_FILENO, into, count);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        into += got;
        count -= static_cast<std::size_t>(got);
    }
    return true;
}

/// Takes a request apart; what is missing reads as zero and fails later.
class Pieces
{
public:
    explicit Pieces(const std::string& bytes)
        : m_bytes(bytes)
    {
    }
    template <typename T> T number()
    {
        T value{};
        if (m_bytes.size() - m_at >= sizeof value) {
            std::memcpy(&value, m_bytes.data() + m_at, sizeof value);
            m_at += sizeof value;
        }
        return value;
    }
    std::string text()
    {
        const std::size_t length
            = std::min<std::size_t>(number<std::uint32_t>(), m_bytes.size() - m_at);
        std::string text = m_bytes.substr(m_at, length);
        m_at += length;
        return text;
    }

private:
    const std::string& m_bytes;
    std::size_t m_at = 0;
};

ReadRequest readRequest(const std::string& bytes)
{
    Pieces pieces(bytes);
    ReadRequest request;
    request.element = static_cast<Element>(pieces.number<std::uint8_t>() & 3U);
    request.path = pieces.text();
    request.member = pieces.text();
    request.first = pieces.number<std::uint64_t>();
    request.rows = pieces.number<std::uint64_t>();
    request.rowValues = pieces.number<std::uint64_t>();
    return request;
}

FileHandle openFile()
{
    const PropertiesHandle access(descriptorAccess());
    return access ? FileHandle(H5Fopen(kDescriptorName, H5F_ACC_RDONLY, access.get()))
                  : FileHandle();
}

int serve()
{
    Answers answers;
    std::optional<FileHandle> file;
    while (true) {
        char kind = 0;
        std::uint32_t length = 0;
        if (!readAll(&kind, 1) || !readAll(reinterpret_cast<char*>(&length), sizeof length)
            || length > kMostRequestBytes)
            return 0; // Nobody asks any more.
        std::string bytes(length, '\0');
        if (!readAll(bytes.data(), length))
            return 0;
        if (!file)
            file = openFile();
        if (!*file)
            answers.failure(Fault::Damaged, "the file could not be opened");
        else if (kind == static_cast<char>(Message::List))
            answerList(file->get(), answers);
        else if (kind == static_cast<char>(Message::Read))
            answerRead(file->get(), readRequest(bytes), answers);
        else
            return 1;
    }
}

} // namespace

int main(int count, char** arguments)
{
    std::uint64_t memoryBytes = 0;
    if (count != 2)
        return 2;
    const char* const text = arguments[1];
    const char* const end = text + std::strlen(text);
    if (const auto parsed = std::from_chars(text, end, memoryBytes);
        parsed.ec != std::errc() || parsed.ptr != end)
        return 2;
    // The library finds its feet before the walls go up; of the file it has seen nothing yet.
    if (H5open() < 0 || H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) < 0
        || H5PLset_loading_state(0) < 0 || !registerLzfFilter() || !confine(memoryBytes))
        return 3;
    try {
        const int status = serve();
        ::_exit(status); // Closing a damaged file once more could only crash.
    } catch (const std::bad_alloc&) {
        ::_exit(4);
    }
}
