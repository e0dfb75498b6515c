#pragma once

#include "core/data/dataset.h"

#include <QDialog>
#include <vector>

class QComboBox;

namespace embedscope::ui {

/// Which number columns are the places of the points, to be shown without projecting.
class ColumnsDialog : public QDialog
{
    Q_OBJECT

public:
    ColumnsDialog(const Dataset& dataset, QWidget* parent = nullptr);

    /// Two or three indices into the dataset's columns.
    std::vector<std::size_t> columns() const;

private:
    QComboBox* m_x;
    QComboBox* m_y;
    QComboBox* m_z;
};

} // namespace embedscope::ui
