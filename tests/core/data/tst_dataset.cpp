#include "core/data/dataset.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <limits>

using namespace embedscope;

class TestDataset : public QObject
{
    Q_OBJECT

private slots:
    void rowsWithNanOrInfinityAreUnusable();
    void duplicateLabelsAreAWarning();
    void columnsOfAnotherLengthAreRefused();
    void emptyTablesAreRefused();
    void metadataLendsItsLabels();
    void pointsWithoutLabelHaveAName();
};

void TestDataset::rowsWithNanOrInfinityAreUnusable()
{
    Table table;
    table.vectors = test::normalMatrix(5, 3);
    table.vectors(1, 2) = std::numeric_limits<float>::quiet_NaN();
    table.vectors(4, 0) = -std::numeric_limits<float>::infinity();
    const auto dataset = Dataset::make(std::move(table)).value();
    QCOMPARE(dataset->unusableRows().ids(), (std::vector<PointId>{1, 4}));
    QCOMPARE(dataset->usableCount(), Index{3});
    QCOMPARE(dataset->warnings().size(), std::size_t{1});
    QVERIFY(dataset->warnings().front().starts_with("2 rows hold"));
}

void TestDataset::duplicateLabelsAreAWarning()
{
    Table table;
    table.vectors = test::normalMatrix(4, 2);
    TextValues labels;
    for (const char* label : {"a", "b", "a", "c"})
        labels.append(label);
    table.columns.emplace_back("word", std::move(labels));
    table.labelColumn = 0;
    const auto dataset = Dataset::make(std::move(table)).value();
    QCOMPARE(dataset->rowsLabelled("a"), (std::vector<PointId>{0, 2}));
    QCOMPARE(dataset->warnings().size(), std::size_t{1});
    QVERIFY(dataset->warnings().front().find("\"a\"") != std::string::npos);
}

void TestDataset::columnsOfAnotherLengthAreRefused()
{
    Table table;
    table.vectors = test::normalMatrix(4, 2);
    table.columns.emplace_back("c", NumberValues{{1, 2}});
    const auto dataset = Dataset::make(std::move(table));
    QVERIFY(!dataset);
    QCOMPARE(dataset.error().code, ErrorCode::Malformed);
}

void TestDataset::emptyTablesAreRefused()
{
    QVERIFY(!Dataset::make(Table{}));
}

void TestDataset::metadataLendsItsLabels()
{
    const auto plain = test::datasetOf(test::normalMatrix(2, 2));
    QVERIFY(!plain->hasLabels());
    TextValues names;
    names.append("first");
    names.append("second");
    Columns columns;
    columns.emplace_back("name", std::move(names));
    const auto named = plain->withColumns(std::move(columns), 0, {"a warning"}, "meta.tsv").value();
    QCOMPARE(named->label(1), std::string("second"));
    QCOMPARE(named->warnings().size(), std::size_t{1});
    QCOMPARE(named->vectors().floats().data(), plain->vectors().floats().data());
}

void TestDataset::pointsWithoutLabelHaveAName()
{
    QCOMPARE(test::datasetOf(test::normalMatrix(2, 2))->name(1), std::string("row 1"));
    QCOMPARE(test::blobDataset(4, 2, 2)->name(1), std::string("p1"));
}

QTEST_APPLESS_MAIN(TestDataset)
#include "tst_dataset.moc"
