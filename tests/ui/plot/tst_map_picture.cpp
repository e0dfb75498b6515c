#include "core/analysis/faithfulness.h"
#include "core/data/paths.h"
#include "core/plot/palette.h"
#include "ui/plot/map_painter.h"

#include <QGuiApplication>
#include <QLineF>
#include <QTest>
#include <algorithm>
#include <cmath>

using namespace embedscope;
using namespace embedscope::ui;

/// What lies over the points on screen, in a picture of the map: paths, lines to neighbours, marks
/// of torn and of false ones.
class TestMapPicture : public QObject
{
    Q_OBJECT

private slots:
    void pathsAreDrawn_data();
    void pathsAreDrawn();
    void pathsAreDrawnInThreeDimensions();
    void pathsKeepToPointsThatAreShown();
    void linesGrowWithThePicture();
    void theCurrentPointLeadsToItsNeighbors();
    void tornAndFalseNeighborsAreMarked_data();
    void tornAndFalseNeighborsAreMarked();
    void theMarksHaveALegend();

private:
    static constexpr PointId kCount = 12;

    /// Points on a circle, each in a colour of its own so that a picture tells where it is.
    static MapPicture picture(Theme theme = Theme::Light)
    {
        Table table;
        table.vectors = Matrix::zeros(kCount, 2);
        CategoryValues names;
        TextValues labels;
        for (PointId i = 0; i < kCount; ++i) {
            const double angle = 2 * 3.14159265358979 * i / kCount;
            table.vectors(i, 0) = static_cast<float>(10 * std::cos(angle));
            table.vectors(i, 1) = static_cast<float>(10 * std::sin(angle));
            names.categories.push_back(std::to_string(i));
            names.codes.push_back(static_cast<int>(i));
            labels.append("p" + std::to_string(i));
        }
        table.columns.emplace_back("name", std::move(names));
        table.columns.emplace_back("label", std::move(labels));
        table.labelColumn = 1;
        MapPicture p;
        p.dataset = Dataset::make(std::move(table)).value();
        auto layout = std::make_shared<Layout>();
        layout->positions = Matrix::zeros(kCount, 2);
        for (Index i = 0; i < kCount; ++i) {
            for (Index j = 0; j < 2; ++j)
                layout->positions(i, j) = p.dataset->vectors()(i, j);
        }
        layout->recipe.method = "tsne"; // Without numbers along the axes.
        p.sources.layout = layout;
        p.sources.theme = theme;
        p.sources.coloring = std::make_shared<const Coloring>(
            colorByColumn(p.dataset->columns()[0], ColorMode::Categories, theme));
        p.opacity = 1;
        p.pointRadius = 4;
        p.hasLegend = false;
        p.hasCaption = false;
        p.size = QSize(600, 500);
        return p;
    }
    static std::shared_ptr<const Paths> pathOf(std::vector<PointId> ids)
    {
        std::vector<PointId> next(kCount, kNoPoint);
        for (std::size_t i = 0; i + 1 < ids.size(); ++i)
            next[ids[i]] = ids[i + 1];
        return std::make_shared<const Paths>(next);
    }
    static double distance(QRgb a, QRgb b) { return colorDistance(toOkLab(a), toOkLab(b)); }
    /// Where the points are, by their colours, in pixels of a picture without anything else.
    static std::vector<QPointF> places(const MapPicture& p)
    {
        MapPicture bare = p;
        bare.paths = nullptr;
        bare.marked = nullptr;
        bare.sources.current = kNoPoint;
        const QImage image = paintMap(bare);
        const Coloring& coloring = *p.sources.coloring;
        std::vector<QPointF> sums(kCount);
        std::vector<int> counts(kCount, 0);
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const QRgb pixel = image.pixel(x, y);
                for (PointId id = 0; id < kCount; ++id) {
                    if (pixel == coloring.palette[coloring.codes[id]]) {
                        sums[id] += QPointF(x, y);
                        ++counts[id];
                    }
                }
            }
        }
        for (PointId id = 0; id < kCount; ++id)
            sums[id] /= std::max(1, counts[id]);
        return sums;
    }
    /// The pixel near that place that is farthest from a colour, or nearest to it.
    static double nearby(const QImage& image, const QPointF& place, QRgb color, bool isFarthest)
    {
        double found = isFarthest ? 0 : 1;
        for (int y = -3; y <= 3; ++y) {
            for (int x = -3; x <= 3; ++x) {
                const double d = distance(image.pixel(place.toPoint() + QPoint(x, y)), color);
                found = isFarthest ? std::max(found, d) : std::min(found, d);
            }
        }
        return found;
    }
    /// How far what lies a third of the way from a to b stands out from the ground.
    static double ink(const QImage& image, const MapPicture& p, PointId a, PointId b)
    {
        const auto at = places(p);
        return nearby(
            image, QLineF(at[a], at[b]).pointAt(1.0 / 3), backgroundColor(p.sources.theme), true);
    }
    static int changedPixels(const QImage& a, const QImage& b)
    {
        int count = 0;
        for (int y = 0; y < a.height(); ++y) {
            for (int x = 0; x < a.width(); ++x)
                count += std::abs(qGreen(a.pixel(x, y)) - qGreen(b.pixel(x, y))) > 8 ? 1 : 0;
        }
        return count;
    }
    /// Of point 0: 5 was torn away from it, 11 put beside it, 1 kept.
    static std::shared_ptr<const PointFaithfulness> marks()
    {
        auto marked = std::make_shared<PointFaithfulness>();
        marked->row = 0;
        marked->k = 2;
        marked->trueNeighbors = {{1, 1, 5, 1, 1}, {5, 2, 19, 2, 8}};
        marked->mapNeighbors = {{1, 1, 5, 1, 1}, {11, 9, 5, 9, 2}};
        return marked;
    }
};

void TestMapPicture::pathsAreDrawn_data()
{
    QTest::addColumn<bool>("isDark");
    QTest::addColumn<double>("ratio");
    QTest::newRow("light 1x") << false << 1.0;
    QTest::newRow("light 2x") << false << 2.0;
    QTest::newRow("dark 1x") << true << 1.0;
}

void TestMapPicture::pathsAreDrawn()
{
    QFETCH(bool, isDark);
    QFETCH(double, ratio);
    MapPicture p = picture(isDark ? Theme::Dark : Theme::Light);
    p.devicePixelRatio = ratio;
    const QImage without = paintMap(p);
    QVERIFY(ink(without, p, 0, 4) < 0.02);
    p.paths = pathOf({0, 4, 8});
    const QImage with = paintMap(p);
    QVERIFY(ink(with, p, 0, 4) > 0.2);
    QVERIFY(ink(with, p, 4, 8) > ink(with, p, 0, 4) + 0.1); // The later, the stronger.
    QVERIFY(ink(with, p, 8, 0) < 0.02);
    // From rim to rim: the points keep their colours.
    const auto at = places(p);
    QCOMPARE(with.pixel(at[0].toPoint()), without.pixel(at[0].toPoint()));
}

void TestMapPicture::pathsAreDrawnInThreeDimensions()
{
    MapPicture p = picture();
    auto layout = std::make_shared<Layout>();
    layout->recipe.method = "tsne";
    layout->positions = Matrix::zeros(kCount, 3);
    for (Index i = 0; i < kCount; ++i) {
        layout->positions(i, 0) = p.sources.layout->positions(i, 0);
        layout->positions(i, 1) = p.sources.layout->positions(i, 1);
    }
    p.sources.layout = layout;
    p.sources.turn = Turn(); // Seen from the front, all are equally deep.
    const QImage without = paintMap(p);
    p.paths = pathOf({2, 6});
    const QImage with = paintMap(p);
    const int front = changedPixels(with, without);
    QVERIFY(front > 200);
    // From the side the way from left to right is shorter.
    p.sources.turn = Turn::fromAngles(75, 0);
    const QImage side = paintMap(p);
    p.paths = nullptr;
    const int fromSide = changedPixels(side, paintMap(p));
    QVERIFY(fromSide > 20 && fromSide < front);
}

void TestMapPicture::pathsKeepToPointsThatAreShown()
{
    MapPicture p = picture();
    p.paths = pathOf({0, 4, 8});
    PointSet visible = PointSet::all(kCount);
    visible.remove(8);
    p.sources.visible = std::make_shared<const PointSet>(visible);
    const QImage image = paintMap(p);
    MapPicture all = p;
    all.sources.visible = nullptr;
    QVERIFY(ink(image, all, 0, 4) > 0.2);
    QVERIFY(ink(image, all, 4, 8) < 0.02);
}

void TestMapPicture::linesGrowWithThePicture()
{
    MapPicture p = picture();
    const auto inkOf = [&p](const QSize& size, double ratio) {
        p.size = size;
        p.devicePixelRatio = ratio;
        p.paths = nullptr;
        const QImage without = paintMap(p);
        p.paths = pathOf({0, 4, 8});
        return static_cast<double>(changedPixels(paintMap(p), without));
    };
    const double small = inkOf(QSize(1000, 1000), 1);
    for (const double large : {inkOf(QSize(1000, 1000), 2), inkOf(QSize(2000, 2000), 1)})
        QVERIFY2(
            large > 3 * small && large < 5 * small, qPrintable(QString::number(large / small)));
}

void TestMapPicture::theCurrentPointLeadsToItsNeighbors()
{
    MapPicture p = picture();
    auto neighbors = std::make_shared<NeighborList>();
    neighbors->query = 0;
    neighbors->neighbors = {{4, 1.0F}};
    p.sources.current = 0;
    QVERIFY(ink(paintMap(p), p, 0, 4) < 0.02);
    p.sources.neighbors = neighbors;
    QVERIFY(ink(paintMap(p), p, 0, 4) > 0.05);
}

void TestMapPicture::tornAndFalseNeighborsAreMarked_data()
{
    pathsAreDrawn_data();
}

void TestMapPicture::tornAndFalseNeighborsAreMarked()
{
    QFETCH(bool, isDark);
    QFETCH(double, ratio);
    const Theme theme = isDark ? Theme::Dark : Theme::Light;
    MapPicture p = picture(theme);
    p.devicePixelRatio = ratio;
    p.sources.current = 0;
    const auto at = places(p);
    const auto wayTo5 = QLineF(at[0], at[5]).pointAt(0.5);
    const QImage without = paintMap(p);
    QVERIFY(nearby(without, wayTo5, tornColor(theme), false) > 0.1);
    QVERIFY(nearby(without, at[11], falseColor(theme), false) > 0.1);
    p.marked = marks();
    const QImage with = paintMap(p);
    QVERIFY(nearby(with, wayTo5, tornColor(theme), false) < 0.05);
    QVERIFY(nearby(with, at[11], falseColor(theme), false) < 0.05);
    QVERIFY(nearby(with, QLineF(at[0], at[8]).pointAt(0.5), backgroundColor(theme), true) < 0.02);
}

void TestMapPicture::theMarksHaveALegend()
{
    MapPicture p = picture();
    p.sources.current = 0;
    p.marked = marks();
    const QImage without = paintMap(p);
    p.hasLegend = true;
    p.sources.coloring = nullptr; // Whose legend would make the map narrower.
    MapPicture bare = p;
    bare.hasLegend = false;
    const QImage with = paintMap(p);
    const QRect corner(20, 20, 200, 70);
    QVERIFY(changedPixels(with.copy(corner), paintMap(bare).copy(corner)) > 300);
    bare.marked = nullptr;
    QVERIFY(changedPixels(paintMap(bare).copy(corner), without.copy(corner)) < 300);
    bare.hasLegend = true; // Nothing is marked: no legend.
    p.marked = nullptr;
    p.hasLegend = false;
    QCOMPARE(paintMap(bare), paintMap(p));
}

int main(int argc, char** argv)
{
    QGuiApplication app(argc, argv);
    TestMapPicture test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_map_picture.moc"
