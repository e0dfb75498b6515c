#include "tests/support/ui_test.h"
#include "ui/main_window.h"
#include "ui/plot/plot_view.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QDockWidget>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

using namespace embedscope;
using namespace embedscope::ui;

/// How the panels share a new window, and that the arrangement of a person stays.
class TestDocks : public QObject
{
    Q_OBJECT

private:
    test::TemporaryFolder m_folder;
    QString m_words;
    std::unique_ptr<test::IsolatedSettings> m_settings;

    static void open(MainWindow& window, const QString& path)
    {
        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        window.openFiles({path});
        QTRY_COMPARE(opened.size(), 1);
        QTRY_VERIFY(window.workspace().layout());
        QCoreApplication::processEvents();
    }
    static QDockWidget* dock(MainWindow& window, const char* id)
    {
        return window.dock(QString::fromLatin1(id));
    }
    static bool areTabs(MainWindow& window, const char* a, const char* b)
    {
        return window.tabifiedDockWidgets(dock(window, a)).contains(dock(window, b));
    }
    /// Of those that share a place: seen, not behind another.
    static bool isInFront(QDockWidget* dock) { return !dock->visibleRegion().isEmpty(); }
    static void show(MainWindow& window, const QSize& size)
    {
        window.resize(size);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QCOMPARE(window.size(), size); // No panel asks for more.
    }

private slots:
    void initTestCase()
    {
        m_words = QString::fromStdString(test::wordsFile(m_folder, "words.txt", 30, 5));
    }
    void init() { m_settings = std::make_unique<test::IsolatedSettings>(); }

    void everySizeHasRoomForDetails_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("default") << QSize(1400, 900);
        QTest::newRow("1280 x 800") << QSize(1280, 800);
        QTest::newRow("1152 x 720") << QSize(1152, 720);
        QTest::newRow("1024 x 700") << QSize(1024, 700);
        QTest::newRow("922 x 630") << QSize(922, 630);
        QTest::newRow("960 x 540") << QSize(960, 540);
    }
    void everySizeHasRoomForDetails()
    {
        QFETCH(QSize, size);
        MainWindow window;
        show(window, size);
        open(window, m_words);
        QCOMPARE(window.size(), size);
        QVERIFY(areTabs(window, "details", "health"));
        QTRY_VERIFY(isInFront(dock(window, "details")));
        // About half of the side at the least, and never a slit.
        const int side = window.map().height();
        QTRY_VERIFY(dock(window, "details")->widget()->height() > side * 0.35);
        QVERIFY(dock(window, "details")->widget()->height() > 220);
        QVERIFY(window.map().width() >= window.width() / 3);
        if (!areTabs(window, "details", "neighbors"))
            QVERIFY(dock(window, "neighbors")->widget()->height() > side * 0.35);
        window.showPanel(QStringLiteral("neighbors"));
        QTRY_VERIFY(isInFront(dock(window, "neighbors")));
    }

    void detailsStandAboveTheNeighbors()
    {
        MainWindow window;
        show(window, QSize(1400, 900));
        open(window, m_words);
        QVERIFY(dock(window, "details")->y() < dock(window, "neighbors")->y());
        QCOMPARE(dock(window, "details")->x(), dock(window, "neighbors")->x());
    }

    void anArrangementComesBack()
    {
        int height = 0;
        {
            MainWindow window;
            show(window, QSize(1400, 900));
            open(window, m_words);
            window.resizeDocks(
                {dock(window, "details"), dock(window, "neighbors")}, {250, 600}, Qt::Vertical);
            dock(window, "search")->hide();
            QCoreApplication::processEvents();
            height = dock(window, "details")->height();
            QVERIFY(height < 300);
            window.close();
        }
        MainWindow next;
        show(next, QSize(1400, 900));
        open(next, m_words);
        QVERIFY(dock(next, "search")->isHidden());
        QTRY_VERIFY(std::abs(dock(next, "details")->height() - height) <= 2);
        next.resetLayout();
        QTRY_VERIFY(dock(next, "details")->height() > height + 50);
        QVERIFY(!dock(next, "search")->isHidden());
    }

    void aSavedArrangementOfOldIsLeftAlone()
    {
        // Of other panels, by an older program: it would only mislead.
        QSettings().setValue(QStringLiteral("window/state"), QByteArray("no such thing"));
        MainWindow window;
        show(window, QSize(1400, 900));
        open(window, m_words);
        QVERIFY(areTabs(window, "details", "health"));
        QTRY_VERIFY(dock(window, "details")->widget()->height() > 250);
    }

    void closingAndOpeningKeepsTheArrangement()
    {
        MainWindow window;
        show(window, QSize(1400, 900));
        open(window, m_words);
        window.resizeDocks(
            {dock(window, "details"), dock(window, "neighbors")}, {250, 600}, Qt::Vertical);
        QCoreApplication::processEvents();
        const int height = dock(window, "details")->height();
        window.workspace().close();
        open(window, m_words);
        QTRY_VERIFY(std::abs(dock(window, "details")->height() - height) <= 2);
    }
};

QTEST_MAIN(TestDocks)
#include "tst_docks.moc"
