#include "tests/support/ui_test.h"
#include "ui/main_window.h"
#include "ui/plot/plot_view.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QImage>
#include <QTest>
#include <cstdio>
#include <functional>

using namespace embedscope;
using namespace embedscope::ui;

/// No test: paints the window with a built-in sample, a t-SNE map of it and one point chosen, for
/// the README. See scripts/make_readme_picture.
///
///     window_picture OUT.png SAMPLE NAME

namespace {

constexpr int kPatienceMs = 10 * 60 * 1000;

bool wait(const std::function<bool()>& isDone)
{
    return QTest::qWaitFor(isDone, kPatienceMs);
}

PointId find(const Dataset& dataset, const std::string& name)
{
    for (PointId id = 0; id < dataset.size(); ++id) {
        if (dataset.name(id) == name)
            return id;
    }
    return kNoPoint;
}

int paint(const QString& out, const QString& sample, const std::string& name)
{
    MainWindow window;
    window.themes().setChoice(ThemeChoice::Light);
    window.resize(1280, 800);
    window.show();
    window.openSample(sample);
    Workspace& workspace = window.workspace();
    ProjectionState* projection = workspace.projection();
    const auto isAtRest
        = [projection] { return projection->phase() == ProjectionState::Phase::Idle; };
    if (!wait([&] { return workspace.layout() != nullptr; }) || !wait(isAtRest)) {
        std::fputs("The sample could not be opened.\n", stderr);
        return 1;
    }
    ProjectionRequest request;
    request.method = "tsne";
    projection->run(request);
    const bool isMade
        = wait(isAtRest) && wait([&] { return workspace.layout()->recipe.method == "tsne"; });
    const PointId id = find(*workspace.dataset(), name);
    if (!isMade || id == kNoPoint) {
        std::fputs("There is no such map, or no such point.\n", stderr);
        return 1;
    }
    workspace.selection()->selectPoint(id);
    workspace.selection()->setHovered(id);
    if (!wait([&] { return workspace.neighbors()->list() && window.map().isPictureComplete(); }))
        return 1;
    QTest::qWait(500); // What slides into place has arrived.
    return window.grab().toImage().save(out, "PNG", 10) ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const test::IsolatedSettings settings;
    if (argc != 4) {
        std::fputs("Usage: window_picture OUT.png SAMPLE NAME\n", stderr);
        return 2;
    }
    return paint(QString::fromLocal8Bit(argv[1]), QString::fromLocal8Bit(argv[2]), argv[3]);
}
