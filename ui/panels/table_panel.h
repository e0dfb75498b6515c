#pragma once

#include "ui/jobs/job_runner.h"

#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

class QCheckBox;
class QTimer;

namespace embedscope::ui {

class HintLabel;
class PointTableModel;
class TableView;
class Workspace;

/// All points with all columns: sorted by any, all or only the hits of the search or the selected
/// ones, in step with the selection both ways.
class TablePanel : public QWidget
{
    Q_OBJECT

public:
    explicit TablePanel(Workspace& workspace, QWidget* parent = nullptr);

private:
    void showDataset(bool isNew);
    void showMapColumns();
    void fitColumns(int first);
    void sortBy(int section);
    bool isSorted() const;
    void showSorting();
    void updateOrder();
    void showCount();
    void copy() const;

    Workspace& m_workspace;
    QCheckBox* m_onlyHits;
    QCheckBox* m_onlySelected;
    HintLabel* m_status;
    PointTableModel* m_model;
    TableView* m_view;
    QTimer* m_soon; ///< Many changes of search or selection make one new order.
    std::optional<int> m_sortSection; ///< nullopt = file order. May be away with its map.
    bool m_isDescending = false;
    JobRunner m_runner;
};

} // namespace embedscope::ui
