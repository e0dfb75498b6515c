#include "ui/panels/time_text.h"

#include <QTest>

using namespace embedscope::ui;

class TestTimeText : public QObject
{
    Q_OBJECT

private slots:
    void timesToComeAreNoMoreExactThanTheyCanBe_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << 0.0 << QStringLiteral("less than a second");
        QTest::newRow("unknown") << qQNaN() << QStringLiteral("less than a second");
        QTest::newRow("one") << 1.1 << QStringLiteral("about a second");
        QTest::newRow("few") << 6.7 << QStringLiteral("about 6 seconds");
        QTest::newRow("forty") << 41.7 << QStringLiteral("about 40 seconds");
        QTest::newRow("minute") << 58.0 << QStringLiteral("about a minute");
        QTest::newRow("minutes") << 200.0 << QStringLiteral("about 3 minutes");
        QTest::newRow("hour") << 3500.0 << QStringLiteral("about an hour");
        QTest::newRow("hours") << 20000.0 << QStringLiteral("about 6 hours");
        QTest::newRow("days") << 1e7 << QStringLiteral("more than two days");
    }

    void timesToComeAreNoMoreExactThanTheyCanBe()
    {
        QFETCH(double, seconds);
        QFETCH(QString, text);
        QCOMPARE(aboutTime(seconds), text);
    }

    void timesThatPassedAreExact()
    {
        QCOMPARE(elapsedTime(12.44), QStringLiteral("12.4 s"));
        QCOMPARE(elapsedTime(185), QStringLiteral("3:05"));
        QCOMPARE(elapsedTime(3725), QStringLiteral("1:02:05"));
        QCOMPARE(elapsedTime(-1), QStringLiteral("0.0 s"));
    }
};

QTEST_APPLESS_MAIN(TestTimeText)
#include "tst_time_text.moc"
