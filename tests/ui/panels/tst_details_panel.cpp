#include "tests/support/test_data.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/charts/vector_chart.h"
#include "ui/panels/details_panel.h"
#include "ui/panels/health_text.h"
#include "ui/panels/point_picture.h"
#include "ui/panels/selection_summary.h"
#include "ui/workspace/health_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QImage>
#include <QLabel>
#include <QPushButton>
#include <limits>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;

namespace {

struct Fixture
{
    Workspace workspace;
    DetailsPanel panel{workspace};
    QLabel* title = part<QLabel>(panel, "detailsTitle");
    QLabel* subtitle = part<QLabel>(panel, "detailsSubtitle");
    QLabel* values = part<QLabel>(panel, "detailsValues");
    VectorChart* chart = part<VectorChart>(panel, "detailsChart");

    explicit Fixture(std::shared_ptr<const Dataset> dataset = test::blobDataset(30, 4, 3))
    {
        test::showPanel(panel);
        workspace.show(std::move(dataset));
    }
    bool says(const char* text) const { return values->text().contains(QLatin1String(text)); }
};

/// Two rows: a red and a green square of one sprite, a text that looks like markup, a missing
/// number, a vector that is not finite.
std::shared_ptr<const Dataset> pictures(const std::string& sprite)
{
    Table table;
    table.vectors = Matrix::zeros(3, 2);
    table.vectors(0, 0) = 3;
    table.vectors(0, 1) = -4;
    table.vectors(1, 0) = std::numeric_limits<float>::quiet_NaN();
    TextValues names;
    for (const char* name : {"<b>bold</b>", "second", "third"})
        names.append(name);
    ImageValues images;
    images.files = {sprite};
    images.fileOf = {0, 0, -1};
    images.rects = {{0, 0, 8, 8}, {8, 0, 8, 8}, {}};
    table.columns.emplace_back("name", std::move(names));
    table.columns.emplace_back("picture", std::move(images));
    table.columns.emplace_back(
        "weight", NumberValues{{1.5, std::numeric_limits<double>::quiet_NaN(), 2}});
    table.labelColumn = 0;
    return Dataset::make(std::move(table)).value();
}

} // namespace

class TestDetailsPanel : public QObject
{
    Q_OBJECT

private slots:
    void theCurrentPointIsShownWhole();
    void theHoveredPointGoesFirst();
    void missingValuesAndMarkupAreHarmless();
    void unusableAndZeroVectorsAreNamed();
    void pictureIsThePartOfTheFile();
    void aPictureOfItsOwnIsShownWhole();
    void aPictureThatIsNotThereIsSaid();
    void severalPointsAreSummedUp();
    void vectorAndValuesCanBeCopied();
    void aTextualInversionShowsItsCard();
    void theTableIsShownWhileNoPointIs();
    void closingTheTableEmptiesThePanel();
};

void TestDetailsPanel::theCurrentPointIsShownWhole()
{
    Fixture f;
    QVERIFY(!f.chart->isVisible());
    f.workspace.selection()->selectPoint(7);
    QCOMPARE(f.title->text(), QStringLiteral("p7"));
    QCOMPARE(f.subtitle->text(), QStringLiteral("Row 7"));
    QVERIFY(f.says("group 1"));
    QVERIFY(f.says("size"));
    QVERIFY(f.says("Norm"));
    QVERIFY(f.chart->isVisible());
    QCOMPARE(f.chart->values().size(), std::size_t(4));
    QCOMPARE(f.chart->values()[2], f.workspace.dataset()->vectors()(7, 2));
}

void TestDetailsPanel::theHoveredPointGoesFirst()
{
    Fixture f;
    f.workspace.selection()->selectPoint(7);
    f.workspace.selection()->setHovered(12);
    QCOMPARE(f.title->text(), QStringLiteral("p12"));
    f.workspace.selection()->setHovered(kNoPoint);
    QCOMPARE(f.title->text(), QStringLiteral("p7"));
}

void TestDetailsPanel::missingValuesAndMarkupAreHarmless()
{
    Fixture f(pictures("nowhere.png"));
    f.workspace.selection()->selectPoint(0);
    QCOMPARE(f.title->text(), QStringLiteral("<b>bold</b>"));
    QCOMPARE(f.title->textFormat(), Qt::PlainText);
    QVERIFY(f.says("&lt;b&gt;bold&lt;/b&gt;"));
    QVERIFY(f.says("1.5"));
    f.workspace.selection()->selectPoint(1);
    QVERIFY(f.says("no value"));
}

void TestDetailsPanel::unusableAndZeroVectorsAreNamed()
{
    Fixture f(pictures("nowhere.png"));
    f.workspace.selection()->selectPoint(0);
    QVERIFY(f.says(">5<")); // The norm of (3, -4).
    QVERIFY(!f.says("not finite"));
    f.workspace.selection()->selectPoint(1);
    QVERIFY(f.says("not finite"));
    f.workspace.selection()->selectPoint(2);
    QVERIFY(f.says("The vector is zero"));
}

void TestDetailsPanel::pictureIsThePartOfTheFile()
{
    const test::TemporaryFolder folder;
    QImage sprite(16, 8, QImage::Format_RGB32);
    sprite.fill(Qt::red);
    for (int y = 0; y < 8; ++y) {
        for (int x = 8; x < 16; ++x)
            sprite.setPixelColor(x, y, Qt::green);
    }
    QVERIFY(sprite.save(QString::fromStdString(folder.file("sprite.png"))));
    Fixture f(pictures(folder.file("sprite.png")));
    auto* picture = part<PointPicture>(f.panel, "detailsPicture");
    const auto centre = [&] {
        const QImage image = picture->pixmap().toImage();
        return image.isNull() ? QColor() : image.pixelColor(image.width() / 2, image.height() / 2);
    };
    f.workspace.selection()->selectPoint(0);
    QTRY_COMPARE(centre(), QColor(Qt::red));
    f.workspace.selection()->selectPoint(1);
    QTRY_COMPARE(centre(), QColor(Qt::green));
    f.workspace.selection()->selectPoint(2);
    QVERIFY(!picture->isVisible());
}

void TestDetailsPanel::aPictureOfItsOwnIsShownWhole()
{
    const test::TemporaryFolder folder;
    QImage photo(1000, 500, QImage::Format_RGB32);
    photo.fill(Qt::blue);
    QVERIFY(photo.save(QString::fromStdString(folder.file("photo.jpg"))));
    Table table;
    table.vectors = Matrix::zeros(1, 2);
    table.columns.emplace_back("picture", ImageValues{{folder.file("photo.jpg")}, {0}, {{}}});
    Fixture f(Dataset::make(std::move(table)).value());
    auto* picture = part<PointPicture>(f.panel, "detailsPicture");
    f.workspace.selection()->selectPoint(0);
    QTRY_VERIFY(!picture->pixmap().isNull());
    const QSize size = picture->pixmap().size();
    QCOMPARE(size.width(), 2 * size.height());
    QVERIFY(picture->pixmap().toImage().pixelColor(size.width() / 2, 5).blue() > 200);
}

void TestDetailsPanel::aPictureThatIsNotThereIsSaid()
{
    Fixture f(pictures("/nowhere/at/all.png"));
    f.workspace.selection()->selectPoint(0);
    QTRY_COMPARE(part<QLabel>(f.panel, "detailsPicture")->text(),
        QStringLiteral("The picture could not be read."));
}

void TestDetailsPanel::severalPointsAreSummedUp()
{
    Fixture f;
    f.workspace.selection()->select(PointSet(30, {0, 3, 6, 9, 1, 4}), SelectionMode::Replace);
    QCOMPARE(f.title->text(), QStringLiteral("6 points selected"));
    QCOMPARE(f.subtitle->text(), QStringLiteral("20.0 % of the table"));
    QTRY_VERIFY(f.says("group 0 (4), group 1 (2)"));
    QVERIFY(f.says("0 to 9, mean 3.83333"));
    f.workspace.selection()->setCurrent(3);
    QCOMPARE(f.subtitle->text(), QStringLiteral("Row 3, one of 6 selected points"));
}

void TestDetailsPanel::vectorAndValuesCanBeCopied()
{
    Fixture f(pictures("nowhere.png"));
    auto* copyVector = part<QPushButton>(f.panel, "detailsCopyVector");
    QVERIFY(!copyVector->isVisible());
    f.workspace.selection()->selectPoint(0);
    QVERIFY(copyVector->isVisible() && copyVector->isEnabled());
    QTest::mouseClick(copyVector, Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("3 -4"));
    QTest::mouseClick(part<QPushButton>(f.panel, "detailsCopyValues"), Qt::LeftButton);
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("weight: 1.5")));
}

void TestDetailsPanel::aTextualInversionShowsItsCard()
{
    Table table;
    table.vectors = Matrix::zeros(2, 768);
    InversionCard card;
    card.name = "<b>style</b>";
    card.trigger = "my style";
    card.family = "Stable Diffusion 1 or CLIP-L";
    card.vectors = 2;
    card.width = 768;
    card.step = 1500;
    card.checkpoint = "v1-5";
    card.norms = "All its vectors are zero, so it does nothing.";
    table.provenance.inversion = card;
    Fixture f(Dataset::make(std::move(table)).value());
    QCOMPARE(f.title->text(), QStringLiteral("<b>style</b>"));
    QCOMPARE(f.title->textFormat(), Qt::PlainText);
    for (const char* const part : {"my style", "Stable Diffusion 1", "768", "v1-5", "does nothing",
             "&lt;b&gt;style&lt;/b&gt;"})
        QVERIFY2(f.says(part), part);
    QVERIFY(f.subtitle->text().contains(QStringLiteral("textual inversion")));
    // A point goes before the card, and the card comes back.
    f.workspace.selection()->selectPoint(1);
    QCOMPARE(f.title->text(), QStringLiteral("row 1"));
    f.workspace.selection()->clear();
    QCOMPARE(f.title->text(), QStringLiteral("<b>style</b>"));
}

void TestDetailsPanel::theTableIsShownWhileNoPointIs()
{
    Fixture f;
    QVERIFY(f.subtitle->text().startsWith(QStringLiteral("Rest on a point")));
    QVERIFY(f.says(">30<"));
    QVERIFY(f.says("group, size")); // The columns.
    QTRY_VERIFY(f.workspace.health()->report());
    QVERIFY(f.values->text().contains(healthHeading(*f.workspace.health()->report())));
    f.workspace.selection()->selectPoint(7);
    QVERIFY(!f.says("Columns"));
    f.workspace.selection()->clear();
    QVERIFY(f.says("Columns"));
    // Of a file it is the name that stands above.
    const test::TemporaryFolder folder;
    const std::string path = folder.file("many.csv");
    std::string text = "label,x,y";
    for (int i = 0; i < 20; ++i)
        text += ",t" + std::to_string(i);
    for (int i = 0; i < 5; ++i) {
        text += "\nw" + std::to_string(i) + ",0.5," + std::to_string(i);
        for (int j = 0; j < 20; ++j)
            text += ",<i>";
    }
    test::writeFile(path, text);
    f.workspace.open(QString::fromStdString(path));
    QTRY_COMPARE(f.title->text(), QStringLiteral("many.csv"));
    QVERIFY(f.says("and 9 more"));
}

void TestDetailsPanel::closingTheTableEmptiesThePanel()
{
    Fixture f;
    f.workspace.selection()->selectPoint(7);
    f.workspace.close();
    QVERIFY(!f.title->isVisible());
    QVERIFY(!f.chart->isVisible());
    QVERIFY(f.values->text().isEmpty());
    QCOMPARE(f.subtitle->text(), QStringLiteral("Open a file to see details."));
}

QTEST_MAIN(TestDetailsPanel)
#include "tst_details_panel.moc"
