#include "ui/main_window.h"

#include "core/io/writers/write.h"
#include "ui/convert.h"
#include "ui/dialogs/columns_dialog.h"
#include "ui/dialogs/export_map_dialog.h"
#include "ui/jobs/job_runner.h"
#include "ui/plot/plot_view.h"
#include "ui/shell/info_bar.h"
#include "ui/shell/status_line.h"
#include "ui/shell/welcome_page.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QMimeData>
#include <QSettings>
#include <algorithm>
#include <ostream>

namespace embedscope::ui {

namespace {

const QString kFolder = QStringLiteral("window/folder");

QString patterns(std::span<const std::string_view> extensions)
{
    QStringList texts;
    for (const auto extension : extensions)
        texts.append(QStringLiteral("*.") + toQString(extension));
    return texts.join(QLatin1Char(' '));
}

/// A row a format, after one for them all.
QStringList tableFilters()
{
    QStringList all;
    QStringList filters;
    for (const Format& format : formats()) {
        if (format.extensions.empty())
            continue;
        all.append(patterns(format.extensions));
        filters.append(
            QStringLiteral("%1 (%2)").arg(toQString(format.name), patterns(format.extensions)));
    }
    QStringList each = all.join(QLatin1Char(' ')).split(QLatin1Char(' '));
    each.removeDuplicates();
    filters.prepend(MainWindow::tr("Embeddings (%1)").arg(each.join(QLatin1Char(' '))));
    filters.append(MainWindow::tr("All files (*)"));
    return filters;
}

/// A file dialog that starts where the last one ended and does not stop the window.
QFileDialog* fileDialog(QWidget* parent, const QString& title, const QStringList& filters)
{
    auto* dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setNameFilters(filters);
    dialog->setDirectory(QSettings().value(kFolder, QDir::homePath()).toString());
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog,
        [](const QString& path) { QSettings().setValue(kFolder, QFileInfo(path).absolutePath()); });
    return dialog;
}

QFileDialog* saveDialog(QWidget* parent, const QString& title, const QStringList& filters,
    const QString& name, const QString& suffix)
{
    QFileDialog* dialog = fileDialog(parent, title, filters);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(name);
    return dialog;
}

std::string systemPath(const QString& path)
{
    return QFile::encodeName(path).toStdString();
}

/// The selected rows of a list as lines, cells parted by tabs.
QString selectedText(const QAbstractItemView& view)
{
    if (view.selectionModel() == nullptr)
        return {};
    QModelIndexList indexes = view.selectionModel()->selectedIndexes();
    std::sort(indexes.begin(), indexes.end());
    QString text;
    int row = -1;
    for (const QModelIndex& index : std::as_const(indexes)) {
        if (index.row() != row)
            text += text.isEmpty() ? QString() : QStringLiteral("\n");
        else
            text += QLatin1Char('\t');
        row = index.row();
        text += index.data().toString();
    }
    return text;
}

} // namespace

void MainWindow::chooseTable()
{
    QFileDialog* dialog = fileDialog(this, tr("Open Embeddings"), tableFilters());
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this,
        [this](const QStringList& paths) { openFiles(paths); });
    dialog->open();
}

void MainWindow::chooseMetadata()
{
    QFileDialog* dialog = fileDialog(this, tr("Add Metadata"),
        {tr("Tables of text (*.tsv *.csv *.txt *.tab *.jsonl *.ndjson)"), tr("All files (*)")});
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this,
        [this](const QString& path) { m_workspace->addMetadata(path); });
    dialog->open();
}

void MainWindow::chooseLayout()
{
    QFileDialog* dialog = fileDialog(
        this, tr("Open Layout"), {tr("Layouts (*.npy *.csv *.tsv)"), tr("All files (*)")});
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this,
        [this](const QString& path) { m_workspace->openLayout(path); });
    dialog->open();
}

void MainWindow::chooseColumns()
{
    if (!m_workspace->dataset())
        return;
    auto* dialog = new ColumnsDialog(*m_workspace->dataset(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
        [this, dialog] { m_workspace->showColumnsAsMap(dialog->columns()); });
    dialog->open();
}

void MainWindow::chooseMapExport()
{
    if (!m_workspace->layout())
        return;
    auto* choice = new ExportMapDialog(*m_workspace, m_map->picture().view, this);
    choice->setAttribute(Qt::WA_DeleteOnClose);
    connect(choice, &QDialog::accepted, this, [this, choice] {
        const QString base = QFileInfo(m_workspace->path()).completeBaseName();
        QFileDialog* dialog = saveDialog(this, tr("Export Map as PNG"), {tr("PNG picture (*.png)")},
            base + tr("-map.png"), QStringLiteral("png"));
        connect(dialog, &QFileDialog::fileSelected, this,
            [this, map = choice->map()](const QString& path) { exportMap(path, map); });
        dialog->open();
    });
    choice->open();
}

void MainWindow::chooseLayoutExport()
{
    const QString base = QFileInfo(m_workspace->path()).completeBaseName();
    QFileDialog* dialog = saveDialog(this, tr("Export Layout"),
        {tr("Comma-separated values (*.csv)"), tr("Tab-separated values (*.tsv)"),
            tr("NumPy array (*.npy)")},
        base + tr("-layout.csv"), QStringLiteral("csv"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        const qsizetype at = filter.indexOf(QLatin1String("*."));
        dialog->setDefaultSuffix(filter.mid(at + 2, 3));
    });
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::exportLayout);
    dialog->open();
}

void MainWindow::chooseSelectionExport()
{
    const QString base = QFileInfo(m_workspace->path()).completeBaseName();
    QFileDialog* dialog = saveDialog(this, tr("Export Selection"),
        {tr("Comma-separated values (*.csv)")}, base + tr("-selection.csv"), QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::exportSelection);
    dialog->open();
}

void MainWindow::exportMap(const QString& path, const MapExport& map)
{
    write(path, [map, file = systemPath(path)](const Progress&) -> Status {
        EMBEDSCOPE_TRY_ASSIGN(const QByteArray bytes, paintPng(map));
        return writeAtomically(file, [&bytes](std::ostream& out) -> Status {
            out.write(bytes.constData(), bytes.size());
            return {};
        });
    });
}

void MainWindow::exportLayout(const QString& path)
{
    if (!m_workspace->dataset() || !m_workspace->layout())
        return;
    write(path,
        [dataset = m_workspace->dataset(), layout = m_workspace->layout(), file = systemPath(path)](
            const Progress& progress) { return writeLayout(file, *dataset, *layout, progress); });
}

void MainWindow::exportSelection(const QString& path)
{
    if (!m_workspace->dataset())
        return;
    write(path,
        [dataset = m_workspace->dataset(), layout = m_workspace->layout(),
            rows = m_workspace->selection()->selected().ids(),
            file = systemPath(path)](const Progress& progress) {
            return writeRows(file, *dataset, layout.get(), rows, progress);
        });
}

void MainWindow::write(const QString& path, std::function<Status(const Progress&)> work)
{
    // A runner of its own: two exports one after the other must both come about.
    auto* runner = new JobRunner(this);
    runner->run<void>(
        [work = std::move(work)](const JobContext& context) { return work(context.progress()); },
        [this, runner, path](const Status& status) {
            runner->deleteLater();
            if (status)
                emit m_workspace->notified(tr("Saved %1").arg(QDir::toNativeSeparators(path)));
            else if (status.error().code != ErrorCode::Stopped)
                m_infoBar->showMessage(InfoBar::Kind::Error, toQString(describe(status.error())));
        });
}

void MainWindow::copy()
{
    // What has the focus may know better what is to be copied.
    for (QWidget* widget = QApplication::focusWidget(); widget != nullptr && widget != this;
         widget = widget->parentWidget()) {
        if (widget->metaObject()->indexOfMethod("copy()") >= 0) {
            QMetaObject::invokeMethod(widget, "copy");
            return;
        }
        if (const auto* view = qobject_cast<QAbstractItemView*>(widget)) {
            const QString text = selectedText(*view);
            if (!text.isEmpty()) {
                QApplication::clipboard()->setText(text);
                return;
            }
        }
    }
    const auto& dataset = m_workspace->dataset();
    const PointSet& selected = m_workspace->selection()->selected();
    if (!dataset || selected.isEmpty())
        return;
    std::string text;
    selected.forEach([&](PointId id) {
        if (!text.empty())
            text += '\n';
        text += dataset->name(id);
    });
    QApplication::clipboard()->setText(toQString(text));
    emit m_workspace->notified(selected.count() == 1
            ? tr("Copied 1 label")
            : tr("Copied %1 labels").arg(numberText(selected.count())));
}

bool MainWindow::handleDrag(QObject* watched, QEvent* event)
{
    const QEvent::Type type = event->type();
    if (type != QEvent::DragEnter && type != QEvent::DragMove && type != QEvent::Drop
        && type != QEvent::DragLeave)
        return false;
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (widget == nullptr || widget->window() != this)
        return false;
    if (type == QEvent::DragLeave) {
        m_welcome->setDropTarget(false);
        return false;
    }
    auto* drop = static_cast<QDropEvent*>(event);
    QStringList paths;
    for (const QUrl& url : drop->mimeData()->urls()) {
        if (url.isLocalFile())
            paths.append(url.toLocalFile());
    }
    if (paths.isEmpty())
        return false;
    drop->setDropAction(Qt::CopyAction);
    drop->accept();
    m_welcome->setDropTarget(type != QEvent::Drop);
    if (type == QEvent::Drop)
        openFiles(paths);
    return true;
}

} // namespace embedscope::ui
