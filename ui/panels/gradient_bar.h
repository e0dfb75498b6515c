#pragma once

#include "core/plot/coloring.h"

#include <QWidget>

namespace embedscope::ui {

/// The scale of a gradient: the colours from low to high, with round ticks below.
class GradientBar : public QWidget
{
    Q_OBJECT

public:
    explicit GradientBar(QWidget* parent = nullptr);

    void setScale(double minimum, double maximum, Theme theme);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_minimum = 0;
    double m_maximum = 1;
    Theme m_theme = Theme::Light;
};

} // namespace embedscope::ui
