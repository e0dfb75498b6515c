#pragma once

#include "ui/charts/small_chart.h"

#include <QString>
#include <vector>

namespace embedscope::ui {

class Bars;

/// The values of one vector, a bar each around zero; where there are more values than pixels, each
/// bar spans the values that share it, so that no peak is lost.
class VectorChart : public SmallChart
{
    Q_OBJECT

public:
    explicit VectorChart(QWidget* parent = nullptr);

    /// NaN and infinite values are left out of the picture; empty shows a sentence.
    void setValues(std::vector<float> values);
    const std::vector<float>& values() const { return m_values; }

protected:
    void applyColors() override;
    QString describeAt(double x) const override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void draw();

    std::vector<float> m_values;
    Bars* m_bars;
    int m_drawnSlots = 0;
};

} // namespace embedscope::ui
