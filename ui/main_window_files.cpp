#include "ui/main_window.h"

#include "core/io/archives/wrapper_kind.h"
#include "ui/convert.h"
#include "ui/dialogs/columns_dialog.h"
#include "ui/dialogs/file_dialogs.h"
#include "ui/dialogs/tensor_chooser.h"
#include "ui/dialogs/too_large_dialog.h"
#include "ui/icons.h"
#include "ui/shell/info_bar.h"
#include "ui/shell/open_plan.h"
#include "ui/shell/welcome_page.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <algorithm>

namespace embedscope::ui {

namespace {

/// A row a format, after one for them all.
QStringList tableFilters()
{
    QStringList all;
    QStringList filters;
    for (const Format& format : formats()) {
        if (format.extensions.empty())
            continue;
        all.append(filePatterns(format.extensions));
        filters.append(
            QStringLiteral("%1 (%2)").arg(toQString(format.name), filePatterns(format.extensions)));
    }
    all.append(filePatterns(wrapperExtensions()));
    filters.append(MainWindow::tr("Compressed files (%1)").arg(filePatterns(wrapperExtensions())));
    QStringList each = all.join(QLatin1Char(' ')).split(QLatin1Char(' '));
    each.removeDuplicates();
    filters.prepend(MainWindow::tr("Embeddings (%1)").arg(each.join(QLatin1Char(' '))));
    filters.append(MainWindow::tr("All files (*)"));
    return filters;
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

void MainWindow::chooseFolder()
{
    auto* dialog = fileDialog(this, tr("Open Folder"), {});
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly, true);
    connect(dialog, &QFileDialog::fileSelected, this,
        [this](const QString& path) { openFiles({path}); });
    dialog->open();
}

void MainWindow::chooseTensor(const OpenQuestion& question)
{
    const bool isOpen = m_workspace->dataset() && m_workspace->path() == question.path;
    auto* dialog = new TensorChooser(question.path, question.options, question.tables,
        isOpen && !question.added ? m_workspace->dataset()->provenance().tensor : question.likely,
        this);
    if (question.added)
        dialog->askForAdded();
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, question] {
        m_infoBar->dismiss();
        m_tableWasChosen = m_tableWasChosen || !question.added;
        m_workspace->answer(question, dialog->chosen());
    });
    dialog->open();
}

void MainWindow::askForPart(const TooLarge& refused)
{
    auto* dialog = new TooLargeDialog(
        QFileInfo(refused.path).fileName(), refused.table, refused.options, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
        [this, dialog, refused] { m_workspace->openPart(refused, dialog->options()); });
    connect(dialog, &QDialog::rejected, this, [this, sentence = refused.sentence] {
        m_infoBar->showMessage(InfoBar::Kind::Information, sentence);
    });
    dialog->open();
}

void MainWindow::chooseOtherTable()
{
    if (m_workspace->tables())
        chooseTensor(
            {m_workspace->path(), m_workspace->options(), {}, m_workspace->tables(), {}, {}});
}

void MainWindow::chooseTokenizer()
{
    QFileDialog* dialog = fileDialog(this, tr("Name Rows by Tokenizer"),
        {tr("Tokenizers (tokenizer.json vocab.json vocab.txt merges.txt *.model *.json *.txt *.bin "
            "*.gz *.gguf)"),
            tr("All files (*)")});
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this,
        [this](const QString& path) { m_workspace->addTokenizer(path); });
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

void MainWindow::chooseAdded()
{
    QFileDialog* dialog = fileDialog(this, tr("Add to This Map"), tableFilters());
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, m_workspace.get(), &Workspace::addToMap);
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
    if (type == QEvent::Drop && m_workspace->dataset())
        offerDropped(paths, widget->mapToGlobal(drop->position().toPoint()));
    else if (type == QEvent::Drop)
        openFiles(paths);
    return true;
}

void MainWindow::offerDropped(const QStringList& paths, const QPoint& position)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("dropMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(icon(QStringLiteral("open")), tr("&Open Instead"), this,
            [this, paths] { openFiles(paths); })
        ->setObjectName(QStringLiteral("dropOpen"));
    menu->addAction(icon(QStringLiteral("add")), tr("&Add to This Map"), m_workspace.get(),
            [this, paths] { m_workspace->addToMap(paths); })
        ->setObjectName(QStringLiteral("dropAdd"));
    if (std::all_of(paths.begin(), paths.end(), canBeMetadata)) {
        menu->addAction(icon(QStringLiteral("metadata")), tr("Lay Beside as &Metadata"), this,
                [this, paths] { m_workspace->addMetadata(paths.first()); })
            ->setObjectName(QStringLiteral("dropMetadata"));
    }
    menu->addSeparator();
    menu->addAction(tr("&Cancel"));
    menu->popup(position);
}

} // namespace embedscope::ui
