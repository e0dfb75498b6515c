#pragma once

#include "core/plot/camera.h"
#include "ui/jobs/job_runner.h"
#include "ui/plot/image_cache.h"
#include "ui/plot/map_frame.h"
#include "ui/plot/map_overlay.h"
#include "ui/plot/map_painter.h"
#include "ui/plot/map_picker.h"
#include "ui/plot/morph.h"
#include "ui/plot/render_worker.h"

#include <QChartView>
#include <QTimer>
#include <memory>
#include <optional>

namespace embedscope::ui {

class PointsItem;
class Workspace;

/// The map on screen: the chart frame, the picture of the points, and every gesture on it. Shows
/// what the workspace says and asks it for changes. The picture is made by a RenderWorker; nothing
/// here takes time with the number of points, apart from a lasso's or box's one pass. A layout of
/// three dimensions is turned by dragging; what of it is seen on its plane is the camera's, as in
/// two dimensions.
class PlotView : public QChartView
{
    Q_OBJECT

public:
    enum class Mode
    {
        Pan,
        Lasso,
        Box
    };
    Q_ENUM(Mode)

    /// The workspace must outlive the view.
    explicit PlotView(Workspace* workspace, QWidget* parent = nullptr);
    ~PlotView() override;

    Mode mode() const { return m_mode; }
    const Camera& camera() const { return m_camera; }
    /// Whether the map has three dimensions, and from where it is then seen.
    bool isSpace() const;
    const Turn& turn() const { return m_sources.turn; }
    /// Where the points are drawn, in the viewport.
    QRectF plotArea() const { return m_area; }
    /// Where a point is in the viewport; nullopt where it is not on the map.
    std::optional<QPointF> positionOf(PointId id) const { return m_overlay.positionOf(id); }
    /// The point that a click there means; kNoPoint where there is none.
    PointId pointAt(const QPointF& position) const;
    /// Whether the picture on screen is the whole one of what is to be seen.
    bool isPictureComplete() const;
    /// What an export of the map begins with: as it is seen now.
    MapPicture picture() const;
    MapOverlay& overlay() { return m_overlay; }
    /// Whether the table has sequences, as far as is known.
    bool hasPaths() const { return m_overlay.hasPaths(); }
    /// Runs while points move from one map to another.
    MorphClock& morph() { return m_morph; }

public slots:
    void setMode(embedscope::ui::PlotView::Mode mode);
    /// Names of some points while nothing is emphasised; on from the start.
    void setSampleLabels(bool areShown);
    /// Lines along the sequences of the table; on from the start.
    void setPathsShown(bool areShown);
    void fitAll();
    void fitSelection();
    /// Looks at a map of three dimensions from where it was first seen.
    void turnBack();
    void zoomIn();
    void zoomOut();
    void centerOn(embedscope::PointId id);
    /// Abandons what is being drawn; else leaves the mode; else clears the selection.
    void escape();
    void copyLabel(embedscope::PointId id);
    /// Makes the point current and selects it with its neighbours, as soon as they are known.
    void selectNeighbors(embedscope::PointId id);

signals:
    void modeChanged(embedscope::ui::PlotView::Mode mode);
    void cameraChanged();
    void pictureCompleted();
    /// It is known whether the table has sequences.
    void pathsFound();

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;

private:
    enum class Drag
    {
        None,
        Press, ///< Pressed, not yet moved.
        Pan,
        Turn,
        Area ///< A lasso or box is being drawn.
    };

    void connectWorkspace();
    void onDatasetChanged();
    void onLayoutChanged();
    void onSelectionChanged();
    void onNeighborsChanged();
    void onHoveredChanged();
    void onMarksChanged();
    void onPicture(const std::shared_ptr<const RenderedPicture>& picture);
    void onGrid(const std::shared_ptr<const MapGrid>& grid);

    void arrange();
    void setCamera(const Camera& camera, bool isByUser);
    void showCamera();
    void requestPicture();
    void stepTowardsTarget();
    void updateCursor();
    void updateHover(const QPointF& position);
    void updateWords();
    void findPaths();
    void updateTheme();
    void startMorph();
    void endMorph();

    void beginDrag(QMouseEvent* event);
    void continueArea(const QPointF& position);
    void finishArea(Qt::KeyboardModifiers modifiers);
    void abandonArea();
    void zoomBy(double factor, const QPointF& position);
    void pressArrow(double rightward, double downward, bool isPanning);
    void clickAt(const QPointF& position, Qt::KeyboardModifiers modifiers);

    void openMenu(const QPointF& position, PointId id);

    SpaceView spaceView() const;
    std::optional<MapPoint> placeOf(PointId id, const SpaceView& view) const;
    SpacePoint findPivot() const;
    void setTurn(const Turn& turn, const SpacePoint& pivot);
    void turnBy(double rightwardPx, double downwardPx, const SpacePoint& pivot);
    void chooseNames();
    void paintGizmo(QPainter& painter) const;

    Workspace* m_workspace;
    MapFrame m_frame;
    PointsItem* m_points;
    MapOverlay m_overlay;
    ImageCache m_images;
    QRectF m_area;
    Camera m_camera;
    Camera m_target; ///< Of the smooth refit.
    QTimer m_refit;
    MapSources m_sources;
    MapPicker m_picker;
    MorphClock m_morph;
    MorphStart m_morphStart;
    int m_layoutId = 0; ///< Of the map in m_sources.
    bool m_fitsNext = true; ///< The next picture is to show all points.
    bool m_isMovedByUser = false;
    bool m_isRequested = false; ///< A request goes out when the event loop is reached.
    PointId m_neighborsWanted = kNoPoint;

    Mode m_mode = Mode::Pan;
    Drag m_drag = Drag::None;
    Qt::MouseButton m_button = Qt::NoButton;
    bool m_isTurning = false; ///< What a drag that has begun will do: turn, not pan.
    bool m_isDragOver = false; ///< What ended last was a drag, not a click.
    bool m_isMenuDue = false; ///< At the release, unless the mouse has moved by then.
    SpacePoint m_pivot; ///< Stays where it is on screen while the map is turned.
    QPointF m_pressedAt;
    QPointF m_last;
    QPolygonF m_band;

    JobRunner m_pathFinder;
    RenderWorker m_worker; ///< Last, so that it ends first.
};

} // namespace embedscope::ui
