#include "tests/support/test_data.h"
#include "ui/models/legend_model.h"
#include "ui/workspace/color_state.h"

#include <QAbstractItemModelTester>
#include <QColor>
#include <QSignalSpy>
#include <QTest>

using namespace embedscope;
using namespace embedscope::ui;

class TestLegendModel : public QObject
{
    Q_OBJECT

private slots:
    void everyCategoryIsARowWithItsCount();
    void uncheckingHidesTheCategory();
    void aClosedTableLeavesNoRows();
};

void TestLegendModel::everyCategoryIsARowWithItsCount()
{
    ColorState color;
    LegendModel model(&color);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    QCOMPARE(model.rowCount(), 0);
    color.reset(test::blobDataset(31, 3, 3));
    QTRY_COMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("group 0"));
    QCOMPARE(model.index(0).data(LegendModel::CountRole).toInt(), 11);
    QVERIFY(model.index(0).data(LegendModel::ColorRole).value<QColor>()
        != model.index(1).data(LegendModel::ColorRole).value<QColor>());
    QCOMPARE(model.index(0).data(Qt::AccessibleTextRole).toString(),
        QStringLiteral("group 0: 11 points"));
}

void TestLegendModel::uncheckingHidesTheCategory()
{
    ColorState color;
    LegendModel model(&color);
    color.reset(test::blobDataset(30, 3, 3));
    QTRY_COMPARE(model.rowCount(), 3);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QVERIFY(model.setData(model.index(1), Qt::Unchecked, Qt::CheckStateRole));
    QVERIFY(color.isHidden(model.codeAt(1)));
    QVERIFY(model.index(1).data(LegendModel::IsHiddenRole).toBool());
    QVERIFY(!changed.isEmpty());
    QVERIFY(model.setData(model.index(1), Qt::Checked, Qt::CheckStateRole));
    QVERIFY(!color.isAnyHidden());
}

void TestLegendModel::aClosedTableLeavesNoRows()
{
    ColorState color;
    LegendModel model(&color);
    color.reset(test::blobDataset(30, 3, 3));
    QTRY_COMPARE(model.rowCount(), 3);
    color.reset(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

QTEST_MAIN(TestLegendModel)
#include "tst_legend_model.moc"
