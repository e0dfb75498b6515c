#include "tests/support/test_data.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/panels/column_combo.h"
#include "ui/panels/search_panel.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;

namespace {

/// A panel on 1,000 points p0 … p999 in four groups.
struct Fixture
{
    Workspace workspace;
    SearchPanel panel{workspace};
    QLineEdit* edit = part<QLineEdit>(panel, "searchEdit");
    QLabel* status = part<QLabel>(panel, "searchStatus");
    PointView* hits = part<PointView>(panel, "searchHits");

    Fixture()
    {
        workspace.show(test::blobDataset(1000, 3, 4));
        test::showPanel(panel);
        edit->setFocus();
    }
    void type(const QString& text) { QTest::keyClicks(edit, text); }
    PointId current() const { return workspace.selection()->current(); }
};

} // namespace

class TestSearchPanel : public QObject
{
    Q_OBJECT

private slots:
    void typingFindsAndCounts();
    void oneColumnCanBeSearched();
    void regularExpressionsAreATick();
    void aBrokenExpressionIsSaidInline();
    void enterAndArrowsWalkTheHits();
    void enterBeforeTheHitsGoesToTheFirst();
    void aClickGoesToTheHit();
    void restingOnAHitHighlightsIt();
    void allHitsCanBeSelected();
    void escapeClears();
    void closingTheTableDisables();
    void aMillionHitsAreListed();
};

void TestSearchPanel::typingFindsAndCounts()
{
    Fixture f;
    QCOMPARE(f.status->text(), QStringLiteral("Type to search 1,000 points."));
    f.type(QStringLiteral("p99"));
    QTRY_COMPARE(f.status->text(), QStringLiteral("11 hits in 1,000 points"));
    QCOMPARE(f.hits->model()->rowCount(), 11);
    QCOMPARE(test::cellText(f.hits, 0, 0), QStringLiteral("p99"));
    f.type(QStringLiteral("5"));
    QTRY_COMPARE(f.status->text(), QStringLiteral("One hit in 1,000 points"));
    f.type(QStringLiteral("x"));
    QTRY_COMPARE(f.status->text(), QStringLiteral("No hits in 1,000 points"));
}

void TestSearchPanel::oneColumnCanBeSearched()
{
    Fixture f;
    auto* column = part<ColumnCombo>(f.panel, "searchColumn");
    QCOMPARE(column->currentText(), QStringLiteral("All columns"));
    QCOMPARE(column->count(), 4);
    f.type(QStringLiteral("3"));
    QTRY_VERIFY(f.hits->model()->rowCount() > 250);
    column->setFocus();
    QTest::keyClick(column, Qt::Key_Down); // label
    QTest::keyClick(column, Qt::Key_Down); // group
    QCOMPARE(f.workspace.search()->column(), std::optional<std::size_t>(1));
    QTRY_COMPARE(f.status->text(), QStringLiteral("250 hits in 1,000 points"));
    QCOMPARE(test::cellText(f.hits, 0, 1), QStringLiteral("group 3"));
}

void TestSearchPanel::regularExpressionsAreATick()
{
    Fixture f;
    QTest::mouseClick(part<QCheckBox>(f.panel, "searchExpression"), Qt::LeftButton, {}, {8, 8});
    QVERIFY(f.workspace.search()->isRegularExpression());
    f.edit->setFocus();
    f.type(QStringLiteral("^p1.$"));
    QTRY_COMPARE(f.status->text(), QStringLiteral("10 hits in 1,000 points"));
}

void TestSearchPanel::aBrokenExpressionIsSaidInline()
{
    Fixture f;
    f.workspace.search()->setRegularExpression(true);
    f.type(QStringLiteral("p("));
    QTRY_VERIFY2(
        f.status->text().contains(QStringLiteral("not valid")), qPrintable(f.status->text()));
    QCOMPARE(f.hits->model()->rowCount(), 0);
    f.type(QStringLiteral("1)"));
    QTRY_VERIFY(f.status->text().contains(QStringLiteral("hits in")));
}

void TestSearchPanel::enterAndArrowsWalkTheHits()
{
    Fixture f;
    f.type(QStringLiteral("p99"));
    QTRY_COMPARE(f.hits->model()->rowCount(), 11);
    QTest::keyClick(f.edit, Qt::Key_Return);
    QCOMPARE(f.current(), PointId(99));
    QCOMPARE(f.hits->currentIndex().row(), 0);
    QTest::keyClick(f.edit, Qt::Key_Down);
    QCOMPARE(f.current(), PointId(990));
    QTest::keyClick(f.edit, Qt::Key_Up);
    QCOMPARE(f.current(), PointId(99));
    QTest::keyClick(f.edit, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(f.current(), PointId(999));
    QVERIFY(f.edit->hasFocus());
    QTest::keyClick(f.hits, Qt::Key_Down);
    QCOMPARE(f.current(), PointId(99));
}

void TestSearchPanel::enterBeforeTheHitsGoesToTheFirst()
{
    Fixture f;
    f.type(QStringLiteral("p123"));
    QTest::keyClick(f.edit, Qt::Key_Return);
    QTRY_COMPARE(f.current(), PointId(123));
}

void TestSearchPanel::aClickGoesToTheHit()
{
    Fixture f;
    f.type(QStringLiteral("p99"));
    QTRY_COMPARE(f.hits->model()->rowCount(), 11);
    test::clickRow(f.hits, 3);
    QCOMPARE(f.current(), PointId(992));
    QCOMPARE(f.workspace.search()->position(), Index(3));
}

void TestSearchPanel::restingOnAHitHighlightsIt()
{
    Fixture f;
    f.type(QStringLiteral("p99"));
    QTRY_COMPARE(f.hits->model()->rowCount(), 11);
    QTest::mouseMove(f.hits->viewport(), test::cellCentre(f.hits, 2));
    QTRY_COMPARE(f.workspace.selection()->hovered(), PointId(991));
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(f.hits->viewport(), &leave);
    QCOMPARE(f.workspace.selection()->hovered(), kNoPoint);
}

void TestSearchPanel::allHitsCanBeSelected()
{
    Fixture f;
    auto* button = part<QPushButton>(f.panel, "searchSelectAll");
    QVERIFY(!button->isEnabled());
    f.type(QStringLiteral("p99"));
    QTRY_VERIFY(button->isEnabled());
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(f.workspace.selection()->selected().count(), Index(11));
    QVERIFY(f.workspace.selection()->selected().contains(995));
}

void TestSearchPanel::escapeClears()
{
    Fixture f;
    f.type(QStringLiteral("p99"));
    QTRY_COMPARE(f.hits->model()->rowCount(), 11);
    QTest::keyClick(f.edit, Qt::Key_Escape);
    QVERIFY(f.edit->text().isEmpty());
    QCOMPARE(f.hits->model()->rowCount(), 0);
    QCOMPARE(f.status->text(), QStringLiteral("Type to search 1,000 points."));
}

void TestSearchPanel::closingTheTableDisables()
{
    Fixture f;
    f.type(QStringLiteral("p99"));
    QTRY_COMPARE(f.hits->model()->rowCount(), 11);
    f.workspace.close();
    QCOMPARE(f.hits->model()->rowCount(), 0);
    QCOMPARE(f.status->text(), QStringLiteral("Open a file to search it."));
    QVERIFY(!f.edit->isEnabled());
    QVERIFY(!part<QPushButton>(f.panel, "searchSelectAll")->isEnabled());
}

void TestSearchPanel::aMillionHitsAreListed()
{
    constexpr Index kMany = 1'000'000;
    Workspace workspace;
    SearchPanel panel(workspace);
    test::showPanel(panel);
    workspace.show(test::blobDataset(kMany, 1, 2));
    workspace.search()->setQuery(QStringLiteral("p"));
    auto* hits = part<PointView>(panel, "searchHits");
    QTRY_COMPARE_WITH_TIMEOUT(hits->model()->rowCount(), static_cast<int>(kMany), 60000);
    QCOMPARE(part<QLabel>(panel, "searchStatus")->text(),
        QStringLiteral("1,000,000 hits in 1,000,000 points"));
    workspace.search()->previous(); // Round the end: the last of them.
    QCOMPARE(workspace.selection()->current(), PointId(kMany - 1));
    QVERIFY(hits->visualRect(hits->currentIndex()).isValid());
    QVERIFY(hits->viewport()->rect().intersects(hits->visualRect(hits->currentIndex())));
}

QTEST_MAIN(TestSearchPanel)
#include "tst_search_panel.moc"
