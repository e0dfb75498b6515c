#include "ui/workspace/workspace.h"

#include "core/io/open.h"
#include "core/io/write.h"
#include "core/projection/projection.h"
#include "ui/convert.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"

#include <QFile>
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
    , m_selection(new SelectionState(this))
    , m_color(new ColorState(this))
    , m_search(new SearchState(this))
    , m_neighbors(new NeighborState(m_selection, this))
    , m_projection(new ProjectionState(this))
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
    connect(m_projection, &ProjectionState::layoutReady, this, &Workspace::setLayout);
    connect(m_projection, &ProjectionState::failed, this, &Workspace::failed);
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
        [file = systemPath(path), options, metadata](
            const JobContext& context) -> Result<Opened> {
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
        [this](Result<LayoutPointer> result) {
            endLoading();
            if (result) {
                m_projection->discard(); // Or its last picture would come after this one.
                setLayout(*result);
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
    m_projection->discard();
    setLayout(std::make_shared<const Layout>(std::move(layout).value()));
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
    const Index n = m_dataset ? m_dataset->size() : 0;
    m_selection->reset(n);
    m_projection->reset(m_dataset);
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
    m_color->setDataset(m_dataset);
    m_search->setDataset(m_dataset);
    m_neighbors->setDataset(m_dataset);
    emit columnsChanged();
}

void Workspace::setLayout(LayoutPointer layout)
{
    if (!m_dataset || !layout || layout->size() != m_dataset->size())
        return;
    m_layout = std::move(layout);
    if (m_projection->phase() == ProjectionState::Phase::Idle)
        m_projection->setLayoutBefore(m_layout);
    emit layoutChanged();
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
