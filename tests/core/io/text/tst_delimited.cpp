#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/io/open.h"
#include "core/io/readers.h"
#include "core/io/text/delimited.h"
#include "core/io/writers/writers.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>
#include <map>

using namespace embedscope;

namespace {

Result<Table> read(const std::string& text, const ReadOptions& options = {})
{
    return readCsv(*memorySource(text, "t.csv"), options, {});
}

std::vector<std::string> names(const Table& table)
{
    std::vector<std::string> result;
    for (const Column& column : table.columns)
        result.push_back(column.name());
    return result;
}

std::string label(const Table& table, Index row)
{
    return table.labelColumn ? table.columns[*table.labelColumn].text(row) : std::string("(none)");
}

std::vector<float> row(const Table& table, Index i)
{
    const float* values = table.vectors.row(i);
    return {values, values + table.vectors.columns()};
}

FileHead headOf(std::string_view text, std::string_view extension)
{
    FileHead head;
    head.bytes = text;
    head.fileSize = text.size();
    head.extension = extension;
    return head;
}

} // namespace

class TestDelimited : public QObject
{
    Q_OBJECT

private slots:
    void quotedCellsHoldDelimitersQuotesAndLineBreaks();
    void quotesInTheMiddleOfACellAreThemselves();
    void strayQuotesTurnQuotingOff();
    void theFirstQuoteMayComeLate();
    void everyDelimiterIsFound_data();
    void everyDelimiterIsFound();
    void lineEndingsAndByteOrderMarkDoNotMatter();
    void aHeaderIsToldFromAValue();
    void pandasIndexIsNoDimension();
    void namedNumbersStayBesideTheVectors();
    void dimensionsThatCountUpAreTheVectors();
    void placesBesideVectorsAreCoordinates();
    void placesAloneAreTheVectors();
    void vectorsInOneCell_data();
    void vectorsInOneCell();
    void shortenedVectorsAreRefused();
    void aVectorOfAnotherLengthIsAWarning();
    void projectorTensorsNeedNoHeader();
    void trailingDelimitersAreNoColumn();
    void aLineOfCountsIsNoRow();
    void raggedRowsKeepTheirPlace();
    void blankLinesAreSkippedWithAWord();
    void missingNumbersAreNaN();
    void wordsAmongNumbersAreAnErrorWithTheirLine();
    void metadataAloneIsRefused();
    void transposedTablesAreNamed();
    void columnsCanBeThePoints();
    void columnsAreThePointsWhereRowsNameDimensions();
    void brokenTextIsRepairedAndNamed();
    void theWishedLabelIsNoDimension();
    void largeFilesReadTheSameOnAnyThreadCount();
    void aHeaderLongerThanAPieceIsNoRow();
    void raggedTablesCannotAskForMemory();
    void whatTheProgramWritesReadsBack();
    void truncatedAndFlippedFilesNeverCrash();
    void recognitionGoesByContent();
};

void TestDelimited::quotedCellsHoldDelimitersQuotesAndLineBreaks()
{
    const auto table = read("label,a,b\n\"x, \"\"y\"\"\",1,2\n\"two\nlines\",3,4\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.rows(), Index{2});
    QCOMPARE(label(*table, 0), std::string("x, \"y\""));
    QCOMPARE(label(*table, 1), std::string("two\nlines"));
    QCOMPARE(row(*table, 1), (std::vector<float>{3, 4}));
    QVERIFY(table->warnings.empty());
}

void TestDelimited::quotesInTheMiddleOfACellAreThemselves()
{
    const auto table = read("word,a,b\n5\" disk,1,2\nno \"such\" thing,3,4\n\"q\",5,6\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(label(*table, 0), std::string("5\" disk"));
    QCOMPARE(label(*table, 1), std::string("no \"such\" thing"));
    QCOMPARE(label(*table, 2), std::string("q"));
}

void TestDelimited::strayQuotesTurnQuotingOff()
{
    const auto table = read("the\t1\t2\n\"\t3\t4\nof\t5\t6\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.rows(), Index{3});
    QCOMPARE(label(*table, 1), std::string("\""));
}

void TestDelimited::theFirstQuoteMayComeLate()
{
    constexpr int kRows = 40000; // More than the beginning from which the dialect is told.
    constexpr int kLate = 38000;
    for (const std::string late : {"\"a,b\"", "\"c\nd\"", "\"e \"\"f\"\"\"", "\"", "g\"h"}) {
        std::string text = "word,d0,d1,d2\n";
        for (int i = 0; i < kRows; ++i) {
            text += (i == kLate ? late : "word" + std::to_string(i)) + ",0.123456,"
                + std::to_string(i) + ",7.000000\n";
        }
        const auto table = read(text);
        QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
        QVERIFY(table->warnings.empty());
        QCOMPARE(table->vectors.rows(), Index{kRows});
        QCOMPARE(table->vectors(kLate, 1), static_cast<float>(kLate));
        QCOMPARE(table->vectors(kRows - 1, 1), static_cast<float>(kRows - 1));
        const std::map<std::string, std::string> expected{
            {"\"a,b\"", "a,b"}, {"\"c\nd\"", "c\nd"}, {"\"e \"\"f\"\"\"", "e \"f\""}};
        const auto found = expected.find(late);
        QCOMPARE(label(*table, kLate), found == expected.end() ? late : found->second);
    }
}

void TestDelimited::everyDelimiterIsFound_data()
{
    QTest::addColumn<char>("delimiter");
    QTest::newRow("comma") << ',';
    QTest::newRow("tab") << '\t';
    QTest::newRow("semicolon") << ';';
    QTest::newRow("bar") << '|';
}

void TestDelimited::everyDelimiterIsFound()
{
    QFETCH(char, delimiter);
    std::string text = "label_a_b\ncat_1_2\ndog_3_4.5\n";
    std::replace(text.begin(), text.end(), '_', delimiter);
    const auto table = read(text);
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(row(*table, 1), (std::vector<float>{3, 4.5F}));
    QCOMPARE(label(*table, 0), std::string("cat"));
}

void TestDelimited::lineEndingsAndByteOrderMarkDoNotMatter()
{
    for (const std::string text : {"w,a,b\nx,1,2\ny,3,4\n", "w,a,b\r\nx,1,2\r\ny,3,4\r\n",
             "w,a,b\rx,1,2\ry,3,4\r", "\xEF\xBB\xBFw,a,b\nx,1,2\ny,3,4"}) {
        const auto table = read(text);
        QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
        QCOMPARE(table->vectors.rows(), Index{2});
        QCOMPARE(table->columns[0].name(), std::string("w"));
        QCOMPARE(row(*table, 1), (std::vector<float>{3, 4}));
    }
}

void TestDelimited::aHeaderIsToldFromAValue()
{
    QCOMPARE(read("a,b\n1,2\n3,4\n7,8\n")->vectors.rows(), Index{3});
    QCOMPARE(read("1,2\n3,4\n7,8\n")->vectors.rows(), Index{3});
    QCOMPARE(read("0,1,2\n0.5,0.25,2\n3,4,5\n")->vectors.rows(), Index{2});
    QCOMPARE(read("0,1,2\n3,4,5\n6,7,8\n")->vectors.rows(), Index{3});
    QCOMPARE(read("word,1,2\nthe,3,4\nof,5,6\n")->vectors.rows(), Index{2});
    // R leaves the name of the row names out.
    const auto fromR = read("a b,c\nx,1,2\ny,3,4\n");
    QVERIFY(fromR.ok());
    QCOMPARE(fromR->vectors.rows(), Index{2});
    QCOMPARE(label(*fromR, 1), std::string("y"));
}

void TestDelimited::pandasIndexIsNoDimension()
{
    const auto table = read(",0,1,2\n0,0.5,0.25,1\n1,3,4,5\n2,6,7,8\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.columns(), Index{3});
    QCOMPARE(row(*table, 1), (std::vector<float>{3, 4, 5}));
    QVERIFY(table->columns.empty());
    const auto headerless = read("0,0.5,0.25\n1,0.5,0.75\n2,0.1,0.2\n");
    QCOMPARE(headerless->vectors.columns(), Index{2});
}

void TestDelimited::namedNumbersStayBesideTheVectors()
{
    const auto table
        = read("id,word,e1,e2,e3,count,year\n7,cat,1,2,3,90,1999\n9,dog,4,5,6,80,2001\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(row(*table, 1), (std::vector<float>{4, 5, 6}));
    QCOMPARE(names(*table), (std::vector<std::string>{"id", "word", "count", "year"}));
    QCOMPARE(label(*table, 1), std::string("dog"));
    QCOMPARE(table->columns[2].kind(), ColumnKind::Number);
}

void TestDelimited::dimensionsThatCountUpAreTheVectors()
{
    std::string text = "label,score,quality";
    for (int j = 0; j < 12; ++j)
        text += ",pixel" + std::to_string(j);
    for (int i = 0; i < 3; ++i) {
        text += "\n5,0.5,0.25";
        for (int j = 0; j < 12; ++j)
            text += ',' + std::to_string(i * 100 + j);
    }
    const auto table = read(text);
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.columns(), Index{12});
    QCOMPARE(table->vectors(2, 11), 211.0F);
    QCOMPARE(names(*table), (std::vector<std::string>{"label", "score", "quality"}));
    QCOMPARE(label(*table, 0), std::string("5"));
}

void TestDelimited::placesBesideVectorsAreCoordinates()
{
    const auto table = read("word,x,y,d0,d1,d2\na,10,20,1,2,3\nb,30,40,4,5,6\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(row(*table, 0), (std::vector<float>{1, 2, 3}));
    QCOMPARE(table->coordinateColumns, (std::vector<std::size_t>{1, 2}));
    const auto umap
        = read("word,vec,UMAP_1,UMAP_2\na,\"[1,2,3]\",0.5,1.5\nb,\"[4,5,6]\",2.5,3.5\n");
    QVERIFY(umap.ok());
    QCOMPARE(umap->vectors.columns(), Index{3});
    QCOMPARE(umap->coordinateColumns, (std::vector<std::size_t>{1, 2}));
}

void TestDelimited::placesAloneAreTheVectors()
{
    const auto table = read("label,x,y,z\na,1,2,3\nb,4,5,6\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(row(*table, 1), (std::vector<float>{4, 5, 6}));
    QVERIFY(table->coordinateColumns.empty());
}

void TestDelimited::vectorsInOneCell_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("json") << "id,vec\na,\"[1.5, 2, 3]\"\nb,\"[4,5,6]\"\n";
    QTest::newRow("numpy") << "id,vec\na,[1.5 2.  3. ]\nb,\"[4.\n 5. 6.]\"\n";
    QTest::newRow("bare") << "id,vec\na,1.5 2 3\nb,4 5 6\n";
    QTest::newRow("postgres") << "id;vec\na;{1.5,2,3}\nb;{4,5,6}\n";
    QTest::newRow("python")
        << "id\tvec\na\tarray([1.5, 2, 3], dtype=float32)\nb\tarray([4, 5, 6])\n";
    QTest::newRow("index first") << ",text,embedding\n0,a,\"[1.5, 2, 3]\"\n1,b,\"[4, 5, 6]\"\n";
    QTest::newRow("a list a line") << "[1.5, 2, 3]\n[4, 5, 6]\n";
}

void TestDelimited::vectorsInOneCell()
{
    QFETCH(QString, text);
    const auto table = read(text.toStdString());
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(row(*table, 0), (std::vector<float>{1.5F, 2, 3}));
    QCOMPARE(row(*table, 1), (std::vector<float>{4, 5, 6}));
    if (table->labelColumn)
        QCOMPARE(label(*table, 1), std::string("b"));
    QVERIFY(table->labelColumn.has_value() || text.startsWith('['));
}

void TestDelimited::shortenedVectorsAreRefused()
{
    const auto table = read("label,vec\na,\"[1. 2. 3.\n 4. 5.]\"\nb,\"[0.1 0.2 ... 0.9]\"\n");
    QVERIFY(!table.ok());
    QVERIFY(table.error().detail.find("shortened") != std::string::npos);
}

void TestDelimited::aVectorOfAnotherLengthIsAWarning()
{
    const auto table = read("w,v\na,\"[1,2,3]\"\nb,\"[1,2]\"\nc,\"[4,5,6]\"\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QVERIFY(std::isnan(table->vectors(1, 0)));
    QCOMPARE(table->warnings.size(), std::size_t{1});
    QVERIFY(table->warnings[0].find("line 3") != std::string::npos);
}

void TestDelimited::projectorTensorsNeedNoHeader()
{
    const auto bare = read("0.5\t1\n-2\t3e-1\n");
    QCOMPARE(row(*bare, 1), (std::vector<float>{-2, 0.3F}));
    QVERIFY(!bare->labelColumn);
    const auto labelled = read("cat\t1\t2\n1984\t3\t4\ndog\t5\t6\n");
    QCOMPARE(labelled->vectors.columns(), Index{2});
    QCOMPARE(label(*labelled, 1), std::string("1984"));
}

void TestDelimited::trailingDelimitersAreNoColumn()
{
    const auto table = read("1\t2\t\n3\t4\t\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.columns(), Index{2});
    QVERIFY(table->columns.empty() && table->warnings.empty());
}

void TestDelimited::aLineOfCountsIsNoRow()
{
    const auto table = read("2\t3\ncat\t1\t2\t3\ndog\t4\t5\t6\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.rows(), Index{2});
    QCOMPARE(label(*table, 0), std::string("cat"));
}

void TestDelimited::raggedRowsKeepTheirPlace()
{
    const auto table = read("w,a,b\nx,1,2\ny,3\nz,5,6,7\nv,8,9\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.rows(), Index{4});
    QCOMPARE(label(*table, 1), std::string("y"));
    QVERIFY(std::isnan(table->vectors(1, 1)));
    QCOMPARE(row(*table, 2), (std::vector<float>{5, 6}));
    QCOMPARE(table->warnings.size(), std::size_t{1});
    QVERIFY(table->warnings[0].starts_with("2 rows have"));
    QVERIFY(table->warnings[0].find("line 3") != std::string::npos);
}

void TestDelimited::blankLinesAreSkippedWithAWord()
{
    const auto table = read("w,a,b\nx,1,2\n\n,,\ny,3,4\n\n\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.rows(), Index{2});
    QCOMPARE(table->warnings.size(), std::size_t{1});
    QVERIFY(table->warnings[0].starts_with("2 blank lines"));
    QVERIFY(table->warnings[0].find("line 3") != std::string::npos);
}

void TestDelimited::missingNumbersAreNaN()
{
    const auto table = read("w,a,b\nx,1,\ny,NA,4\nz,null,nan\nv,5,6\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QVERIFY(std::isnan(table->vectors(0, 1)) && std::isnan(table->vectors(1, 0)));
    QVERIFY(std::isnan(table->vectors(2, 0)) && std::isnan(table->vectors(2, 1)));
    QCOMPARE(table->vectors(1, 1), 4.0F);
}

void TestDelimited::wordsAmongNumbersAreAnErrorWithTheirLine()
{
    std::string text = "w,a,b\n";
    for (int i = 0; i < 500; ++i)
        text += "x,1,2\n";
    text += "y,3,oops\n";
    const auto table = read(text);
    QVERIFY(!table.ok());
    QCOMPARE(table.error().line, std::optional<std::uint64_t>(502));
    QVERIFY(table.error().detail.find("oops") != std::string::npos);
}

void TestDelimited::metadataAloneIsRefused()
{
    for (const std::string text : {"movieId,title,genres\n1,Toy Story,Fun\n2,Jumanji,Fun\n",
             "7\n2\n1\n", "cat\ndog\n", "x\n5\n", "word\tcount\nthe\t12\nof\t7\n"}) {
        const auto table = read(text);
        QVERIFY(!table.ok());
        QVERIFY(table.error().detail.find("metadata") != std::string::npos);
        QCOMPARE(table.error().path, std::string("t.csv"));
    }
}

void TestDelimited::transposedTablesAreNamed()
{
    const auto table = read("man,woman,king,queen,apple\n-1,1,-0.9,0.9,0\n0,0,0.9,0.9,0\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->warnings.size(), std::size_t{1});
    QVERIFY(table->warnings[0].find("transposed") != std::string::npos);
    QVERIFY(read("d0,d1,d2\n1,2,3\n4,5,6\n")->warnings.empty());
}

void TestDelimited::columnsCanBeThePoints()
{
    ReadOptions options;
    options.isTransposed = true;
    // Words that would otherwise describe rows are points like the rest.
    const auto table = read("man,count,x,id\n-1,1,-0.9,0.5\n0,2,0.9,0.25\n3,4,5,6\n", options);
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.rows(), Index{4});
    QCOMPARE(row(*table, 1), (std::vector<float>{1, 2, 4}));
    QCOMPARE(label(*table, 1), std::string("count"));
    QVERIFY(table->warnings.empty());
    const auto bare = read("1,2,3\n4,5,6\n", options);
    QVERIFY2(bare.ok(), bare.ok() ? "" : describe(bare.error()).c_str());
    QCOMPARE(row(*bare, 2), (std::vector<float>{3, 6}));
    const auto named = read("axis,the,of\nup,1,2\ndown,3,4\n", options);
    QVERIFY2(named.ok(), named.ok() ? "" : describe(named.error()).c_str());
    QCOMPARE(row(*named, 1), (std::vector<float>{2, 4}));
    QCOMPARE(label(*named, 1), std::string("of"));
    QVERIFY(!read("a,b\nx,y\nz,w\n", options).ok());
}

void TestDelimited::columnsAreThePointsWhereRowsNameDimensions()
{
    for (const char* text :
        {",the,of,and\ndim_0,1,2,3\ndim_1,4,5,6\n", "dimension,the,of,and\n0,1,2,3\n1,4,5,6\n",
            "\tthe\tof\tand\nDim 1\t1\t2\t3\nDim 2\t4\t5\t6\n"}) {
        const auto table = read(text);
        QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
        QCOMPARE(table->vectors.rows(), Index{3});
        QCOMPARE(row(*table, 2), (std::vector<float>{3, 6}));
        QCOMPARE(label(*table, 2), std::string("and"));
        QCOMPARE(table->warnings.size(), std::size_t{1});
        QVERIFY(table->warnings[0].find("columns were read as points") != std::string::npos);
    }
    // Names that count up say dimensions; what they are called in the rows is a label.
    QCOMPARE(read("word,a0,a1\ndim_0,1,2\ndim_1,4,5\n")->vectors.rows(), Index{2});
    QCOMPARE(read("word,a,b\ndim_0,1,2\nother,4,5\n")->vectors.columns(), Index{2});
    QCOMPARE(label(*read("word,a,b\nw0,1,2\nw1,4,5\n"), 1), std::string("w1"));
}

void TestDelimited::brokenTextIsRepairedAndNamed()
{
    const auto table = read("w,a,b\ncaf\xE9,1,2\nth\xC3\xA9,3,4\n");
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(label(*table, 0), std::string("caf\xEF\xBF\xBD"));
    QCOMPARE(label(*table, 1), std::string("th\xC3\xA9"));
    QCOMPARE(table->warnings.size(), std::size_t{1});
}

void TestDelimited::theWishedLabelIsNoDimension()
{
    ReadOptions options;
    options.labelColumn = "code";
    const auto table = read("code,a,b\n11,1,2\n12,3,4\n", options);
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.columns(), Index{2});
    QCOMPARE(names(*table), (std::vector<std::string>{"code"}));
}

void TestDelimited::largeFilesReadTheSameOnAnyThreadCount()
{
    constexpr Index kRows = 40000;
    const Matrix expected = test::normalMatrix(kRows, 8);
    std::string text = "word,kind";
    for (int j = 0; j < 8; ++j)
        text += ",d" + std::to_string(j);
    text += '\n';
    for (Index i = 0; i < kRows; ++i) {
        text += "\"w\n" + std::to_string(i) + "\"," + (i % 2 == 0 ? "even" : "odd");
        for (Index j = 0; j < 8; ++j)
            text += ',' + formatNumber(expected(i, j));
        text += '\n';
    }
    for (const int threads : {1, 3}) {
        setThreadCount(threads);
        const auto table = read(text);
        setThreadCount(0);
        QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
        QCOMPARE(table->vectors.rows(), kRows);
        QVERIFY(
            std::equal(expected.data(), expected.data() + expected.size(), table->vectors.data()));
        QCOMPARE(label(*table, 31234), std::string("w\n31234"));
        QCOMPARE(table->columns[1].kind(), ColumnKind::Category);
        QCOMPARE(table->columns[1].text(39999), std::string("odd"));
    }
}

void TestDelimited::aHeaderLongerThanAPieceIsNoRow()
{
    std::string text = "2\t3\nword\t" + std::string(3000000, 'n') + "\tb\tc\n";
    for (int i = 0; i < 10; ++i)
        text += 'w' + std::to_string(i) + "\t1\t2\t" + std::to_string(i) + '\n';
    const auto table = read(text);
    QVERIFY2(table.ok(), table.ok() ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.rows(), Index{10});
    QCOMPARE(table->vectors(9, 2), 9.0F);
    QCOMPARE(label(*table, 0), std::string("w0"));
}

void TestDelimited::raggedTablesCannotAskForMemory()
{
    std::string text;
    for (int i = 0; i < 210; ++i) {
        text += '1';
        for (int j = 0; j < 3000; ++j)
            text += "\t1";
        text += '\n';
    }
    for (int i = 0; i < 500000; ++i)
        text += "1\n"; // 3,001 columns of half a million rows would be 6 GB
    const auto table = read(text);
    QVERIFY(!table.ok());
    QVERIFY(table.error().detail.find("fewer cells") != std::string::npos);
}

void TestDelimited::whatTheProgramWritesReadsBack()
{
    const test::TemporaryFolder folder;
    const auto dataset = test::blobDataset(40, 5, 4);
    QVERIFY(writeDataset(folder.file("t.tsv"), {}, RowsToWrite(*dataset), {}).ok());
    ReadOptions options;
    options.metadataPath = folder.file("t_metadata.tsv");
    const auto back = openDataset(folder.file("t.tsv"), options, {});
    QVERIFY2(back.ok(), back.ok() ? "" : describe(back.error()).c_str());
    QVERIFY((*back)->warnings().empty());
    QCOMPARE((*back)->columns().size(), std::size_t{3});
    QCOMPARE((*back)->label(7), std::string("p7"));
    QVERIFY(std::equal(dataset->vectors().floats().data(), dataset->vectors().floats().data() + 200,
        (*back)->vectors().floats().data()));
}

void TestDelimited::truncatedAndFlippedFilesNeverCrash()
{
    const std::string text = "label,vec,x\n\"a, \"\"q\"\"\",\"[1, 2, "
                             "3]\",1\nc,\"[4,5,6]\",2\n\n\"m\nl\",\"[7, 8, 9]\",3\n";
    for (std::size_t length = 0; length < text.size(); ++length) {
        const auto table = read(text.substr(0, length));
        QVERIFY(table.ok() || !table.error().detail.empty());
    }
    Random random(4);
    for (int turn = 0; turn < 2000; ++turn) {
        std::string flipped = text;
        for (int flips = 0; flips < 3; ++flips)
            flipped[random.below(flipped.size())] ^= static_cast<char>(1U << random.below(8));
        const auto table = read(flipped);
        QVERIFY(!table.ok() || table->vectors.rows() <= 8);
    }
}

void TestDelimited::recognitionGoesByContent()
{
    QCOMPARE(recognizeCsv(headOf("a,b\n1,2\n", "txt")), Confidence::Likely);
    QCOMPARE(recognizeTsv(headOf("1\t2\n3\t4\n", "csv")), Confidence::Likely);
    QCOMPARE(recognizeCsv(headOf("1\t2\n3\t4\n", "csv")), Confidence::Extension);
    QCOMPARE(recognizeCsv(headOf("1\t2\n3\t4\n", "txt")), Confidence::No);
    QCOMPARE(recognizeCsv(headOf("the 0.1 0.2\n, 0.2 0.3\nof 0.1 0.2\n", "txt")), Confidence::No);
    QCOMPARE(recognizeCsv(headOf("{\"a\": 1, \"b\": 2}\n", "json")), Confidence::No);
    QCOMPARE(recognizeTsv(headOf(std::string_view("1\t2\0\n", 5), "tsv")), Confidence::No);
    QCOMPARE(recognizeTsv(headOf("cat\ndog\n", "tsv")), Confidence::Extension);
    QCOMPARE(recognizeCsv(headOf("movieId,title\n1,Toy Story\n", "csv")), Confidence::Plausible);
}

QTEST_APPLESS_MAIN(TestDelimited)
#include "tst_delimited.moc"
