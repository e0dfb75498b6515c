#include "ui/panels/maps_panel.h"

#include "ui/convert.h"
#include "ui/icons.h"
#include "ui/models/layout_list_model.h"
#include "ui/panels/command_text.h"
#include "ui/panels/hint_label.h"
#include "ui/panels/map_delegate.h"
#include "ui/shortcuts.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QListView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <string_view>

namespace embedscope::ui {

namespace {

QString megabytes(std::size_t bytes)
{
    const double mega = static_cast<double>(bytes) / (1 << 20);
    return QLocale().toString(mega, 'f', mega < 10 ? 1 : 0);
}

bool isListed(std::string_view id)
{
    const auto rows = shortcuts();
    return std::any_of(
        rows.begin(), rows.end(), [id](const Shortcut& row) { return row.id == id; });
}

} // namespace

MapsPanel::MapsPanel(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_model(new LayoutListModel(workspace, this))
    , m_view(new QListView)
    , m_memory(new HintLabel)
    , m_previous(addOrder("maps.previous", QStringLiteral("back"), tr("Previous map"),
          tr("Show the map before in the list (Ctrl+PgUp)")))
    , m_next(addOrder("maps.next", QStringLiteral("forward"), tr("Next map"),
          tr("Show the next map of the list (Ctrl+PgDown)")))
    , m_useSettings(addOrder("maps.useSettings", QStringLiteral("settings"),
          tr("Use these settings"), tr("Fill the form with the settings that made this map")))
    , m_copyCommand(addOrder("maps.copyCommand", QStringLiteral("copy"), tr("Copy as command"),
          tr("Copy a command for the terminal that makes this map again")))
    , m_save(addOrder("maps.save", QStringLiteral("export"), tr("Save coordinates…"),
          tr("Write the place of every row to a file")))
    , m_rename(addOrder("maps.rename", QStringLiteral("rename"), tr("Rename"),
          tr("Give the map another name (F2)")))
    , m_pin(addOrder("maps.pin", QStringLiteral("pin"), tr("Keep"),
          tr("Keep this map even where memory gets short")))
    , m_remove(addOrder("maps.remove", QStringLiteral("remove"), tr("Remove"),
          tr("Take the map off the list (Del)")))
{
    m_view->setObjectName(QStringLiteral("mapsList"));
    m_view->setAccessibleName(tr("Maps of this table"));
    m_view->setWhatsThis(tr("Every run that ended, and coordinates that were given. Choose one to "
                            "see it: the points move to their places in it."));
    m_view->setModel(m_model);
    m_view->setItemDelegate(new MapDelegate(m_view));
    m_view->setUniformItemSizes(true);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_memory->setObjectName(QStringLiteral("mapsMemory"));
    m_pin->setCheckable(true);
    for (QAction* action : {m_previous, m_next})
        addAction(action);
    for (QAction* action : {m_useSettings, m_copyCommand, m_save, m_rename, m_pin, m_remove}) {
        action->setShortcutContext(Qt::WidgetShortcut);
        m_view->addAction(action);
    }

    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_memory);
    layout->addWidget(makeButtons());
    setFocusProxy(m_view);
    makeConnections();
    followShown();
}

QAction* MapsPanel::addOrder(
    const char* id, const QString& iconName, const QString& text, const QString& toolTip)
{
    auto* action = new QAction(icon(iconName), text, this);
    action->setObjectName(QLatin1String(id));
    action->setToolTip(toolTip);
    if (isListed(id))
        applyShortcut(action, id);
    return action;
}

QWidget* MapsPanel::makeButtons()
{
    auto* whole = new QWidget;
    auto* row = new QHBoxLayout(whole);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    for (QAction* action :
        {m_previous, m_next, m_useSettings, m_copyCommand, m_save, m_rename, m_pin, m_remove}) {
        auto* button = new QToolButton;
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setAccessibleName(action->text());
        if (action == m_useSettings || action == m_rename)
            row->addStretch(1);
        row->addWidget(button);
    }
    return whole;
}

void MapsPanel::makeConnections()
{
    Workspace* workspace = &m_workspace;
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& now) {
            if (now.isValid())
                m_workspace.showLayout(m_model->idAt(now));
            updateActions();
        });
    connect(m_previous, &QAction::triggered, this, [this] { m_workspace.showLayoutBeside(-1); });
    connect(m_next, &QAction::triggered, this, [this] { m_workspace.showLayoutBeside(1); });
    connect(m_useSettings, &QAction::triggered, this,
        [this] { m_workspace.useSettingsOf(currentId()); });
    connect(m_copyCommand, &QAction::triggered, this, &MapsPanel::copyCommand);
    connect(m_save, &QAction::triggered, this, &MapsPanel::save);
    connect(m_rename, &QAction::triggered, this, [this] {
        m_view->setFocus();
        m_view->edit(m_view->currentIndex());
    });
    connect(m_pin, &QAction::triggered, this,
        [this](bool isOn) { m_workspace.layouts()->setPinned(currentId(), isOn); });
    connect(m_remove, &QAction::triggered, this, [this] { m_workspace.removeLayout(currentId()); });
    connect(workspace->layouts(), &LayoutList::changed, this, &MapsPanel::followShown);
    connect(workspace->layouts(), &LayoutList::shownChanged, this, &MapsPanel::followShown);
    connect(workspace->layouts(), &LayoutList::entryChanged, this, &MapsPanel::updateActions);
    connect(workspace, &Workspace::datasetChanged, this, &MapsPanel::followShown);
}

int MapsPanel::currentId() const
{
    return m_model->idAt(m_view->currentIndex());
}

void MapsPanel::followShown()
{
    const QModelIndex shown = m_model->indexOf(m_workspace.shownLayoutId());
    if (shown.isValid() && m_view->currentIndex() != shown)
        m_view->setCurrentIndex(shown);
    updateActions();
}

void MapsPanel::updateActions()
{
    const LayoutList& list = *m_workspace.layouts();
    const KeptLayout* map = list.find(currentId());
    const int shown = list.shownId();
    m_previous->setEnabled(shown != 0 && list.idBeside(shown, -1) != shown);
    m_next->setEnabled(shown != 0 && list.idBeside(shown, 1) != shown);
    m_useSettings->setEnabled(map && map->request);
    m_copyCommand->setEnabled(map
        && !projectCommand(m_workspace.path(), m_workspace.options(), map->layout->recipe,
            m_workspace.addedPaths())
                .isEmpty());
    m_save->setEnabled(map);
    m_rename->setEnabled(map);
    m_pin->setEnabled(map);
    m_pin->setChecked(map && map->isPinned);
    m_remove->setEnabled(map && m_workspace.canRemoveLayout(map->id));
    showMemory();
}

void MapsPanel::showMemory()
{
    const LayoutList& list = *m_workspace.layouts();
    const auto count = static_cast<qint64>(list.entries().size());
    if (count == 0)
        m_memory->say(tr("Maps appear here as they are made."));
    else if (count == 1)
        m_memory->say(
            tr("1 map, %1 of %2 MB").arg(megabytes(list.bytes()), megabytes(list.budget())));
    else
        m_memory->say(
            tr("%1 maps, %2 of %3 MB")
                .arg(numberText(count), megabytes(list.bytes()), megabytes(list.budget())));
}

void MapsPanel::copyCommand()
{
    const KeptLayout* map = m_workspace.layouts()->find(currentId());
    if (!map)
        return;
    QGuiApplication::clipboard()->setText(projectCommand(
        m_workspace.path(), m_workspace.options(), map->layout->recipe, m_workspace.addedPaths()));
    const QString caveat = commandCaveat(*map);
    emit m_workspace.notified(caveat.isEmpty() ? tr("Copied the command.") : caveat);
}

void MapsPanel::save()
{
    auto* dialog = new QFileDialog(this, tr("Save coordinates"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Comma-separated values (*.csv)"),
        tr("Tab-separated values (*.tsv)"), tr("NumPy array (*.npy)")});
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(QFileInfo(m_workspace.path()).completeBaseName() + tr("-layout.csv"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.mid(filter.indexOf(QLatin1String("*.")) + 2, 3));
    });
    connect(dialog, &QFileDialog::fileSelected, this,
        [this, id = currentId()](const QString& path) { m_workspace.saveLayout(id, path); });
    dialog->open();
}

} // namespace embedscope::ui
