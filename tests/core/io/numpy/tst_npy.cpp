#include "core/io/open.h"
#include "tests/support/npy_bytes.h"

#include <QTest>
#include <limits>

using namespace embedscope;
using namespace embedscope::test;

namespace {

Result<std::shared_ptr<const Dataset>> open(std::string bytes, const std::string& name = "a.npy")
{
    return openDataset(memorySource(std::move(bytes), name), {}, {});
}

const std::vector<double> kValues{1, 2, 3, 4, 5, 6};

} // namespace

class TestNpy : public QObject
{
    Q_OBJECT

private slots:
    void everyNumberTypeIsRead_data();
    void everyNumberTypeIsRead();
    void fortranOrderIsTurned();
    void fortranOrderOfALargeTableIsTurned();
    void halvesAreExact();
    void moreDimensionsBecomeRows();
    void oneDimensionBecomesOneRow();
    void whatIsNoTableIsRefused_data();
    void whatIsNoTableIsRefused();
    void shortDataNameWhatIsPromised();
    void bytesBehindTheArrayAreAWarning();
    void stopIsHeeded();
};

void TestNpy::everyNumberTypeIsRead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("dtype");
    const auto add = [](const char* name, const std::string& bytes, const char* dtype) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(dtype);
    };
    const std::string shape = "(2, 3)";
    add("<f4", npy("<f4", shape, packed<float>(kValues)), "float32");
    add(">f4", npy(">f4", shape, packed<float>(kValues, true)), "float32");
    add("<f8", npy("<f8", shape, packed<double>(kValues)), "float64");
    add(">f8", npy(">f8", shape, packed<double>(kValues, true)), "float64");
    add("|i1", npy("|i1", shape, packed<std::int8_t>(kValues)), "int8");
    add("<i2", npy("<i2", shape, packed<std::int16_t>(kValues)), "int16");
    add(">i4", npy(">i4", shape, packed<std::int32_t>(kValues, true)), "int32");
    add("<i8", npy("<i8", shape, packed<std::int64_t>(kValues)), "int64");
    add("|u1", npy("|u1", shape, packed<std::uint8_t>(kValues)), "uint8");
    add(">u2", npy(">u2", shape, packed<std::uint16_t>(kValues, true)), "uint16");
    add("<u4", npy("<u4", shape, packed<std::uint32_t>(kValues)), "uint32");
    add("<u8", npy("<u8", shape, packed<std::uint64_t>(kValues)), "uint64");
    add("version 2", npy("<f4", shape, packed<float>(kValues), false, 2), "float32");
    add("version 3", npy("<f4", shape, packed<float>(kValues), false, 3), "float32");
    add("Python 2", npy("<f4", "(2L, 3L)", packed<float>(kValues)), "float32");
}

void TestNpy::everyNumberTypeIsRead()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, dtype);
    const auto dataset = open(bytes.toStdString(), "wrong.csv");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), Index{2});
    QCOMPARE((*dataset)->dimensions(), Index{3});
    for (Index i = 0; i < 6; ++i)
        QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(kValues[i]));
    QCOMPARE((*dataset)->provenance().dtype, dtype.toStdString());
    QCOMPARE((*dataset)->provenance().format, std::string("npy"));
    QVERIFY((*dataset)->warnings().empty());
}

void TestNpy::fortranOrderIsTurned()
{
    const auto dataset = open(npy("<f4", "(2, 3)", packed<float>({1, 4, 2, 5, 3, 6}), true));
    QVERIFY(dataset.ok());
    for (Index i = 0; i < 6; ++i)
        QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(kValues[i]));
    // (2, 2, 2): the first index runs fastest in the file, the last in our rows.
    const auto deep = open(npy(
        "<i2", "(2, 3, 2)", packed<std::int16_t>({0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11}), true));
    QVERIFY(deep.ok());
    QCOMPARE((*deep)->size(), Index{6});
    for (Index i = 0; i < 12; ++i)
        QCOMPARE((*deep)->vectors().floats().data()[i], static_cast<float>(i));
}

void TestNpy::fortranOrderOfALargeTableIsTurned()
{
    constexpr Index n = 70001;
    constexpr Index d = 19;
    std::vector<double> values;
    for (Index j = 0; j < d; ++j) {
        for (Index i = 0; i < n; ++i)
            values.push_back(static_cast<double>(i * d + j));
    }
    const auto dataset = open(npy("<i4", "(70001, 19)", packed<std::int32_t>(values), true));
    QVERIFY(dataset.ok());
    for (Index i = 0; i < n * d; ++i) {
        if ((*dataset)->vectors().floats().data()[i] != static_cast<float>(i))
            QFAIL("a value is out of place");
    }
}

void TestNpy::halvesAreExact()
{
    // 1, -2, the largest, the smallest normal, the smallest of all, infinity, NaN
    const std::vector<double> bits{0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x7c00, 0x7e00, 0x8000};
    const auto dataset = open(npy(">f2", "(8, 1)", packed<std::uint16_t>(bits, true)));
    QVERIFY(dataset.ok());
    const float* v = (*dataset)->vectors().floats().data();
    QCOMPARE(v[0], 1.0F);
    QCOMPARE(v[1], -2.0F);
    QCOMPARE(v[2], 65504.0F);
    QCOMPARE(v[3], 0x1p-14F);
    QCOMPARE(v[4], 0x1p-24F);
    QCOMPARE(v[5], std::numeric_limits<float>::infinity());
    QVERIFY(std::isnan(v[6]));
    QVERIFY(v[7] == 0 && std::signbit(v[7]));
    QCOMPARE((*dataset)->unusableRows().ids(), (std::vector<PointId>{5, 6}));
}

void TestNpy::moreDimensionsBecomeRows()
{
    const auto dataset = open(npy("<f4", "(1, 3, 2)", packed<float>(kValues)));
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->size(), Index{3});
    QCOMPARE((*dataset)->dimensions(), Index{2});
    QCOMPARE((*dataset)->warnings().size(), std::size_t{1});
}

void TestNpy::oneDimensionBecomesOneRow()
{
    const auto dataset = open(npy("<f4", "(6,)", packed<float>(kValues)));
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->size(), Index{1});
    QCOMPARE((*dataset)->dimensions(), Index{6});
    QCOMPARE((*dataset)->warnings().size(), std::size_t{1});
}

void TestNpy::whatIsNoTableIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const auto add = [](const char* name, const std::string& bytes, const char* says) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(says);
    };
    const std::string four = packed<float>({1, 2, 3, 4});
    add("objects", npy("|O", "(2, 2)", four), "pickle");
    add("complex", npy("<c8", "(1, 2)", four), "<c8");
    add("structure",
        npyWithHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4,)}", four),
        "'<f4'");
    add("text", npy("<U2", "(2,)", four), "text");
    add("number", npy("<f4", "()", four), "single number");
    add("no rows", npy("<f4", "(0, 4)", four), "0 x 4");
    add("no columns", npy("<f4", "(4, 0)", four), "4 x 0");
    add("too many", npy("<f4", "(4294967296, 4294967296)", four), "impossible");
    add("negative", npy("<f4", "(-2, 2)", four), "shape");
    add("no order", npyWithHeader("{'descr': '<f4', 'shape': (2, 2)}", four), "fortran_order");
    add("garbage", npyWithHeader("import os", four), "dictionary");
    add("nested", npyWithHeader("{'descr': " + std::string(3000, '['), four), "descr");
    add("open string", npyWithHeader("{'descr': '<f4", four), "descr");
    add("version 9", npy("<f4", "(2, 2)", four, false, 9), "version 9");
}

void TestNpy::whatIsNoTableIsRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const auto dataset = open(bytes.toStdString());
    QVERIFY(!dataset.ok());
    const QString text = QString::fromStdString(describe(dataset.error()));
    QVERIFY2(text.startsWith("a.npy: ") && text.contains(says), qPrintable(text));
}

void TestNpy::shortDataNameWhatIsPromised()
{
    const auto dataset = open(npy("<f4", "(2000000, 768)", packed<float>(kValues)));
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().code, ErrorCode::Truncated);
    QVERIFY(dataset.error().detail.find("2,000,000 x 768") != std::string::npos);
}

void TestNpy::bytesBehindTheArrayAreAWarning()
{
    const auto dataset = open(npy("<f4", "(2, 3)", packed<float>(kValues) + "more"));
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->warnings().size(), std::size_t{1});
}

void TestNpy::stopIsHeeded()
{
    std::stop_source stop;
    stop.request_stop();
    const auto dataset
        = openDataset(memorySource(npy("<f4", "(2, 3)", packed<float>(kValues)), "a.npy"), {},
            Progress(stop.get_token()));
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().code, ErrorCode::Stopped);
}

QTEST_APPLESS_MAIN(TestNpy)
#include "tst_npy.moc"
