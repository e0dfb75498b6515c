#pragma once

#include "core/plot/coloring.h"
#include "ui/jobs/job_runner.h"

#include <QAbstractListModel>
#include <QImage>
#include <QSize>
#include <QTimer>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace embedscope::ui {

class Workspace;
struct KeptLayout;

/// The maps of the table, oldest first: name, how each came about, and a small picture that is made
/// in the background. Renames by EditRole.
class LayoutListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role
    {
        IdRole = Qt::UserRole, ///< int
        DetailRole, ///< QString: "2D, 1,000 iterations, 12 s".
        ThumbnailRole, ///< QImage of thumbnailSize() times the pixel ratio; null until it is made.
        IsShownRole, ///< bool
        IsRunningRole, ///< bool
        IsPinnedRole, ///< bool
    };

    explicit LayoutListModel(Workspace& workspace, QObject* parent = nullptr);

    /// In device-independent pixels.
    static QSize thumbnailSize() { return {60, 44}; }

    int idAt(const QModelIndex& index) const;
    QModelIndex indexOf(int id) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    void update();
    void updateEntry(int id);
    void makeThumbnails();

    Workspace& m_workspace;
    std::vector<int> m_ids; ///< By row, as the views were told.
    std::map<int, QImage> m_thumbnails;
    std::set<int> m_stale; ///< Whose picture is to be made anew.
    QTimer m_colorsChanged;
    JobRunner m_runner; ///< Last, so that it ends first.
};

/// How a map came about, in a few words.
QString detailOf(const KeptLayout& map);

} // namespace embedscope::ui
