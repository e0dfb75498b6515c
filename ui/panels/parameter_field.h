#pragma once

#include "core/data/dataset.h"
#include "core/projection/parameters.h"

#include <QWidget>
#include <functional>

class QHBoxLayout;

namespace embedscope::ui {

class ColumnCombo;

/// The editor of one row of a parameter table: of the right kind, within its range, with a box for
/// "auto" where the row allows it. The editor bears the row's id as its object name.
class ParameterField : public QWidget
{
    Q_OBJECT

public:
    /// The texts of the row must outlive the field.
    explicit ParameterField(const ParameterInfo& info, QWidget* parent = nullptr);

    const ParameterInfo& info() const { return m_info; }
    ParameterValue value() const { return m_value(); }
    void setValue(const ParameterValue& value) { m_setValue(value); }
    void reset() { m_setValue(m_info.defaultValue); }
    bool isDefault() const;

    /// For a Column: which there are. A choice that is still there stays.
    void setDataset(const Dataset* dataset);
    /// For a Choice: one more entry, after those of the row.
    void addChoice(const QString& label, const std::string& id);

signals:
    void changed();

private:
    QWidget* makeEditor();
    QWidget* makeBoolean();
    QWidget* makeInteger();
    QWidget* makeReal();
    QWidget* makeChoice();
    QWidget* makeText();
    QWidget* makeColumn();
    void addAuto(QWidget* editor, QHBoxLayout* layout);

    ParameterInfo m_info;
    std::function<ParameterValue()> m_value;
    std::function<void(const ParameterValue&)> m_setValue;
    ColumnCombo* m_columns = nullptr;
};

} // namespace embedscope::ui
