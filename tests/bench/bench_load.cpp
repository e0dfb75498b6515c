/// How fast files are opened: openDataset() beside a plain read() loop into fresh memory, in turn,
/// with warm caches. Prints a line a file; scripts/compare_loaders runs other programs beside it.

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/io/open.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace embedscope;

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20U;

double secondsOf(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// The yardstick: all bytes of the file into memory that was never touched.
void readPlainly(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status = {};
    if (file < 0 || ::fstat(file, &status) != 0) {
        std::perror(path.c_str());
        std::exit(1);
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    const std::unique_ptr<char[]> bytes(new char[size]);
    for (std::size_t done = 0; done < size;) {
        const auto got = ::read(file, bytes.get() + done, std::min(kPieceBytes, size - done));
        if (got <= 0)
            std::exit(1);
        done += static_cast<std::size_t>(got);
    }
    ::close(file);
}

std::shared_ptr<const Dataset> load(const std::string& path, const ReadOptions& options)
{
    auto dataset = openDataset(path, options, Progress());
    if (!dataset) {
        std::fprintf(stderr, "%s: %s\n", path.c_str(), dataset.error().detail.c_str());
        std::exit(1);
    }
    return std::move(dataset).value();
}

/// The most memory that a process took which does nothing but open the file.
std::uint64_t peakBytes(const std::string& path, const ReadOptions& options)
{
    const pid_t child = ::fork();
    if (child == 0) {
        load(path, options);
        ::_exit(0);
    }
    int status = 0;
    struct rusage usage = {};
    if (::wait4(child, &status, 0, &usage) != child || status != 0)
        std::exit(1);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> paths;
    ReadOptions options;
    int runs = 5;
    int threads = 0;
    bool asJson = false;
    CLI::App app("Times how files are opened, beside a plain read of their bytes.");
    app.add_option("files", paths)->required()->check(CLI::ExistingFile);
    app.add_option("--runs", runs, "Runs of which the median is told")->check(CLI::Range(1, 100));
    app.add_option("--threads", threads, "Threads; 0 as many as processors");
    app.add_option("--tensor", options.tensor, "Which table of the files");
    app.add_flag("--json", asJson, "A line of JSON for each file");
    CLI11_PARSE(app, argc, argv);

    if (!asJson) {
        std::printf("%-28s %12s %9s %9s %9s %11s %9s %10s\n", "file", "size", "open", "MB/s",
            "read()", "open/read()", "matrix", "peak");
    }
    for (const std::string& path : paths) {
        const std::uint64_t peak = peakBytes(path, options); // before there are threads
        setThreadCount(threads);
        std::vector<double> opening;
        std::vector<double> reading;
        std::shared_ptr<const Dataset> dataset;
        for (int run = 0; run < runs; ++run) {
            dataset.reset();
            reading.push_back(secondsOf([&] { readPlainly(path); }));
            opening.push_back(secondsOf([&] { dataset = load(path, options); }));
        }
        const double open = median(opening);
        const double read = median(reading);
        const auto fileBytes = static_cast<double>(dataset->provenance().fileBytes);
        const auto matrixBytes = static_cast<std::uint64_t>(dataset->size())
            * static_cast<std::uint64_t>(dataset->dimensions()) * sizeof(float);
        const std::string name = path.substr(path.rfind('/') + 1);
        if (asJson) {
            const nlohmann::ordered_json line{{"file", name},
                {"format", dataset->provenance().format}, {"bytes", fileBytes},
                {"points", dataset->size()}, {"dimensions", dataset->dimensions()},
                {"threads", threadCount()}, {"seconds", open}, {"read_seconds", read},
                {"matrix_bytes", matrixBytes}, {"peak_bytes", peak}};
            std::printf("%s\n", line.dump().c_str());
        } else {
            std::printf("%-28s %12s %7.3f s %9.0f %7.3f s %11.2f %9s %10s\n", name.c_str(),
                formatBytes(dataset->provenance().fileBytes).c_str(), open, fileBytes / open / 1e6,
                read, open / read, formatBytes(matrixBytes).c_str(), formatBytes(peak).c_str());
        }
        std::fflush(stdout);
        dataset.reset();
    }
    return 0;
}
