#include "ui/dialogs/columns_dialog.h"

#include "ui/convert.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr int kNone = -1;

void select(QComboBox* box, int column)
{
    box->setCurrentIndex(std::max(0, box->findData(column)));
}

} // namespace

ColumnsDialog::ColumnsDialog(const Dataset& dataset, QWidget* parent)
    : QDialog(parent)
    , m_x(new QComboBox(this))
    , m_y(new QComboBox(this))
    , m_z(new QComboBox(this))
{
    setObjectName(QStringLiteral("columnsDialog"));
    setWindowTitle(tr("Use Columns as Map"));
    auto* about
        = new QLabel(tr("The columns are shown as they are, without projecting. Rows with a "
                        "missing value are left out."),
            this);
    about->setWordWrap(true);
    m_x->setObjectName(QStringLiteral("columnX"));
    m_y->setObjectName(QStringLiteral("columnY"));
    m_z->setObjectName(QStringLiteral("columnZ"));
    m_z->addItem(tr("none"), kNone);
    std::vector<int> numbers;
    for (std::size_t c = 0; c < dataset.columns().size(); ++c) {
        if (dataset.columns()[c].kind() != ColumnKind::Number)
            continue;
        for (QComboBox* box : {m_x, m_y, m_z})
            box->addItem(toQString(dataset.columns()[c].name()), static_cast<int>(c));
        numbers.push_back(static_cast<int>(c));
    }
    const auto& given = dataset.coordinateColumns();
    if (given.size() >= 2) {
        select(m_x, static_cast<int>(given[0]));
        select(m_y, static_cast<int>(given[1]));
    } else if (numbers.size() >= 2) {
        select(m_y, numbers[1]);
    }
    auto* form = new QFormLayout;
    form->addRow(tr("&Across (x)"), m_x);
    form->addRow(tr("&Up (y)"), m_y);
    form->addRow(tr("&Depth (z)"), m_z);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    const auto check = [this, buttons] {
        const auto chosen = columns();
        buttons->button(QDialogButtonBox::Ok)
            ->setEnabled(std::adjacent_find(chosen.begin(), chosen.end()) == chosen.end()
                && (chosen.size() < 3 || chosen[0] != chosen[2]));
    };
    for (QComboBox* box : {m_x, m_y, m_z})
        connect(box, &QComboBox::currentIndexChanged, this, check);
    check();

    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(20, 20, 20, 16);
    rows->setSpacing(14);
    rows->addWidget(about);
    rows->addLayout(form);
    rows->addWidget(buttons);
    setMinimumWidth(380);
}

std::vector<std::size_t> ColumnsDialog::columns() const
{
    std::vector<std::size_t> chosen;
    for (const QComboBox* box : {m_x, m_y, m_z}) {
        if (const QVariant column = box->currentData(); column.isValid() && column.toInt() != kNone)
            chosen.push_back(static_cast<std::size_t>(column.toInt()));
    }
    return chosen;
}

} // namespace embedscope::ui
