#include "core/io/writers/write.h"

#include "core/base/text.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace embedscope {

namespace {

namespace fs = std::filesystem;

Error writeError(const std::string& path, int code)
{
    return Error{ErrorCode::WriteFailed,
        "could not be written: " + std::generic_category().message(code), path, {}, {}};
}

/// Removes the temporary unless it was renamed in time.
class Temporary
{
public:
    explicit Temporary(std::string path)
        : m_path(std::move(path))
    {
    }
    ~Temporary()
    {
        if (!m_path.empty())
            ::unlink(m_path.c_str());
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    void release() { m_path.clear(); }

private:
    std::string m_path;
};

Status writeThrough(const std::string& path, const std::string& shownPath,
    const std::function<Status(std::ostream&)>& write)
{
    errno = 0;
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    if (!out)
        return writeError(shownPath, errno != 0 ? errno : EIO);
    if (Status written = write(out); !written) {
        Error error = std::move(written).error();
        if (error.path.empty() && error.code == ErrorCode::WriteFailed)
            error.path = shownPath;
        return error;
    }
    errno = 0;
    out.flush();
    out.close();
    if (!out)
        return writeError(shownPath, errno != 0 ? errno : EIO);
    return {};
}

/// Creates a file beside the target that nobody else has, with the permissions of any new file.
/// Returns its descriptor, or -1 with errno set.
int createBeside(const std::string& target, std::string& name)
{
    static std::atomic<unsigned> counter{0};
    constexpr int kAttempts = 1000;
    int descriptor = -1;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        name = target + ".part-" + std::to_string(::getpid()) + '-' + std::to_string(counter++);
        descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST)
            break;
    }
    return descriptor;
}

} // namespace

Status writeAtomically(
    const std::string& path, const std::function<Status(std::ostream& out)>& write)
{
    std::error_code ignored;
    // A symbolic link stays one: what it points to is replaced.
    const fs::path resolved
        = fs::is_symlink(path, ignored) ? fs::weakly_canonical(path, ignored) : fs::path(path);
    const std::string target = resolved.empty() ? path : resolved.string();
    struct stat status = {};
    const bool isReplaced = ::stat(target.c_str(), &status) == 0;
    if (isReplaced && !S_ISREG(status.st_mode)) {
        if (S_ISDIR(status.st_mode))
            return writeError(path, EISDIR);
        return writeThrough(target, path, write); // A device or pipe cannot be replaced.
    }
    std::string name;
    const int descriptor = createBeside(target, name);
    if (descriptor < 0)
        return writeError(path, errno);
    Temporary temporary(name);
    auto written = writeThrough(name, path, write);
    if (isReplaced) // Last, so that a file without the right to write can be replaced.
        ::fchmod(descriptor, status.st_mode & 07777U);
    if (written && ::fsync(descriptor) != 0)
        written = writeError(path, errno);
    ::close(descriptor);
    if (!written)
        return written;
    if (::rename(name.c_str(), target.c_str()) != 0)
        return writeError(path, errno);
    temporary.release();
    return {};
}

} // namespace embedscope
