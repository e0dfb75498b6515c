#include "core/io/writers/write.h"
#include "tests/support/test_data.h"
#include "ui/main_window.h"
#include "ui/plot/plot_view.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QSettings>
#include <QTimer>
#include <QWheelEvent>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <vector>

/// How long a person waits for the window: the time from the program's start to the first picture
/// of 100,000 x 100 points, and the longest time the event loop did not come round while the map is
/// moved, a search is typed and t-SNE runs. Prints; never fails.
///
///     QT_QPA_PLATFORM=offscreen bench_gui [rows [dimensions [seconds of each part]]]

using namespace embedscope;
using namespace embedscope::ui;
using Clock = std::chrono::steady_clock;

namespace {

double millisecondsSince(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Processor time of this thread.
double ownMilliseconds()
{
    timespec time = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

/// A timer that should fire every millisecond; what lies between two beats is the time in which
/// nothing else could have been answered either. Holds whatever else the machine was doing; the
/// processor time that the thread itself took between two beats does not.
class Heartbeat
{
public:
    Heartbeat()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(1);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            m_gaps.push_back(millisecondsSince(m_last));
            m_last = Clock::now();
            const double own = ownMilliseconds();
            m_longestOwn = std::max(m_longestOwn, own - m_lastOwn);
            m_lastOwn = own;
        });
        m_timer.start();
    }

    void print(const char* part)
    {
        std::sort(m_gaps.begin(), m_gaps.end());
        const auto at = [this](double share) {
            return m_gaps.empty()
                ? std::nan("")
                : m_gaps[static_cast<std::size_t>(share * static_cast<double>(m_gaps.size() - 1))];
        };
        const auto late
            = std::count_if(m_gaps.begin(), m_gaps.end(), [](double gap) { return gap > 16.0; });
        std::printf("%-28s beats %6zu   median %6.2f ms   99.9 %% %6.2f ms   longest %6.2f ms   "
                    "over 16 ms: %ld   longest own work %6.2f ms\n",
            part, m_gaps.size(), at(0.5), at(0.999), at(1.0), static_cast<long>(late),
            m_longestOwn);
        std::fflush(stdout);
    }

private:
    QTimer m_timer;
    Clock::time_point m_last = Clock::now();
    double m_lastOwn = ownMilliseconds();
    double m_longestOwn = 0;
    std::vector<double> m_gaps;
};

/// Runs the event loop until the condition holds or the time is over.
bool waitFor(const std::function<bool()>& condition, int timeoutMs)
{
    QEventLoop loop;
    QTimer poll;
    QElapsedTimer clock;
    clock.start();
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        if (condition() || clock.elapsed() > timeoutMs)
            loop.quit();
    });
    poll.start(2);
    loop.exec();
    return condition();
}

/// Calls `act` at the rate of a mouse while the time lasts.
void during(int milliseconds, const std::function<void(int step)>& act)
{
    QEventLoop loop;
    QTimer rate;
    rate.setTimerType(Qt::PreciseTimer);
    int step = 0;
    QObject::connect(&rate, &QTimer::timeout, &loop, [&] { act(step++); });
    rate.start(8);
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

void sendMouse(PlotView& map, QEvent::Type type, const QPointF& position, Qt::MouseButton button,
    Qt::MouseButtons buttons)
{
    QMouseEvent event(
        type, position, map.viewport()->mapToGlobal(position), button, buttons, Qt::NoModifier);
    QCoreApplication::sendEvent(map.viewport(), &event);
}

void pan(PlotView& map, int milliseconds)
{
    const QPointF centre = QRectF(map.viewport()->rect()).center();
    sendMouse(map, QEvent::MouseButtonPress, centre, Qt::LeftButton, Qt::LeftButton);
    QPointF position;
    during(milliseconds, [&](int step) {
        position = centre + QPointF(160 * std::sin(step * 0.05), 90 * std::sin(step * 0.037));
        sendMouse(map, QEvent::MouseMove, position, Qt::NoButton, Qt::LeftButton);
    });
    sendMouse(map, QEvent::MouseButtonRelease, position, Qt::LeftButton, Qt::NoButton);
}

void zoom(PlotView& map, int milliseconds)
{
    const QPointF centre = QRectF(map.viewport()->rect()).center();
    during(milliseconds, [&](int step) {
        QWheelEvent wheel(centre, map.viewport()->mapToGlobal(centre), {},
            QPoint(0, step / 40 % 2 == 0 ? 60 : -60), Qt::NoButton, Qt::NoModifier,
            Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(map.viewport(), &wheel);
    });
}

} // namespace

int main(int argc, char** argv)
{
    const Index n = argc > 1 ? std::atol(argv[1]) : 100'000;
    const Index d = argc > 2 ? std::atol(argv[2]) : 100;
    const int partMs = 1000 * (argc > 3 ? std::atoi(argv[3]) : 4);
    const test::TemporaryFolder folder;
    const std::string path = folder.file("points.npy");
    if (const Status written = writeNpy(path, test::blobs(n, d, 12), {}); !written) {
        std::fprintf(stderr, "%s\n", describe(written.error()).c_str());
        return 1;
    }

    // From here on as the program does it from its first line.
    const auto start = Clock::now();
    const QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("Embedscope"));
    QApplication::setApplicationName(QStringLiteral("EmbedscopeBenchmark"));
    QSettings::setPath(
        QSettings::NativeFormat, QSettings::UserScope, QString::fromStdString(folder.path()));
    auto owned = std::make_unique<MainWindow>();
    MainWindow& window = *owned;
    window.resize(1600, 1000);
    window.show();
    window.openFiles({QString::fromStdString(path)});
    Workspace& workspace = window.workspace();
    PlotView& map = window.map();
    double windowMs = 0;
    double openMs = 0;
    QTimer::singleShot(0, &window, [&] { windowMs = millisecondsSince(start); });
    QObject::connect(&workspace, &Workspace::datasetChanged, &window,
        [&] { openMs = millisecondsSince(start); });
    double layoutMs = 0;
    QObject::connect(&workspace, &Workspace::layoutChanged, &window, [&] {
        if (workspace.layout() && layoutMs == 0)
            layoutMs = millisecondsSince(start);
    });
    double pictureMs = 0;
    QObject::connect(&map, &PlotView::pictureCompleted, &window, [&] {
        if (workspace.layout() && pictureMs == 0)
            pictureMs = millisecondsSince(start);
    });
    if (!waitFor([&] { return pictureMs > 0; }, 120'000)) {
        std::fprintf(stderr, "There was no picture.\n");
        return 1;
    }
    std::printf(
        "%ld x %ld points: window %.0f ms, table read %.0f ms, PCA done %.0f ms, first whole "
        "picture %.0f ms\n",
        static_cast<long>(n), static_cast<long>(d), windowMs, openMs, layoutMs, pictureMs);
    ProjectionState* projection = workspace.projection();
    waitFor([&] { return projection->phase() == ProjectionState::Phase::Idle; }, 60'000);

    {
        Heartbeat heart;
        during(partMs / 2, [](int) {});
        heart.print("doing nothing");
    }
    {
        Heartbeat heart;
        pan(map, partMs);
        heart.print("panning");
    }
    {
        Heartbeat heart;
        zoom(map, partMs);
        heart.print("zooming");
    }
    {
        Heartbeat heart;
        during(partMs, [&](int step) {
            if (step % 25 == 0) // Five letters a second.
                workspace.search()->setQuery(QString::number(step / 25 % 100));
        });
        heart.print("searching");
        workspace.search()->clear();
    }
    {
        Heartbeat heart;
        during(partMs, [&](int step) {
            if (step % 25 == 0)
                workspace.selection()->selectPoint(
                    static_cast<PointId>(static_cast<Index>(step) * 97 % n));
        });
        heart.print("walking neighbours");
        workspace.selection()->clear();
    }
    {
        ProjectionRequest request;
        request.parameters = {{"component_x", std::int64_t(3)}, {"component_y", std::int64_t(4)}};
        projection->run(request);
        waitFor([&] { return projection->phase() == ProjectionState::Phase::Idle; }, 60'000);
        Heartbeat heart;
        during(partMs, [&](int step) {
            if (step % 90 == 0)
                workspace.showLayoutBeside(step / 90 % 2 == 0 ? -1 : 1);
        });
        heart.print("switching maps");
    }
    {
        ProjectionRequest request;
        request.method = "tsne";
        projection->run(request);
        Heartbeat heart;
        pan(map, 2 * partMs);
        heart.print("panning, t-SNE sets up");
        bool isMoving = false;
        QObject::connect(
            projection, &ProjectionState::layoutReady, &window, [&isMoving] { isMoving = true; });
        if (waitFor([&] { return isMoving; }, 240'000)) {
            Heartbeat live;
            pan(map, 2 * partMs);
            live.print("panning, t-SNE moves points");
        } else {
            std::printf("t-SNE showed no points within four minutes.\n");
        }
    }
    const auto closing = Clock::now();
    window.close();
    owned.reset();
    std::printf("closed in %.0f ms, t-SNE running\n", millisecondsSince(closing));
    return 0;
}
