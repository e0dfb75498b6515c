#include "core/io/bytes/elements.h"

#include <QTest>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

using namespace embedscope;

namespace {

float one(ElementType type, std::vector<std::uint8_t> bytes, bool isBigEndian = false)
{
    float value = 0;
    toFloats(type, isBigEndian, std::as_bytes(std::span(bytes)).data(), 1, &value);
    return value;
}

} // namespace

class TestElements : public QObject
{
    Q_OBJECT

private slots:
    void smallFloatsFollowTheirTables();
    void halvesAreExact();
    void integersKeepTheirSign();
    void byteOrderIsHeeded();
    void everyTypeHasANameAndASize();
};

void TestElements::smallFloatsFollowTheirTables()
{
    // OCP 8-bit floating point specification, table 1.
    QCOMPARE(one(ElementType::Float8E4M3, {0x38}), 1.0F);
    QCOMPARE(one(ElementType::Float8E4M3, {0x7e}), 448.0F);
    QCOMPARE(one(ElementType::Float8E4M3, {0x01}), 0x1p-9F);
    QCOMPARE(one(ElementType::Float8E4M3, {0x88}), -0x1p-6F);
    QVERIFY(std::isnan(one(ElementType::Float8E4M3, {0x7f})));
    QVERIFY(std::isnan(one(ElementType::Float8E4M3, {0xff})));
    QCOMPARE(one(ElementType::Float8E5M2, {0x3c}), 1.0F);
    QCOMPARE(one(ElementType::Float8E5M2, {0x7b}), 57344.0F);
    QCOMPARE(one(ElementType::Float8E5M2, {0x01}), 0x1p-16F);
    QCOMPARE(one(ElementType::Float8E5M2, {0xfc}), -std::numeric_limits<float>::infinity());
    QVERIFY(std::isnan(one(ElementType::Float8E5M2, {0x7d})));
    QCOMPARE(one(ElementType::Float8E8M0, {127}), 1.0F);
    QCOMPARE(one(ElementType::Float8E8M0, {0}), 0x1p-127F);
    QVERIFY(std::isnan(one(ElementType::Float8E8M0, {0xff})));
    QCOMPARE(one(ElementType::Float8E4M3Fnuz, {0x40}), 1.0F);
    QCOMPARE(one(ElementType::Float8E4M3Fnuz, {0x7f}), 240.0F);
    QVERIFY(std::isnan(one(ElementType::Float8E4M3Fnuz, {0x80})));
    QCOMPARE(one(ElementType::Float8E5M2Fnuz, {0x40}), 1.0F);
    QCOMPARE(one(ElementType::Float8E5M2Fnuz, {0x7f}), 57344.0F);
    QVERIFY(std::isnan(one(ElementType::Float8E5M2Fnuz, {0x80})));
}

void TestElements::halvesAreExact()
{
    QCOMPARE(one(ElementType::Float16, {0x00, 0x3c}), 1.0F);
    QCOMPARE(one(ElementType::Float16, {0xff, 0x7b}), 65504.0F);
    QCOMPARE(one(ElementType::Float16, {0x01, 0x00}), 0x1p-24F);
    QCOMPARE(one(ElementType::Float16, {0xff, 0x03}), 0x1.ff8p-15F);
    QVERIFY(std::isinf(one(ElementType::Float16, {0x00, 0xfc})));
    QVERIFY(std::signbit(one(ElementType::Float16, {0x00, 0x80})));
    QCOMPARE(one(ElementType::BFloat16, {0x80, 0x3f}), 1.0F);
    QCOMPARE(one(ElementType::BFloat16, {0x49, 0xc0}), -3.140625F);
    QVERIFY(std::isnan(one(ElementType::BFloat16, {0xc0, 0x7f})));
}

void TestElements::integersKeepTheirSign()
{
    QCOMPARE(one(ElementType::Int8, {0xff}), -1.0F);
    QCOMPARE(one(ElementType::UInt8, {0xff}), 255.0F);
    QCOMPARE(one(ElementType::Int16, {0xfe, 0xff}), -2.0F);
    QCOMPARE(one(ElementType::UInt16, {0xfe, 0xff}), 65534.0F);
    QCOMPARE(one(ElementType::Int32, {0xfd, 0xff, 0xff, 0xff}), -3.0F);
    QCOMPARE(one(ElementType::Int64, {0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), -4.0F);
    QCOMPARE(one(ElementType::UInt64, {0, 0, 0, 0, 0, 0, 0, 0x80}), 0x1p63F);
    QCOMPARE(one(ElementType::Bool, {2}), 1.0F);
}

void TestElements::byteOrderIsHeeded()
{
    QCOMPARE(one(ElementType::Float32, {0x00, 0x00, 0x80, 0x3f}), 1.0F);
    QCOMPARE(one(ElementType::Float32, {0x3f, 0x80, 0x00, 0x00}, true), 1.0F);
    QCOMPARE(one(ElementType::Float64, {0x3f, 0xf0, 0, 0, 0, 0, 0, 0}, true), 1.0F);
    QCOMPARE(one(ElementType::Int16, {0x01, 0x00}, true), 256.0F);
    QVERIFY(!isStoredAsFloat(ElementType::Int32, false));
}

void TestElements::everyTypeHasANameAndASize()
{
    for (int i = 0; i <= static_cast<int>(ElementType::Float8E5M2Fnuz); ++i) {
        const auto type = static_cast<ElementType>(i);
        QVERIFY(!elementName(type).empty());
        QVERIFY(elementBytes(type) >= 1 && elementBytes(type) <= 8);
    }
}

QTEST_APPLESS_MAIN(TestElements)
#include "tst_elements.moc"
