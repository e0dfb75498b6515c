// Metadata whose rows are found by their values.

#include "core/io/open.h"
#include "core/io/text/metadata_join.h"
#include "tests/support/damage.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr const char* kTable = "word,id,v0,v1\nthe,7,1,2\nof,8,3,4\nand,9,5,6\nto,10,7,8\n";

bool anyHolds(const std::vector<std::string>& texts, std::string_view part)
{
    return std::any_of(texts.begin(), texts.end(),
        [part](const std::string& text) { return text.find(part) != std::string::npos; });
}

} // namespace

class TestMetadataJoin : public QObject
{
    Q_OBJECT

private slots:
    void rowsAreFoundByTheLabels_data();
    void rowsAreFoundByTheLabels();
    void rowsAreFoundByAColumnOfTheSameName();
    void whatIsNotFoundIsMissingAndCounted();
    void valuesThatStandTwiceAreCounted();
    void keysThatAreNotThereAreRefused();
    void otherCountsAreJoinedByThemselves();
    void anotherOrderIsJoinedByItself();
    void theSameOrderStaysRowByRow();
    void classesAreNoKeys();
    void theCommandsOptionReachesIt();

private:
    Result<std::shared_ptr<const Dataset>> laid(const std::string& metadata,
        const std::string& key = {}, const std::string& name = "m.csv");
    static std::string cell(const Dataset& dataset, const char* column, Index row);

    TemporaryFolder m_folder;
};

Result<std::shared_ptr<const Dataset>> TestMetadataJoin::laid(
    const std::string& metadata, const std::string& key, const std::string& name)
{
    writeFile(m_folder.file(name), metadata);
    return withMetadataFile(*openBytes(kTable, "t.csv"), m_folder.file(name), {}, key);
}

std::string TestMetadataJoin::cell(const Dataset& dataset, const char* column, Index row)
{
    const auto found = findColumn(dataset.columns(), column);
    return found ? dataset.columns()[*found].text(row) : "no such column";
}

void TestMetadataJoin::rowsAreFoundByTheLabels_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("text");
    QTest::newRow("CSV") << "m.csv"
                         << "kind,term\nprep,to\nart,the\nconj,and\nprep,of\n";
    QTest::newRow("TSV") << "m.tsv"
                         << "kind\tterm\nprep\tto\nart\tthe\nconj\tand\nprep\tof\n";
    QTest::newRow("JSON lines")
        << "m.jsonl"
        << "{\"kind\":\"prep\",\"term\":\"to\"}\n{\"kind\":\"art\",\"term\":\"the\"}\n"
           "{\"kind\":\"conj\",\"term\":\"and\"}\n{\"kind\":\"prep\",\"term\":\"of\"}\n";
}

void TestMetadataJoin::rowsAreFoundByTheLabels()
{
    QFETCH(QString, name);
    QFETCH(QString, text);
    const auto dataset = laid(text.toStdString(), "term", name.toStdString());
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    const std::vector<std::string> expected{"art", "prep", "conj", "prep"};
    for (Index i = 0; i < 4; ++i)
        QCOMPARE(cell(**dataset, "kind", i), expected[static_cast<std::size_t>(i)]);
    QVERIFY(!findColumn((*dataset)->columns(), "term"));
    QVERIFY((*dataset)->warnings().empty());
    QCOMPARE((*dataset)->label(0), std::string("the"));
}

void TestMetadataJoin::rowsAreFoundByAColumnOfTheSameName()
{
    // Numbers in the table, texts in the file.
    const auto dataset = laid("id,size\n10,1.5\n9,2.5\n8,3.5\n7,4.5\n", "id");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE(cell(**dataset, "size", 0), std::string("4.5"));
    QCOMPARE(cell(**dataset, "size", 3), std::string("1.5"));
}

void TestMetadataJoin::whatIsNotFoundIsMissingAndCounted()
{
    const auto dataset = laid("term,kind,n\nof,prep,1\nxyz,none,2\nuvw,none,3\n", "term");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    const Columns& columns = (*dataset)->columns();
    QVERIFY(columns[*findColumn(columns, "kind")].isMissing(0));
    QVERIFY(columns[*findColumn(columns, "n")].isMissing(3));
    QCOMPARE(cell(**dataset, "n", 1), std::string("1"));
    QVERIFY(anyHolds((*dataset)->warnings(), "3 points have no row"));
    QVERIFY(anyHolds((*dataset)->warnings(), "2 rows of the metadata belong to no point"));
}

void TestMetadataJoin::valuesThatStandTwiceAreCounted()
{
    const auto dataset = laid("term,n\nthe,1\nof,2\nand,3\nto,4\nthe,5\nof,6\n", "term");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE(cell(**dataset, "n", 0), std::string("1"));
    QVERIFY(anyHolds((*dataset)->warnings(), "2 rows of the metadata repeat"));
    QCOMPARE((*dataset)->warnings().size(), std::size_t{1});
}

void TestMetadataJoin::keysThatAreNotThereAreRefused()
{
    const auto noColumn = laid("term,n\nthe,1\n", "word");
    QVERIFY(!noColumn.ok());
    QVERIFY(noColumn.error().detail.find("\"term\", \"n\"") != std::string::npos);
    const auto noMatch = laid("term,n\nxyz,1\n", "term");
    QVERIFY(!noMatch.ok());
    writeFile(m_folder.file("m.csv"), "term,n\nxyz,1\n");
    const auto noLabels
        = withMetadataFile(*openBytes("1,2\n3,4\n", "t.csv"), m_folder.file("m.csv"), {}, "term");
    QVERIFY(!noLabels.ok());
}

void TestMetadataJoin::otherCountsAreJoinedByThemselves()
{
    const auto dataset
        = laid("term,kind\nxyz,none\nto,prep\nuvw,none\nthe,art\nof,prep\nand,conj\n");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE(cell(**dataset, "kind", 0), std::string("art"));
    QCOMPARE(cell(**dataset, "kind", 3), std::string("prep"));
    QVERIFY(anyHolds((*dataset)->warnings(), "\"term\" is its label"));
    // Where no column names the points, it stays row by row, and says so.
    const auto byRow = laid("kind,n\na,1\nb,2\n");
    QVERIFY2(byRow.ok(), byRow ? "" : describe(byRow.error()).c_str());
    QCOMPARE(cell(**byRow, "kind", 0), std::string("a"));
    QVERIFY(anyHolds((*byRow)->warnings(), "2 rows for 4 points"));
}

void TestMetadataJoin::anotherOrderIsJoinedByItself()
{
    const auto dataset = laid("term,kind\nto,prep\nand,conj\nof,prep\nthe,art\n");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE(cell(**dataset, "kind", 0), std::string("art"));
    QVERIFY(anyHolds((*dataset)->warnings(), "another order"));
}

void TestMetadataJoin::theSameOrderStaysRowByRow()
{
    const auto dataset = laid("term,kind\nthe,art\nof,prep\nAND,conj\nto,prep\n");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE(cell(**dataset, "term", 2), std::string("AND"));
    QCOMPARE(cell(**dataset, "kind", 2), std::string("conj"));
    QVERIFY((*dataset)->warnings().empty());
}

void TestMetadataJoin::classesAreNoKeys()
{
    // Digits as labels: the metadata's first rows are paired, whatever its values are.
    std::string table;
    std::string metadata = "digit\tn\n";
    for (int i = 0; i < 40; ++i) {
        table += "d" + std::to_string(i % 10) + ",0.5," + std::to_string(i) + ".25\n";
        metadata += "d" + std::to_string((i + 1) % 10) + '\t' + std::to_string(i) + '\n';
    }
    writeFile(m_folder.file("d.tsv"), metadata);
    const auto opened = openBytes(table, "t.csv");
    QVERIFY(opened.ok() && (*opened)->hasLabels());
    const auto dataset = withMetadataFile(*opened, m_folder.file("d.tsv"), {});
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE(cell(**dataset, "n", 5), std::string("5"));
}

void TestMetadataJoin::theCommandsOptionReachesIt()
{
    writeFile(m_folder.file("m.csv"), "term,kind\nof,prep\nthe,art\n");
    ReadOptions options;
    options.metadataPath = m_folder.file("m.csv");
    options.metadataKey = "term";
    options.labelColumn = "kind";
    const auto dataset = openBytes(kTable, "t.csv", options);
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->label(0), std::string("art"));
}

QTEST_APPLESS_MAIN(TestMetadataJoin)
#include "tst_metadata_join.moc"
