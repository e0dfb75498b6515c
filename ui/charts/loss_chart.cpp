#include "ui/charts/loss_chart.h"

#include <QChart>
#include <QLineSeries>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

LossChart::LossChart(QWidget* parent)
    : SmallChart(parent)
    , m_line(new QLineSeries(this))
{
    chart()->addSeries(m_line);
    m_line->attachAxis(horizontalAxis());
    m_line->attachAxis(verticalAxis());
    horizontalAxis()->setTitleText(tr("Iteration"));
    verticalAxis()->setTitleText(tr("KL divergence"));
    setAccessibleName(tr("Chart of the KL divergence by iteration"));
    setHistory({}, 0);
}

void LossChart::setHistory(const std::vector<std::pair<int, double>>& history, int totalIterations)
{
    m_history.clear();
    QList<QPointF> points;
    double lowest = HUGE_VAL;
    double highest = -HUGE_VAL;
    for (const auto& [iteration, value] : history) {
        if (!std::isfinite(value))
            continue;
        m_history.emplace_back(iteration, value);
        points.append({static_cast<double>(iteration), value});
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
    }
    m_line->replace(points);
    if (points.isEmpty()) {
        setAccessibleDescription({});
        setMessage(tr("The KL divergence will be drawn here while the run goes on."));
        return;
    }
    setSpan(horizontalAxis(), 0, std::max(totalIterations, m_history.back().first), 4);
    setSpan(verticalAxis(), std::min(0.0, lowest), highest * 1.05, 4);
    setAccessibleDescription(
        tr("%1 at iteration %2").arg(m_history.back().second).arg(m_history.back().first));
    setMessage({});
}

void LossChart::applyColors()
{
    m_line->setPen(QPen(seriesColor(), 1.75));
}

QString LossChart::describeAt(double x) const
{
    const auto nearest
        = std::min_element(m_history.begin(), m_history.end(), [x](const auto& a, const auto& b) {
              return std::abs(a.first - x) < std::abs(b.first - x);
          });
    if (nearest == m_history.end())
        return {};
    return tr("Iteration %1: KL divergence %2").arg(nearest->first).arg(nearest->second);
}

} // namespace embedscope::ui
