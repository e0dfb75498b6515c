#include "core/data/joined.h"
#include "tests/support/test_data.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/charts/similarity_chart.h"
#include "ui/panels/neighbors_panel.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTimer>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;

namespace {

struct Fixture
{
    Workspace workspace;
    NeighborsPanel panel{workspace};
    PointView* list = part<PointView>(panel, "neighborsList");
    QLabel* header = part<QLabel>(panel, "neighborsHeader");
    QLabel* message = part<QLabel>(panel, "neighborsMessage");

    explicit Fixture(std::shared_ptr<const Dataset> dataset = test::blobDataset(300, 100, 3))
    {
        workspace.show(std::move(dataset));
        test::showPanel(panel, {340, 640});
    }
    PointId current() const { return workspace.selection()->current(); }
    void select(PointId point)
    {
        workspace.selection()->selectPoint(point);
        QTRY_VERIFY(workspace.neighbors()->list() || !workspace.neighbors()->error().isEmpty());
    }
};

} // namespace

class TestNeighborsPanel : public QObject
{
    Q_OBJECT

private slots:
    void selectingAPointListsItsNeighbours();
    void theHeaderSaysWhatWasCompared();
    void theListGoesBeforeTheChart();
    void metricAndCountCanBeChosen();
    void theNeighboursCanBeLimited();
    void aClickWalksThereAndBackReturns();
    void enterWalksThere();
    void backAndForwardHaveKeys();
    void restingOnANeighbourHighlightsIt();
    void theListCanBeSelected();
    void theListCanBeCopied();
    void theListCanBeSaved();
    void aWarningIsShownAsASentence();
    void closingTheTableEmptiesThePanel();
};

void TestNeighborsPanel::selectingAPointListsItsNeighbours()
{
    Fixture f;
    QCOMPARE(f.message->text(), QStringLiteral("Select a point to see its neighbours."));
    f.select(6);
    QCOMPARE(f.list->model()->rowCount(), 20);
    QCOMPARE(part<QLabel>(f.panel, "neighborsTitle")->text(), QStringLiteral("p6"));
    QVERIFY(!f.message->isVisible());
    for (int row = 0; row < 20; ++row)
        QCOMPARE(f.list->pointAt(row) % 3, PointId(0)); // The same blob.
    QVERIFY(test::cellText(f.list, 0, 2).toDouble() >= test::cellText(f.list, 19, 2).toDouble());
}

void TestNeighborsPanel::theHeaderSaysWhatWasCompared()
{
    Fixture f;
    QCOMPARE(f.header->text(), QStringLiteral("In the full 100 dimensions, as in the file."));
    QVERIFY(f.header->toolTip().contains(QStringLiteral("not centred, not normalised")));
    const auto* metric = part<QComboBox>(f.panel, "neighborsMetric");
    QCOMPARE(metric->currentText(), QStringLiteral("Cosine similarity"));
    f.workspace.neighbors()->setMetric(Metric::Euclidean);
    QCOMPARE(metric->currentText(), QStringLiteral("Euclidean distance"));
    f.workspace.neighbors()->setMetric(Metric::Manhattan);
    QCOMPARE(metric->currentText(), QStringLiteral("Manhattan distance"));
}

void TestNeighborsPanel::theListGoesBeforeTheChart()
{
    Fixture f;
    f.select(6);
    auto* chart = part<SimilarityChart>(f.panel, "neighborsChart");
    f.panel.resize(300, 900);
    QTRY_VERIFY(chart->isVisible());
    f.panel.resize(300, 400);
    QTRY_VERIFY(!chart->isVisible());
    QTRY_VERIFY(f.list->viewport()->height() > 5 * f.list->rowHeight(0));
    f.panel.resize(300, 900);
    QTRY_VERIFY(chart->isVisible());
}

void TestNeighborsPanel::metricAndCountCanBeChosen()
{
    Fixture f;
    f.select(6);
    auto* metric = part<QComboBox>(f.panel, "neighborsMetric");
    metric->setFocus();
    QTest::keyClick(metric, Qt::Key_Down);
    QCOMPARE(f.workspace.neighbors()->metric(), Metric::Euclidean);
    QTRY_VERIFY(f.workspace.neighbors()->list());
    QVERIFY(test::cellText(f.list, 0, 2).toDouble() <= test::cellText(f.list, 19, 2).toDouble());
    QTest::keyClick(metric, Qt::Key_End);
    QCOMPARE(f.workspace.neighbors()->metric(), Metric::Manhattan);
    QCOMPARE(metric->currentText(), QStringLiteral("Manhattan distance"));
    QVERIFY(!metric->itemData(metric->currentIndex(), Qt::ToolTipRole).toString().isEmpty());
    QTRY_VERIFY(f.workspace.neighbors()->list());
    QVERIFY(test::cellText(f.list, 0, 2).toDouble() <= test::cellText(f.list, 19, 2).toDouble());
    auto* count = part<QSpinBox>(f.panel, "neighborsCount");
    count->setFocus();
    QTest::keyClick(count, Qt::Key_Up);
    QCOMPARE(f.workspace.neighbors()->k(), Index(21));
    QTRY_COMPARE(f.list->model()->rowCount(), 21);
}

void TestNeighborsPanel::theNeighboursCanBeLimited()
{
    Fixture f(joinDatasets(
        {test::blobDataset(200, 10, 3), test::blobDataset(40, 10, 3, 5)}, {"users", "items"}, {})
                  .value());
    auto* among = part<QComboBox>(f.panel, "neighborsAmong");
    QVERIFY(among->isVisible());
    QCOMPARE(among->currentText(), QStringLiteral("Among all points"));
    f.select(3);
    const auto choose = [&](const QString& text) {
        const int row = among->findText(text);
        QVERIFY2(row >= 0, qPrintable(text));
        among->setCurrentIndex(row);
        emit among->activated(row);
        QTRY_VERIFY(f.workspace.neighbors()->list());
        QTRY_VERIFY(f.list->model()->rowCount() > 0 && f.list->isEnabled());
    };
    choose(QStringLiteral("Among items"));
    for (int row = 0; row < f.list->model()->rowCount(); ++row)
        QVERIFY(f.list->pointAt(row) >= 200);
    choose(QStringLiteral("Among another source than its own"));
    f.select(210);
    QTRY_VERIFY(f.list->pointAt(0) < 200);
    choose(QStringLiteral("Among group: group 1"));
    const Column& groups = f.workspace.dataset()->columns()[1];
    for (int row = 0; row < f.list->model()->rowCount(); ++row)
        QCOMPARE(groups.text(f.list->pointAt(row)), std::string("group 1"));
    choose(QStringLiteral("Among all points"));
    QVERIFY(!f.workspace.neighbors()->among());
    f.workspace.show(test::datasetOf(test::normalMatrix(30, 4)));
    QVERIFY(!among->isVisible());
}

void TestNeighborsPanel::aClickWalksThereAndBackReturns()
{
    Fixture f;
    f.select(6);
    const PointId nearest = f.list->pointAt(0);
    test::clickRow(f.list, 0);
    QCOMPARE(f.current(), nearest);
    QTRY_VERIFY(f.workspace.neighbors()->list());
    auto* back = f.panel.findChild<QAction*>(QStringLiteral("neighbors.back"));
    auto* forward = f.panel.findChild<QAction*>(QStringLiteral("neighbors.forward"));
    QVERIFY(back->isEnabled());
    QVERIFY(!forward->isEnabled());
    back->trigger();
    QCOMPARE(f.current(), PointId(6));
    QVERIFY(forward->isEnabled());
    forward->trigger();
    QCOMPARE(f.current(), nearest);
}

void TestNeighborsPanel::enterWalksThere()
{
    Fixture f;
    f.select(6);
    f.list->setFocus();
    QTest::keyClick(f.list, Qt::Key_Down);
    QTest::keyClick(f.list, Qt::Key_Down);
    const PointId second = f.list->pointAt(f.list->currentIndex().row());
    QCOMPARE(f.current(), PointId(6)); // Arrows only look.
    QTest::keyClick(f.list, Qt::Key_Return);
    QCOMPARE(f.current(), second);
}

void TestNeighborsPanel::backAndForwardHaveKeys()
{
    Fixture f;
    f.select(6);
    f.select(9);
    f.list->setFocus();
    QTRY_VERIFY(f.panel.isActiveWindow());
    QTest::keyClick(&f.panel, Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(f.current(), PointId(6));
    QTest::keyClick(&f.panel, Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(f.current(), PointId(9));
}

void TestNeighborsPanel::restingOnANeighbourHighlightsIt()
{
    Fixture f;
    f.select(6);
    QTest::mouseMove(f.list->viewport(), test::cellCentre(f.list, 3, 1));
    QTRY_COMPARE(f.workspace.selection()->hovered(), f.list->pointAt(3));
    QCOMPARE(f.current(), PointId(6));
}

void TestNeighborsPanel::theListCanBeSelected()
{
    Fixture f;
    f.select(6);
    QTest::mouseClick(part<QPushButton>(f.panel, "neighborsSelect"), Qt::LeftButton);
    QCOMPARE(f.workspace.selection()->selected().count(), Index(21));
    QCOMPARE(f.current(), PointId(6));
}

void TestNeighborsPanel::theListCanBeCopied()
{
    Fixture f;
    f.select(6);
    QTest::mouseClick(part<QPushButton>(f.panel, "neighborsCopy"), Qt::LeftButton);
    const QString copied = QGuiApplication::clipboard()->text();
    QCOMPARE(copied.count(QLatin1Char('\n')), 21);
    QVERIFY(copied.startsWith(QStringLiteral("rank\trow\tname\tcosine\n1\t")));
    QGuiApplication::clipboard()->clear();
    f.list->setFocus();
    QTest::keyClick(f.list, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), copied);
}

void TestNeighborsPanel::theListCanBeSaved()
{
    Fixture f;
    f.select(6);
    const test::TemporaryFolder folder;
    const QString path = QString::fromStdString(folder.file("out.csv"));
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QTimer answer;
    connect(&answer, &QTimer::timeout, this, [&] {
        if (auto* dialog = f.panel.findChild<QFileDialog*>()) {
            answer.stop();
            // selectFile() leaves the name alone where the cursor stands in it.
            dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(path);
            QMetaObject::invokeMethod(dialog, "accept");
        }
    });
    answer.start(20);
    QTest::mouseClick(part<QPushButton>(f.panel, "neighborsExport"), Qt::LeftButton);
    const std::string text = test::readFile(folder.file("out.csv"));
    QVERIFY2(text.rfind("rank,row,name,cosine\n1,", 0) == 0, text.c_str());
    QCOMPARE(std::count(text.begin(), text.end(), '\n'), 21);
}

void TestNeighborsPanel::aWarningIsShownAsASentence()
{
    Matrix matrix = test::normalMatrix(10, 4);
    std::fill_n(matrix.row(0), 4, 0.F);
    Fixture f(test::datasetOf(std::move(matrix)));
    f.select(0);
    QTRY_VERIFY(f.message->isVisible());
    QVERIFY2(f.message->text().contains(QStringLiteral("zero"), Qt::CaseInsensitive),
        qPrintable(f.message->text()));
    QCOMPARE(f.list->model()->rowCount(), 0);
    QVERIFY(!part<QPushButton>(f.panel, "neighborsCopy")->isEnabled());
}

void TestNeighborsPanel::closingTheTableEmptiesThePanel()
{
    Fixture f;
    f.select(6);
    f.workspace.close();
    QCOMPARE(f.list->model()->rowCount(), 0);
    QCOMPARE(f.message->text(), QStringLiteral("Open a file to see neighbours."));
    QVERIFY(part<QLabel>(f.panel, "neighborsTitle")->text().isEmpty());
    QVERIFY(!f.panel.findChild<QAction*>(QStringLiteral("neighbors.back"))->isEnabled());
}

QTEST_MAIN(TestNeighborsPanel)
#include "tst_neighbors_panel.moc"
