#include "ui/plot/morph.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace embedscope::ui {

namespace {

constexpr Index kBlock = 65536;
constexpr int kFrameMs = 16;

} // namespace

MorphPath::MorphPath(MorphStart start, std::shared_ptr<const PointCloud> goal)
    : m_start(std::move(start))
    , m_goal(std::move(goal))
{
    const PointCloud& from = *m_start.cloud;
    if (from.ids == m_goal->ids)
        return;
    constexpr float none = std::numeric_limits<float>::quiet_NaN();
    const auto n = static_cast<std::size_t>(std::max(from.universe, m_goal->universe));
    std::vector<float> x(n, none);
    std::vector<float> y(n, none);
    for (std::size_t slot = 0; slot < from.ids.size(); ++slot) {
        x[from.ids[slot]] = from.x[slot];
        y[from.ids[slot]] = from.y[slot];
    }
    m_x.resize(m_goal->ids.size());
    m_y.resize(m_goal->ids.size());
    for (std::size_t slot = 0; slot < m_goal->ids.size(); ++slot) {
        m_x[slot] = x[m_goal->ids[slot]];
        m_y[slot] = y[m_goal->ids[slot]];
    }
}

std::shared_ptr<const PointCloud> MorphPath::at(double share, const Camera& camera) const
{
    auto moving = std::make_shared<PointCloud>(*m_goal);
    const std::vector<float>& fromX = m_x.empty() ? m_start.cloud->x : m_x;
    const std::vector<float>& fromY = m_y.empty() ? m_start.cloud->y : m_y;
    // Pixels from the middle of the picture are the same through both cameras at the start.
    const double zoom = m_start.camera.scale() / camera.scale();
    const MapPoint from = m_start.camera.center();
    const MapPoint to = camera.center();
    const auto scale = static_cast<float>(zoom * (1 - share));
    const auto shiftX = static_cast<float>((to.x - from.x * zoom) * (1 - share));
    const auto shiftY = static_cast<float>((to.y - from.y * zoom) * (1 - share));
    const auto part = static_cast<float>(share);
    parallelBlocks(moving->size(), kBlock, [&](Index, Index begin, Index end) {
        for (auto slot = static_cast<std::size_t>(begin); slot < static_cast<std::size_t>(end);
             ++slot) {
            const float x = moving->x[slot] * part + fromX[slot] * scale + shiftX;
            const float y = moving->y[slot] * part + fromY[slot] * scale + shiftY;
            // Not a number where the point was not on screen.
            moving->x[slot] = std::isnan(x) ? moving->x[slot] : x;
            moving->y[slot] = std::isnan(y) ? moving->y[slot] : y;
        }
    });
    return moving;
}

MorphClock::MorphClock(QObject* parent)
    : QObject(parent)
    , m_now([] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now().time_since_epoch())
            .count();
    })
{
    m_timer.setInterval(kFrameMs);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &MorphClock::tick);
}

void MorphClock::start()
{
    m_startedAt = m_now();
    m_timer.start();
}

void MorphClock::finish()
{
    if (!isRunning())
        return;
    m_timer.stop();
    emit finished();
}

double MorphClock::share() const
{
    if (!isRunning())
        return 1;
    const double t = std::clamp(static_cast<double>(m_now() - m_startedAt) / kDurationMs, 0.0, 1.0);
    return t * t * (3 - 2 * t);
}

void MorphClock::tick()
{
    if (m_now() - m_startedAt >= kDurationMs)
        finish();
    else
        emit ticked();
}

} // namespace embedscope::ui
