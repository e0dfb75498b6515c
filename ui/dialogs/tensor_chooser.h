#pragma once

#include "core/io/open.h"
#include "ui/jobs/job_runner.h"

#include <QDialog>
#include <QTimer>
#include <memory>

class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QStandardItemModel;
class QTableView;
class QTreeView;

namespace embedscope::ui {

class TensorListModel;

/// Which table of a file is to be opened, where it holds several: their list with how likely each
/// is meant and why, a filter, and the first rows of the one that is marked. The keyboard stays in
/// the filter; arrows walk the list, Return opens, Esc leaves.
class TensorChooser : public QDialog
{
    Q_OBJECT

public:
    /// path and options: of the file, as it would be opened. current: the table that is open
    /// already, to be marked first; empty: the best.
    TensorChooser(const QString& path, const ReadOptions& options,
        std::shared_ptr<const TableList> tables, const std::string& current,
        QWidget* parent = nullptr);

    /// Words it as a question on a file whose rows are to be added to the open map.
    void askForAdded();

    /// What the marked table is called in its file.
    std::string chosen() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    int currentRow() const;
    void follow();
    void readPreview();
    void showPreview(const Dataset& dataset);
    void say(const QString& sentence);

    QString m_path;
    qint64 m_count; ///< Of the tables.
    QLabel* m_about;
    ReadOptions m_options;
    TensorListModel* m_model;
    QSortFilterProxyModel* m_proxy;
    QLineEdit* m_filter;
    QTreeView* m_list;
    QLabel* m_caption;
    QStandardItemModel* m_rows;
    QTableView* m_preview;
    QPushButton* m_open;
    QTimer m_settle; ///< Walking through the list reads no preview on the way.
    JobRunner m_runner;
};

} // namespace embedscope::ui
