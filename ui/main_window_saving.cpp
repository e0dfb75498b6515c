#include "ui/main_window.h"

#include "core/io/writers/write.h"
#include "core/io/writers/writers.h"
#include "ui/convert.h"
#include "ui/dialogs/export_map_dialog.h"
#include "ui/dialogs/file_dialogs.h"
#include "ui/jobs/job_runner.h"
#include "ui/plot/plot_view.h"
#include "ui/shell/info_bar.h"
#include "ui/shell/status_line.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <ostream>

namespace embedscope::ui {

namespace {

using Said = Result<std::vector<std::string>>;

std::string systemPath(const QString& path)
{
    return QFile::encodeName(path).toStdString();
}

QString filterOf(const Writer& writer)
{
    return QStringLiteral("%1 (%2)").arg(toQString(writer.name), filePatterns(writer.extensions));
}

/// The id of the writer to use: that of the name's extension, else of the chosen filter.
QString writerFor(const QString& path, const QString& filter)
{
    if (const auto writer = findWriter({}, systemPath(path)))
        return toQString((*writer)->id);
    for (const Writer& writer : writers()) {
        if (filterOf(writer) == filter)
            return toQString(writer.id);
    }
    return {};
}

} // namespace

void MainWindow::chooseMapExport()
{
    if (!m_workspace->layout())
        return;
    auto* choice = new ExportMapDialog(*m_workspace, *m_map, this);
    choice->setAttribute(Qt::WA_DeleteOnClose);
    connect(choice, &QDialog::accepted, this, [this, choice] {
        const QString base = QFileInfo(m_workspace->path()).completeBaseName();
        QFileDialog* dialog = saveDialog(
            this, tr("Export Map as PNG"), {tr("PNG picture (*.png)")}, base + tr("-map.png"));
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
        base + tr("-layout.csv"));
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::exportLayout);
    dialog->open();
}

void MainWindow::choosePoints(SavedPoints which)
{
    if (!m_workspace->dataset())
        return;
    QStringList filters;
    for (const Writer& writer : writers())
        filters.append(filterOf(writer));
    const QString title = which == SavedPoints::Selected ? tr("Save Selected Points")
        : which == SavedPoints::Visible                  ? tr("Save Visible Points")
                                                         : tr("Save All Points");
    const QString suffix = which == SavedPoints::Selected ? tr("-selection.csv")
        : which == SavedPoints::Visible                   ? tr("-visible.csv")
                                                          : tr("-all.csv");
    const QString base = QFileInfo(m_workspace->path()).completeBaseName();
    QFileDialog* dialog = saveDialog(this, title, filters, base + suffix);
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString&) {
        // The name that is offered follows the format.
        const QStringList files = dialog->selectedFiles();
        if (!files.isEmpty() && !files.first().isEmpty())
            dialog->selectFile(QFileInfo(files.first()).completeBaseName() + QLatin1Char('.')
                + dialog->defaultSuffix());
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this, dialog, which](const QString& path) {
        savePoints(path, which, writerFor(path, dialog->selectedNameFilter()));
    });
    dialog->open();
}

void MainWindow::exportMap(const QString& path, const MapExport& map)
{
    write(path, [map, file = systemPath(path)](const Progress&) -> Said {
        EMBEDSCOPE_TRY_ASSIGN(const QByteArray bytes, paintPng(map));
        EMBEDSCOPE_TRY(writeAtomically(file, [&bytes](std::ostream& out) -> Status {
            out.write(bytes.constData(), bytes.size());
            return {};
        }));
        return std::vector<std::string>();
    });
}

void MainWindow::exportLayout(const QString& path)
{
    if (!m_workspace->dataset() || !m_workspace->layout())
        return;
    write(path,
        [dataset = m_workspace->dataset(), layout = m_workspace->layout(), file = systemPath(path)](
            const Progress& progress) -> Said {
            EMBEDSCOPE_TRY(writeLayout(file, *dataset, *layout, progress));
            return std::vector<std::string>();
        });
}

void MainWindow::savePoints(const QString& path, SavedPoints which, const QString& writer)
{
    const auto& dataset = m_workspace->dataset();
    if (!dataset)
        return;
    std::optional<std::vector<PointId>> rows;
    if (which == SavedPoints::Selected)
        rows = m_workspace->selection()->selected().ids();
    else if (which == SavedPoints::Visible && m_workspace->color()->isAnyHidden())
        rows = m_workspace->color()->visible()->ids();
    write(path,
        [dataset, layout = m_workspace->layout(), rows = std::move(rows), file = systemPath(path),
            id = toStdString(writer)](const Progress& progress) {
            return writeDataset(file, id, RowsToWrite(*dataset, rows, layout.get()), progress);
        });
}

void MainWindow::write(const QString& path, Saving work)
{
    // A runner of its own: two exports one after the other must both come about.
    auto* runner = new JobRunner(this);
    const QString name = QFileInfo(path).fileName();
    connect(runner, &JobRunner::progressed, m_status,
        [this, name](const QString&, double fraction) { m_status->showSaving(name, fraction); });
    connect(m_status, &StatusLine::savingStopped, runner, &JobRunner::stop);
    runner->run<std::vector<std::string>>(
        [work = std::move(work)](const JobContext& context) { return work(context.progress()); },
        [this, runner, path](const Said& said) {
            runner->deleteLater();
            m_status->showSaving({});
            if (!said) {
                if (said.error().code != ErrorCode::Stopped)
                    m_infoBar->showMessage(InfoBar::Kind::Error, toQString(describe(said.error())));
                return;
            }
            const QString saved = tr("Saved %1").arg(QDir::toNativeSeparators(path));
            emit m_workspace->notified(saved);
            if (said->empty())
                return;
            QString sentences = saved + QLatin1Char('.');
            for (const std::string& sentence : *said)
                sentences += QLatin1Char(' ') + toQString(sentence);
            m_infoBar->showMessage(InfoBar::Kind::Warning, sentences);
        });
}

} // namespace embedscope::ui
