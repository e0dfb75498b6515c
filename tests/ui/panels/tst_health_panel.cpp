#include "tests/support/test_data.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/charts/norm_chart.h"
#include "ui/panels/health_panel.h"
#include "ui/workspace/health_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <limits>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;

namespace {

struct Fixture
{
    Workspace workspace;
    HealthPanel panel{workspace};

    Fixture() { test::showPanel(panel); }
    QString heading() const { return part<QLabel>(panel, "healthHeading")->text(); }
    QString facts() const { return part<QLabel>(panel, "healthFacts")->text(); }
    QWidget* finding(const QString& id) const
    {
        for (QFrame* row : panel.findChildren<QFrame*>(QStringLiteral("finding"))) {
            if (row->isVisibleTo(&panel) && row->property("finding").toString() == id)
                return row;
        }
        return nullptr;
    }
    void show(Matrix matrix)
    {
        workspace.show(test::datasetOf(std::move(matrix)));
        QTRY_VERIFY(workspace.health()->report());
    }
};

Matrix oddTable()
{
    Matrix m = test::normalMatrix(100, 4);
    m(3, 0) = std::numeric_limits<float>::quiet_NaN();
    for (Index j = 0; j < 4; ++j) {
        m(7, j) = 0;
        m(50, j) = m(20, j);
    }
    return m;
}

} // namespace

class TestHealthPanel : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatToDoWhileNothingIsOpen();
    void aSoundTableIsCalledSound();
    void findingsSelectTheirRows();
    void aClickBesideTheButtonSelectsToo();
    void dimensionsAreListed();
    void newColumnsAreExaminedToo();
    void closingTheTableEmptiesThePanel();
};

void TestHealthPanel::saysWhatToDoWhileNothingIsOpen()
{
    Fixture f;
    QVERIFY(f.heading().isEmpty());
    QVERIFY(f.facts().startsWith(QStringLiteral("Open a file")));
    QVERIFY(!part<NormChart>(f.panel, "healthNorms")->isVisible());
}

void TestHealthPanel::aSoundTableIsCalledSound()
{
    Fixture f;
    f.show(test::normalMatrix(300, 5));
    QCOMPARE(f.heading(), QStringLiteral("Nothing looks broken"));
    QVERIFY(f.facts().contains(QStringLiteral("300 points of 5 dimensions")));
    QVERIFY(part<NormChart>(f.panel, "healthNorms")->isVisible());
    QVERIFY(f.panel.findChildren<QFrame*>(QStringLiteral("finding")).isEmpty());
}

void TestHealthPanel::findingsSelectTheirRows()
{
    Fixture f;
    f.show(oddTable());
    QCOMPARE(f.heading(), QStringLiteral("3 things to know"));
    for (const auto& [id, rows] :
        std::vector<std::pair<QString, std::vector<PointId>>>{{QStringLiteral("nan-rows"), {3}},
            {QStringLiteral("zero-rows"), {7}}, {QStringLiteral("duplicate-rows"), {20, 50}}}) {
        QTRY_VERIFY2(f.finding(id) != nullptr, qPrintable(id)); // Once it is laid out.
        QWidget* row = f.finding(id);
        auto* button = row->findChild<QPushButton*>(QStringLiteral("findingSelect"));
        QVERIFY(button != nullptr);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(f.workspace.selection()->selected().ids(), rows);
    }
}

void TestHealthPanel::aClickBesideTheButtonSelectsToo()
{
    Fixture f;
    f.show(oddTable());
    QTRY_VERIFY(f.finding(QStringLiteral("zero-rows")));
    QTest::mouseClick(f.finding(QStringLiteral("zero-rows")), Qt::LeftButton, {}, QPoint(3, 3));
    QCOMPARE(f.workspace.selection()->selected().ids(), std::vector<PointId>{7});
}

void TestHealthPanel::dimensionsAreListed()
{
    Fixture f;
    Matrix m = test::normalMatrix(60, 20);
    for (Index i = 0; i < 60; ++i) {
        for (Index j = 4; j < 12; ++j)
            m(i, j) = 0;
    }
    f.show(std::move(m));
    QTRY_VERIFY(f.finding(QStringLiteral("dead-dimensions")) != nullptr);
    QWidget* row = f.finding(QStringLiteral("dead-dimensions"));
    bool isListed = false;
    for (const QLabel* label : row->findChildren<QLabel*>())
        isListed = isListed || label->text().contains(QStringLiteral("4, 5, 6, 7, 8, 9, 10, 11"));
    QVERIFY(isListed);
    QVERIFY(row->findChild<QPushButton*>(QStringLiteral("findingSelect")) == nullptr);
}

void TestHealthPanel::newColumnsAreExaminedToo()
{
    Fixture f;
    f.show(test::normalMatrix(4, 3));
    const test::TemporaryFolder folder;
    test::writeFile(folder.file("labels.txt"), "a\nb\na\nc\n");
    QSignalSpy changed(&f.workspace, &Workspace::columnsChanged);
    f.workspace.addMetadata(QString::fromStdString(folder.file("labels.txt")));
    QTRY_COMPARE(changed.size(), 1);
    QTRY_VERIFY(f.finding(QStringLiteral("duplicate-labels")) != nullptr);
}

void TestHealthPanel::closingTheTableEmptiesThePanel()
{
    Fixture f;
    f.show(oddTable());
    f.workspace.close();
    QVERIFY(f.heading().isEmpty());
    QVERIFY(f.finding(QStringLiteral("nan-rows")) == nullptr);
    // Closed while it is examined: nothing of it is shown later.
    f.workspace.show(test::datasetOf(oddTable()));
    f.workspace.close();
    QTest::qWait(0);
    QVERIFY(!f.workspace.health()->report());
    QVERIFY(!f.workspace.health()->isExamining());
}

QTEST_MAIN(TestHealthPanel)
#include "tst_health_panel.moc"
