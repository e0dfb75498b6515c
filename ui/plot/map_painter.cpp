#include "ui/plot/map_painter.h"

#include "core/plot/depth_cue.h"
#include "core/plot/label_candidates.h"
#include "core/plot/palette.h"
#include "core/plot/rasterizer.h"
#include "ui/convert.h"
#include "ui/plot/legend_painter.h"
#include "ui/plot/map_caption.h"
#include "ui/plot/map_style.h"
#include "ui/plot/space_gizmo.h"
#include "ui/plot/text_labels.h"

#include <QFontMetricsF>
#include <QGuiApplication>
#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr int kLargestSidePx = 16384;

/// Paints one picture; holds what its parts share.
class MapPainting
{
public:
    explicit MapPainting(const MapPicture& picture)
        : m_picture(picture)
        , m_layout(*picture.layout)
        , m_words(axisWords(*picture.layout))
        , m_coloring(picture.coloring != nullptr ? *picture.coloring
                                                 : plainColoring(m_layout.size(), picture.theme))
        , m_cloud(makePointCloud(m_layout.positions, drawingOrder(m_layout.size())))
        , m_text(toColor(foregroundColor(picture.theme)))
        , m_ground(toColor(backgroundColor(picture.theme)))
    {
        const double area = static_cast<double>(picture.size.width()) * picture.size.height();
        m_scale = std::clamp(std::sqrt(area) / 1000, 0.75, 6.0);
        m_font = QGuiApplication::font();
        m_font.setPixelSize(std::max(8, static_cast<int>(std::lround(13 * m_scale))));
        m_smallFont = m_font;
        m_smallFont.setPixelSize(std::max(7, static_cast<int>(std::lround(11 * m_scale))));
        m_titleFont = m_font;
        m_titleFont.setPixelSize(static_cast<int>(std::lround(17 * m_scale)));
        m_titleFont.setBold(true);
    }

    QImage paint()
    {
        const double ratio = m_picture.devicePixelRatio;
        QImage image(m_picture.size * ratio, QImage::Format_ARGB32_Premultiplied);
        if (image.isNull())
            return image;
        image.setDevicePixelRatio(ratio);
        image.fill(m_ground);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setRenderHint(QPainter::TextAntialiasing);
        assignLayers();
        if (m_cloud.isSpace)
            seeFromSide();
        arrange();
        paintTitleAndCaption(painter);
        paintAxes(painter);
        paintPoints(painter);
        paintFrame(painter);
        paintLabels(painter);
        if (m_isSpace) {
            paintSpaceGizmo(painter, m_plot.bottomLeft() + QPointF(4, -4) * m_scale, m_picture.turn,
                axisNames(m_layout), m_font, m_picture.theme);
        }
        if (m_legendRect.isValid())
            LegendPainter(m_coloring, m_picture.legendTitle, m_font, m_picture.theme)
                .paint(painter, m_legendRect);
        return image;
    }

private:
    /// Divides the picture into title, plot area, legend and caption.
    void arrange()
    {
        const double margin = 14 * m_scale;
        QRectF rest = QRectF(QPointF(0, 0), QSizeF(m_picture.size))
                          .adjusted(margin, margin, -margin, -margin);
        if (!m_picture.title.isEmpty()) {
            const double height = QFontMetricsF(m_titleFont).height();
            m_titleRect = QRectF(rest.left(), rest.top(), rest.width(), height);
            rest.setTop(rest.top() + height + margin * 0.6);
        }
        if (m_picture.hasCaption) {
            const int lines = readingHint(m_layout).isEmpty() ? 1 : 2;
            const double height = lines * QFontMetricsF(m_smallFont).height() * 1.1;
            m_captionRect = QRectF(rest.left(), rest.bottom() - height, rest.width(), height);
            rest.setBottom(m_captionRect.top() - margin * 0.6);
        }
        const LegendPainter legend(m_coloring, m_picture.legendTitle, m_font, m_picture.theme);
        if (m_picture.hasLegend && !legend.isEmpty()) {
            const double width = legend.widthFor(rest.width() * 0.3);
            m_legendRect = QRectF(rest.right() - width, rest.top(), width, rest.height());
            rest.setRight(m_legendRect.left() - margin);
        }
        const double small = QFontMetricsF(m_smallFont).height();
        double left = 0;
        double bottom = 0;
        if (m_words.hasNumbers) {
            left += QFontMetricsF(m_smallFont).horizontalAdvance(QStringLiteral("−00.00"));
            bottom += small * 1.3;
        }
        if (!m_words.x.isEmpty())
            bottom += small * 1.3;
        if (!m_words.y.isEmpty())
            left += small * 1.3;
        m_plot = rest.adjusted(left, 0, 0, -bottom);
        // Whole pixels, so that the frame is crisp and the points' picture is not resampled.
        const double ratio = m_picture.devicePixelRatio;
        const auto snap = [ratio](double v) { return std::round(v * ratio) / ratio; };
        m_plot = QRectF(QPointF(snap(m_plot.left()), snap(m_plot.top())),
            QPointF(std::max(snap(m_plot.right()), snap(m_plot.left()) + 1),
                std::max(snap(m_plot.bottom()), snap(m_plot.top()) + 1)));

        m_radius = m_picture.pointRadius > 0 ? m_picture.pointRadius * m_scale
                                             : suggestedPointRadius(m_cloud.size()) * m_scale;
        m_camera = Camera(m_plot.width(), m_plot.height());
        if (m_picture.view)
            m_camera.show(*m_picture.view);
        else
            m_camera.fit(m_cloud.bounds, std::min(m_radius + 14 * m_scale, m_plot.width() / 4));
    }

    void paintTitleAndCaption(QPainter& painter) const
    {
        painter.setPen(m_text);
        if (m_titleRect.isValid()) {
            painter.setFont(m_titleFont);
            painter.drawText(m_titleRect, Qt::AlignLeft | Qt::AlignVCenter,
                QFontMetricsF(m_titleFont)
                    .elidedText(m_picture.title, Qt::ElideMiddle, m_titleRect.width()));
        }
        if (m_captionRect.isValid()) {
            QColor faint = m_text;
            faint.setAlphaF(0.72F);
            painter.setPen(faint);
            painter.setFont(m_smallFont);
            const QFontMetricsF metrics(m_smallFont);
            QString text
                = metrics.elidedText(mapCaption(m_layout), Qt::ElideRight, m_captionRect.width());
            const QString hint = readingHint(m_layout);
            if (!hint.isEmpty())
                text += QLatin1Char('\n')
                    + metrics.elidedText(hint, Qt::ElideRight, m_captionRect.width());
            painter.drawText(m_captionRect, Qt::AlignLeft | Qt::AlignBottom, text);
        }
    }

    void paintAxes(QPainter& painter) const
    {
        const QFontMetricsF metrics(m_smallFont);
        QColor grid = m_text;
        grid.setAlphaF(0.09F);
        QColor faint = m_text;
        faint.setAlphaF(0.75F);
        painter.setFont(m_smallFont);
        const MapRect seen = m_camera.visible();
        if (m_words.hasNumbers) {
            const auto forTicks = [&](double low, double high, double lengthPx, auto&& draw) {
                const Ticks ticks = roundTicks(
                    low, high, std::max(2, static_cast<int>(lengthPx / (95 * m_scale))));
                for (int i = 0; i < ticks.count; ++i) {
                    const double value = ticks.first + i * ticks.step;
                    draw(std::abs(value) < ticks.step * 1e-6 ? 0 : value, tickText(value, ticks));
                }
            };
            forTicks(seen.left, seen.right, m_plot.width(), [&](double value, const QString& text) {
                const double x = m_plot.left() + m_camera.toPixels(value, 0).x;
                painter.setPen(QPen(grid, m_scale));
                painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
                painter.setPen(faint);
                painter.drawText(QRectF(x - 60 * m_scale, m_plot.bottom() + 3 * m_scale,
                                     120 * m_scale, metrics.height()),
                    Qt::AlignHCenter | Qt::AlignTop, text);
            });
            forTicks(
                seen.bottom, seen.top, m_plot.height(), [&](double value, const QString& text) {
                    const double y = m_plot.top() + m_camera.toPixels(0, value).y;
                    painter.setPen(QPen(grid, m_scale));
                    painter.drawLine(QPointF(m_plot.left(), y), QPointF(m_plot.right(), y));
                    painter.setPen(faint);
                    painter.drawText(QRectF(m_plot.left() - 126 * m_scale, y - metrics.height() / 2,
                                         120 * m_scale, metrics.height()),
                        Qt::AlignRight | Qt::AlignVCenter, text);
                });
        }
        painter.setPen(m_text);
        if (!m_words.x.isEmpty()) {
            const double top
                = m_plot.bottom() + (m_words.hasNumbers ? metrics.height() * 1.3 : 3 * m_scale);
            painter.drawText(QRectF(m_plot.left(), top, m_plot.width(), metrics.height() * 1.2),
                Qt::AlignHCenter | Qt::AlignVCenter, m_words.x);
        }
        if (!m_words.y.isEmpty()) {
            painter.save();
            painter.translate(14 * m_scale, m_plot.center().y());
            painter.rotate(-90);
            painter.drawText(
                QRectF(-m_plot.height() / 2, 0, m_plot.height(), metrics.height() * 1.2),
                Qt::AlignHCenter | Qt::AlignTop, m_words.y);
            painter.restore();
        }
    }

    static QString tickText(double value, const Ticks& ticks)
    {
        const QLocale locale;
        if (std::abs(value) < ticks.step * 1e-6)
            value = 0;
        const double largest = std::abs(ticks.first) + ticks.step * ticks.count;
        return largest >= 1e6 || ticks.decimals > 4 ? locale.toString(value, 'g', 5)
                                                    : locale.toString(value, 'f', ticks.decimals);
    }

    void assignLayers()
    {
        const auto n = static_cast<std::size_t>(m_cloud.size());
        PointSet front(m_layout.size());
        for (const PointId id : m_picture.emphasized) {
            if (id < m_layout.size())
                front.insert(id);
        }
        m_isAnyInFront = !front.isEmpty();
        m_layers.assign(n, kLayerBase);
        m_codes.resize(n);
        for (std::size_t slot = 0; slot < n; ++slot) {
            const PointId id = m_cloud.ids[slot];
            m_codes[slot] = m_coloring.codes[id];
            if (m_picture.visible && !m_picture.visible->contains(id))
                m_layers[slot] = kLayerHidden;
            else if (m_isAnyInFront && front.contains(id))
                m_layers[slot] = kLayerSelected;
        }
    }

    /// From here on the cloud is the one on the plane, the nearest point first.
    void seeFromSide()
    {
        m_seen = m_order.sort(
            m_cloud, m_codes, m_layers, SpaceView(m_picture.turn, m_cloud.extent), m_cloud.size());
        SeenCloud seen = unpack(m_seen, m_cloud.universe);
        m_cloud = *seen.cloud;
        m_layers = *seen.layers;
        m_isSpace = true;
    }

    void paintPoints(QPainter& painter) const
    {
        const double ratio = m_picture.devicePixelRatio;
        Rasterizer raster(static_cast<int>(std::lround(m_plot.width() * ratio)),
            static_cast<int>(std::lround(m_plot.height() * ratio)));
        const MapRect seen = m_camera.visible();
        const RasterView view = {seen.left, seen.top, m_camera.scale() * ratio};
        const double unit = m_scale * ratio;
        const auto& palette = m_coloring.palette;
        const auto draw = [&](MapLayer layer, const std::vector<Rgba>& colors, double fog) {
            const auto fogged = m_isSpace
                ? foggedPalette(colors, backgroundColor(m_picture.theme), fog)
                : std::vector<Rgba>();
            const RasterStyle style = layerStyle(layer, m_radius * ratio, m_picture.opacity, unit,
                m_isSpace ? fogged : colors, m_picture.theme);
            if (m_isSpace)
                raster.drawSeen(m_seen, layer, view, style, 0, m_cloud.size());
            else
                raster.draw(m_cloud, m_codes, m_layers, layer, view, style, 0, m_cloud.size());
        };
        if (m_isAnyInFront)
            draw(kLayerSelected, palette, kFrontFog);
        draw(kLayerBase, m_isAnyInFront ? dimmedPalette(palette, m_picture.theme) : palette, kFog);
        QImage image(reinterpret_cast<const uchar*>(raster.pixels().data()), raster.widthPx(),
            raster.heightPx(), raster.widthPx() * 4, QImage::Format_ARGB32_Premultiplied);
        image.setDevicePixelRatio(ratio);
        painter.drawImage(m_plot.topLeft(), image);
    }

    void paintFrame(QPainter& painter) const
    {
        QColor frame = m_text;
        frame.setAlphaF(0.3F);
        painter.setPen(QPen(frame, m_scale));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(m_plot);
    }

    void paintLabels(QPainter& painter) const
    {
        if (m_picture.dataset == nullptr || !m_picture.dataset->hasLabels()
            || (m_picture.labelCount <= 0 && !m_isAnyInFront))
            return;
        std::vector<MapLabel> labels;
        const QRectF area = m_plot.adjusted(2, 2, -2, -2);
        const auto add = [&](std::size_t slot, double radius) {
            const MapPoint p = m_camera.toPixels(m_cloud.x[slot], m_cloud.y[slot]);
            const QPointF place(m_plot.left() + p.x, m_plot.top() + p.y);
            if (area.contains(place))
                labels.push_back(
                    {shortLabel(toQString(m_picture.dataset->label(m_cloud.ids[slot]))), place,
                        radius, false});
        };
        int wanted = m_picture.labelCount;
        if (m_isAnyInFront) {
            std::vector<std::uint32_t> slotOf(static_cast<std::size_t>(m_layout.size()), kNoPoint);
            for (std::size_t slot = 0; slot < m_layers.size(); ++slot) {
                if (m_layers[slot] == kLayerSelected)
                    slotOf[m_cloud.ids[slot]] = static_cast<std::uint32_t>(slot);
            }
            for (const PointId id : m_picture.emphasized) {
                if (id < slotOf.size() && slotOf[id] != kNoPoint)
                    add(slotOf[id], layerRadius(kLayerSelected, m_radius, m_scale));
            }
            wanted = std::max<int>(
                wanted, static_cast<int>(std::min<std::size_t>(200, m_picture.emphasized.size())));
        }
        if (m_picture.labelCount > 0) {
            const int columns = std::max(1, static_cast<int>(m_plot.width() / (110 * m_scale)));
            const int rows = std::max(1, static_cast<int>(m_plot.height() / (28 * m_scale)));
            for (const std::uint32_t slot : labelCandidates(m_cloud, m_layers, m_camera.visible(),
                     columns, rows, std::min(20000, 6 * m_picture.labelCount + 100)))
                add(slot, m_radius);
        }
        paintMapLabels(
            painter, placeMapLabels(labels, m_font, area, wanted), m_font, m_text, m_ground);
    }

    const MapPicture& m_picture;
    const Layout& m_layout;
    AxisWords m_words;
    Coloring m_coloring;
    PointCloud m_cloud; ///< In three dimensions as it is seen, the nearest point first.
    bool m_isSpace = false;
    DepthOrder m_order;
    std::span<const SeenPoint> m_seen; ///< In m_order.
    QColor m_text;
    QColor m_ground;
    double m_scale = 1; ///< Of text and lines: larger pictures have larger ones.
    QFont m_font;
    QFont m_smallFont;
    QFont m_titleFont;
    QRectF m_titleRect;
    QRectF m_captionRect;
    QRectF m_legendRect;
    QRectF m_plot;
    Camera m_camera;
    double m_radius = 1;
    bool m_isAnyInFront = false;
    LayerOf m_layers;
    std::vector<std::uint16_t> m_codes;
};

} // namespace

QImage paintMap(const MapPicture& picture)
{
    const QSizeF pixels = QSizeF(picture.size) * picture.devicePixelRatio;
    if (picture.layout == nullptr || !(pixels.width() >= 1) || !(pixels.height() >= 1)
        || pixels.width() > kLargestSidePx || pixels.height() > kLargestSidePx)
        return {};
    return MapPainting(picture).paint();
}

} // namespace embedscope::ui
