#include "ui/panels/neighbors_panel.h"

#include "core/base/text.h"
#include "core/io/writers/write.h"
#include "ui/charts/similarity_chart.h"
#include "ui/convert.h"
#include "ui/icons.h"
#include "ui/models/neighbor_model.h"
#include "ui/panels/hint_label.h"
#include "ui/panels/point_view.h"
#include "ui/shortcuts.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <ostream>

namespace embedscope::ui {

namespace {

constexpr int kBusyDelayMs = 300;
constexpr int kLinesWithChart = 36; ///< In a panel that is lower the chart would crowd the list.
constexpr Metric kMetrics[] = {Metric::Cosine, Metric::Euclidean, Metric::Dot, Metric::Manhattan};

} // namespace

NeighborsPanel::NeighborsPanel(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_back(addWalk("neighbors.back", QStringLiteral("back"), tr("Back"),
          tr("Back to the point before (Alt+Left)")))
    , m_forward(addWalk("neighbors.forward", QStringLiteral("forward"), tr("Forward"),
          tr("Forward again (Alt+Right)")))
    , m_title(new QLabel(this))
    , m_metric(new QComboBox(this))
    , m_k(new QSpinBox(this))
    , m_among(new QComboBox(this))
    , m_header(new HintLabel(this))
    , m_message(new HintLabel(this))
    , m_model(new NeighborModel(this))
    , m_view(new PointView(workspace.selection(), this))
    , m_chart(new SimilarityChart(this))
    , m_select(new QPushButton(tr("Select these"), this))
    , m_copy(new QPushButton(tr("Copy"), this))
    , m_export(new QPushButton(tr("Export CSV…"), this))
    , m_busyDelay(new QTimer(this))
{
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_title->setObjectName(QStringLiteral("neighborsTitle"));
    m_header->setObjectName(QStringLiteral("neighborsHeader"));
    m_header->setToolTip(tr("Neighbours are found in the table itself, not on the map, and on the "
                            "vectors as they are in the file: not centred, not normalised."));
    m_message->setObjectName(QStringLiteral("neighborsMessage"));
    m_chart->setObjectName(QStringLiteral("neighborsChart"));
    m_view->setObjectName(QStringLiteral("neighborsList"));
    m_view->setAccessibleName(tr("Neighbours, nearest first"));
    m_view->setModel(m_model);
    QHeaderView* columns = m_view->horizontalHeader();
    columns->setSectionResizeMode(QHeaderView::Interactive);
    columns->setSectionResizeMode(NeighborModel::NameColumn, QHeaderView::Stretch);
    m_view->setColumnWidth(
        NeighborModel::RankColumn, fontMetrics().horizontalAdvance(QStringLiteral("1000")) + 22);
    m_view->setColumnWidth(NeighborModel::ValueColumn,
        fontMetrics().horizontalAdvance(QStringLiteral("Similarity")) + 40);
    m_busyDelay->setSingleShot(true);
    m_busyDelay->setInterval(kBusyDelayMs);

    auto* top = new QHBoxLayout;
    for (QAction* action : {m_back, m_forward}) {
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        top->addWidget(button);
    }
    top->addWidget(m_title, 1);
    auto* split = new QSplitter(Qt::Vertical, this);
    split->addWidget(m_view);
    split->addWidget(m_chart);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 1);
    split->setChildrenCollapsible(false);
    m_chart->setMinimumHeight(m_chart->minimumSizeHint().height());
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(makeSettings());
    layout->addWidget(m_among);
    layout->addWidget(m_header);
    layout->addWidget(m_message);
    layout->addWidget(split, 1);
    layout->addWidget(makeButtons());
    setFocusProxy(m_view);
    makeAmong();

    NeighborState* neighbors = workspace.neighbors();
    connect(m_view, &PointView::rowChosen, this,
        [this](int row) { m_workspace.selection()->selectPoint(m_view->pointAt(row)); });
    connect(m_view, &PointView::copyRequested, this, &NeighborsPanel::copy);
    connect(m_back, &QAction::triggered, neighbors, &NeighborState::goBack);
    connect(m_forward, &QAction::triggered, neighbors, &NeighborState::goForward);
    connect(m_busyDelay, &QTimer::timeout, this, &NeighborsPanel::showBusy);
    connect(neighbors, &NeighborState::parametersChanged, this, &NeighborsPanel::showParameters);
    connect(neighbors, &NeighborState::listChanged, this, &NeighborsPanel::showList);
    connect(neighbors, &NeighborState::historyChanged, this, &NeighborsPanel::showHistory);
    for (const auto signal : {&Workspace::datasetChanged, &Workspace::columnsChanged}) {
        connect(&workspace, signal, this, &NeighborsPanel::fillAmong);
        connect(&workspace, signal, this, &NeighborsPanel::showList);
    }
    fillAmong();
    showParameters();
    showList();
    showHistory();
}

void NeighborsPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // The list goes before the chart of its values.
    m_chart->setVisible(height() >= fontMetrics().height() * kLinesWithChart);
}

QAction* NeighborsPanel::addWalk(
    const char* id, const QString& iconName, const QString& text, const QString& toolTip)
{
    auto* action = new QAction(icon(iconName), text, this);
    action->setObjectName(QLatin1String(id));
    action->setToolTip(toolTip);
    applyShortcut(action, id);
    addAction(action);
    return action;
}

QWidget* NeighborsPanel::makeSettings()
{
    for (const Metric metric : kMetrics)
        m_metric->addItem(metricTitle(metric), QVariant::fromValue(static_cast<int>(metric)));
    m_metric->setItemData(0,
        tr("The angle between two vectors, whatever their length: 1 is the "
           "same direction, 0 unrelated, −1 opposite."),
        Qt::ToolTipRole);
    m_metric->setItemData(
        1, tr("The straight distance between two vectors: 0 is the same place."), Qt::ToolTipRole);
    m_metric->setItemData(2, tr("Like cosine, but long vectors count for more."), Qt::ToolTipRole);
    m_metric->setItemData(3,
        tr("The sum of the differences in each dimension: 0 is the same place. Single large "
           "differences sway it less than the straight distance."),
        Qt::ToolTipRole);
    m_metric->setObjectName(QStringLiteral("neighborsMetric"));
    m_metric->setAccessibleName(tr("How nearness is measured"));
    m_metric->setToolTip(tr("How nearness is measured"));
    m_metric->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_k->setRange(1, 1000);
    m_k->setObjectName(QStringLiteral("neighborsCount"));
    m_k->setKeyboardTracking(false);
    m_k->setAccessibleName(tr("How many neighbours"));
    m_k->setToolTip(tr("How many neighbours are listed"));
    NeighborState* neighbors = m_workspace.neighbors();
    connect(m_metric, &QComboBox::activated, this, [this, neighbors](int row) {
        neighbors->setMetric(static_cast<Metric>(m_metric->itemData(row).toInt()));
    });
    connect(m_k, &QSpinBox::valueChanged, neighbors, [neighbors](int k) { neighbors->setK(k); });

    auto* settings = new QWidget(this);
    auto* layout = new QHBoxLayout(settings);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_metric, 1);
    layout->addWidget(m_k);
    return settings;
}

QWidget* NeighborsPanel::makeButtons()
{
    m_select->setObjectName(QStringLiteral("neighborsSelect"));
    m_select->setToolTip(tr("Select the point and the neighbours listed here."));
    m_copy->setObjectName(QStringLiteral("neighborsCopy"));
    m_copy->setToolTip(tr("Copy the list, for a spreadsheet or a text."));
    m_export->setObjectName(QStringLiteral("neighborsExport"));
    m_export->setToolTip(tr("Save the list as a CSV file."));
    connect(m_select, &QPushButton::clicked, this, &NeighborsPanel::selectAll);
    connect(m_copy, &QPushButton::clicked, this, &NeighborsPanel::copy);
    connect(m_export, &QPushButton::clicked, this, &NeighborsPanel::exportCsv);

    auto* buttons = new QWidget(this);
    auto* layout = new QHBoxLayout(buttons);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_select);
    layout->addStretch();
    layout->addWidget(m_copy);
    layout->addWidget(m_export);
    return buttons;
}

void NeighborsPanel::makeAmong()
{
    m_among->setObjectName(QStringLiteral("neighborsAmong"));
    m_among->setAccessibleName(tr("Which points may be neighbours"));
    m_among->setToolTip(tr("Which points may be neighbours."));
    m_among->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_among->setMinimumContentsLength(12);
    connect(m_among, &QComboBox::activated, this, [this](int row) {
        const QStringList choice = m_among->itemData(row).toStringList();
        std::optional<AmongRows> among;
        if (!choice.isEmpty())
            among = {toStdString(choice.first()),
                choice.size() > 1 ? std::optional(toStdString(choice.at(1))) : std::nullopt};
        m_workspace.neighbors()->setAmong(among);
    });
}

void NeighborsPanel::fillAmong()
{
    constexpr Index kMostValues = 24;
    m_among->clear();
    m_among->addItem(tr("Among all points"));
    const Dataset* dataset = m_workspace.dataset().get();
    const std::string sources = dataset ? dataset->provenance().sourceColumn : std::string();
    const auto add = [this, &sources](const Column& column) {
        const QString name = toQString(column.name());
        const bool isSource = column.name() == sources;
        m_among->insertSeparator(m_among->count());
        m_among->addItem(isSource ? tr("Among another source than its own")
                                  : tr("Among another %1 than its own").arg(name),
            QStringList{name});
        for (const std::string& value : column.asCategory()->categories) {
            m_among->addItem(isSource ? tr("Among %1").arg(toQString(value))
                                      : tr("Among %1: %2").arg(name, toQString(value)),
                QStringList{name, toQString(value)});
        }
    };
    const auto canAdd = [](const Column& column) {
        return column.kind() == ColumnKind::Category && column.distinctCount() > 1
            && column.distinctCount() <= kMostValues;
    };
    if (dataset) {
        const Columns& columns = dataset->columns();
        const auto source = findColumn(columns, sources);
        if (!sources.empty() && source && columns[*source].asCategory())
            add(columns[*source]);
        for (const Column& column : columns) {
            if (column.name() != sources && canAdd(column))
                add(column);
        }
    }
    m_among->setVisible(m_among->count() > 1);
    showParameters();
}

void NeighborsPanel::showParameters()
{
    const NeighborState* neighbors = m_workspace.neighbors();
    QStringList choice;
    if (const auto& among = neighbors->among()) {
        choice.append(toQString(among->column));
        if (among->value)
            choice.append(toQString(*among->value));
    }
    for (int row = 0; row < m_among->count(); ++row) {
        if (m_among->itemData(row).toStringList() == choice && !m_among->itemText(row).isEmpty()) {
            m_among->setCurrentIndex(row);
            break;
        }
    }
    m_metric->setCurrentIndex(
        m_metric->findData(QVariant::fromValue(static_cast<int>(neighbors->metric()))));
    const QSignalBlocker blocker(m_k);
    m_k->setValue(static_cast<int>(neighbors->k()));
    m_header->say(headline());
}

QString NeighborsPanel::headline() const
{
    const Dataset* dataset = m_workspace.dataset().get();
    if (!dataset)
        return {};
    return tr("In the full %1 dimensions, as in the file.")
        .arg(toQString(formatCount(dataset->dimensions())));
}

void NeighborsPanel::showList()
{
    const NeighborState* neighbors = m_workspace.neighbors();
    const auto& dataset = m_workspace.dataset();
    const PointId current = m_workspace.selection()->current();
    const bool hasPoint = dataset && current != kNoPoint && current < dataset->size();
    m_header->say(headline());
    m_title->setText(hasPoint ? toQString(dataset->name(current)) : QString());
    m_title->setToolTip(m_title->text());
    // A new list is on its way: the old one stays until then, so that walking does not flicker.
    if (hasPoint && !neighbors->list() && neighbors->error().isEmpty()) {
        if (!m_busyDelay->isActive())
            m_busyDelay->start();
        return;
    }
    m_busyDelay->stop();
    m_view->setEnabled(true);
    m_model->setNeighbors(dataset, hasPoint ? neighbors->list() : nullptr);
    m_chart->setNeighbors(hasPoint ? neighbors->list() : nullptr);
    m_view->scrollToTop();
    const bool hasRows = m_model->rowCount() > 0;
    for (QPushButton* button : {m_select, m_copy, m_export})
        button->setEnabled(hasRows);
    if (!dataset)
        m_message->say(tr("Open a file to see neighbours."));
    else if (!hasPoint)
        m_message->say(tr("Select a point to see its neighbours."));
    else if (!neighbors->error().isEmpty())
        m_message->say(neighbors->error());
    else if (neighbors->list() && !hasRows && neighbors->list()->warning.empty())
        m_message->say(tr("No other point can be compared with this one."));
    else if (neighbors->list())
        m_message->say(toQString(neighbors->list()->warning));
}

void NeighborsPanel::showBusy()
{
    m_model->setNeighbors(m_workspace.dataset(), nullptr);
    m_chart->setNeighbors(nullptr);
    m_view->setEnabled(false);
    m_message->say(tr("Comparing with every point…"));
}

void NeighborsPanel::showHistory()
{
    m_back->setEnabled(m_workspace.neighbors()->canGoBack());
    m_forward->setEnabled(m_workspace.neighbors()->canGoForward());
}

void NeighborsPanel::copy() const
{
    if (m_model->rowCount() > 0)
        QGuiApplication::clipboard()->setText(m_model->toText('\t'));
}

void NeighborsPanel::exportCsv()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the neighbours"),
        QStringLiteral("neighbours.csv"), tr("Comma-separated values (*.csv)"));
    if (path.isEmpty())
        return;
    const std::string text = toStdString(m_model->toText(','));
    const Status status = writeAtomically(
        QFile::encodeName(path).toStdString(), [&text](std::ostream& out) -> Status {
            out << text;
            return {};
        });
    if (status)
        emit m_workspace.notified(tr("The neighbours were saved as %1.").arg(path));
    else
        emit m_workspace.failed(toQString(describe(status.error())));
}

void NeighborsPanel::selectAll()
{
    const auto& list = m_workspace.neighbors()->list();
    const auto& dataset = m_workspace.dataset();
    if (!list || !dataset)
        return;
    PointSet points(dataset->size(), {list->query});
    for (const Neighbor& neighbor : list->neighbors)
        points.insert(neighbor.id);
    m_workspace.selection()->select(points, SelectionMode::Replace);
}

} // namespace embedscope::ui
