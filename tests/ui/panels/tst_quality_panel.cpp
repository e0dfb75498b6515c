#include "tests/support/test_data.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/panels/quality_panel.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QCheckBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;
using Phase = QualityState::Phase;

namespace {

struct Fixture
{
    Workspace workspace;
    QualityPanel panel{workspace};
    QualityState* quality = workspace.quality();

    Fixture() { test::showPanel(panel); }
    QString verdict() const { return part<QLabel>(panel, "qualityVerdict")->text(); }
    QString basis() const { return part<QLabel>(panel, "qualityBasis")->text(); }
    /// Values of the figures by their names.
    QMap<QString, QString> figures() const
    {
        QMap<QString, QString> values;
        for (const QLabel* value : panel.findChildren<QLabel*>(QStringLiteral("qualityValue")))
            values.insert(value->accessibleName(), value->text());
        return values;
    }
    void click(const char* name)
    {
        QTest::mouseClick(part<QPushButton>(panel, name), Qt::LeftButton);
    }
};

} // namespace

class TestQualityPanel : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatToDoWhileNothingIsOpen();
    void showsTheVerdictAndTheFigures();
    void figuresOfAMethodBelongToItsMaps();
    void largeTablesAreMeasuredAtAClick();
    void pointsCanBeColouredByTheFigures();
    void tellsOfTheCurrentPoint();
    void theCheckBoxMarksTheMap();
    void closingTheTableEmptiesThePanel();
};

void TestQualityPanel::saysWhatToDoWhileNothingIsOpen()
{
    Fixture f;
    QVERIFY(f.verdict().isEmpty());
    QVERIFY(f.basis().startsWith(QStringLiteral("Open a file")));
    QVERIFY(!part<QPushButton>(f.panel, "qualityMeasure")->isVisible());
    QVERIFY(!part<QCheckBox>(f.panel, "qualityOverlay")->isEnabled());
}

void TestQualityPanel::showsTheVerdictAndTheFigures()
{
    Fixture f;
    f.workspace.show(test::blobDataset(1200, 5, 3));
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    QCOMPARE(f.verdict(), QString::fromStdString(verdict(*f.quality->quality())));
    QVERIFY(part<QLabel>(f.panel, "qualityVerdict")->isVisible());
    QCOMPARE(f.basis(), QStringLiteral("From all 1,200 points."));
    const auto figures = f.figures();
    QVERIFY(figures.size() >= 6);
    for (const char* name : {"Trustworthiness", "Continuity", "Distances"}) {
        bool isNumber = false;
        const double value = figures.value(QLatin1String(name)).toDouble(&isNumber);
        QVERIFY2(isNumber && value >= -1 && value <= 1, name);
    }
    QVERIFY(figures.value(QStringLiteral("Neighbours kept")).endsWith(QStringLiteral("of 10")));
    QVERIFY(!part<QProgressBar>(f.panel, "qualityBar")->isVisible());
}

void TestQualityPanel::figuresOfAMethodBelongToItsMaps()
{
    Fixture f;
    f.workspace.show(test::blobDataset(60, 5, 3));
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    QVERIFY(f.figures().contains(QStringLiteral("Explained variance")));
    QVERIFY(!f.figures().contains(QStringLiteral("KL divergence")));
    ProjectionRequest request;
    request.method = "tsne";
    request.parameters = {{"perplexity", 5.0}, {"iterations", std::int64_t{60}}};
    f.workspace.projection()->run(request);
    QTRY_VERIFY(f.figures().isEmpty() && f.quality->phase() == Phase::Waiting);
    QVERIFY(f.verdict().isEmpty());
    QTRY_VERIFY(f.figures().contains(QStringLiteral("KL divergence")));
    QVERIFY(!f.figures().contains(QStringLiteral("Explained variance")));
}

void TestQualityPanel::largeTablesAreMeasuredAtAClick()
{
    Fixture f;
    const auto dataset = test::datasetOf(Matrix::zeros(20000, 600));
    f.workspace.show(dataset);
    f.workspace.projection()->discard();
    auto layout = std::make_shared<Layout>();
    layout->positions = test::normalMatrix(20000, 2);
    emit f.workspace.projection()->layoutReady(layout);
    auto* measure = part<QPushButton>(f.panel, "qualityMeasure");
    QTRY_VERIFY(measure->isVisible());
    QVERIFY(f.figures().isEmpty());
    f.click("qualityMeasure");
    QCOMPARE(f.quality->phase(), Phase::Measuring);
    QVERIFY(part<QProgressBar>(f.panel, "qualityBar")->isVisible());
    QVERIFY(!measure->isVisible());
    f.click("qualityStop");
    QCOMPARE(f.quality->phase(), Phase::Stopped);
    QVERIFY(measure->isVisible());
    QVERIFY(!part<QProgressBar>(f.panel, "qualityBar")->isVisible());
}

void TestQualityPanel::pointsCanBeColouredByTheFigures()
{
    Fixture f;
    auto* trust = part<QPushButton>(f.panel, "qualityColorByTrust");
    f.workspace.show(test::blobDataset(200, 5, 3));
    QVERIFY(!trust->isEnabled());
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    QVERIFY(trust->isEnabled());
    f.click("qualityColorByTrust");
    QTRY_VERIFY(f.workspace.color()->coloring()->isGradient);
    const auto name = [&] {
        const ColorState* color = f.workspace.color();
        return color->columns()[*color->column()].name();
    };
    QCOMPARE(name(), std::string("Trustworthiness (map)"));
    f.click("qualityColorByKept");
    QCOMPARE(name(), std::string("Neighbours kept (map)"));
}

void TestQualityPanel::tellsOfTheCurrentPoint()
{
    Fixture f;
    f.workspace.show(test::blobDataset(200, 5, 3));
    f.workspace.selection()->selectPoint(7);
    auto* point = part<QLabel>(f.panel, "qualityPoint");
    QTRY_VERIFY(point->isVisible());
    QVERIFY(point->text().startsWith(QStringLiteral("p7 keeps ")));
    QVERIFY(point->text().contains(QStringLiteral("of its 10 nearest neighbours")));
    f.workspace.selection()->clear();
    QVERIFY(!point->isVisible());
}

void TestQualityPanel::theCheckBoxMarksTheMap()
{
    Fixture f;
    f.workspace.show(test::blobDataset(60, 5, 3));
    auto* overlay = part<QCheckBox>(f.panel, "qualityOverlay");
    QTRY_VERIFY(overlay->isEnabled());
    overlay->click();
    QVERIFY(f.quality->isOverlayShown());
    f.quality->setOverlayShown(false);
    QVERIFY(!overlay->isChecked());
}

void TestQualityPanel::closingTheTableEmptiesThePanel()
{
    Fixture f;
    f.workspace.show(test::blobDataset(60, 5, 3));
    QTRY_COMPARE(f.quality->phase(), Phase::Measured);
    f.workspace.close();
    QVERIFY(f.verdict().isEmpty());
    QVERIFY(f.figures().isEmpty());
    QVERIFY(f.basis().startsWith(QStringLiteral("Open a file")));
    QVERIFY(!f.panel.grab().isNull());
}

QTEST_MAIN(TestQualityPanel)
#include "tst_quality_panel.moc"
