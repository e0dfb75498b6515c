#include "core/plot/palette.h"
#include "tests/support/test_data.h"
#include "ui/plot/plot_view.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QMouseEvent>
#include <QPointer>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

using namespace embedscope;
using namespace embedscope::ui;

class TestPlotView : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void showsThePointsInTheirColors();
    void dragPans();
    void wheelKeepsThePointUnderTheMouse();
    void keysZoomAndPan();
    void fitShowsEverything();
    void fitSelectionBringsItNear();
    void hoverShowsTheLabel();
    void clickSelectsAndAsksForNeighbors();
    void shiftAddsAndControlToggles();
    void lassoSelects();
    void lassoAddsAndSubtracts();
    void boxSelects();
    void escapeAbandonsLeavesClears();
    void theSelectedPointStandsInFront();
    void searchHitsStandOutAndCarryLabels();
    void neighborsAreLabelledAndDimTheRest();
    void hiddenCategoriesCannotBeClicked();
    void labelsNeverOverlap();
    void contextMenuCopiesCentresAndSelects();
    void liveLayoutsRefitUnlessMoved();
    void anotherTableStartsAnew();
    void resizingKeepsThePictureWhole();
    void darkThemeReachesTheMap();
    void keyboardReachesTheMap();
    void closingWhileRenderingIsSafe();
    void clicksOutsideTheFrameAreHarmless();
    void theExportBeginsWithWhatIsSeen();

private:
    void openBlobs(Index n = 300, Index groups = 3);
    void showLayout(const std::shared_ptr<const Layout>& layout);
    static std::shared_ptr<Layout> layoutOf(const Dataset& dataset, const char* method = "tsne");
    bool settled() const { return m_view->isPictureComplete(); }
    QPoint at(PointId id) const { return m_view->positionOf(id)->toPoint(); }
    QRgb colorAt(const QPoint& position) const { return m_view->grab().toImage().pixel(position); }
    void wheel(const QPointF& position, int angle);
    void moveMouse(const QPoint& position, Qt::MouseButtons buttons = Qt::NoButton,
        Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    void drag(const QList<QPoint>& path, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    QList<QPoint> loopAround(const QList<PointId>& ids, int margin) const;
    /// A point with no other within `px` pixels.
    PointId lonelyPoint(double px = 12) const;
    QPoint emptySpot() const;

    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<PlotView> m_view;
};

void TestPlotView::init()
{
    m_workspace = std::make_unique<Workspace>();
    m_view = std::make_unique<PlotView>(m_workspace.get());
    m_view->setSampleLabels(false);
    m_view->resize(640, 480);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void TestPlotView::cleanup()
{
    m_view.reset();
    m_workspace.reset();
}

std::shared_ptr<Layout> TestPlotView::layoutOf(const Dataset& dataset, const char* method)
{
    auto layout = std::make_shared<Layout>();
    layout->positions = Matrix::zeros(dataset.size(), 2);
    for (Index i = 0; i < dataset.size(); ++i) {
        for (Index j = 0; j < 2; ++j)
            layout->positions(i, j) = dataset.vectors()(i, j);
    }
    layout->recipe.method = method;
    return layout;
}

void TestPlotView::showLayout(const std::shared_ptr<const Layout>& layout)
{
    emit m_workspace->projection()->layoutReady(layout);
    QCOMPARE(m_workspace->layout(), layout);
    QTRY_VERIFY(settled());
}

void TestPlotView::openBlobs(Index n, Index groups)
{
    const auto dataset = test::blobDataset(n, 2, groups);
    m_workspace->show(dataset);
    m_workspace->projection()->discard();
    m_workspace->color()->setColumn(findColumn(dataset->columns(), "group"));
    m_workspace->color()->setMode(ColorMode::Categories);
    m_workspace->color()->setOpacity(1);
    showLayout(layoutOf(*dataset));
    QTRY_VERIFY(m_workspace->color()->coloring()->legend.size() == static_cast<std::size_t>(groups)
        && settled());
}

void TestPlotView::wheel(const QPointF& position, int angle)
{
    QWheelEvent event(position, m_view->viewport()->mapToGlobal(position), {}, QPoint(0, angle),
        Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(m_view->viewport(), &event);
}

void TestPlotView::moveMouse(
    const QPoint& position, Qt::MouseButtons buttons, Qt::KeyboardModifiers modifiers)
{
    QMouseEvent move(QEvent::MouseMove, position, m_view->viewport()->mapToGlobal(position),
        Qt::NoButton, buttons, modifiers);
    QCoreApplication::sendEvent(m_view->viewport(), &move);
}

void TestPlotView::drag(const QList<QPoint>& path, Qt::KeyboardModifiers modifiers)
{
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, modifiers, path.first());
    for (const QPoint& p : path)
        moveMouse(p, Qt::LeftButton, modifiers);
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, modifiers, path.last());
}

QList<QPoint> TestPlotView::loopAround(const QList<PointId>& ids, int margin) const
{
    QRect box(at(ids.first()), QSize(1, 1));
    for (const PointId id : ids)
        box |= QRect(at(id), QSize(1, 1));
    box.adjust(-margin, -margin, margin, margin);
    return {box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft(), box.topLeft()};
}

PointId TestPlotView::lonelyPoint(double px) const
{
    const Index n = m_workspace->dataset()->size();
    for (PointId i = 0; i < n; ++i) {
        bool isAlone
            = m_view->plotArea().adjusted(30, 30, -30, -30).contains(*m_view->positionOf(i));
        for (PointId j = 0; j < n && isAlone; ++j) {
            const QPointF d = *m_view->positionOf(i) - *m_view->positionOf(j);
            isAlone = i == j || std::hypot(d.x(), d.y()) > px;
        }
        if (isAlone)
            return i;
    }
    return kNoPoint;
}

QPoint TestPlotView::emptySpot() const
{
    const QRect area = m_view->plotArea().toRect().adjusted(10, 10, -10, -10);
    for (int y = area.top(); y < area.bottom(); y += 7) {
        for (int x = area.left(); x < area.right(); x += 7) {
            if (m_view->pointAt(QPoint(x, y)) == kNoPoint)
                return {x, y};
        }
    }
    return {};
}

void TestPlotView::showsThePointsInTheirColors()
{
    openBlobs();
    const auto& coloring = *m_workspace->color()->coloring();
    const PointId id = lonelyPoint();
    QVERIFY(id != kNoPoint);
    QCOMPARE(colorAt(at(id)), coloring.palette[coloring.codes[id]]);
    QCOMPARE(colorAt(emptySpot()), backgroundColor(Theme::Light));
    // All points are inside the frame.
    for (PointId i = 0; i < 300; ++i)
        QVERIFY(m_view->plotArea().contains(*m_view->positionOf(i)));
}

void TestPlotView::dragPans()
{
    openBlobs();
    const QPointF before = *m_view->positionOf(7);
    const QPoint start = emptySpot();
    drag({start, start + QPoint(30, 10), start + QPoint(60, 25)});
    const QPointF moved = *m_view->positionOf(7) - before;
    QVERIFY(std::abs(moved.x() - 60) < 1e-6 && std::abs(moved.y() - 25) < 1e-6);
    QTRY_VERIFY(settled());
    const auto& coloring = *m_workspace->color()->coloring();
    const PointId id = lonelyPoint();
    QCOMPARE(colorAt(at(id)), coloring.palette[coloring.codes[id]]);
    QVERIFY(m_workspace->selection()->selected().isEmpty());
}

void TestPlotView::wheelKeepsThePointUnderTheMouse()
{
    openBlobs();
    const PointId id = lonelyPoint();
    const QPointF before = *m_view->positionOf(id);
    const QPointF other = *m_view->positionOf((id + 1) % 300);
    const double distance = QLineF(before, other).length();
    for (int i = 0; i < 5; ++i)
        wheel(before, 120);
    const QPointF after = *m_view->positionOf(id);
    QVERIFY(QLineF(before, after).length() < 1e-3);
    const double zoom = QLineF(after, *m_view->positionOf((id + 1) % 300)).length() / distance;
    QVERIFY(zoom > 2 && zoom < 5);
    QTRY_VERIFY(settled());
    const auto& coloring = *m_workspace->color()->coloring();
    QCOMPARE(colorAt(before.toPoint()), coloring.palette[coloring.codes[id]]);
    for (int i = 0; i < 5; ++i)
        wheel(before, -120);
    QVERIFY(std::abs(QLineF(before, *m_view->positionOf((id + 1) % 300)).length() - distance) < 1);
}

void TestPlotView::keysZoomAndPan()
{
    openBlobs();
    m_view->setFocus();
    const double scale = m_view->camera().scale();
    QTest::keyClick(m_view.get(), Qt::Key_Plus);
    QVERIFY(m_view->camera().scale() > scale * 1.2);
    QTest::keyClick(m_view.get(), Qt::Key_Minus);
    QVERIFY(std::abs(m_view->camera().scale() - scale) < scale * 1e-9);
    QTest::keyClick(m_view.get(), Qt::Key_Equal);
    QVERIFY(m_view->camera().scale() > scale * 1.2);
    const QPointF before = *m_view->positionOf(0);
    QTest::keyClick(m_view.get(), Qt::Key_Right);
    QVERIFY(m_view->positionOf(0)->x() < before.x() - 10);
    QTest::keyClick(m_view.get(), Qt::Key_Left);
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QVERIFY(m_view->positionOf(0)->y() < before.y() - 10);
    QTest::keyClick(m_view.get(), Qt::Key_Up);
    QVERIFY(QLineF(before, *m_view->positionOf(0)).length() < 1e-6);
}

void TestPlotView::fitShowsEverything()
{
    openBlobs();
    const Camera fitted = m_view->camera();
    const auto moveAway = [&] {
        wheel(m_view->plotArea().center(), 1200);
        QVERIFY(m_view->camera().scale() > 2 * fitted.scale());
    };
    moveAway();
    QTest::keyClick(m_view.get(), Qt::Key_F);
    QVERIFY(m_view->camera() == fitted);
    wheel(m_view->plotArea().center(), -240);
    QVERIFY(!(m_view->camera() == fitted));
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, emptySpot());
    QVERIFY(m_view->camera() == fitted);
    QTRY_VERIFY(settled());
}

void TestPlotView::fitSelectionBringsItNear()
{
    openBlobs();
    m_workspace->selection()->select(PointSet(300, {0, 3, 6}), SelectionMode::Replace);
    const double scale = m_view->camera().scale();
    QTest::keyClick(m_view.get(), Qt::Key_F, Qt::ShiftModifier);
    QVERIFY(m_view->camera().scale() > scale);
    for (const PointId id : {0U, 3U, 6U})
        QVERIFY(m_view->plotArea().contains(*m_view->positionOf(id)));
    // Of nothing: nothing happens.
    m_workspace->selection()->clear();
    const Camera camera = m_view->camera();
    QTest::keyClick(m_view.get(), Qt::Key_F, Qt::ShiftModifier);
    QVERIFY(m_view->camera() == camera);
}

void TestPlotView::hoverShowsTheLabel()
{
    openBlobs();
    const PointId id = lonelyPoint(20);
    const QImage before = m_view->grab().toImage();
    moveMouse(at(id));
    QCOMPARE(m_workspace->selection()->hovered(), id);
    QCOMPARE(m_view->overlay().hoverCard().text, QStringLiteral("p%1").arg(id));
    QVERIFY(m_view->plotArea().contains(m_view->overlay().hoverCard().box));
    const QImage after = m_view->grab().toImage();
    const QRect card = m_view->overlay().hoverCard().box.toRect();
    QVERIFY(before.copy(card) != after.copy(card));
    moveMouse(emptySpot());
    QCOMPARE(m_workspace->selection()->hovered(), kNoPoint);
    QVERIFY(m_view->overlay().hoverCard().text.isEmpty());
    // And it goes when the mouse leaves.
    moveMouse(at(id));
    QCOMPARE(m_workspace->selection()->hovered(), id);
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(m_view.get(), &leave);
    QCOMPARE(m_workspace->selection()->hovered(), kNoPoint);
}

void TestPlotView::clickSelectsAndAsksForNeighbors()
{
    openBlobs();
    const PointId id = lonelyPoint();
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at(id));
    QCOMPARE(m_workspace->selection()->current(), id);
    QCOMPARE(m_workspace->selection()->selected().ids(), std::vector<PointId>{id});
    QTRY_VERIFY(m_workspace->neighbors()->list() != nullptr);
    QCOMPARE(m_workspace->neighbors()->list()->query, id);
    // A click beside all points changes nothing.
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, emptySpot());
    QCOMPARE(m_workspace->selection()->current(), id);
}

void TestPlotView::shiftAddsAndControlToggles()
{
    openBlobs();
    const PointId first = lonelyPoint();
    PointId second = kNoPoint;
    for (PointId i = 0; i < 300 && second == kNoPoint; ++i) {
        if (i != first && m_view->pointAt(at(i)) == i)
            second = i;
    }
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at(first));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ShiftModifier, at(second));
    QCOMPARE(m_workspace->selection()->selected().count(), Index{2});
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ControlModifier, at(second));
    QCOMPARE(m_workspace->selection()->selected().ids(), std::vector<PointId>{first});
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ControlModifier, at(second));
    QCOMPARE(m_workspace->selection()->selected().count(), Index{2});
}

void TestPlotView::lassoSelects()
{
    openBlobs();
    QList<PointId> group;
    for (PointId i = 0; i < 300; i += 3)
        group << i;
    QTest::keyClick(m_view.get(), Qt::Key_L);
    QCOMPARE(m_view->mode(), PlotView::Mode::Lasso);
    const QList<QPoint> loop = loopAround(group, 4);
    PointSet expected(300);
    for (PointId i = 0; i < 300; ++i) {
        if (QRectF(loop[0], loop[2]).contains(*m_view->positionOf(i)))
            expected.insert(i);
    }
    drag(loop);
    QVERIFY(m_workspace->selection()->selected() == expected);
    QVERIFY(expected.count() >= 100);
    QCOMPARE(m_view->mode(), PlotView::Mode::Lasso);
}

void TestPlotView::lassoAddsAndSubtracts()
{
    openBlobs();
    m_view->setMode(PlotView::Mode::Lasso);
    drag(loopAround({0}, 6));
    const Index first = m_workspace->selection()->selected().count();
    QVERIFY(m_workspace->selection()->selected().contains(0));
    drag(loopAround({1}, 6), Qt::ShiftModifier);
    QVERIFY(m_workspace->selection()->selected().contains(0));
    QVERIFY(m_workspace->selection()->selected().contains(1));
    QVERIFY(m_workspace->selection()->selected().count() > first);
    drag(loopAround({0}, 6), Qt::AltModifier);
    QVERIFY(!m_workspace->selection()->selected().contains(0));
    QVERIFY(m_workspace->selection()->selected().contains(1));
}

void TestPlotView::boxSelects()
{
    openBlobs();
    QTest::keyClick(m_view.get(), Qt::Key_B);
    QCOMPARE(m_view->mode(), PlotView::Mode::Box);
    const QRectF area = m_view->plotArea();
    drag({area.topLeft().toPoint() + QPoint(1, 1), area.bottomRight().toPoint() - QPoint(1, 1)});
    QCOMPARE(m_workspace->selection()->selected().count(), Index{300});
    const QPoint p = at(5);
    drag({p - QPoint(5, 5), p + QPoint(5, 5)}, Qt::AltModifier);
    QVERIFY(!m_workspace->selection()->selected().contains(5));
    QVERIFY(m_workspace->selection()->selected().count() > 200);
}

void TestPlotView::escapeAbandonsLeavesClears()
{
    openBlobs();
    m_workspace->selection()->selectPoint(4);
    m_view->setMode(PlotView::Mode::Box);
    const QPoint start = emptySpot();
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, start);
    moveMouse(QPoint(400, 300), Qt::LeftButton);
    QTest::keyClick(m_view.get(), Qt::Key_Escape);
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, QPoint(400, 300));
    QCOMPARE(m_workspace->selection()->selected().ids(), std::vector<PointId>{4});
    QCOMPARE(m_view->mode(), PlotView::Mode::Box);
    QTest::keyClick(m_view.get(), Qt::Key_Escape);
    QCOMPARE(m_view->mode(), PlotView::Mode::Pan);
    QCOMPARE(m_workspace->selection()->selected().count(), Index{1});
    QTest::keyClick(m_view.get(), Qt::Key_Escape);
    QVERIFY(m_workspace->selection()->selected().isEmpty());
    QTest::keyClick(m_view.get(), Qt::Key_L);
    QTest::keyClick(m_view.get(), Qt::Key_V);
    QCOMPARE(m_view->mode(), PlotView::Mode::Pan);
}

void TestPlotView::theSelectedPointStandsInFront()
{
    // All in one place: whichever is selected is the one seen.
    const auto dataset = test::blobDataset(30, 2, 3);
    openBlobs(30, 3);
    auto layout = layoutOf(*m_workspace->dataset());
    for (Index i = 0; i < 30; ++i)
        layout->positions(i, 0) = layout->positions(i, 1) = 1;
    showLayout(layout);
    const auto& coloring = *m_workspace->color()->coloring();
    for (const PointId id : {0U, 1U, 2U}) {
        m_workspace->selection()->selectPoint(id);
        QTRY_VERIFY(settled());
        QCOMPARE(colorAt(at(id)), coloring.palette[coloring.codes[id]]);
    }
}

void TestPlotView::searchHitsStandOutAndCarryLabels()
{
    openBlobs();
    const auto& coloring = *m_workspace->color()->coloring();
    const PointId other = lonelyPoint();
    m_workspace->search()->setQuery(QStringLiteral("p29"));
    QTRY_VERIFY(!m_workspace->search()->result()->ids.empty());
    QTRY_VERIFY(settled());
    QStringList texts;
    for (const PlacedLabel& label : m_view->overlay().labels())
        texts << label.text;
    QVERIFY(texts.contains(QStringLiteral("p29")));
    QVERIFY(std::all_of(texts.begin(), texts.end(),
        [](const QString& text) { return text.startsWith(QStringLiteral("p29")); }));
    if (!texts.contains(QStringLiteral("p%1").arg(other)))
        QVERIFY(colorAt(at(other)) != coloring.palette[coloring.codes[other]]);
    m_workspace->search()->clear();
    QTRY_VERIFY(settled() && m_view->overlay().labels().empty());
    QCOMPARE(colorAt(at(other)), coloring.palette[coloring.codes[other]]);
}

void TestPlotView::neighborsAreLabelledAndDimTheRest()
{
    openBlobs();
    const PointId id = lonelyPoint();
    m_workspace->selection()->selectPoint(id);
    QTRY_VERIFY(m_workspace->neighbors()->list() != nullptr);
    QTRY_VERIFY(settled());
    QVERIFY(m_view->overlay().labels().size() > 3);
    QVERIFY(m_view->overlay().labels().front().isStrong);
    QCOMPARE(m_view->overlay().labels().front().text, QStringLiteral("p%1").arg(id));
}

void TestPlotView::hiddenCategoriesCannotBeClicked()
{
    openBlobs();
    const auto& coloring = *m_workspace->color()->coloring();
    const PointId id = lonelyPoint();
    m_workspace->color()->toggleHidden(coloring.codes[id]);
    QTRY_VERIFY(settled());
    QCOMPARE(colorAt(at(id)), backgroundColor(Theme::Light));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at(id));
    QVERIFY(!m_workspace->selection()->selected().contains(id));
}

void TestPlotView::labelsNeverOverlap()
{
    openBlobs();
    m_workspace->selection()->select(PointSet::all(300), SelectionMode::Replace);
    QTRY_VERIFY(settled());
    const auto& labels = m_view->overlay().labels();
    QVERIFY(labels.size() > 10);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        QVERIFY(m_view->plotArea().contains(labels[i].box));
        for (std::size_t j = 0; j < i; ++j)
            QVERIFY(!labels[i].box.intersects(labels[j].box));
    }
    m_workspace->selection()->clear();
    m_view->setSampleLabels(true);
    QTRY_VERIFY(settled() && m_view->overlay().labels().size() > 3);
}

void TestPlotView::contextMenuCopiesCentresAndSelects()
{
    openBlobs();
    const PointId id = lonelyPoint();
    const auto openMenu = [&]() -> QMenu* {
        QContextMenuEvent event(
            QContextMenuEvent::Mouse, at(id), m_view->viewport()->mapToGlobal(at(id)));
        QCoreApplication::sendEvent(m_view->viewport(), &event);
        return m_view->findChild<QMenu*>(QStringLiteral("mapMenu"));
    };
    const auto choose = [&](const char* name) {
        QMenu* menu = openMenu();
        QVERIFY(menu);
        auto* action = menu->findChild<QAction*>(QLatin1String(name));
        QVERIFY(action);
        action->trigger();
        const QPointer<QMenu> closing(menu);
        menu->close();
        QTRY_VERIFY(closing.isNull());
    };
    choose("copyLabel");
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("p%1").arg(id));
    choose("selectNeighbors");
    QTRY_VERIFY(m_workspace->selection()->selected().count() > 5);
    QCOMPARE(m_workspace->selection()->current(), id);
    choose("centerHere");
    QVERIFY(QLineF(*m_view->positionOf(id), m_view->plotArea().center()).length() < 1);
    choose("fitAll");
    QVERIFY(QLineF(*m_view->positionOf(id), m_view->plotArea().center()).length() > 5);
}

void TestPlotView::liveLayoutsRefitUnlessMoved()
{
    openBlobs();
    const auto bigger = [&](float factor) {
        auto layout = layoutOf(*m_workspace->dataset());
        for (Index i = 0; i < 300; ++i) {
            layout->positions(i, 0) *= factor;
            layout->positions(i, 1) *= factor;
        }
        return layout;
    };
    const double scale = m_view->camera().scale();
    emit m_workspace->projection()->layoutReady(bigger(10));
    QTRY_VERIFY(settled() && std::abs(m_view->camera().scale() * 10 / scale - 1) < 0.01);
    for (PointId i = 0; i < 300; ++i)
        QVERIFY(m_view->plotArea().contains(*m_view->positionOf(i)));
    wheel(m_view->plotArea().center(), 120);
    const Camera mine = m_view->camera();
    showLayout(bigger(20));
    QVERIFY(m_view->camera() == mine);
    // Another method places points anew: its picture is shown whole.
    showLayout(layoutOf(*m_workspace->dataset(), "umap"));
    QVERIFY(std::abs(m_view->camera().scale() / scale - 1) < 0.01);
}

void TestPlotView::anotherTableStartsAnew()
{
    openBlobs();
    wheel(m_view->plotArea().center(), 600);
    openBlobs(50, 2);
    for (PointId i = 0; i < 50; ++i)
        QVERIFY(m_view->plotArea().contains(*m_view->positionOf(i)));
    m_workspace->close();
    QVERIFY(!m_view->positionOf(0));
    QCOMPARE(m_view->pointAt(m_view->plotArea().center()), kNoPoint);
    const QImage image = m_view->grab().toImage();
    QCOMPARE(image.pixel(image.rect().center()), backgroundColor(Theme::Light));
}

void TestPlotView::resizingKeepsThePictureWhole()
{
    openBlobs();
    m_view->resize(300, 500);
    QTRY_VERIFY(settled() && m_view->viewport()->width() == 300);
    for (PointId i = 0; i < 300; ++i)
        QVERIFY(m_view->plotArea().contains(*m_view->positionOf(i)));
    m_view->resize(160, 120);
    QTRY_VERIFY(settled());
}

void TestPlotView::darkThemeReachesTheMap()
{
    openBlobs();
    m_workspace->color()->setTheme(Theme::Dark);
    QTRY_VERIFY(settled());
    QTRY_COMPARE(colorAt(emptySpot()), backgroundColor(Theme::Dark));
    const auto& coloring = *m_workspace->color()->coloring();
    const PointId id = lonelyPoint();
    QTRY_COMPARE(colorAt(at(id)), coloring.palette[coloring.codes[id]]);
}

void TestPlotView::keyboardReachesTheMap()
{
    QVERIFY(!m_view->accessibleName().isEmpty());
    QVERIFY(!m_view->whatsThis().isEmpty());
    QCOMPARE(m_view->focusPolicy(), Qt::StrongFocus);
    openBlobs();
    m_workspace->selection()->selectPoint(3);
    QVERIFY(m_view->accessibleDescription().contains(QStringLiteral("p3")));
}

void TestPlotView::closingWhileRenderingIsSafe()
{
    const auto dataset = test::blobDataset(200000, 2, 3);
    for (int round = 0; round < 3; ++round) {
        m_workspace->show(dataset);
        m_workspace->projection()->discard();
        emit m_workspace->projection()->layoutReady(layoutOf(*dataset));
        QCoreApplication::processEvents();
        wheel(m_view->plotArea().center(), 120);
        QCoreApplication::processEvents();
        m_view.reset();
        m_view = std::make_unique<PlotView>(m_workspace.get());
        m_view->show();
    }
}

void TestPlotView::clicksOutsideTheFrameAreHarmless()
{
    // Without data and with: the corners of the viewport, and every button.
    for (const bool isOpen : {false, true}) {
        if (isOpen)
            openBlobs();
        for (const auto button : {Qt::LeftButton, Qt::RightButton, Qt::MiddleButton}) {
            for (const QPoint p : {QPoint(0, 0), QPoint(639, 479), QPoint(320, 240)}) {
                QTest::mousePress(m_view->viewport(), button, {}, p);
                moveMouse(p + QPoint(9, 9));
                QTest::mouseRelease(m_view->viewport(), button, {}, p + QPoint(9, 9));
                QTest::mouseDClick(m_view->viewport(), button, {}, p);
            }
        }
        for (const auto key : {Qt::Key_F, Qt::Key_L, Qt::Key_B, Qt::Key_V, Qt::Key_Escape,
                 Qt::Key_Plus, Qt::Key_Left, Qt::Key_PageDown})
            QTest::keyClick(m_view.get(), key);
        wheel({0, 0}, 120);
        wheel({639, 479}, -120);
    }
    QTRY_VERIFY(settled());
}

void TestPlotView::theExportBeginsWithWhatIsSeen()
{
    openBlobs();
    MapPicture picture = m_view->picture();
    QCOMPARE(picture.layout, m_workspace->layout());
    QVERIFY(!picture.view);
    QVERIFY(picture.emphasized.empty());
    QCOMPARE(picture.legendTitle, QStringLiteral("group"));
    m_workspace->selection()->selectPoint(9);
    wheel(m_view->plotArea().center(), 240);
    picture = m_view->picture();
    QVERIFY(picture.view.has_value());
    QCOMPARE(picture.emphasized.front(), PointId{9});
    QVERIFY(!paintMap(picture).isNull());
}

QTEST_MAIN(TestPlotView)
#include "tst_plot_view.moc"
