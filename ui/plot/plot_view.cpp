#include "ui/plot/plot_view.h"

#include "core/plot/palette.h"
#include "ui/convert.h"
#include "ui/plot/points_item.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QChart>
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QPainter>
#include <QStyle>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr double kFitMarginPx = 14;
constexpr int kFrameMs = 16;

} // namespace

PlotView::PlotView(Workspace* workspace, QWidget* parent)
    : QChartView(new QChart, parent)
    , m_workspace(workspace)
    , m_frame(chart())
    , m_points(new PointsItem(chart()))
{
    setAccessibleName(tr("Map"));
    setWhatsThis(
        tr("The map of all points. Drag to move it, turn the wheel to zoom, click a point to "
           "select it and to see its neighbours. L draws a lasso, B a box, F shows all. A map of "
           "three dimensions is turned by dragging, and moved with Shift or the right button."));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setRubberBand(QChartView::NoRubberBand);
    setDragMode(QGraphicsView::NoDrag);
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setRenderHint(QPainter::Antialiasing);
    setMinimumSize(160, 120);
    viewport()->setMouseTracking(true);
    // The whole viewport is painted anew each time; nothing of the style's shows through.
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);

    m_refit.setInterval(kFrameMs);
    connect(&m_refit, &QTimer::timeout, this, &PlotView::stepTowardsTarget);
    connect(&m_worker, &RenderWorker::pictureReady, this, &PlotView::onPicture);
    connect(&m_worker, &RenderWorker::gridReady, this, &PlotView::onGrid);
    connect(&m_images, &ImageCache::ready, this, &PlotView::onHoveredChanged);
    connect(&m_morph, &MorphClock::ticked, this, &PlotView::requestPicture);
    connect(&m_morph, &MorphClock::finished, this, &PlotView::endMorph);
    connectWorkspace();
    m_overlay.setFont(font());
    onMarksChanged();
    onDatasetChanged();
    arrange();
}

PlotView::~PlotView() = default;

void PlotView::connectWorkspace()
{
    const ColorState* color = m_workspace->color();
    connect(m_workspace, &Workspace::datasetChanged, this, &PlotView::onDatasetChanged);
    connect(m_workspace, &Workspace::columnsChanged, this, [this] {
        m_overlay.setDataset(m_workspace->dataset());
        findPaths();
        m_overlay.chooseSample();
        viewport()->update();
    });
    connect(m_workspace, &Workspace::layoutChanged, this, &PlotView::onLayoutChanged);
    connect(color, &ColorState::coloringChanged, this, [this, color] {
        m_sources.coloring = color->coloring();
        m_sources.theme = color->theme();
        updateTheme();
        requestPicture();
    });
    connect(color, &ColorState::visibilityChanged, this, [this, color] {
        m_sources.visible = color->visible();
        requestPicture();
    });
    connect(color, &ColorState::styleChanged, this, [this, color] {
        m_overlay.setPointRadius(color->pointRadius());
        requestPicture();
    });
    connect(m_workspace->projection(), &ProjectionState::phaseChanged, viewport(),
        qOverload<>(&QWidget::update));
    const SelectionState* selection = m_workspace->selection();
    connect(selection, &SelectionState::selectionChanged, this, &PlotView::onSelectionChanged);
    connect(selection, &SelectionState::currentChanged, this, &PlotView::onSelectionChanged);
    connect(selection, &SelectionState::hoveredChanged, this, &PlotView::onHoveredChanged);
    connect(m_workspace->search(), &SearchState::resultChanged, this, [this] {
        m_sources.hits = m_workspace->search()->result();
        requestPicture();
    });
    connect(
        m_workspace->neighbors(), &NeighborState::listChanged, this, &PlotView::onNeighborsChanged);
    const QualityState* quality = m_workspace->quality();
    connect(quality, &QualityState::overlayChanged, this, &PlotView::onMarksChanged);
    connect(quality, &QualityState::phaseChanged, this, &PlotView::onMarksChanged);
}

void PlotView::onDatasetChanged()
{
    const ColorState* color = m_workspace->color();
    m_sources = {};
    m_sources.theme = color->theme();
    m_sources.coloring = color->coloring();
    m_sources.visible = color->visible();
    m_sources.hits = m_workspace->search()->result();
    updateTheme();
    m_overlay.setDataset(m_workspace->dataset());
    m_overlay.setPaths(nullptr);
    findPaths();
    m_overlay.setPointRadius(color->pointRadius());
    m_overlay.setScene(nullptr);
    m_points->setPicture(nullptr);
    m_picker.setGrid(nullptr);
    m_overlay.setGrid(nullptr);
    m_neighborsWanted = kNoPoint;
    m_morph.stop();
    m_morphStart = {};
    abandonArea();
    m_fitsNext = true;
    m_isMovedByUser = false;
    m_refit.stop();
    onSelectionChanged();
    onLayoutChanged();
}

void PlotView::findPaths()
{
    using Found = std::shared_ptr<const Paths>;
    const auto& dataset = m_workspace->dataset();
    if (!dataset) {
        m_pathFinder.discard();
        emit pathsFound();
        return;
    }
    m_pathFinder.run<Found>(
        [dataset](const JobContext&) -> Result<Found> { return pathsOf(*dataset); },
        [this](Result<Found> found) {
            m_overlay.setPaths(found ? *std::move(found) : nullptr);
            viewport()->update();
            emit pathsFound();
        });
}

void PlotView::updateTheme()
{
    m_frame.setTheme(m_sources.theme);
    setBackgroundBrush(toColor(backgroundColor(m_sources.theme)));
}

void PlotView::onLayoutChanged()
{
    const std::shared_ptr<const Layout> before = m_sources.layout;
    m_sources.layout = m_workspace->layout();
    const bool isAnotherMap = m_workspace->shownLayoutId() != m_layoutId;
    m_layoutId = m_workspace->shownLayoutId();
    if (m_sources.layout == nullptr) {
        m_points->setPicture(nullptr);
        m_overlay.setScene(nullptr);
        m_fitsNext = true;
        m_isMovedByUser = false;
    } else if (before == nullptr || before->size() != m_sources.layout->size()
        || before->dimensions() != m_sources.layout->dimensions()
        || before->recipe.method != m_sources.layout->recipe.method || isAnotherMap) {
        if (isAnotherMap && before != nullptr && before->size() == m_sources.layout->size())
            startMorph();
        m_fitsNext = true;
        m_isMovedByUser = false;
        m_refit.stop();
    }
    updateWords();
    requestPicture();
}

void PlotView::startMorph()
{
    const auto& picture = m_points->picture();
    const bool wantsMotion
        = style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) > 0;
    if (!picture || picture->cloud->size() == 0 || !isVisible() || !wantsMotion)
        return;
    m_morphStart = {picture->cloud->isSpace ? picture->scene->seen() : picture->cloud, m_camera};
    m_morph.start();
}

void PlotView::endMorph()
{
    m_morphStart = {};
    requestPicture();
}

void PlotView::onSelectionChanged()
{
    const SelectionState* selection = m_workspace->selection();
    m_sources.selected = std::make_shared<const PointSet>(selection->selected());
    m_sources.current = selection->current();
    const auto& list = m_workspace->neighbors()->list();
    m_sources.neighbors = list && list->query == m_sources.current ? list : nullptr;
    if (m_neighborsWanted != m_sources.current)
        m_neighborsWanted = kNoPoint;
    const auto& dataset = m_workspace->dataset();
    setAccessibleDescription(dataset && m_sources.current < dataset->size()
            ? tr("Selected: %1").arg(toQString(dataset->name(m_sources.current)))
            : QString());
    requestPicture();
}

void PlotView::onNeighborsChanged()
{
    const auto& list = m_workspace->neighbors()->list();
    m_sources.neighbors = list && list->query == m_sources.current ? list : nullptr;
    if (m_sources.neighbors && m_neighborsWanted == m_sources.current) {
        m_neighborsWanted = kNoPoint;
        PointSet points = m_workspace->selection()->selected();
        for (const Neighbor& neighbor : list->neighbors)
            points.insert(neighbor.id);
        m_workspace->selection()->select(points, SelectionMode::Replace);
    }
    requestPicture();
}

void PlotView::onHoveredChanged()
{
    const PointId id = m_workspace->selection()->hovered();
    QImage thumbnail;
    const auto& dataset = m_workspace->dataset();
    if (dataset && id < dataset->size()) {
        for (const Column& column : dataset->columns()) {
            if (const ImageValues* images = column.asImage()) {
                thumbnail = m_images.image(*images, id);
                break;
            }
        }
    }
    m_overlay.setHovered(id, thumbnail);
    updateCursor();
    viewport()->update();
}

void PlotView::onMarksChanged()
{
    const QualityState* quality = m_workspace->quality();
    const QString hint = quality->phase() == QualityState::Phase::Waiting
        ? tr("Neighbours are marked when the points rest.")
        : tr("Rest on a point or select it to see what was torn.");
    m_overlay.setMarked(quality->isOverlayShown(), quality->marked(), hint);
    viewport()->update();
}

void PlotView::requestPicture()
{
    // Several changes at once, as when a file is opened, ask for one picture.
    if (m_isRequested)
        return;
    m_isRequested = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_isRequested = false;
            RenderRequest request;
            request.sources = m_sources;
            request.camera = m_camera;
            request.isFitted = m_fitsNext;
            request.fitMargin = kFitMarginPx;
            request.pixelRatio = viewport()->devicePixelRatioF();
            request.radius = m_workspace->color()->pointRadius();
            request.opacity = m_workspace->color()->opacity();
            if (m_morph.isRunning()) {
                request.morph = m_morphStart;
                request.morphShare = m_morph.share();
            }
            m_worker.request(std::move(request));
        },
        Qt::QueuedConnection);
}

void PlotView::onPicture(const std::shared_ptr<const RenderedPicture>& picture)
{
    if (picture->scene->sources.layout != m_sources.layout) {
        // Of a layout that is no longer shown: fine while points move, wrong after another opened.
        const auto& shown = picture->scene->sources.layout;
        if (!shown || !m_sources.layout || shown->size() != m_sources.layout->size() || m_fitsNext)
            return;
    } else if (m_fitsNext && m_sources.layout) {
        m_fitsNext = false;
        setCamera(picture->camera, false);
    }
    m_points->setPicture(picture);
    m_overlay.setScene(
        picture->scene, picture->cloud == picture->scene->cloud ? nullptr : picture->cloud);
    showCamera();
    if (!m_isMovedByUser && m_sources.layout && picture->scene->cloud->size() > 0) {
        m_target = m_camera;
        m_target.fit(picture->bounds, kFitMarginPx);
        if (!(m_target == m_camera) && !m_refit.isActive())
            m_refit.start();
    }
    if (isPictureComplete()) {
        // While points move, the names that stand go along with theirs.
        if (m_workspace->projection()->phase() != ProjectionState::Phase::Running
            || !m_overlay.hasSample())
            m_overlay.chooseSample();
        emit pictureCompleted();
    }
    viewport()->update();
}

void PlotView::stepTowardsTarget()
{
    // A third of the way in each frame: follows points that spread without jumping.
    constexpr double share = 0.35;
    const double zoom = std::log(m_target.scale() / m_camera.scale());
    const MapPoint from = m_camera.center();
    const MapPoint to = m_target.center();
    const double offset = std::hypot(to.x - from.x, to.y - from.y) * m_camera.scale();
    if (m_isMovedByUser || (std::abs(zoom) < 0.002 && offset < 0.5)) {
        m_refit.stop();
        if (!m_isMovedByUser)
            setCamera(m_target, false);
        return;
    }
    Camera camera = m_target;
    camera.zoomAt(m_target.widthPx() / 2, m_target.heightPx() / 2, std::exp(-zoom * (1 - share)));
    camera.centerOn(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share);
    setCamera(camera, false);
}

void PlotView::setCamera(const Camera& camera, bool isByUser)
{
    if (isByUser) {
        if (m_fitsNext)
            return; // There is nothing to see yet; the first picture shows all.
        m_isMovedByUser = true;
        m_refit.stop();
    }
    m_camera = camera;
    showCamera();
    m_frame.follow(camera);
    requestPicture();
    viewport()->update();
    emit cameraChanged();
}

bool PlotView::isPictureComplete() const
{
    const auto& picture = m_points->picture();
    return picture && picture->isComplete && !m_isRequested && !m_worker.isBusy()
        && !m_refit.isActive() && !m_morph.isRunning() && picture->camera == m_camera
        && picture->scene->sources.layout == m_sources.layout
        && (!isSpace() || picture->scene->view.turn() == m_sources.turn);
}

void PlotView::arrange()
{
    m_area = m_frame.areaFor(QSizeF(viewport()->size()));
    m_frame.setArea(m_area);
    m_points->setArea(m_area);
    Camera camera = m_camera;
    camera.resize(m_area.width(), m_area.height());
    const auto& picture = m_points->picture();
    if (!m_isMovedByUser && !m_fitsNext && picture && picture->scene->cloud->size() > 0)
        camera.fit(picture->bounds, kFitMarginPx);
    setCamera(camera, false);
}

void PlotView::updateWords()
{
    m_frame.setWords(m_sources.layout ? axisWords(*m_sources.layout) : AxisWords());
    arrange();
}

void PlotView::fitAll()
{
    m_isMovedByUser = false;
    const auto& picture = m_points->picture();
    if (!picture || picture->scene->cloud->size() == 0)
        return;
    Camera camera = m_camera;
    camera.fit(picture->bounds, kFitMarginPx);
    setCamera(camera, false);
}

void PlotView::fitSelection()
{
    const auto& layout = m_sources.layout;
    if (!layout || m_workspace->selection()->selected().universe() != layout->size())
        return;
    constexpr double inf = std::numeric_limits<double>::infinity();
    MapRect bounds = {inf, inf, -inf, -inf};
    const SpaceView view = spaceView();
    m_workspace->selection()->selected().forEach([&](PointId id) {
        const auto p = placeOf(id, view);
        if (!p)
            return;
        bounds.left = std::min(bounds.left, p->x);
        bounds.right = std::max(bounds.right, p->x);
        bounds.bottom = std::min(bounds.bottom, p->y);
        bounds.top = std::max(bounds.top, p->y);
    });
    if (!(bounds.left <= bounds.right))
        return;
    // The limits of the zoom stay those of the whole map; a single point is brought near, not to
    // where nothing else is seen.
    const double limit = m_points->picture()
        ? std::max(m_points->picture()->bounds.width(), m_points->picture()->bounds.height()) / 20
        : 0;
    const double padX = std::max(0.0, limit - bounds.width()) / 2;
    const double padY = std::max(0.0, limit - bounds.height()) / 2;
    Camera wanted = m_camera;
    wanted.fit({bounds.left - padX, bounds.bottom - padY, bounds.right + padX, bounds.top + padY},
        4 * kFitMarginPx);
    Camera camera = m_camera;
    camera.zoomAt(0, 0, wanted.scale() / camera.scale());
    camera.centerOn(wanted.center().x, wanted.center().y);
    setCamera(camera, true);
}

void PlotView::centerOn(PointId id)
{
    const auto place = placeOf(id, spaceView());
    if (!place)
        return;
    Camera camera = m_camera;
    camera.centerOn(place->x, place->y);
    setCamera(camera, true);
}

void PlotView::copyLabel(PointId id)
{
    const auto& dataset = m_workspace->dataset();
    if (dataset && id < dataset->size())
        QGuiApplication::clipboard()->setText(toQString(dataset->name(id)));
}

void PlotView::selectNeighbors(PointId id)
{
    m_neighborsWanted = id;
    m_workspace->selection()->selectPoint(id);
    m_neighborsWanted = id;
    onNeighborsChanged();
}

void PlotView::setSampleLabels(bool areShown)
{
    m_overlay.setSampleLabels(areShown);
    m_overlay.chooseSample();
    viewport()->update();
}

void PlotView::setPathsShown(bool areShown)
{
    m_overlay.setPathsShown(areShown);
    viewport()->update();
}

MapPicture PlotView::picture() const
{
    MapPicture p;
    p.dataset = m_workspace->dataset();
    p.sources = m_sources;
    if (m_overlay.arePathsShown())
        p.paths = m_overlay.allPaths();
    if (m_workspace->quality()->isOverlayShown())
        p.marked = m_workspace->quality()->ofCurrent(); // Not of what the mouse happens to be over.
    const ColorState* color = m_workspace->color();
    if (const auto column = color->column())
        p.legendTitle = toQString(color->columns()[*column].name());
    p.title = QFileInfo(m_workspace->path()).fileName();
    p.pointRadius = color->pointRadius();
    p.opacity = color->opacity();
    p.size = viewport()->size();
    if (m_isMovedByUser || isSpace())
        p.view = m_camera.visible();
    return p;
}

} // namespace embedscope::ui
