#include "core/io/words/fasttext_model.h"
#include "core/io/words/fasttext_words.h"
#include "tests/support/damage.h"
#include "tests/support/fasttext_bytes.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

namespace {

FastTextBytes smallModel()
{
    FastTextBytes model;
    model.words = {"</s>", "ab"};
    model.bucket = 3;
    model.minn = 2;
    model.maxn = 3;
    model.input = packed<float>({1, 2, 3, 4, 10, 20, 30, 40, 50, 60});
    return model;
}

/// FNV-1a, 32 bits, of ASCII.
std::uint32_t fnv(const std::string& text)
{
    std::uint32_t hash = 2166136261U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

} // namespace

class TestFastText : public QObject
{
    Q_OBJECT

private slots:
    void aWordIsTheMeanOfItsRows();
    void charactersAreNotCut();
    void withoutNgramsTheRowIsTheVector();
    void bandsOfAnySizeGiveTheSameMeans();
    void labelsAreASecondTable();
    void quantisedRowsAreDecoded();
    void lyingNumbersAreRefused_data();
    void lyingNumbersAreRefused();
    void damageIsHarmless();
};

void TestFastText::aWordIsTheMeanOfItsRows()
{
    const FastTextBytes bytes = smallModel();
    const auto dataset = openBytes(fastText(bytes), "m.bin");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->provenance().format, std::string("fasttext"));
    QCOMPARE((*dataset)->vectors()(0, 1), 2.0F);
    QCOMPARE((*dataset)->label(1), std::string("ab"));
    double sum = 3;
    for (const char* const ngram : {"<a", "<ab", "ab", "ab>", "b>"})
        sum += 10 + 20.0 * (fnv(ngram) % 3);
    QCOMPARE((*dataset)->vectors()(1, 0), static_cast<float>(sum / 6));
    FastTextBytes old = bytes;
    old.hasMagic = false;
    const auto same = openBytes(fastText(old), "m.bin");
    QVERIFY2(same.ok(), same ? "" : describe(same.error()).c_str());
    QCOMPARE((*same)->provenance().format, std::string("fasttext"));
    QCOMPARE((*same)->vectors()(1, 0), (*dataset)->vectors()(1, 0));
}

void TestFastText::charactersAreNotCut()
{
    FastTextModel model;
    model.words = {"\xc3\xa9"};
    model.bucket = 1;
    model.minNgram = 1;
    model.maxNgram = 2;
    std::vector<std::uint64_t> rows;
    model.ngramRows(0, rows);
    // "<é", "é", "é>".
    QCOMPARE(rows, (std::vector<std::uint64_t>{1, 1, 1}));
}

void TestFastText::withoutNgramsTheRowIsTheVector()
{
    FastTextBytes model = smallModel();
    model.bucket = 0;
    model.maxn = 0;
    model.input = packed<float>({1, 2, 3, 4});
    const auto dataset = openBytes(fastText(model), "m.bin");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->vectors()(1, 1), 4.0F);
}

void TestFastText::bandsOfAnySizeGiveTheSameMeans()
{
    FastTextBytes bytes = smallModel();
    bytes.words = {"</s>", "abcdef", "fedcba", "ab"};
    bytes.bucket = 50;
    bytes.minn = 2;
    bytes.maxn = 4;
    std::vector<double> input;
    for (int i = 0; i < (4 + 50) * 2; ++i)
        input.push_back((i * 37) % 101);
    bytes.input = packed<float>(input);
    const auto source = memorySource(fastText(bytes), "m.bin");
    const auto model = readFastTextModel(*source, Progress());
    QVERIFY2(model.ok(), model ? "" : describe(model.error()).c_str());
    const Matrix whole = readWordVectors(*source, *model, kLeastBandBytes, Progress()).value();
    for (const std::uint64_t band : {1, 8, 24, 100}) {
        const Matrix inBands = readWordVectors(*source, *model, band, Progress()).value();
        for (Index i = 0; i < whole.size(); ++i)
            QVERIFY(std::abs(whole.data()[i] - inBands.data()[i]) <= 1e-5F * 101);
    }
    QCOMPARE(whole(0, 1), 37.0F); // no n-grams
    QVERIFY(whole(1, 0) != 74.0F);
}

void TestFastText::labelsAreASecondTable()
{
    FastTextBytes model = smallModel();
    model.labels = {"__label__a", "__label__b", "__label__c"};
    model.output = packed<float>({1, 2, 3, 4, 5, 6});
    const auto words = openBytes(fastText(model), "m.bin");
    QVERIFY2(words.ok(), words ? "" : describe(words.error()).c_str());
    QCOMPARE((*words)->size(), Index{2});
    QCOMPARE((*words)->provenance().tensors.size(), std::size_t{2});
    QVERIFY((*words)->warnings().empty());
    QCOMPARE((*words)->provenance().notes.size(), std::size_t{2}); // the model, the other table
    ReadOptions options;
    options.tensor = "labels";
    const auto labels = openBytes(fastText(model), "m.bin", options);
    QVERIFY(labels.ok());
    QCOMPARE((*labels)->label(2), std::string("__label__c"));
    QCOMPARE((*labels)->vectors()(2, 1), 6.0F);
}

void TestFastText::quantisedRowsAreDecoded()
{
    // Five columns in parts of two, two and one; the norm comes from a table of its own.
    FastTextMatrix matrix;
    matrix.isQuantised = true;
    matrix.columns = 5;
    matrix.rows = 1;
    matrix.subquantisers = 3;
    matrix.subColumns = 2;
    matrix.lastColumns = 1;
    matrix.centroids.resize(5 * 256);
    for (std::size_t i = 0; i < matrix.centroids.size(); ++i)
        matrix.centroids[i] = static_cast<float>(i);
    matrix.normCodes = {7};
    matrix.norms.resize(256, 0);
    matrix.norms[7] = 2;
    const std::uint8_t codes[] = {3, 255, 9};
    float row[5];
    matrix.decode(0, codes, row);
    QCOMPARE(std::vector<float>(row, row + 5),
        (std::vector<float>{2 * 6, 2 * 7, 2 * (512 + 510), 2 * (512 + 511), 2 * (1024 + 9)}));
}

void TestFastText::lyingNumbersAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto add = [](const char* name, std::size_t at, double value) {
        std::string bytes = fastText(smallModel());
        bytes.replace(at, 4, packed<std::int32_t>({value}));
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    add("version", 4, 99);
    add("dimensions", 8, 1 << 30);
    add("negative dimensions", 8, -1);
    add("bucket", 40, -1);
    add("more buckets", 40, 2000000);
    add("entries", 64, 2147483647);
    add("words", 68, 2147483647);
    add("negative labels", 72, -7);
    for (const double pruned : {0.0, 0x1p60}) {
        std::string bytes = fastText(smallModel());
        bytes.replace(84, 8, packed<std::int64_t>({pruned}));
        QTest::newRow(pruned > 0 ? "pruned" : "pruned, but dense")
            << QByteArray::fromStdString(bytes);
    }
}

void TestFastText::lyingNumbersAreRefused()
{
    QFETCH(QByteArray, bytes);
    const auto dataset = openBytes(bytes.toStdString(), "m.bin");
    QVERIFY(!dataset.ok());
    QVERIFY(!dataset.error().detail.empty());
}

void TestFastText::damageIsHarmless()
{
    QCOMPARE(opensWhenCut(fastText(smallModel()), "m.bin"), 0);
    QVERIFY(flipsAreHarmless(fastText(smallModel()), "m.bin"));
}

QTEST_APPLESS_MAIN(TestFastText)
#include "tst_fasttext.moc"
