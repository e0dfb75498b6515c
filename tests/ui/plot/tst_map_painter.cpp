#include "core/plot/depth_cue.h"
#include "core/plot/palette.h"
#include "tests/support/test_data.h"
#include "ui/plot/map_painter.h"
#include "ui/plot/map_style.h"

#include <QGuiApplication>
#include <QTest>
#include <cmath>
#include <set>
#include <thread>

using namespace embedscope;
using namespace embedscope::ui;

class TestMapPainter : public QObject
{
    Q_OBJECT

private slots:
    void everyCategoryIsSeen_data();
    void everyCategoryIsSeen();
    void theImageHasTheSizeAskedFor();
    void emphasizedPointsStandInFrontOfDimmedOnes();
    void hiddenPointsAreNotDrawn();
    void labelsAreDrawnUpToTheirNumber();
    void legendAndCaptionCanBeLeftOut();
    void theViewIsTheOneGiven();
    void sameBytesEachTime();
    void paintsOnAnotherThread();
    void oddInputGivesAPicture();
    void threeDimensionsAreSeenFromTheSideGiven();
    void threeDimensionsFillThePicture();

private:
    static MapPicture picture(Index n = 600);
    static int pixelsNear(const QImage& image, Rgba color, int tolerance = 24);
};

MapPicture TestMapPainter::picture(Index n)
{
    MapPicture p;
    p.opacity = 1;
    p.dataset = test::blobDataset(n, 2, std::min<Index>(n, 5));
    auto layout = std::make_shared<Layout>();
    layout->positions = Matrix::zeros(n, 2);
    const MatrixView vectors = p.dataset->vectors().floats();
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < 2; ++j)
            layout->positions(i, j) = vectors(i, j);
    }
    layout->recipe.method = "pca";
    layout->diagnostics.explainedVariance = {0.5, 0.25};
    p.sources.layout = layout;
    const auto column = findColumn(p.dataset->columns(), "group");
    p.sources.coloring = std::make_shared<const Coloring>(
        colorByColumn(p.dataset->columns()[*column], ColorMode::Categories, Theme::Light));
    p.legendTitle = QStringLiteral("group");
    p.size = QSize(800, 500);
    p.opacity = 1;
    return p;
}

int TestMapPainter::pixelsNear(const QImage& image, Rgba color, int tolerance)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QRgb pixel = image.pixel(x, y);
            if (std::abs(qRed(pixel) - qRed(color)) <= tolerance
                && std::abs(qGreen(pixel) - qGreen(color)) <= tolerance
                && std::abs(qBlue(pixel) - qBlue(color)) <= tolerance)
                ++count;
        }
    }
    return count;
}

void TestMapPainter::everyCategoryIsSeen_data()
{
    QTest::addColumn<bool>("isDark");
    QTest::addColumn<double>("ratio");
    QTest::newRow("light 1x") << false << 1.0;
    QTest::newRow("dark 2x") << true << 2.0;
}

void TestMapPainter::everyCategoryIsSeen()
{
    QFETCH(bool, isDark);
    QFETCH(double, ratio);
    MapPicture p = picture();
    p.sources.theme = isDark ? Theme::Dark : Theme::Light;
    p.devicePixelRatio = ratio;
    const QImage image = paintMap(p);
    for (const LegendEntry& entry : p.sources.coloring->legend)
        QVERIFY(pixelsNear(image, entry.color) > 100);
    QCOMPARE(image.pixel(1, 1), backgroundColor(p.sources.theme));
}

void TestMapPainter::theImageHasTheSizeAskedFor()
{
    MapPicture p = picture();
    QCOMPARE(paintMap(p).size(), QSize(800, 500));
    p.devicePixelRatio = 2;
    QCOMPARE(paintMap(p).size(), QSize(1600, 1000));
    p.size = QSize(0, 10);
    QVERIFY(paintMap(p).isNull());
    p.size = QSize(20000, 10);
    QVERIFY(paintMap(p).isNull());
    p.sources.layout = nullptr;
    QVERIFY(paintMap(p).isNull());
}

void TestMapPainter::emphasizedPointsStandInFrontOfDimmedOnes()
{
    MapPicture p = picture();
    p.hasLegend = false;
    const Rgba first = p.sources.coloring->palette[p.sources.coloring->codes[0]];
    const Rgba other = p.sources.coloring->palette[p.sources.coloring->codes[1]];
    QVERIFY(pixelsNear(paintMap(p), other) > 200);
    p.sources.selected = std::make_shared<const PointSet>(PointSet(600, {0}));
    const QImage image = paintMap(p);
    QVERIFY(pixelsNear(image, first) > 20);
    QCOMPARE(pixelsNear(image, other, 10), 0);
}

void TestMapPainter::hiddenPointsAreNotDrawn()
{
    MapPicture p = picture();
    p.hasLegend = false;
    PointSet visible(p.sources.layout->size());
    for (PointId id = 0; id < 600; ++id) {
        if (p.sources.coloring->codes[id] == p.sources.coloring->codes[0])
            visible.insert(id);
    }
    p.sources.visible = std::make_shared<const PointSet>(visible);
    const QImage image = paintMap(p);
    QVERIFY(pixelsNear(image, p.sources.coloring->palette[p.sources.coloring->codes[0]]) > 200);
    QCOMPARE(pixelsNear(image, p.sources.coloring->palette[p.sources.coloring->codes[1]]), 0);
}

void TestMapPainter::labelsAreDrawnUpToTheirNumber()
{
    MapPicture p = picture();
    p.hasLegend = false;
    p.hasCaption = false;
    const Rgba text = foregroundColor(p.sources.theme);
    const int without = pixelsNear(paintMap(p), text, 60);
    p.labelCount = 5;
    const int five = pixelsNear(paintMap(p), text, 60);
    p.labelCount = 40;
    const int forty = pixelsNear(paintMap(p), text, 60);
    QVERIFY(five > without + 30);
    QVERIFY(forty > five + 3 * (five - without));
}

void TestMapPainter::legendAndCaptionCanBeLeftOut()
{
    MapPicture p = picture();
    const QImage full = paintMap(p);
    p.hasLegend = false;
    p.hasCaption = false;
    const QImage bare = paintMap(p);
    const auto inkIn = [](const QImage& image, const QRect& rect) {
        return rect.width() * rect.height()
            - pixelsNear(image.copy(rect), backgroundColor(Theme::Light), 40);
    };
    const QRect caption(0, 480, 500, 20);
    QVERIFY(inkIn(full, caption) > 100);
    const QRect legend(760, 14, 80, 120);
    QVERIFY(inkIn(full, legend) > 400);
    QVERIFY(full != bare);
}

void TestMapPainter::theViewIsTheOneGiven()
{
    MapPicture p = picture();
    p.hasLegend = false;
    const float x = p.sources.layout->positions(0, 0);
    const float y = p.sources.layout->positions(0, 1);
    p.view = MapRect{x - 0.001, y - 0.001, x + 0.001, y + 0.001};
    p.pointRadius = 40;
    const QImage image = paintMap(p);
    const Rgba color = p.sources.coloring->palette[p.sources.coloring->codes[0]];
    const int inside = pixelsNear(image, color, 2);
    // Three quarters of 40 pixels: the picture is smaller than the one radii are meant for.
    QVERIFY2(std::abs(inside - 2827) < 300, qPrintable(QString::number(inside)));
}

void TestMapPainter::sameBytesEachTime()
{
    MapPicture p = picture();
    p.labelCount = 10;
    QCOMPARE(paintMap(p), paintMap(p));
}

void TestMapPainter::paintsOnAnotherThread()
{
    MapPicture p = picture();
    p.labelCount = 10;
    const QImage here = paintMap(p);
    QImage there;
    std::thread([&] { there = paintMap(p); }).join();
    QCOMPARE(there, here);
}

void TestMapPainter::oddInputGivesAPicture()
{
    MapPicture p;
    p.opacity = 1;
    auto layout = std::make_shared<Layout>();
    layout->positions = Matrix::zeros(1, 2);
    layout->recipe.method = "given";
    p.sources.layout = layout;
    p.size = QSize(300, 200);
    QVERIFY(pixelsNear(paintMap(p), plainColor(Theme::Light)) > 5);
    // All rows left out.
    auto none = std::make_shared<Layout>();
    none->positions = Matrix::zeros(3, 2);
    for (Index i = 0; i < 3; ++i)
        none->positions(i, 0) = std::nanf("");
    none->omitted = {0, 1, 2};
    none->recipe.method = "tsne";
    p.sources.layout = none;
    p.labelCount = 10;
    p.dataset = test::blobDataset(3, 2, 1);
    p.sources.selected = std::make_shared<const PointSet>(PointSet(3, {0, 2}));
    p.sources.current = 77;
    QCOMPARE(paintMap(p).size(), QSize(300, 200));
    // Too small for anything but background.
    p.size = QSize(3, 2);
    QCOMPARE(paintMap(p).size(), QSize(3, 2));
}

void TestMapPainter::threeDimensionsAreSeenFromTheSideGiven()
{
    // One point behind the other, as seen from the front.
    MapPicture p = picture(2);
    p.pointRadius = 12;
    p.hasLegend = false;
    auto layout = std::make_shared<Layout>();
    layout->recipe.method = "pca";
    layout->positions = Matrix::zeros(2, 3);
    layout->positions(0, 2) = 1;
    layout->positions(1, 2) = -1;
    p.sources.layout = layout;
    const auto& coloring = *p.sources.coloring;
    const Rgba first = coloring.palette[coloring.codes[0]];
    const Rgba second = coloring.palette[coloring.codes[1]];
    p.sources.turn = Turn();
    const QImage front = paintMap(p);
    QVERIFY(pixelsNear(front, first) > 100);
    QVERIFY(pixelsNear(front, second) < pixelsNear(front, first) / 4);
    p.sources.turn = Turn::fromAngles(180, 0);
    const QImage back = paintMap(p);
    QVERIFY(pixelsNear(back, second) > 100);
    QVERIFY(pixelsNear(back, first) < pixelsNear(back, second) / 4);
    QVERIFY(paintMap(p) == back);
    // From the side both are seen, halfway into the fog.
    p.sources.turn = Turn::fromAngles(90, 0);
    const QImage side = paintMap(p);
    const auto fogged = foggedPalette(coloring.palette, backgroundColor(Theme::Light), kFog);
    const std::size_t halfway = kCueLevels / 2 * coloring.palette.size();
    QVERIFY(pixelsNear(side, fogged[halfway + coloring.codes[0]]) > 100);
    QVERIFY(pixelsNear(side, fogged[halfway + coloring.codes[1]]) > 100);
}

void TestMapPainter::threeDimensionsFillThePicture()
{
    for (const auto theme : {Theme::Light, Theme::Dark}) {
        MapPicture p = picture(2000);
        auto layout = std::make_shared<Layout>();
        layout->positions = test::normalMatrix(2000, 3);
        p.sources.layout = layout;
        p.sources.theme = theme;
        p.labelCount = 20;
        p.sources.selected = std::make_shared<const PointSet>(PointSet(2000, {3, 4, 5}));
        const QImage image = paintMap(p);
        QCOMPARE(image.size(), QSize(800, 500));
        const QRgb ground = backgroundColor(theme);
        int drawn = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                drawn += image.pixel(x, y) != ground ? 1 : 0;
        }
        QVERIFY(drawn > 20000);
    }
}

int main(int argc, char** argv)
{
    // A QGuiApplication is enough, on a platform without a display.
    QGuiApplication app(argc, argv);
    TestMapPainter test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_map_painter.moc"
