#include "ui/plot/map_frame.h"

#include "core/plot/palette.h"
#include "ui/plot/map_style.h"

#include <QChart>
#include <QFontMetricsF>
#include <QGraphicsLayout>
#include <QGuiApplication>
#include <QLegend>
#include <QPen>
#include <QScatterSeries>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr double kMargin = 10;

QFont tickFont()
{
    QFont font = QGuiApplication::font();
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * 0.85);
    else
        font.setPixelSize(std::max(8, font.pixelSize() * 85 / 100));
    return font;
}

} // namespace

MapFrame::MapFrame(QChart* chart)
    : m_chart(chart)
    , m_x(new QValueAxis)
    , m_y(new QValueAxis)
{
    // Animated axes repaint fifty times for each step of the mouse.
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->legend()->hide();
    chart->setMargins(QMargins(0, 0, 0, 0));
    // The view paints the ground: a chart with a plot area of its own does not.
    chart->setBackgroundVisible(false);
    chart->setPlotAreaBackgroundVisible(false);
    chart->addAxis(m_x, Qt::AlignBottom);
    chart->addAxis(m_y, Qt::AlignLeft);
    // An empty series: axes without one do not take part in the chart's layout.
    auto* series = new QScatterSeries;
    chart->addSeries(series);
    series->attachAxis(m_x);
    series->attachAxis(m_y);
    for (QValueAxis* axis : {m_x, m_y}) {
        axis->setTickType(QValueAxis::TicksDynamic);
        axis->setTickInterval(1);
        axis->setRange(0, 1);
        axis->setLabelsFont(tickFont());
        axis->setTitleFont(tickFont());
        axis->setLineVisible(false);
        axis->setTruncateLabels(false);
    }
    setTheme(m_theme);
    setWords(m_words);
}

void MapFrame::setTheme(Theme theme)
{
    m_theme = theme;
    style(m_x);
    style(m_y);
}

void MapFrame::style(QValueAxis* axis)
{
    const QColor text = toColor(foregroundColor(m_theme));
    QColor faint = text;
    faint.setAlphaF(0.75F);
    QColor grid = text;
    grid.setAlphaF(0.09F);
    axis->setLabelsColor(faint);
    axis->setTitleBrush(text);
    axis->setGridLinePen(QPen(grid, 1));
}

void MapFrame::setWords(const AxisWords& words)
{
    m_words = words;
    m_x->setTitleText(words.x);
    m_y->setTitleText(words.y);
    for (QValueAxis* axis : {m_x, m_y}) {
        axis->setLabelsVisible(words.hasNumbers);
        axis->setGridLineVisible(words.hasNumbers);
        axis->setTitleVisible(!axis->titleText().isEmpty());
    }
}

QRectF MapFrame::areaFor(const QSizeF& viewSize) const
{
    const QFontMetricsF metrics(tickFont());
    double left = kMargin;
    double bottom = kMargin + metrics.height(); // the caption
    if (m_words.hasNumbers) {
        left += metrics.horizontalAdvance(QStringLiteral("-00.000"));
        bottom += metrics.height() * 1.4;
    }
    if (!m_words.y.isEmpty())
        left += metrics.height() * 1.5;
    if (!m_words.x.isEmpty())
        bottom += metrics.height() * 1.5;
    const QRectF area(
        left, kMargin, viewSize.width() - left - kMargin, viewSize.height() - kMargin - bottom);
    return {std::round(area.left()), std::round(area.top()),
        std::max(1.0, std::round(area.width())), std::max(1.0, std::round(area.height()))};
}

void MapFrame::setArea(const QRectF& area)
{
    m_chart->setPlotArea(area);
    // The axes follow only where their ranges change as well; a lower view of the same width keeps
    // the range of one.
    m_chart->layout()->invalidate();
    m_chart->layout()->activate();
}

void MapFrame::follow(const Camera& camera)
{
    const MapRect seen = camera.visible();
    setAxis(m_x, seen.left, seen.right, camera.widthPx(), 95);
    setAxis(m_y, seen.bottom, seen.top, camera.heightPx(), 75);
}

void MapFrame::setAxis(QValueAxis* axis, double low, double high, double lengthPx, double perTickPx)
{
    const Ticks ticks = roundTicks(low, high, std::max(2, static_cast<int>(lengthPx / perTickPx)));
    if (ticks.count == 0)
        return;
    const bool isHuge = std::max(std::abs(low), std::abs(high)) >= 1e6 || ticks.decimals > 5;
    const QString format
        = isHuge ? QStringLiteral("%.4g") : QStringLiteral("%.%1f").arg(ticks.decimals);
    if (axis->labelFormat() != format)
        axis->setLabelFormat(format);
    // A trace above zero, or the tick there may come out as "-0.0".
    axis->setTickAnchor(ticks.step * 1e-6);
    // Never a fine interval over a wide range, not even between two calls: each tick is an item.
    if (ticks.step > axis->tickInterval()) {
        axis->setTickInterval(ticks.step);
        axis->setRange(low, high);
    } else {
        axis->setRange(low, high);
        if (ticks.step < axis->tickInterval())
            axis->setTickInterval(ticks.step);
    }
}

} // namespace embedscope::ui
