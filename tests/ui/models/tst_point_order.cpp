#include "ui/models/point_order.h"

#include <QTest>
#include <limits>

using namespace embedscope;
using namespace embedscope::ui;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::shared_ptr<const Dataset> animals()
{
    Table table;
    TextValues names;
    for (const char* name : {"zebra", "Ant", "bee"})
        names.append(name);
    names.appendMissing();
    names.append("ant");
    table.vectors = Matrix::zeros(5, 1);
    table.columns.emplace_back("name", std::move(names));
    table.columns.emplace_back("legs", NumberValues{{10, kNone, 9, -1, 9}});
    table.columns.emplace_back("kind", CategoryValues{{1, 0, -1, 2, 0}, {"b", "C", "a"}});
    return Dataset::make(std::move(table)).value();
}

std::vector<PointId> order(const PointOrderRequest& request)
{
    return orderedPoints(animals(), request, {}).value();
}

} // namespace

class TestPointOrder : public QObject
{
    Q_OBJECT

private slots:
    void numbersSortAsNumbersWithMissingLast();
    void textSortsWithoutRegardToCase();
    void categoriesSortByName();
    void tiesStandInFileOrderInBothDirections();
    void onlyHitsAndSelectedPointsAreKept();
    void stopIsHonoured();
};

void TestPointOrder::numbersSortAsNumbersWithMissingLast()
{
    QCOMPARE(order({1, false, {}, {}}), (std::vector<PointId>{3, 2, 4, 0, 1}));
    QCOMPARE(order({1, true, {}, {}}), (std::vector<PointId>{0, 2, 4, 3, 1}));
}

void TestPointOrder::textSortsWithoutRegardToCase()
{
    QCOMPARE(order({0, false, {}, {}}), (std::vector<PointId>{1, 4, 2, 0, 3}));
}

void TestPointOrder::categoriesSortByName()
{
    // a: 3, b: 1 and 4, C: 0; row 2 has none.
    QCOMPARE(order({2, false, {}, {}}), (std::vector<PointId>{3, 1, 4, 0, 2}));
}

void TestPointOrder::tiesStandInFileOrderInBothDirections()
{
    QCOMPARE(order({0, true, {}, {}}), (std::vector<PointId>{0, 2, 1, 4, 3}));
    QCOMPARE(order({{}, true, {}, {}}), (std::vector<PointId>{4, 3, 2, 1, 0}));
}

void TestPointOrder::onlyHitsAndSelectedPointsAreKept()
{
    PointOrderRequest request;
    request.hits = std::make_shared<const std::vector<PointId>>(std::vector<PointId>{4, 0, 3});
    QCOMPARE(order(request), (std::vector<PointId>{0, 3, 4}));
    request.selected = std::make_shared<const PointSet>(5, std::vector<PointId>{3, 4, 1});
    QCOMPARE(order(request), (std::vector<PointId>{3, 4}));
    request.hits.reset();
    request.sortColumn = 1;
    QCOMPARE(order(request), (std::vector<PointId>{3, 4, 1}));
}

void TestPointOrder::stopIsHonoured()
{
    std::stop_source stop;
    stop.request_stop();
    const auto result = orderedPoints(animals(), {1, false, {}, {}}, Progress(stop.get_token()));
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Stopped);
}

QTEST_GUILESS_MAIN(TestPointOrder)
#include "tst_point_order.moc"
