#include "tests/support/ui_test.h"
#include "ui/dialogs/export_map_dialog.h"
#include "ui/main_window.h"
#include "ui/plot/plot_view.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QComboBox>
#include <QImage>
#include <QSignalSpy>
#include <QTest>

using namespace embedscope;
using namespace embedscope::ui;

/// What the View menu switches on the map, and that an exported picture follows.
class TestMapMenu : public QObject
{
    Q_OBJECT

private:
    test::TemporaryFolder m_folder;
    QString m_plain; ///< 40 rows without sequences.
    QString m_steps; ///< The same with metadata: one sequence through the first 20 rows.
    QString m_next;
    std::unique_ptr<test::IsolatedSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    PlotView& map() { return m_window->map(); }
    Workspace& workspace() { return m_window->workspace(); }
    QAction* action(const char* id) { return m_window->action(QString::fromLatin1(id)); }
    void open(const QStringList& paths)
    {
        QSignalSpy opened(&workspace(), &Workspace::datasetChanged);
        QSignalSpy found(&map(), &PlotView::pathsFound);
        m_window->openFiles(paths);
        QTRY_COMPARE(opened.size(), 1);
        QTRY_VERIFY(workspace().layout()
            && workspace().projection()->phase() != ProjectionState::Phase::Running);
        QTRY_VERIFY(!found.isEmpty());
        QTRY_VERIFY(map().isPictureComplete());
    }
    QImage seen() { return map().grab().toImage(); }
    /// As Ctrl+E would offer it now.
    MapPicture exported() { return ExportMapDialog(workspace(), map()).map().picture; }

private slots:
    void initTestCase()
    {
        m_plain = QString::fromStdString(test::npyFile(m_folder, "plain.npy", 40, 5));
        m_steps = QString::fromStdString(test::npyFile(m_folder, "steps.npy", 40, 5));
        std::string text = "name\t__seq_next__\n";
        for (int i = 0; i < 40; ++i)
            text += 'p' + std::to_string(i) + '\t' + (i < 19 ? std::to_string(i + 1) : "") + '\n';
        m_next = QString::fromStdString(m_folder.file("steps.tsv"));
        test::writeFile(m_next.toStdString(), text);
    }
    void init()
    {
        m_settings = std::make_unique<test::IsolatedSettings>();
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanup() { m_window.reset(); }

    void showPathsDrawsThemAndTakesThemAway()
    {
        open({m_steps, m_next});
        QAction* paths = action("map.paths");
        QVERIFY(paths->isEnabled() && paths->isCheckable());
        QVERIFY(paths->isChecked()); // From the start.
        QVERIFY(map().overlay().paths().lineCount() > 5);
        const QImage with = seen();
        QVERIFY(exported().paths);

        paths->trigger();
        QVERIFY(!paths->isChecked());
        QVERIFY(!map().overlay().paths().isDrawing());
        const QImage without = seen();
        QVERIFY(with != without);
        QVERIFY(!exported().paths);

        paths->trigger();
        QVERIFY(paths->isChecked());
        QCOMPARE(seen(), with);
        QVERIFY(exported().paths);
    }

    void showPathsIsOnlyForTablesThatHaveThem()
    {
        QAction* paths = action("map.paths");
        QVERIFY(!paths->isEnabled()); // Nothing is open.
        open({m_plain});
        QVERIFY(!paths->isEnabled());
        QVERIFY(!exported().paths);
        open({m_steps, m_next});
        QTRY_VERIFY(paths->isEnabled());
        open({m_plain});
        QTRY_VERIFY(!paths->isEnabled());
        QVERIFY(paths->isChecked()); // As it was left, for the next table that has some.
        workspace().close();
        QVERIFY(!paths->isEnabled());
    }

    void pathsThatWereTakenAwayStayAwayInTheNextTable()
    {
        open({m_steps, m_next});
        action("map.paths")->trigger();
        open({m_plain});
        open({m_steps, m_next});
        QTRY_VERIFY(action("map.paths")->isEnabled());
        QVERIFY(!action("map.paths")->isChecked());
        QVERIFY(!map().overlay().paths().isDrawing());
    }

    void marksAreExportedWhileTheyAreShown()
    {
        open({m_plain});
        workspace().selection()->selectPoint(3);
        QVERIFY(!exported().marked);
        action("map.torn")->trigger();
        QTRY_VERIFY(workspace().quality()->ofCurrent());
        QCOMPARE(exported().marked, workspace().quality()->ofCurrent());
        QCOMPARE(exported().sources.current, PointId{3});
        action("map.torn")->trigger();
        QVERIFY(!exported().marked);
    }

    void whatIsEmphasizedAndTheSideSeenAreExported()
    {
        open({m_plain});
        workspace().selection()->selectPoint(3);
        QTRY_VERIFY(exported().sources.neighbors);
        QCOMPARE(exported().sources.neighbors->query, PointId{3});
        QVERIFY(exported().sources.selected->contains(3));
        auto space = std::make_shared<Layout>();
        space->positions = test::normalMatrix(40, 3);
        space->recipe.method = "pca";
        emit workspace().projection()->layoutReady(space);
        QTRY_VERIFY(map().isSpace() && map().isPictureComplete());
        QTest::keyClick(&map(), Qt::Key_Right);
        QVERIFY(!(map().turn() == Turn::standard()));
        QCOMPARE(exported().sources.turn.rows(), map().turn().rows());
    }
};

QTEST_MAIN(TestMapMenu)
#include "tst_map_menu.moc"
