#include "ui/charts/loss_chart.h"
#include "ui/charts/norm_chart.h"
#include "ui/charts/scree_chart.h"
#include "ui/charts/similarity_chart.h"
#include "ui/charts/vector_chart.h"

#include <QTest>
#include <QValueAxis>
#include <cmath>
#include <limits>

using namespace embedscope;
using namespace embedscope::ui;

namespace {

const QColor kInk(255, 0, 200); ///< No other part of a chart has this colour.

void show(SmallChart& chart, const QSize& size = {300, 180})
{
    QPalette palette;
    palette.setColor(QPalette::Highlight, kInk);
    chart.setPalette(palette);
    chart.resize(size);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
}

/// Where the series' colour is: bounding rectangle of near pixels; null where nowhere.
QRect inkRect(SmallChart& chart)
{
    const QImage image = chart.grab().toImage();
    QRect rect;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor color = image.pixelColor(x, y);
            if (color.red() > 200 && color.green() < 60 && color.blue() > 150)
                rect |= QRect(x, y, 1, 1);
        }
    }
    return rect;
}

int tickCount(const QValueAxis* axis)
{
    return static_cast<int>(std::floor(axis->max() / axis->tickInterval() + 1e-9)
        - std::ceil(axis->min() / axis->tickInterval() - 1e-9) + 1);
}

std::shared_ptr<const NeighborList> falling(int count)
{
    NeighborList list;
    for (int i = 0; i < count; ++i)
        list.neighbors.push_back({static_cast<PointId>(i),
            0.9F - 0.3F * static_cast<float>(i) / static_cast<float>(count)});
    return std::make_shared<const NeighborList>(std::move(list));
}

} // namespace

class TestCharts : public QObject
{
    Q_OBJECT

private slots:
    void normsAreDrawnAsBars()
    {
        NormChart chart;
        NormSummary norms;
        norms.min = 1;
        norms.max = 5;
        norms.median = 2;
        norms.histogram.assign(kNormBins, 1);
        norms.histogram[10] = 50;
        chart.setNorms(norms);
        show(chart);
        QVERIFY(inkRect(chart).height() > 60);
        QVERIFY(tickCount(chart.horizontalAxis()) >= 2);
        QCOMPARE(chart.horizontalAxis()->min(), 1.0);
        // All of one length is a bar, too; none is none.
        norms.min = norms.max = norms.median = 1;
        norms.histogram = {200};
        chart.setNorms(norms);
        QVERIFY(inkRect(chart).height() > 60);
        chart.setNorms({});
        QVERIFY(inkRect(chart).isNull());
    }

    void similaritiesFallFromLeftToRight();
    void anEmptyListShowsASentence();
    void equalValuesAreAFlatLine();
    void vectorsHaveBarsOnBothSidesOfZero();
    void longVectorsKeepTheirPeaks();
    void valuesThatAreNoneAreLeftOut();
    void theLossGrowsAlongTheWholeAxis();
    void theShownComponentsStandOut();
    void ticksStayFewWhateverTheRange();
    void coloursFollowThePalette();
};

void TestCharts::similaritiesFallFromLeftToRight()
{
    SimilarityChart chart;
    chart.setNeighbors(falling(20));
    show(chart);
    const QRect ink = inkRect(chart);
    QVERIFY2(ink.width() > 150 && ink.height() > 60, "the line does not fill the plot");
    QCOMPARE(chart.verticalAxis()->titleText(), QStringLiteral("Similarity"));
    QVERIFY(chart.accessibleDescription().startsWith(QStringLiteral("Cosine similarity")));
    QVERIFY(chart.accessibleDescription().contains(QStringLiteral("0.9")));
}

void TestCharts::anEmptyListShowsASentence()
{
    SimilarityChart chart;
    show(chart);
    QVERIFY(inkRect(chart).isNull());
    chart.setNeighbors(falling(5));
    QVERIFY(!inkRect(chart).isNull());
    chart.setNeighbors(nullptr);
    QVERIFY(inkRect(chart).isNull());
}

void TestCharts::equalValuesAreAFlatLine()
{
    SimilarityChart chart;
    NeighborList list;
    list.neighbors = {{1, 1.F}, {2, 1.F}, {3, 1.F}};
    chart.setNeighbors(std::make_shared<const NeighborList>(list));
    show(chart);
    const QRect ink = inkRect(chart);
    QVERIFY(ink.width() > 100);
    QVERIFY(ink.height() < 15);
}

void TestCharts::vectorsHaveBarsOnBothSidesOfZero()
{
    VectorChart chart;
    chart.setValues({1.F, -1.F, 0.5F, -0.5F});
    show(chart);
    const QRect ink = inkRect(chart);
    QVERIFY2(ink.width() > 150 && ink.height() > 60, "the bars do not fill the plot");
    QVERIFY(chart.verticalAxis()->min() < -0.99);
    QVERIFY(chart.verticalAxis()->max() > 0.99);
}

void TestCharts::longVectorsKeepTheirPeaks()
{
    VectorChart chart;
    std::vector<float> values(8192, 0.01F);
    values[5000] = 3.F;
    chart.setValues(values);
    show(chart);
    QVERIFY(inkRect(chart).height() > 60);
}

void TestCharts::valuesThatAreNoneAreLeftOut()
{
    VectorChart chart;
    const float none = std::numeric_limits<float>::quiet_NaN();
    chart.setValues({1.F, none, std::numeric_limits<float>::infinity(), -1.F});
    show(chart);
    QVERIFY(std::isfinite(chart.verticalAxis()->max()));
    QVERIFY(!inkRect(chart).isNull());
}

void TestCharts::theLossGrowsAlongTheWholeAxis()
{
    LossChart chart;
    show(chart);
    chart.setHistory({{50, 3.0}, {100, 2.5}}, 1000);
    const int early = inkRect(chart).right();
    chart.setHistory({{50, 3.0}, {100, 2.5}, {1000, 1.2}}, 1000);
    QVERIFY(inkRect(chart).right() > early + 80);
    QCOMPARE(chart.horizontalAxis()->max(), 1000.0);
}

void TestCharts::theShownComponentsStandOut()
{
    ScreeChart chart;
    chart.setShares({0.5, 0.2, 0.1, 0.05}, {3});
    show(chart);
    const QRect ink = inkRect(chart);
    QVERIFY(!ink.isNull());
    QVERIFY2(ink.left() > chart.width() / 3, "the third bar stands on the right half");
    QVERIFY(chart.accessibleDescription().contains(QStringLiteral("10.0 %")));
}

void TestCharts::ticksStayFewWhateverTheRange()
{
    LossChart chart;
    show(chart);
    for (const double value : {1e-9, 1.0, 3.7e5, 1e12, 1e-3}) {
        chart.setHistory({{1, value}, {7, value / 2}}, static_cast<int>(std::min(1e9, value)));
        QVERIFY(tickCount(chart.verticalAxis()) <= 10);
        QVERIFY(tickCount(chart.horizontalAxis()) <= 10);
        QVERIFY(!chart.grab().isNull());
    }
}

void TestCharts::coloursFollowThePalette()
{
    VectorChart chart;
    chart.setValues({1.F, -1.F});
    show(chart);
    QVERIFY(!inkRect(chart).isNull());
    QPalette dark;
    dark.setColor(QPalette::Window, Qt::black);
    dark.setColor(QPalette::WindowText, Qt::white);
    dark.setColor(QPalette::Highlight, Qt::green);
    chart.setPalette(dark);
    QVERIFY(inkRect(chart).isNull());
    QCOMPARE(chart.grab().toImage().pixelColor(1, 1), QColor(Qt::black));
}

QTEST_MAIN(TestCharts)
#include "tst_charts.moc"
