#include "core/analysis/health/table_scan.h"

#include "core/analysis/health/moments.h"
#include "core/analysis/scan_kernels.h"
#include "core/base/parallel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace embedscope {

namespace {

constexpr Index kBlockValues = Index{1} << 16U;
constexpr Index kFewestRows = 64;
constexpr Index kBlocksPerSlab = 32;

struct Block
{
    std::vector<double> sum, square, direction;
    std::vector<PointId> nanRows, infiniteRows, zeroRows;
    double smallest = 0;
    double largest = 0;
    Index usable = 0;
};

/// Four multiplications run side by side; 0 and -0 are the same.
std::uint64_t hashRow(const float* row, Index d)
{
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;
    constexpr Index kChunk = 64;
    std::array<std::uint64_t, 4> state{1, 2, 3, 4};
    std::array<float, kChunk> values{};
    for (Index begin = 0; begin < d; begin += kChunk) {
        const Index count = std::min(kChunk, d - begin);
        if (count < kChunk)
            values.fill(0);
        for (Index j = 0; j < count; ++j)
            values[static_cast<std::size_t>(j)] = row[begin + j] + 0.0F;
        std::array<std::uint64_t, kChunk / 2> words;
        std::memcpy(words.data(), values.data(), sizeof words);
        for (std::size_t w = 0; w < words.size(); w += 4) {
            for (std::size_t lane = 0; lane < 4; ++lane) {
                state[lane] = (state[lane] ^ words[w + lane]) * kOdd;
                state[lane] ^= state[lane] >> 32U;
            }
        }
    }
    std::uint64_t hash = 0;
    for (const std::uint64_t part : state) {
        hash = (hash ^ part) * kOdd;
        hash ^= hash >> 29U;
    }
    return hash;
}

class Scanner
{
public:
    Scanner(const Dataset& dataset, TableScan& to)
        : m_dataset(dataset)
        , m_vectors(dataset.vectors())
        , m_to(to)
        , m_shift(static_cast<std::size_t>(dataset.dimensions()))
        , m_sum(m_shift.size())
        , m_square(m_shift.size())
    {
        m_to.direction.resize(m_shift.size());
        const auto n = static_cast<std::size_t>(dataset.size());
        m_to.norms.resize(n);
        m_to.hashes.resize(n);
        // Sums about a row of the table lose nothing where the values lie far from 0.
        RowRoom room;
        for (PointId id = 0; id < dataset.size(); ++id) {
            if (dataset.isUsable(id)) {
                std::copy_n(m_vectors.row(id, room), m_shift.size(), m_shift.begin());
                break;
            }
        }
    }

    Status run(const Progress& progress)
    {
        const Index n = m_dataset.size();
        const Index d = m_dataset.dimensions();
        const Index rows = std::max(kFewestRows, kBlockValues / d);
        std::vector<Block> blocks(
            static_cast<std::size_t>(std::min(kBlocksPerSlab, blockCount(n, rows))));
        for (Index slab = 0; slab < n; slab += rows * kBlocksPerSlab) {
            progress.report("Examining rows", static_cast<double>(slab) / static_cast<double>(n));
            const Index count = std::min(n - slab, rows * kBlocksPerSlab);
            parallelBlocks(count, rows, [&](Index block, Index begin, Index end) {
                if (!progress.stopRequested())
                    scan(slab + begin, slab + end, blocks[static_cast<std::size_t>(block)]);
            });
            if (progress.stopRequested())
                return stoppedError();
            for (Index b = 0; b < blockCount(count, rows); ++b)
                add(blocks[static_cast<std::size_t>(b)]);
        }
        finish();
        return {};
    }

private:
    void scan(Index begin, Index end, Block& block) const
    {
        block.sum.assign(m_shift.size(), 0);
        block.square.assign(m_shift.size(), 0);
        block.direction.assign(m_shift.size(), 0);
        block.nanRows.clear();
        block.infiniteRows.clear();
        block.zeroRows.clear();
        const Index d = m_vectors.columns();
        RowRoom room;
        const float* row = m_vectors.rows(begin, end, room);
        std::vector<const float*> rows;
        std::vector<double> scales;
        for (Index i = begin; i < end; ++i, row += d) {
            const auto id = static_cast<PointId>(i);
            if (!m_dataset.isUsable(id)) {
                if (std::any_of(row, row + d, [](float x) { return std::isnan(x); }))
                    block.nanRows.push_back(id);
                if (std::any_of(row, row + d, [](float x) { return std::isinf(x); }))
                    block.infiniteRows.push_back(id);
                continue;
            }
            const double norm = std::sqrt(pairDot(row, row, d));
            if (norm == 0)
                block.zeroRows.push_back(id);
            block.smallest = rows.empty() ? norm : std::min(block.smallest, norm);
            block.largest = rows.empty() ? norm : std::max(block.largest, norm);
            m_to.norms[static_cast<std::size_t>(i)] = static_cast<float>(norm);
            m_to.hashes[static_cast<std::size_t>(i)] = hashRow(row, d);
            rows.push_back(row);
            scales.push_back(norm == 0 ? 0 : 1 / norm);
        }
        block.usable = static_cast<Index>(rows.size());
        addMoments(rows.data(), scales.data(), block.usable, m_shift.data(), d, block.sum.data(),
            block.square.data(), block.direction.data());
    }

    void add(const Block& block)
    {
        const auto append = [](std::vector<PointId>& to, const std::vector<PointId>& from) {
            to.insert(to.end(), from.begin(), from.end());
        };
        append(m_to.nanRows, block.nanRows);
        append(m_to.infiniteRows, block.infiniteRows);
        append(m_to.zeroRows, block.zeroRows);
        if (block.usable == 0)
            return;
        const bool isFirst = m_to.usable == 0;
        m_to.smallestNorm = isFirst ? block.smallest : std::min(m_to.smallestNorm, block.smallest);
        m_to.largestNorm = isFirst ? block.largest : std::max(m_to.largestNorm, block.largest);
        m_to.usable += block.usable;
        for (std::size_t j = 0; j < m_shift.size(); ++j) {
            m_sum[j] += block.sum[j];
            m_square[j] += block.square[j];
            m_to.direction[j] += block.direction[j];
        }
    }

    void finish()
    {
        m_to.directed = m_to.usable - static_cast<Index>(m_to.zeroRows.size());
        m_to.mean.assign(m_shift.size(), 0);
        m_to.variance.assign(m_shift.size(), 0);
        const auto n = static_cast<double>(m_to.usable);
        for (std::size_t j = 0; j < m_shift.size() && m_to.usable > 0; ++j) {
            const double offset = m_sum[j] / n;
            m_to.mean[j] = m_shift[j] + offset;
            // Exactly 0 where every value is the first one.
            m_to.variance[j] = std::max(0.0, m_square[j] / n - offset * offset);
        }
    }

    const Dataset& m_dataset;
    VectorsView m_vectors;
    TableScan& m_to;
    std::vector<double> m_shift;
    std::vector<double> m_sum;
    std::vector<double> m_square;
};

} // namespace

Result<TableScan> scanTable(const Dataset& dataset, const Progress& progress)
{
    TableScan scan;
    EMBEDSCOPE_TRY(Scanner(dataset, scan).run(progress));
    return scan;
}

} // namespace embedscope
