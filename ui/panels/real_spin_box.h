#pragma once

#include <QDoubleSpinBox>

namespace embedscope::ui {

/// A box for a real number that shows 0.5 as 0.5 and not as 0.500000, and is no wider than it must
/// be.
class RealSpinBox : public QDoubleSpinBox
{
    Q_OBJECT

public:
    explicit RealSpinBox(QWidget* parent = nullptr)
        : QDoubleSpinBox(parent)
    {
        setDecimals(6);
        setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
        // A box as wide as its largest number would push the panel apart.
        setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("000000")) + 40);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    }

    QString textFromValue(double value) const override
    {
        QString text = locale().toString(value, 'f', decimals());
        const QString point = locale().decimalPoint();
        if (text.contains(point)) {
            while (text.endsWith(QLatin1Char('0')))
                text.chop(1);
            if (text.endsWith(point))
                text.chop(point.size());
        }
        return text;
    }
};

} // namespace embedscope::ui
