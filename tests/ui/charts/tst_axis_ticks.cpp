#include "ui/charts/axis_ticks.h"

#include <QTest>

using namespace embedscope::ui;

class TestAxisTicks : public QObject
{
    Q_OBJECT

private slots:
    void stepsAreRound_data();
    void stepsAreRound();
    void formatsShowTheStepAndNoMore();
};

void TestAxisTicks::stepsAreRound_data()
{
    QTest::addColumn<double>("span");
    QTest::addColumn<int>("count");
    QTest::addColumn<double>("step");
    QTest::newRow("one") << 1.0 << 5 << 0.2;
    QTest::newRow("ranks") << 20.0 << 5 << 5.0;
    QTest::newRow("odd") << 0.37 << 4 << 0.1;
    QTest::newRow("large") << 12345.0 << 4 << 5000.0;
    QTest::newRow("tiny") << 3e-7 << 3 << 1e-7;
}

void TestAxisTicks::stepsAreRound()
{
    QFETCH(double, span);
    QFETCH(int, count);
    QFETCH(double, step);
    QCOMPARE(roundStep(span, count), step);
}

void TestAxisTicks::formatsShowTheStepAndNoMore()
{
    QCOMPARE(tickFormat(0.05, 1), QStringLiteral("%.2f"));
    QCOMPARE(tickFormat(0.1, 1), QStringLiteral("%.1f"));
    QCOMPARE(tickFormat(50, 1000), QStringLiteral("%.0f"));
    QCOMPARE(tickFormat(1e6, 5e7), QStringLiteral("%.3g"));
    QCOMPARE(tickFormat(1e-7, 1e-6), QStringLiteral("%.3g"));
}

QTEST_APPLESS_MAIN(TestAxisTicks)
#include "tst_axis_ticks.moc"
