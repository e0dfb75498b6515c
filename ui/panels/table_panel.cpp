#include "ui/panels/table_panel.h"

#include "core/base/text.h"
#include "ui/convert.h"
#include "ui/models/point_order.h"
#include "ui/models/point_table_model.h"
#include "ui/panels/hint_label.h"
#include "ui/panels/table_view.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

namespace embedscope::ui {

namespace {

using Order = std::vector<PointId>;

constexpr int kRowsMeasured = 100;
constexpr int kWidestColumnPx = 260;
/// Rows that are copied as text at most: more than any spreadsheet takes.
constexpr Index kMostCopied = 1'000'000;

} // namespace

TablePanel::TablePanel(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_onlyHits(new QCheckBox(tr("Search hits only"), this))
    , m_onlySelected(new QCheckBox(tr("Selected only"), this))
    , m_status(new HintLabel(this))
    , m_model(new PointTableModel(this))
    , m_view(new TableView(m_model, workspace.selection(), this))
    , m_soon(new QTimer(this))
{
    m_onlyHits->setObjectName(QStringLiteral("tableOnlyHits"));
    m_onlyHits->setToolTip(tr("Show only the points that the search found."));
    m_onlySelected->setObjectName(QStringLiteral("tableOnlySelected"));
    m_onlySelected->setToolTip(tr("Show only the points that are selected."));
    m_status->setObjectName(QStringLiteral("tableStatus"));
    m_status->setWordWrap(false);
    m_view->setObjectName(QStringLiteral("tableView"));
    m_view->setAccessibleName(tr("Table of the points"));
    m_view->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    m_view->horizontalHeader()->setStretchLastSection(true);
    m_soon->setSingleShot(true);
    m_soon->setInterval(0);

    auto* top = new QHBoxLayout;
    top->addWidget(m_onlyHits);
    top->addWidget(m_onlySelected);
    top->addStretch();
    top->addWidget(m_status);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);

    connect(m_view->horizontalHeader(), &QHeaderView::sectionClicked, this, &TablePanel::sortBy);
    connect(m_view, &PointView::copyRequested, this, &TablePanel::copy);
    connect(m_soon, &QTimer::timeout, this, &TablePanel::updateOrder);
    for (QCheckBox* box : {m_onlyHits, m_onlySelected})
        connect(box, &QCheckBox::toggled, m_soon, qOverload<>(&QTimer::start));
    connect(workspace.search(), &SearchState::resultChanged, this, [this] {
        if (m_onlyHits->isChecked())
            m_soon->start();
    });
    connect(workspace.selection(), &SelectionState::selectionChanged, this, [this] {
        if (m_onlySelected->isChecked())
            m_soon->start();
        showCount();
    });
    connect(workspace.selection(), &SelectionState::currentChanged, this,
        [this] { m_view->goTo(m_workspace.selection()->current()); });
    connect(&workspace, &Workspace::datasetChanged, this, [this] { showDataset(true); });
    connect(&workspace, &Workspace::columnsChanged, this, [this] { showDataset(false); });
    connect(workspace.quality(), &QualityState::columnsChanged, this, &TablePanel::showMapColumns);
    showDataset(true);
}

void TablePanel::showDataset(bool isNew)
{
    if (isNew) {
        m_runner.discard();
        m_sortSection.reset();
        m_isDescending = false;
        m_view->horizontalHeader()->setSortIndicatorShown(false);
        m_model->setDataset(m_workspace.dataset());
        fitColumns(0);
        if (m_onlyHits->isChecked() || m_onlySelected->isChecked())
            m_soon->start();
    } else {
        const std::size_t before = m_model->columns().tableSize();
        m_model->setColumns(m_workspace.dataset());
        if (m_sortSection && *m_sortSection > static_cast<int>(before)) // A column of the map.
            *m_sortSection += static_cast<int>(m_model->columns().tableSize() - before);
        showSorting();
        fitColumns(0);
    }
    showMapColumns();
    setEnabled(m_workspace.dataset() != nullptr);
    showCount();
}

void TablePanel::showMapColumns()
{
    const int before = m_model->columnCount();
    const auto& columns = m_workspace.quality()->columns();
    if (columns == m_model->columns().ofMap())
        return;
    m_model->setMapColumns(columns);
    if (m_model->columnCount() > before)
        fitColumns(before);
    // Sorted by one of them: anew by the new figures, by row while there are none.
    if (m_sortSection && *m_sortSection > static_cast<int>(m_model->columns().tableSize())) {
        showSorting();
        m_soon->start();
    }
}

void TablePanel::fitColumns(int first)
{
    const int rows = std::min(m_model->rowCount(), kRowsMeasured);
    for (int column = first; column < m_model->columnCount(); ++column) {
        int width = fontMetrics().horizontalAdvance(
                        m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString())
            + 28;
        for (int row = 0; row < rows; ++row) {
            const QString text = m_model->index(row, column).data().toString().left(200);
            width = std::max(width, fontMetrics().horizontalAdvance(text) + 18);
        }
        if (column == 0)
            width = std::max(
                width, fontMetrics().horizontalAdvance(QString::number(m_model->rowCount())) + 18);
        m_view->setColumnWidth(column, std::min(width, kWidestColumnPx));
    }
}

void TablePanel::sortBy(int section)
{
    if (m_sortSection != section) {
        m_sortSection = section;
        m_isDescending = false;
    } else if (!m_isDescending) {
        m_isDescending = true;
    } else {
        m_sortSection.reset();
        m_isDescending = false;
    }
    showSorting();
    m_soon->start();
}

bool TablePanel::isSorted() const
{
    return m_sortSection && *m_sortSection < m_model->columnCount();
}

void TablePanel::showSorting()
{
    QHeaderView* header = m_view->horizontalHeader();
    header->setSortIndicatorShown(isSorted());
    if (isSorted())
        header->setSortIndicator(
            *m_sortSection, m_isDescending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

void TablePanel::updateOrder()
{
    const auto& dataset = m_workspace.dataset();
    if (!dataset)
        return;
    PointOrderRequest request;
    request.isDescending = isSorted() && m_isDescending;
    if (isSorted())
        request.sortColumn = PointTableModel::dataColumn(*m_sortSection);
    const auto& hits = m_workspace.search()->result();
    if (m_onlyHits->isChecked() && m_workspace.search()->isActive())
        request.hits = {hits, &hits->ids};
    if (m_onlySelected->isChecked())
        request.selected = std::make_shared<const PointSet>(m_workspace.selection()->selected());
    const bool isFileOrder
        = !request.sortColumn && !request.isDescending && !request.hits && !request.selected;
    m_runner.run<std::shared_ptr<const Order>>(
        [columns = m_model->columns(), request, isFileOrder](
            const JobContext& context) -> Result<std::shared_ptr<const Order>> {
            if (isFileOrder)
                return std::shared_ptr<const Order>();
            EMBEDSCOPE_TRY_ASSIGN(auto order, orderedPoints(columns, request, context.progress()));
            return std::make_shared<const Order>(std::move(order));
        },
        [this](Result<std::shared_ptr<const Order>> result) {
            if (!result)
                return;
            m_model->setOrder(std::move(result).value());
            m_view->goTo(m_workspace.selection()->current());
            showCount();
        });
}

void TablePanel::showCount()
{
    const auto& dataset = m_workspace.dataset();
    if (!dataset) {
        m_status->say(tr("Open a file to see its table."));
        return;
    }
    const QString shown = toQString(formatCount(m_model->rowCount()));
    const QString all = toQString(formatCount(dataset->size()));
    const Index selected = m_workspace.selection()->selected().count();
    QString text = m_model->rowCount() == dataset->size() ? tr("%1 points").arg(all)
                                                          : tr("%1 of %2 points").arg(shown, all);
    if (selected > 0)
        text = tr("%1, %2 selected").arg(text, toQString(formatCount(selected)));
    m_status->say(text);
}

void TablePanel::copy() const
{
    const auto& dataset = m_workspace.dataset();
    const PointSet& selected = m_workspace.selection()->selected();
    if (!dataset || selected.isEmpty())
        return;
    QString text;
    Index copied = 0;
    for (int row = 0; row < m_model->rowCount() && copied < kMostCopied; ++row) {
        if (!selected.contains(m_model->pointAt(row)))
            continue;
        ++copied;
        for (int column = 0; column < m_model->columnCount(); ++column) {
            QString cell = m_model->index(row, column).data().toString();
            cell.replace(QLatin1Char('\t'), QLatin1Char(' '));
            cell.replace(QLatin1Char('\n'), QLatin1Char(' '));
            text += (column > 0 ? QStringLiteral("\t") : QString()) + cell;
        }
        text += QLatin1Char('\n');
    }
    QGuiApplication::clipboard()->setText(text);
}

} // namespace embedscope::ui
