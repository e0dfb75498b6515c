// Blocks are put together here value by value, by where the format says that each bit of value i
// lies, and must come back as scale x quant - offset.

#include "core/base/random.h"
#include "core/io/tensors/gguf_quants.h"

#include <QTest>
#include <array>
#include <cmath>
#include <cstring>
#include <set>
#include <vector>

using namespace embedscope;

namespace {

using Block = std::vector<std::uint8_t>;

constexpr std::uint16_t kOne = 0x3c00; // as a half
constexpr std::uint16_t kQuarter = 0x3400;

const GgufType& type(std::string_view name)
{
    for (const GgufType& row : ggufTypes()) {
        if (row.name == name)
            return row;
    }
    qFatal("no such type");
}

void putHalf(Block& block, std::size_t at, std::uint16_t bits)
{
    std::memcpy(block.data() + at, &bits, sizeof bits);
}

/// ORs the low `count` bits of value into byte `at`, from bit `shift` on.
void put(Block& block, int at, int shift, int value, int count)
{
    block[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(
        block[static_cast<std::size_t>(at)] | (value & ((1 << count) - 1)) << shift);
}

std::vector<int> randomNumbers(std::size_t count, int low, int high, std::uint64_t seed)
{
    Random random(seed);
    std::vector<int> numbers(count);
    for (int& number : numbers)
        number = low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
    return numbers;
}

std::vector<float> decoded(const GgufType& row, const Block& block)
{
    std::vector<float> values(row.blockValues);
    row.decode(block.data(), values.data());
    return values;
}

/// Eight pairs of six-bit numbers in twelve bytes from `at` on, as Q4_K and Q5_K have them.
void putScales(
    Block& block, int at, const std::vector<int>& scales, const std::vector<int>& offsets)
{
    for (int j = 0; j < 8; ++j) {
        const int scale = scales[static_cast<std::size_t>(j)];
        const int offset = offsets[static_cast<std::size_t>(j)];
        if (j < 4) {
            put(block, at + j, 0, scale, 6);
            put(block, at + 4 + j, 0, offset, 6);
        } else {
            put(block, at + 4 + j, 0, scale, 4);
            put(block, at + 4 + j, 4, offset, 4);
            put(block, at + j - 4, 6, scale >> 4, 2);
            put(block, at + j, 6, offset >> 4, 2);
        }
    }
}

} // namespace

class TestGgufQuants : public QObject
{
    Q_OBJECT

private slots:
    void thirtyTwoValuesAtATime_data();
    void thirtyTwoValuesAtATime();
    void twoAndThreeBits();
    void fourAndFiveBits_data();
    void fourAndFiveBits();
    void sixBits();
    void unevenLevels();
    void ternary();
    void anyBytesDecodeWithinTheBlock();
};

void TestGgufQuants::thirtyTwoValuesAtATime_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("bits");
    QTest::addColumn<bool>("hasOffset");
    QTest::newRow("Q4_0") << "Q4_0" << 4 << false;
    QTest::newRow("Q4_1") << "Q4_1" << 4 << true;
    QTest::newRow("Q5_0") << "Q5_0" << 5 << false;
    QTest::newRow("Q5_1") << "Q5_1" << 5 << true;
}

void TestGgufQuants::thirtyTwoValuesAtATime()
{
    QFETCH(QString, name);
    QFETCH(int, bits);
    QFETCH(bool, hasOffset);
    const GgufType& row = type(name.toStdString());
    Block block(row.blockBytes);
    putHalf(block, 0, kQuarter);
    if (hasOffset)
        putHalf(block, 2, kOne);
    const int high = hasOffset ? 4 : 2;
    const int low = bits == 5 ? high + 4 : high;
    const auto quants = randomNumbers(32, 0, (1 << bits) - 1, 3);
    for (int i = 0; i < 32; ++i) {
        put(block, low + i % 16, i / 16 * 4, quants[static_cast<std::size_t>(i)], 4);
        if (bits == 5)
            put(block, high + i / 8, i % 8, quants[static_cast<std::size_t>(i)] >> 4, 1);
    }
    const auto values = decoded(row, block);
    for (std::size_t i = 0; i < 32; ++i) {
        const int quant = hasOffset ? quants[i] : quants[i] - (1 << (bits - 1));
        QCOMPARE(values[i], 0.25F * static_cast<float>(quant) + (hasOffset ? 1.0F : 0.0F));
    }
}

void TestGgufQuants::twoAndThreeBits()
{
    const auto scales = randomNumbers(16, 0, 15, 5);
    const auto offsets = randomNumbers(16, 0, 15, 6);
    const auto quants = randomNumbers(256, 0, 3, 7);
    Block two(84);
    putHalf(two, 80, kQuarter);
    putHalf(two, 82, kOne);
    for (std::size_t j = 0; j < 16; ++j) {
        put(two, static_cast<int>(j), 0, scales[j], 4);
        put(two, static_cast<int>(j), 4, offsets[j], 4);
    }
    for (int i = 0; i < 256; ++i)
        put(two, 16 + i / 128 * 32 + i % 32, i / 32 % 4 * 2, quants[static_cast<std::size_t>(i)],
            2);
    const auto twoValues = decoded(type("Q2_K"), two);
    for (std::size_t i = 0; i < 256; ++i) {
        QCOMPARE(twoValues[i],
            0.25F * static_cast<float>(scales[i / 16] * quants[i])
                - static_cast<float>(offsets[i / 16]));
    }

    const auto sixBitScales = randomNumbers(16, 0, 63, 8);
    const auto threeBits = randomNumbers(256, 0, 7, 9);
    Block three(110);
    putHalf(three, 108, kQuarter);
    for (int j = 0; j < 16; ++j) {
        put(three, 96 + j % 8, j / 8 * 4, sixBitScales[static_cast<std::size_t>(j)], 4);
        put(three, 104 + j % 4, j / 4 * 2, sixBitScales[static_cast<std::size_t>(j)] >> 4, 2);
    }
    for (int i = 0; i < 256; ++i) {
        const int quant = threeBits[static_cast<std::size_t>(i)];
        put(three, 32 + i / 128 * 32 + i % 32, i / 32 % 4 * 2, quant, 2);
        put(three, i % 32, i / 32, quant >> 2, 1);
    }
    const auto threeValues = decoded(type("Q3_K"), three);
    for (std::size_t i = 0; i < 256; ++i) {
        QCOMPARE(threeValues[i],
            0.25F * static_cast<float>((sixBitScales[i / 16] - 32) * (threeBits[i] - 4)));
    }
}

void TestGgufQuants::fourAndFiveBits_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("bits");
    QTest::newRow("Q4_K") << "Q4_K" << 4;
    QTest::newRow("Q5_K") << "Q5_K" << 5;
}

void TestGgufQuants::fourAndFiveBits()
{
    QFETCH(QString, name);
    QFETCH(int, bits);
    const GgufType& row = type(name.toStdString());
    const auto scales = randomNumbers(8, 0, 63, 1);
    const auto offsets = randomNumbers(8, 0, 63, 2);
    const auto quants = randomNumbers(256, 0, (1 << bits) - 1, 3);
    Block block(row.blockBytes);
    putHalf(block, 0, kQuarter);
    putHalf(block, 2, kOne);
    putScales(block, 4, scales, offsets);
    const int low = bits == 5 ? 48 : 16;
    for (int i = 0; i < 256; ++i) {
        const int quant = quants[static_cast<std::size_t>(i)];
        put(block, low + i / 64 * 32 + i % 32, i / 32 % 2 * 4, quant, 4);
        if (bits == 5)
            put(block, 16 + i % 32, i / 32, quant >> 4, 1);
    }
    const auto values = decoded(row, block);
    for (std::size_t i = 0; i < 256; ++i) {
        QCOMPARE(values[i],
            0.25F * static_cast<float>(scales[i / 32] * quants[i])
                - static_cast<float>(offsets[i / 32]));
    }
}

void TestGgufQuants::sixBits()
{
    const auto scales = randomNumbers(16, -128, 127, 1);
    const auto quants = randomNumbers(256, 0, 63, 2);
    Block block(210);
    putHalf(block, 208, kQuarter);
    for (int j = 0; j < 16; ++j)
        put(block, 192 + j, 0, scales[static_cast<std::size_t>(j)], 8);
    for (int i = 0; i < 256; ++i) {
        const int quant = quants[static_cast<std::size_t>(i)];
        put(block, i / 128 * 64 + i % 64, i / 64 % 2 * 4, quant, 4);
        put(block, 128 + i / 128 * 32 + i % 32, i / 32 % 4 * 2, quant >> 4, 2);
    }
    const auto values = decoded(type("Q6_K"), block);
    for (std::size_t i = 0; i < 256; ++i)
        QCOMPARE(values[i], 0.25F * static_cast<float>(scales[i / 16] * (quants[i] - 32)));
}

void TestGgufQuants::unevenLevels()
{
    const auto scales = randomNumbers(8, 0, 63, 1);
    const auto quants = randomNumbers(256, 0, 15, 2);
    Block block(136);
    putHalf(block, 0, kQuarter);
    for (int part = 0; part < 8; ++part) {
        const int scale = scales[static_cast<std::size_t>(part)];
        put(block, 4 + part / 2, part % 2 * 4, scale, 4);
        put(block, 2 + part / 4, part % 4 * 2, scale >> 4, 2);
    }
    for (int i = 0; i < 256; ++i)
        put(block, 8 + i / 32 * 16 + i % 16, i / 16 % 2 * 4, quants[static_cast<std::size_t>(i)],
            4);
    const auto values = decoded(type("IQ4_XS"), block);
    Block small(18);
    putHalf(small, 0, kOne);
    for (int i = 0; i < 16; ++i) {
        put(small, 2 + i, 0, i, 4);
        put(small, 2 + i, 4, i, 4);
    }
    const auto levels = decoded(type("IQ4_NL"), small);
    QCOMPARE(levels[0], -127.0F);
    QCOMPARE(levels[8], 1.0F);
    QCOMPARE(levels[31], 113.0F);
    for (std::size_t i = 0; i < 256; ++i) {
        QCOMPARE(values[i],
            0.25F * static_cast<float>(scales[i / 32] - 32)
                * levels[static_cast<std::size_t>(quants[i])]);
    }
}

void TestGgufQuants::ternary()
{
    const auto digits = randomNumbers(256, 0, 2, 4);
    Block two(66);
    putHalf(two, 64, kQuarter);
    for (int i = 0; i < 256; ++i)
        put(two, i / 128 * 32 + i % 32, i / 32 % 4 * 2, digits[static_cast<std::size_t>(i)], 2);
    const auto twoValues = decoded(type("TQ2_0"), two);

    // Five digits of base three as a fraction: the first weighs most, rounded up to 1/256.
    Block one(54);
    putHalf(one, 52, kQuarter);
    const auto fraction = [&](int first, int step, int places) {
        int number = 0;
        for (int k = 0; k < 5; ++k) {
            number = number * 3
                + (k < places ? digits[static_cast<std::size_t>(first + k * step)] : 0);
        }
        return (number * 256 + 242) / 243;
    };
    for (int j = 0; j < 32; ++j)
        put(one, j, 0, fraction(j, 32, 5), 8);
    for (int j = 0; j < 16; ++j)
        put(one, 32 + j, 0, fraction(160 + j, 16, 5), 8);
    for (int j = 0; j < 4; ++j)
        put(one, 48 + j, 0, fraction(240 + j, 4, 4), 8);
    const auto oneValues = decoded(type("TQ1_0"), one);
    for (std::size_t i = 0; i < 256; ++i) {
        QCOMPARE(twoValues[i], 0.25F * static_cast<float>(digits[i] - 1));
        QCOMPARE(oneValues[i], 0.25F * static_cast<float>(digits[i] - 1));
    }
}

void TestGgufQuants::anyBytesDecodeWithinTheBlock()
{
    std::set<std::uint32_t> ids;
    for (const GgufType& row : ggufTypes()) {
        QVERIFY(ids.insert(row.id).second);
        QCOMPARE(ggufType(row.id), &row);
        if (row.decode == nullptr)
            continue;
        Random random(row.id);
        for (int i = 0; i < 50; ++i) {
            // Exactly as long as the block: the sanitizer sees a step beyond it.
            const auto block = std::make_unique<std::uint8_t[]>(row.blockBytes);
            for (std::uint32_t j = 0; j < row.blockBytes; ++j)
                block[j] = static_cast<std::uint8_t>(random.below(256));
            std::vector<float> values(row.blockValues + 1, 77.0F);
            row.decode(block.get(), values.data());
            QCOMPARE(values.back(), 77.0F);
        }
    }
    QVERIFY(ggufType(1000) == nullptr);
}

QTEST_APPLESS_MAIN(TestGgufQuants)
#include "tst_gguf_quants.moc"
