#include "tests/support/test_data.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/charts/loss_chart.h"
#include "ui/charts/scree_chart.h"
#include "ui/panels/column_combo.h"
#include "ui/panels/parameter_form.h"
#include "ui/panels/projection_panel.h"
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
#include <QWheelEvent>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;
using Phase = ProjectionState::Phase;

namespace {

struct Fixture
{
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

constexpr Choice kChoices[] = {{"pca", "PCA"}, {"random", "Random"}};

std::vector<ParameterInfo> everyKind()
{
    ParameterInfo whole{"whole", "Whole number", "Counts.", ParameterKind::Integer,
        std::int64_t(10), 1, 100, false, {}};
    ParameterInfo real{"real", "Real number", "Measures.", ParameterKind::Real, std::string("auto"),
        0.5, 1000, true, {}};
    ParameterInfo flag{
        "flag", "Flag", "Is or is not.", ParameterKind::Boolean, true, 0, 0, false, {}};
    ParameterInfo choice{"choice", "Choice", "Takes one.", ParameterKind::Choice,
        std::string("pca"), 0, 0, false, kChoices};
    return {whole, real, flag, choice};
}

} // namespace

class TestProjectionPanel : public QObject
{
    Q_OBJECT

private slots:
    void everyMethodHasAForm_data();
    void everyMethodHasAForm();
    void theFormGivesWhatDiffersFromTheDefaults();
    void automaticValuesCanBeSwitched();
    void helpFollowsTheFocus();
    void theWheelScrollsAndChangesNothing();
    void runMakesAMapOfTheChosenMethod();
    void commonFieldsGoIntoTheRequest();
    void aRunCanBePausedResumedAndStopped();
    void discardPutsTheOldMapBack();
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
    QVERIFY(part<QLabel>(f.panel, "projectionDescription")->text().size() > 40);
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

void TestProjectionPanel::theFormGivesWhatDiffersFromTheDefaults()
{
    ParameterForm form;
    form.setParameters(everyKind());
    test::showPanel(form, {320, 200});
    QVERIFY(form.values().empty());
    auto* whole = part<QSpinBox>(form, "whole");
    QTest::keyClick(whole, Qt::Key_Up);
    QTest::mouseClick(part<QCheckBox>(form, "flag"), Qt::LeftButton, {}, {8, 8});
    QTest::keyClick(part<QComboBox>(form, "choice"), Qt::Key_Down);
    const ParameterValues values = form.values();
    QCOMPARE(values.size(), std::size_t(3));
    QVERIFY(*findValue(values, "whole") == ParameterValue(std::int64_t(11)));
    QVERIFY(*findValue(values, "flag") == ParameterValue(false));
    QVERIFY(*findValue(values, "choice") == ParameterValue(std::string("random")));
    form.reset();
    QVERIFY(form.values().empty());
    form.setValues(values);
    QVERIFY(form.values() == values);
    whole->setValue(5000);
    QCOMPARE(whole->value(), 100); // The range of the table holds.
}

void TestProjectionPanel::automaticValuesCanBeSwitched()
{
    ParameterForm form;
    form.setParameters(everyKind());
    test::showPanel(form, {320, 200});
    auto* automatic = part<QCheckBox>(form, "real_auto");
    auto* real = part<QDoubleSpinBox>(form, "real");
    QVERIFY(automatic->isChecked());
    QVERIFY(!real->isVisible());
    QTest::mouseClick(automatic, Qt::LeftButton, {}, {8, automatic->height() / 2});
    QVERIFY(real->isVisible());
    real->setValue(200);
    QCOMPARE(real->text(), QStringLiteral("200"));
    real->setValue(0.75);
    QCOMPARE(real->text(), QStringLiteral("0.75"));
    QVERIFY(*findValue(form.values(), "real") == ParameterValue(0.75));
}

void TestProjectionPanel::helpFollowsTheFocus()
{
    ParameterForm form;
    form.setParameters(everyKind());
    test::showPanel(form, {320, 200});
    part<QComboBox>(form, "choice")->setFocus();
    QSignalSpy explained(&form, &ParameterForm::explained);
    part<QSpinBox>(form, "whole")->setFocus(Qt::TabFocusReason);
    QTRY_VERIFY(!explained.isEmpty());
    QCOMPARE(explained.last().first().toString(), QStringLiteral("Counts."));
}

void TestProjectionPanel::theWheelScrollsAndChangesNothing()
{
    ParameterForm form;
    form.setParameters(everyKind());
    test::showPanel(form, {320, 200});
    part<QCheckBox>(form, "flag")->setFocus();
    auto* whole = part<QSpinBox>(form, "whole");
    QWheelEvent wheel(QPointF(5, 5), whole->mapToGlobal(QPointF(5, 5)), {}, {0, 120}, Qt::NoButton,
        Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(whole, &wheel);
    QCOMPARE(whole->value(), 10);
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
    QTRY_VERIFY2(f.status().contains(QStringLiteral("of 1000")), qPrintable(f.status()));
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
