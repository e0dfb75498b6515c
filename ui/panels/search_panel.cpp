#include "ui/panels/search_panel.h"

#include "core/base/text.h"
#include "ui/convert.h"
#include "ui/models/hit_model.h"
#include "ui/panels/column_combo.h"
#include "ui/panels/hint_label.h"
#include "ui/panels/point_view.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace embedscope::ui {

namespace {

/// Where the names themselves match in all of these, a column for the match would stay empty.
constexpr int kRowsLookedAt = 50;

} // namespace

SearchPanel::SearchPanel(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_edit(new QLineEdit(this))
    , m_column(new ColumnCombo(this))
    , m_expression(new QCheckBox(tr("Regular expression"), this))
    , m_status(new HintLabel(this))
    , m_position(new QLabel(this))
    , m_previous(new QToolButton(this))
    , m_next(new QToolButton(this))
    , m_selectAll(new QPushButton(tr("Select all hits"), this))
    , m_model(new HitModel(this))
    , m_view(new PointView(workspace.selection(), this))
{
    m_edit->setObjectName(QStringLiteral("searchEdit"));
    m_edit->setPlaceholderText(tr("Search"));
    m_edit->setClearButtonEnabled(true);
    m_edit->setAccessibleName(tr("Text to search for"));
    m_edit->setToolTip(tr("Points whose values hold this text, without regard to case. Enter and "
                          "the arrows walk the hits, Esc clears."));
    m_edit->installEventFilter(this);
    m_column->setObjectName(QStringLiteral("searchColumn"));
    m_column->setAccessibleName(tr("Column to search in"));
    m_column->setToolTip(tr("Where to look: in every column, or in one."));
    m_expression->setObjectName(QStringLiteral("searchExpression"));
    m_expression->setToolTip(
        tr("Read the text as a regular expression: ^king finds what begins with king."));
    m_status->setObjectName(QStringLiteral("searchStatus"));
    m_previous->setArrowType(Qt::UpArrow);
    m_previous->setToolTip(tr("Go to the previous hit (Shift+Enter)"));
    m_previous->setAccessibleName(tr("Previous hit"));
    m_previous->setAutoRaise(true);
    m_next->setArrowType(Qt::DownArrow);
    m_next->setToolTip(tr("Go to the next hit (Enter)"));
    m_next->setAccessibleName(tr("Next hit"));
    m_next->setAutoRaise(true);
    m_selectAll->setObjectName(QStringLiteral("searchSelectAll"));
    m_selectAll->setToolTip(tr("Select every hit on the map and in the table."));
    m_view->setObjectName(QStringLiteral("searchHits"));
    m_view->setAccessibleName(tr("Hits"));
    m_view->setModel(m_model);
    m_view->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_view->installEventFilter(this);

    auto* where = new QHBoxLayout;
    where->addWidget(m_column, 1);
    where->addWidget(m_expression);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(m_selectAll);
    bottom->addStretch();
    bottom->addWidget(m_position);
    bottom->addWidget(m_previous);
    bottom->addWidget(m_next);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_edit);
    layout->addLayout(where);
    layout->addWidget(m_status);
    layout->addWidget(m_view, 1);
    layout->addLayout(bottom);
    setFocusProxy(m_edit);

    SearchState* search = workspace.search();
    connect(m_edit, &QLineEdit::textChanged, search, &SearchState::setQuery);
    connect(m_expression, &QCheckBox::toggled, search, &SearchState::setRegularExpression);
    connect(m_column, &ColumnCombo::columnChosen, this,
        [this, search] { search->setColumn(m_column->column()); });
    connect(m_next, &QToolButton::clicked, this, [this] { walk(true); });
    connect(m_previous, &QToolButton::clicked, this, [this] { walk(false); });
    connect(m_selectAll, &QPushButton::clicked, this, &SearchPanel::selectAllHits);
    connect(m_view, &PointView::rowChosen, search, [search](int row) { search->goTo(row); });
    connect(search, &SearchState::queryChanged, this, &SearchPanel::showQuery);
    connect(search, &SearchState::resultChanged, this, &SearchPanel::showResult);
    connect(search, &SearchState::positionChanged, this, &SearchPanel::showPosition);
    connect(&workspace, &Workspace::datasetChanged, this, &SearchPanel::showDataset);
    connect(&workspace, &Workspace::columnsChanged, this, &SearchPanel::showDataset);
    showDataset();
    showQuery();
}

void SearchPanel::showDataset()
{
    const Dataset* dataset = m_workspace.dataset().get();
    m_column->setColumns(dataset, tr("All columns"),
        [](const Column& column) { return column.kind() != ColumnKind::Image; });
    m_column->setColumn(m_workspace.search()->column());
    m_edit->setEnabled(dataset != nullptr);
    m_expression->setEnabled(dataset != nullptr);
    showResult();
}

void SearchPanel::showQuery()
{
    const SearchState* search = m_workspace.search();
    if (m_edit->text() != search->query())
        m_edit->setText(search->query());
    m_expression->setChecked(search->isRegularExpression());
    m_column->setColumn(search->column());
}

void SearchPanel::showResult()
{
    const SearchState* search = m_workspace.search();
    const Dataset* dataset = m_workspace.dataset().get();
    SearchQuery query;
    query.text = toStdString(search->query());
    query.isRegularExpression = search->isRegularExpression();
    query.column = search->column();
    m_model->setHits(m_workspace.dataset(), std::move(query), search->result());
    m_view->setColumnHidden(HitModel::MatchColumn, !isMatchWorthShowing());

    const auto hits = static_cast<Index>(search->result()->ids.size());
    const QString points = dataset ? toQString(formatCount(dataset->size())) : QString();
    if (!dataset)
        m_status->say(tr("Open a file to search it."));
    else if (!search->error().isEmpty())
        m_status->say(search->error());
    else if (!search->isActive())
        m_status->say(tr("Type to search %1 points.").arg(points));
    else if (hits == 0)
        m_status->say(tr("No hits in %1 points").arg(points));
    else if (hits == 1)
        m_status->say(tr("One hit in %1 points").arg(points));
    else
        m_status->say(tr("%1 hits in %2 points").arg(toQString(formatCount(hits)), points));
    m_selectAll->setEnabled(hits > 0);
    m_next->setEnabled(hits > 0);
    m_previous->setEnabled(hits > 0);
    showPosition();
    if (m_walksWhenReady && !search->isBusy()) {
        m_walksWhenReady = false;
        if (hits > 0)
            m_workspace.search()->goTo(0);
    }
}

bool SearchPanel::isMatchWorthShowing() const
{
    const int looked = std::min(m_model->rowCount(), kRowsLookedAt);
    for (int row = 0; row < looked; ++row) {
        if (!m_model->index(row, HitModel::MatchColumn).data().toString().isEmpty())
            return true;
    }
    return false;
}

void SearchPanel::showPosition()
{
    const SearchState* search = m_workspace.search();
    const Index position = search->position();
    if (position < 0) {
        m_position->clear();
        m_view->clearSelection();
        return;
    }
    m_position->setText(
        tr("%1 of %2")
            .arg(toQString(formatCount(position + 1)),
                toQString(formatCount(static_cast<Index>(search->result()->ids.size())))));
    const QModelIndex row = m_model->index(static_cast<int>(position), 0);
    m_view->setCurrentIndex(row);
    m_view->scrollTo(row);
}

void SearchPanel::walk(bool forward)
{
    SearchState* search = m_workspace.search();
    if (search->isBusy())
        m_walksWhenReady = true;
    else if (forward)
        search->next();
    else
        search->previous();
}

void SearchPanel::selectAllHits()
{
    const Dataset* dataset = m_workspace.dataset().get();
    if (dataset)
        m_workspace.selection()->select(
            PointSet(dataset->size(), m_workspace.search()->result()->ids), SelectionMode::Replace);
}

bool SearchPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)
        return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool isReturn = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    const bool isArrow = key->key() == Qt::Key_Up || key->key() == Qt::Key_Down;
    const bool isEscape = key->key() == Qt::Key_Escape;
    if (key->modifiers() & (Qt::ControlModifier | Qt::AltModifier))
        return QWidget::eventFilter(watched, event);
    if (!isReturn && !isEscape && !isArrow)
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept(); // The window may have the same keys for the map.
        return true;
    }
    if (isEscape) {
        m_walksWhenReady = false;
        m_workspace.search()->clear();
        m_edit->setFocus();
        return true;
    }
    if (isReturn)
        walk(!(key->modifiers() & Qt::ShiftModifier));
    else
        walk(key->key() == Qt::Key_Down);
    return true;
}

} // namespace embedscope::ui
