#include "tests/fuzz/fuzz_format.h"

#include "core/io/half_table.h"
#include "core/io/open.h"

#include <cstdlib>
#include <cstring>
#include <new>

namespace embedscope::test {

namespace {

// Enough to get anywhere, and little enough that a run stays fast.
constexpr std::uint64_t kMaxBytes = 16U << 20U;

std::shared_ptr<const ByteSource> sourceOf(const std::uint8_t* bytes, std::size_t size)
{
    return memorySource(
        std::string(reinterpret_cast<const char*>(bytes), size), "no/such/folder/input");
}

/// Larger tables would make runs slow.
constexpr Index kMostCompared = 1 << 16;

/// Rows that are read alone must be those of the whole table.
void comparePart(
    const Format& format, const ByteSource& source, ReadOptions options, const Dataset& whole)
{
    const Index n = whole.size();
    options.rows.range = {n / 3, n - 1};
    auto read = format.read(source, options, {});
    if (!read || !applyRowChoice(options.rows, *read, source.path()))
        std::abort();
    const auto part = Dataset::make(std::move(read).value());
    if (!part || (*part)->size() != n - 1 - n / 3)
        std::abort();
    const std::size_t rowBytes = static_cast<std::size_t>(whole.dimensions()) * sizeof(float);
    for (Index i = 0; i < (*part)->size(); ++i) {
        const auto row = static_cast<PointId>(n / 3 + i);
        if (std::memcmp(
                (*part)->vectors().floats().row(i), whole.vectors().floats().row(row), rowBytes)
                != 0
            || (*part)->label(static_cast<PointId>(i)) != whole.label(row))
            std::abort();
    }
}

/// The bands of a table that is kept as float16 must make a whole one.
void compareHalves(
    const Format& format, const ByteSource& source, const ReadOptions& options, Index rows)
{
    const auto half = readAsHalves(format, source, options, {}, {2, 4});
    if (!half || (!half->vectors.isEmpty() && half->vectors.view().rows() != rows)
        || half->table.fileRows() != rows)
        std::abort();
}

} // namespace

void fuzzReader(std::string_view format, const std::uint8_t* bytes, std::size_t size)
{
    ReadOptions options;
    options.maxBytes = kMaxBytes;
    const auto source = sourceOf(bytes, size);
    for (const Format& row : formats()) {
        if (row.id != format)
            continue;
        try {
            auto table = row.read(*source, options, {});
            if (!table)
                return;
            const auto dataset = Dataset::make(std::move(table).value());
            if (!dataset)
                return;
            const Index n = (*dataset)->size();
            if (n < 1)
                std::abort();
            if (n > 1 && n * (*dataset)->dimensions() <= kMostCompared) {
                comparePart(row, *source, options, **dataset);
                compareHalves(row, *source, options, n);
            }
        } catch (const std::bad_alloc&) {
            return; // The one exception that may leave a reader.
        }
        return;
    }
    std::abort(); // There is no such format.
}

void fuzzOpen(const std::uint8_t* bytes, std::size_t size)
{
    ReadOptions options;
    options.maxBytes = kMaxBytes;
    const auto dataset = openDataset(sourceOf(bytes, size), options, {});
    if (!dataset && dataset.error().detail.empty())
        std::abort();
}

} // namespace embedscope::test
