// float16 as it is kept in memory: every value of it, and float32 rounded to it.

#include "core/base/half.h"
#include "core/base/random.h"

#include <QTest>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

using namespace embedscope;

namespace {

/// What the bits of a binary16 say (IEEE 754-2019, 3.4).
double valueOf(std::uint16_t bits)
{
    const int exponent = bits >> 10 & 31;
    const int mantissa = bits & 1023;
    double value
        = exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
    if (exponent == 31)
        value = mantissa == 0 ? std::numeric_limits<double>::infinity()
                              : std::numeric_limits<double>::quiet_NaN();
    return (bits & 0x8000) != 0 ? -value : value;
}

std::uint16_t toHalf(float value)
{
    Half half;
    toHalves(&value, 1, &half);
    return half.bits;
}

float toFloat(std::uint16_t bits)
{
    const Half half{bits};
    float value = 0;
    toFloats(&half, 1, &value);
    return value;
}

/// The nearest finite binary16 to a value in range, ties to the even one, found by looking at all.
std::uint16_t nearest(double value)
{
    const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
    const double magnitude = std::abs(value);
    std::uint16_t below = 0;
    std::uint16_t above = 0x7bff;
    while (above - below > 1) {
        const auto middle = static_cast<std::uint16_t>((below + above) / 2);
        (valueOf(middle) <= magnitude ? below : above) = middle;
    }
    const double low = magnitude - valueOf(below);
    const double high = valueOf(above) - magnitude;
    const bool takesLow = low < high || (low == high && below % 2 == 0);
    return sign | (takesLow ? below : above);
}

} // namespace

class TestHalf : public QObject
{
    Q_OBJECT

private slots:
    void everyHalfIsItsFloat();
    void everyHalfComesBack();
    void floatsBetweenHalvesRoundToTheNearest();
    void randomFloatsRoundToTheNearest();
    void tooLargeBecomesInfinite();
    void runsOfEveryLength();
};

void TestHalf::everyHalfIsItsFloat()
{
    std::vector<Half> halves;
    for (int bits = 0; bits < 65536; ++bits)
        halves.push_back({static_cast<std::uint16_t>(bits)});
    std::vector<float> floats(halves.size());
    toFloats(halves.data(), 65536, floats.data());
    for (std::size_t i = 0; i < halves.size(); ++i) {
        const double expected = valueOf(halves[i].bits);
        if (std::isnan(expected))
            QVERIFY(std::isnan(floats[i]));
        else
            QCOMPARE(std::bit_cast<std::uint32_t>(floats[i]),
                std::bit_cast<std::uint32_t>(static_cast<float>(expected)));
    }
}

void TestHalf::everyHalfComesBack()
{
    for (int bits = 0; bits < 65536; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        if (std::isnan(valueOf(half)))
            QVERIFY(std::isnan(valueOf(toHalf(toFloat(half)))));
        else
            QCOMPARE(toHalf(toFloat(half)), half);
    }
}

void TestHalf::floatsBetweenHalvesRoundToTheNearest()
{
    for (int bits = 0; bits < 0x7bff; ++bits) {
        const double low = valueOf(static_cast<std::uint16_t>(bits));
        const double high = valueOf(static_cast<std::uint16_t>(bits + 1));
        const auto middle = static_cast<float>((low + high) / 2); // Exact: 12 bits.
        for (const float value :
            {middle, std::nextafter(middle, 0.0F), std::nextafter(middle, 70000.0F),
                std::nextafter(static_cast<float>(low), 70000.0F)}) {
            QCOMPARE(toHalf(value), nearest(value));
            QCOMPARE(toHalf(-value), nearest(-value));
        }
    }
}

void TestHalf::randomFloatsRoundToTheNearest()
{
    Random random(3);
    for (int i = 0; i < 200'000; ++i) {
        const auto exponent = static_cast<int>(random.below(60)) - 45;
        const auto value = static_cast<float>(std::ldexp(random.normal(), std::min(exponent, 12)));
        QCOMPARE(toHalf(value), nearest(value));
    }
    QCOMPARE(toHalf(std::numeric_limits<float>::denorm_min()), std::uint16_t{0});
    QCOMPARE(toHalf(-0.0F), std::uint16_t{0x8000});
}

void TestHalf::tooLargeBecomesInfinite()
{
    QCOMPARE(toHalf(65504.0F), std::uint16_t{0x7bff});
    QCOMPARE(toHalf(std::nextafter(kHalfOverflow, 0.0F)), std::uint16_t{0x7bff});
    for (const float value : {kHalfOverflow, 1e6F, std::numeric_limits<float>::max(),
             std::numeric_limits<float>::infinity()}) {
        QCOMPARE(toHalf(value), std::uint16_t{0x7c00});
        QCOMPARE(toHalf(-value), std::uint16_t{0xfc00});
    }
    QVERIFY(std::isnan(toFloat(toHalf(std::numeric_limits<float>::quiet_NaN()))));
}

void TestHalf::runsOfEveryLength()
{
    constexpr int kMost = 70;
    std::vector<float> values;
    for (int i = 0; i < kMost; ++i)
        values.push_back(static_cast<float>(i) * 0.25F - 3);
    for (int count = 0; count <= kMost; ++count) {
        std::vector<Half> halves(kMost + 1, Half{0x1234});
        std::vector<float> back(kMost + 1, 77.0F);
        toHalves(values.data(), count, halves.data());
        QCOMPARE(halves[static_cast<std::size_t>(count)].bits, std::uint16_t{0x1234});
        toFloats(halves.data(), count, back.data());
        QCOMPARE(back[static_cast<std::size_t>(count)], 77.0F);
        for (int i = 0; i < count; ++i)
            QCOMPARE(back[static_cast<std::size_t>(i)], values[static_cast<std::size_t>(i)]);
    }
}

QTEST_APPLESS_MAIN(TestHalf)
#include "tst_half.moc"
