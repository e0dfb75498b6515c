#include "core/base/random.h"
#include "core/io/open.h"
#include "core/io/text/metadata.h"
#include "tests/support/test_data.h"

#include <QTest>

using namespace embedscope;

namespace {

Result<Metadata> read(const std::string& text, Index rows, const std::string& name = "m.tsv")
{
    return readMetadata(*memorySource(text, name), rows, {});
}

std::string cell(const Metadata& metadata, std::size_t column, Index row)
{
    return metadata.columns[column].text(row);
}

} // namespace

class TestMetadata : public QObject
{
    Q_OBJECT

private slots:
    void oneColumnHasNoHeader();
    void severalColumnsHaveOne();
    void countsDecideAgainstTheRule();
    void theLastEmptyLineIsNoRow();
    void blankLinesAreRowsWhereTheCountsSaySo();
    void tsvHasNoQuotes();
    void csvHasQuotesAndAHeader();
    void labelsWithCommasStayWhole();
    void onlyLineFeedsSplitLines();
    void otherCountsAreAWarning();
    void emptyCellsAreMissing();
    void theLabelColumnIsChosenByName_data();
    void theLabelColumnIsChosenByName();
    void jsonLinesKeepTheOrderOfKeys();
    void brokenJsonLinesKeepTheirPlace();
    void listsOfJsonObjectsAreRows();
    void deepJsonIsNoObject();
    void webPagesAreNoMetadata();
    void columnsAreLaidBesideADataset();
    void truncatedAndFlippedFilesNeverCrash();
};

void TestMetadata::oneColumnHasNoHeader()
{
    const auto metadata = read("the\nof\nand\n", 3);
    QVERIFY(metadata.ok());
    QCOMPARE(metadata->columns.size(), std::size_t{1});
    QCOMPARE(metadata->columns[0].name(), std::string("label"));
    QCOMPARE(cell(*metadata, 0, 0), std::string("the"));
    QCOMPARE(metadata->labelColumn, std::optional<std::size_t>(0));
    QVERIFY(metadata->warnings.empty());
}

void TestMetadata::severalColumnsHaveOne()
{
    const auto metadata = read("word\tcount\r\nthe\t12\r\nof\t7\r\n", 2);
    QVERIFY(metadata.ok());
    QCOMPARE(metadata->columns[1].name(), std::string("count"));
    QCOMPARE(metadata->columns[1].kind(), ColumnKind::Number);
    QCOMPARE(cell(*metadata, 1, 1), std::string("7"));
}

void TestMetadata::countsDecideAgainstTheRule()
{
    const auto header = read("name\nthe\nof\n", 2);
    QCOMPARE(header->columns[0].name(), std::string("name"));
    QCOMPARE(cell(*header, 0, 0), std::string("the"));
    QVERIFY(header->warnings.empty());
    const auto none = read("the\t12\nof\t7\n", 2);
    QCOMPARE(none->columns[0].name(), std::string("column 1"));
    QCOMPARE(cell(*none, 0, 0), std::string("the"));
    QVERIFY(none->warnings.empty());
    // Names above numbers are a header even so: a row is missing.
    const auto missing = read("word\tcount\nthe\t12\nof\t7\n", 3);
    QCOMPARE(missing->columns[1].name(), std::string("count"));
    QVERIFY(missing->columns[1].isMissing(2));
    QCOMPARE(missing->warnings.size(), std::size_t{1});
}

void TestMetadata::theLastEmptyLineIsNoRow()
{
    const auto metadata = read("a\tclass\n1\tx\n2\ty\n\n", 2);
    QVERIFY(metadata.ok() && metadata->warnings.empty());
    QCOMPARE(cell(*metadata, 1, 1), std::string("y"));
}

void TestMetadata::blankLinesAreRowsWhereTheCountsSaySo()
{
    const auto labels = read("the\n\n \nand\n", 4);
    QVERIFY(labels.ok() && labels->warnings.empty());
    QVERIFY(labels->columns[0].isMissing(1));
    QCOMPARE(cell(*labels, 0, 3), std::string("and"));
    QCOMPARE(cell(*read("the\n\nand\n", 2), 0, 1), std::string("and"));
}

void TestMetadata::tsvHasNoQuotes()
{
    const auto metadata = read("the\n\"\n5\" disk\n\"quoted\"\n", 4);
    QCOMPARE(cell(*metadata, 0, 1), std::string("\""));
    QCOMPARE(cell(*metadata, 0, 2), std::string("5\" disk"));
    QCOMPARE(cell(*metadata, 0, 3), std::string("\"quoted\""));
    // Unless the counts only fit with them.
    const auto quoted = read("word\tnote\nthe\t\"two\nlines\"\nof\tone\n", 2);
    QVERIFY(quoted->warnings.empty());
    QCOMPARE(cell(*quoted, 1, 0), std::string("two\nlines"));
}

void TestMetadata::csvHasQuotesAndAHeader()
{
    const auto metadata
        = read("title,genre\n\"Good, the Bad\",Western\n\"Say \"\"hi\"\"\",Comedy\nAlien,Horror\n",
            3, "m.csv");
    QVERIFY(metadata.ok() && metadata->warnings.empty());
    QCOMPARE(metadata->columns[0].name(), std::string("title"));
    QCOMPARE(cell(*metadata, 0, 1), std::string("Say \"hi\""));
    // One row too many: the header is still one.
    const auto longer = read("title,genre\nA,x\nB,y\nC,z\n", 2, "m.csv");
    QCOMPARE(longer->columns[0].name(), std::string("title"));
    QCOMPARE(longer->warnings.size(), std::size_t{1});
}

void TestMetadata::labelsWithCommasStayWhole()
{
    const auto metadata = read("the\n, \n.\na, b\n", 4);
    QCOMPARE(cell(*metadata, 0, 1), std::string(", "));
    QCOMPARE(cell(*metadata, 0, 3), std::string("a, b"));
}

void TestMetadata::onlyLineFeedsSplitLines()
{
    const auto metadata = read("a\xC2\x85"
                               "b\nc\xE2\x80\xA8"
                               "d\n",
        2);
    QVERIFY(metadata.ok() && metadata->warnings.empty());
    QCOMPARE(cell(*metadata, 0, 0),
        std::string("a\xC2\x85"
                    "b"));
}

void TestMetadata::otherCountsAreAWarning()
{
    const auto shorter = read("w\tc\na\t1\nb\t2\n", 4);
    QCOMPARE(shorter->columns[0].size(), Index{4});
    QVERIFY(shorter->columns[0].isMissing(3) && !shorter->columns[0].isMissing(1));
    QCOMPARE(shorter->warnings.size(), std::size_t{1});
    QVERIFY(shorter->warnings[0].find("2 rows for 4 points") != std::string::npos);
    const auto longer = read("w\tc\na\t1\nb\t2\nc\t3\nd\t4\n", 2);
    QCOMPARE(longer->columns[0].size(), Index{2});
    QCOMPARE(cell(*longer, 0, 1), std::string("b"));
    QCOMPARE(longer->warnings.size(), std::size_t{1});
}

void TestMetadata::emptyCellsAreMissing()
{
    const auto metadata = read("w\tc\na\t1\n\t2\nc\t\n", 3);
    QVERIFY(metadata->columns[0].isMissing(1));
    QVERIFY(metadata->columns[1].isMissing(2));
}

void TestMetadata::theLabelColumnIsChosenByName_data()
{
    QTest::addColumn<QString>("header");
    QTest::addColumn<QString>("label");
    QTest::newRow("label first") << "title\tLabel\tn"
                                 << "Label";
    QTest::newRow("word") << "other\tword\tn"
                          << "word";
    QTest::newRow("id at last") << "id\tname\tn"
                                << "name";
    QTest::newRow("first text") << "foo\tbar\tn"
                                << "foo";
}

void TestMetadata::theLabelColumnIsChosenByName()
{
    QFETCH(QString, header);
    QFETCH(QString, label);
    const auto metadata = read(header.toStdString() + "\na\tb\t1\nc\td\t2\n", 2);
    QVERIFY(metadata.ok() && metadata->labelColumn.has_value());
    QCOMPARE(metadata->columns[*metadata->labelColumn].name(), label.toStdString());
}

void TestMetadata::jsonLinesKeepTheOrderOfKeys()
{
    const auto metadata = read("{\"z\": \"x\", \"n\": 1.5, \"o\": {\"k\": [1, 2]}}\n\n"
                               "{\"n\": null, \"z\": \"y\", \"b\": true}\n",
        2, "m.jsonl");
    QVERIFY(metadata.ok() && metadata->warnings.empty());
    QCOMPARE(metadata->columns.size(), std::size_t{4});
    QCOMPARE(metadata->columns[0].name(), std::string("z"));
    QCOMPARE(metadata->columns[1].kind(), ColumnKind::Number);
    QVERIFY(metadata->columns[1].isMissing(1));
    QCOMPARE(cell(*metadata, 2, 0), std::string("{\"k\":[1,2]}"));
    QVERIFY(metadata->columns[3].isMissing(0));
    QCOMPARE(cell(*metadata, 3, 1), std::string("true"));
    QCOMPARE(metadata->labelColumn, std::optional<std::size_t>(0));
}

void TestMetadata::brokenJsonLinesKeepTheirPlace()
{
    const auto metadata = read("{\"w\": \"a\"}\nnot json\n{\"w\": \"c\"}\n", 3);
    QVERIFY(metadata.ok());
    QVERIFY(metadata->columns[0].isMissing(1));
    QCOMPARE(cell(*metadata, 0, 2), std::string("c"));
    QCOMPARE(metadata->warnings.size(), std::size_t{1});
    QVERIFY(metadata->warnings[0].find("line 2") != std::string::npos);
    QVERIFY(!read("{\"w\n{\"w\n", 2).ok());
}

void TestMetadata::listsOfJsonObjectsAreRows()
{
    const auto metadata = read(
        "[\n  {\"w\": \"a\",\n   \"n\": 1},\n  {\"w\": \"b\"}, {\"n\": 3, \"w\": \"c\"}\n]\n", 3,
        "m.json");
    QVERIFY(metadata.ok() && metadata->warnings.empty());
    QCOMPARE(cell(*metadata, 0, 2), std::string("c"));
    QVERIFY(metadata->columns[1].isMissing(1));
    QCOMPARE(cell(*metadata, 1, 2), std::string("3"));
    QVERIFY(!read("[{\"w\": \"a\"}, {\"w\"", 3, "m.json").ok());
}

void TestMetadata::deepJsonIsNoObject()
{
    const std::string deep
        = "{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + "}\n";
    const auto metadata = read("{\"w\": 1}\n{\"w\": 2}\n" + deep, 3);
    QVERIFY(metadata.ok());
    QCOMPARE(metadata->warnings.size(), std::size_t{1});
}

void TestMetadata::webPagesAreNoMetadata()
{
    QVERIFY(!read("<!DOCTYPE html>\n<html></html>\n", 2).ok());
    QVERIFY(!read("version https://git-lfs.github.com/spec/v1\n", 1).ok());
    QVERIFY(!read("\n\n", 1).ok());
    QVERIFY(!read(std::string("a\0b\n", 4), 1).ok());
}

void TestMetadata::columnsAreLaidBesideADataset()
{
    const test::TemporaryFolder folder;
    const std::string path = folder.file("labels.tsv");
    test::writeFile(path, "one\ntwo\nthree\n");
    const auto dataset
        = withMetadataFile(test::datasetOf(test::normalMatrix(3, 2)), path, Progress());
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->label(2), std::string("three"));
    QCOMPARE((*dataset)->provenance().companions, (std::vector<std::string>{path}));
    // Labels that are there stay.
    const auto labelled = withMetadataFile(test::blobDataset(3, 2, 1), path, Progress());
    QVERIFY(labelled.ok());
    QCOMPARE((*labelled)->label(2), std::string("p2"));
    QCOMPARE((*labelled)->columns().size(), std::size_t{4});
    QVERIFY(!withMetadataFile(test::blobDataset(3, 2, 1), folder.file("none"), Progress()).ok());
}

void TestMetadata::truncatedAndFlippedFilesNeverCrash()
{
    for (const std::string text : {"word\tnote\nthe\t\"two\nlines\"\nof\tone\n\nand\t\xC3\xA9\n",
             "{\"w\": \"a\", \"o\": {\"k\": [1, \"\\u00e9\"]}}\n{\"w\": \"b\", \"n\": -1e5}\n",
             "a,b\n\"x, \"\"y\"\"\",1\n\"z\n\",2\n"}) {
        for (std::size_t length = 0; length <= text.size(); ++length) {
            const auto metadata = read(text.substr(0, length), 3, "m.csv");
            QVERIFY(!metadata.ok() || metadata->columns.front().size() == 3);
        }
        Random random(9);
        for (int turn = 0; turn < 1000; ++turn) {
            std::string flipped = text;
            for (int flips = 0; flips < 3; ++flips)
                flipped[random.below(flipped.size())] ^= static_cast<char>(1U << random.below(8));
            const auto metadata = read(flipped, 3, turn % 2 == 0 ? "m.csv" : "m.tsv");
            if (!metadata.ok())
                continue;
            for (const Column& column : metadata->columns)
                QCOMPARE(column.size(), Index{3});
        }
    }
}

QTEST_APPLESS_MAIN(TestMetadata)
#include "tst_metadata.moc"
