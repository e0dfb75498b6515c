#pragma once

#include "core/data/dataset.h"
#include "ui/workspace/column_list.h"

#include <QComboBox>
#include <QIcon>
#include <functional>
#include <optional>

namespace embedscope::ui {

/// Chooses a column of the dataset, or none of them, by name and an icon of its kind.
class ColumnCombo : public QComboBox
{
    Q_OBJECT

public:
    explicit ColumnCombo(QWidget* parent = nullptr);

    /// firstText  the entry that stands for no column ("All columns"); empty for none such.
    /// accepts    which columns are offered; all without it. The choice is lost.
    void setColumns(const Dataset* dataset, const QString& firstText,
        const std::function<bool(const Column&)>& accepts = {});
    /// The same with the columns of the map behind those of the table, set apart by a line.
    void setColumns(const ColumnList& columns, const QString& firstText,
        const std::function<bool(const Column&)>& accepts = {});
    std::optional<std::size_t> column() const;
    /// Without columnChosen().
    void setColumn(std::optional<std::size_t> column);

signals:
    /// The user chose; ask column().
    void columnChosen();

protected:
    void changeEvent(QEvent* event) override;

private:
    void start(const QString& firstText);
    void add(const Column& column, std::size_t index, bool isOfMap);
    void drawIcons();
};

/// A small picture of the kind, drawn in the text's colour.
QIcon columnIcon(ColumnKind kind, const QColor& color);
/// "text", "category", … in the user's language.
QString columnKindText(ColumnKind kind);

} // namespace embedscope::ui
