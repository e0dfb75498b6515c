#include "ui/plot/legend_painter.h"

#include "core/base/text.h"
#include "core/plot/palette.h"
#include "ui/convert.h"
#include "ui/plot/map_style.h"
#include "ui/plot/text_labels.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLinearGradient>
#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

namespace embedscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("LegendPainter", text);
}

/// The value at t between low and high, rounded to what the scale's length makes worth saying.
double onScale(double low, double high, double t)
{
    if (t <= 0)
        return low;
    if (t >= 1)
        return high;
    const double value = low * (1 - t) + high * t;
    const double step = std::pow(10, std::floor(std::log10(high / 2 - low / 2)) - 3);
    return step > 0 && std::isfinite(step) ? std::round(value / step) * step : value;
}

QString countText(Index count)
{
    return toQString(formatCount(count));
}

} // namespace

QString legendName(const LegendEntry& entry)
{
    if (entry.isMissing)
        return tr("missing");
    return entry.name.empty() ? tr("(empty)") : shortLabel(toQString(entry.name));
}

QString scaleNumber(double value)
{
    const double size = std::abs(value);
    if (value == std::floor(value) && size < 1e7)
        return QLocale().toString(value, 'f', 0);
    return QLocale().toString(value, 'g', 4);
}

LegendPainter::LegendPainter(
    const Coloring& coloring, QString title, const QFont& font, Theme theme)
    : m_coloring(coloring)
    , m_title(shortLabel(title))
    , m_font(font)
    , m_titleFont(font)
    , m_theme(theme)
{
    m_titleFont.setBold(true);
}

double LegendPainter::widthFor(double maximum) const
{
    const QFontMetricsF metrics(m_font);
    double width = QFontMetricsF(m_titleFont).horizontalAdvance(m_title);
    for (const LegendEntry& entry : m_coloring.legend) {
        width = std::max(width,
            metrics.height() * 2 + metrics.horizontalAdvance(legendName(entry))
                + metrics.horizontalAdvance(countText(entry.count)));
    }
    if (m_coloring.isGradient) {
        for (const double value : {m_coloring.minimum, m_coloring.maximum})
            width = std::max(
                width, metrics.height() * 1.5 + metrics.horizontalAdvance(scaleNumber(value)));
    }
    return std::min(maximum, std::ceil(width) + 2);
}

void LegendPainter::paint(QPainter& painter, const QRectF& rect) const
{
    if (isEmpty())
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QRectF rest = rect;
    if (!m_title.isEmpty()) {
        const QFontMetricsF metrics(m_titleFont);
        painter.setFont(m_titleFont);
        painter.setPen(toColor(foregroundColor(m_theme)));
        painter.drawText(QRectF(rect.left(), rect.top(), rect.width(), metrics.height()),
            Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(m_title, Qt::ElideRight, rect.width()));
        rest.setTop(rect.top() + metrics.height() * 1.4);
    }
    if (m_coloring.isGradient)
        paintGradient(painter, rest);
    else
        paintCategories(painter, rest);
    painter.restore();
}

void LegendPainter::paintCategories(QPainter& painter, const QRectF& rect) const
{
    const QFontMetricsF metrics(m_font);
    const double line = metrics.height() * 1.25;
    const double dot = metrics.height() * 0.34;
    const auto room = static_cast<std::size_t>(std::max(1.0, std::floor(rect.height() / line)));
    const std::size_t entries = m_coloring.legend.size();
    const std::size_t shown = entries <= room ? entries : room - 1;
    const QColor text = toColor(foregroundColor(m_theme));
    QColor faint = text;
    faint.setAlphaF(0.65F);
    painter.setFont(m_font);
    for (std::size_t i = 0; i < shown; ++i) {
        const LegendEntry& entry = m_coloring.legend[i];
        const QRectF row(
            rect.left(), rect.top() + static_cast<double>(i) * line, rect.width(), line);
        painter.setPen(Qt::NoPen);
        painter.setBrush(toColor(entry.color));
        painter.drawEllipse(QPointF(row.left() + dot, row.center().y()), dot, dot);
        const QString count = countText(entry.count);
        painter.setPen(faint);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, count);
        const double left = row.left() + metrics.height();
        const double width
            = row.right() - metrics.horizontalAdvance(count) - metrics.height() * 0.6 - left;
        painter.setPen(text);
        painter.drawText(QRectF(left, row.top(), std::max(0.0, width), line),
            Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(legendName(entry), Qt::ElideRight, std::max(0.0, width)));
    }
    if (shown < entries) {
        painter.setPen(faint);
        painter.drawText(QRectF(rect.left() + metrics.height(),
                             rect.top() + static_cast<double>(shown) * line, rect.width(), line),
            Qt::AlignLeft | Qt::AlignVCenter, tr("and %1 more").arg(entries - shown));
    }
}

void LegendPainter::paintGradient(QPainter& painter, const QRectF& rect) const
{
    const QFontMetricsF metrics(m_font);
    const double height = std::min(rect.height() * 0.5, metrics.height() * 12);
    const QRectF bar(rect.left(), rect.top() + metrics.height() * 0.5, metrics.height(), height);
    QLinearGradient gradient(bar.bottomLeft(), bar.topLeft());
    const auto ramp = gradientRamp(33, m_theme);
    for (std::size_t i = 0; i < ramp.size(); ++i)
        gradient.setColorAt(
            static_cast<double>(i) / static_cast<double>(ramp.size() - 1), toColor(ramp[i]));
    painter.setPen(Qt::NoPen);
    painter.setBrush(gradient);
    painter.drawRoundedRect(bar, 2, 2);
    painter.setFont(m_font);
    painter.setPen(toColor(foregroundColor(m_theme)));
    const double low = m_coloring.minimum;
    const double high = m_coloring.maximum;
    for (const double t : {0.0, 0.5, 1.0}) {
        if (t > 0 && !(high > low))
            break;
        const double y = bar.bottom() - t * bar.height();
        painter.drawText(QRectF(bar.right() + metrics.height() * 0.5, y - metrics.height() / 2,
                             rect.right() - bar.right(), metrics.height()),
            Qt::AlignLeft | Qt::AlignVCenter, scaleNumber(onScale(low, high, t)));
    }
    if (!m_coloring.legend.empty())
        paintCategories(painter, rect.adjusted(0, height + metrics.height() * 1.6, 0, 0));
}

} // namespace embedscope::ui
