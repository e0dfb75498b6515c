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
    m_thread.join();
}

void RenderWorker::request(RenderRequest request)
{
    ++m_asked;
    {
        const std::lock_guard lock(m_mutex);
        m_next = std::move(request);
        m_nextSerial = m_asked;
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
        }
        try {
            render(request, serial, stop);
            if (request.morph.cloud == nullptr) {
                m_path.reset();
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
    const auto start = Clock::now();
    m_scene = m_builder.build(request.sources);
    const MapScene& scene = *m_scene;
    auto picture = std::make_shared<RenderedPicture>();
    picture->scene = m_scene;
    picture->bounds = scene.cloud->bounds;
    picture->camera = request.camera;
    if (request.isFitted && scene.cloud->size() > 0)
        picture->camera.fit(scene.cloud->bounds, request.fitMargin);
    const Camera& camera = picture->camera;
    picture->cloud = onTheWay(request, camera);
    const PointCloud& cloud = *picture->cloud;

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
    const RasterView view = {seen.left, seen.top, camera.scale() * ratio};
    const auto draw = [&](std::uint8_t layer, Index begin, Index end) {
        m_raster->draw(cloud, *scene.codes, *scene.layers, layer, view,
            scene.style(layer, request.radius * ratio, request.opacity, ratio), begin, end);
    };
    for (std::uint8_t layer = kTopLayer; layer > kLayerBase; --layer) {
        if (scene.layerCounts[layer] > 0)
            draw(layer, 0, cloud.size());
    }
    auto shown = start;
    for (Index begin = 0; begin < cloud.size(); begin += kSlice) {
        const Index end = std::min(cloud.size(), begin + kSlice);
        draw(kLayerBase, begin, end);
        if (stop.stop_requested())
            return;
        if (end < cloud.size() && Clock::now() - shown >= kShowAfter) {
            picture->image = toImage(*m_raster, ratio);
            deliver(std::make_shared<const RenderedPicture>(*picture), serial);
            // Only now, so that a stream of requests never leaves the screen without a new picture.
            if (isNewerWaiting())
                return;
            shown = Clock::now();
        }
    }
    picture->image = toImage(*m_raster, ratio);
    picture->isComplete = picture->cloud == scene.cloud;
    deliver(std::move(picture), serial);
}

std::shared_ptr<const PointCloud> RenderWorker::onTheWay(
    const RenderRequest& request, const Camera& camera)
{
    const std::shared_ptr<const PointCloud>& goal = m_scene->cloud;
    const std::shared_ptr<const PointCloud>& start = request.morph.cloud;
    if (start == nullptr || start->universe != goal->universe)
        return goal;
    if (!m_path || m_path->start().cloud != start || m_path->goal() != goal)
        m_path.emplace(request.morph, goal);
    return m_path->at(request.morphShare, camera);
}

void RenderWorker::buildGrid(const std::stop_token& stop)
{
    if (!m_scene || m_gridCloud == m_scene->cloud || isNewerWaiting())
        return;
    auto grid = PickGrid::build(m_scene->cloud, Progress(stop));
    if (!grid)
        return;
    m_gridCloud = m_scene->cloud;
    QMetaObject::invokeMethod(
        this, [this, built = std::move(*grid)] { emit gridReady(built); }, Qt::QueuedConnection);
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
