#include "ui/dialogs/file_dialogs.h"

#include "ui/convert.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSettings>

namespace embedscope::ui {

namespace {

const QString kFolder = QStringLiteral("window/folder");

/// The first extension of "NumPy array (*.npy *.npz)", without the dot.
QString firstExtension(const QString& filter)
{
    static const QRegularExpression pattern(QStringLiteral("\\*\\.(\\w+)"));
    return pattern.match(filter).captured(1);
}

} // namespace

QString filePatterns(std::span<const std::string_view> extensions)
{
    QStringList texts;
    for (const auto extension : extensions)
        texts.append(QStringLiteral("*.") + toQString(extension));
    return texts.join(QLatin1Char(' '));
}

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

QFileDialog* saveDialog(
    QWidget* parent, const QString& title, const QStringList& filters, const QString& name)
{
    QFileDialog* dialog = fileDialog(parent, title, filters);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setDefaultSuffix(firstExtension(filters.first()));
    dialog->selectFile(name);
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog,
        [dialog](const QString& filter) { dialog->setDefaultSuffix(firstExtension(filter)); });
    return dialog;
}

} // namespace embedscope::ui
