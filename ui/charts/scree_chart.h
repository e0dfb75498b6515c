#pragma once

#include "ui/charts/small_chart.h"

#include <vector>

namespace embedscope::ui {

class Bars;

/// How much of the whole variance each principal component explains, in per cent; the two that are
/// the axes of the map stand out.
class ScreeChart : public SmallChart
{
    Q_OBJECT

public:
    explicit ScreeChart(QWidget* parent = nullptr);

    /// shares   of the whole, 0 to 1, one for each component.
    /// shown    components (from 1) that are axes of the map.
    void setShares(const std::vector<double>& shares, const std::vector<int>& shown);

protected:
    void applyColors() override;
    QString describeAt(double x) const override;

private:
    std::vector<double> m_shares;
    Bars* m_bars;
    Bars* m_shownBars;
};

} // namespace embedscope::ui
