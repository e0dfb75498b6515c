// Numbers in text are the floats next to them, whatever way they are written in.

#include "core/base/random.h"
#include "core/io/text/parse_float.h"

#include <QTest>
#include <cfloat>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace embedscope;

namespace {

/// Whether the C library reads the same value and as many characters. (Tests run in its C locale.)
bool isExact(const std::string& text)
{
    char* stop = nullptr;
    const float expected = std::strtof(text.c_str(), &stop);
    // Nothing behind the last character, so that reading beyond it shows.
    const std::vector<char> bytes(text.begin(), text.end());
    float value = 0;
    const char* const end = parseFloat(bytes.data(), bytes.data() + bytes.size(), value);
    return end != nullptr && end - bytes.data() == stop - text.c_str() && value == expected
        && std::signbit(value) == std::signbit(expected);
}

template <typename... Arguments> std::string printed(const char* format, Arguments... arguments)
{
    char buffer[512];
    const int length = std::snprintf(buffer, sizeof buffer, format, arguments...);
    return {buffer, static_cast<std::size_t>(length)};
}

} // namespace

class TestParseFloat : public QObject
{
    Q_OBJECT

private slots:
    void everyWayOfWritingIsExact();
    void anyNumberOfDigitsIsExact();
    void middlesBetweenFloatsAreExact();
    void hugeAndTinyNumbersAreExact();
    void whatIsNoNumberIsNone();
};

void TestParseFloat::everyWayOfWritingIsExact()
{
    for (const char* text :
        {"0", "-0.0", "1.", ".5", "1e5", "1e", "1e+", "-1.5E-3x", "16777217", "16777219",
            "9007199254740993", "0.000000000000000000000000000000000000000000001", "1e-45",
            "3.4028236e38", "123456789012345678901234567890", "0.1234567890123456789012345",
            "1.00000005960464477539", "0.00000000000000000000",
            "-0.00000000000000000000000012345678901234567891e12", "1.5e-0005", "12345678.12345678 ",
            "12345678.12345678,9", "0.12345678e1", "0.1234567/", "0.1234567:", "1.2345678.9"})
        QVERIFY2(isExact(text), text);
    Random random(3);
    for (int i = 0; i < 200000; ++i) {
        const double value = (random.uniform() - 0.5) * std::pow(10, random.uniform() * 20 - 10);
        char buffer[64];
        const auto format = i % 2 == 0 ? std::chars_format::fixed : std::chars_format::scientific;
        const auto end
            = std::to_chars(buffer, buffer + 64, value, format, static_cast<int>(i % 12)).ptr;
        const std::string text(buffer, end);
        QVERIFY2(isExact(text), text.c_str());
        const auto shortest = std::to_chars(buffer, buffer + 64, value).ptr;
        QVERIFY2(isExact(std::string(buffer, shortest)), buffer);
    }
}

void TestParseFloat::anyNumberOfDigitsIsExact()
{
    Random random(5);
    const auto digits = [&random](std::uint64_t count, bool isZero) {
        std::string text;
        for (std::uint64_t i = 0; i < count; ++i)
            text += static_cast<char>('0' + (isZero ? 0 : random.below(10)));
        return text;
    };
    for (int i = 0; i < 100000; ++i) {
        std::string text = random.below(2) == 0 ? "-" : "";
        text += digits(random.below(4), true) + digits(1 + random.below(12), false);
        if (random.below(8) != 0)
            text += '.' + digits(random.below(4) == 0 ? random.below(40) : 0, true)
                + digits(random.below(26), false);
        if (random.below(3) == 0)
            text += printed("e%+d", static_cast<int>(random.below(90)) - 60);
        text += std::string(random.below(3), ' ');
        QVERIFY2(isExact(text), text.c_str());
    }
}

void TestParseFloat::middlesBetweenFloatsAreExact()
{
    Random random(7);
    for (int i = 0; i < 40000; ++i) {
        const auto value = static_cast<float>(
            (random.uniform() + 0.1) * std::pow(10, random.uniform() * 20 - 12));
        const double middle
            = (static_cast<double>(value) + static_cast<double>(std::nextafter(value, FLT_MAX)))
            / 2;
        // Exactly the middle, and what lies just beside it.
        for (const double beside : {middle, std::nextafter(middle, 0), std::nextafter(middle, 1e9),
                 middle * (1 + 4e-16), middle * (1 - 4e-16)}) {
            for (const int precision : {15, 17, 18, 19, 20, 25}) {
                for (const std::string& text : {printed("%.*e", precision, beside),
                         printed("%.*f", precision, beside), printed("%.*g", precision, beside)})
                    QVERIFY2(isExact(text), text.c_str());
            }
        }
    }
    // Whole numbers beyond 24 bits: every other one lies in the middle.
    for (std::uint64_t i = 0; i < 2000; ++i) {
        for (unsigned bits = 24; bits < 64; bits += 3) {
            const std::uint64_t middle
                = (std::uint64_t{1} << bits) + (2 * i + 1) * (std::uint64_t{1} << (bits - 24));
            for (const std::uint64_t number : {middle - 1, middle, middle + 1}) {
                const std::string text = std::to_string(number);
                QVERIFY2(isExact(text), text.c_str());
                QVERIFY2(isExact(text + "e-7"), text.c_str());
            }
        }
    }
}

void TestParseFloat::hugeAndTinyNumbersAreExact()
{
    for (int exponent = -70; exponent < 60; ++exponent) {
        for (const char* digits : {"1", "9.999999", "1.17549435", "3.4028235677973366",
                 "1234567890123456789", "9999999999999999999", "1844674407370955161"}) {
            const std::string text = printed("%se%d", digits, exponent);
            QVERIFY2(isExact(text), text.c_str());
        }
    }
    QVERIFY(isExact(std::string(400, '9')));
    QVERIFY(isExact("0." + std::string(400, '0') + "1"));
    QVERIFY(isExact("0." + std::string(70, '0') + "12345678901234567e71"));
    QVERIFY(isExact(std::string(400, '0') + "7.5"));
}

void TestParseFloat::whatIsNoNumberIsNone()
{
    float value = 0;
    for (const std::string text : {"", "-", ".", "abc", "e5", "--1", "-+1", "-.", " 1"})
        QVERIFY2(
            parseFloat(text.data(), text.data() + text.size(), value) == nullptr, text.c_str());
    for (const std::string text : {"nan", "inf", "-inf", "+1.5"})
        QVERIFY2(
            parseFloat(text.data(), text.data() + text.size(), value) == text.data() + text.size(),
            text.c_str());
    QCOMPARE(value, 1.5F);
}

QTEST_APPLESS_MAIN(TestParseFloat)
#include "tst_parse_float.moc"
