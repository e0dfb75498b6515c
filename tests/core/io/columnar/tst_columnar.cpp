// What the readers of columnar formats share: codecs, the budget of expansion, dates.

#include "core/io/columnar/codecs.h"
#include "core/io/columnar/date_text.h"
#include "core/io/columnar/expansion_budget.h"
#include "core/io/format.h"
#include "tests/support/column_codecs.h"

#include <QTest>
#include <limits>

using namespace embedscope;
using namespace embedscope::test;

namespace {

std::span<const std::byte> bytesOf(const std::string& text)
{
    return std::as_bytes(std::span(text));
}

} // namespace

class TestColumnar : public QObject
{
    Q_OBJECT

private slots:
    void codecsFillExactlyWhatTheyShould_data();
    void codecsFillExactlyWhatTheyShould();
    void budgetsEndAtWhatIsAllowed();
    void smallFilesMayNotBecomeLarge();
    void datesAreThoseOfTheCalendar_data();
    void datesAreThoseOfTheCalendar();
    void timesAreTold();
};

void TestColumnar::codecsFillExactlyWhatTheyShould_data()
{
    QTest::addColumn<int>("codec");
    QTest::addColumn<QByteArray>("packed");
    std::string text;
    for (int i = 0; i < 5000; ++i)
        text += static_cast<char>(i * i % 97);
    const auto add = [](const char* name, Codec codec, const std::string& packed) {
        QTest::newRow(name) << static_cast<int>(codec) << QByteArray::fromStdString(packed);
    };
    add("snappy", Codec::Snappy, toSnappy(text));
    add("gzip", Codec::Gzip, toGzip(text));
    add("brotli", Codec::Brotli, toBrotli(text));
    add("zstd", Codec::Zstd, toZstd(text));
    add("lz4 block", Codec::Lz4Block, toLz4Block(text));
    add("lz4 frame", Codec::Lz4Frame, toLz4Frame(text));
    add("lz4 hadoop", Codec::Lz4Hadoop, toLz4Hadoop(text));
    add("lz4 block as hadoop", Codec::Lz4Hadoop, toLz4Block(text));
    add("lz4 frame as hadoop", Codec::Lz4Hadoop, toLz4Frame(text));
}

void TestColumnar::codecsFillExactlyWhatTheyShould()
{
    QFETCH(int, codec);
    QFETCH(QByteArray, packed);
    const std::string stored = packed.toStdString();
    const auto which = static_cast<Codec>(codec);
    std::string out(5000, 'x');
    QVERIFY(decompress(which, bytesOf(stored), std::as_writable_bytes(std::span(out))));
    for (int i = 0; i < 5000; ++i)
        QCOMPARE(out[static_cast<std::size_t>(i)], static_cast<char>(i * i % 97));
    QVERIFY(mostExpanded(which, stored.size()) >= 5000);
    for (const std::size_t wrong : {1, 4999, 5001, 100000}) {
        std::string other(wrong, 'x');
        QVERIFY(!decompress(which, bytesOf(stored), std::as_writable_bytes(std::span(other))));
    }
    for (std::size_t cut = 0; cut < stored.size(); cut += 7) {
        QVERIFY(
            !decompress(which, bytesOf(stored).first(cut), std::as_writable_bytes(std::span(out))));
    }
}

void TestColumnar::budgetsEndAtWhatIsAllowed()
{
    const ExpansionBudget budget("a.parquet", 100, 1000);
    QVERIFY(budget.spend(400).ok());
    QVERIFY(budget.spend(600).ok());
    const Status beyond = budget.spend(1);
    QVERIFY(!beyond.ok());
    QCOMPARE(beyond.error().code, ErrorCode::TooLarge);
    QVERIFY(beyond.error().detail.find("--max-bytes 1001") != std::string::npos);
    // A large file may become larger than what is allowed to a small one.
    QVERIFY(ExpansionBudget("a", 1000, 1000).spend(8000).ok());
    QVERIFY(
        !ExpansionBudget("a", 1000, 1000).spend(std::numeric_limits<std::uint64_t>::max()).ok());
}

void TestColumnar::smallFilesMayNotBecomeLarge()
{
    const std::uint64_t usual = ReadOptions().maxBytes;
    constexpr std::uint64_t kMega = 1U << 20U;
    QVERIFY(ExpansionBudget("a", 1000, usual).spend(200 * kMega).ok());
    QVERIFY(!ExpansionBudget("a", 1000, usual).spend(300 * kMega).ok());
    QVERIFY(ExpansionBudget("a", kMega, usual).spend(900 * kMega).ok());
    QVERIFY(ExpansionBudget("a", 1000, usual + 1).spend(300 * kMega).ok()); // The user insists.
}

void TestColumnar::datesAreThoseOfTheCalendar_data()
{
    QTest::addColumn<qlonglong>("days");
    QTest::addColumn<QString>("text");
    QTest::newRow("epoch") << 0LL << "1970-01-01";
    QTest::newRow("before") << -1LL << "1969-12-31";
    QTest::newRow("leap day") << 19782LL << "2024-02-29";
    QTest::newRow("after it") << 19783LL << "2024-03-01";
    QTest::newRow("no leap year") << -25508LL << "1900-03-01";
    QTest::newRow("leap century") << 11016LL << "2000-02-29";
    QTest::newRow("long ago") << -719528LL << "0000-01-01";
    QTest::newRow("longer ago") << -719529LL << "-0001-12-31";
}

void TestColumnar::datesAreThoseOfTheCalendar()
{
    QFETCH(qlonglong, days);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(dateText(days)), text);
}

void TestColumnar::timesAreTold()
{
    QCOMPARE(timeText(74096, 1), std::string("20:34:56"));
    QCOMPARE(timeText(74096007, 1000), std::string("20:34:56.007"));
    QCOMPARE(timestampText(1704141296123456, 1000000), std::string("2024-01-01 20:34:56.123456"));
    QCOMPARE(timestampText(1704141296120000, 1000000), std::string("2024-01-01 20:34:56.120"));
    QCOMPARE(timestampText(-1, 1000), std::string("1969-12-31 23:59:59.999"));
    // Whatever stands there is shown, and nothing overflows.
    for (const auto value :
        {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
        for (const std::int64_t perSecond : std::initializer_list<std::int64_t>{1, 1000000000})
            QVERIFY(!timestampText(value, perSecond).empty());
        QVERIFY(!timeText(value, 1000).empty());
    }
}

QTEST_APPLESS_MAIN(TestColumnar)
#include "tst_columnar.moc"
