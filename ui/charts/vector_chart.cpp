#include "ui/charts/vector_chart.h"

#include "ui/charts/bars.h"

#include <QChart>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr int kLeastBarPx = 2;

} // namespace

VectorChart::VectorChart(QWidget* parent)
    : SmallChart(parent)
    , m_bars(new Bars(this))
{
    horizontalAxis()->setTitleText(tr("Dimension"));
    setAccessibleName(tr("Chart of the vector's values"));
    setValues({});
}

void VectorChart::setValues(std::vector<float> values)
{
    m_values = std::move(values);
    m_drawnSlots = 0;
    if (m_values.empty()) {
        m_bars->setBars({}, 0);
        setAccessibleDescription({});
        setMessage(tr("The values of the vector will be drawn here."));
        return;
    }
    float lowest = 0;
    float highest = 0;
    for (const float value : m_values) {
        if (std::isfinite(value)) {
            lowest = std::min(lowest, value);
            highest = std::max(highest, value);
        }
    }
    const double margin = (static_cast<double>(highest) - static_cast<double>(lowest)) * 0.04;
    const auto count = static_cast<double>(m_values.size());
    setSpan(horizontalAxis(), -0.5, count - 0.5, 5);
    setSpan(verticalAxis(), static_cast<double>(lowest) - (lowest < 0 ? margin : 0),
        static_cast<double>(highest) + (highest > 0 ? margin : 0), 4);
    setAccessibleDescription(tr("%1 values between %2 and %3")
                                 .arg(m_values.size())
                                 .arg(static_cast<double>(lowest))
                                 .arg(static_cast<double>(highest)));
    setMessage({});
    draw();
}

void VectorChart::draw()
{
    if (m_values.empty())
        return;
    const auto count = static_cast<int>(m_values.size());
    const int width = std::max(60, static_cast<int>(chart()->plotArea().width()));
    const int slotCount = std::min(count, width / kLeastBarPx);
    if (slotCount == m_drawnSlots)
        return;
    m_drawnSlots = slotCount;
    QList<Bar> bars;
    bars.reserve(slotCount);
    for (int slot = 0; slot < slotCount; ++slot) {
        const auto begin = static_cast<std::int64_t>(slot) * count / slotCount;
        const auto end = static_cast<std::int64_t>(slot + 1) * count / slotCount;
        float lowest = 0;
        float highest = 0;
        for (auto i = begin; i < end; ++i) {
            const float value = m_values[static_cast<std::size_t>(i)];
            if (std::isfinite(value)) {
                lowest = std::min(lowest, value);
                highest = std::max(highest, value);
            }
        }
        bars.append({static_cast<double>(begin + end - 1) / 2, static_cast<double>(lowest),
            static_cast<double>(highest)});
    }
    m_bars->setBars(bars, 0.4 * count / slotCount);
}

void VectorChart::applyColors()
{
    m_bars->setColor(seriesColor());
}

QString VectorChart::describeAt(double x) const
{
    const auto at = std::lround(x);
    if (at < 0 || at >= static_cast<long>(m_values.size()))
        return {};
    return tr("Dimension %1: %2")
        .arg(at)
        .arg(static_cast<double>(m_values[static_cast<std::size_t>(at)]));
}

void VectorChart::resizeEvent(QResizeEvent* event)
{
    SmallChart::resizeEvent(event);
    draw();
}

} // namespace embedscope::ui
