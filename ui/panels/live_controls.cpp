#include "ui/panels/live_controls.h"

#include "ui/convert.h"
#include "ui/panels/parameter_field.h"
#include "ui/panels/real_spin_box.h"

#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <algorithm>
#include <cmath>
#include <optional>

namespace embedscope::ui {

namespace {

constexpr int kSteps = 1000;
/// A range whose ends are so many times apart is looked at in decades.
constexpr double kWideRange = 30;

bool isWide(double minimum, double maximum)
{
    return minimum > 0 && maximum / minimum >= kWideRange;
}

std::optional<double> asNumber(const ParameterValue& value)
{
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    return std::nullopt; // "auto"
}

QString helpOf(const ParameterInfo& info)
{
    return QStringLiteral("<p>%1</p>").arg(toQString(info.help).toHtmlEscaped());
}

} // namespace

double shareOfRange(double value, double minimum, double maximum)
{
    if (!(maximum > minimum))
        return 0;
    const double inside = std::clamp(value, minimum, maximum);
    return isWide(minimum, maximum) ? std::log(inside / minimum) / std::log(maximum / minimum)
                                    : (inside - minimum) / (maximum - minimum);
}

double valueAtShare(double share, double minimum, double maximum)
{
    const double inside = std::clamp(share, 0.0, 1.0);
    const double exact = isWide(minimum, maximum) ? minimum * std::pow(maximum / minimum, inside)
                                                  : minimum + inside * (maximum - minimum);
    if (exact == 0)
        return exact;
    const double unit = std::pow(10.0, std::floor(std::log10(std::abs(exact))) - 2);
    return std::clamp(std::round(exact / unit) * unit, minimum, maximum);
}

LiveControls::LiveControls(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QGridLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setColumnStretch(0, 1);
}

void LiveControls::clear()
{
    m_controls.clear();
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void LiveControls::setParameters(std::span<const ParameterInfo> rows)
{
    clear();
    for (const ParameterInfo& info : rows) {
        if (!info.isLive)
            continue;
        if (info.kind == ParameterKind::Real || info.kind == ParameterKind::Integer)
            addSlider(info);
        else
            addField(info);
    }
}

void LiveControls::addSlider(const ParameterInfo& info)
{
    const QString id = toQString(info.id);
    auto* label = new QLabel(toQString(info.label), this);
    label->setWordWrap(true);
    auto* spin = new RealSpinBox(this);
    spin->setObjectName(QStringLiteral("live_") + id);
    spin->setAccessibleName(toQString(info.label));
    spin->setRange(info.minimum, info.maximum);
    spin->setKeyboardTracking(false); // Typing 12 is not first 1 and then 12.
    spin->setDecimals(info.kind == ParameterKind::Integer ? 0 : 3);
    spin->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    spin->setFixedWidth(spin->minimumWidth() + 8);
    auto* slider = new QSlider(Qt::Horizontal, this);
    slider->setObjectName(QStringLiteral("live_") + id + QStringLiteral("_slider"));
    slider->setAccessibleName(toQString(info.label));
    slider->setRange(0, kSteps);
    slider->setSingleStep(kSteps / 100);
    slider->setPageStep(kSteps / 10);
    label->setBuddy(spin);
    for (QWidget* widget : std::initializer_list<QWidget*>{label, spin, slider}) {
        widget->setToolTip(helpOf(info));
        widget->setWhatsThis(toQString(info.help));
    }
    const int row = m_layout->rowCount();
    m_layout->addWidget(label, row, 0);
    m_layout->addWidget(spin, row, 1);
    m_layout->addWidget(slider, row + 1, 0, 1, 2);

    const double low = info.minimum;
    const double high = info.maximum;
    const auto place = [slider, low, high](double value) {
        const QSignalBlocker blocker(slider);
        slider->setValue(static_cast<int>(std::round(shareOfRange(value, low, high) * kSteps)));
    };
    connect(slider, &QSlider::valueChanged, spin, [spin, low, high](int step) {
        spin->setValue(valueAtShare(static_cast<double>(step) / kSteps, low, high));
    });
    connect(spin, &QDoubleSpinBox::valueChanged, this,
        [this, place, slider, name = std::string(info.id), kind = info.kind](double value) {
            if (!slider->isSliderDown() && !slider->hasFocus())
                place(value);
            if (m_isShowing)
                return;
            if (kind == ParameterKind::Integer)
                emit valueChanged(name, static_cast<std::int64_t>(std::llround(value)));
            else
                emit valueChanged(name, value);
        });
    m_controls.push_back({std::string(info.id), [spin, place](const ParameterValue& value) {
                              const auto number = asNumber(value);
                              // A number that stands may be in the middle of being typed.
                              if (!number || std::abs(*number - spin->value()) < 5e-4)
                                  return;
                              spin->setValue(*number);
                              place(*number);
                          }});
}

void LiveControls::addField(const ParameterInfo& info)
{
    auto* label = new QLabel(toQString(info.label), this);
    auto* field = new ParameterField(info, this);
    if (QWidget* editor = field->findChild<QWidget*>(toQString(info.id)))
        editor->setObjectName(QStringLiteral("live_") + toQString(info.id));
    label->setBuddy(field);
    label->setToolTip(helpOf(info));
    field->setToolTip(helpOf(info));
    const int row = m_layout->rowCount();
    m_layout->addWidget(label, row, 0);
    m_layout->addWidget(field, row, 1);
    connect(field, &ParameterField::changed, this, [this, field] {
        if (!m_isShowing)
            emit valueChanged(std::string(field->info().id), field->value());
    });
    m_controls.push_back(
        {std::string(info.id), [field](const ParameterValue& value) { field->setValue(value); }});
}

void LiveControls::showValues(const ParameterValues& values)
{
    m_isShowing = true;
    for (const Control& control : m_controls) {
        if (const ParameterValue* value = findValue(values, control.id))
            control.show(*value);
    }
    m_isShowing = false;
}

} // namespace embedscope::ui
