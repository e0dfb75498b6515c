#pragma once

#include <QDialog>

namespace embedscope::ui {

/// The list of keys and gestures, row by row as ui/shortcuts has it.
class ShortcutsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ShortcutsDialog(QWidget* parent = nullptr);
};

} // namespace embedscope::ui
