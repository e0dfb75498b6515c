#pragma once

#include <QChartView>
#include <QString>

class QValueAxis;

namespace embedscope::ui {

/// What the small charts of the panels share: two axes with round ticks, narrow margins, no
/// animation, colours taken from the palette, a sentence where there is nothing to draw, and a
/// tooltip that reads the value under the mouse.
class SmallChart : public QChartView
{
    Q_OBJECT

public:
    explicit SmallChart(QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    QValueAxis* horizontalAxis() const { return m_horizontal; }
    QValueAxis* verticalAxis() const { return m_vertical; }

protected:
    /// Sets range and round ticks together. Degenerate and infinite spans are widened.
    void setSpan(QValueAxis* axis, double minimum, double maximum, int ticks);
    /// Shown instead of the plot; empty shows the plot.
    void setMessage(const QString& sentence);
    /// The colours of the series; called at the start of use and when the palette changes.
    virtual void applyColors();
    /// What the tooltip says at that place of the plot, in axis values; empty for nothing.
    virtual QString describeAt(double x) const;
    QColor seriesColor() const;

    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;

private:
    void applyTheme();

    QValueAxis* m_horizontal;
    QValueAxis* m_vertical;
    QString m_message;
};

} // namespace embedscope::ui
