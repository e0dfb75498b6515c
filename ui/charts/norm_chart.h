#pragma once

#include "core/analysis/health/health.h"
#include "ui/charts/small_chart.h"

#include <optional>

namespace embedscope::ui {

class Bars;

/// How long the rows of a table are: a histogram.
class NormChart : public SmallChart
{
    Q_OBJECT

public:
    explicit NormChart(QWidget* parent = nullptr);

    void setNorms(const std::optional<NormSummary>& norms);

protected:
    void applyColors() override;
    QString describeAt(double x) const override;

private:
    double binWidth() const;

    std::optional<NormSummary> m_norms;
    Bars* m_bars;
};

} // namespace embedscope::ui
