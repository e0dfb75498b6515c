#pragma once

#include <QColor>
#include <QList>
#include <QObject>

class QAreaSeries;
class QLineSeries;

namespace embedscope::ui {

class SmallChart;

/// One bar: from the lower to the higher value, both of which may lie on either side of zero.
struct Bar
{
    double x = 0;
    double lowest = 0;
    double highest = 0;
};

/// Many bars as one filled outline: Qt's bar series makes an item for each and is slow at a
/// thousand.
class Bars : public QObject
{
    Q_OBJECT

public:
    /// Adds itself to the chart, which owns it.
    explicit Bars(SmallChart* chart);

    /// halfWidth  in axis values. Bars ascend in x.
    void setBars(const QList<Bar>& bars, double halfWidth);
    void setColor(const QColor& color);

private:
    QLineSeries* m_outline;
    QLineSeries* m_zero;
    QAreaSeries* m_area;
};

} // namespace embedscope::ui
