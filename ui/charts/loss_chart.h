#pragma once

#include "ui/charts/small_chart.h"

#include <utility>
#include <vector>

class QLineSeries;

namespace embedscope::ui {

/// The KL divergence by iteration, while a run goes on and after it.
class LossChart : public SmallChart
{
    Q_OBJECT

public:
    explicit LossChart(QWidget* parent = nullptr);

    /// history  iteration and KL divergence; totalIterations gives the length of the axis.
    void setHistory(const std::vector<std::pair<int, double>>& history, int totalIterations);

protected:
    void applyColors() override;
    QString describeAt(double x) const override;

private:
    std::vector<std::pair<int, double>> m_history;
    QLineSeries* m_line;
};

} // namespace embedscope::ui
