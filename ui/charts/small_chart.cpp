#include "ui/charts/small_chart.h"

#include "ui/charts/axis_ticks.h"

#include <QChart>
#include <QEvent>
#include <QGraphicsLayout>
#include <QHelpEvent>
#include <QToolTip>
#include <QValueAxis>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

QColor blend(const QColor& over, const QColor& under, double share)
{
    return QColor::fromRgbF(static_cast<float>(over.redF() * share + under.redF() * (1 - share)),
        static_cast<float>(over.greenF() * share + under.greenF() * (1 - share)),
        static_cast<float>(over.blueF() * share + under.blueF() * (1 - share)));
}

} // namespace

SmallChart::SmallChart(QWidget* parent)
    : QChartView(parent)
    , m_horizontal(new QValueAxis(this))
    , m_vertical(new QValueAxis(this))
{
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->legend()->hide();
    chart()->setBackgroundVisible(false);
    chart()->setMargins(QMargins(2, 4, 6, 2));
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->addAxis(m_horizontal, Qt::AlignBottom);
    chart()->addAxis(m_vertical, Qt::AlignLeft);
    m_horizontal->setGridLineVisible(false);
}

QSize SmallChart::sizeHint() const
{
    return {280, 170};
}

QSize SmallChart::minimumSizeHint() const
{
    return {160, 140};
}

void SmallChart::setSpan(QValueAxis* axis, double minimum, double maximum, int ticks)
{
    if (!std::isfinite(minimum) || !std::isfinite(maximum) || minimum > maximum) {
        minimum = 0;
        maximum = 1;
    }
    const double largest = std::max(std::abs(minimum), std::abs(maximum));
    if (maximum - minimum <= largest * 1e-9) {
        const double half = largest > 0 ? largest * 0.05 : 0.5;
        minimum -= half;
        maximum += half;
    }
    const double step = roundStep(maximum - minimum, ticks);
    // A range that grows before its step does would lay out millions of ticks in between.
    axis->setTickType(QValueAxis::TicksFixed);
    axis->setTickCount(2);
    axis->setRange(minimum, maximum);
    axis->setTickAnchor(0);
    axis->setTickInterval(step);
    axis->setLabelFormat(tickFormat(step, largest));
    axis->setTickType(QValueAxis::TicksDynamic);
}

void SmallChart::setMessage(const QString& sentence)
{
    // The chart stays there under the sentence: a hidden one is not laid out when it is resized.
    m_message = sentence;
    viewport()->update();
}

QColor SmallChart::seriesColor() const
{
    return palette().color(QPalette::Highlight);
}

void SmallChart::applyColors() { }

QString SmallChart::describeAt(double) const
{
    return {};
}

void SmallChart::applyTheme()
{
    const QColor back = palette().color(QPalette::Window);
    const QColor text = palette().color(QPalette::WindowText);
    setBackgroundBrush(back);
    QFont small = font();
    if (small.pointSizeF() > 0)
        small.setPointSizeF(std::max(7.0, small.pointSizeF() * 0.85));
    for (QValueAxis* axis : {m_horizontal, m_vertical}) {
        axis->setLabelsFont(small);
        axis->setTitleFont(small);
        axis->setLabelsBrush(blend(text, back, 0.85));
        axis->setTitleBrush(blend(text, back, 0.85));
        axis->setLinePen(QPen(blend(text, back, 0.4), 1));
        axis->setGridLinePen(QPen(blend(text, back, 0.15), 1));
    }
    applyColors();
}

void SmallChart::changeEvent(QEvent* event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::StyleChange)
        applyTheme();
}

void SmallChart::showEvent(QShowEvent* event)
{
    applyTheme();
    QChartView::showEvent(event);
}

void SmallChart::wheelEvent(QWheelEvent* event)
{
    event->ignore(); // The panel around it scrolls.
}

bool SmallChart::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && m_message.isEmpty()) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QPointF place = chart()->mapFromScene(mapToScene(help->pos()));
        const QString text = chart()->plotArea().contains(place)
            ? describeAt(chart()->mapToValue(place).x())
            : QString();
        if (!text.isEmpty()) {
            QToolTip::showText(help->globalPos(), text, viewport());
            return true;
        }
    }
    return QChartView::viewportEvent(event);
}

void SmallChart::drawForeground(QPainter* painter, const QRectF&)
{
    if (m_message.isEmpty())
        return;
    painter->resetTransform();
    painter->fillRect(viewport()->rect(), palette().color(QPalette::Window));
    painter->setPen(
        blend(palette().color(QPalette::WindowText), palette().color(QPalette::Window), 0.65));
    painter->setFont(font());
    painter->drawText(
        viewport()->rect().adjusted(12, 8, -12, -8), Qt::AlignCenter | Qt::TextWordWrap, m_message);
}

} // namespace embedscope::ui
