#include "ui/panels/columns_as_map.h"

#include "ui/panels/column_combo.h"
#include "ui/workspace/workspace.h"

#include <QFormLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace embedscope::ui {

ColumnsAsMap::ColumnsAsMap(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_use(new QPushButton(tr("Use columns as map…")))
    , m_columns(new QWidget)
    , m_x(new ColumnCombo)
    , m_y(new ColumnCombo)
{
    m_use->setObjectName(QStringLiteral("projectionUseColumns"));
    m_use->setToolTip(tr("Show two number columns of the table as the map, as they are."));
    m_use->setCheckable(true);
    m_x->setObjectName(QStringLiteral("mapColumnX"));
    m_x->setAccessibleName(tr("Column along x"));
    m_x->setToolTip(tr("The column that runs from left to right."));
    m_y->setObjectName(QStringLiteral("mapColumnY"));
    m_y->setAccessibleName(tr("Column along y"));
    m_y->setToolTip(tr("The column that runs from bottom to top."));
    auto* show = new QPushButton(tr("Show"));
    show->setToolTip(tr("Show these two columns as the map, without projecting."));
    show->setObjectName(QStringLiteral("mapColumnsShow"));
    auto* form = new QFormLayout(m_columns);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Along x"), m_x);
    form->addRow(tr("Along y"), m_y);
    form->addRow(QString(), show);
    m_columns->setVisible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_use, 0, Qt::AlignLeft);
    layout->addWidget(m_columns);

    connect(m_use, &QPushButton::toggled, m_columns, &QWidget::setVisible);
    connect(show, &QPushButton::clicked, this, [this] {
        if (m_x->column() && m_y->column())
            m_workspace.showColumnsAsMap({*m_x->column(), *m_y->column()});
    });
    connect(&workspace, &Workspace::datasetChanged, this, &ColumnsAsMap::showDataset);
    connect(&workspace, &Workspace::columnsChanged, this, &ColumnsAsMap::showDataset);
    showDataset();
}

void ColumnsAsMap::showDataset()
{
    const Dataset* dataset = m_workspace.dataset().get();
    const auto isNumber = [](const Column& column) { return column.kind() == ColumnKind::Number; };
    m_x->setColumns(dataset, {}, isNumber);
    m_y->setColumns(dataset, {}, isNumber);
    if (m_y->count() > 1)
        m_y->setCurrentIndex(1);
    m_use->setVisible(m_x->count() >= 2);
    if (m_x->count() < 2)
        m_use->setChecked(false);
}

} // namespace embedscope::ui
