#pragma once

#include <QString>
#include <QStringList>
#include <span>
#include <string_view>

class QFileDialog;
class QWidget;

namespace embedscope::ui {

/// "*.npy *.npz", for the filters of file dialogs.
QString filePatterns(std::span<const std::string_view> extensions);

/// A file dialog that starts where the last one ended and does not stop the window.
QFileDialog* fileDialog(QWidget* parent, const QString& title, const QStringList& filters);

/// The same for a file to be written. A name without an extension gets that of the filter that is
/// chosen; the first at the beginning.
QFileDialog* saveDialog(
    QWidget* parent, const QString& title, const QStringList& filters, const QString& name);

} // namespace embedscope::ui
