#include "tests/support/test_data.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/panels/table_panel.h"
#include "ui/panels/table_view.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;

namespace {

struct Fixture
{
    Workspace workspace;
    TablePanel panel{workspace};
    TableView* view = part<TableView>(panel, "tableView");

    explicit Fixture(Index n = 40)
    {
        test::showPanel(panel, {560, 420});
        workspace.show(test::blobDataset(n, 3, 4));
    }
    const PointSet& selected() const { return workspace.selection()->selected(); }
    PointId current() const { return workspace.selection()->current(); }
    void clickHeading(int column)
    {
        QHeaderView* header = view->horizontalHeader();
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
            {header->sectionViewportPosition(column) + header->sectionSize(column) / 2,
                header->height() / 2});
    }
    QString first(int column) const { return test::cellText(view, 0, column); }
};

/// Whether the row is drawn as selected.
bool isMarked(TableView* view, int row)
{
    const QRect cell = view->visualRect(view->model()->index(row, 0));
    const QColor color
        = view->viewport()->grab().toImage().pixelColor(cell.left() + 2, cell.center().y());
    return color.hsvSaturation() > 90; // The background has no colour, under the mouse little.
}

} // namespace

class TestTablePanel : public QObject
{
    Q_OBJECT

private slots:
    void allPointsAndColumnsAreShown();
    void aClickSelectsThePoint();
    void shiftAndControlExtendTheSelection();
    void draggingSelectsARange();
    void keysMoveAndSelect();
    void theMapsSelectionIsShown();
    void headingsSortAndGoBack();
    void whatTheMapMeasuresSortsToo();
    void onlyHitsAreShown();
    void onlySelectedAreShown();
    void rowsAreCopied();
    void aMillionRowsOpenSortAndSelect();
    void closingTheTableEmptiesThePanel();
};

void TestTablePanel::allPointsAndColumnsAreShown()
{
    Fixture f;
    QCOMPARE(f.view->model()->rowCount(), 40);
    QCOMPARE(f.view->model()->columnCount(), 4);
    QCOMPARE(test::cellText(f.view, 5, 1), QStringLiteral("p5"));
    QCOMPARE(part<QLabel>(f.panel, "tableStatus")->text(), QStringLiteral("40 points"));
}

void TestTablePanel::aClickSelectsThePoint()
{
    Fixture f;
    test::clickRow(f.view, 4);
    QCOMPARE(f.current(), PointId(4));
    QCOMPARE(f.selected().count(), Index(1));
    QVERIFY(isMarked(f.view, 4));
    QVERIFY(!isMarked(f.view, 5));
}

void TestTablePanel::shiftAndControlExtendTheSelection()
{
    Fixture f;
    test::clickRow(f.view, 2);
    test::clickRow(f.view, 6, Qt::ShiftModifier);
    QCOMPARE(f.selected().count(), Index(5));
    test::clickRow(f.view, 4, Qt::ControlModifier);
    QCOMPARE(f.selected().count(), Index(4));
    QVERIFY(!f.selected().contains(4));
    test::clickRow(f.view, 8, Qt::ControlModifier);
    QCOMPARE(f.selected().count(), Index(5));
    QVERIFY(isMarked(f.view, 8));
    QVERIFY(!isMarked(f.view, 4));
    QVERIFY(part<QLabel>(f.panel, "tableStatus")->text().endsWith(QStringLiteral("5 selected")));
}

void TestTablePanel::draggingSelectsARange()
{
    Fixture f;
    QTest::mousePress(f.view->viewport(), Qt::LeftButton, {}, test::cellCentre(f.view, 1));
    QMouseEvent move(QEvent::MouseMove, QPointF(test::cellCentre(f.view, 5)),
        f.view->viewport()->mapToGlobal(QPointF(test::cellCentre(f.view, 5))), Qt::NoButton,
        Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(f.view->viewport(), &move);
    QTest::mouseRelease(f.view->viewport(), Qt::LeftButton, {}, test::cellCentre(f.view, 5));
    QCOMPARE(f.selected().count(), Index(5));
    QVERIFY(f.selected().contains(1));
    QVERIFY(f.selected().contains(5));
}

void TestTablePanel::keysMoveAndSelect()
{
    Fixture f;
    test::clickRow(f.view, 2);
    QTest::keyClick(f.view, Qt::Key_Down);
    QCOMPARE(f.current(), PointId(3));
    QTest::keyClick(f.view, Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(f.view, Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(f.selected().count(), Index(3));
    QTest::keyClick(f.view, Qt::Key_Space);
    QCOMPARE(f.selected().count(), Index(2));
    QTest::keyClick(f.view, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(f.selected().count(), Index(40));
}

void TestTablePanel::theMapsSelectionIsShown()
{
    Fixture f(2000);
    f.workspace.selection()->selectPoint(1500);
    const QRect row = f.view->visualRect(f.view->model()->index(1500, 0));
    QVERIFY(f.view->viewport()->rect().contains(row.center()));
    QVERIFY(isMarked(f.view, 1500));
    f.workspace.selection()->clear();
    QVERIFY(!isMarked(f.view, 1500));
}

void TestTablePanel::headingsSortAndGoBack()
{
    Fixture f;
    f.workspace.selection()->selectPoint(39);
    f.clickHeading(1); // Text: p0, p1, p10, p11 …
    QTRY_COMPARE(test::cellText(f.view, 2, 1), QStringLiteral("p10"));
    QVERIFY(f.view->horizontalHeader()->isSortIndicatorShown());
    f.clickHeading(3);
    QTRY_COMPARE(test::cellText(f.view, 2, 1), QStringLiteral("p2"));
    f.clickHeading(3);
    QTRY_COMPARE(f.first(1), QStringLiteral("p39"));
    QCOMPARE(f.current(), PointId(39)); // Sorting selects nothing.
    test::clickRow(f.view, 1);
    QCOMPARE(f.current(), PointId(38));
    f.clickHeading(3);
    QTRY_COMPARE(f.first(1), QStringLiteral("p0"));
    QVERIFY(!f.view->horizontalHeader()->isSortIndicatorShown());
}

void TestTablePanel::whatTheMapMeasuresSortsToo()
{
    Fixture f;
    QCOMPARE(f.view->model()->columnCount(), 4);
    QTRY_COMPARE(f.view->model()->columnCount(), 6);
    const int kept = 5;
    QCOMPARE(f.view->model()->headerData(kept, Qt::Horizontal, Qt::DisplayRole).toString(),
        QStringLiteral("Neighbours kept (map)"));
    const auto isSorted = [&] {
        double before = -1;
        for (int row = 0; row < 40; ++row) {
            const double value = test::cellText(f.view, row, kept).toDouble();
            if (value < before)
                return false;
            before = value;
        }
        return true;
    };
    const auto rows = [&] {
        QStringList names;
        for (int row = 0; row < 40; ++row)
            names << test::cellText(f.view, row, 1);
        return names;
    };
    const QStringList inFile = rows();
    QVERIFY(!isSorted());
    f.panel.resize(1200, 420);
    QCoreApplication::processEvents();
    f.clickHeading(kept);
    QTRY_VERIFY(isSorted());
    const QStringList first = rows();
    // Another map: the order of the file until it is measured, then by its own figures.
    auto layout = std::make_shared<Layout>();
    layout->positions = test::normalMatrix(40, 2, 5);
    emit f.workspace.projection()->layoutReady(layout);
    QCOMPARE(f.view->model()->columnCount(), 4);
    QTRY_COMPARE(rows(), inFile);
    QVERIFY(!f.view->horizontalHeader()->isSortIndicatorShown());
    QTRY_COMPARE(f.view->model()->columnCount(), 6);
    QTRY_VERIFY(isSorted());
    QVERIFY(rows() != first);
    QVERIFY(f.view->horizontalHeader()->isSortIndicatorShown());
}

void TestTablePanel::onlyHitsAreShown()
{
    Fixture f;
    auto* onlyHits = part<QCheckBox>(f.panel, "tableOnlyHits");
    QTest::mouseClick(onlyHits, Qt::LeftButton, {}, {8, onlyHits->height() / 2});
    QCOMPARE(f.view->model()->rowCount(), 40);
    f.workspace.search()->setQuery(QStringLiteral("group 2"));
    QTRY_COMPARE(f.view->model()->rowCount(), 10);
    QCOMPARE(part<QLabel>(f.panel, "tableStatus")->text(), QStringLiteral("10 of 40 points"));
    test::clickRow(f.view, 1);
    QCOMPARE(f.current(), PointId(6));
    f.workspace.search()->clear();
    QTRY_COMPARE(f.view->model()->rowCount(), 40);
}

void TestTablePanel::onlySelectedAreShown()
{
    Fixture f;
    f.workspace.selection()->select(PointSet(40, {3, 30, 17}), SelectionMode::Replace);
    auto* onlySelected = part<QCheckBox>(f.panel, "tableOnlySelected");
    QTest::mouseClick(onlySelected, Qt::LeftButton, {}, {8, onlySelected->height() / 2});
    QTRY_COMPARE(f.view->model()->rowCount(), 3);
    QCOMPARE(test::cellText(f.view, 1, 1), QStringLiteral("p17"));
    f.workspace.selection()->selectPoint(5);
    QTRY_COMPARE(f.first(1), QStringLiteral("p5"));
}

void TestTablePanel::rowsAreCopied()
{
    Fixture f;
    test::clickRow(f.view, 2);
    test::clickRow(f.view, 4, Qt::ControlModifier);
    QTest::keyClick(f.view, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(),
        QStringLiteral("2\tp2\tgroup 2\t2\n4\tp4\tgroup 0\t4\n"));
}

void TestTablePanel::aMillionRowsOpenSortAndSelect()
{
    constexpr Index kMany = 1'000'000;
    Fixture f(kMany);
    QCOMPARE(f.view->model()->rowCount(), static_cast<int>(kMany));
    f.view->verticalScrollBar()->setValue(f.view->verticalScrollBar()->maximum());
    QCOMPARE(f.view->rowAt(f.view->viewport()->height() - 4), static_cast<int>(kMany - 1));
    f.workspace.selection()->select(PointSet::all(kMany), SelectionMode::Replace);
    QVERIFY(isMarked(f.view, static_cast<int>(kMany - 2)));
    f.clickHeading(3);
    f.clickHeading(3);
    QTRY_COMPARE_WITH_TIMEOUT(f.first(1), QStringLiteral("p999999"), 60000);
}

void TestTablePanel::closingTheTableEmptiesThePanel()
{
    Fixture f;
    f.clickHeading(1);
    f.workspace.close();
    QCOMPARE(f.view->model()->rowCount(), 0);
    QCOMPARE(part<QLabel>(f.panel, "tableStatus")->text(),
        QStringLiteral("Open a file to see its table."));
}

QTEST_MAIN(TestTablePanel)
#include "tst_table_panel.moc"
