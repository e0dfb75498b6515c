#include "tests/support/damage.h"
#include "tests/support/finalfusion_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

const std::vector<std::string> kWords{"Berlin", "Potsdam", "D\xc3\xbcsseldorf"};

std::string floats(const std::vector<double>& values)
{
    return packed<float>(values);
}

/// The head of a quantised array (chunk 4).
FinalfusionPart quantised(
    bool isProjected, bool hasNorms, int parts, int dimensions, int centroids, double rows)
{
    return {4,
        packed<std::uint32_t>(
            {isProjected ? 1.0 : 0.0, hasNorms ? 1.0 : 0.0, static_cast<double>(parts),
                static_cast<double>(dimensions), static_cast<double>(centroids)})
            + packed<std::uint64_t>({rows}) + packed<std::uint32_t>({1, 10})};
}

} // namespace

class TestFinalfusion : public QObject
{
    Q_OBJECT

private slots:
    void everyVocabularyGivesItsWords_data();
    void everyVocabularyGivesItsWords();
    void normsAreAColumn();
    void otherChunksArePassedOver();
    void codesBecomeVectors();
    void projectionsAreTurnedBack();
    void lyingNumbersAreRefused_data();
    void lyingNumbersAreRefused();
    void damageIsHarmless();
};

void TestFinalfusion::everyVocabularyGivesItsWords_data()
{
    QTest::addColumn<unsigned>("id");
    QTest::newRow("simple") << 1U;
    QTest::newRow("buckets") << 3U;
    QTest::newRow("fastText") << 7U;
    QTest::newRow("explicit") << 8U;
}

void TestFinalfusion::everyVocabularyGivesItsWords()
{
    QFETCH(unsigned, id);
    // Five rows for three words: the rest belong to n-grams.
    const auto dataset
        = openBytes(finalfusion({{finalfusionVocabulary(id, kWords), ""},
                        {finalfusionArray(5, 2), floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10})}}),
            "words.fifu");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->provenance().format, std::string("finalfusion"));
    QCOMPARE((*dataset)->size(), Index{3});
    QCOMPARE((*dataset)->label(2), kWords[2]);
    QCOMPARE((*dataset)->vectors()(2, 1), 6.0F);
}

void TestFinalfusion::normsAreAColumn()
{
    const FinalfusionPart norms{6, packed<std::uint64_t>({3}) + packed<std::uint32_t>({10})};
    const auto dataset = openBytes(
        finalfusion({{finalfusionVocabulary(1, kWords), ""},
            {finalfusionArray(3, 2), floats({1, 0, 0, 1, 0.6, 0.8})}, {norms, floats({2, 3, 4})}}),
        "words.fifu");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    const auto column = findColumn((*dataset)->columns(), "norm");
    QVERIFY(column.has_value());
    QCOMPARE((*dataset)->columns()[*column].asNumber()->values, (std::vector<double>{2, 3, 4}));
    QCOMPARE((*dataset)->vectors()(1, 1), 1.0F);
    QVERIFY(!(*dataset)->provenance().notes.empty());
}

void TestFinalfusion::otherChunksArePassedOver()
{
    const auto dataset = openBytes(
        finalfusion({{{5, "[training]\nepochs = 5\n"}, ""}, {finalfusionVocabulary(1, kWords), ""},
            {finalfusionArray(3, 1), floats({1, 2, 3})}}),
        "words.fifu");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->vectors()(2, 0), 3.0F);
}

void TestFinalfusion::codesBecomeVectors()
{
    // Two parts of two values, two centroids each; then norms; then codes.
    const std::string values = floats({1, 2, 3, 4, 10, 20, 30, 40}) + floats({1, 2, 0.5})
        + std::string("\0\1\1\0\1\1", 6);
    const auto dataset = openBytes(finalfusion({{finalfusionVocabulary(1, kWords), ""},
                                       {quantised(false, true, 2, 4, 2, 3), values}}),
        "words.fifu");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    const std::vector<std::vector<float>> expected{
        {1, 2, 30, 40}, {6, 8, 20, 40}, {1.5F, 2, 15, 20}};
    for (Index i = 0; i < 3; ++i) {
        for (Index j = 0; j < 4; ++j) {
            QCOMPARE((*dataset)->vectors()(i, j),
                expected[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)]);
        }
    }
}

void TestFinalfusion::projectionsAreTurnedBack()
{
    // What was quantised is x P; a turn by 30 degrees is its own check against the transpose.
    const double c = std::sqrt(3.0) / 2;
    const double s = 0.5;
    const std::string values
        = floats({c, -s, s, c}) + floats({3, 4, 5, 6}) + std::string("\0\1\0", 3);
    const auto dataset = openBytes(finalfusion({{finalfusionVocabulary(1, kWords), ""},
                                       {quantised(true, false, 1, 2, 2, 3), values}}),
        "words.fifu");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    // x = y P^T, with y = (3, 4) and (5, 6).
    QVERIFY(std::abs((*dataset)->vectors()(0, 0) - (3 * c - 4 * s)) < 1e-6);
    QVERIFY(std::abs((*dataset)->vectors()(0, 1) - (3 * s + 4 * c)) < 1e-6);
    QVERIFY(std::abs((*dataset)->vectors()(1, 0) - (5 * c - 6 * s)) < 1e-6);
}

void TestFinalfusion::lyingNumbersAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row
        = [](const char* name, const std::vector<std::pair<FinalfusionPart, std::string>>& parts) {
              QTest::newRow(name) << QByteArray::fromStdString(finalfusion(parts));
          };
    const std::pair<FinalfusionPart, std::string> words{finalfusionVocabulary(1, kWords), ""};
    const auto array = [](double rows, double columns, double type) {
        return FinalfusionPart{
            2, packed<std::uint64_t>({rows}) + packed<std::uint32_t>({columns, type})};
    };
    row("no vectors", {words});
    row("no words", {{finalfusionArray(1, 1), floats({1})}});
    row("fewer rows than words", {words, {finalfusionArray(2, 1), floats({1, 2})}});
    row("rows that are not there", {words, {array(1e15, 2, 10), floats({1, 2})}});
    row("columns that are not there", {words, {array(3, 4e9, 10), floats({1, 2})}});
    row("no columns", {words, {array(3, 0, 10), floats({1, 2})}});
    row("another type", {words, {array(3, 1, 3), floats({1, 2, 3})}});
    row("too many words",
        {{{1, packed<std::uint64_t>({1e18})}, ""}, {finalfusionArray(3, 1), floats({1, 2, 3})}});
    row("a long word",
        {{{1, packed<std::uint64_t>({1}) + packed<std::uint32_t>({4e9})}, ""},
            {finalfusionArray(3, 1), floats({1, 2, 3})}});
    row("floret", {{{9, ""}, ""}, words, {finalfusionArray(3, 1), floats({1, 2, 3})}});
    row("no parts", {words, {quantised(false, false, 0, 4, 2, 3), floats({1, 2, 3, 4})}});
    row("parts that do not divide", {words, {quantised(false, false, 3, 4, 2, 3), floats({1, 2})}});
    row("a code beyond its centroids",
        {words, {quantised(false, false, 1, 1, 1, 3), floats({1}) + std::string("\0\1\0", 3)}});
    row("a projection that is not there",
        {words, {quantised(true, false, 1, 100000, 1, 3), floats({1, 2, 3})}});
    row("codes that are not there", {words, {quantised(false, false, 1, 1, 1, 1e15), floats({1})}});
}

void TestFinalfusion::lyingNumbersAreRefused()
{
    QFETCH(QByteArray, bytes);
    const auto dataset = openBytes(bytes.toStdString(), "words.fifu");
    QVERIFY(!dataset.ok());
    QVERIFY(!dataset.error().detail.empty());
}

void TestFinalfusion::damageIsHarmless()
{
    const std::string plain = finalfusion({{finalfusionVocabulary(8, kWords), ""},
        {finalfusionArray(3, 2), floats({1, 2, 3, 4, 5, 6})}});
    QCOMPARE(opensWhenCut(plain, "words.fifu"), 0);
    QVERIFY(flipsAreHarmless(plain, "words.fifu"));
    const std::string small = finalfusion({{finalfusionVocabulary(1, kWords), ""},
        {quantised(false, false, 2, 4, 2, 3),
            floats({1, 2, 3, 4, 10, 20, 30, 40}) + std::string("\0\1\1\0\1\1", 6)}});
    QCOMPARE(opensWhenCut(small, "words.fifu"), 0);
    QVERIFY(flipsAreHarmless(small, "words.fifu"));
}

QTEST_APPLESS_MAIN(TestFinalfusion)
#include "tst_finalfusion.moc"
