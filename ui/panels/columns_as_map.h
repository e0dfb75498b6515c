#pragma once

#include <QWidget>

class QPushButton;

namespace embedscope::ui {

class ColumnCombo;
class Workspace;

/// Shows two number columns of the table as the map, as they are. Hidden where there are not two.
class ColumnsAsMap : public QWidget
{
    Q_OBJECT

public:
    explicit ColumnsAsMap(Workspace& workspace, QWidget* parent = nullptr);

private:
    void showDataset();

    Workspace& m_workspace;
    QPushButton* m_use;
    QWidget* m_columns;
    ColumnCombo* m_x;
    ColumnCombo* m_y;
};

} // namespace embedscope::ui
