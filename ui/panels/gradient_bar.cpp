#include "ui/panels/gradient_bar.h"

#include "ui/charts/axis_ticks.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr int kBarHeight = 14;
constexpr int kTickHeight = 4;
constexpr int kRampColors = 256;

} // namespace

GradientBar::GradientBar(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Scale of the colours"));
}

void GradientBar::setScale(double minimum, double maximum, Theme theme)
{
    m_minimum = minimum;
    m_maximum = maximum;
    m_theme = theme;
    setAccessibleDescription(tr("From %1 to %2").arg(minimum).arg(maximum));
    setToolTip(tr("The lowest value is %1, the highest %2.").arg(minimum).arg(maximum));
    update();
}

QSize GradientBar::sizeHint() const
{
    return {200, kBarHeight + kTickHeight + fontMetrics().height() + 2};
}

QSize GradientBar::minimumSizeHint() const
{
    return {80, sizeHint().height()};
}

void GradientBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const int margin = fontMetrics().horizontalAdvance(QLatin1Char('0')) * 2;
    const QRect bar(margin, 0, std::max(1, width() - 2 * margin), kBarHeight);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    const std::vector<Rgba> ramp = gradientRamp(kRampColors, m_theme);
    for (std::size_t i = 0; i < ramp.size(); ++i)
        gradient.setColorAt(static_cast<double>(i) / static_cast<double>(ramp.size() - 1),
            QColor::fromRgba(ramp[i]));
    painter.fillRect(bar, gradient);
    painter.setPen(palette().color(QPalette::WindowText));
    const double span = m_maximum - m_minimum;
    if (!(span > 0) || !std::isfinite(span)) {
        painter.drawText(QRect(0, kBarHeight, width(), height() - kBarHeight), Qt::AlignCenter,
            QString::number(m_minimum, 'g', 6));
        return;
    }
    const int widest = fontMetrics().horizontalAdvance(QString::number(m_maximum, 'g', 4)) + 24;
    const double step = roundStep(span, std::clamp(bar.width() / widest, 1, 6));
    const QByteArray format
        = tickFormat(step, std::max(std::abs(m_minimum), std::abs(m_maximum))).toLatin1();
    const double first = std::ceil(m_minimum / step - 1e-9);
    for (double i = first; i * step <= m_maximum + step * 1e-9; ++i) {
        const double value = i == 0 ? 0 : i * step;
        const int x
            = bar.left() + static_cast<int>(std::lround((value - m_minimum) / span * bar.width()));
        painter.drawLine(x, kBarHeight, x, kBarHeight + kTickHeight - 1);
        const QString text = QString::asprintf(format.constData(), value);
        const int textWidth = fontMetrics().horizontalAdvance(text);
        const int left = std::clamp(x - textWidth / 2, 0, std::max(0, width() - textWidth));
        painter.drawText(
            QRect(left, kBarHeight + kTickHeight, textWidth + 1, fontMetrics().height()),
            Qt::AlignLeft | Qt::AlignTop, text);
    }
}

} // namespace embedscope::ui
