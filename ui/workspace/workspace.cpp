#include "ui/workspace/workspace.h"

#include "core/io/open.h"
#include "core/io/writers/write.h"
#include "core/projection/projection.h"
#include "ui/convert.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <algorithm>

namespace embedscope::ui {

namespace {

using DatasetPointer = std::shared_ptr<const Dataset>;
using LayoutPointer = std::shared_ptr<const Layout>;

/// A path as the system knows it, which need not be UTF-8.
std::string systemPath(const QString& path)
{
    return QFile::encodeName(path).toStdString();
}

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

void Workspace::open(const QString& path, const ReadOptions& options, const QStringList& metadata)
{
    struct Opened
    {
        DatasetPointer dataset;
        QStringList metadata; ///< What could be laid beside it.
        QStringList failures; ///< Sentences on what could not.
    };
    startLoading(path);
    m_loader.run<Opened>(
        [file = systemPath(path), options, metadata](const JobContext& context) -> Result<Opened> {
            const Progress& progress = context.progress();
            const double share = 1.0 / static_cast<double>(1 + metadata.size());
            Opened opened;
            EMBEDSCOPE_TRY_ASSIGN(
                opened.dataset, openDataset(file, options, progress.part(0, share)));
            for (qsizetype i = 0; i < metadata.size(); ++i) {
                const double begin = static_cast<double>(i + 1) * share;
                auto more = withMetadataFile(opened.dataset, systemPath(metadata[i]),
                    progress.part(begin, std::min(1.0, begin + share)));
                if (more) {
                    opened.dataset = std::move(more).value();
                    opened.metadata.append(metadata[i]);
                } else if (more.error().code == ErrorCode::Stopped) {
                    return std::move(more).error();
                } else {
                    opened.failures.append(toQString(describe(more.error())));
                }
            }
            return opened;
        },
        [this, path, options](Result<Opened> result) {
            endLoading();
            if (!result) {
                if (result.error().code != ErrorCode::Stopped)
                    emit failed(toQString(describe(result.error())));
                return;
            }
            const bool isReload
                = m_dataset && m_path == path && m_dataset->size() == result->dataset->size();
            const PointSet selected = m_selection->selected();
            const PointId current = m_selection->current();
            m_path = path;
            m_options = options;
            m_metadata = result->metadata;
            setDataset(result->dataset);
            if (isReload && !selected.isEmpty()) {
                m_selection->select(selected, SelectionMode::Replace);
                if (current != kNoPoint)
                    m_selection->setCurrent(current);
            }
            for (const QString& sentence : result->failures)
                emit failed(sentence);
        });
}

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
    setDataset(std::move(dataset));
}

void Workspace::reload()
{
    if (m_dataset && !m_path.isEmpty())
        open(m_path, m_options, m_metadata);
}

void Workspace::close()
{
    show(nullptr);
}

void Workspace::addMetadata(const QString& path)
{
    if (!m_dataset)
        return;
    startLoading(path);
    m_loader.run<DatasetPointer>(
        [dataset = m_dataset, file = systemPath(path)](const JobContext& context) {
            return withMetadataFile(dataset, file, context.progress());
        },
        [this, path](Result<DatasetPointer> result) {
            endLoading();
            if (result) {
                m_metadata.append(path);
                setColumnsOf(std::move(result).value());
            } else if (result.error().code != ErrorCode::Stopped) {
                emit failed(toQString(describe(result.error())));
            }
        });
}

void Workspace::openLayout(const QString& path)
{
    if (!m_dataset)
        return;
    startLoading(path);
    m_loader.run<LayoutPointer>(
        [dataset = m_dataset, file = systemPath(path)](
            const JobContext& context) -> Result<LayoutPointer> {
            EMBEDSCOPE_TRY_ASSIGN(auto layout, readLayout(file, *dataset, context.progress()));
            return std::make_shared<const Layout>(std::move(layout));
        },
        [this, path](Result<LayoutPointer> result) {
            endLoading();
            if (result) {
                addGiven(QFileInfo(path).fileName(), *result);
            } else if (result.error().code != ErrorCode::Stopped) {
                emit failed(toQString(describe(result.error())));
            }
        });
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

void Workspace::saveLayout(int id, const QString& path)
{
    const KeptLayout* entry = m_layouts->find(id);
    if (!m_dataset || !entry)
        return;
    // A runner of its own: two maps saved one after the other must both come about.
    auto* runner = new JobRunner(this);
    runner->run<void>(
        [dataset = m_dataset, layout = entry->layout, file = systemPath(path)](
            const JobContext& context) {
            return writeLayout(file, *dataset, *layout, context.progress());
        },
        [this, runner, path](const Status& status) {
            runner->deleteLater();
            if (status)
                emit notified(tr("Saved %1").arg(QDir::toNativeSeparators(path)));
            else if (status.error().code != ErrorCode::Stopped)
                emit failed(toQString(describe(status.error())));
        });
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

void Workspace::startLoading(const QString& path)
{
    m_loadingPath = path;
    m_loadingStage.clear();
    m_loadingFraction = 0;
    emit loadingChanged();
}

void Workspace::endLoading()
{
    if (m_loadingPath.isEmpty())
        return;
    m_loadingPath.clear();
    emit loadingChanged();
}

} // namespace embedscope::ui
