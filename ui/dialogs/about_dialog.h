#pragma once

#include <QDialog>

namespace embedscope::ui {

/// What the program is, under which licence, and what it is built on.
class AboutDialog : public QDialog
{
    Q_OBJECT

public:
    explicit AboutDialog(QWidget* parent = nullptr);
};

} // namespace embedscope::ui
