#pragma once

#include "core/plot/camera.h"
#include "core/plot/coloring.h"
#include "ui/plot/map_caption.h"

#include <QRectF>
#include <QString>

QT_BEGIN_NAMESPACE
class QChart;
class QValueAxis;
QT_END_NAMESPACE

namespace embedscope::ui {

/// The chart round the map: axes with round ticks where numbers mean something, a bare frame where
/// they do not, in the colours of the theme. The chart owns the axes.
class MapFrame
{
public:
    explicit MapFrame(QChart* chart);

    void setTheme(Theme theme);
    void setWords(const AxisWords& words);
    /// The plot area for a view of that size: fixed, so that it does not move as tick labels change
    /// their width.
    QRectF areaFor(const QSizeF& viewSize) const;
    void setArea(const QRectF& area);
    /// Shows the ticks of what the camera sees.
    void follow(const Camera& camera);

private:
    void style(QValueAxis* axis);
    void setAxis(QValueAxis* axis, double low, double high, double lengthPx, double perTickPx);

    QChart* m_chart;
    QValueAxis* m_x;
    QValueAxis* m_y;
    AxisWords m_words;
    Theme m_theme = Theme::Light;
};

} // namespace embedscope::ui
