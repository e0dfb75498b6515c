#pragma once

#include "core/projection/parameters.h"

#include <QWidget>
#include <functional>
#include <vector>

class QFormLayout;

namespace embedscope::ui {

/// A form made from a method's parameter table: a field of the right kind for each row, with its
/// explanation as tooltip, as What's This, and through explained() when the field gets the focus or
/// the mouse.
class ParameterForm : public QWidget
{
    Q_OBJECT

public:
    explicit ParameterForm(QWidget* parent = nullptr);

    /// Makes the fields anew, with the defaults. The texts of the rows must outlive the form.
    void setParameters(std::vector<ParameterInfo> rows);
    /// Those that differ from their defaults.
    ParameterValues values() const;
    void setValues(const ParameterValues& values);
    void reset();

    /// Adds a row of the caller's own after the fields, explained in the same way.
    void addField(const QString& label, QWidget* field, const QString& help);

signals:
    void explained(const QString& help);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Field
    {
        const ParameterInfo* info;
        std::function<ParameterValue()> value;
        std::function<void(const ParameterValue&)> setValue;
    };

    QWidget* makeField(const ParameterInfo& info);
    QWidget* makeBoolean(Field& field);
    QWidget* makeInteger(Field& field);
    QWidget* makeReal(Field& field);
    QWidget* makeChoice(Field& field);
    QWidget* makeText(Field& field);
    QWidget* withAuto(Field& field, QWidget* editor);
    void explain(QWidget* widget, const QString& help);

    QFormLayout* m_layout;
    std::vector<ParameterInfo> m_rows;
    std::vector<Field> m_fields; ///< Point into m_rows.
    int m_ownRows = 0; ///< Rows at the end that addField() made.
};

} // namespace embedscope::ui
