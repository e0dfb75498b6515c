#include "ui/dialogs/shortcuts_dialog.h"

#include "ui/shortcuts.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace embedscope::ui {

ShortcutsDialog::ShortcutsDialog(QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("shortcutsDialog"));
    setWindowTitle(tr("Keys and Gestures"));
    auto* list = new QTreeWidget(this);
    list->setObjectName(QStringLiteral("shortcutsList"));
    list->setAccessibleName(tr("Keys and gestures"));
    list->setColumnCount(2);
    list->setHeaderLabels({tr("Key or gesture"), tr("What it does")});
    list->setRootIsDecorated(false);
    list->setItemsExpandable(false);
    list->setIndentation(12);
    list->setAlternatingRowColors(true);
    QTreeWidgetItem* heading = nullptr;
    for (const Shortcut& row : shortcuts()) {
        const QString where = displayWhere(row);
        if (heading == nullptr || heading->text(0) != where) {
            heading = new QTreeWidgetItem(list, {where});
            QFont bold = list->font();
            bold.setBold(true);
            heading->setFont(0, bold);
            heading->setFirstColumnSpanned(true);
            heading->setFlags(Qt::ItemIsEnabled);
            heading->setSizeHint(0, QSize(0, list->fontMetrics().height() + 16));
            heading->setTextAlignment(0, Qt::AlignLeft | Qt::AlignBottom);
        }
        auto* item = new QTreeWidgetItem(heading, {displayKeys(row), displayWhat(row)});
        item->setSizeHint(0,
            QSize(list->fontMetrics().horizontalAdvance(item->text(0)) + 12,
                list->fontMetrics().height() + 8));
        item->setData(0, Qt::UserRole, QString::fromLatin1(row.id));
    }
    list->expandAll();
    list->resizeColumnToContents(0);
    list->setColumnWidth(0, list->columnWidth(0) + 24);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* rows = new QVBoxLayout(this);
    rows->addWidget(list, 1);
    rows->addWidget(buttons);
    resize(760, 640);
}

} // namespace embedscope::ui
