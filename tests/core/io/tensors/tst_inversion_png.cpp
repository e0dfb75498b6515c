#include "tests/support/damage.h"
#include "tests/support/png_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr std::size_t kWidth = 768;

std::vector<float> someValues(std::size_t rows)
{
    const Matrix matrix = normalMatrix(static_cast<Index>(rows), kWidth, 3);
    return {matrix.data(), matrix.data() + matrix.size()};
}

const std::string kPixels(8 * 6 * 3, '\x40');

std::string withText(const std::string& type, const std::string& rest)
{
    return png(8, 6, kPixels, pngChunk(type, "sd-ti-embedding" + rest));
}

QString faultOf(const std::string& bytes, const std::vector<float>& values)
{
    const auto dataset = openBytes(bytes, "folder/my style.png");
    if (!dataset)
        return QString::fromStdString(describe(dataset.error()));
    if ((*dataset)->size() * (*dataset)->dimensions() != static_cast<Index>(values.size()))
        return "another size";
    for (std::size_t i = 0; i < values.size(); ++i) {
        if ((*dataset)->vectors().floats().data()[i] != values[i])
            return "another value";
    }
    const auto& card = (*dataset)->provenance().inversion;
    if (!card || card->name != "style" || card->trigger != "my style" || card->step != 500
        || card->checkpoint != "model-v1")
        return "another card";
    return (*dataset)->provenance().format == "inversion-png" ? QString() : "another format";
}

} // namespace

class TestInversionPng : public QObject
{
    Q_OBJECT

private slots:
    void textChunksAreRead();
    void pixelsAreRead();
    void otherPicturesAreRefused();
    void brokenInversionsAreRefused_data();
    void brokenInversionsAreRefused();
    void damageIsHarmless();
};

void TestInversionPng::textChunksAreRead()
{
    const auto values = someValues(3);
    const std::string json = carriedInversion("style", kWidth, values);
    const std::string nul(1, '\0');
    QCOMPARE(faultOf(withText("tEXt", nul + base64(json)), values), QString());
    QCOMPARE(faultOf(withText("zTXt", nul + nul + zlibPacked(base64(json))), values), QString());
    QCOMPARE(
        faultOf(withText("iTXt", nul + nul + nul + nul + nul + base64(json)), values), QString());
    QCOMPARE(
        faultOf(withText("iTXt", nul + '\1' + nul + nul + nul + zlibPacked(base64(json))), values),
        QString());
}

void TestInversionPng::pixelsAreRead()
{
    for (const std::size_t rows : {std::size_t{1}, std::size_t{4}}) {
        const auto values = someValues(rows);
        QCOMPARE(
            faultOf(pngWithHidden(carriedInversion("style", kWidth, values)), values), QString());
    }
}

void TestInversionPng::otherPicturesAreRefused()
{
    const std::string pictures[] = {png(8, 6, kPixels), png(8, 6, std::string(144, '\0')),
        png(5, 1, std::string("\x11\x11\x11\0\0\0\x22\x22\x22\0\0\0\x33\x33\x33", 15)),
        "\x89PNG\r\n\x1a\n...."};
    for (const std::string& bytes : pictures) {
        const auto dataset = openBytes(bytes, "picture.png");
        QVERIFY(!dataset.ok());
        QCOMPARE(dataset.error().code, ErrorCode::Unsupported);
        QVERIFY(dataset.error().detail.find("PNG picture") != std::string::npos);
    }
}

void TestInversionPng::brokenInversionsAreRefused_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("no JSON") << QByteArray("hello");
    QTest::newRow("no vectors") << QByteArray("{\"string_to_param\": {}}");
    QTest::newRow("ragged") << QByteArray("{\"a\": {\"TORCHTENSOR\": [[1, 2], [3]]}}");
    QTest::newRow("words") << QByteArray("{\"a\": {\"TORCHTENSOR\": [[\"x\"]]}}");
    QTest::newRow("mixed") << QByteArray("{\"a\": {\"TORCHTENSOR\": [1, [2]]}}");
    QTest::newRow("deep") << QByteArray(
        "{\"a\": {\"TORCHTENSOR\": " + QByteArray(5000, '[') + QByteArray(5000, ']') + "}}");
}

void TestInversionPng::brokenInversionsAreRefused()
{
    QFETCH(QByteArray, json);
    const auto dataset
        = openBytes(withText("tEXt", '\0' + base64(json.toStdString())), "picture.png");
    QVERIFY(!dataset.ok());
    QVERIFY(dataset.error().detail.find("textual inversion") != std::string::npos);
}

void TestInversionPng::damageIsHarmless()
{
    const std::string bytes = pngWithHidden(carriedInversion("style", 4, {1, 2, 3, 4}));
    QCOMPARE(opensWhenCut(bytes, "a.png"), 0);
    QVERIFY(flipsAreHarmless(bytes, "a.png"));
}

QTEST_APPLESS_MAIN(TestInversionPng)
#include "tst_inversion_png.moc"
