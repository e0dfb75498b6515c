#include "core/base/text.h"
#include "tests/support/damage.h"
#include "tests/support/test_data.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

namespace {

using Rows = std::vector<std::vector<float>>;

Rows rowsOf(const Result<std::shared_ptr<const Dataset>>& dataset)
{
    Rows rows;
    for (Index i = 0; dataset.ok() && i < (*dataset)->size(); ++i) {
        const auto row = (*dataset)->vectors().floats().rowSpan(i);
        rows.emplace_back(row.begin(), row.end());
    }
    return rows;
}

Result<std::shared_ptr<const Dataset>> open(
    const std::string& kind, const std::string& body, const ReadOptions& options = {})
{
    return openBytes("%%MatrixMarket matrix " + kind + "\n" + body, "m.mtx", options);
}

} // namespace

class TestMatrixMarket : public QObject
{
    Q_OBJECT

private slots:
    void everyKindIsRead_data();
    void everyKindIsRead();
    void rowsAndColumnsCanBeExchanged();
    void placesListedTwiceAreAddedAndTold();
    void manyEntriesAreTheSameOnAnyNumberOfBlocks();
    void faultsAreRefused_data();
    void faultsAreRefused();
    void sparseTablesTooLargeAreRefused();
    void damageIsHarmless();
};

void TestMatrixMarket::everyKindIsRead_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("expected");
    QTest::newRow("array") << "array real general"
                           << "% a\n\n2 3\n1\n2\n3e0\n-4\n5.5\n6\n"
                           << "1 3 5.5|2 -4 6";
    QTest::newRow("array integer") << "array integer general"
                                   << "1 2\n7\n8\n"
                                   << "7 8";
    QTest::newRow("array symmetric") << "array real symmetric"
                                     << "3 3\n1\n2\n3\n4\n5\n6\n"
                                     << "1 2 3|2 4 5|3 5 6";
    QTest::newRow("array skew") << "array real skew-symmetric"
                                << "3 3\n1\n2\n3\n"
                                << "0 -1 -2|1 0 -3|2 3 0";
    QTest::newRow("coordinate") << "coordinate real general"
                                << "2 3 2\n1 1 5\n2 3 -1.5\n"
                                << "5 0 0|0 0 -1.5";
    QTest::newRow("spaces and line ends of others") << "coordinate real general"
                                                    << "2 2 2\r\n  1   1\t5\r\n2 2 6 \r\n"
                                                    << "5 0|0 6";
    QTest::newRow("pattern") << "coordinate pattern general"
                             << "2 2 1\n1 2\n"
                             << "0 1|0 0";
    QTest::newRow("coordinate symmetric") << "coordinate integer symmetric"
                                          << "2 2 2\n1 1 3\n2 1 4\n"
                                          << "3 4|4 0";
    QTest::newRow("coordinate skew") << "coordinate real skew-symmetric"
                                     << "2 2 1\n2 1 4\n"
                                     << "0 -4|4 0";
    QTest::newRow("no entries") << "coordinate real general"
                                << "1 2 0\n"
                                << "0 0";
    QTest::newRow("capital letters") << "ARRAY Real GENERAL"
                                     << "1 1\n2\n"
                                     << "2";
}

void TestMatrixMarket::everyKindIsRead()
{
    QFETCH(QString, kind);
    QFETCH(QString, body);
    QFETCH(QString, expected);
    const auto dataset = open(kind.toStdString(), body.toStdString());
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->provenance().format, std::string("matrix-market"));
    Rows rows;
    for (const QString& line : expected.split('|')) {
        auto& row = rows.emplace_back();
        for (const QString& word : line.split(' '))
            row.push_back(word.toFloat());
    }
    QCOMPARE(rowsOf(dataset), rows);
    QVERIFY((*dataset)->warnings().empty());
}

void TestMatrixMarket::rowsAndColumnsCanBeExchanged()
{
    ReadOptions options;
    options.isTransposed = true;
    const Rows expected{{1, 2}, {3, -4}, {5.5F, 6}};
    QCOMPARE(rowsOf(open("array real general", "2 3\n1\n2\n3\n-4\n5.5\n6\n", options)), expected);
    const Rows sparse{{0, 0}, {0, 0}, {9, 0}};
    QCOMPARE(rowsOf(open("coordinate real general", "2 3 1\n1 3 9\n", options)), sparse);
}

void TestMatrixMarket::placesListedTwiceAreAddedAndTold()
{
    const auto dataset = open("coordinate real general", "1 2 3\n1 1 5\n1 1 2\n1 2 1\n");
    QCOMPARE(rowsOf(dataset), (Rows{{7, 1}}));
    QCOMPARE((*dataset)->warnings().size(), std::size_t{1});
}

void TestMatrixMarket::manyEntriesAreTheSameOnAnyNumberOfBlocks()
{
    // More than one block of lines, in either form.
    constexpr Index kRows = 4000;
    constexpr Index kColumns = 60;
    const Matrix matrix = normalMatrix(kRows, kColumns);
    std::string dense = "4000 60\n";
    std::string sparse = "4000 60 240000\n";
    for (Index j = 0; j < kColumns; ++j) {
        for (Index i = 0; i < kRows; ++i) {
            const std::string number = formatNumber(matrix(i, j));
            dense += number + '\n';
            sparse += std::to_string(i + 1) + ' ' + std::to_string(j + 1) + ' ' + number + '\n';
        }
    }
    for (const auto& dataset :
        {open("array real general", dense), open("coordinate real general", sparse)}) {
        QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
        QVERIFY(std::equal(
            matrix.data(), matrix.data() + matrix.size(), (*dataset)->vectors().floats().data()));
    }
}

void TestMatrixMarket::faultsAreRefused_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("body");
    QTest::newRow("complex") << "coordinate complex general"
                             << "1 1 1\n1 1 1 1\n";
    QTest::newRow("hermitian") << "array complex hermitian"
                               << "1 1\n1 1\n";
    QTest::newRow("pattern array") << "array pattern general"
                                   << "1 1\n1\n";
    QTest::newRow("no sizes") << "array real general"
                              << "% only a comment\n";
    QTest::newRow("negative") << "array real general"
                              << "-1 2\n1\n";
    QTest::newRow("too few values") << "array real general"
                                    << "2 2\n1\n2\n3\n";
    QTest::newRow("too many values") << "array real general"
                                     << "1 2\n1\n2\n3\n";
    QTest::newRow("outside") << "coordinate real general"
                             << "2 2 1\n3 1 5\n";
    QTest::newRow("place zero") << "coordinate real general"
                                << "2 2 1\n0 1 5\n";
    QTest::newRow("a word") << "coordinate real general"
                            << "2 2 1\n1 1 x\n";
    QTest::newRow("more on the line") << "coordinate pattern general"
                                      << "2 2 1\n1 1 1\n";
    QTest::newRow("not square") << "array real symmetric"
                                << "1 2\n1\n2\n";
    QTest::newRow("impossible") << "array real general"
                                << "9000000000000000000 9000000000\n1\n";
    QTest::newRow("unknown symmetry") << "array real odd"
                                      << "1 1\n1\n";
}

void TestMatrixMarket::faultsAreRefused()
{
    QFETCH(QString, kind);
    QFETCH(QString, body);
    const auto dataset = open(kind.toStdString(), body.toStdString());
    QVERIFY(!dataset.ok());
    QVERIFY(!dataset.error().detail.empty());
    QVERIFY(dataset.error().code != ErrorCode::OutOfMemory);
}

void TestMatrixMarket::sparseTablesTooLargeAreRefused()
{
    const auto refused = open("coordinate real general", "1000000 1000 1\n1 1 1\n");
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::TooLarge);
    QVERIFY(refused.error().detail.find("--max-bytes") != std::string::npos);
    ReadOptions options;
    options.maxBytes = 100'000'000;
    const auto allowed = open("coordinate real general", "20000 1000 1\n1 1 1\n", options);
    QVERIFY2(allowed.ok(), allowed ? "" : describe(allowed.error()).c_str());
}

void TestMatrixMarket::damageIsHarmless()
{
    const std::string bytes
        = "%%MatrixMarket matrix coordinate real symmetric\n5 5 4\n1 1 3\n2 1 4.5\n5 3 6\n5 5 1\n";
    // Without its last line break the file is whole, and so it is with "1" for the last value.
    QVERIFY(opensWhenCut(bytes, "m.mtx") <= 1);
    QVERIFY(flipsAreHarmless(bytes, "m.mtx", 1e6));
}

QTEST_APPLESS_MAIN(TestMatrixMarket)
#include "tst_matrix_market.moc"
