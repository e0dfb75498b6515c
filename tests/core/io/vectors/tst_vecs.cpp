#include "tests/support/damage.h"
#include "tests/support/npy_bytes.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

namespace {

template <typename T> std::string vecs(const std::vector<double>& values, std::size_t d)
{
    std::string bytes;
    for (std::size_t i = 0; i < values.size(); i += d) {
        bytes += packed<std::int32_t>({static_cast<double>(d)})
            + packed<T>({values.begin() + static_cast<std::ptrdiff_t>(i),
                values.begin() + static_cast<std::ptrdiff_t>(i + d)});
    }
    return bytes;
}

const std::vector<double> kValues{1, 2, 3, 4, 5, 6};

} // namespace

class TestVecs : public QObject
{
    Q_OBJECT

private slots:
    void theNameSaysTheType_data();
    void theNameSaysTheType();
    void rowsOfFloatsAreKnownWithoutAName();
    void aChangeOfDimensionIsRefused();
    void whatDoesNotAddUpIsRefused_data();
    void whatDoesNotAddUpIsRefused();
    void bytesBehindTheTableAreAWarning();
};

void TestVecs::theNameSaysTheType_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("dtype");
    const auto add = [](const char* extension, const std::string& bytes, const char* dtype) {
        QTest::newRow(extension) << QString("a.") + extension << QByteArray::fromStdString(bytes)
                                 << QString(dtype);
    };
    const std::string header = packed<std::uint32_t>({2, 3});
    add("fvecs", vecs<float>(kValues, 3), "float32");
    add("bvecs", vecs<std::uint8_t>(kValues, 3), "uint8");
    add("ivecs", vecs<std::int32_t>(kValues, 3), "int32");
    add("hvecs", vecs<std::uint16_t>({0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600}, 3),
        "float16");
    add("FBIN", header + packed<float>(kValues), "float32");
    add("u8bin", header + packed<std::uint8_t>(kValues), "uint8");
    add("i8bin", header + packed<std::int8_t>(kValues), "int8");
    add("ibin", header + packed<std::int32_t>(kValues), "int32");
}

void TestVecs::theNameSaysTheType()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, dtype);
    const auto dataset = openBytes(bytes.toStdString(), name.toStdString());
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), Index{2});
    QCOMPARE((*dataset)->dimensions(), Index{3});
    for (Index i = 0; i < 6; ++i)
        QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(kValues[i]));
    QCOMPARE((*dataset)->provenance().dtype, dtype.toStdString());
    QVERIFY((*dataset)->warnings().empty());
}

void TestVecs::rowsOfFloatsAreKnownWithoutAName()
{
    const auto dataset = openBytes(vecs<float>(kValues, 2), "data");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->provenance().format, std::string("vecs"));
    QCOMPARE((*dataset)->size(), Index{3});
}

void TestVecs::aChangeOfDimensionIsRefused()
{
    std::string bytes = vecs<float>(kValues, 2);
    bytes[12] = 3;
    const auto dataset = openBytes(bytes, "a.fvecs");
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().byte, std::uint64_t{12});
}

void TestVecs::whatDoesNotAddUpIsRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    const auto add = [](const char* what, const char* name, const std::string& bytes) {
        QTest::newRow(what) << QString(name) << QByteArray::fromStdString(bytes);
    };
    add("no dimensions", "a.fvecs", packed<std::int32_t>({0, 0, 0}));
    add("negative dimensions", "a.fvecs", packed<std::int32_t>({-1, 0, 0}));
    add("cut row", "a.fvecs", vecs<float>(kValues, 3).substr(0, 30));
    add("two bytes", "a.fvecs", "ab");
    add("cut table", "a.fbin", packed<std::uint32_t>({2, 3, 0, 0}));
    add("overflow", "a.fbin", packed<std::uint32_t>({4294967295.0, 4294967295.0, 0}));
    add("no rows", "a.fbin", packed<std::uint32_t>({0, 3, 0}));
    add("no header", "a.fbin", "abcd");
}

void TestVecs::whatDoesNotAddUpIsRefused()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    const auto dataset = openBytes(bytes.toStdString(), name.toStdString());
    QVERIFY(!dataset.ok());
    QVERIFY(!dataset.error().detail.empty());
}

void TestVecs::bytesBehindTheTableAreAWarning()
{
    const auto dataset = openBytes(packed<std::uint32_t>({1, 2, 0, 0, 0}), "a.fbin");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->warnings().size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestVecs)
#include "tst_vecs.moc"
