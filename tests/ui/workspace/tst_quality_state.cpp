#include "ui/workspace/quality_state.h"

#include "tests/support/test_data.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QSignalSpy>
#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::ui;
using Phase = QualityState::Phase;

namespace {

/// The first two dimensions as the map, stretched by a factor.
std::shared_ptr<const Layout> layoutOf(const Dataset& dataset, float factor = 1)
{
    auto layout = std::make_shared<Layout>();
    layout->positions = Matrix::zeros(dataset.size(), 2);
    for (Index i = 0; i < dataset.size(); ++i) {
        for (Index j = 0; j < 2; ++j)
            layout->positions(i, j) = dataset.vectors()(i, j) * (j == 0 ? factor : 1);
    }
    layout->recipe.method = "given";
    return layout;
}

struct Fixture
{
    Workspace workspace;
    QualityState* quality = workspace.quality();

    /// The table with its first two dimensions as the map.
    std::shared_ptr<const Layout> open(const std::shared_ptr<const Dataset>& dataset)
    {
        workspace.show(dataset);
        workspace.projection()->discard();
        const auto layout = layoutOf(*dataset);
        show(layout);
        return layout;
    }
    void show(const std::shared_ptr<const Layout>& layout)
    {
        emit workspace.projection()->layoutReady(layout);
    }
};

Index missing(const Column& column)
{
    Index count = 0;
    for (Index i = 0; i < column.size(); ++i)
        count += column.isMissing(i) ? 1 : 0;
    return count;
}

} // namespace

class TestQualityState : public QObject
{
    Q_OBJECT

private slots:
    void measuresOnceThePointsRest();
    void keepsWhatIsMeasuredOfEachLayout();
    void waitsWhileARunMovesThePoints();
    void aRunForAnotherMapDisturbsNothing();
    void anotherLayoutDropsTheMeasuring();
    void columnsSayWhatWasExaminedOfEachPoint();
    void pointsOfASampleAloneHaveFigures();
    void colorsFollowTheMap();
    void largeTablesAreMeasuredWhenAsked();
    void tellsWhatBecameOfNeighbors();
    void theHoveredPointComesFirst();
    void closingWhileMeasuringIsSafe();
};

void TestQualityState::measuresOnceThePointsRest()
{
    Fixture f;
    QCOMPARE(f.quality->phase(), Phase::Idle);
    f.open(test::blobDataset(200, 4, 3));
    QCOMPARE(f.quality->phase(), Phase::Waiting);
    QVERIFY(!f.quality->quality());
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    QCOMPARE(f.quality->quality()->points, 200);
    QCOMPARE(f.quality->columns()->size(), std::size_t{2});
    f.workspace.close();
    QCOMPARE(f.quality->phase(), Phase::Idle);
    QVERIFY(!f.quality->quality());
    QVERIFY(!f.quality->columns());
}

void TestQualityState::keepsWhatIsMeasuredOfEachLayout()
{
    Fixture f;
    const auto first = f.open(test::blobDataset(200, 4, 3));
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    const auto ofFirst = f.quality->quality();
    const auto second = layoutOf(*f.workspace.dataset(), 9);
    f.show(second);
    QCOMPARE(f.quality->phase(), Phase::Waiting);
    QVERIFY(!f.quality->columns());
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    QVERIFY(f.quality->quality() != ofFirst);
    f.show(first);
    QCOMPARE(f.quality->phase(), Phase::Measured); // At once.
    QCOMPARE(f.quality->quality(), ofFirst);
    f.workspace.selection()->selectPoint(3);
    QTRY_VERIFY(f.quality->ofCurrent());
}

void TestQualityState::waitsWhileARunMovesThePoints()
{
    Fixture f;
    f.workspace.show(test::blobDataset(60, 4, 3));
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    const auto first = f.workspace.layout();
    ProjectionRequest request;
    request.method = "tsne";
    request.parameters = {{"perplexity", 5.0}, {"iterations", std::int64_t{100000}}};
    QSignalSpy measured(f.quality, &QualityState::progressed);
    f.workspace.projection()->run(request);
    QTRY_VERIFY(f.workspace.layout() != first);
    measured.clear();
    const auto live = f.workspace.layout();
    QTRY_VERIFY(f.workspace.layout() != live);
    QCOMPARE(f.quality->phase(), Phase::Waiting);
    QVERIFY(measured.isEmpty());
    f.workspace.projection()->stop();
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    QCOMPARE(f.quality->quality()->points, 60);
}

void TestQualityState::aRunForAnotherMapDisturbsNothing()
{
    Fixture f;
    f.workspace.show(test::blobDataset(60, 4, 3));
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    const int first = f.workspace.shownLayoutId();
    ProjectionRequest request;
    request.method = "tsne";
    request.parameters = {{"perplexity", 5.0}, {"iterations", std::int64_t{100000}}};
    f.workspace.projection()->run(request);
    QTRY_VERIFY(f.workspace.shownLayoutId() != first);
    const int running = f.workspace.shownLayoutId();
    QCOMPARE(f.quality->phase(), Phase::Waiting);
    f.workspace.showLayout(first);
    QCOMPARE(f.quality->phase(), Phase::Measured);
    f.workspace.selection()->selectPoint(4);
    QTRY_VERIFY(f.quality->ofCurrent());
    f.workspace.showLayout(running);
    QCOMPARE(f.quality->phase(), Phase::Waiting);
    QVERIFY(!f.quality->ofCurrent());
}

void TestQualityState::anotherLayoutDropsTheMeasuring()
{
    Fixture f;
    f.open(test::blobDataset(6000, 4, 3));
    f.quality->measure();
    QCOMPARE(f.quality->phase(), Phase::Measuring);
    QSignalSpy columns(f.quality, &QualityState::columnsChanged);
    const auto second = layoutOf(*f.workspace.dataset(), 3);
    f.show(second);
    QCOMPARE(f.quality->phase(), Phase::Waiting);
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    QCOMPARE(columns.size(), 1); // Of the second alone.
}

void TestQualityState::columnsSayWhatWasExaminedOfEachPoint()
{
    Fixture f;
    f.open(test::blobDataset(200, 4, 3));
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    const Columns& columns = *f.quality->columns();
    for (const Column& column : columns) {
        QCOMPARE(column.kind(), ColumnKind::Number);
        QCOMPARE(column.size(), 200);
        QCOMPARE(missing(column), 0);
    }
    double sum = 0;
    for (const double value : columns[QualityState::KeptColumn].asNumber()->values) {
        QVERIFY(value >= 0 && value <= 1);
        sum += value;
    }
    QVERIFY(std::abs(sum / 200 - f.quality->quality()->recall10) < 1e-4);
    sum = 0;
    for (const double value : columns[QualityState::TrustColumn].asNumber()->values)
        sum += value;
    QVERIFY(std::abs(sum / 200 - f.quality->quality()->trustworthiness12) < 1e-4);
}

void TestQualityState::pointsOfASampleAloneHaveFigures()
{
    Fixture f;
    f.open(test::blobDataset(20500, 2, 3));
    QTRY_COMPARE_WITH_TIMEOUT(f.quality->phase(), Phase::Measured, 60000);
    QVERIFY(f.quality->quality()->isSampled);
    for (const Column& column : *f.quality->columns())
        QCOMPARE(missing(column), 20500 - f.quality->quality()->examined);
}

void TestQualityState::colorsFollowTheMap()
{
    Fixture f;
    const auto first = f.open(test::blobDataset(200, 4, 3));
    ColorState* color = f.workspace.color();
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    QCOMPARE(color->columns().size(), std::size_t{5}); // label, group, size and two of the map
    QVERIFY(color->columns().isOfMap(3));
    QVERIFY(!color->columns().isOfMap(2));
    color->setColumn(3 + QualityState::KeptColumn);
    QTRY_VERIFY(color->coloring()->isGradient);
    const auto ofFirst = color->coloring();
    f.show(layoutOf(*f.workspace.dataset(), 20));
    // No colours of another map, and no choice lost.
    QVERIFY(!color->coloring()->isGradient);
    QVERIFY(!color->column());
    QVERIFY(color->isAwaitingMapColumn());
    QTRY_VERIFY(color->coloring()->isGradient);
    QCOMPARE(*color->column(), std::size_t{3} + QualityState::KeptColumn);
    QVERIFY(color->coloring()->codes != ofFirst->codes);
    // Another choice in the meantime stands.
    f.show(layoutOf(*f.workspace.dataset(), 30));
    color->setColumn(1);
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    QCOMPARE(*color->column(), std::size_t{1});
    f.workspace.close();
    QCOMPARE(color->columns().size(), std::size_t{0});
}

void TestQualityState::largeTablesAreMeasuredWhenAsked()
{
    Fixture f;
    f.open(test::datasetOf(Matrix::zeros(20000, 600)));
    QTRY_COMPARE(f.quality->phase(), Phase::Skipped);
    QVERIFY(!f.quality->quality());
    f.quality->measure();
    QCOMPARE(f.quality->phase(), Phase::Measuring);
    f.quality->stop();
    QCOMPARE(f.quality->phase(), Phase::Stopped);
    QVERIFY(!f.quality->quality());
    f.quality->measure();
    QCOMPARE(f.quality->phase(), Phase::Measuring);
}

void TestQualityState::tellsWhatBecameOfNeighbors()
{
    Fixture f;
    const auto dataset = test::blobDataset(200, 4, 3);
    f.open(dataset);
    f.workspace.selection()->selectPoint(7);
    QTRY_VERIFY(f.quality->ofCurrent());
    const auto found = f.quality->ofCurrent();
    QCOMPARE(found->row, PointId{7});
    QCOMPARE(found->k, 10);
    QCOMPARE(found->trueNeighbors.size(), std::size_t{10});
    QCOMPARE(found->mapNeighbors.size(), std::size_t{10});
    QVERIFY(!f.quality->marked()); // The map is not asked to.
    f.quality->setOverlayShown(true);
    QCOMPARE(f.quality->marked(), found);
    f.workspace.selection()->clear();
    QVERIFY(!f.quality->marked());
    f.workspace.selection()->selectPoint(7);
    QCOMPARE(f.quality->marked(), found); // Remembered.
    f.show(layoutOf(*dataset, 5));
    QVERIFY(!f.quality->marked());
    QTRY_VERIFY(f.quality->marked());
    QVERIFY(f.quality->marked() != found);
}

void TestQualityState::theHoveredPointComesFirst()
{
    Fixture f;
    f.open(test::blobDataset(200, 4, 3));
    SelectionState* selection = f.workspace.selection();
    selection->selectPoint(7);
    selection->setHovered(20);
    QTRY_VERIFY(f.quality->ofCurrent());
    f.quality->setOverlayShown(true);
    QTRY_VERIFY(f.quality->marked() && f.quality->marked()->row == 20);
    selection->setHovered(kNoPoint);
    QCOMPARE(f.quality->marked()->row, PointId{7});
    f.quality->setOverlayShown(false);
    selection->setHovered(20);
    QVERIFY(!f.quality->marked());
    // A smaller table: nothing may ask for a row that is gone.
    f.quality->setOverlayShown(true);
    selection->setHovered(199);
    f.open(test::blobDataset(5, 4, 2));
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    QVERIFY(!f.quality->marked());
}

void TestQualityState::closingWhileMeasuringIsSafe()
{
    const auto dataset = test::blobDataset(12000, 8, 3);
    for (int round = 0; round < 3; ++round) {
        Fixture f;
        f.open(dataset);
        f.quality->setOverlayShown(true);
        f.workspace.selection()->selectPoint(1);
        f.quality->measure();
        QCOMPARE(f.quality->phase(), Phase::Measuring);
        if (round == 1)
            f.workspace.close();
        QCoreApplication::processEvents();
    }
}

QTEST_GUILESS_MAIN(TestQualityState)
#include "tst_quality_state.moc"
