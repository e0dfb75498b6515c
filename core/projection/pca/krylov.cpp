#include "core/projection/pca/krylov.h"

#include "core/base/parallel.h"
#include "core/base/random.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

constexpr int kMostProducts = 300;
/// Residuals of vectors are good enough below this share of their eigenvalue: eigenvalues are then
/// right to about its square.
constexpr double kTolerance = 1e-5;
constexpr Index kShortestChunk = 512;

using Rows = std::vector<double>; ///< Vectors of length m, one after the other.

double* rowOf(Rows& rows, Index m, Index i)
{
    return rows.data() + i * m;
}

/// The space that was built so far, and what the matrix makes of it.
class KrylovSpace
{
public:
    KrylovSpace(Index m, Index capacity)
        : m_m(m)
        , m_capacity(capacity)
        , m_chunk(std::max(kShortestChunk, (m + 63) / 64))
        , m_basis(static_cast<std::size_t>(capacity * m))
        , m_images(static_cast<std::size_t>(capacity * m))
        , m_projected(static_cast<std::size_t>(capacity * capacity))
    {
    }

    Index size() const { return m_size; }

    /// Takes in what of the block's rows lies outside the space. Returns how many that were.
    Index widen(Rows& block, Index count, const SymmetricOperator& apply)
    {
        count = std::min(count, m_capacity - m_size);
        for (int pass = 0; pass < 2; ++pass) {
            count = toUnitLength(block, count);
            leaveOutSpace(block, count);
            count = orthonormalise(block, count);
        }
        leaveOutSpace(block, count);
        count = orthonormalise(block, count);
        if (count == 0)
            return 0;
        std::copy_n(block.data(), count * m_m, rowOf(m_basis, m_m, m_size));
        apply(count, rowOf(m_basis, m_m, m_size), rowOf(m_images, m_m, m_size));
        const Index grown = m_size + count;
        const Rows corner = products(rowOf(m_images, m_m, m_size), count, m_basis.data(), grown);
        for (Index i = 0; i < count; ++i) {
            for (Index j = 0; j < grown; ++j) {
                const double value = corner[static_cast<std::size_t>(i * grown + j)];
                at(m_size + i, j) = value;
                at(j, m_size + i) = value;
            }
        }
        m_size = grown;
        return count;
    }

    /// The best eigenpairs within the space: values, and vectors as combinations of its basis.
    Eigenpairs ritz(Index count) const
    {
        std::vector<double> square(static_cast<std::size_t>(m_size * m_size));
        for (Index i = 0; i < m_size; ++i)
            std::copy_n(m_projected.data() + i * m_capacity, m_size, square.data() + i * m_size);
        return largestEigenpairs(square, m_size, std::min(count, m_size));
    }

    Rows vectorsOf(const Eigenpairs& pairs, Index count) const
    {
        return combine(pairs.vectors.data(), count, m_basis);
    }

    /// A v - theta v for the first `count` pairs.
    Rows residualsOf(const Eigenpairs& pairs, Index count) const
    {
        Rows residuals = combine(pairs.vectors.data(), count, m_images);
        std::vector<double> scaled(pairs.vectors.begin(), pairs.vectors.begin() + count * m_size);
        for (Index i = 0; i < count; ++i) {
            for (Index j = 0; j < m_size; ++j)
                scaled[static_cast<std::size_t>(i * m_size + j)]
                    *= pairs.values[static_cast<std::size_t>(i)];
        }
        const Rows vectors = combine(scaled.data(), count, m_basis);
        for (std::size_t i = 0; i < residuals.size(); ++i)
            residuals[i] -= vectors[i];
        return residuals;
    }

    /// Shrinks the space to that of the first `count` pairs.
    void restart(const Eigenpairs& pairs, Index count)
    {
        const Rows basis = combine(pairs.vectors.data(), count, m_basis);
        const Rows images = combine(pairs.vectors.data(), count, m_images);
        std::copy(basis.begin(), basis.end(), m_basis.begin());
        std::copy(images.begin(), images.end(), m_images.begin());
        m_size = count;
        std::fill(m_projected.begin(), m_projected.end(), 0);
        for (Index i = 0; i < count; ++i)
            at(i, i) = pairs.values[static_cast<std::size_t>(i)];
    }

private:
    double& at(Index i, Index j)
    {
        return m_projected[static_cast<std::size_t>(i * m_capacity + j)];
    }

    /// Inner products of rows, p x q, summed chunk after chunk.
    Rows products(const double* a, Index p, const double* b, Index q) const
    {
        Rows sums(static_cast<std::size_t>(p * q * blockCount(m_m, m_chunk)));
        parallelBlocks(m_m, m_chunk, [&](Index chunk, Index begin, Index end) {
            multiplyTransposed(
                p, q, end - begin, a + begin, m_m, b + begin, m_m, sums.data() + chunk * p * q, q);
        });
        for (Index chunk = 1; chunk < blockCount(m_m, m_chunk); ++chunk) {
            for (Index i = 0; i < p * q; ++i)
                sums[static_cast<std::size_t>(i)]
                    += sums[static_cast<std::size_t>(chunk * p * q + i)];
        }
        sums.resize(static_cast<std::size_t>(p * q));
        return sums;
    }

    /// factors (count x size()) times the first size() rows.
    Rows combine(const double* factors, Index count, const Rows& rows) const
    {
        return combined(factors, count, rows, m_size);
    }

    Rows combined(const double* factors, Index count, const Rows& rows, Index rowCount) const
    {
        Rows out(static_cast<std::size_t>(count * m_m));
        if (count == 0 || rowCount == 0)
            return out;
        parallelBlocks(m_m, m_chunk, [&](Index, Index begin, Index end) {
            multiply(count, end - begin, rowCount, factors, rowCount, rows.data() + begin, m_m,
                out.data() + begin, m_m);
        });
        return out;
    }

    /// Drops rows of zeros.
    Index toUnitLength(Rows& block, Index count) const
    {
        Index kept = 0;
        for (Index i = 0; i < count; ++i) {
            const double* row = rowOf(block, m_m, i);
            double most = 0;
            for (Index j = 0; j < m_m; ++j)
                most = std::max(most, std::abs(row[j]));
            if (!(most > 0) || !std::isfinite(most))
                continue;
            double squares = 0;
            for (Index j = 0; j < m_m; ++j)
                squares += row[j] / most * (row[j] / most);
            const double factor = 1 / std::sqrt(squares);
            double* to = rowOf(block, m_m, kept++);
            for (Index j = 0; j < m_m; ++j)
                to[j] = row[j] / most * factor;
        }
        return kept;
    }

    void leaveOutSpace(Rows& block, Index count) const
    {
        if (m_size == 0 || count == 0)
            return;
        const Rows shares = products(block.data(), count, m_basis.data(), m_size);
        const Rows inside = combined(shares.data(), count, m_basis, m_size);
        for (std::size_t i = 0; i < inside.size(); ++i)
            block[i] -= inside[i];
    }

    /// Orthonormal rows that span the same, without directions that are nearly absent: through the
    /// eigenvectors of the rows' inner products.
    Index orthonormalise(Rows& block, Index count) const
    {
        count = toUnitLength(block, count);
        if (count == 0)
            return 0;
        constexpr double kAbsent = 1e-10;
        Rows inner = products(block.data(), count, block.data(), count);
        Eigenpairs pairs = largestEigenpairs(inner, count, count);
        Index kept = 0;
        while (kept < static_cast<Index>(pairs.values.size())
            && pairs.values[static_cast<std::size_t>(kept)] > kAbsent * pairs.values[0]) {
            const double factor = 1 / std::sqrt(pairs.values[static_cast<std::size_t>(kept)]);
            for (Index j = 0; j < count; ++j)
                pairs.vectors[static_cast<std::size_t>(kept * count + j)] *= factor;
            ++kept;
        }
        const Rows span = combined(pairs.vectors.data(), kept, block, count);
        std::copy(span.begin(), span.end(), block.begin());
        return kept;
    }

    Index m_m;
    Index m_capacity;
    Index m_chunk;
    Index m_size = 0;
    Rows m_basis;
    Rows m_images;
    std::vector<double> m_projected; ///< basis A basis^T, in the first size() rows and columns.
};

double lengthOf(const double* row, Index m)
{
    double squares = 0;
    for (Index j = 0; j < m; ++j)
        squares += row[j] * row[j];
    return std::sqrt(squares);
}

Rows randomRows(Index count, Index m, Random& random)
{
    Rows rows(static_cast<std::size_t>(count * m));
    for (double& value : rows)
        value = random.normal();
    return rows;
}

/// Moves the residuals that are still too long to the front, longest eigenvalues first; returns how
/// many they are.
Index unfinished(Rows& residuals, const Eigenpairs& pairs, Index count, Index m, double noise)
{
    Index open = 0;
    for (Index i = 0; i < count; ++i) {
        const double enough = std::max(
            kTolerance * pairs.values[static_cast<std::size_t>(i)], noise * pairs.values[0]);
        if (lengthOf(rowOf(residuals, m, i), m) <= enough)
            continue;
        if (open != i)
            std::copy_n(rowOf(residuals, m, i), m, rowOf(residuals, m, open));
        ++open;
    }
    return open;
}

} // namespace

Result<Eigenpairs> leadingEigenpairs(
    Index m, Index count, double noise, const SymmetricOperator& apply, const Progress& progress)
{
    // A few more than asked for: the last ones converge by what stands behind them.
    const Index block = std::min(m, count + 8);
    const Index capacity = std::min(m, 4 * block);
    Random random(0x6b72796c);
    KrylovSpace space(m, capacity);
    Rows next = randomRows(block, m, random);
    Index nextCount = block;
    Eigenpairs pairs;
    for (int product = 0; product < kMostProducts; ++product) {
        if (progress.stopRequested())
            return stoppedError();
        const Index added = space.widen(next, nextCount, apply);
        if (added == 0 && space.size() >= count)
            break; // Nothing outside: the space is closed under the matrix.
        if (progress.stopRequested())
            return stoppedError();
        pairs = space.ritz(block);
        if (pairs.values.empty()) {
            return Error{ErrorCode::Malformed, "the eigenvalues of the table could not be found",
                {}, {}, {}};
        }
        if (space.size() == m)
            break;
        const Index found = std::min(count, static_cast<Index>(pairs.values.size()));
        next = space.residualsOf(pairs, found);
        nextCount = unfinished(next, pairs, found, m, noise);
        if (nextCount == 0 && space.size() >= count)
            break;
        if (nextCount == 0 || added == 0) {
            next = randomRows(block, m, random);
            nextCount = block;
        }
        if (space.size() + nextCount > capacity && capacity < m)
            space.restart(pairs, std::min(block, space.size()));
        progress.report(
            "Finding principal components", 1 - 1 / (1 + 0.1 * static_cast<double>(product + 1)));
    }
    pairs = space.ritz(count);
    if (static_cast<Index>(pairs.values.size()) < count) {
        return Error{
            ErrorCode::Malformed, "the eigenvalues of the table could not be found", {}, {}, {}};
    }
    Eigenpairs result;
    result.values = pairs.values;
    result.vectors = space.vectorsOf(pairs, count);
    return result;
}

} // namespace embedscope
