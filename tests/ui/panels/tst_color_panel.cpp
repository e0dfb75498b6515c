#include "tests/support/test_data.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/panels/color_panel.h"
#include "ui/panels/column_combo.h"
#include "ui/panels/gradient_bar.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/workspace.h"

#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSet>
#include <QSlider>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;

namespace {

struct Fixture
{
    Workspace workspace;
    ColorPanel panel{workspace};
    ColorState* color = workspace.color();
    QListView* legend = part<QListView>(panel, "colorLegend");
    ColumnCombo* column = part<ColumnCombo>(panel, "colorColumn");

    Fixture()
    {
        test::showPanel(panel);
        workspace.show(test::blobDataset(30, 3, 3));
        QTRY_COMPARE(legend->model()->rowCount(), 3);
    }
    Index visible() const { return color->visible()->count(); }
    void choose(const char* columnName)
    {
        column->setFocus();
        QTest::keyClicks(column, QLatin1String(columnName));
    }
};

} // namespace

class TestColorPanel : public QObject
{
    Q_OBJECT

private slots:
    void theFirstCategoryIsChosen();
    void aClickHidesAndShows();
    void aDoubleClickShowsOneAlone();
    void spaceAndEnterDoTheSame();
    void everythingCanBeShownAgain();
    void numbersHaveAScale();
    void numbersCanBeCategories();
    void noColumnIsOneColour();
    void sizeAndOpacityFollowTheSliders();
    void labelsAreChosenApart();
    void theScaleShowsManyColours();
    void whatTheMapMeasuresIsOffered();
    void closingTheTableEmptiesThePanel();
};

void TestColorPanel::theFirstCategoryIsChosen()
{
    Fixture f;
    QCOMPARE(f.column->currentText(), QStringLiteral("group"));
    QCOMPARE(f.column->itemText(0), QStringLiteral("None"));
    QVERIFY(!f.column->itemIcon(1).isNull());
    QVERIFY(f.legend->isVisible());
}

void TestColorPanel::aClickHidesAndShows()
{
    Fixture f;
    test::clickRow(f.legend, 1);
    QCOMPARE(f.visible(), Index(20));
    test::clickRow(f.legend, 1);
    QCOMPARE(f.visible(), Index(30));
}

void TestColorPanel::aDoubleClickShowsOneAlone()
{
    Fixture f;
    const auto doubleClick = [&](int row) {
        const QPoint at = test::cellCentre(f.legend, row);
        QTest::mouseClick(f.legend->viewport(), Qt::LeftButton, {}, at);
        QTest::mouseDClick(f.legend->viewport(), Qt::LeftButton, {}, at);
        QTest::mouseRelease(f.legend->viewport(), Qt::LeftButton, {}, at);
    };
    doubleClick(2);
    QCOMPARE(f.visible(), Index(10));
    QVERIFY(f.color->visible()->contains(2));
    doubleClick(2);
    QCOMPARE(f.visible(), Index(30));
    doubleClick(0);
    QCOMPARE(f.visible(), Index(10));
    doubleClick(1);
    QCOMPARE(f.visible(), Index(10));
    QVERIFY(f.color->visible()->contains(1));
}

void TestColorPanel::spaceAndEnterDoTheSame()
{
    Fixture f;
    f.legend->setFocus();
    f.legend->setCurrentIndex(f.legend->model()->index(0, 0));
    QTest::keyClick(f.legend, Qt::Key_Down);
    QTest::keyClick(f.legend, Qt::Key_Space);
    QCOMPARE(f.visible(), Index(20));
    QVERIFY(!f.color->visible()->contains(1));
    QTest::keyClick(f.legend, Qt::Key_Space);
    QCOMPARE(f.visible(), Index(30));
    QTest::keyClick(f.legend, Qt::Key_Return);
    QCOMPARE(f.visible(), Index(10));
    QTest::keyClick(f.legend, Qt::Key_Return);
    QCOMPARE(f.visible(), Index(30));
}

void TestColorPanel::everythingCanBeShownAgain()
{
    Fixture f;
    auto* showAll = part<QPushButton>(f.panel, "colorShowAll");
    QVERIFY(!showAll->isEnabled());
    test::clickRow(f.legend, 0);
    QVERIFY(showAll->isEnabled());
    QTest::mouseClick(showAll, Qt::LeftButton);
    QCOMPARE(f.visible(), Index(30));
    QVERIFY(!showAll->isEnabled());
}

void TestColorPanel::numbersHaveAScale()
{
    Fixture f;
    auto* gradient = part<GradientBar>(f.panel, "colorGradient");
    QVERIFY(!gradient->isVisible());
    f.choose("size");
    QTRY_VERIFY(gradient->isVisible());
    QVERIFY(gradient->accessibleDescription().contains(QStringLiteral("29")));
    QVERIFY(!f.legend->isVisible());
}

void TestColorPanel::numbersCanBeCategories()
{
    Fixture f;
    f.choose("size");
    QTRY_VERIFY(f.color->coloring()->isGradient);
    auto* mode = part<QComboBox>(f.panel, "colorMode");
    mode->setFocus();
    QTest::keyClick(mode, Qt::Key_Down);
    QCOMPARE(f.color->mode(), ColorMode::Categories);
    QTRY_VERIFY(f.legend->model()->rowCount() > 10);
    QVERIFY(f.legend->isVisible());
    QTest::keyClick(mode, Qt::Key_Up);
    QTRY_VERIFY(f.color->coloring()->isGradient);
}

void TestColorPanel::noColumnIsOneColour()
{
    Fixture f;
    f.choose("None");
    QVERIFY(!f.color->column());
    QTRY_VERIFY(!f.legend->isVisible());
    QCOMPARE(part<QLabel>(f.panel, "colorMessage")->text(),
        QStringLiteral("All points have one colour."));
}

void TestColorPanel::sizeAndOpacityFollowTheSliders()
{
    Fixture f;
    auto* size = part<QSlider>(f.panel, "colorSize");
    auto* opacity = part<QSlider>(f.panel, "colorOpacity");
    const double before = f.color->pointRadius();
    QCOMPARE(size->value(), qRound(before * 10));
    size->setFocus();
    QTest::keyClick(size, Qt::Key_Right);
    QVERIFY(f.color->pointRadius() > before);
    QTest::keyClick(opacity, Qt::Key_Home);
    QCOMPARE(f.color->opacity(), 0.05);
    f.color->setOpacity(0.5);
    QCOMPARE(opacity->value(), 50);
}

void TestColorPanel::labelsAreChosenApart()
{
    Fixture f;
    auto* label = part<ColumnCombo>(f.panel, "labelColumn");
    QCOMPARE(label->currentText(), QStringLiteral("label"));
    label->setFocus();
    QTest::keyClicks(label, QStringLiteral("group"));
    QCOMPARE(QString::fromStdString(f.workspace.dataset()->name(4)), QStringLiteral("group 1"));
    QTest::keyClick(label, Qt::Key_Home);
    QVERIFY(!f.workspace.dataset()->labelColumn());
}

void TestColorPanel::theScaleShowsManyColours()
{
    GradientBar bar;
    bar.setScale(-3.5, 12, Theme::Light);
    bar.resize(240, bar.sizeHint().height());
    const QImage image = bar.grab().toImage();
    QSet<QRgb> colors;
    for (int x = 0; x < image.width(); ++x)
        colors.insert(image.pixel(x, 6));
    QVERIFY(colors.size() > 50);
    bar.setScale(2, 2, Theme::Dark); // A constant column: no ticks, no division by zero.
    QVERIFY(!bar.grab().isNull());
}

void TestColorPanel::whatTheMapMeasuresIsOffered()
{
    Fixture f;
    auto* label = part<ColumnCombo>(f.panel, "labelColumn");
    const QString trust = QStringLiteral("Trustworthiness (map)");
    const int before = f.column->count();
    QTRY_VERIFY(f.column->findText(trust) > 0);
    const int row = f.column->findText(trust);
    QVERIFY(row > before); // Behind a line.
    QVERIFY(f.column->itemData(row, Qt::ToolTipRole)
                .toString()
                .contains(QStringLiteral("of the map shown")));
    QCOMPARE(label->findText(trust), -1);
    QCOMPARE(f.column->currentText(), QStringLiteral("group")); // Nothing else changed.
    f.choose("Trust");
    auto* gradient = part<GradientBar>(f.panel, "colorGradient");
    QTRY_VERIFY(gradient->isVisible());
    QCOMPARE(f.column->currentText(), trust);
    // Another map: withdrawn until it is measured.
    auto layout = std::make_shared<Layout>();
    layout->positions = test::normalMatrix(30, 2);
    emit f.workspace.projection()->layoutReady(layout);
    QCOMPARE(f.column->findText(trust), -1);
    QVERIFY(!gradient->isVisible());
    QVERIFY(part<QLabel>(f.panel, "colorMessage")->text().contains(QStringLiteral("follow")));
    QTRY_COMPARE(f.column->currentText(), trust);
    QTRY_VERIFY(gradient->isVisible());
}

void TestColorPanel::closingTheTableEmptiesThePanel()
{
    Fixture f;
    f.workspace.close();
    QVERIFY(!f.column->isEnabled());
    QVERIFY(!f.legend->isVisible());
    QCOMPARE(part<QLabel>(f.panel, "colorMessage")->text(),
        QStringLiteral("Open a file to colour its points."));
}

QTEST_MAIN(TestColorPanel)
#include "tst_color_panel.moc"
