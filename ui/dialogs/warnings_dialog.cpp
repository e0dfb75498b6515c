#include "ui/dialogs/warnings_dialog.h"

#include "ui/convert.h"
#include "ui/icons.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace embedscope::ui {

WarningsDialog::WarningsDialog(const std::shared_ptr<const Dataset>& dataset, QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("warningsDialog"));
    setWindowTitle(tr("Warnings"));
    auto* about = new QLabel(
        tr("The file could be opened, but something in it is not as it should be:"), this);
    about->setWordWrap(true);
    auto* list = new QListWidget(this);
    list->setObjectName(QStringLiteral("warningsList"));
    list->setAccessibleName(tr("Warnings"));
    list->setWordWrap(true);
    list->setSpacing(3);
    QStringList texts;
    for (const std::string& warning : dataset->warnings()) {
        texts.append(toQString(warning));
        list->addItem(new QListWidgetItem(
            icon(QStringLiteral("warning"), QColor(0xc0, 0x86, 0x12)), texts.last()));
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton* copy = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
    copy->setIcon(icon(QStringLiteral("copy")));
    connect(copy, &QPushButton::clicked, this,
        [text = texts.join(QLatin1Char('\n'))] { QApplication::clipboard()->setText(text); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(20, 20, 20, 16);
    rows->setSpacing(12);
    rows->addWidget(about);
    rows->addWidget(list, 1);
    rows->addWidget(buttons);
    resize(560, 320);
}

} // namespace embedscope::ui
