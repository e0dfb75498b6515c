#include "ui/panels/parameter_form.h"

#include "ui/convert.h"
#include "ui/panels/parameter_field.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QSettings>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr const char* kHelp = "embedscopeHelp";
const QString kOpenGroups = QStringLiteral("projection/openGroups");

} // namespace

ParameterForm::ParameterForm(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QFormLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_layout->setRowWrapPolicy(QFormLayout::WrapLongRows);
}

ParameterForm::Row ParameterForm::makeRow(
    const QString& group, const QString& label, QWidget* field, const QString& help)
{
    auto* text = new QLabel(label, this);
    QWidget* editor = field;
    while (editor->focusProxy())
        editor = editor->focusProxy();
    text->setBuddy(editor);
    explain(text, help);
    explain(field, help);
    for (QWidget* child : field->findChildren<QWidget*>())
        explain(child, help);
    return {group, text, field, help};
}

void ParameterForm::addField(
    const QString& group, const QString& label, QWidget* field, const QString& help)
{
    QWidget* editor = field->focusProxy() ? field->focusProxy() : field;
    editor->setAccessibleName(label);
    clearRows();
    m_ownRows.push_back(makeRow(group, label, field, help));
    layOut();
}

void ParameterForm::setParameters(const std::vector<ParameterInfo>& rows)
{
    clearRows();
    for (const Row& row : m_rows) {
        delete row.label;
        delete row.field;
    }
    m_rows.clear();
    for (const ParameterInfo& info : rows) {
        auto* field = new ParameterField(info, this);
        field->setDataset(m_dataset.get());
        Row row
            = makeRow(toQString(info.group), toQString(info.label), field, toQString(info.help));
        row.parameter = field;
        m_rows.push_back(row);
        connect(field, &ParameterField::changed, this, [this] {
            if (m_isSetting)
                return;
            showChanges();
            emit changed();
        });
    }
    layOut();
    emit changed();
}

/// Takes all rows out of the layout; their widgets stay, the headings go.
void ParameterForm::clearRows()
{
    while (m_layout->rowCount() > 0) {
        const QFormLayout::TakeRowResult row = m_layout->takeRow(0);
        delete row.labelItem;
        delete row.fieldItem;
    }
    for (const Group& group : m_groups)
        delete group.heading;
    m_groups.clear();
}

void ParameterForm::layOut()
{
    QWidget* before = nullptr; // In the order of tabbing.
    const auto add = [&](const Row& row) {
        m_layout->addRow(row.label, row.field);
        if (before)
            setTabOrder(before, row.field);
        before = row.field;
    };
    const auto addGrouped = [&](const std::vector<Row>& rows) {
        for (const Row& row : rows) {
            if (row.group.isEmpty())
                continue;
            Group& group = groupOf(row.group);
            if (group.fields.empty()) {
                m_layout->addRow(group.heading);
                if (before)
                    setTabOrder(before, group.heading);
                before = group.heading;
            }
            group.fields.push_back(row.field);
            add(row);
        }
    };
    for (const std::vector<Row>* rows : {&m_ownRows, &m_rows}) {
        for (const Row& row : *rows) {
            if (row.group.isEmpty())
                add(row);
        }
    }
    addGrouped(m_rows);
    addGrouped(m_ownRows);
    for (const Group& group : m_groups)
        showGroup(group);
    showChanges();
}

ParameterForm::Group& ParameterForm::groupOf(const QString& name)
{
    for (Group& group : m_groups) {
        if (group.name == name)
            return group;
    }
    auto* heading = new QToolButton(this);
    heading->setObjectName(QStringLiteral("group_") + name);
    heading->setCheckable(true);
    heading->setAutoRaise(true);
    heading->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    heading->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    heading->setFocusPolicy(Qt::StrongFocus);
    heading->setChecked(QSettings().value(kOpenGroups).toStringList().contains(name));
    connect(heading, &QToolButton::toggled, this,
        [this, name](bool isOpen) { setGroupOpen(name, isOpen); });
    return m_groups.emplace_back(Group{name, heading, {}});
}

void ParameterForm::setGroupOpen(const QString& name, bool isOpen)
{
    for (const Group& group : m_groups) {
        if (group.name != name)
            continue;
        const QSignalBlocker blocker(group.heading);
        group.heading->setChecked(isOpen);
        showGroup(group);
    }
    if (QCoreApplication::organizationName().isEmpty())
        return;
    QSettings settings;
    QStringList open = settings.value(kOpenGroups).toStringList();
    open.removeAll(name);
    if (isOpen)
        open.append(name);
    settings.setValue(kOpenGroups, open);
}

void ParameterForm::showGroup(const Group& group)
{
    const bool isOpen = group.heading->isChecked();
    group.heading->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
    group.heading->setToolTip(isOpen ? tr("Fold these settings away.") : tr("Show more settings."));
    for (QWidget* field : group.fields)
        m_layout->setRowVisible(field, isOpen);
}

/// Bold labels for what differs from its default; headings count what they hide.
void ParameterForm::showChanges()
{
    for (const Row& row : m_rows) {
        QFont font = row.label->font();
        font.setBold(!row.parameter->isDefault());
        row.label->setFont(font);
    }
    for (const Group& group : m_groups) {
        const auto count = std::count_if(m_rows.begin(), m_rows.end(),
            [&](const Row& row) { return row.group == group.name && !row.parameter->isDefault(); });
        group.heading->setText(
            count == 0 ? group.name : tr("%1 (%2 changed)").arg(group.name).arg(count));
    }
}

ParameterValues ParameterForm::values() const
{
    ParameterValues values;
    for (const Row& row : m_rows) {
        if (!row.parameter->isDefault())
            values.emplace_back(std::string(row.parameter->info().id), row.parameter->value());
    }
    return values;
}

void ParameterForm::setValues(const ParameterValues& values)
{
    m_isSetting = true;
    for (const Row& row : m_rows) {
        const ParameterValue* value = findValue(values, row.parameter->info().id);
        row.parameter->setValue(value ? *value : row.parameter->info().defaultValue);
    }
    m_isSetting = false;
    showChanges();
    emit changed();
}

void ParameterForm::reset()
{
    setValues({});
}

bool ParameterForm::isDefault() const
{
    return std::all_of(
        m_rows.begin(), m_rows.end(), [](const Row& row) { return row.parameter->isDefault(); });
}

ParameterField* ParameterForm::field(std::string_view id) const
{
    for (const Row& row : m_rows) {
        if (row.parameter->info().id == id)
            return row.parameter;
    }
    return nullptr;
}

void ParameterForm::setDataset(std::shared_ptr<const Dataset> dataset)
{
    m_dataset = std::move(dataset);
    for (const Row& row : m_rows)
        row.parameter->setDataset(m_dataset.get());
}

QStringList ParameterForm::helpTexts() const
{
    QStringList texts;
    for (const std::vector<Row>* rows : {&m_ownRows, &m_rows}) {
        for (const Row& row : *rows)
            texts.append(row.help);
    }
    return texts;
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
        m_focusHelp = watched->property(kHelp).toString();
        emit explained(m_focusHelp);
        break;
    case QEvent::FocusOut:
        m_focusHelp.clear();
        emit explained({});
        break;
    case QEvent::Enter:
        emit explained(watched->property(kHelp).toString());
        break;
    case QEvent::Leave:
        emit explained(m_focusHelp); // The mouse is on no field; the keys may be.
        break;
    case QEvent::ToolTip:
        if (m_isExplainedElsewhere)
            return true;
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
