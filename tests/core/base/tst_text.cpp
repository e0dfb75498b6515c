#include "core/base/text.h"

#include <QTest>
#include <cmath>

using namespace embedscope;

class TestText : public QObject
{
    Q_OBJECT

private slots:
    void brokenUtf8IsRepairedAndValidTextKept();
    void printableTextHoldsNoControls();
    void caseIsFoldedAsUnicodeSays();
    void numbersAreParsedWhole();
    void numbersOutOfRangeRound();
    void numbersSurviveTheRoundTrip();
    void countsAndBytesReadWell();
};

void TestText::brokenUtf8IsRepairedAndValidTextKept()
{
    QVERIFY(isValidUtf8("na\xC3\xAFve \xF0\x9F\x98\x80"));
    QVERIFY(!isValidUtf8("caf\xC3"));
    QVERIFY(!isValidUtf8("\xED\xA0\x80")); // A lone surrogate.
    QCOMPARE(repairUtf8("na\xC3\xAFve"), std::string("na\xC3\xAFve"));
    QCOMPARE(repairUtf8("caf\xC3"), std::string("caf\xEF\xBF\xBD"));
    QVERIFY(isValidUtf8(repairUtf8("\x80\xFF\xC3(\xE2\x82")));
}

void TestText::printableTextHoldsNoControls()
{
    QCOMPARE(printable("a\x1b[31mb\nc\xC2\x9B"), std::string("a [31mb c  "));
}

void TestText::caseIsFoldedAsUnicodeSays()
{
    QCOMPARE(foldCase("HELLO"), std::string("hello"));
    QCOMPARE(foldCase("Stra\xC3\x9F" "e"), foldCase("STRASSE"));
    QCOMPARE(foldCase("\xC3\x89t\xC3\xA9"), foldCase("\xC3\xA9T\xC3\x89"));
    QCOMPARE(foldCase("e\xCC\x81"), foldCase("\xC3\x89")); // Decomposed and composed.
}

void TestText::numbersAreParsedWhole()
{
    QCOMPARE(parseNumber(" 1.5 ").value(), 1.5);
    QCOMPARE(parseNumber("+2").value(), 2.0);
    QCOMPARE(parseNumber("-1e-3").value(), -1e-3);
    QVERIFY(std::isnan(parseNumber("NaN").value()));
    QVERIFY(std::isinf(parseNumber("-inf").value()));
    for (const char* text : {"", " ", "1,5", "1.5x", "+-1", "0x10", "--1", "e5"})
        QVERIFY2(!parseNumber(text), text);
    QCOMPARE(parseInteger("42").value(), 42);
    QVERIFY(!parseInteger("4.2"));
    QVERIFY(!parseInteger("99999999999999999999"));
}

void TestText::numbersOutOfRangeRound()
{
    QCOMPARE(parseNumber("1e999").value(), std::numeric_limits<double>::infinity());
    QCOMPARE(parseNumber("-1e999").value(), -std::numeric_limits<double>::infinity());
    QCOMPARE(parseNumber("1e-999").value(), 0.0);
}

void TestText::numbersSurviveTheRoundTrip()
{
    for (const float value : {0.1F, 1e-38F, 16777217.0F, -3.4e38F, 1.0F / 3})
        QCOMPARE(static_cast<float>(parseNumber(formatNumber(value)).value()), value);
    QCOMPARE(formatNumber(0.1F), std::string("0.1"));
}

void TestText::countsAndBytesReadWell()
{
    QCOMPARE(formatCount(0), std::string("0"));
    QCOMPARE(formatCount(999), std::string("999"));
    QCOMPARE(formatCount(1234567), std::string("1,234,567"));
    QCOMPARE(formatCount(-1234), std::string("-1,234"));
    QCOMPARE(formatCount(-123), std::string("-123"));
    QCOMPARE(formatBytes(12), std::string("12 bytes"));
    QCOMPARE(formatBytes(12345678), std::string("12.3 MB"));
    QCOMPARE(formatBytes(999999), std::string("1.00 MB"));
}

QTEST_APPLESS_MAIN(TestText)
#include "tst_text.moc"
