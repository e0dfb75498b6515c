#include "ui/plot/map_painter.h"

#include "core/plot/label_candidates.h"
#include "core/plot/palette.h"
#include "ui/plot/legend_painter.h"
#include "ui/plot/map_caption.h"
#include "ui/plot/map_overlay.h"
#include "ui/plot/space_drawing.h"
#include "ui/plot/space_gizmo.h"

#include <QFontMetricsF>
#include <QGuiApplication>
#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr int kLargestSidePx = 16384;
constexpr int kMostEmphasizedNames = 200;

/// Paints one picture; holds what its parts share.
class MapPainting
{
public:
    explicit MapPainting(const MapPicture& picture)
        : m_picture(picture)
        , m_layout(*picture.sources.layout)
        , m_theme(picture.sources.theme)
        , m_words(axisWords(m_layout))
        , m_scene(SceneBuilder().build(picture.sources))
        , m_coloring(m_scene->sources.coloring ? *m_scene->sources.coloring : m_plain)
        , m_text(toColor(foregroundColor(m_theme)))
        , m_ground(toColor(backgroundColor(m_theme)))
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
        if (m_scene->isSpace())
            m_grid = m_space.makeGrid(*m_scene, {});
        arrange();
        paintTitleAndCaption(painter);
        paintAxes(painter);
        paintPoints(painter);
        paintFrame(painter);
        paintOverlay(painter);
        if (m_scene->isSpace()) {
            paintSpaceGizmo(painter, m_plot.bottomLeft() + QPointF(4, -4) * m_scale,
                m_picture.sources.turn, axisNames(m_layout), m_font, m_theme);
        }
        if (m_legendRect.isValid())
            LegendPainter(m_coloring, m_picture.legendTitle, m_font, m_theme)
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
        const LegendPainter legend(m_coloring, m_picture.legendTitle, m_font, m_theme);
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

        m_radius = m_picture.pointRadius > 0
            ? m_picture.pointRadius * m_scale
            : suggestedPointRadius(m_scene->cloud->size()) * m_scale;
        m_camera = Camera(m_plot.width(), m_plot.height());
        if (m_picture.view)
            m_camera.show(*m_picture.view);
        else
            m_camera.fit(m_grid ? m_grid->seen.cloud->bounds : m_scene->cloud->bounds,
                std::min(m_radius + 14 * m_scale, m_plot.width() / 4));
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

    void paintPoints(QPainter& painter)
    {
        const double ratio = m_picture.devicePixelRatio;
        Rasterizer raster(static_cast<int>(std::lround(m_plot.width() * ratio)),
            static_cast<int>(std::lround(m_plot.height() * ratio)));
        const MapRect seen = m_camera.visible();
        const DrawingScale scale = {{seen.left, seen.top, m_camera.scale() * ratio},
            m_radius / m_scale, m_picture.opacity, m_scale * ratio};
        if (m_scene->isSpace()) {
            m_space.drawAll(raster, *m_scene, scale, {});
        } else {
            const Index n = m_scene->cloud->size();
            for (std::uint8_t layer = kTopLayer; layer >= kLayerBase; --layer) {
                if (m_scene->layerCounts[layer] > 0)
                    raster.draw(*m_scene->cloud, *m_scene->codes, *m_scene->layers, layer,
                        scale.view,
                        m_scene->style(layer, m_radius * ratio, scale.opacity, scale.pixelRatio), 0,
                        n);
            }
        }
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

    /// What lies over the points on screen, at the scale of the picture.
    void paintOverlay(QPainter& painter) const
    {
        MapOverlay overlay;
        overlay.setDataset(m_picture.dataset);
        overlay.setScene(m_scene);
        overlay.setCamera(m_camera, m_plot);
        overlay.setScale(m_scale);
        overlay.setPointRadius(m_radius);
        overlay.setFont(m_font);
        overlay.setPaths(m_picture.paths);
        overlay.setMarked(m_picture.marked != nullptr, m_picture.marked, {});
        overlay.setMarkLegendShown(m_picture.hasLegend);
        overlay.setNames(spreadPoints(), mostNames());
        overlay.paint(painter);
    }

    int mostNames() const
    {
        if (m_picture.marked)
            return std::max(m_picture.labelCount, kMostEmphasizedNames);
        const Index emphasized = m_scene->cloud->size() - m_scene->layerCounts[kLayerHidden]
            - m_scene->layerCounts[kLayerBase];
        return std::max(m_picture.labelCount,
            static_cast<int>(std::min<Index>(kMostEmphasizedNames, emphasized)));
    }

    /// Points spread over the map, those that are most worth a name first.
    std::vector<PointId> spreadPoints() const
    {
        std::vector<PointId> points;
        if (m_picture.labelCount <= 0)
            return points;
        const PointCloud& cloud = m_grid ? *m_grid->seen.cloud : *m_scene->cloud;
        const int columns = std::max(1, static_cast<int>(m_plot.width() / (110 * m_scale)));
        const int rows = std::max(1, static_cast<int>(m_plot.height() / (28 * m_scale)));
        for (const std::uint32_t slot :
            labelCandidates(cloud, m_grid ? *m_grid->seen.layers : *m_scene->layers,
                m_camera.visible(), columns, rows, std::min(20000, 6 * m_picture.labelCount + 100)))
            points.push_back(cloud.ids[slot]);
        return points;
    }

    const MapPicture& m_picture;
    const Layout& m_layout;
    Theme m_theme;
    AxisWords m_words;
    std::shared_ptr<const MapScene> m_scene;
    const Coloring m_plain; ///< Without a legend.
    const Coloring& m_coloring;
    SpaceDrawing m_space;
    std::shared_ptr<const MapGrid> m_grid; ///< In three dimensions: the points as they are seen.
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
};

} // namespace

QImage paintMap(const MapPicture& picture)
{
    const QSizeF pixels = QSizeF(picture.size) * picture.devicePixelRatio;
    if (picture.sources.layout == nullptr || !(pixels.width() >= 1) || !(pixels.height() >= 1)
        || pixels.width() > kLargestSidePx || pixels.height() > kLargestSidePx)
        return {};
    return MapPainting(picture).paint();
}

} // namespace embedscope::ui
