#pragma once

#include "core/data/dataset.h"

#include <QDialog>
#include <memory>

namespace embedscope::ui {

/// What was noticed while the open file was read, a sentence each.
class WarningsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit WarningsDialog(
        const std::shared_ptr<const Dataset>& dataset, QWidget* parent = nullptr);
};

} // namespace embedscope::ui
