#include "core/io/open.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

namespace {

Result<std::shared_ptr<const Dataset>> open(std::string bytes)
{
    return openDataset(memorySource(std::move(bytes), "a.bin"), {}, {});
}

std::string row(const std::string& word, const std::vector<double>& values, bool newline)
{
    return word + ' ' + packed<float>(values) + (newline ? "\n" : "");
}

bool hasWarning(const Dataset& dataset, const std::string& part)
{
    for (const std::string& warning : dataset.warnings()) {
        if (warning.find(part) != std::string::npos)
            return true;
    }
    return false;
}

} // namespace

class TestWord2VecBinary : public QObject
{
    Q_OBJECT

private slots:
    void rowsWithAndWithoutLineBreaksAreRead();
    void labelsWithSpacesAreFound();
    void brokenLettersAreAWarning();
    void aCountThatLiesIsAWarning();
    void aCutRowIsAnError();
    void impossibleWidthsAreErrors();
    void aWordThatNeverEndsIsAnError();
    void rowsAcrossBuffersStayWhole();
};

void TestWord2VecBinary::rowsWithAndWithoutLineBreaksAreRead()
{
    for (const bool newline : {false, true}) {
        const auto dataset
            = open("2 3\n" + row("</s>", {1, 2, 3}, newline) + row("of", {4, 5, 6.5}, newline));
        QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
        QCOMPARE((*dataset)->provenance().format, std::string("word2vec-binary"));
        QCOMPARE((*dataset)->label(0), std::string("</s>"));
        QCOMPARE((*dataset)->label(1), std::string("of"));
        QCOMPARE((*dataset)->vectors()(1, 2), 6.5F);
        QVERIFY((*dataset)->warnings().empty());
    }
}

void TestWord2VecBinary::labelsWithSpacesAreFound()
{
    const Matrix values = normalMatrix(50, 8);
    std::string bytes = "50 8\n";
    for (Index i = 0; i < 50; ++i)
        bytes += row("doc " + std::to_string(i),
            std::vector<double>(values.row(i), values.row(i) + 8), false);
    const auto dataset = open(bytes);
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->size(), Index{50});
    for (Index i = 0; i < 50; ++i) {
        QCOMPARE((*dataset)->label(static_cast<PointId>(i)), "doc " + std::to_string(i));
        QVERIFY((*dataset)->vectors()(i, 7) == values(i, 7));
    }
    QVERIFY(hasWarning(**dataset, "guessed"));
}

void TestWord2VecBinary::brokenLettersAreAWarning()
{
    const auto dataset = open("1 3\n" + row("zee\xc3", {0.5, 0.25, -1}, true));
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->label(0), std::string("zee\xEF\xBF\xBD"));
    QVERIFY(hasWarning(**dataset, "UTF-8"));
}

void TestWord2VecBinary::aCountThatLiesIsAWarning()
{
    const auto fewer
        = open("1000000000 3\n" + row("a", {1, 2, 3}, true) + row("b", {1, 2, 3}, true));
    QVERIFY(fewer.ok());
    QCOMPARE((*fewer)->size(), Index{2});
    QVERIFY(hasWarning(**fewer, "1,000,000,000"));
    const auto more = open("1 3\n" + row("a", {1, 2, 3}, true) + row("b", {1, 2, 3}, true));
    QVERIFY(more.ok());
    QVERIFY(hasWarning(**more, "left unread"));
}

void TestWord2VecBinary::aCutRowIsAnError()
{
    const std::string bytes = "2 3\n" + row("a", {1, 2, 3}, true) + row("b", {1, 2, 3}, false);
    const auto dataset = open(bytes.substr(0, bytes.size() - 3));
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().code, ErrorCode::Truncated);
    QVERIFY(dataset.error().byte.has_value());
}

void TestWord2VecBinary::impossibleWidthsAreErrors()
{
    for (const char* first : {"1 0\n", "1 2147483648\n", "1 9223372036854775807\n", "5 400\n"})
        QVERIFY(!open(first + row("a", {1, 2, 3}, true)).ok());
}

void TestWord2VecBinary::aWordThatNeverEndsIsAnError()
{
    QVERIFY(!open("2 3\n" + row("a", {1, 2, 3}, true) + std::string(200000, 'a')).ok());
}

void TestWord2VecBinary::rowsAcrossBuffersStayWhole()
{
    constexpr Index n = 20000;
    const Matrix values = normalMatrix(n, 100);
    std::string bytes = "20000 100\n";
    for (Index i = 0; i < n; ++i)
        bytes += row("w" + std::to_string(i),
            std::vector<double>(values.row(i), values.row(i) + 100), i % 3 != 0);
    const auto dataset = open(bytes);
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), n);
    QVERIFY((*dataset)->warnings().empty());
    for (Index i = 0; i < n * 100; ++i) {
        if ((*dataset)->vectors().floats().data()[i] != values.data()[i])
            QFAIL("a value is out of place");
    }
    QCOMPARE((*dataset)->label(19999), std::string("w19999"));
}

QTEST_APPLESS_MAIN(TestWord2VecBinary)
#include "tst_word2vec_binary.moc"
