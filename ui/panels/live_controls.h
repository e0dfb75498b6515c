#pragma once

#include "core/data/layout.h"
#include "core/projection/parameters.h"

#include <QWidget>
#include <functional>
#include <span>
#include <string>
#include <vector>

class QGridLayout;

namespace embedscope::ui {

/// The parameters of a run that may be changed while it goes on, each with a slider and a number,
/// or with the editor of its kind. Where the range spans decades the slider is logarithmic.
class LiveControls : public QWidget
{
    Q_OBJECT

public:
    explicit LiveControls(QWidget* parent = nullptr);

    /// Makes the controls of a method's table, of which only live parameters get one. The texts of
    /// the rows must outlive the controls.
    void setParameters(std::span<const ParameterInfo> rows);
    bool isEmpty() const { return m_controls.empty(); }
    /// Shows values without telling of them: those that were resolved or set already.
    void showValues(const ParameterValues& values);

signals:
    void valueChanged(const std::string& id, const embedscope::ParameterValue& value);

private:
    struct Control
    {
        std::string id;
        std::function<void(const ParameterValue&)> show;
    };

    void clear();
    void addSlider(const ParameterInfo& info);
    void addField(const ParameterInfo& info);

    QGridLayout* m_layout;
    std::vector<Control> m_controls;
    bool m_isShowing = false;
};

/// Where a value lies between two ends, 0 to 1: in decades where both are positive and far apart.
double shareOfRange(double value, double minimum, double maximum);
/// The value there, rounded to three digits.
double valueAtShare(double share, double minimum, double maximum);

} // namespace embedscope::ui
