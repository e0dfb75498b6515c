#include "core/base/text.h"
#include "tests/support/test_data.h"
#include "tests/support/ui_test.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/charts/loss_chart.h"
#include "ui/charts/scree_chart.h"
#include "ui/convert.h"
#include "ui/panels/column_combo.h"
#include "ui/panels/projection_panel.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGuiApplication>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;
using Phase = ProjectionState::Phase;

namespace {

struct Fixture
{
    test::IsolatedSettings settings;
    Workspace workspace;
    ProjectionPanel panel{workspace};
    ProjectionState* projection = workspace.projection();
    QComboBox* method = part<QComboBox>(panel, "projectionMethod");

    explicit Fixture(Index n = 300)
    {
        test::showPanel(panel, {340, 760});
        workspace.show(test::blobDataset(n, 12, 3));
        QTRY_VERIFY(workspace.layout());
        QTRY_COMPARE(projection->phase(), Phase::Idle);
    }
    QAction* order(const char* id) const { return panel.findChild<QAction*>(QLatin1String(id)); }
    void choose(const char* id) { method->setCurrentIndex(method->findData(QLatin1String(id))); }
    QString status() const { return part<QLabel>(panel, "projectionStatus")->text(); }
    QString recipe() const { return part<QLabel>(panel, "projectionRecipe")->text(); }
};

} // namespace

class TestProjectionPanel : public QObject
{
    Q_OBJECT

private slots:
    void everyMethodHasAForm_data();
    void everyMethodHasAForm();
    void runMakesAMapOfTheChosenMethod();
    void commonFieldsGoIntoTheRequest();
    void aRunCanBePausedResumedAndStopped();
    void discardPutsTheOldMapBack();
    void aStoppedRunCanGoOn();
    void valuesAreKeptForEachMethod();
    void defaultsCanBeRestored();
    void threeDimensionsCanBeAskedFor();
    void aRunCanStartFromTheMapShown();
    void theTimeIsEstimatedBeforeTheRun();
    void settingsComeBackFromAMap();
    void theRecipeAndTheScreeAreShown();
    void theCommandCanBeCopied();
    void columnsCanBeTheMap();
    void closingTheTableEmptiesThePanel();
};

void TestProjectionPanel::everyMethodHasAForm_data()
{
    QTest::addColumn<QString>("id");
    for (const Method& method : methods()) {
        const QString id = QString::fromUtf8(method.id.data(), qsizetype(method.id.size()));
        QTest::newRow(qPrintable(id)) << id;
    }
}

void TestProjectionPanel::everyMethodHasAForm()
{
    QFETCH(QString, id);
    Fixture f;
    f.choose(qPrintable(id));
    const Method* method = findMethod(id.toStdString());
    QVERIFY(part<QLabel>(f.panel, "projectionHelp")->text().size() > 40);
    for (const ParameterInfo& info : method->parameters) {
        const QString name = QString::fromUtf8(info.id.data(), qsizetype(info.id.size()));
        if (name.endsWith(QStringLiteral("_z")))
            continue; // Of maps in three dimensions.
        auto* field = f.panel.findChild<QWidget*>(name);
        QVERIFY2(field, qPrintable(name));
        QVERIFY2(field->whatsThis().size() > 20, qPrintable(name));
        QVERIFY2(!field->toolTip().isEmpty(), qPrintable(name));
    }
    QVERIFY(f.panel.request().parameters.empty());
    QCOMPARE(QString::fromStdString(f.panel.request().method), id);
}

void TestProjectionPanel::runMakesAMapOfTheChosenMethod()
{
    Fixture f;
    f.choose("pca");
    part<QSpinBox>(f.panel, "component_x")->setValue(3);
    const auto before = f.workspace.layout();
    QTest::mouseClick(part<QToolButton>(f.panel, "projectionRun"), Qt::LeftButton);
    QTRY_VERIFY(f.workspace.layout() != before);
    QTRY_COMPARE(f.projection->phase(), Phase::Idle);
    const ParameterValue* x = findValue(f.workspace.layout()->recipe.parameters, "component_x");
    QVERIFY(x && *x == ParameterValue(std::int64_t(3)));
    QVERIFY(!part<QProgressBar>(f.panel, "projectionBar")->isVisible());
}

void TestProjectionPanel::commonFieldsGoIntoTheRequest()
{
    Fixture f;
    part<QSpinBox>(f.panel, "seed")->setValue(42);
    auto* normalization = part<QComboBox>(f.panel, "normalization");
    QTest::keyClick(normalization, Qt::Key_Down);
    auto* components = part<QSpinBox>(f.panel, "components");
    QVERIFY(!components->isEnabled());
    QVERIFY(!f.panel.request().preprocessPca);
    auto* preprocess = part<QComboBox>(f.panel, "preprocess");
    QTest::keyClick(preprocess, Qt::Key_Down);
    QCOMPARE(f.panel.request().preprocessPca, std::optional<int>(0));
    QTest::keyClick(preprocess, Qt::Key_Down);
    QVERIFY(components->isEnabled());
    components->setValue(8);
    const ProjectionRequest request = f.panel.request();
    QCOMPARE(request.seed, std::uint64_t(42));
    QCOMPARE(request.normalization, std::string("center"));
    QCOMPARE(request.preprocessPca, std::optional<int>(8));
    QCOMPARE(request.dimensions, 2);
}

void TestProjectionPanel::aRunCanBePausedResumedAndStopped()
{
    if (!findMethod("tsne"))
        QFAIL("No iterative method is built in.");
    Fixture f(1500);
    f.choose("tsne");
    QVERIFY(!f.order("projection.pause")->isEnabled());
    f.order("projection.run")->trigger();
    QCOMPARE(f.projection->phase(), Phase::Running);
    QVERIFY(part<QProgressBar>(f.panel, "projectionBar")->isVisible());
    QVERIFY(f.order("projection.stop")->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(f.workspace.layout()->recipe.method == "tsne"
            && f.workspace.layout()->diagnostics.iterations > 2,
        60000);
    QTRY_VERIFY2(f.status().contains(QStringLiteral("of 1,000")), qPrintable(f.status()));
    f.order("projection.pause")->trigger();
    QCOMPARE(f.projection->phase(), Phase::Paused);
    QCOMPARE(f.order("projection.pause")->text(), QStringLiteral("Resume"));
    QVERIFY(f.status().startsWith(QStringLiteral("Paused")));
    f.order("projection.pause")->trigger();
    QCOMPARE(f.projection->phase(), Phase::Running);
    const int iterations = f.workspace.layout()->diagnostics.iterations;
    QTRY_VERIFY(f.workspace.layout()->diagnostics.iterations > iterations);
    f.order("projection.stop")->trigger();
    QCOMPARE(f.projection->phase(), Phase::Idle);
    QCOMPARE(f.workspace.layout()->recipe.method, std::string("tsne"));
    QVERIFY2(f.recipe().contains(QStringLiteral("iterations")), qPrintable(f.recipe()));
}

void TestProjectionPanel::discardPutsTheOldMapBack()
{
    if (!findMethod("tsne"))
        QFAIL("No iterative method is built in.");
    Fixture f(1500);
    f.choose("tsne");
    const auto before = f.workspace.layout();
    f.order("projection.run")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(f.workspace.layout() != before, 60000);
    f.order("projection.discard")->trigger();
    QCOMPARE(f.workspace.layout(), before);
    QCOMPARE(f.projection->phase(), Phase::Idle);
}

void TestProjectionPanel::aStoppedRunCanGoOn()
{
    if (!findMethod("tsne"))
        QFAIL("No iterative method is built in.");
    Fixture f(600);
    f.choose("tsne");
    constexpr int kIterations = 500'000; // So many that it cannot be done meanwhile.
    part<QSpinBox>(f.panel, "iterations")->setValue(kIterations);
    auto* goOn = part<QToolButton>(f.panel, "projectionGoOn");
    QVERIFY(!goOn->isVisible());
    f.order("projection.run")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(f.workspace.layout()->diagnostics.iterations > 2, 60000);
    f.order("projection.stop")->trigger();
    QTRY_VERIFY(goOn->isVisible());
    const int reached = f.workspace.layout()->diagnostics.iterations;
    QVERIFY2(goOn->toolTip().contains(toQString(formatCount(kIterations - reached))),
        qPrintable(goOn->toolTip()));
    QTest::mouseClick(goOn, Qt::LeftButton);
    QCOMPARE(f.projection->phase(), Phase::Running);
    QTRY_VERIFY(f.workspace.layout()->diagnostics.iterations > reached);
    f.order("projection.discard")->trigger();
    QCOMPARE(f.workspace.layout()->diagnostics.iterations, reached);
    QVERIFY(!goOn->isVisible());
}

void TestProjectionPanel::valuesAreKeptForEachMethod()
{
    Fixture f;
    f.choose("tsne");
    part<QDoubleSpinBox>(f.panel, "perplexity")->setValue(12);
    f.choose("pca");
    QVERIFY(f.panel.request().parameters.empty());
    part<QSpinBox>(f.panel, "component_x")->setValue(2);
    f.choose("tsne");
    QVERIFY(*findValue(f.panel.request().parameters, "perplexity") == ParameterValue(12.0));
    f.choose("pca");
    QVERIFY(
        *findValue(f.panel.request().parameters, "component_x") == ParameterValue(std::int64_t(2)));
}

void TestProjectionPanel::defaultsCanBeRestored()
{
    Fixture f;
    auto* restore = part<QPushButton>(f.panel, "projectionRestore");
    QVERIFY(!restore->isEnabled());
    f.choose("tsne");
    part<QDoubleSpinBox>(f.panel, "perplexity")->setValue(12);
    part<QSpinBox>(f.panel, "seed")->setValue(5);
    QVERIFY(restore->isEnabled());
    restore->click();
    QVERIFY(f.panel.request().parameters.empty());
    QCOMPARE(f.panel.request().method, std::string("tsne"));
    QCOMPARE(f.panel.request().seed, std::uint64_t(0));
    QVERIFY(!restore->isEnabled());
}

void TestProjectionPanel::threeDimensionsCanBeAskedFor()
{
    Fixture f;
    f.choose("pca");
    QVERIFY(!f.panel.findChild<QSpinBox*>(QStringLiteral("component_z")));
    QTest::keyClick(part<QComboBox>(f.panel, "dimensions"), Qt::Key_Down);
    QCOMPARE(f.panel.request().dimensions, 3);
    part<QSpinBox>(f.panel, "component_z")->setValue(4);
    QTest::keyClick(part<QComboBox>(f.panel, "dimensions"), Qt::Key_Up);
    QCOMPARE(f.panel.request().dimensions, 2);
    QVERIFY(f.panel.request().parameters.empty());
    QTest::keyClick(part<QComboBox>(f.panel, "dimensions"), Qt::Key_Down);
    QVERIFY(
        *findValue(f.panel.request().parameters, "component_z") == ParameterValue(std::int64_t(4)));
}

void TestProjectionPanel::aRunCanStartFromTheMapShown()
{
    Fixture f;
    f.choose("tsne");
    auto* init = part<QComboBox>(f.panel, "init");
    QVERIFY(!f.panel.request().start);
    init->setCurrentIndex(init->count() - 1);
    QCOMPARE(init->currentText(), QStringLiteral("The map shown"));
    const ProjectionRequest request = f.panel.request();
    QCOMPARE(request.start, f.workspace.layout());
    QVERIFY(request.parameters.empty()); // No method knows that entry.
    f.projection->run(request);
    QTRY_COMPARE(f.workspace.layouts()->entries().size(), std::size_t(2));
    const KeptLayout& map = f.workspace.layouts()->entries().back();
    QVERIFY(map.isStartedFromAnother && !map.request->start);
    f.projection->discard();
}

void TestProjectionPanel::theTimeIsEstimatedBeforeTheRun()
{
    Fixture f(300);
    auto* estimate = part<QLabel>(f.panel, "projectionEstimate");
    f.choose("pca");
    QTRY_COMPARE(estimate->text(), QStringLiteral("Less than a second"));
    QVERIFY(estimate->isVisible());
    ProjectionRequest request;
    request.method = "tsne";
    const double before = *f.projection->estimate(request);
    RunEstimates().learn("tsne", before, 50 * before + 1);
    QVERIFY(*f.projection->estimate(request) > 10 * before);
    f.choose("tsne");
    f.order("projection.run")->trigger();
    QVERIFY(!estimate->isVisible()); // The remaining time is told instead.
    f.projection->discard();
    f.workspace.close();
    QVERIFY(!estimate->isVisible());
}

void TestProjectionPanel::settingsComeBackFromAMap()
{
    Fixture f;
    f.choose("pca");
    part<QSpinBox>(f.panel, "component_x")->setValue(3);
    part<QComboBox>(f.panel, "normalization")->setCurrentIndex(2);
    f.order("projection.run")->trigger();
    QTRY_COMPARE(f.projection->phase(), Phase::Idle);
    const int id = f.workspace.shownLayoutId();
    part<QPushButton>(f.panel, "projectionRestore")->click();
    f.choose("tsne");
    f.workspace.useSettingsOf(id);
    const ProjectionRequest request = f.panel.request();
    QCOMPARE(request.method, std::string("pca"));
    QCOMPARE(request.normalization, std::string("unit"));
    QVERIFY(*findValue(request.parameters, "component_x") == ParameterValue(std::int64_t(3)));
}

void TestProjectionPanel::theRecipeAndTheScreeAreShown()
{
    Fixture f;
    QVERIFY2(f.recipe().startsWith(QStringLiteral("PCA")), qPrintable(f.recipe()));
    QVERIFY(f.panel.findChild<ScreeChart*>()->isVisible());
    QVERIFY(!f.panel.findChild<LossChart*>()->isVisible());
}

void TestProjectionPanel::theCommandCanBeCopied()
{
    const test::TemporaryFolder folder;
    const std::string path = folder.file("my points.tsv");
    test::writeFile(path, "1\t2\t3\n4\t5\t7\n0\t1\t2\n2\t2\t9\n");
    Fixture f;
    auto* copy = part<QPushButton>(f.panel, "projectionCopyCommand");
    QVERIFY(!copy->isEnabled()); // A table made in memory has no file.
    f.workspace.open(QString::fromStdString(path));
    QTRY_COMPARE(f.workspace.path(), QString::fromStdString(path));
    QTRY_VERIFY(copy->isEnabled());
    QTest::mouseClick(copy, Qt::LeftButton);
    const QString command = QGuiApplication::clipboard()->text();
    QVERIFY2(command.startsWith(QStringLiteral("embedscope project '")), qPrintable(command));
    QVERIFY(command.contains(QStringLiteral("--method pca")));
    QVERIFY(command.contains(QStringLiteral("--seed 0")));
}

void TestProjectionPanel::columnsCanBeTheMap()
{
    Fixture f;
    auto* use = part<QPushButton>(f.panel, "projectionUseColumns");
    QVERIFY(!use->isVisible()); // One number column is no map.
    Table table;
    table.vectors = test::normalMatrix(20, 3);
    NumberValues east;
    NumberValues north;
    for (int i = 0; i < 20; ++i) {
        east.values.push_back(i);
        north.values.push_back(-i * i);
    }
    table.columns.emplace_back("east", std::move(east));
    table.columns.emplace_back("north", std::move(north));
    f.workspace.show(Dataset::make(std::move(table)).value());
    QVERIFY(use->isVisible());
    QTRY_VERIFY(f.workspace.layout());
    auto* scroll = part<QScrollArea>(f.panel, "projectionScroll");
    scroll->ensureWidgetVisible(use);
    QTest::mouseClick(use, Qt::LeftButton);
    auto* show = part<QPushButton>(f.panel, "mapColumnsShow");
    QVERIFY(show->isVisible());
    QCOMPARE(part<ColumnCombo>(f.panel, "mapColumnY")->currentText(), QStringLiteral("north"));
    QTest::mouseClick(show, Qt::LeftButton);
    QCOMPARE(f.workspace.layout()->positions(4, 0), 4.F);
    QCOMPARE(f.workspace.layout()->positions(4, 1), -16.F);
    QVERIFY(f.recipe().startsWith(QStringLiteral("Coordinates")));
}

void TestProjectionPanel::closingTheTableEmptiesThePanel()
{
    Fixture f;
    f.workspace.close();
    QVERIFY(!f.order("projection.run")->isEnabled());
    QCOMPARE(f.status(), QStringLiteral("Open a file to make a map of it."));
    QVERIFY(!part<QLabel>(f.panel, "projectionRecipe")->isVisible());
}

QTEST_MAIN(TestProjectionPanel)
#include "tst_projection_panel.moc"
