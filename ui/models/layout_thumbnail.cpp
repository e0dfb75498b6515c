#include "ui/models/layout_thumbnail.h"

#include "core/base/random.h"
#include "core/plot/camera.h"

#include <QColor>
#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope::ui {

namespace {

constexpr Index kMostPoints = 20'000;
constexpr int kMarginPx = 3;
constexpr int kPlainAlpha = 200;

/// Rows to draw: all of a small layout, random ones of a large one.
std::vector<PointId> sampleOf(Index n)
{
    std::vector<PointId> ids(static_cast<std::size_t>(std::min(n, kMostPoints)));
    Random random(1);
    for (std::size_t i = 0; i < ids.size(); ++i)
        ids[i] = n <= kMostPoints
            ? static_cast<PointId>(i)
            : static_cast<PointId>(random.below(static_cast<std::uint64_t>(n)));
    if (n <= kMostPoints) // Or the last category would lie on top of all others.
        random.shuffle(ids);
    return ids;
}

/// `color` over what is there; premultiplied.
void blend(QRgb& below, QRgb color, int alpha)
{
    const auto mix = [alpha](int under, int over) { return over + under * (255 - alpha) / 255; };
    below = qRgba(mix(qRed(below), qRed(color) * alpha / 255),
        mix(qGreen(below), qGreen(color) * alpha / 255),
        mix(qBlue(below), qBlue(color) * alpha / 255), mix(qAlpha(below), alpha));
}

} // namespace

QImage layoutThumbnail(
    const Layout& layout, const Coloring* coloring, Theme theme, const QSize& size)
{
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return image;
    image.fill(Qt::transparent);
    const Index n = layout.size();
    const Coloring plain = plainColoring(1, theme);
    const bool hasColors = coloring && static_cast<Index>(coloring->codes.size()) == n;
    const std::vector<PointId> ids = sampleOf(n);
    constexpr double inf = std::numeric_limits<double>::infinity();
    MapRect bounds{inf, inf, -inf, -inf};
    for (const PointId id : ids) {
        const float* row = layout.positions.row(id);
        if (!std::isfinite(row[0]) || !std::isfinite(row[1]))
            continue;
        bounds.left = std::min<double>(bounds.left, row[0]);
        bounds.right = std::max<double>(bounds.right, row[0]);
        bounds.bottom = std::min<double>(bounds.bottom, row[1]);
        bounds.top = std::max<double>(bounds.top, row[1]);
    }
    if (!(bounds.left <= bounds.right))
        return image;
    Camera camera(size.width(), size.height());
    camera.fit(bounds, kMarginPx);
    const int side = ids.size() < 3000 ? 2 : 1;
    for (const PointId id : ids) {
        const float* row = layout.positions.row(id);
        if (!std::isfinite(row[0]) || !std::isfinite(row[1]))
            continue;
        const MapPoint at = camera.toPixels(row[0], row[1]);
        const QRgb color
            = hasColors ? coloring->palette[coloring->codes[id]] : plain.palette.front();
        for (int y = static_cast<int>(at.y); y < static_cast<int>(at.y) + side; ++y) {
            for (int x = static_cast<int>(at.x); x < static_cast<int>(at.x) + side; ++x) {
                if (image.valid(x, y))
                    blend(reinterpret_cast<QRgb*>(image.scanLine(y))[x], color, kPlainAlpha);
            }
        }
    }
    return image;
}

} // namespace embedscope::ui
