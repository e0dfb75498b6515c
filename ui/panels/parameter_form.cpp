#include "ui/panels/parameter_form.h"

#include "ui/convert.h"

#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLabel>
#include <QSpinBox>
#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope::ui {

namespace {

constexpr const char* kHelp = "embedscopeHelp";
constexpr const char* kAuto = "auto";
constexpr int kDecimals = 6;

/// Shows 0.5 as 0.5 and not as 0.500000.
class RealSpinBox : public QDoubleSpinBox
{
public:
    using QDoubleSpinBox::QDoubleSpinBox;

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

double asReal(const ParameterValue& value)
{
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    const auto* integer = std::get_if<std::int64_t>(&value);
    return integer ? static_cast<double>(*integer) : 0;
}

bool isAuto(const ParameterValue& value)
{
    const auto* text = std::get_if<std::string>(&value);
    return text && *text == kAuto;
}

/// Two methods may say the same number as integer and as real.
bool isSame(const ParameterValue& a, const ParameterValue& b)
{
    if (a.index() != b.index() && !isAuto(a) && !isAuto(b)
        && !std::holds_alternative<std::string>(a) && !std::holds_alternative<bool>(a))
        return asReal(a) == asReal(b);
    return a == b;
}

} // namespace

ParameterForm::ParameterForm(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QFormLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_layout->setRowWrapPolicy(QFormLayout::WrapLongRows);
}

void ParameterForm::setParameters(std::vector<ParameterInfo> rows)
{
    while (m_layout->rowCount() > m_ownRows)
        m_layout->removeRow(0);
    m_rows = std::move(rows);
    m_fields.clear();
    m_fields.reserve(m_rows.size());
    int at = 0;
    for (const ParameterInfo& info : m_rows) {
        QWidget* field = makeField(info);
        auto* label = new QLabel(toQString(info.label), this);
        label->setBuddy(field->focusProxy() ? field->focusProxy() : field);
        m_layout->insertRow(at++, label, field);
        const QString help = toQString(info.help);
        explain(label, help);
        explain(field, help);
        for (QWidget* child : field->findChildren<QWidget*>())
            explain(child, help);
    }
}

ParameterValues ParameterForm::values() const
{
    ParameterValues values;
    for (const Field& field : m_fields) {
        ParameterValue value = field.value();
        if (!isSame(value, field.info->defaultValue))
            values.emplace_back(std::string(field.info->id), std::move(value));
    }
    return values;
}

void ParameterForm::setValues(const ParameterValues& values)
{
    for (const Field& field : m_fields) {
        if (const ParameterValue* value = findValue(values, field.info->id))
            field.setValue(*value);
    }
}

void ParameterForm::reset()
{
    for (const Field& field : m_fields)
        field.setValue(field.info->defaultValue);
}

void ParameterForm::addField(const QString& label, QWidget* field, const QString& help)
{
    auto* text = new QLabel(label, this);
    QWidget* editor = field->focusProxy() ? field->focusProxy() : field;
    text->setBuddy(editor);
    editor->setAccessibleName(label);
    m_layout->addRow(text, field);
    ++m_ownRows;
    explain(text, help);
    explain(field, help);
    for (QWidget* child : field->findChildren<QWidget*>())
        explain(child, help);
}

QWidget* ParameterForm::makeField(const ParameterInfo& info)
{
    Field& field = m_fields.emplace_back();
    field.info = &info;
    QWidget* editor = nullptr;
    switch (info.kind) {
    case ParameterKind::Boolean:
        editor = makeBoolean(field);
        break;
    case ParameterKind::Integer:
        editor = makeInteger(field);
        break;
    case ParameterKind::Real:
        editor = makeReal(field);
        break;
    case ParameterKind::Choice:
        editor = makeChoice(field);
        break;
    case ParameterKind::Text:
    case ParameterKind::Column:
        editor = makeText(field);
        break;
    }
    editor->setObjectName(toQString(info.id));
    editor->setAccessibleName(toQString(info.label));
    QWidget* whole = info.allowsAuto ? withAuto(field, editor) : editor;
    field.setValue(info.defaultValue);
    return whole;
}

QWidget* ParameterForm::makeBoolean(Field& field)
{
    auto* box = new QCheckBox(this);
    field.value = [box] { return ParameterValue(box->isChecked()); };
    field.setValue = [box](const ParameterValue& value) {
        const auto* isOn = std::get_if<bool>(&value);
        box->setChecked(isOn && *isOn);
    };
    return box;
}

QWidget* ParameterForm::makeInteger(Field& field)
{
    auto* spin = new QSpinBox(this);
    const auto bounded = [](double value) {
        return static_cast<int>(
            std::clamp(value, -2147483647.0, static_cast<double>(std::numeric_limits<int>::max())));
    };
    spin->setRange(bounded(field.info->minimum), bounded(field.info->maximum));
    spin->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    field.value = [spin] { return ParameterValue(static_cast<std::int64_t>(spin->value())); };
    field.setValue
        = [spin, bounded](const ParameterValue& value) { spin->setValue(bounded(asReal(value))); };
    return spin;
}

QWidget* ParameterForm::makeReal(Field& field)
{
    auto* spin = new RealSpinBox(this);
    spin->setDecimals(kDecimals);
    spin->setRange(field.info->minimum, field.info->maximum);
    spin->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    // A spin box as wide as its largest number would push the panel apart.
    spin->setMinimumWidth(spin->fontMetrics().horizontalAdvance(QStringLiteral("000000")) + 40);
    spin->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    field.value = [spin] { return ParameterValue(spin->value()); };
    if (field.info->allowsAuto && field.info->minimum > 0) // A number to start from.
        spin->setValue(std::sqrt(field.info->minimum * field.info->maximum));
    field.setValue = [spin](const ParameterValue& value) { spin->setValue(asReal(value)); };
    return spin;
}

QWidget* ParameterForm::makeChoice(Field& field)
{
    auto* combo = new QComboBox(this);
    for (const Choice& choice : field.info->choices)
        combo->addItem(toQString(choice.label), toQString(choice.id));
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(8);
    field.value = [combo] { return ParameterValue(toStdString(combo->currentData().toString())); };
    field.setValue = [combo](const ParameterValue& value) {
        const auto* id = std::get_if<std::string>(&value);
        combo->setCurrentIndex(id ? combo->findData(toQString(*id)) : -1);
    };
    return combo;
}

QWidget* ParameterForm::makeText(Field& field)
{
    auto* edit = new QLineEdit;
    field.value = [edit] { return ParameterValue(toStdString(edit->text())); };
    field.setValue
        = [edit](const ParameterValue& value) { edit->setText(toQString(toText(value))); };
    return edit;
}

QWidget* ParameterForm::withAuto(Field& field, QWidget* editor)
{
    auto* whole = new QWidget(this);
    auto* box = new QCheckBox(tr("auto"), whole);
    box->setObjectName(toQString(field.info->id) + QStringLiteral("_auto"));
    box->setAccessibleName(tr("Choose %1 automatically").arg(toQString(field.info->label)));
    auto* layout = new QHBoxLayout(whole);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(editor, 1);
    layout->addWidget(box);
    whole->setFocusProxy(box);
    layout->addStretch(0);
    // What will be chosen is known when the run starts, so there is no number to show before.
    connect(box, &QCheckBox::toggled, editor, &QWidget::setHidden);
    field.value = [box, value = field.value] {
        return box->isChecked() ? ParameterValue(std::string(kAuto)) : value();
    };
    field.setValue = [box, setValue = field.setValue](const ParameterValue& value) {
        box->setChecked(isAuto(value));
        if (!isAuto(value))
            setValue(value);
    };
    return whole;
}

void ParameterForm::explain(QWidget* widget, const QString& help)
{
    widget->setToolTip(QStringLiteral("<p>%1</p>").arg(help.toHtmlEscaped()));
    widget->setWhatsThis(help);
    widget->setProperty(kHelp, help);
    widget->installEventFilter(this);
    // The wheel scrolls the form; it changes a value only where the keys do.
    if (qobject_cast<QAbstractSpinBox*>(widget) || qobject_cast<QComboBox*>(widget))
        widget->setFocusPolicy(Qt::StrongFocus);
}

bool ParameterForm::eventFilter(QObject* watched, QEvent* event)
{
    const auto* widget = qobject_cast<QWidget*>(watched);
    switch (event->type()) {
    case QEvent::FocusIn:
    case QEvent::Enter:
        emit explained(watched->property(kHelp).toString());
        break;
    case QEvent::Wheel:
        if (widget && !widget->hasFocus()) {
            event->ignore();
            return true;
        }
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace embedscope::ui
