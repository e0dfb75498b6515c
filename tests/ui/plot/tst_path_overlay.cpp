#include "core/plot/palette.h"
#include "tests/support/test_data.h"
#include "tests/ui/plot/plot_fixture.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/selection_state.h"

#include <QLineF>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace embedscope;
using namespace embedscope::ui;
using namespace embedscope::test;

/// Lines along sequences, looked for between points.
class TestPathOverlay : public PlotFixture
{
    Q_OBJECT

private slots:
    void aLineLeadsFromEachPointToTheNext();
    void theLaterLineIsTheStronger();
    void linesCanBeLeftOut();
    void linesAreDrawnInTheDark();
    void pointsThatAreNotShownHaveNoLines();
    void linesAreDrawnInThreeDimensions();
    void linesFollowPointsThatMove();
    void ofManyStepsTheChosenSequencesAreDrawn();

private:
    /// Four points at the corners of a square: 0 -> 1 -> 2, and 3 apart.
    std::shared_ptr<const Dataset> openSquare(bool hasPath = true)
    {
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        Table table;
        table.vectors = Matrix::zeros(4, 2);
        table.vectors(1, 0) = table.vectors(2, 0) = 10;
        table.vectors(2, 1) = table.vectors(3, 1) = 10;
        CategoryValues kinds;
        kinds.categories = {"a", "b"};
        kinds.codes = {0, 0, 1, 0};
        table.columns.emplace_back("kind", std::move(kinds));
        table.columns.emplace_back(
            "__seq_next__", NumberValues{{hasPath ? 1 : none, hasPath ? 2 : none, none, none}});
        const auto dataset = Dataset::make(std::move(table)).value();
        m_workspace->show(dataset);
        m_workspace->projection()->discard();
        m_workspace->color()->setColumn(std::nullopt);
        m_workspace->color()->setPointRadius(3);
        showLayout(layoutOf(*dataset));
        waitForPaths(hasPath);
        return dataset;
    }
    void waitForPaths(bool areThere) { QTRY_COMPARE(m_view->hasPaths(), areThere); }
    /// How far what is between two points stands out from the ground: the most of a few pixels, a
    /// third of the way from a to b, beside the arrow.
    double mark(PointId a, PointId b, Theme theme = Theme::Light) const
    {
        const QPoint at
            = QLineF(*m_view->positionOf(a), *m_view->positionOf(b)).pointAt(1.0 / 3).toPoint();
        const QImage image = m_view->grab().toImage();
        const OkLab ground = toOkLab(backgroundColor(theme));
        double most = 0;
        for (int y = -2; y <= 2; ++y) {
            for (int x = -2; x <= 2; ++x) {
                const QRgb pixel = image.pixel(at + QPoint(x, y));
                most = std::max(most, colorDistance(toOkLab(pixel), ground));
            }
        }
        return most;
    }
};

void TestPathOverlay::aLineLeadsFromEachPointToTheNext()
{
    openSquare();
    QCOMPARE(m_view->overlay().paths().lineCount(), std::size_t{2});
    QVERIFY(mark(0, 1) > 0.2);
    QVERIFY(mark(1, 2) > 0.2);
    QVERIFY(mark(2, 3) < 0.02);
    QVERIFY(mark(3, 0) < 0.02);
    openSquare(false);
    QCOMPARE(m_view->overlay().paths().lineCount(), std::size_t{0});
    QVERIFY(mark(0, 1) < 0.02);
}

void TestPathOverlay::theLaterLineIsTheStronger()
{
    openSquare();
    QVERIFY(mark(1, 2) > mark(0, 1) + 0.1);
}

void TestPathOverlay::linesCanBeLeftOut()
{
    openSquare();
    m_view->setPathsShown(false);
    QVERIFY(mark(0, 1) < 0.02);
    QVERIFY(mark(1, 2) < 0.02);
    m_view->setPathsShown(true);
    QVERIFY(mark(0, 1) > 0.2);
}

void TestPathOverlay::linesAreDrawnInTheDark()
{
    openSquare();
    m_workspace->color()->setTheme(Theme::Dark);
    QTRY_VERIFY(settled());
    QVERIFY(mark(0, 1, Theme::Dark) > 0.2);
    QVERIFY(mark(2, 3, Theme::Dark) < 0.02);
}

void TestPathOverlay::pointsThatAreNotShownHaveNoLines()
{
    const auto dataset = openSquare();
    auto layout = layoutOf(*dataset);
    layout->positions(0, 0) = std::numeric_limits<float>::quiet_NaN();
    layout->recipe.seed = 2;
    showLayout(layout);
    QCOMPARE(m_view->overlay().paths().lineCount(), std::size_t{1});
    QVERIFY(mark(1, 2) > 0.2);
    m_workspace->color()->setColumn(findColumn(dataset->columns(), "kind"));
    QTRY_VERIFY(m_workspace->color()->coloring()->legend.size() == 2 && settled());
    m_workspace->color()->toggleHidden(m_workspace->color()->coloring()->codes[2]);
    QTRY_VERIFY(settled());
    QTRY_COMPARE(m_view->overlay().paths().lineCount(), std::size_t{0});
}

void TestPathOverlay::linesAreDrawnInThreeDimensions()
{
    const auto dataset = openSquare();
    auto layout = std::make_shared<Layout>();
    layout->positions = Matrix::zeros(4, 3);
    for (Index i = 0; i < 4; ++i) {
        layout->positions(i, 0) = dataset->vectors()(i, 0);
        layout->positions(i, 1) = dataset->vectors()(i, 1);
        layout->positions(i, 2) = static_cast<float>(i);
    }
    layout->recipe.method = "pca";
    showLayout(layout);
    QVERIFY(m_view->isSpace());
    QCOMPARE(m_view->overlay().paths().lineCount(), std::size_t{2});
    QVERIFY(mark(0, 1) > 0.2);
    QVERIFY(mark(1, 2) > 0.2);
}

void TestPathOverlay::linesFollowPointsThatMove()
{
    const auto dataset = openSquare();
    auto layout = layoutOf(*dataset);
    layout->positions(0, 0) = 5;
    layout->positions(0, 1) = 5;
    showLayout(layout);
    QVERIFY(mark(0, 1) > 0.2);
    QVERIFY(mark(2, 3) < 0.02);
    // On the way, where they are drawn and not where they will be: all in a heap, without a line.
    MapOverlay& overlay = m_view->overlay();
    MapSources sources;
    sources.layout = layout;
    const auto scene = SceneBuilder().build(sources);
    auto heap = std::make_shared<PointCloud>(*scene->cloud);
    std::fill(heap->x.begin(), heap->x.end(), 5.0F);
    std::fill(heap->y.begin(), heap->y.end(), 5.0F);
    overlay.setScene(scene, heap);
    QCOMPARE(overlay.paths().lineCount(), std::size_t{0});
    overlay.setScene(scene);
    QCOMPARE(overlay.paths().lineCount(), std::size_t{2});
}

void TestPathOverlay::ofManyStepsTheChosenSequencesAreDrawn()
{
    // 21 sequences of 1,001 points in a circle; the first 20 would do.
    constexpr PointId length = 1001;
    std::vector<PointId> next(21 * length, kNoPoint);
    for (PointId i = 0; i < next.size(); ++i)
        next[i] = (i + 1) % length == 0 ? kNoPoint : i + 1;
    PathGround ground;
    ground.area = QRectF(0, 0, 1000, 1000);
    ground.radiusOf = [](PointId) { return 1.0; };
    ground.positionOf = [](PointId id) -> std::optional<QPointF> {
        return QPointF(500 + 400 * std::cos(id * 2.0), 500 + 400 * std::sin(id * 2.0));
    };
    PathOverlay overlay;
    overlay.setPaths(std::make_shared<const Paths>(std::span(next).first(20 * length)));
    overlay.arrange(ground);
    QVERIFY(!overlay.needsChoice());
    QCOMPARE(overlay.lineCount(), std::size_t{20'000});

    overlay.setPaths(std::make_shared<const Paths>(next));
    overlay.arrange(ground);
    QVERIFY(overlay.needsChoice());
    QCOMPARE(overlay.lineCount(), std::size_t{0});
    ground.chosen = {5, kNoPoint, 2 * length + 500};
    overlay.arrange(ground);
    QCOMPARE(overlay.lineCount(), std::size_t{2 * (length - 1)});
    const PointSet all = PointSet::all(static_cast<Index>(next.size()));
    ground.alsoChosen = &all;
    overlay.arrange(ground);
    QCOMPARE(overlay.lineCount(), PathOverlay::kMostSteps);
}

QTEST_MAIN(TestPathOverlay)
#include "tst_path_overlay.moc"
