#pragma once

#include "core/data/dataset.h"
#include "core/projection/parameters.h"

#include <QStringList>
#include <QWidget>
#include <memory>
#include <vector>

class QFormLayout;
class QLabel;
class QToolButton;

namespace embedscope::ui {

class ParameterField;

/// A form made from a method's parameter table: a field of the right kind for each row. Rows
/// without a group are always seen; the others stand under a heading that folds them, and which
/// headings are open is remembered. What differs from its default is bold. Each field has its
/// explanation as tooltip, as What's This, and through explained() when it gets the focus or the
/// mouse.
class ParameterForm : public QWidget
{
    Q_OBJECT

public:
    explicit ParameterForm(QWidget* parent = nullptr);

    /// Makes the fields anew, with the defaults. The texts of the rows must outlive the form.
    void setParameters(const std::vector<ParameterInfo>& rows);
    /// Those that differ from their defaults.
    ParameterValues values() const;
    /// Those that are not named take their defaults.
    void setValues(const ParameterValues& values);
    void reset();
    bool isDefault() const;
    /// The field of that id; null where the table has none.
    ParameterField* field(std::string_view id) const;

    /// Whose columns can be chosen; null for none.
    void setDataset(std::shared_ptr<const Dataset> dataset);

    /// Adds a row of the caller's own, explained in the same way: before the rows without a group,
    /// or under a heading after all others. It stays when the parameters change.
    void addField(const QString& group, const QString& label, QWidget* field, const QString& help);

    /// Whether somebody shows explained(): then tooltips do not say it a second time.
    void setExplainedElsewhere(bool isExplained) { m_isExplainedElsewhere = isExplained; }

    void setGroupOpen(const QString& group, bool isOpen);
    /// Every explanation there is now.
    QStringList helpTexts() const;

signals:
    /// Of the field under the mouse, else of that with the focus; empty where there is neither.
    void explained(const QString& help);
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// A row of the caller's own, or of the table.
    struct Row
    {
        QString group;
        QLabel* label;
        QWidget* field;
        QString help;
        ParameterField* parameter = nullptr; ///< Null for the caller's own.
    };
    struct Group
    {
        QString name;
        QToolButton* heading;
        std::vector<QWidget*> fields;
    };

    Row makeRow(const QString& group, const QString& label, QWidget* field, const QString& help);
    void clearRows();
    void layOut();
    Group& groupOf(const QString& name);
    void showGroup(const Group& group);
    void showChanges();
    void explain(QWidget* widget, const QString& help);

    QFormLayout* m_layout;
    std::vector<Row> m_rows; ///< Of the table.
    std::vector<Row> m_ownRows;
    std::vector<Group> m_groups;
    std::shared_ptr<const Dataset> m_dataset;
    QString m_focusHelp;
    bool m_isExplainedElsewhere = false;
    bool m_isSetting = false;
};

} // namespace embedscope::ui
