#include "tests/app/child.h"
#include "tests/support/test_data.h"

#include "core/io/writers/write.h"

#include <QColor>
#include <QImage>
#include <QSet>
#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

/// The program with and without a display: what draws, and what says that it cannot.
class TestDisplay : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void theWindowWithoutADisplayIsOneSentence_data();
    void theWindowWithoutADisplayIsOneSentence();
    void commandsNeedNoDisplay_data();
    void commandsNeedNoDisplay();
    void renderDrawsAtTheAskedSize();
    void renderDrawsPaths();
    void renderRefusesWhatIsNotThere();
    void theSampleMakesAColourfulMap();

private:
    TemporaryFolder m_folder;
    QString m_table;
};

namespace {

QProcessEnvironment with(const QString& name, const QString& value)
{
    QProcessEnvironment environment = bareEnvironment();
    if (!name.isEmpty())
        environment.insert(name, value);
    return environment;
}

} // namespace

void TestDisplay::initTestCase()
{
    m_table = QString::fromStdString(m_folder.file("table.npy"));
    QVERIFY(writeNpy(m_table.toStdString(), blobs(300, 6, 3), {}).ok());
}

void TestDisplay::theWindowWithoutADisplayIsOneSentence_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::newRow("nothing set") << ""
                                 << "";
    QTest::newRow("empty display") << "DISPLAY"
                                   << "";
    QTest::newRow("display that is not there") << "DISPLAY"
                                               << ":6789";
    QTest::newRow("platform without its display") << "QT_QPA_PLATFORM"
                                                  << "xcb";
    QTest::newRow("platform that does not exist") << "QT_QPA_PLATFORM"
                                                  << "nonsense";
    QTest::newRow("wayland that is not there") << "WAYLAND_DISPLAY"
                                               << "wayland-nowhere";
}

void TestDisplay::theWindowWithoutADisplayIsOneSentence()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    for (const QStringList& arguments : {QStringList(), QStringList{m_table}}) {
        const Ran ran = run(arguments, with(name, value));
        QCOMPARE(ran.code, 1);
        QVERIFY(ran.out.isEmpty());
        QVERIFY2(ran.isOneSentence(), ran.err.constData());
        QVERIFY(ran.err.contains("display"));
    }
}

void TestDisplay::commandsNeedNoDisplay_data()
{
    QTest::addColumn<QString>("platform");
    for (const char* platform : {"xcb", "wayland", "nonsense", "minimal", ""})
        QTest::newRow(platform) << QString::fromLatin1(platform);
}

void TestDisplay::commandsNeedNoDisplay()
{
    QFETCH(QString, platform);
    const QString out = QString::fromStdString(m_folder.file("out"));
    for (const QStringList& arguments :
        {QStringList{"info", m_table}, QStringList{"neighbors", m_table, "--row", "0"},
            QStringList{"project", m_table, "--method", "pca", "--out", out + ".npy"},
            QStringList{"render", m_table, "--layout", out + ".npy", "--out", out + ".png"},
            QStringList{"convert", m_table, "--out", out + ".tsv"}, QStringList{"formats"},
            QStringList{"--help"}, QStringList{"--version"}}) {
        const Ran ran = run(arguments, with("QT_QPA_PLATFORM", platform));
        QVERIFY2(ran.code == 0, ran.err.constData());
        QCOMPARE(ran.err, QByteArray());
    }
}

void TestDisplay::renderDrawsAtTheAskedSize()
{
    const QString out = QString::fromStdString(m_folder.file("size.png"));
    const Ran ran = run(
        {"render", m_table, "--method", "pca", "--out", out, "--size", "321x234", "--labels", "5"});
    QCOMPARE(ran.err, QByteArray());
    QCOMPARE(ran.code, 0);
    const QImage image(out);
    QCOMPARE(image.size(), QSize(321, 234));
    QSet<QRgb> colors;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            colors.insert(image.pixel(x, y));
    }
    QVERIFY(colors.size() > 10);
}

void TestDisplay::renderDrawsPaths()
{
    // The same points, once one after the other; what differs is the way from each to the next.
    const auto picture = [this](const char* name, bool hasPath) {
        std::string text = "name\t__seq_next__\n";
        for (int i = 0; i < 300; ++i)
            text += "p" + std::to_string(i) + '\t'
                + (hasPath && i + 1 < 300 ? std::to_string(i + 1) : "") + '\n';
        const std::string metadata = m_folder.file(name);
        writeFile(metadata, text);
        const QString out = QString::fromStdString(metadata + ".png");
        const Ran ran = run({"render", m_table, "--method", "pca", "--metadata",
            QString::fromStdString(metadata), "--out", out});
        return ran.code == 0 ? QImage(out) : QImage();
    };
    const QImage without = picture("without.tsv", false);
    const QImage with = picture("with.tsv", true);
    QVERIFY(!without.isNull());
    QCOMPARE(with.size(), without.size());
    int changed = 0;
    for (int y = 0; y < with.height(); ++y) {
        for (int x = 0; x < with.width(); ++x)
            changed += with.pixel(x, y) != without.pixel(x, y) ? 1 : 0;
    }
    QVERIFY2(changed > 10'000, qPrintable(QString::number(changed)));
}

void TestDisplay::renderRefusesWhatIsNotThere()
{
    const QString out = QString::fromStdString(m_folder.file("refused.png"));
    const Ran column
        = run({"render", m_table, "--method", "pca", "--out", out, "--color-by", "nonsense"});
    QCOMPARE(column.code, 1);
    QVERIFY(column.isOneSentence());
    // A layout of another table.
    const std::string other = m_folder.file("other.npy");
    QVERIFY(writeNpy(other, normalMatrix(10, 2), {}).ok());
    const Ran layout
        = run({"render", m_table, "--layout", QString::fromStdString(other), "--out", out});
    QCOMPARE(layout.code, 1);
    QVERIFY(layout.isOneSentence());
    QVERIFY(!QFile::exists(out));
}

void TestDisplay::theSampleMakesAColourfulMap()
{
    const QString sample = QStringLiteral(EMBEDSCOPE_SAMPLES_DIR "/words/words.json");
    const QString out = QString::fromStdString(m_folder.file("sample.png"));
    const Ran ran = run({"render", sample, "--method", "pca", "--color-by", "field", "--out", out});
    QCOMPARE(ran.err, QByteArray());
    QCOMPARE(ran.code, 0);
    const QImage image(out);
    QVERIFY(!image.isNull());
    int colored = 0;
    int byHue[12] = {};
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor color = image.pixelColor(x, y);
            if (color.hsvSaturation() < 60 || color.value() < 40)
                continue;
            ++colored;
            ++byHue[color.hsvHue() / 30];
        }
    }
    QVERIFY2(colored >= 2000, qPrintable(QString::number(colored)));
    const auto hues
        = std::count_if(std::begin(byHue), std::end(byHue), [](int count) { return count >= 50; });
    QVERIFY2(hues >= 5, qPrintable(QString::number(hues)));
}

QTEST_GUILESS_MAIN(TestDisplay)
#include "tst_display.moc"
