#include "ui/workspace/workspace.h"

#include "core/projection/projection.h"
#include "ui/convert.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/health_state.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"

namespace embedscope::ui {

namespace {

using DatasetPointer = std::shared_ptr<const Dataset>;
using LayoutPointer = std::shared_ptr<const Layout>;

} // namespace

Workspace::Workspace(QObject* parent)
    : QObject(parent)
    , m_layouts(new LayoutList(this))
    , m_selection(new SelectionState(this))
    , m_color(new ColorState(this))
    , m_search(new SearchState(this))
    , m_neighbors(new NeighborState(m_selection, this))
    , m_projection(new ProjectionState(this))
    , m_quality(new QualityState(m_selection, m_projection, m_layouts, this))
    , m_health(new HealthState(this))
{
    connect(&m_loader, &JobRunner::progressed, this, [this](const QString& stage, double fraction) {
        m_loadingStage = stage;
        m_loadingFraction = fraction;
        emit loadingChanged();
    });
    connect(m_search, &SearchState::positionChanged, this, [this] {
        if (m_search->currentHit() != kNoPoint)
            m_selection->selectPoint(m_search->currentHit());
    });
    connect(m_projection, &ProjectionState::started, this, [this] { m_followsRun = true; });
    connect(m_projection, &ProjectionState::layoutReady, this, &Workspace::followRun);
    connect(m_projection, &ProjectionState::ended, this, &Workspace::endRun);
    connect(m_projection, &ProjectionState::failed, this, &Workspace::failed);
    connect(m_layouts, &LayoutList::dropped, this, [this](const QString& name) {
        emit notified(tr("The oldest map, “%1”, was dropped to save memory. Pin maps to keep them.")
                          .arg(name));
    });
    connect(m_quality, &QualityState::columnsChanged, this,
        [this] { m_color->setMapColumns(m_quality->columns()); });
}

Workspace::~Workspace() = default;

void Workspace::stopLoading()
{
    m_loader.discard();
    endLoading();
}

void Workspace::show(std::shared_ptr<const Dataset> dataset)
{
    stopLoading();
    m_path.clear();
    m_options = {};
    m_beside.clear();
    m_tables.reset();
    m_steps.clear();
    setDataset(std::move(dataset));
}

void Workspace::close()
{
    show(nullptr);
}

void Workspace::showColumnsAsMap(const std::vector<std::size_t>& columns)
{
    if (!m_dataset)
        return;
    auto layout = layoutFromColumns(*m_dataset, columns);
    if (!layout) {
        emit failed(toQString(describe(layout.error())));
        return;
    }
    const QString name = tr("Columns %1").arg(toQString(layout->recipe.source));
    addGiven(name, std::make_shared<const Layout>(std::move(layout).value()));
}

void Workspace::setLabelColumn(std::optional<std::size_t> column)
{
    if (m_dataset && m_dataset->labelColumn() != column)
        setColumnsOf(m_dataset->withLabelColumn(column));
}

void Workspace::setDataset(DatasetPointer dataset)
{
    m_dataset = std::move(dataset);
    m_layout.reset();
    m_shownBefore = 0;
    m_followsRun = true;
    const Index n = m_dataset ? m_dataset->size() : 0;
    m_selection->reset(n);
    m_projection->reset(m_dataset);
    m_layouts->clear();
    m_quality->reset(m_dataset);
    m_color->reset(m_dataset);
    m_search->reset(m_dataset);
    m_neighbors->reset(m_dataset);
    colorBySource();
    m_health->setDataset(m_dataset);
    emit datasetChanged();
    emit layoutChanged();
    if (m_dataset)
        showFirstPicture();
}

void Workspace::setColumnsOf(DatasetPointer dataset)
{
    m_dataset = std::move(dataset);
    m_projection->setDataset(m_dataset);
    m_quality->setDataset(m_dataset);
    m_color->setDataset(m_dataset);
    m_search->setDataset(m_dataset);
    m_neighbors->setDataset(m_dataset);
    m_health->setDataset(m_dataset);
    emit columnsChanged();
}

int Workspace::shownLayoutId() const
{
    return m_layouts->shownId();
}

void Workspace::showEntry(int id)
{
    const KeptLayout* entry = m_layouts->find(id);
    if (!entry)
        return;
    m_layout = entry->layout;
    m_layouts->setShown(id);
    m_quality->setLayout(m_layout);
    emit layoutChanged();
}

void Workspace::showLayout(int id)
{
    if (id == m_layouts->shownId() || !m_layouts->find(id))
        return;
    m_followsRun = id == m_layouts->runningId();
    showEntry(id);
}

void Workspace::showLayoutBeside(int rows)
{
    showLayout(m_layouts->idBeside(m_layouts->shownId(), rows));
}

bool Workspace::canRemoveLayout(int id) const
{
    return m_layouts->find(id) && id != m_layouts->runningId() && m_layouts->entries().size() > 1;
}

void Workspace::removeLayout(int id)
{
    if (!canRemoveLayout(id))
        return;
    if (id == m_layouts->shownId()) {
        const int next = m_layouts->idBeside(id, 1);
        showLayout(next != id ? next : m_layouts->idBeside(id, -1));
    }
    m_layouts->remove(id);
}

void Workspace::useSettingsOf(int id)
{
    const KeptLayout* entry = m_layouts->find(id);
    if (entry && entry->request)
        emit settingsWanted(settingsOf(*entry));
}

void Workspace::addGiven(const QString& name, LayoutPointer layout)
{
    KeptLayout entry;
    entry.name = name;
    entry.layout = std::move(layout);
    m_followsRun = false;
    showEntry(m_layouts->add(std::move(entry)));
}

void Workspace::followRun(const LayoutPointer& layout)
{
    if (!m_dataset || !layout || layout->size() != m_dataset->size())
        return;
    if (m_layouts->runningId() == 0) {
        KeptLayout entry;
        entry.layout = layout;
        entry.request = m_projection->request();
        entry.isStartedFromAnother = entry.request->start != nullptr;
        entry.request->start.reset();
        entry.isTakenFurther = m_projection->isGoingOn();
        entry.name = nameOf(*entry.request);
        if (entry.isTakenFurther)
            entry.name = tr("%1, taken further").arg(entry.name);
        m_shownBefore = m_layouts->shownId();
        m_layouts->addRunning(std::move(entry));
    } else {
        m_layouts->updateRunning(layout);
    }
    if (m_followsRun)
        showEntry(m_layouts->runningId());
}

void Workspace::endRun(bool isKept)
{
    if (isKept) {
        m_layouts->keepRunning(m_projection->seconds(), !m_projection->liveValues().empty());
        return;
    }
    const bool wasShown
        = m_layouts->runningId() != 0 && m_layouts->shownId() == m_layouts->runningId();
    m_layouts->dropRunning();
    if (wasShown)
        showEntry(m_layouts->find(m_shownBefore) ? m_shownBefore : m_layouts->idBeside(0, 0));
}

void Workspace::showFirstPicture()
{
    if (m_dataset->coordinateColumns().size() >= 2) {
        showColumnsAsMap(m_dataset->coordinateColumns());
        if (m_layout)
            return;
    }
    m_projection->run(ProjectionRequest{});
}

} // namespace embedscope::ui
