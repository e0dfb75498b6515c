#include "ui/plot/render_worker.h"

#include "core/base/parallel.h"

#include <chrono>
#include <cmath>
#include <cstring>
#include <new>
#include <utility>

namespace embedscope::ui {

namespace {

using Clock = std::chrono::steady_clock;
/// A picture that takes longer than this is shown in parts.
constexpr std::chrono::milliseconds kShowAfter{40};
constexpr Index kSlice = 160'000;
/// Larger pictures than any screen's are not made here.
constexpr double kLargestSidePx = 16384;

QImage toImage(const Rasterizer& raster, double pixelRatio)
{
    QImage image(raster.widthPx(), raster.heightPx(), QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return image;
    for (int y = 0; y < raster.heightPx(); ++y) {
        const std::size_t width = static_cast<std::size_t>(raster.widthPx());
        std::memcpy(image.scanLine(y), raster.pixels().data() + static_cast<std::size_t>(y) * width,
            width * sizeof(std::uint32_t));
    }
    image.setDevicePixelRatio(pixelRatio);
    return image;
}

} // namespace

RenderWorker::RenderWorker(QObject* parent)
    : QObject(parent)
    , m_thread([this](const std::stop_token& stop) { work(stop); })
{
}

RenderWorker::~RenderWorker()
{
    m_thread.request_stop();
    {
        const std::lock_guard lock(m_mutex);
        m_outdated.request_stop();
    }
    m_thread.join();
}

void RenderWorker::request(RenderRequest request)
{
    ++m_asked;
    {
        const std::lock_guard lock(m_mutex);
        m_next = std::move(request);
        m_nextSerial = m_asked;
        m_outdated.request_stop();
    }
    m_wake.notify_all();
}

bool RenderWorker::isNewerWaiting()
{
    const std::lock_guard lock(m_mutex);
    return m_next.has_value();
}

void RenderWorker::work(const std::stop_token& stop)
{
    const PriorityScope priority(WorkPriority::Interactive);
    while (!stop.stop_requested()) {
        RenderRequest request;
        std::uint64_t serial = 0;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return m_next.has_value(); }))
                return;
            request = std::move(*m_next);
            m_next.reset();
            serial = m_nextSerial;
            m_outdated = std::stop_source();
            if (stop.stop_requested())
                return;
        }
        try {
            render(request, serial, stop);
            if (request.morph.cloud == nullptr) {
                m_path.reset();
                m_pathScene.reset();
                buildGrid(stop);
            }
        } catch (const std::bad_alloc&) {
            // No room for a picture: the old one stays until a smaller one is asked for.
            m_raster.reset();
            deliver(nullptr, serial);
        }
    }
}

void RenderWorker::render(
    const RenderRequest& request, std::uint64_t serial, const std::stop_token& stop)
{
    m_scene = m_builder.build(request.sources);
    auto picture = std::make_shared<RenderedPicture>();
    picture->scene = m_scene;
    picture->bounds = m_scene->bounds();
    picture->camera = request.camera;
    if (request.isFitted && m_scene->cloud->size() > 0)
        picture->camera.fit(picture->bounds, request.fitMargin);
    const Camera& camera = picture->camera;
    picture->cloud = onTheWay(request, camera);

    const double ratio = request.pixelRatio;
    const auto side = [&](double px) {
        return static_cast<int>(std::clamp(std::round(px * ratio), 1.0, kLargestSidePx));
    };
    const int width = side(camera.widthPx());
    const int height = side(camera.heightPx());
    if (!m_raster || m_raster->widthPx() != width || m_raster->heightPx() != height)
        m_raster = std::make_unique<Rasterizer>(width, height);
    else
        m_raster->clear();

    const MapRect seen = camera.visible();
    const DrawingScale scale
        = {{seen.left, seen.top, camera.scale() * ratio}, request.radius, request.opacity, ratio};
    const bool isInPlace = picture->cloud == m_scene->cloud;
    const bool isWhole = m_scene->isSpace() && isInPlace
        ? renderSpace(*picture, scale, serial, stop)
        : renderPlane(*picture, scale, serial, stop);
    if (!isWhole)
        return;
    picture->image = toImage(*m_raster, ratio);
    picture->isComplete = isInPlace;
    deliver(std::move(picture), serial);
}

/// False where the picture was given up.
bool RenderWorker::renderPlane(RenderedPicture& picture, const DrawingScale& scale,
    std::uint64_t serial, const std::stop_token& stop)
{
    const MapScene& scene = *picture.scene;
    const PointCloud& cloud = *picture.cloud;
    const double ratio = scale.pixelRatio;
    const auto draw = [&](std::uint8_t layer, Index begin, Index end) {
        m_raster->draw(cloud, *scene.codes, *scene.layers, layer, scale.view,
            scene.style(layer, scale.radius * ratio, scale.opacity, ratio), begin, end);
    };
    auto shown = Clock::now();
    for (std::uint8_t layer = kTopLayer; layer > kLayerBase; --layer) {
        if (scene.layerCounts[layer] > 0)
            draw(layer, 0, cloud.size());
    }
    for (Index begin = 0; begin < cloud.size(); begin += kSlice) {
        const Index end = std::min(cloud.size(), begin + kSlice);
        draw(kLayerBase, begin, end);
        if (stop.stop_requested())
            return false;
        if (end < cloud.size() && Clock::now() - shown >= kShowAfter) {
            picture.image = toImage(*m_raster, ratio);
            deliver(std::make_shared<const RenderedPicture>(picture), serial);
            // Only now, so that a stream of requests never leaves the screen without a new picture.
            if (isNewerWaiting())
                return false;
            shown = Clock::now();
        }
    }
    return true;
}

bool RenderWorker::renderSpace(RenderedPicture& picture, const DrawingScale& scale,
    std::uint64_t serial, const std::stop_token& stop)
{
    const MapScene& scene = *picture.scene;
    std::stop_token mayStop = stop;
    if (SpaceDrawing::isLarge(scene) && !m_space.isOrdered(scene)) {
        m_space.drawSample(*m_raster, scene, scale);
        picture.image = toImage(*m_raster, scale.pixelRatio);
        deliver(std::make_shared<const RenderedPicture>(picture), serial);
        m_raster->clear();
        // With this on screen, the whole picture gives way to the sample of the next one.
        const std::lock_guard lock(m_mutex);
        mayStop = m_outdated.get_token();
    }
    return m_space.drawAll(*m_raster, scene, scale, Progress(mayStop));
}

std::shared_ptr<const PointCloud> RenderWorker::onTheWay(
    const RenderRequest& request, const Camera& camera)
{
    const std::shared_ptr<const PointCloud>& start = request.morph.cloud;
    if (start == nullptr || start->universe != m_scene->cloud->universe)
        return m_scene->cloud;
    if (!m_path || m_path->start().cloud != start || m_pathScene->cloud != m_scene->cloud
        || !(m_pathScene->view == m_scene->view)) {
        // On the plane: in three dimensions points fly to where they will be seen.
        m_path.emplace(request.morph, m_scene->seen());
        m_pathScene = m_scene;
    }
    return m_path->at(request.morphShare, camera);
}

void RenderWorker::buildGrid(const std::stop_token& stop)
{
    if (!m_scene || (m_grid && m_grid->fits(*m_scene)) || isNewerWaiting())
        return;
    if (m_scene->isSpace()) {
        // Useless as soon as the cloud is turned on, so that it must not keep the next picture
        // back.
        std::stop_token outdated;
        {
            const std::lock_guard lock(m_mutex);
            outdated = m_outdated.get_token();
        }
        auto made = m_space.makeGrid(*m_scene, Progress(outdated));
        if (!made)
            return;
        m_grid = std::move(made);
    } else {
        auto grid = PickGrid::build(m_scene->cloud, Progress(stop));
        if (!grid)
            return;
        auto made = std::make_shared<MapGrid>();
        made->source = m_scene->cloud;
        made->grid = std::move(grid).value();
        m_grid = std::move(made);
    }
    QMetaObject::invokeMethod(
        this, [this, built = m_grid] { emit gridReady(built); }, Qt::QueuedConnection);
}

void RenderWorker::deliver(std::shared_ptr<const RenderedPicture> picture, std::uint64_t serial)
{
    bool isFirst = false;
    {
        const std::lock_guard lock(m_mutex);
        isFirst = m_pictureSerial == 0;
        m_picture = std::move(picture);
        m_pictureSerial = serial;
    }
    if (!isFirst)
        return; // One is on its way; it takes this picture along.
    QMetaObject::invokeMethod(
        this,
        [this] {
            std::shared_ptr<const RenderedPicture> made;
            std::uint64_t madeSerial = 0;
            {
                const std::lock_guard lock(m_mutex);
                made = std::move(m_picture);
                madeSerial = std::exchange(m_pictureSerial, 0);
            }
            if (!made || made->isComplete)
                m_delivered = madeSerial;
            if (made)
                emit pictureReady(made);
        },
        Qt::QueuedConnection);
}

} // namespace embedscope::ui
