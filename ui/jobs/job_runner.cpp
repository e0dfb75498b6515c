#include "ui/jobs/job_runner.h"

#include "core/base/parallel.h"
#include "ui/convert.h"

#include <QMetaObject>
#include <QSignalBlocker>
#include <chrono>

namespace embedscope::ui {

namespace {

constexpr auto kReportInterval = std::chrono::milliseconds(40);

} // namespace

struct JobRunner::Shared
{
    std::mutex mutex;
    std::condition_variable_any wake;
    Task pending; // Guarded by mutex, like all below.
    std::uint64_t pendingGeneration = 0;
    std::stop_source running;
};

void JobContext::publish(std::function<void()> show) const
{
    m_runner->post(m_generation, std::move(show));
}

JobRunner::JobRunner(QObject* parent)
    : QObject(parent)
    , m_shared(std::make_unique<Shared>())
{
}

JobRunner::~JobRunner()
{
    const QSignalBlocker blocker(this); // Whoever listens may be half gone.
    discard();
    m_thread.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

void JobRunner::start(Task task)
{
    ++m_generation;
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->running.request_stop();
        m_shared->pending = std::move(task);
        m_shared->pendingGeneration = m_generation;
    }
    if (!m_thread.joinable())
        m_thread = std::jthread([this](const std::stop_token& quit) { work(quit); });
    m_shared->wake.notify_one();
    setBusy(true);
}

void JobRunner::stop()
{
    bool dropped = false;
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->running.request_stop();
        dropped = static_cast<bool>(m_shared->pending);
        m_shared->pending = nullptr;
    }
    // A job that had not begun has nothing to deliver.
    if (dropped) {
        ++m_generation;
        setBusy(false);
    }
}

void JobRunner::discard()
{
    ++m_generation;
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->running.request_stop();
        m_shared->pending = nullptr;
    }
    setBusy(false);
}

void JobRunner::post(std::uint64_t generation, std::function<void()> action)
{
    QMetaObject::invokeMethod(
        this,
        [this, generation, action = std::move(action)] {
            if (generation == m_generation)
                action();
        },
        Qt::QueuedConnection);
}

void JobRunner::setBusy(bool busy)
{
    if (m_busy == busy)
        return;
    m_busy = busy;
    emit busyChanged(busy);
}

Error JobRunner::outOfMemory()
{
    return Error{ErrorCode::OutOfMemory,
        "there is not enough memory for this; close other programs or take a smaller part of the "
        "data",
        {}, {}, {}};
}

void JobRunner::work(const std::stop_token& quit)
{
    giveWayToForeground();
    while (true) {
        Task task;
        JobContext context;
        {
            std::unique_lock lock(m_shared->mutex);
            m_shared->wake.wait(
                lock, quit, [this] { return static_cast<bool>(m_shared->pending); });
            if (quit.stop_requested())
                return;
            task = std::move(m_shared->pending);
            m_shared->pending = nullptr;
            m_shared->running = std::stop_source();
            context.m_runner = this;
            context.m_generation = m_shared->pendingGeneration;
        }
        const std::uint64_t generation = context.m_generation;
        struct Last
        {
            std::string stage;
            double fraction = 0;
            std::chrono::steady_clock::time_point sent;
            bool isSent = true;
        };
        const auto last = std::make_shared<Last>();
        const auto send = [this, generation, last] {
            last->isSent = true;
            last->sent = std::chrono::steady_clock::now();
            post(generation, [this, stage = toQString(last->stage), fraction = last->fraction] {
                emit progressed(stage, fraction);
            });
        };
        std::stop_token stop;
        {
            const std::lock_guard lock(m_shared->mutex);
            stop = m_shared->running.get_token();
        }
        context.m_progress = Progress(stop, [last, send](std::string_view stage, double fraction) {
            last->stage = stage;
            last->fraction = fraction;
            last->isSent = false;
            if (std::chrono::steady_clock::now() - last->sent >= kReportInterval)
                send();
        });
        std::function<void()> done = task(context);
        if (!last->isSent)
            send();
        post(generation, [this, done = std::move(done)] {
            setBusy(false);
            done();
        });
    }
}

} // namespace embedscope::ui
