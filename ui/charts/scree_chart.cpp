#include "ui/charts/scree_chart.h"

#include "ui/charts/bars.h"

#include <QChart>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr std::size_t kMostComponents = 30;

} // namespace

ScreeChart::ScreeChart(QWidget* parent)
    : SmallChart(parent)
    , m_bars(new Bars(this))
    , m_shownBars(new Bars(this))
{
    horizontalAxis()->setTitleText(tr("Principal component"));
    verticalAxis()->setTitleText(tr("Explained, %"));
    setAccessibleName(tr("Chart of the variance that each principal component explains"));
    setShares({}, {});
}

void ScreeChart::setShares(const std::vector<double>& shares, const std::vector<int>& shown)
{
    m_shares.assign(shares.begin(),
        shares.begin() + static_cast<std::ptrdiff_t>(std::min(shares.size(), kMostComponents)));
    QList<Bar> bars;
    QList<Bar> shownBars;
    double highest = 0;
    double sumShown = 0;
    for (std::size_t i = 0; i < m_shares.size(); ++i) {
        const auto component = static_cast<int>(i + 1);
        const double percent = std::isfinite(m_shares[i]) ? 100 * m_shares[i] : 0;
        const bool isShown = std::find(shown.begin(), shown.end(), component) != shown.end();
        (isShown ? shownBars : bars).append({static_cast<double>(component), 0, percent});
        highest = std::max(highest, percent);
        sumShown += isShown ? percent : 0;
    }
    m_bars->setBars(bars, 0.36);
    m_shownBars->setBars(shownBars, 0.36);
    if (m_shares.empty()) {
        setAccessibleDescription({});
        setMessage(tr("The explained variance will be drawn here."));
        return;
    }
    setSpan(horizontalAxis(), 0.4, static_cast<double>(m_shares.size()) + 0.6, 6);
    setSpan(verticalAxis(), 0, highest > 0 ? highest * 1.05 : 1, 4);
    setAccessibleDescription(
        tr("The axes of the map explain %1 % of the variance").arg(sumShown, 0, 'f', 1));
    setMessage({});
}

void ScreeChart::applyColors()
{
    m_bars->setColor(palette().color(QPalette::Mid));
    m_shownBars->setColor(seriesColor());
}

QString ScreeChart::describeAt(double x) const
{
    const auto at = std::lround(x);
    if (at < 1 || at > static_cast<long>(m_shares.size()))
        return {};
    return tr("Component %1 explains %2 %")
        .arg(at)
        .arg(100 * m_shares[static_cast<std::size_t>(at - 1)], 0, 'f', 2);
}

} // namespace embedscope::ui
