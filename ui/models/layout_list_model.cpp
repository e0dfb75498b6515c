#include "ui/models/layout_list_model.h"

#include "core/projection/recipe_text.h"
#include "ui/convert.h"
#include "ui/models/layout_thumbnail.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/workspace.h"

#include <QStringList>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr int kPixelRatio = 2;
constexpr int kColorsDelayMs = 300;

QString toolTipOf(const KeptLayout& map)
{
    QString text = toQString(summary(map.layout->recipe));
    if (const auto& divergence = map.layout->diagnostics.klDivergence)
        text = LayoutListModel::tr("%1; KL divergence %2").arg(text).arg(*divergence, 0, 'f', 4);
    return QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped());
}

} // namespace

QString detailOf(const KeptLayout& map)
{
    const Layout& layout = *map.layout;
    const Diagnostics& diagnostics = layout.diagnostics;
    QStringList parts;
    if (layout.dimensions() == 3)
        parts << LayoutListModel::tr("3D");
    if (diagnostics.iterations > 0 && diagnostics.isFinished)
        parts << LayoutListModel::tr("%1 iterations").arg(numberText(diagnostics.iterations));
    else if (diagnostics.iterations >= 0)
        parts << LayoutListModel::tr("stopped after %1").arg(numberText(diagnostics.iterations));
    if (map.seconds >= 0.05)
        parts << LayoutListModel::tr("%1 s").arg(
            QLocale().toString(map.seconds, 'f', map.seconds < 10 ? 1 : 0));
    if (!map.request)
        parts << LayoutListModel::tr("given");
    if (map.isChangedLive)
        parts << LayoutListModel::tr("steered");
    return parts.join(QStringLiteral(" · "));
}

LayoutListModel::LayoutListModel(Workspace& workspace, QObject* parent)
    : QAbstractListModel(parent)
    , m_workspace(workspace)
{
    m_colorsChanged.setInterval(kColorsDelayMs);
    m_colorsChanged.setSingleShot(true);
    const LayoutList* list = workspace.layouts();
    connect(list, &LayoutList::changed, this, &LayoutListModel::update);
    connect(list, &LayoutList::entryChanged, this, &LayoutListModel::updateEntry);
    connect(list, &LayoutList::shownChanged, this, [this] {
        if (rowCount() > 0)
            emit dataChanged(index(0), index(rowCount() - 1));
    });
    connect(workspace.color(), &ColorState::coloringChanged, &m_colorsChanged,
        qOverload<>(&QTimer::start));
    connect(&m_colorsChanged, &QTimer::timeout, this, [this] {
        for (const KeptLayout& map : m_workspace.layouts()->entries())
            m_stale.insert(map.id);
        makeThumbnails();
    });
    update();
}

int LayoutListModel::idAt(const QModelIndex& index) const
{
    return index.data(IdRole).toInt();
}

QModelIndex LayoutListModel::indexOf(int id) const
{
    const auto found = std::find(m_ids.begin(), m_ids.end(), id);
    return found == m_ids.end() ? QModelIndex() : index(static_cast<int>(found - m_ids.begin()));
}

int LayoutListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_ids.size());
}

QVariant LayoutListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const LayoutList& list = *m_workspace.layouts();
    const KeptLayout* kept = list.find(m_ids[static_cast<std::size_t>(index.row())]);
    if (!kept) // Gone, which is about to be told.
        return {};
    const KeptLayout& map = *kept;
    const bool isRunning = map.id == list.runningId();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return map.name;
    case Qt::ToolTipRole:
        return toolTipOf(map);
    case Qt::AccessibleDescriptionRole:
    case DetailRole:
        return isRunning ? tr("being computed") : detailOf(map);
    case IdRole:
        return map.id;
    case ThumbnailRole: {
        const auto made = m_thumbnails.find(map.id);
        return made == m_thumbnails.end() ? QVariant() : QVariant(made->second);
    }
    case IsShownRole:
        return map.id == list.shownId();
    case IsRunningRole:
        return isRunning;
    case IsPinnedRole:
        return map.isPinned;
    default:
        return {};
    }
}

bool LayoutListModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !index.isValid())
        return false;
    m_workspace.layouts()->rename(idAt(index), value.toString());
    return true;
}

Qt::ItemFlags LayoutListModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractListModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsEditable | Qt::ItemNeverHasChildren : flags;
}

void LayoutListModel::update()
{
    beginResetModel();
    const LayoutList& list = *m_workspace.layouts();
    std::erase_if(m_thumbnails, [&](const auto& made) { return !list.find(made.first); });
    std::erase_if(m_stale, [&](int id) { return !list.find(id); });
    m_ids.clear();
    for (const KeptLayout& map : list.entries()) {
        m_ids.push_back(map.id);
        if (!m_thumbnails.contains(map.id))
            m_stale.insert(map.id);
    }
    endResetModel();
    makeThumbnails();
}

void LayoutListModel::updateEntry(int id)
{
    const QModelIndex changed = indexOf(id);
    if (!changed.isValid())
        return;
    emit dataChanged(changed, changed);
    // While a run goes on its picture is one of the beginning.
    if (id != m_workspace.layouts()->runningId()) {
        m_stale.insert(id);
        makeThumbnails();
    }
}

/// One after another; what becomes stale meanwhile comes later.
void LayoutListModel::makeThumbnails()
{
    if (m_runner.isBusy() || m_stale.empty())
        return;
    const int id = *m_stale.begin();
    m_stale.erase(m_stale.begin());
    const KeptLayout* map = m_workspace.layouts()->find(id);
    if (!map) {
        makeThumbnails();
        return;
    }
    m_runner.run<QImage>(
        [layout = map->layout, coloring = m_workspace.color()->coloring(),
            theme = m_workspace.color()->theme()](const JobContext&) -> Result<QImage> {
            return layoutThumbnail(*layout, coloring.get(), theme, thumbnailSize() * kPixelRatio);
        },
        [this, id](Result<QImage> made) {
            const QModelIndex index = indexOf(id);
            if (made && index.isValid()) {
                m_thumbnails[id] = std::move(made).value();
                m_thumbnails[id].setDevicePixelRatio(kPixelRatio);
                emit dataChanged(index, index, {ThumbnailRole});
            }
            makeThumbnails();
        });
}

} // namespace embedscope::ui
