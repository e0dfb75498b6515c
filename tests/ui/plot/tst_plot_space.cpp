#include "core/plot/palette.h"
#include "tests/support/test_data.h"
#include "tests/ui/plot/plot_fixture.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/selection_state.h"

#include <QAction>
#include <QMenu>
#include <QMouseEvent>
#include <QPointer>
#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::ui;

/// The map of a layout of three dimensions on the real widget.
class TestPlotSpace : public test::PlotFixture
{
    Q_OBJECT

private slots:
    void fitShowsAllFromEverySide();
    void pointsAreDrawnWhereTheyAre();
    void draggingTurnsAndKeepsTheScale();
    void shiftAndRightAndMiddleDragPan();
    void turningKeepsThePointLookedAtInSight();
    void clickPicksTheNearestOfTheCovered();
    void hoverNamesThePoint();
    void lassoAndBoxTakeWhatIsSeenInThem();
    void fitSelectionBringsItNear();
    void keysTurnAndHomeTurnsBack();
    void rightClickOpensTheMenuAndADragDoesNot();
    void namesFollowTheTurn();
    void noAxesPretendToMeasure();
    void goingFlatAndBackFitsAnew();
    void aLargeCloudIsShownInPartFirst();
    void liveLayoutsKeepTheTurn();
    void emptyAndSinglePointLayoutsAreHarmless();

private:
    static constexpr Index kPoints = 300;

    static std::shared_ptr<Layout> spaceLayout(Matrix positions)
    {
        auto layout = std::make_shared<Layout>();
        layout->positions = std::move(positions);
        layout->recipe.method = "given";
        layout->recipe.dimensions = 3;
        return layout;
    }
    void openSpace(Matrix positions)
    {
        const auto dataset = test::blobDataset(positions.rows(), 3, 3);
        m_workspace->show(dataset);
        m_workspace->projection()->discard();
        m_workspace->color()->setColumn(findColumn(dataset->columns(), "group"));
        m_workspace->color()->setMode(ColorMode::Categories);
        m_workspace->color()->setOpacity(1);
        showLayout(spaceLayout(std::move(positions)));
        QTRY_VERIFY(m_workspace->color()->coloring()->legend.size() == 3 && settled());
        QVERIFY(m_view->isSpace());
    }
    void openBlobsInSpace() { openSpace(test::blobs(kPoints, 3, 3)); }
    void dragWith(Qt::MouseButton button, const QPoint& from, const QPoint& to)
    {
        QTest::mousePress(m_view->viewport(), button, {}, from);
        moveMouse((from + to) / 2, button);
        moveMouse(to, button);
        QTest::mouseRelease(m_view->viewport(), button, {}, to);
    }
    QPoint middle() const { return m_view->plotArea().center().toPoint(); }
};

void TestPlotSpace::fitShowsAllFromEverySide()
{
    openBlobsInSpace();
    const Camera fitted = m_view->camera();
    for (int side = 0; side < 12; ++side) {
        drag({middle(), middle() + QPoint(41, 23)});
        QTRY_VERIFY(settled());
        for (PointId id = 0; id < kPoints; ++id)
            QVERIFY(m_view->plotArea().contains(*m_view->positionOf(id)));
        QVERIFY(m_view->camera() == fitted);
    }
    wheel(m_view->plotArea().center(), 480);
    QVERIFY(!(m_view->camera() == fitted));
    QTest::keyClick(m_view.get(), Qt::Key_F);
    QVERIFY(m_view->camera() == fitted);
    wheel(m_view->plotArea().center(), -480);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, emptySpot());
    QVERIFY(m_view->camera() == fitted);
}

void TestPlotSpace::pointsAreDrawnWhereTheyAre()
{
    openBlobsInSpace();
    for (int side = 0; side < 3; ++side) {
        const PointId id = lonelyPoint();
        QVERIFY(id != kNoPoint);
        const auto& coloring = *m_workspace->color()->coloring();
        const QColor color = QColor::fromRgb(colorAt(at(id)));
        const QColor ground = QColor::fromRgb(backgroundColor(Theme::Light));
        // Its colour, faded by no more than the fog of the farthest.
        const OkLab own = toOkLab(coloring.palette[coloring.codes[id]]);
        const OkLab seen = toOkLab(color.rgba());
        QVERIFY(color != ground);
        QVERIFY(colorDistance(own, seen)
            < 0.7 * colorDistance(own, toOkLab(backgroundColor(Theme::Light))));
        drag({middle(), middle() + QPoint(70, -40)});
        QTRY_VERIFY(settled());
    }
}

void TestPlotSpace::draggingTurnsAndKeepsTheScale()
{
    openBlobsInSpace();
    const double scale = m_view->camera().scale();
    const Turn before = m_view->turn();
    QVERIFY(before == Turn::standard());
    // The point nearest the eye goes along with the mouse.
    PointId front = 0;
    const auto nearness = [&](PointId id) {
        const float* p = m_workspace->layout()->positions.row(id);
        return before.apply({p[0], p[1], p[2]}).z;
    };
    for (PointId id = 1; id < kPoints; ++id) {
        if (nearness(id) > nearness(front))
            front = id;
    }
    const QPointF place = *m_view->positionOf(front);
    drag({middle(), middle() + QPoint(10, 0), middle() + QPoint(25, 0)});
    QTRY_VERIFY(settled());
    QVERIFY(m_view->positionOf(front)->x() > place.x() + 3);
    QCOMPARE(m_view->camera().scale(), scale);
    QVERIFY(m_workspace->selection()->selected().isEmpty());
    QCOMPARE(m_view->picture().sources.turn, m_view->turn());
}

void TestPlotSpace::shiftAndRightAndMiddleDragPan()
{
    openBlobsInSpace();
    const Turn turn = m_view->turn();
    const QPointF start = *m_view->positionOf(7);
    drag({middle(), middle() + QPoint(30, 12)}, Qt::ShiftModifier);
    QVERIFY(QLineF(*m_view->positionOf(7), start + QPointF(30, 12)).length() < 1e-6);
    dragWith(Qt::RightButton, middle(), middle() + QPoint(-30, -12));
    QVERIFY(QLineF(*m_view->positionOf(7), start).length() < 1e-6);
    dragWith(Qt::MiddleButton, middle(), middle() + QPoint(0, 20));
    QVERIFY(QLineF(*m_view->positionOf(7), start + QPointF(0, 20)).length() < 1e-6);
    QVERIFY(m_view->turn() == turn);
    QTRY_VERIFY(settled());
}

void TestPlotSpace::turningKeepsThePointLookedAtInSight()
{
    openBlobsInSpace();
    const PointId id = lonelyPoint();
    m_workspace->selection()->selectPoint(id);
    QTRY_VERIFY(settled());
    m_view->centerOn(id);
    for (int i = 0; i < 12; ++i)
        wheel(m_view->plotArea().center(), 120);
    QTRY_VERIFY(settled());
    const QPointF place = *m_view->positionOf(id);
    for (int i = 0; i < 5; ++i) {
        drag({middle(), middle() + QPoint(60, 35)});
        QTRY_VERIFY(settled());
        QVERIFY(QLineF(*m_view->positionOf(id), place).length() < 1);
    }
}

void TestPlotSpace::clickPicksTheNearestOfTheCovered()
{
    // Pairs behind one another as seen from the front; the second of each is nearer.
    Matrix places = Matrix::zeros(8, 3);
    for (Index i = 0; i < 8; ++i) {
        places(i, 0) = static_cast<float>(i / 2);
        places(i, 1) = static_cast<float>((i / 2) % 2);
        places(i, 2) = i % 2 == 0 ? -0.01F : 0.01F;
    }
    openSpace(std::move(places));
    // Square on.
    const double perPx
        = 3.14159265358979 / std::min(m_view->plotArea().width(), m_view->plotArea().height());
    const double right = Turn::kStandardAzimuth / 180 * 3.14159265358979 / perPx;
    const double up = Turn::kStandardElevation / 180 * 3.14159265358979 / perPx;
    // Undone in the other order: first down from above, then round.
    drag({middle(), middle() - QPoint(0, static_cast<int>(std::lround(up)))});
    drag({middle(), middle() + QPoint(static_cast<int>(std::lround(right)), 0)});
    QTRY_VERIFY(settled());
    for (PointId pair = 0; pair < 4; ++pair) {
        QVERIFY(
            QLineF(*m_view->positionOf(2 * pair), *m_view->positionOf(2 * pair + 1)).length() < 3);
        QTRY_COMPARE(m_view->pointAt(at(2 * pair)), 2 * pair + 1);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at(2 * pair));
        QCOMPARE(m_workspace->selection()->current(), 2 * pair + 1);
        QTRY_VERIFY(settled());
    }
}

void TestPlotSpace::hoverNamesThePoint()
{
    openBlobsInSpace();
    drag({middle(), middle() + QPoint(50, 20)});
    QTRY_VERIFY(settled());
    const PointId id = lonelyPoint();
    moveMouse(at(id));
    QCOMPARE(m_workspace->selection()->hovered(), id);
    QCOMPARE(m_view->overlay().hoverCard().text, QStringLiteral("p%1").arg(id));
    moveMouse(emptySpot());
    QCOMPARE(m_workspace->selection()->hovered(), kNoPoint);
}

void TestPlotSpace::lassoAndBoxTakeWhatIsSeenInThem()
{
    openBlobsInSpace();
    for (const auto mode : {PlotView::Mode::Lasso, PlotView::Mode::Box}) {
        m_view->setMode(PlotView::Mode::Pan);
        drag({middle(), middle() + QPoint(33, 44)});
        QTRY_VERIFY(settled());
        QList<PointId> group;
        for (PointId i = 0; i < kPoints; i += 3)
            group << i;
        const QList<QPoint> loop = loopAround(group, 4);
        PointSet expected(kPoints);
        for (PointId i = 0; i < kPoints; ++i) {
            if (QRectF(loop[0], loop[2]).contains(*m_view->positionOf(i)))
                expected.insert(i);
        }
        m_view->setMode(mode);
        drag(mode == PlotView::Mode::Lasso ? loop : QList<QPoint>{loop[0], loop[2]});
        QVERIFY(m_workspace->selection()->selected() == expected);
        QVERIFY(expected.count() >= 100);
        QTRY_VERIFY(settled());
    }
}

void TestPlotSpace::fitSelectionBringsItNear()
{
    openBlobsInSpace();
    m_workspace->selection()->select(PointSet(kPoints, {0, 3, 6}), SelectionMode::Replace);
    const double scale = m_view->camera().scale();
    QTest::keyClick(m_view.get(), Qt::Key_F, Qt::ShiftModifier);
    QVERIFY(m_view->camera().scale() > scale);
    QTRY_VERIFY(settled());
    for (const PointId id : {0U, 3U, 6U})
        QVERIFY(m_view->plotArea().contains(*m_view->positionOf(id)));
}

void TestPlotSpace::keysTurnAndHomeTurnsBack()
{
    openBlobsInSpace();
    const QPointF before = *m_view->positionOf(0);
    QTest::keyClick(m_view.get(), Qt::Key_Left);
    QTest::keyClick(m_view.get(), Qt::Key_Up);
    QVERIFY(!(m_view->turn() == Turn::standard()));
    QTRY_VERIFY(settled());
    QVERIFY(QLineF(before, *m_view->positionOf(0)).length() > 3);
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QVERIFY(m_view->turn() == Turn::standard());
    QTRY_VERIFY(settled());
    QVERIFY(QLineF(before, *m_view->positionOf(0)).length() < 1e-6);
}

void TestPlotSpace::rightClickOpensTheMenuAndADragDoesNot()
{
    openBlobsInSpace();
    const PointId id = lonelyPoint();
    const auto ask = [&](const QPoint& position) {
        QContextMenuEvent event(
            QContextMenuEvent::Mouse, position, m_view->viewport()->mapToGlobal(position));
        QCoreApplication::sendEvent(m_view->viewport(), &event);
    };
    const auto menu = [&] { return m_view->findChild<QMenu*>(QStringLiteral("mapMenu")); };
    // Systems ask at the press …
    QTest::mousePress(m_view->viewport(), Qt::RightButton, {}, at(id));
    ask(at(id));
    QVERIFY(!menu());
    moveMouse(at(id) + QPoint(20, 20), Qt::RightButton);
    QTest::mouseRelease(m_view->viewport(), Qt::RightButton, {}, at(id) + QPoint(20, 20));
    QVERIFY(!menu());
    QTest::mousePress(m_view->viewport(), Qt::RightButton, {}, at(id));
    ask(at(id));
    QTest::mouseRelease(m_view->viewport(), Qt::RightButton, {}, at(id));
    QVERIFY(menu());
    QVERIFY(menu()->findChild<QAction*>(QStringLiteral("turnBack")));
    QVERIFY(menu()->findChild<QAction*>(QStringLiteral("copyLabel")));
    QPointer<QMenu> closing(menu());
    closing->close();
    QTRY_VERIFY(closing.isNull());
    // … or at the release.
    QTest::mousePress(m_view->viewport(), Qt::RightButton, {}, at(id));
    moveMouse(at(id) + QPoint(20, 20), Qt::RightButton);
    QTest::mouseRelease(m_view->viewport(), Qt::RightButton, {}, at(id) + QPoint(20, 20));
    ask(at(id) + QPoint(20, 20));
    QVERIFY(!menu());
    QTest::mouseClick(m_view->viewport(), Qt::RightButton, {}, at(id));
    ask(at(id));
    QVERIFY(menu());
    closing = menu();
    closing->close();
    QTRY_VERIFY(closing.isNull());
}

void TestPlotSpace::namesFollowTheTurn()
{
    m_view->setSampleLabels(true);
    openBlobsInSpace();
    QTRY_VERIFY(!m_view->overlay().labels().empty());
    drag({middle(), middle() + QPoint(80, 30)});
    QTRY_VERIFY(settled());
    QTRY_VERIFY(!m_view->overlay().labels().empty());
    for (const PlacedLabel& label : m_view->overlay().labels()) {
        const PointId id = label.text.mid(1).toUInt();
        // Beside its point: nearer than its own size.
        const QPointF off = label.box.center() - *m_view->positionOf(id);
        QVERIFY(std::abs(off.x()) < label.box.width() + 12);
        QVERIFY(std::abs(off.y()) < label.box.height() + 12);
    }
    m_view->setSampleLabels(false);
}

void TestPlotSpace::noAxesPretendToMeasure()
{
    openBlobs();
    auto flat = layoutOf(*m_workspace->dataset(), "given");
    showLayout(flat);
    const QRectF withNumbers = m_view->plotArea();
    Matrix places = test::blobs(kPoints, 3, 3);
    showLayout(spaceLayout(std::move(places)));
    // The room of the numbers is the picture's.
    QVERIFY(m_view->plotArea().left() < withNumbers.left());
    QVERIFY(m_view->plotArea().height() > withNumbers.height());
}

void TestPlotSpace::goingFlatAndBackFitsAnew()
{
    openBlobsInSpace();
    wheel(m_view->plotArea().center(), 600);
    openBlobs();
    QVERIFY(!m_view->isSpace());
    const QPointF before = *m_view->positionOf(7);
    const QPoint start = emptySpot();
    drag({start, start + QPoint(20, 10)});
    QVERIFY(QLineF(*m_view->positionOf(7), before + QPointF(20, 10)).length() < 1e-6);
    showLayout(spaceLayout(test::blobs(kPoints, 3, 3)));
    for (PointId id = 0; id < kPoints; ++id)
        QVERIFY(m_view->plotArea().contains(*m_view->positionOf(id)));
}

void TestPlotSpace::aLargeCloudIsShownInPartFirst()
{
    const Index n = 400'000;
    openSpace(test::normalMatrix(n, 3));
    // Many turns at once: the last one counts, and the whole picture of it comes.
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, middle());
    for (int i = 1; i <= 20; ++i) {
        moveMouse(middle() + QPoint(4 * i, i), Qt::LeftButton);
        QCoreApplication::processEvents();
    }
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, middle() + QPoint(80, 20));
    QTRY_VERIFY(settled());
    m_view->setMode(PlotView::Mode::Box);
    const QRectF area = m_view->plotArea();
    drag({area.topLeft().toPoint() + QPoint(1, 1), area.bottomRight().toPoint() - QPoint(1, 1)});
    QCOMPARE(m_workspace->selection()->selected().count(), n);
    QTRY_VERIFY(settled());
}

void TestPlotSpace::liveLayoutsKeepTheTurn()
{
    openBlobsInSpace();
    drag({middle(), middle() + QPoint(50, 20)});
    const Turn turn = m_view->turn();
    for (int step = 2; step < 5; ++step) {
        Matrix places = test::blobs(kPoints, 3, 3);
        for (Index i = 0; i < kPoints; ++i) {
            for (Index j = 0; j < 3; ++j)
                places(i, j) *= static_cast<float>(step);
        }
        showLayout(spaceLayout(std::move(places)));
        QVERIFY(m_view->turn() == turn);
        for (PointId id = 0; id < kPoints; ++id)
            QVERIFY(m_view->plotArea().contains(*m_view->positionOf(id)));
    }
}

void TestPlotSpace::emptyAndSinglePointLayoutsAreHarmless()
{
    openBlobsInSpace();
    for (const bool hasOne : {false, true}) {
        Matrix places = Matrix::zeros(kPoints, 3);
        std::vector<PointId> omitted;
        for (PointId id = 0; id < kPoints; ++id) {
            if (hasOne && id == 5)
                continue;
            places(id, 2) = std::nanf("");
            omitted.push_back(id);
        }
        auto layout = spaceLayout(std::move(places));
        layout->omitted = omitted;
        showLayout(layout);
        drag({middle(), middle() + QPoint(50, 20)});
        wheel(m_view->plotArea().center(), 240);
        QTest::keyClick(m_view.get(), Qt::Key_F);
        QTest::keyClick(m_view.get(), Qt::Key_Left);
        QTRY_VERIFY(settled());
        QVERIFY(!m_view->positionOf(0));
    }
    QVERIFY(QLineF(*m_view->positionOf(5), m_view->plotArea().center()).length() < 1);
}

QTEST_MAIN(TestPlotSpace)
#include "tst_plot_space.moc"
