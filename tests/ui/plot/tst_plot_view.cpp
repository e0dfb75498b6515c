#include "core/plot/palette.h"
#include "tests/support/test_data.h"
#include "tests/ui/plot/plot_fixture.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"

#include <QAction>
#include <QClipboard>
#include <QGraphicsScene>
#include <QGraphicsTextItem>
#include <QGuiApplication>
#include <QMenu>
#include <QPointer>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <cmath>

using namespace embedscope;
using namespace embedscope::ui;

class TestPlotView : public test::PlotFixture
{
    Q_OBJECT

private slots:
    void showsThePointsInTheirColors();
    void theSelectedPointStandsInFront();
    void searchHitsStandOutAndCarryLabels();
    void neighborsAreLabelledAndDimTheRest();
    void hiddenCategoriesCannotBeClicked();
    void labelsNeverOverlap();
    void liveLayoutsRefitUnlessMoved();
    void anotherTableStartsAnew();
    void resizingKeepsThePictureWhole();
    void theNumbersStayAtTheFrameWhenItIsResized();
    void darkThemeReachesTheMap();
    void keyboardReachesTheMap();
    void closingWhileRenderingIsSafe();
    void theExportBeginsWithWhatIsSeen();
};

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

void TestPlotView::theSelectedPointStandsInFront()
{
    // All in one place: whichever is selected is the one seen.
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

void TestPlotView::theNumbersStayAtTheFrameWhenItIsResized()
{
    openBlobs();
    // Points so wide that the range of the lower axis is the same in a view a little less high.
    auto layout = layoutOf(*m_workspace->dataset(), "pca");
    for (Index i = 0; i < layout->size(); ++i)
        layout->positions(i, 1) *= 0.01F;
    showLayout(layout);
    const auto titleBelowFrame = [this] {
        for (const QGraphicsItem* item : m_view->scene()->items()) {
            const auto* text = qgraphicsitem_cast<const QGraphicsTextItem*>(item);
            if (text != nullptr && text->toPlainText().contains(QLatin1String("PC 1")))
                return text->sceneBoundingRect().top() - m_view->plotArea().bottom();
        }
        return -1.0;
    };
    const double before = titleBelowFrame();
    QVERIFY(before > 0);
    for (int i = 0; i < 5; ++i) {
        m_view->resize(m_view->width(), m_view->height() - 7);
        QTRY_VERIFY(settled());
        QCOMPARE(titleBelowFrame(), before);
    }
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

void TestPlotView::theExportBeginsWithWhatIsSeen()
{
    openBlobs();
    MapPicture picture = m_view->picture();
    QCOMPARE(picture.sources.layout, m_workspace->layout());
    QVERIFY(!picture.view);
    QVERIFY(picture.sources.selected->isEmpty());
    QVERIFY(!picture.paths && !picture.marked);
    QCOMPARE(picture.legendTitle, QStringLiteral("group"));
    m_workspace->selection()->selectPoint(9);
    wheel(m_view->plotArea().center(), 240);
    picture = m_view->picture();
    QVERIFY(picture.view.has_value());
    QCOMPARE(picture.sources.current, PointId{9});
    QVERIFY(picture.sources.selected->contains(9));
    QVERIFY(!paintMap(picture).isNull());
}

QTEST_MAIN(TestPlotView)
#include "tst_plot_view.moc"
