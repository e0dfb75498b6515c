#include "core/analysis/health/square_products.h"

#include "core/base/blas.h"
#include "core/base/parallel.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace embedscope {

namespace {

constexpr Index kTile = 128;
constexpr Index kRowsPerProduct = 512;
constexpr Index kRowsPerPiece = 4096;
/// Pieces of sums that are kept at once; as many as fit a few megabytes.
constexpr Index kPiecesPerSlab = 64;

/// Tiles on and above the diagonal; those above count twice.
std::vector<std::pair<Index, Index>> upperTiles(Index extent)
{
    std::vector<std::pair<Index, Index>> tiles;
    for (Index i = 0; i < extent; i += kTile) {
        for (Index j = i; j < extent; j += kTile)
            tiles.emplace_back(i, j);
    }
    return tiles;
}

double squareSum(const std::vector<float>& values, Index count)
{
    double sum = 0;
    for (Index i = 0; i < count; ++i) {
        const auto value = static_cast<double>(values[static_cast<std::size_t>(i)]);
        sum += value * value;
    }
    return sum;
}

std::optional<double> byRows(MatrixView points, const Progress& progress)
{
    const auto tiles = upperTiles(points.rows());
    std::vector<double> sums(tiles.size());
    const Index d = points.columns();
    parallelBlocks(static_cast<Index>(tiles.size()), 1, [&](Index tile, Index, Index) {
        if (progress.stopRequested())
            return;
        const auto [i, j] = tiles[static_cast<std::size_t>(tile)];
        const Index rows = std::min(kTile, points.rows() - i);
        const Index others = std::min(kTile, points.rows() - j);
        std::vector<float> products(static_cast<std::size_t>(rows * others));
        multiplyTransposed(
            rows, others, d, points.row(i), d, points.row(j), d, products.data(), others);
        sums[static_cast<std::size_t>(tile)]
            = squareSum(products, rows * others) * (i == j ? 1 : 2);
    });
    if (progress.stopRequested())
        return std::nullopt;
    double sum = 0;
    for (const double part : sums)
        sum += part;
    return sum;
}

/// One tile of X^T X over some rows, in double over products of few rows.
bool addProducts(MatrixView points, std::pair<Index, Index> tile, Index begin, Index end,
    std::vector<double>& to, const Progress& progress)
{
    const Index d = points.columns();
    const Index width = std::min(kTile, d - tile.first);
    const Index others = std::min(kTile, d - tile.second);
    std::vector<float> products(static_cast<std::size_t>(width * others));
    to.assign(products.size(), 0);
    for (Index row = begin; row < end; row += kRowsPerProduct) {
        if (progress.stopRequested())
            return false;
        transposedMultiply(width, others, std::min(kRowsPerProduct, end - row),
            points.row(row) + tile.first, d, points.row(row) + tile.second, d, products.data(),
            others);
        for (std::size_t k = 0; k < products.size(); ++k)
            to[k] += static_cast<double>(products[k]);
    }
    return true;
}

std::optional<double> byColumns(MatrixView points, const Progress& progress)
{
    const auto tiles = upperTiles(points.columns());
    const Index pieces = blockCount(points.rows(), kRowsPerPiece);
    const Index tilesPerSlab = std::max<Index>(1, kPiecesPerSlab / pieces);
    const auto tileCount = static_cast<Index>(tiles.size());
    std::vector<std::vector<double>> parts(static_cast<std::size_t>(tilesPerSlab * pieces));
    double sum = 0;
    for (Index first = 0; first < tileCount; first += tilesPerSlab) {
        const Index count = std::min(tilesPerSlab, tileCount - first);
        parallelBlocks(count * pieces, 1, [&](Index part, Index, Index) {
            const Index begin = part % pieces * kRowsPerPiece;
            addProducts(points, tiles[static_cast<std::size_t>(first + part / pieces)], begin,
                std::min(points.rows(), begin + kRowsPerPiece),
                parts[static_cast<std::size_t>(part)], progress);
        });
        if (progress.stopRequested())
            return std::nullopt;
        for (Index t = 0; t < count; ++t) {
            std::vector<double>& whole = parts[static_cast<std::size_t>(t * pieces)];
            for (Index piece = 1; piece < pieces; ++piece) {
                const auto& part = parts[static_cast<std::size_t>(t * pieces + piece)];
                for (std::size_t k = 0; k < whole.size(); ++k)
                    whole[k] += part[k];
            }
            double square = 0;
            for (const double value : whole)
                square += value * value;
            const auto [i, j] = tiles[static_cast<std::size_t>(first + t)];
            sum += square * (i == j ? 1 : 2);
        }
    }
    return sum;
}

} // namespace

std::optional<double> sumOfSquaredProducts(MatrixView points, const Progress& progress)
{
    if (points.isEmpty())
        return 0.0;
    return points.rows() <= points.columns() ? byRows(points, progress)
                                             : byColumns(points, progress);
}

} // namespace embedscope
