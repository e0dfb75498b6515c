#include "core/base/random.h"
#include "core/plot/label_layout.h"

#include <QTest>

using namespace embedscope;

class TestLabelLayout : public QObject
{
    Q_OBJECT

private slots:
    void labelsNeverOverlapAndStayInside();
    void theFirstComesFirst();
    void aLoneLabelStandsToTheRight();
    void atTheEdgeAnotherSideIsTaken();
    void blockedRoomStaysFree();
    void otherPointsAreNotHiddenWhereThereIsRoom();
    void whatDoesNotFitStaysOut();
};

namespace {
constexpr LabelBox kArea = {50, 30, 700, 500};
}

void TestLabelLayout::labelsNeverOverlapAndStayInside()
{
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        Random random(seed);
        std::vector<LabelRequest> requests;
        for (int i = 0; i < 400; ++i)
            requests.push_back({800 * random.uniform(), 600 * random.uniform(),
                3 + 5 * random.uniform(), 20 + 130 * random.uniform(), 16});
        const auto boxes = placeLabels(requests, kArea);
        QCOMPARE(boxes.size(), requests.size());
        int placed = 0;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            if (!boxes[i])
                continue;
            ++placed;
            QVERIFY(kArea.contains(*boxes[i]));
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(!boxes[j] || !boxes[i]->overlaps(*boxes[j]));
            // Each stands beside its own point, not on it and not far away.
            const LabelBox& box = *boxes[i];
            const double dx
                = std::max({box.x - requests[i].x, requests[i].x - box.x - box.width, 0.0});
            const double dy
                = std::max({box.y - requests[i].y, requests[i].y - box.y - box.height, 0.0});
            QVERIFY(std::hypot(dx, dy) > 0.9 * requests[i].gap);
            QVERIFY(std::hypot(dx, dy) < 1.1 * requests[i].gap);
        }
        QVERIFY(placed > 80);
    }
}

void TestLabelLayout::theFirstComesFirst()
{
    const std::vector<LabelRequest> requests(20, {400, 300, 5, 100, 16});
    const auto boxes = placeLabels(requests, kArea);
    QVERIFY(boxes[0].has_value());
    bool ended = false;
    for (const auto& box : boxes) {
        QVERIFY(!(ended && box));
        ended = !box;
    }
    QVERIFY(ended);
}

void TestLabelLayout::aLoneLabelStandsToTheRight()
{
    const std::vector<LabelRequest> requests = {{400, 300, 5, 100, 16}};
    const auto boxes = placeLabels(requests, kArea);
    QCOMPARE(boxes[0]->x, 405.0);
    QCOMPARE(boxes[0]->y, 292.0);
}

void TestLabelLayout::atTheEdgeAnotherSideIsTaken()
{
    const std::vector<LabelRequest> requests = {{740, 300, 5, 100, 16}};
    const auto boxes = placeLabels(requests, kArea);
    QCOMPARE(boxes[0]->x, 635.0);
}

void TestLabelLayout::blockedRoomStaysFree()
{
    const std::vector<LabelRequest> requests = {{400, 300, 5, 100, 16}};
    const std::vector<LabelBox> blocked = {{405, 0, 500, 600}};
    const auto boxes = placeLabels(requests, kArea, blocked);
    QVERIFY(boxes[0].has_value());
    QVERIFY(!boxes[0]->overlaps(blocked[0]));
}

void TestLabelLayout::otherPointsAreNotHiddenWhereThereIsRoom()
{
    const std::vector<LabelRequest> requests = {{400, 300, 5, 100, 16}, {440, 300, 5, 100, 16}};
    const auto boxes = placeLabels(requests, kArea);
    const LabelBox second = {437, 297, 6, 6};
    QVERIFY(boxes[0] && boxes[1]);
    QVERIFY(!boxes[0]->overlaps(second));
}

void TestLabelLayout::whatDoesNotFitStaysOut()
{
    const std::vector<LabelRequest> requests
        = {{400, 300, 5, 800, 16}, {-500, 300, 5, 10, 10}, {400, 300, 5, 50, 16}};
    const auto boxes = placeLabels(requests, kArea);
    QVERIFY(!boxes[0] && !boxes[1]);
    QVERIFY(boxes[2].has_value());
}

QTEST_APPLESS_MAIN(TestLabelLayout)
#include "tst_label_layout.moc"
