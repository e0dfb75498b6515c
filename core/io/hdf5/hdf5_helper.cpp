#include "core/io/hdf5/hdf5_helper.h"

#include "core/base/child_process.h"
#include "core/io/bytes/byte_descriptor.h"
#include "core/io/hdf5/hdf5_listing.h"
#include "core/io/hdf5/hdf5_messages.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <vector>

namespace embedscope {

namespace {

using std::chrono::milliseconds;

constexpr const char* kProgram = "embedscope-hdf5";
constexpr std::size_t kBufferBytes = 256U << 10U;
constexpr milliseconds kMostPatience{10'000};
/// A small file is listed, and each of its blocks expanded, in a few milliseconds.
constexpr milliseconds kLeastProcessorPatience{1'000};
constexpr std::uint64_t kSlowestBytesPerMs = 50'000;

std::mutex& programMutex()
{
    static std::mutex mutex;
    return mutex;
}

std::string& chosenProgram()
{
    static std::string path;
    return path;
}

/// Where the helper may lie, best first.
std::vector<std::filesystem::path> places()
{
    std::vector<std::filesystem::path> found;
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) {
        const auto folder = self.parent_path();
        found.push_back(folder / kProgram);
        found.push_back(folder / EMBEDSCOPE_LIBEXEC_FROM_BIN / kProgram);
    }
    found.push_back(std::filesystem::path(EMBEDSCOPE_LIBEXEC) / kProgram);
    return found;
}

Result<std::string> helperProgram()
{
    {
        const std::lock_guard lock(programMutex());
        if (!chosenProgram().empty())
            return chosenProgram();
    }
    for (const auto& place : places()) {
        std::error_code error;
        if (std::filesystem::is_regular_file(place, error))
            return place.lexically_normal().string();
    }
    return Error{ErrorCode::NotFound, {}, {}, {}, {}};
}

Error helperMissing()
{
    return Error{ErrorCode::NotFound,
        "HDF5 files are read by a program of their own, embedscope-hdf5, which is missing or "
        "cannot "
        "be started; install Embedscope again",
        {}, {}, {}};
}

ChildPatience patienceFor(std::uint64_t workBytes)
{
    const auto work = milliseconds(std::min<std::uint64_t>(
        workBytes / kSlowestBytesPerMs, static_cast<std::uint64_t>(kMostPatience.count())));
    return {kMostPatience, std::min(kMostPatience, kLeastProcessorPatience + work)};
}

class HelperChannel final : public Hdf5Channel
{
public:
    HelperChannel(ChildProcess child, ChildPatience patience)
        : m_child(std::move(child))
        , m_patience(patience)
        , m_buffer(kBufferBytes)
    {
    }

    Status send(std::string_view bytes) override
    {
        if (!m_child.send(bytes))
            return hdf5Damaged();
        return {};
    }

    Status read(std::span<std::byte> into, const Progress& progress) override
    {
        while (!into.empty()) {
            if (m_used < m_filled) {
                const std::size_t count = std::min(into.size(), m_filled - m_used);
                std::memcpy(into.data(), m_buffer.data() + m_used, count);
                m_used += count;
                into = into.subspan(count);
                continue;
            }
            m_used = m_filled = 0;
            std::size_t count = 0;
            // Much goes straight to its place, little through the buffer.
            const bool isDirect = into.size() >= m_buffer.size();
            EMBEDSCOPE_TRY(receive(isDirect ? into : std::span(m_buffer), count, progress));
            if (isDirect)
                into = into.subspan(count);
            else
                m_filled = count;
        }
        return {};
    }

private:
    Status receive(std::span<std::byte> into, std::size_t& count, const Progress& progress)
    {
        switch (m_child.read(into, count, m_patience, progress)) {
        case ChildEvent::Data:
            return {};
        case ChildEvent::Stopped:
            return stoppedError();
        case ChildEvent::Stalled:
            return hdf5Damaged("it got no further");
        case ChildEvent::Ended:
            break;
        }
        return hdf5Damaged();
    }

    ChildProcess m_child;
    ChildPatience m_patience;
    std::vector<std::byte> m_buffer;
    std::size_t m_used = 0;
    std::size_t m_filled = 0;
};

} // namespace

Result<std::unique_ptr<Hdf5Channel>> openHdf5Helper(const ByteSource& source,
    std::uint64_t memoryBytes, std::uint64_t workBytes, const Progress& progress)
{
    const auto program = helperProgram();
    if (!program)
        return helperMissing();
    EMBEDSCOPE_TRY_ASSIGN(const auto descriptor, ByteDescriptor::of(source, progress));
    ChildCommand command;
    command.program = *program;
    command.arguments = {std::to_string(memoryBytes)};
    command.descriptors = {{descriptor.number(), hdf5::kFileDescriptor}};
    auto child = ChildProcess::start(command);
    if (!child)
        return helperMissing();
    return std::unique_ptr<Hdf5Channel>(
        std::make_unique<HelperChannel>(std::move(child).value(), patienceFor(workBytes)));
}

void setHdf5HelperProgram(std::string path)
{
    const std::lock_guard lock(programMutex());
    chosenProgram() = std::move(path);
}

} // namespace embedscope
