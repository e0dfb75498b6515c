#pragma once

#include "core/plot/camera.h"
#include "ui/plot/map_scene.h"
#include "ui/plot/morph.h"
#include "ui/plot/space_drawing.h"

#include <QImage>
#include <QObject>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace embedscope::ui {

/// A picture that is wanted.
struct RenderRequest
{
    MapSources sources;
    Camera camera; ///< Its size is that of the picture in device-independent pixels.
    bool isFitted = false; ///< The camera is to show all points, with fitMargin round them.
    double fitMargin = 0;
    double pixelRatio = 1;
    double radius = 3; ///< Device-independent.
    double opacity = 0.8;
    /// The points are on their way from here, that far (0 to 1); without a cloud they are there.
    MorphStart morph;
    double morphShare = 1;
};

/// A picture and what it was made from.
struct RenderedPicture
{
    std::shared_ptr<const MapScene> scene;
    Camera camera;
    MapRect bounds; ///< That shows all points, where they belong.
    std::shared_ptr<const PointCloud> cloud; ///< As drawn: the scene's, or on its way there.
    QImage image;
    bool isComplete = false; ///< Every point is in it, in its place.
};

/// Makes pictures of the map on a thread of its own. The newest request wins; a long picture is
/// shown in parts, since any part of the points is a fair sample. Ends and joins in its destructor.
/// Thread: public functions and signals on the main thread.
class RenderWorker : public QObject
{
    Q_OBJECT

public:
    explicit RenderWorker(QObject* parent = nullptr);
    ~RenderWorker() override;

    void request(RenderRequest request);
    /// Whether anything asked for is still to come.
    bool isBusy() const { return m_delivered != m_asked; }

signals:
    void pictureReady(const std::shared_ptr<const RenderedPicture>& picture);
    /// For the scene of the newest picture; comes after it.
    void gridReady(const std::shared_ptr<const MapGrid>& grid);

private:
    void work(const std::stop_token& stop);
    void render(const RenderRequest& request, std::uint64_t serial, const std::stop_token& stop);
    std::shared_ptr<const PointCloud> onTheWay(const RenderRequest& request, const Camera& camera);
    bool renderPlane(RenderedPicture& picture, const DrawingScale& scale, std::uint64_t serial,
        const std::stop_token& stop);
    bool renderSpace(RenderedPicture& picture, const DrawingScale& scale, std::uint64_t serial,
        const std::stop_token& stop);
    void buildGrid(const std::stop_token& stop);
    void deliver(std::shared_ptr<const RenderedPicture> picture, std::uint64_t serial);
    bool isNewerWaiting();

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<RenderRequest> m_next;
    std::uint64_t m_nextSerial = 0;
    std::stop_source m_outdated; ///< Asked to stop when a newer request comes.
    std::shared_ptr<const RenderedPicture> m_picture; ///< Made, not yet handed over.
    std::uint64_t m_pictureSerial = 0;

    std::uint64_t m_asked = 0; ///< Main thread.
    std::uint64_t m_delivered = 0; ///< Main thread.

    SceneBuilder m_builder; ///< Worker thread.
    std::shared_ptr<const MapScene> m_scene; ///< Worker thread; the newest.
    std::shared_ptr<const MapGrid> m_grid; ///< Worker thread; the newest.
    std::optional<MorphPath> m_path; ///< Worker thread; the newest.
    std::shared_ptr<const MapScene> m_pathScene; ///< Worker thread; where the way leads.
    SpaceDrawing m_space; ///< Worker thread.
    std::unique_ptr<Rasterizer> m_raster; ///< Worker thread.
    std::jthread m_thread; ///< Last, so that it ends before what it uses.
};

} // namespace embedscope::ui
