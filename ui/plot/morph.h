#pragma once

#include "core/plot/camera.h"
#include "core/plot/point_cloud.h"

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>

namespace embedscope::ui {

/// What was on screen when another map was asked for.
struct MorphStart
{
    std::shared_ptr<const PointCloud> cloud; ///< Null: nothing was.
    Camera camera;
};

/// The way of every point from where it was seen to its place in another layout. Made and used off
/// the main thread: O(n) each.
class MorphPath
{
public:
    MorphPath(MorphStart start, std::shared_ptr<const PointCloud> goal);

    const MorphStart& start() const { return m_start; }
    const std::shared_ptr<const PointCloud>& goal() const { return m_goal; }

    /// The points of the goal on their way, by the goal's slots and in its units: at share 0 they
    /// are seen through `camera` where they were on screen, at 1 they have their true places.
    /// Points that were not on screen stand in place from the first.
    std::shared_ptr<const PointCloud> at(double share, const Camera& camera) const;

private:
    MorphStart m_start;
    std::shared_ptr<const PointCloud> m_goal;
    std::vector<float> m_x; ///< Of the start by the goal's slots, NaN where there was none; empty:
    std::vector<float> m_y; ///< the slots are the same.
};

/// How far a morph is: starts slowly, ends slowly, takes half a second. Runs on the event loop.
class MorphClock : public QObject
{
    Q_OBJECT

public:
    static constexpr int kDurationMs = 500;

    explicit MorphClock(QObject* parent = nullptr);

    void start();
    /// Ends it at once, as when time is over.
    void finish();
    /// Ends it without a word.
    void stop() { m_timer.stop(); }
    bool isRunning() const { return m_timer.isActive(); }
    /// 0 to 1; 1 while none runs.
    double share() const;
    /// Takes the time from elsewhere, in milliseconds: for tests.
    void setTime(std::function<qint64()> now) { m_now = std::move(now); }

signals:
    void ticked();
    void finished();

private:
    void tick();

    QTimer m_timer;
    std::function<qint64()> m_now;
    qint64 m_startedAt = 0;
};

} // namespace embedscope::ui
