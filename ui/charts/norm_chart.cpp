#include "ui/charts/norm_chart.h"

#include "ui/charts/bars.h"
#include "ui/convert.h"

#include <QValueAxis>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

NormChart::NormChart(QWidget* parent)
    : SmallChart(parent)
    , m_bars(new Bars(this))
{
    horizontalAxis()->setTitleText(tr("Length of a row"));
    verticalAxis()->setTitleText(tr("Rows"));
    setAccessibleName(tr("Histogram of the lengths of the rows"));
    setNorms({});
}

double NormChart::binWidth() const
{
    const auto bins = static_cast<double>(m_norms->histogram.size());
    const double span = (m_norms->max - m_norms->min) / bins;
    return bins > 1 ? span : std::max(std::abs(m_norms->max) * 0.01, 1e-9);
}

void NormChart::setNorms(const std::optional<NormSummary>& norms)
{
    m_norms = norms;
    if (!m_norms || m_norms->histogram.empty()) {
        m_norms.reset();
        m_bars->setBars({}, 0);
        setAccessibleDescription({});
        setMessage(tr("No row has a length."));
        return;
    }
    const double width = binWidth();
    const bool isOne = m_norms->histogram.size() == 1;
    const double left = isOne ? m_norms->min - width / 2 : m_norms->min;
    QList<Bar> bars;
    double highest = 0;
    for (std::size_t i = 0; i < m_norms->histogram.size(); ++i) {
        const auto count = static_cast<double>(m_norms->histogram[i]);
        bars.append({left + width * (static_cast<double>(i) + 0.5), 0, count});
        highest = std::max(highest, count);
    }
    m_bars->setBars(bars, width * 0.46);
    if (isOne)
        setSpan(horizontalAxis(), m_norms->min - 5 * width, m_norms->max + 5 * width, 3);
    else
        setSpan(horizontalAxis(), m_norms->min, m_norms->max, 4);
    setSpan(verticalAxis(), 0, highest * 1.05, 3);
    setAccessibleDescription(tr("Lengths from %1 to %2, %3 in the middle")
                                 .arg(m_norms->min, 0, 'g', 4)
                                 .arg(m_norms->max, 0, 'g', 4)
                                 .arg(m_norms->median, 0, 'g', 4));
    setMessage({});
}

void NormChart::applyColors()
{
    m_bars->setColor(seriesColor());
}

QString NormChart::describeAt(double x) const
{
    if (!m_norms)
        return {};
    const double width = binWidth();
    const double left = m_norms->histogram.size() == 1 ? m_norms->min - width / 2 : m_norms->min;
    const double bin = std::floor((x - left) / width);
    if (bin < 0 || bin >= static_cast<double>(m_norms->histogram.size()))
        return {};
    const Index count = m_norms->histogram[static_cast<std::size_t>(bin)];
    return tr("%1 rows with a length of %2 to %3")
        .arg(numberText(count))
        .arg(left + bin * width, 0, 'g', 4)
        .arg(left + (bin + 1) * width, 0, 'g', 4);
}

} // namespace embedscope::ui
