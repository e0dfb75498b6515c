#include "ui/panels/parameter_field.h"

#include "ui/convert.h"
#include "ui/panels/column_combo.h"
#include "ui/panels/real_spin_box.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope::ui {

namespace {

constexpr const char* kAuto = "auto";

double asReal(const ParameterValue& value)
{
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    const auto* integer = std::get_if<std::int64_t>(&value);
    return integer ? static_cast<double>(*integer) : 0;
}

std::string asText(const ParameterValue& value)
{
    const auto* text = std::get_if<std::string>(&value);
    return text ? *text : std::string();
}

bool isNumber(const ParameterValue& value)
{
    return std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value);
}

} // namespace

ParameterField::ParameterField(const ParameterInfo& info, QWidget* parent)
    : QWidget(parent)
    , m_info(info)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    QWidget* editor = makeEditor();
    editor->setObjectName(toQString(info.id));
    editor->setAccessibleName(toQString(info.label));
    layout->addWidget(editor, 1);
    setFocusProxy(editor);
    if (info.allowsAuto)
        addAuto(editor, layout);
    reset();
}

bool ParameterField::isDefault() const
{
    const ParameterValue now = m_value();
    // Two tables may say the same number as integer and as real.
    if (isNumber(now) && isNumber(m_info.defaultValue))
        return asReal(now) == asReal(m_info.defaultValue);
    return now == m_info.defaultValue;
}

void ParameterField::setDataset(const Dataset* dataset)
{
    if (!m_columns)
        return;
    const ParameterValue before = m_value();
    m_columns->setColumns(dataset, tr("None"),
        [](const Column& column) { return column.kind() != ColumnKind::Image; });
    m_setValue(before);
    if (m_value() != before)
        emit changed();
}

void ParameterField::addChoice(const QString& label, const std::string& id)
{
    if (auto* combo = qobject_cast<QComboBox*>(focusProxy()))
        combo->addItem(label, toQString(id));
}

QWidget* ParameterField::makeEditor()
{
    switch (m_info.kind) {
    case ParameterKind::Boolean:
        return makeBoolean();
    case ParameterKind::Integer:
        return makeInteger();
    case ParameterKind::Real:
        return makeReal();
    case ParameterKind::Choice:
        return makeChoice();
    case ParameterKind::Text:
        break;
    case ParameterKind::Column:
        return makeColumn();
    }
    return makeText();
}

QWidget* ParameterField::makeBoolean()
{
    auto* box = new QCheckBox(this);
    m_value = [box] { return ParameterValue(box->isChecked()); };
    m_setValue = [box](const ParameterValue& value) {
        const auto* isOn = std::get_if<bool>(&value);
        box->setChecked(isOn && *isOn);
    };
    connect(box, &QCheckBox::toggled, this, &ParameterField::changed);
    return box;
}

QWidget* ParameterField::makeInteger()
{
    auto* spin = new QSpinBox(this);
    const auto bounded = [](double value) {
        return static_cast<int>(
            std::clamp(value, -2147483647.0, static_cast<double>(std::numeric_limits<int>::max())));
    };
    spin->setRange(bounded(m_info.minimum), bounded(m_info.maximum));
    spin->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    spin->setMinimumWidth(spin->fontMetrics().horizontalAdvance(QStringLiteral("000000")) + 40);
    spin->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_value = [spin] { return ParameterValue(static_cast<std::int64_t>(spin->value())); };
    m_setValue
        = [spin, bounded](const ParameterValue& value) { spin->setValue(bounded(asReal(value))); };
    connect(spin, &QSpinBox::valueChanged, this, &ParameterField::changed);
    return spin;
}

QWidget* ParameterField::makeReal()
{
    auto* spin = new RealSpinBox(this);
    spin->setRange(m_info.minimum, m_info.maximum);
    if (m_info.allowsAuto && m_info.minimum > 0) // A number to start from.
        spin->setValue(std::sqrt(m_info.minimum * m_info.maximum));
    m_value = [spin] { return ParameterValue(spin->value()); };
    m_setValue = [spin](const ParameterValue& value) { spin->setValue(asReal(value)); };
    connect(spin, &QDoubleSpinBox::valueChanged, this, &ParameterField::changed);
    return spin;
}

QWidget* ParameterField::makeChoice()
{
    auto* combo = new QComboBox(this);
    for (const Choice& choice : m_info.choices)
        combo->addItem(toQString(choice.label), toQString(choice.id));
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(8);
    m_value = [combo] { return ParameterValue(toStdString(combo->currentData().toString())); };
    m_setValue = [combo](const ParameterValue& value) {
        combo->setCurrentIndex(combo->findData(toQString(asText(value))));
    };
    connect(combo, &QComboBox::currentIndexChanged, this, &ParameterField::changed);
    return combo;
}

QWidget* ParameterField::makeText()
{
    auto* edit = new QLineEdit(this);
    m_value = [edit] { return ParameterValue(toStdString(edit->text())); };
    m_setValue = [edit](const ParameterValue& value) { edit->setText(toQString(toText(value))); };
    connect(edit, &QLineEdit::textChanged, this, &ParameterField::changed);
    return edit;
}

QWidget* ParameterField::makeColumn()
{
    m_columns = new ColumnCombo(this);
    m_columns->setColumns(nullptr, tr("None"));
    m_value = [combo = m_columns] {
        return ParameterValue(combo->column() ? toStdString(combo->currentText()) : std::string());
    };
    m_setValue = [combo = m_columns](const ParameterValue& value) {
        // The first entry stands for none, whatever a column is called.
        const QString name = toQString(asText(value));
        int row = 0;
        for (int i = 1; i < combo->count() && !name.isEmpty(); ++i) {
            if (combo->itemText(i) == name)
                row = i;
        }
        combo->setCurrentIndex(row);
    };
    connect(m_columns, &QComboBox::currentIndexChanged, this, &ParameterField::changed);
    return m_columns;
}

void ParameterField::addAuto(QWidget* editor, QHBoxLayout* layout)
{
    auto* box = new QCheckBox(tr("auto"), this);
    box->setObjectName(toQString(m_info.id) + QStringLiteral("_auto"));
    box->setAccessibleName(tr("Choose %1 automatically").arg(toQString(m_info.label)));
    layout->addWidget(box);
    layout->addStretch(0);
    setFocusProxy(box);
    // What will be chosen is known when the run starts, so there is no number to show before.
    connect(box, &QCheckBox::toggled, editor, &QWidget::setHidden);
    connect(box, &QCheckBox::toggled, this, &ParameterField::changed);
    m_value = [box, value = m_value] {
        return box->isChecked() ? ParameterValue(std::string(kAuto)) : value();
    };
    m_setValue = [box, setValue = m_setValue](const ParameterValue& value) {
        const bool isAuto = asText(value) == kAuto;
        box->setChecked(isAuto);
        if (!isAuto)
            setValue(value);
    };
}

} // namespace embedscope::ui
