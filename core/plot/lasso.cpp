#include "core/plot/lasso.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace embedscope {

namespace {

constexpr Index kBlock = 65536;
constexpr int kMaskSize = 512; ///< Cells in each direction over the polygon's bounds.

enum class Cell : std::uint8_t
{
    Outside,
    Inside,
    Boundary
};

/// The polygon's bounds cut into cells, each wholly inside, wholly outside, or to be looked at.
class PolygonMask
{
public:
    explicit PolygonMask(std::span<const MapPoint> polygon)
        : m_cells(static_cast<std::size_t>(kMaskSize) * kMaskSize, Cell::Outside)
    {
        constexpr double inf = std::numeric_limits<double>::infinity();
        m_bounds = {inf, inf, -inf, -inf};
        for (const MapPoint& p : polygon) {
            m_bounds.left = std::min(m_bounds.left, p.x);
            m_bounds.right = std::max(m_bounds.right, p.x);
            m_bounds.bottom = std::min(m_bounds.bottom, p.y);
            m_bounds.top = std::max(m_bounds.top, p.y);
        }
        m_cellsPerX = m_bounds.width() > 0 ? kMaskSize / m_bounds.width() : 0;
        m_cellsPerY = m_bounds.height() > 0 ? kMaskSize / m_bounds.height() : 0;
        for (std::size_t i = 0; i < polygon.size(); ++i)
            markEdge(polygon[i], polygon[(i + 1) % polygon.size()]);
        fillInterior(polygon);
    }

    const MapRect& bounds() const { return m_bounds; }

    Cell at(double x, double y) const
    {
        return m_cells[static_cast<std::size_t>(index((y - m_bounds.bottom) * m_cellsPerY))
                * kMaskSize
            + static_cast<std::size_t>(index((x - m_bounds.left) * m_cellsPerX))];
    }

private:
    static int index(double cells)
    {
        return static_cast<int>(std::clamp(cells, 0.0, kMaskSize - 1.0));
    }

    /// Marks every cell the edge passes, and its neighbours where rounding could matter.
    void markEdge(const MapPoint& a, const MapPoint& b)
    {
        constexpr double slack = 1e-6; // in cells, far above double's rounding
        double x0 = (a.x - m_bounds.left) * m_cellsPerX;
        double y0 = (a.y - m_bounds.bottom) * m_cellsPerY;
        double x1 = (b.x - m_bounds.left) * m_cellsPerX;
        double y1 = (b.y - m_bounds.bottom) * m_cellsPerY;
        if (y0 > y1) {
            std::swap(x0, x1);
            std::swap(y0, y1);
        }
        const int firstRow = index(y0 - slack);
        const int lastRow = index(y1 + slack);
        for (int row = firstRow; row <= lastRow; ++row) {
            // The stretch of the edge within this row.
            double from = x0;
            double to = x1;
            if (y1 - y0 > slack) {
                const double slope = (x1 - x0) / (y1 - y0);
                const double low = std::clamp<double>(row - slack, y0, y1);
                const double high = std::clamp<double>(row + 1 + slack, y0, y1);
                from = x0 + (low - y0) * slope;
                to = x0 + (high - y0) * slope;
            }
            if (from > to)
                std::swap(from, to);
            const int lastColumn = index(to + slack);
            for (int column = index(from - slack); column <= lastColumn; ++column)
                cell(row, column) = Cell::Boundary;
        }
    }

    /// A cell the line does not touch is as its middle is: crossings are counted along each row.
    void fillInterior(std::span<const MapPoint> polygon)
    {
        struct Crossing
        {
            double x;
            int direction;
        };
        std::vector<Crossing> crossings;
        for (int row = 0; row < kMaskSize; ++row) {
            const double y = row + 0.5;
            crossings.clear();
            for (std::size_t i = 0; i < polygon.size(); ++i) {
                const MapPoint& a = polygon[i];
                const MapPoint& b = polygon[(i + 1) % polygon.size()];
                const double ya = (a.y - m_bounds.bottom) * m_cellsPerY;
                const double yb = (b.y - m_bounds.bottom) * m_cellsPerY;
                if ((ya <= y) == (yb <= y))
                    continue;
                const double x = (a.x + (b.x - a.x) * (y - ya) / (yb - ya) - m_bounds.left);
                crossings.push_back({x * m_cellsPerX, yb > ya ? 1 : -1});
            }
            std::sort(crossings.begin(), crossings.end(),
                [](const Crossing& a, const Crossing& b) { return a.x < b.x; });
            int winding = 0;
            std::size_t next = 0;
            for (int column = 0; column < kMaskSize; ++column) {
                while (next < crossings.size() && crossings[next].x < column + 0.5)
                    winding += crossings[next++].direction;
                if (winding != 0 && cell(row, column) == Cell::Outside)
                    cell(row, column) = Cell::Inside;
            }
        }
    }

    Cell& cell(int row, int column)
    {
        return m_cells[static_cast<std::size_t>(row) * kMaskSize
            + static_cast<std::size_t>(column)];
    }

    MapRect m_bounds;
    double m_cellsPerX = 0;
    double m_cellsPerY = 0;
    std::vector<Cell> m_cells;
};

/// The set of the slots for which `isInside(x, y)`, looked for on several threads.
template <typename IsInside>
PointSet collect(
    const PointCloud& cloud, std::span<const std::uint8_t> layers, const IsInside& isInside)
{
    std::vector<std::vector<PointId>> found(
        static_cast<std::size_t>(blockCount(cloud.size(), kBlock)));
    parallelBlocks(cloud.size(), kBlock, [&](Index block, Index begin, Index end) {
        auto& ids = found[static_cast<std::size_t>(block)];
        for (Index i = begin; i < end; ++i) {
            const auto slot = static_cast<std::size_t>(i);
            if (!layers.empty() && layers[slot] == 0)
                continue;
            if (isInside(cloud.x[slot], cloud.y[slot]))
                ids.push_back(cloud.ids[slot]);
        }
    });
    PointSet set(cloud.universe);
    for (const auto& ids : found) {
        for (const PointId id : ids)
            set.insert(id);
    }
    return set;
}

} // namespace

bool isInPolygon(std::span<const MapPoint> polygon, double x, double y)
{
    int winding = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const MapPoint& a = polygon[i];
        const MapPoint& b = polygon[(i + 1) % polygon.size()];
        if ((a.y <= y) == (b.y <= y))
            continue;
        // On which side of the edge, seen along it, the place lies.
        const double side = (b.x - a.x) * (y - a.y) - (x - a.x) * (b.y - a.y);
        if (b.y > a.y)
            winding += side > 0 ? 1 : 0;
        else
            winding -= side < 0 ? 1 : 0;
    }
    return winding != 0;
}

PointSet pointsInPolygon(const PointCloud& cloud, std::span<const MapPoint> polygon,
    std::span<const std::uint8_t> layers)
{
    const bool isFinite = std::all_of(polygon.begin(), polygon.end(),
        [](const MapPoint& p) { return std::isfinite(p.x) && std::isfinite(p.y); });
    if (polygon.size() < 3 || !isFinite)
        return PointSet(cloud.universe);
    const PolygonMask mask(polygon);
    const MapRect bounds = mask.bounds();
    return collect(cloud, layers, [&](double x, double y) {
        if (x < bounds.left || x > bounds.right || y < bounds.bottom || y > bounds.top)
            return false;
        const Cell cell = mask.at(x, y);
        return cell == Cell::Boundary ? isInPolygon(polygon, x, y) : cell == Cell::Inside;
    });
}

PointSet pointsInRect(
    const PointCloud& cloud, const MapRect& rect, std::span<const std::uint8_t> layers)
{
    return collect(cloud, layers, [&](double x, double y) {
        return x >= rect.left && x <= rect.right && y >= rect.bottom && y <= rect.top;
    });
}

} // namespace embedscope
