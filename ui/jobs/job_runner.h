#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <QObject>
#include <QString>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>

namespace embedscope::ui {

class JobRunner;

/// What a job is given: progress with stop, and a way to show something before it ends.
class JobContext
{
public:
    const Progress& progress() const { return m_progress; }
    bool stopRequested() const { return m_progress.stopRequested(); }
    /// Runs `show` on the main thread soon, unless a newer job has taken over by then.
    void publish(std::function<void()> show) const;

private:
    friend class JobRunner;
    JobRunner* m_runner = nullptr;
    std::uint64_t m_generation = 0;
    Progress m_progress;
};

/// Background work: one job at a time on a thread of its own, one pending, newest wins. Starting a
/// job stops the running one and drops its result; stop() asks the running one to end early and
/// still delivers what it returns. The destructor stops and joins, so that closing while busy is
/// safe. Thread: all public functions on the main thread.
class JobRunner : public QObject
{
    Q_OBJECT

public:
    explicit JobRunner(QObject* parent = nullptr);
    ~JobRunner() override;

    /// Runs `work` on the worker thread, then `done` with its result on the main thread. `work`
    /// must own what it uses (shared_ptr<const …>); std::bad_alloc in it becomes an OutOfMemory
    /// error.
    template <typename T>
    void run(std::function<Result<T>(const JobContext&)> work, std::function<void(Result<T>)> done)
    {
        start([work = std::move(work), done = std::move(done)](
                  const JobContext& context) -> std::function<void()> {
            auto result = std::make_shared<std::optional<Result<T>>>();
            try {
                result->emplace(work(context));
            } catch (const std::bad_alloc&) {
                result->emplace(outOfMemory());
            }
            return [result, done] { done(std::move(**result)); };
        });
    }

    /// Asks the running job to end early; its result is delivered. A pending one is dropped.
    void stop();
    /// Drops the running and the pending job: nothing of them is delivered any more.
    void discard();
    bool isBusy() const { return m_busy; }

signals:
    void busyChanged(bool isBusy);
    /// At most every 40 ms; the last report of a job always comes.
    void progressed(const QString& stage, double fraction);

private:
    friend class JobContext;
    using Task = std::function<std::function<void()>(const JobContext&)>;
    struct Shared;

    void start(Task task);
    void post(std::uint64_t generation, std::function<void()> action);
    void setBusy(bool busy);
    static Error outOfMemory();
    void work(const std::stop_token& quit);

    std::unique_ptr<Shared> m_shared;
    std::uint64_t m_generation = 0; ///< Of the newest job; what comes from older ones is dropped.
    bool m_busy = false;
    std::jthread m_thread; ///< Last, so that it ends before what it uses.
};

} // namespace embedscope::ui
