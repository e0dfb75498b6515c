#include "ui/charts/bars.h"

#include "ui/charts/small_chart.h"

#include <QAreaSeries>
#include <QChart>
#include <QLineSeries>
#include <QPen>
#include <QValueAxis>

namespace embedscope::ui {

Bars::Bars(SmallChart* chart)
    : QObject(chart)
    , m_outline(new QLineSeries(this))
    , m_zero(new QLineSeries(this))
    , m_area(new QAreaSeries(m_outline, m_zero))
{
    m_area->setPen(Qt::NoPen);
    chart->chart()->addSeries(m_area);
    m_area->attachAxis(chart->horizontalAxis());
    m_area->attachAxis(chart->verticalAxis());
}

void Bars::setBars(const QList<Bar>& bars, double halfWidth)
{
    QList<QPointF> outline;
    outline.reserve(bars.size() * 8);
    for (const Bar& bar : bars) {
        const double left = bar.x - halfWidth;
        const double right = bar.x + halfWidth;
        outline << QPointF(left, 0) << QPointF(left, bar.highest) << QPointF(right, bar.highest)
                << QPointF(right, 0) << QPointF(right, bar.lowest) << QPointF(left, bar.lowest)
                << QPointF(left, 0) << QPointF(right, 0);
    }
    if (bars.isEmpty())
        m_zero->clear();
    else
        m_zero->replace(QList<QPointF>{outline.front(), outline.back()});
    m_outline->replace(outline);
}

void Bars::setColor(const QColor& color)
{
    m_area->setBrush(color);
}

} // namespace embedscope::ui
