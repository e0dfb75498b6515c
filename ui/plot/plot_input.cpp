#include "core/base/parallel.h"
#include "core/plot/lasso.h"
#include "core/plot/palette.h"
#include "ui/plot/plot_view.h"
#include "ui/plot/points_item.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

// The gestures of PlotView. The base class's handlers of mouse and wheel are never called: its
// rubber band takes for granted that the mouse is over an item.

namespace embedscope::ui {

namespace {

constexpr double kClickSlackPx = 4; ///< A press that moves less is a click.
constexpr double kPickRadiusPx = 8;
constexpr double kZoomPerNotch = 1.25;
constexpr double kZoomPerKey = 1.4;
constexpr double kPanPerKeyPx = 60;
constexpr double kTurnPerKeyPx = 30;
constexpr double kLassoStepPx = 2;

} // namespace

PointId PlotView::pointAt(const QPointF& position) const
{
    const auto& picture = m_points->picture();
    if (!picture || !m_area.contains(position))
        return kNoPoint;
    return m_picker.pick(*picture->scene,
        {m_camera.toMap(position.x() - m_area.left(), position.y() - m_area.top()),
            kPickRadiusPx / m_camera.scale(),
            m_workspace->color()->pointRadius() / m_camera.scale()});
}

void PlotView::setMode(Mode mode)
{
    if (mode == m_mode)
        return;
    abandonArea();
    m_mode = mode;
    updateCursor();
    emit modeChanged(mode);
}

void PlotView::updateCursor()
{
    if (m_drag == Drag::Pan || m_drag == Drag::Turn)
        viewport()->setCursor(Qt::ClosedHandCursor);
    else if (m_mode != Mode::Pan)
        viewport()->setCursor(Qt::CrossCursor);
    else if (m_workspace->selection()->hovered() != kNoPoint)
        viewport()->setCursor(Qt::PointingHandCursor);
    else
        viewport()->setCursor(Qt::ArrowCursor);
}

void PlotView::mousePressEvent(QMouseEvent* event)
{
    event->accept();
    m_morph.finish(); // Whoever acts does not want to wait.
    if (m_drag != Drag::None) {
        // Another button in the middle of a drag: not a new gesture.
        return;
    }
    m_isDragOver = false;
    beginDrag(event);
}

void PlotView::beginDrag(QMouseEvent* event)
{
    const bool isRight = event->button() == Qt::RightButton;
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton
        && !(isRight && isSpace()))
        return;
    m_button = event->button();
    m_isMenuDue = false;
    m_isTurning
        = isSpace() && m_button == Qt::LeftButton && (event->modifiers() & Qt::ShiftModifier) == 0;
    m_pressedAt = m_last = event->position();
    m_drag = Drag::Press;
    if (m_button == Qt::LeftButton && m_mode != Mode::Pan) {
        m_drag = Drag::Area;
        m_band.clear();
        m_band << m_pressedAt;
    }
    m_refit.stop();
}

void PlotView::mouseMoveEvent(QMouseEvent* event)
{
    event->accept();
    const QPointF position = event->position();
    if (m_drag == Drag::None) {
        updateHover(position);
        return;
    }
    if (m_drag == Drag::Press && (position - m_pressedAt).manhattanLength() >= kClickSlackPx) {
        m_drag = m_isTurning ? Drag::Turn : Drag::Pan;
        m_isMenuDue = false;
        if (m_isTurning)
            m_pivot = findPivot();
        m_workspace->selection()->setHovered(kNoPoint);
        updateCursor();
    }
    if (m_drag == Drag::Turn) {
        turnBy(position.x() - m_last.x(), position.y() - m_last.y(), m_pivot);
        m_last = position;
    } else if (m_drag == Drag::Pan) {
        Camera camera = m_camera;
        camera.pan(position.x() - m_last.x(), position.y() - m_last.y());
        m_last = position;
        setCamera(camera, true);
    } else if (m_drag == Drag::Area) {
        continueArea(position);
        const bool isSubtracting
            = (event->modifiers() & (Qt::AltModifier | Qt::ControlModifier)) != 0;
        m_overlay.setRubberBand(m_band, isSubtracting);
        viewport()->update();
    }
}

void PlotView::continueArea(const QPointF& position)
{
    if (m_mode == Mode::Box) {
        const QRectF box = QRectF(m_pressedAt, position).normalized();
        m_band = QPolygonF({box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()});
    } else if ((position - m_band.last()).manhattanLength() >= kLassoStepPx) {
        m_band << position;
    }
}

void PlotView::mouseReleaseEvent(QMouseEvent* event)
{
    event->accept();
    if (m_drag == Drag::None || event->button() != m_button)
        return;
    const Drag drag = std::exchange(m_drag, Drag::None);
    const bool isClick = (event->position() - m_pressedAt).manhattanLength() < kClickSlackPx;
    if (drag == Drag::Area && !(isClick && m_band.size() < 4)) {
        continueArea(event->position());
        finishArea(event->modifiers());
    } else if (drag == Drag::Press && isClick && m_isMenuDue) {
        m_isMenuDue = false;
        openMenu(event->position(), pointAt(event->position()));
    } else if (drag != Drag::Pan && drag != Drag::Turn && isClick && m_button == Qt::LeftButton) {
        abandonArea();
        clickAt(event->position(), event->modifiers());
    } else {
        abandonArea();
    }
    m_isDragOver = drag == Drag::Pan || drag == Drag::Turn;
    if (drag == Drag::Turn)
        chooseNames();
    updateHover(event->position());
    updateCursor();
}

void PlotView::clickAt(const QPointF& position, Qt::KeyboardModifiers modifiers)
{
    const PointId id = pointAt(position);
    if (id == kNoPoint)
        return;
    SelectionMode mode = SelectionMode::Replace;
    if ((modifiers & Qt::ControlModifier) != 0)
        mode = SelectionMode::Toggle;
    else if ((modifiers & Qt::AltModifier) != 0)
        mode = SelectionMode::Subtract;
    else if ((modifiers & Qt::ShiftModifier) != 0)
        mode = SelectionMode::Add;
    m_workspace->selection()->selectPoint(id, mode);
}

void PlotView::finishArea(Qt::KeyboardModifiers modifiers)
{
    const auto& picture = m_points->picture();
    const QPolygonF band = m_band;
    abandonArea();
    if (!picture || !m_workspace->dataset()
        || picture->scene->cloud->universe != m_workspace->dataset()->size())
        return;
    const auto toMap = [this](const QPointF& p) {
        return m_camera.toMap(p.x() - m_area.left(), p.y() - m_area.top());
    };
    const MapScene& scene = *picture->scene;
    PointSet inside;
    {
        const PriorityScope priority(WorkPriority::Interactive);
        const std::shared_ptr<const PointCloud> cloud = scene.seen();
        if (m_mode == Mode::Box) {
            const QRectF box = band.boundingRect();
            const MapPoint topLeft = toMap(box.topLeft());
            const MapPoint bottomRight = toMap(box.bottomRight());
            inside = pointsInRect(
                *cloud, {topLeft.x, bottomRight.y, bottomRight.x, topLeft.y}, *scene.layers);
        } else {
            std::vector<MapPoint> polygon;
            for (const QPointF& p : band)
                polygon.push_back(toMap(p));
            inside = pointsInPolygon(*cloud, polygon, *scene.layers);
        }
    }
    SelectionMode mode = SelectionMode::Replace;
    if ((modifiers & (Qt::AltModifier | Qt::ControlModifier)) != 0)
        mode = SelectionMode::Subtract;
    else if ((modifiers & Qt::ShiftModifier) != 0)
        mode = SelectionMode::Add;
    m_workspace->selection()->select(inside, mode);
}

void PlotView::abandonArea()
{
    if (m_drag == Drag::Area)
        m_drag = Drag::None;
    m_band.clear();
    m_overlay.setRubberBand({}, false);
    viewport()->update();
}

void PlotView::mouseDoubleClickEvent(QMouseEvent* event)
{
    event->accept();
    if (event->button() != Qt::LeftButton || m_mode != Mode::Pan) {
        mousePressEvent(event);
        return;
    }
    // The release that follows belongs to this gesture: it is no click of its own.
    m_drag = Drag::None;
    if (pointAt(event->position()) == kNoPoint)
        fitAll();
}

void PlotView::wheelEvent(QWheelEvent* event)
{
    event->accept();
    m_morph.finish();
    const QPoint angle = event->angleDelta();
    // With Alt held, systems turn the wheel into a sideways one.
    const double turned = angle.y() != 0 ? angle.y() : angle.x();
    if (turned != 0)
        zoomBy(std::pow(kZoomPerNotch, std::clamp(turned / 120, -8.0, 8.0)), event->position());
}

bool PlotView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::NativeGesture) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture) {
            zoomBy(std::clamp(1 + gesture->value(), 0.2, 5.0), gesture->position());
            event->accept();
            return true;
        }
    }
    return QChartView::viewportEvent(event);
}

void PlotView::zoomBy(double factor, const QPointF& position)
{
    if (!m_sources.layout)
        return;
    Camera camera = m_camera;
    camera.zoomAt(position.x() - m_area.left(), position.y() - m_area.top(), factor);
    setCamera(camera, true);
}

void PlotView::zoomIn()
{
    zoomBy(kZoomPerKey, m_area.center());
}

void PlotView::zoomOut()
{
    zoomBy(1 / kZoomPerKey, m_area.center());
}

void PlotView::updateHover(const QPointF& position)
{
    m_workspace->selection()->setHovered(
        m_mode == Mode::Pan || m_drag == Drag::None ? pointAt(position) : kNoPoint);
}

void PlotView::leaveEvent(QEvent* event)
{
    m_workspace->selection()->setHovered(kNoPoint);
    QChartView::leaveEvent(event);
}

bool PlotView::event(QEvent* event)
{
    // Esc abandons the line being drawn, whatever else the window has bound to it.
    if (event->type() == QEvent::ShortcutOverride && m_drag == Drag::Area
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QChartView::event(event);
}

void PlotView::keyPressEvent(QKeyEvent* event)
{
    m_morph.finish();
    const bool hasCommand
        = (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) != 0;
    if (hasCommand) {
        event->ignore();
        return;
    }
    const bool hasShift = (event->modifiers() & Qt::ShiftModifier) != 0;
    event->accept();
    switch (event->key()) {
    case Qt::Key_Left:
        pressArrow(1, 0, hasShift);
        break;
    case Qt::Key_Right:
        pressArrow(-1, 0, hasShift);
        break;
    case Qt::Key_Up:
        pressArrow(0, 1, hasShift);
        break;
    case Qt::Key_Down:
        pressArrow(0, -1, hasShift);
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomIn();
        break;
    case Qt::Key_Minus:
    case Qt::Key_Underscore:
        zoomOut();
        break;
    case Qt::Key_F:
        if (hasShift)
            fitSelection();
        else
            fitAll();
        break;
    case Qt::Key_Home:
        turnBack();
        break;
    case Qt::Key_V:
        setMode(Mode::Pan);
        break;
    case Qt::Key_L:
        setMode(Mode::Lasso);
        break;
    case Qt::Key_B:
        setMode(Mode::Box);
        break;
    case Qt::Key_Escape:
        escape();
        break;
    default:
        event->ignore();
    }
}

void PlotView::pressArrow(double rightward, double downward, bool isPanning)
{
    if (isSpace() && !isPanning) {
        turnBy(rightward * kTurnPerKeyPx, downward * kTurnPerKeyPx, findPivot());
        return;
    }
    Camera camera = m_camera;
    camera.pan(rightward * kPanPerKeyPx, downward * kPanPerKeyPx);
    setCamera(camera, true);
}

void PlotView::keyReleaseEvent(QKeyEvent* event)
{
    event->ignore();
}

void PlotView::escape()
{
    if (m_drag == Drag::Area)
        abandonArea();
    else if (m_mode != Mode::Pan)
        setMode(Mode::Pan);
    else
        m_workspace->selection()->clear();
}

void PlotView::contextMenuEvent(QContextMenuEvent* event)
{
    event->accept();
    if (!m_workspace->dataset())
        return;
    // From the keyboard it is about the current point.
    if (event->reason() != QContextMenuEvent::Mouse) {
        openMenu(m_area.center(), m_workspace->selection()->current());
        return;
    }
    // Some systems ask at the press, some at the release: a drag that began is none's menu.
    if (m_button == Qt::RightButton && m_drag == Drag::Press)
        m_isMenuDue = true;
    else if (m_button != Qt::RightButton || !m_isDragOver)
        openMenu(event->pos(), pointAt(event->pos()));
    m_isDragOver = false;
}

void PlotView::openMenu(const QPointF& position, PointId id)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("mapMenu"));
    if (id != kNoPoint) {
        menu->addAction(tr("Copy label"), this, [this, id] { copyLabel(id); })
            ->setObjectName(QStringLiteral("copyLabel"));
        menu->addAction(tr("Select with its neighbours"), this, [this, id] { selectNeighbors(id); })
            ->setObjectName(QStringLiteral("selectNeighbors"));
        menu->addAction(tr("Centre here"), this, [this, id] { centerOn(id); })
            ->setObjectName(QStringLiteral("centerHere"));
        menu->addSeparator();
    }
    menu->addAction(tr("Fit all points"), this, &PlotView::fitAll)
        ->setObjectName(QStringLiteral("fitAll"));
    QAction* fit = menu->addAction(tr("Fit the selected points"), this, &PlotView::fitSelection);
    fit->setObjectName(QStringLiteral("fitSelection"));
    fit->setEnabled(!m_workspace->selection()->selected().isEmpty());
    if (isSpace())
        menu->addAction(tr("Turn back"), this, &PlotView::turnBack)
            ->setObjectName(QStringLiteral("turnBack"));
    if (!actions().isEmpty()) { // What the window does with points.
        menu->addSeparator();
        menu->addActions(actions());
    }
    menu->popup(viewport()->mapToGlobal(position.toPoint()));
}

void PlotView::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    arrange();
}

void PlotView::focusInEvent(QFocusEvent* event)
{
    QChartView::focusInEvent(event);
    viewport()->update();
}

void PlotView::focusOutEvent(QFocusEvent* event)
{
    QChartView::focusOutEvent(event);
    viewport()->update();
}

void PlotView::changeEvent(QEvent* event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        m_overlay.setFont(font());
}

void PlotView::drawForeground(QPainter* painter, const QRectF&)
{
    const Theme theme = m_sources.theme;
    const QColor text = toColor(foregroundColor(theme));
    QColor frame = text;
    frame.setAlphaF(0.3F);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(hasFocus() ? palette().color(QPalette::Highlight) : frame, 1));
    painter->drawRect(m_area.adjusted(0, 0, -1, -1));
    if (m_sources.layout) {
        QColor faint = text;
        faint.setAlphaF(0.72F);
        QFont small = font();
        small.setPointSizeF(std::max(6.0, small.pointSizeF() * 0.85));
        painter->setFont(small);
        painter->setPen(faint);
        const QFontMetricsF metrics(small);
        QString caption = mapCaption(*m_sources.layout);
        const QString hint = readingHint(*m_sources.layout);
        if (!hint.isEmpty())
            caption = hint + QStringLiteral("   ") + caption;
        const double height = metrics.height();
        painter->drawText(
            QRectF(m_area.left(), viewport()->height() - height - 3, m_area.width(), height),
            Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(caption, Qt::ElideRight, m_area.width()));
    }
    if (m_workspace->dataset() && !m_sources.layout) {
        const bool isComing = m_workspace->projection()->phase() == ProjectionState::Phase::Running;
        painter->setFont(font());
        painter->setPen(text);
        painter->drawText(m_area, Qt::AlignCenter | Qt::TextWordWrap,
            isComing ? tr("The picture is being worked out …")
                     : tr("There is no picture yet. Run a projection."));
    }
    painter->restore();
    if (!m_morph.isRunning()) // Names belong to places that points are still on their way to.
        m_overlay.paint(*painter);
    paintGizmo(*painter);
    // Moved to a screen with another pixel ratio.
    const auto& picture = m_points->picture();
    if (picture && !picture->image.isNull() && !m_worker.isBusy()
        && picture->image.devicePixelRatio() != viewport()->devicePixelRatioF())
        requestPicture();
}

} // namespace embedscope::ui
