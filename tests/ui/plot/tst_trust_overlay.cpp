#include "core/plot/palette.h"
#include "tests/support/test_data.h"
#include "tests/ui/plot/plot_fixture.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/selection_state.h"

#include <QLineF>
#include <QTest>

using namespace embedscope;
using namespace embedscope::ui;
using namespace embedscope::test;

/// Marks of torn and false neighbours on the map, looked for by their colours.
class TestTrustOverlay : public PlotFixture
{
    Q_OBJECT

private slots:
    void nothingIsMarkedUnlessAskedFor();
    void tornAndFalseNeighborsAreMarked();
    void theHoveredPointIsMarked();
    void neighborsOffTheScreenHaveAnArrow();
    void theLegendSaysWhichIsWhich();
    void marksGoWhileThePointsMove();
    void marksKeepTheirColoursInTheDark();
    void hiddenPointsAreNotMarked();

private:
    /// 30 points in a row, of which the map moved the second away: of the first's ten neighbours
    /// (1 to 10) 1 is torn away, and 11 is false.
    void openRow()
    {
        Table table;
        table.vectors = Matrix::zeros(30, 2);
        TextValues names;
        CategoryValues kinds;
        kinds.categories = {"moved", "others"};
        for (Index i = 0; i < 30; ++i) {
            table.vectors(i, 0) = static_cast<float>(i);
            names.append("p" + std::to_string(i));
            kinds.codes.push_back(i == 1 ? 0 : 1);
        }
        table.columns.emplace_back("label", std::move(names));
        table.columns.emplace_back("kind", std::move(kinds));
        table.labelColumn = 0;
        const auto dataset = Dataset::make(std::move(table)).value();
        m_workspace->show(dataset);
        m_workspace->projection()->discard();
        m_workspace->color()->setColumn(std::nullopt);
        m_workspace->color()->setPointRadius(2);
        auto layout = layoutOf(*dataset);
        layout->positions(1, 0) = 15;
        layout->positions(1, 1) = 16;
        showLayout(layout);
    }
    void mark(PointId id)
    {
        m_workspace->quality()->setOverlayShown(true);
        m_workspace->selection()->selectPoint(id);
        QTRY_VERIFY(m_workspace->quality()->marked());
        QTRY_VERIFY(settled());
    }
    /// Pixels of about that colour in a rectangle.
    int count(Rgba color, const QRectF& where) const
    {
        const QImage image = m_view->grab().toImage();
        const OkLab wanted = toOkLab(color);
        const QRect rect = where.toAlignedRect() & image.rect();
        int found = 0;
        for (int y = rect.top(); y <= rect.bottom(); ++y) {
            for (int x = rect.left(); x <= rect.right(); ++x)
                found += colorDistance(toOkLab(image.pixel(x, y)), wanted) < 0.08 ? 1 : 0;
        }
        return found;
    }
    QRectF around(const QPointF& centre, double half) const
    {
        return {centre - QPointF(half, half), QSizeF(2 * half, 2 * half)};
    }
    QRectF middleOf(PointId a, PointId b) const { return around(QLineF(at(a), at(b)).center(), 6); }
    /// The map without the legend, which shows every colour.
    QRectF map() const
    {
        const QRectF legend = m_view->overlay().markLegend();
        return m_view->plotArea().adjusted(0, legend.isEmpty() ? 0 : legend.height() + 12, 0, 0);
    }
};

void TestTrustOverlay::nothingIsMarkedUnlessAskedFor()
{
    openRow();
    m_workspace->selection()->selectPoint(0);
    QTRY_VERIFY(m_workspace->quality()->ofCurrent() && settled());
    QCOMPARE(count(tornColor(Theme::Light), m_view->plotArea()), 0);
    QCOMPARE(count(falseColor(Theme::Light), m_view->plotArea()), 0);
    QVERIFY(m_view->overlay().markLegend().isEmpty());
}

void TestTrustOverlay::tornAndFalseNeighborsAreMarked()
{
    openRow();
    mark(0);
    const auto marked = m_workspace->quality()->marked();
    QCOMPARE(marked->keptCount(), 9);
    QCOMPARE(marked->trueNeighbors.front().id, PointId{1});
    QVERIFY(marked->isTorn(marked->trueNeighbors.front()));
    QCOMPARE(marked->mapNeighbors.back().id, PointId{11});
    QVERIFY(marked->isFalse(marked->mapNeighbors.back()));
    const Rgba torn = tornColor(Theme::Light);
    const Rgba wrong = falseColor(Theme::Light);
    QVERIFY(count(torn, middleOf(0, 1)) > 8);
    QVERIFY(count(torn, around(at(1), 9)) > 12);
    QVERIFY(count(wrong, around(at(11), 6)) > 8);
    QCOMPARE(count(torn, around(at(11), 6)), 0);
    // Neighbours that were kept, and points that never were any, have none of it.
    for (const PointId id : {PointId{5}, PointId{20}}) {
        QCOMPARE(count(torn, around(at(id), 5)), 0);
        QCOMPARE(count(wrong, around(at(id), 5)), 0);
    }
    m_workspace->quality()->setOverlayShown(false);
    QCOMPARE(count(torn, m_view->plotArea()), 0);
    QCOMPARE(count(wrong, m_view->plotArea()), 0);
}

void TestTrustOverlay::theHoveredPointIsMarked()
{
    openRow();
    m_workspace->quality()->setOverlayShown(true);
    QCOMPARE(count(tornColor(Theme::Light), map()), 0);
    moveMouse(at(0));
    QTRY_VERIFY(m_workspace->quality()->marked());
    QCOMPARE(m_workspace->quality()->marked()->row, PointId{0});
    QVERIFY(count(tornColor(Theme::Light), middleOf(0, 1)) > 8);
    moveMouse(emptySpot());
    QTRY_COMPARE(count(tornColor(Theme::Light), map()), 0);
}

void TestTrustOverlay::neighborsOffTheScreenHaveAnArrow()
{
    openRow();
    mark(0);
    // So near that the moved point lies above the edge, and the first one near the bottom.
    m_view->centerOn(0);
    for (int i = 0; i < 6; ++i)
        wheel(at(0), 120);
    QTRY_VERIFY(settled());
    QVERIFY(!m_view->plotArea().contains(*m_view->positionOf(1)));
    QVERIFY(m_view->plotArea().contains(*m_view->positionOf(0)));
    const QRectF area = m_view->plotArea();
    const auto strip = [&](const QRectF& rect) { return count(tornColor(Theme::Light), rect); };
    QVERIFY(strip({area.left(), area.top(), area.width(), 16})
            + strip({area.right() - 16, area.top(), 16, area.height()})
        > 20);
    bool isNamed = false;
    for (const PlacedLabel& label : m_view->overlay().labels())
        isNamed = isNamed || label.text == QStringLiteral("p1");
    QVERIFY(isNamed);
}

void TestTrustOverlay::theLegendSaysWhichIsWhich()
{
    openRow();
    m_workspace->quality()->setOverlayShown(true);
    const QRectF hint = m_view->overlay().markLegend();
    QVERIFY(!hint.isEmpty());
    QVERIFY(m_view->plotArea().contains(hint));
    mark(0);
    const QRectF legend = m_view->overlay().markLegend();
    QVERIFY(legend.height() > hint.height());
    QVERIFY(m_view->plotArea().contains(legend));
    QVERIFY(count(tornColor(Theme::Light), legend) > 10);
    QVERIFY(count(falseColor(Theme::Light), legend) > 10);
    for (const PlacedLabel& label : m_view->overlay().labels())
        QVERIFY(!label.box.intersects(legend));
    // A small window cuts it, it does not stick out.
    m_view->resize(220, 200);
    QTRY_VERIFY(settled());
    QVERIFY(m_view->plotArea().contains(m_view->overlay().markLegend()));
}

void TestTrustOverlay::marksGoWhileThePointsMove()
{
    openRow();
    mark(0);
    auto layout = layoutOf(*m_workspace->dataset());
    emit m_workspace->projection()->layoutReady(layout);
    QCOMPARE(count(tornColor(Theme::Light), map()), 0);
    // On the new map nothing is torn.
    QTRY_VERIFY(m_workspace->quality()->marked());
    QCOMPARE(m_workspace->quality()->marked()->keptCount(), 10);
}

void TestTrustOverlay::marksKeepTheirColoursInTheDark()
{
    openRow();
    m_workspace->color()->setTheme(Theme::Dark);
    mark(0);
    QVERIFY(count(tornColor(Theme::Dark), middleOf(0, 1)) > 8);
    QVERIFY(count(falseColor(Theme::Dark), around(at(11), 6)) > 8);
}

void TestTrustOverlay::hiddenPointsAreNotMarked()
{
    openRow();
    mark(0);
    ColorState* color = m_workspace->color();
    color->setColumn(1);
    QTRY_COMPARE(color->coloring()->legend.size(), std::size_t{2});
    color->toggleHidden(color->coloring()->codes[1]);
    QTRY_VERIFY(settled());
    QCOMPARE(count(tornColor(Theme::Light), middleOf(0, 1)), 0);
    QCOMPARE(count(tornColor(Theme::Light), around(at(1), 9)), 0);
}

QTEST_MAIN(TestTrustOverlay)
#include "tst_trust_overlay.moc"
