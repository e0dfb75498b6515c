#include "tests/support/test_data.h"
#include "ui/models/hit_model.h"
#include "ui/models/neighbor_model.h"
#include "ui/models/point_table_model.h"
#include "ui/models/roles.h"

#include <QAbstractItemModelTester>
#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::ui;

namespace {

constexpr auto kFatal = QAbstractItemModelTester::FailureReportingMode::Fatal;

QString textAt(const QAbstractItemModel& model, int row, int column)
{
    return model.index(row, column).data().toString();
}

std::shared_ptr<const NeighborList> neighborsOf(Metric metric, std::vector<Neighbor> neighbors)
{
    return std::make_shared<const NeighborList>(NeighborList{0, metric, std::move(neighbors), {}});
}

} // namespace

class TestPointModels : public QObject
{
    Q_OBJECT

private slots:
    void hitsShowTheNameAndWhyTheyMatch();
    void neighborsShowRankNameAndValue();
    void barsAreAsLongAsTheValueSays();
    void neighborsCopyAsTextForOtherPrograms();
    void theTableShowsEveryColumnInTheOrderGiven();
    void theMapsColumnsComeAndGo();
    void theTableFindsItsPoints();
};

void TestPointModels::hitsShowTheNameAndWhyTheyMatch()
{
    HitModel model;
    QAbstractItemModelTester tester(&model, kFatal);
    QCOMPARE(model.rowCount(), 0);
    const auto dataset = test::blobDataset(12, 3, 3);
    const auto search = [&](const std::string& text) {
        const SearchQuery query{text, false, {}};
        model.setHits(dataset, query,
            std::make_shared<const SearchResult>(embedscope::search(*dataset, query, {}).value()));
    };
    search("group 2");
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(textAt(model, 0, HitModel::NameColumn), QStringLiteral("p2"));
    QCOMPARE(textAt(model, 0, HitModel::MatchColumn), QStringLiteral("group 2"));
    QCOMPARE(model.index(1, 0).data(PointIdRole).toUInt(), 5U);
    QVERIFY(model.index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("group")));
    search("p11");
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(textAt(model, 0, HitModel::MatchColumn), QString());
    model.setHits(nullptr, {}, std::make_shared<const SearchResult>());
    QCOMPARE(model.rowCount(), 0);
}

void TestPointModels::neighborsShowRankNameAndValue()
{
    NeighborModel model;
    QAbstractItemModelTester tester(&model, kFatal);
    const auto dataset = test::blobDataset(12, 3, 3);
    model.setNeighbors(dataset, neighborsOf(Metric::Cosine, {{3, 0.98768F}, {6, -0.25F}}));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(textAt(model, 0, NeighborModel::RankColumn), QStringLiteral("1"));
    QCOMPARE(textAt(model, 1, NeighborModel::NameColumn), QStringLiteral("p6"));
    QCOMPARE(textAt(model, 0, NeighborModel::ValueColumn), QStringLiteral("0.9877"));
    QCOMPARE(model.pointAt(1), PointId(6));
    model.setNeighbors(nullptr, neighborsOf(Metric::Cosine, {{3, 1.F}}));
    QCOMPARE(model.rowCount(), 0);
}

void TestPointModels::barsAreAsLongAsTheValueSays()
{
    NeighborModel model;
    const auto dataset = test::blobDataset(12, 3, 3);
    const auto bar = [&](int row) {
        return model.index(row, NeighborModel::ValueColumn).data(BarRole).toDouble();
    };
    model.setNeighbors(dataset, neighborsOf(Metric::Cosine, {{3, 0.5F}, {6, -0.5F}}));
    QCOMPARE(bar(0), 0.5);
    QCOMPARE(bar(1), 0.0);
    model.setNeighbors(dataset, neighborsOf(Metric::Euclidean, {{3, 2.F}, {6, 8.F}}));
    QCOMPARE(bar(0), 0.25);
    QCOMPARE(bar(1), 1.0);
    model.setNeighbors(dataset, neighborsOf(Metric::Manhattan, {{3, 3.F}, {6, 4.F}}));
    QCOMPARE(bar(0), 0.75);
    QCOMPARE(
        model.headerData(NeighborModel::ValueColumn, Qt::Horizontal, Qt::DisplayRole).toString(),
        QStringLiteral("Distance"));
    model.setNeighbors(dataset, neighborsOf(Metric::Euclidean, {{3, 0.F}}));
    QVERIFY(!model.index(0, NeighborModel::ValueColumn).data(BarRole).isValid());
}

void TestPointModels::neighborsCopyAsTextForOtherPrograms()
{
    NeighborModel model;
    QCOMPARE(model.toText('\t').count(QLatin1Char('\n')), 1);
    model.setNeighbors(
        test::blobDataset(12, 3, 3), neighborsOf(Metric::Dot, {{3, 0.1F}, {6, -2.F}}));
    QCOMPARE(
        model.toText('\t'), QStringLiteral("rank\trow\tname\tdot\n1\t3\tp3\t0.1\n2\t6\tp6\t-2\n"));
    QVERIFY(model.toText(',').startsWith(QStringLiteral("rank,row,name,dot\n1,3,p3,0.1\n")));
}

void TestPointModels::theTableShowsEveryColumnInTheOrderGiven()
{
    PointTableModel model;
    QAbstractItemModelTester tester(&model, kFatal);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.columnCount(), 0);
    model.setDataset(test::blobDataset(12, 3, 3));
    QCOMPARE(model.rowCount(), 12);
    QCOMPARE(model.columnCount(), 4);
    QCOMPARE(
        model.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("Row"));
    QCOMPARE(
        model.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("group"));
    QCOMPARE(textAt(model, 7, 0), QStringLiteral("7"));
    QCOMPARE(textAt(model, 7, 2), QStringLiteral("group 1"));
    model.setOrder(std::make_shared<const std::vector<PointId>>(std::vector<PointId>{11, 0, 5}));
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(textAt(model, 0, 1), QStringLiteral("p11"));
    QCOMPARE(textAt(model, 2, 3), QStringLiteral("5"));
    model.setDataset(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void TestPointModels::theMapsColumnsComeAndGo()
{
    const auto figures = [](double value) {
        Columns columns;
        columns.emplace_back("trust", NumberValues{{value, std::nan(""), 0.5}});
        return std::make_shared<const Columns>(std::move(columns));
    };
    PointTableModel model;
    QAbstractItemModelTester tester(&model, kFatal);
    model.setMapColumns(figures(1)); // Without a table there is nothing they could belong to.
    QCOMPARE(model.columnCount(), 0);
    model.setDataset(test::blobDataset(3, 3, 3));
    model.setMapColumns(figures(0.25));
    QCOMPARE(model.columnCount(), 5);
    QCOMPARE(textAt(model, 0, 4), QStringLiteral("0.25"));
    QCOMPARE(textAt(model, 1, 4), QString()); // Not examined.
    QVERIFY(model.headerData(4, Qt::Horizontal, Qt::ToolTipRole)
                .toString()
                .contains(QStringLiteral("map shown")));
    model.setOrder(std::make_shared<const std::vector<PointId>>(std::vector<PointId>{2, 0}));
    model.setMapColumns(figures(0.75));
    QCOMPARE(textAt(model, 1, 4), QStringLiteral("0.75"));
    QCOMPARE(model.rowCount(), 2);
    model.setMapColumns(nullptr);
    QCOMPARE(model.columnCount(), 4);
    QCOMPARE(textAt(model, 1, 1), QStringLiteral("p0"));
}

void TestPointModels::theTableFindsItsPoints()
{
    PointTableModel model;
    QCOMPARE(model.rowOf(0), -1);
    model.setDataset(test::blobDataset(12, 3, 3));
    QCOMPARE(model.rowOf(4), 4);
    QCOMPARE(model.rowOf(12), -1);
    QCOMPARE(model.rowOf(kNoPoint), -1);
    model.setOrder(std::make_shared<const std::vector<PointId>>(std::vector<PointId>{11, 0, 5}));
    QCOMPARE(model.rowOf(5), 2);
    QCOMPARE(model.rowOf(4), -1);
    QCOMPARE(model.pointAt(0), PointId(11));
}

QTEST_GUILESS_MAIN(TestPointModels)
#include "tst_point_models.moc"
