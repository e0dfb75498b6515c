#include "ui/panels/panels.h"

#include "tests/support/ui_test.h"
#include "ui/shortcuts.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QFile>
#include <QSet>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>

using namespace embedscope;
using namespace embedscope::ui;

/// What every panel of the array promises, whatever it shows.
class TestPanelArray : public QObject
{
    Q_OBJECT

private:
    test::TemporaryFolder m_folder;
    QString m_path;
    std::unique_ptr<test::IsolatedSettings> m_settings;

    static const PanelDescriptor& panel(const QString& id)
    {
        for (const PanelDescriptor& row : panels()) {
            if (id == QLatin1String(row.id))
                return row;
        }
        return panels().front();
    }

    static void eachPanel()
    {
        QTest::addColumn<QString>("id");
        for (const PanelDescriptor& row : panels())
            QTest::newRow(row.id) << QString::fromLatin1(row.id);
    }

    static void load(Workspace& workspace, const QString& path)
    {
        QSignalSpy opened(&workspace, &Workspace::datasetChanged);
        workspace.open(path);
        QTRY_COMPARE(opened.size(), 1);
        QTRY_VERIFY(workspace.layout());
    }

    /// Paints it, so that what is drawn by hand is reached too.
    static void look(QWidget& widget)
    {
        QCoreApplication::processEvents();
        QVERIFY(!widget.grab().isNull());
    }

private slots:
    void initTestCase()
    {
        m_settings = std::make_unique<test::IsolatedSettings>();
        m_path = QString::fromStdString(test::wordsFile(m_folder, "words.txt", 45, 6));
    }

    void theArrayIsInOrder()
    {
        QVERIFY(!panels().empty());
        QSet<QString> ids;
        for (const PanelDescriptor& row : panels()) {
            const QString id = QString::fromLatin1(row.id);
            QVERIFY2(!ids.contains(id), row.id);
            QVERIFY2(!panelTitle(row).isEmpty(), row.id);
            QVERIFY2(
                QFile::exists(QStringLiteral(":/icons/%1.svg").arg(QString::fromLatin1(row.icon))),
                row.icon);
            if (*row.shortcut != '\0')
                QVERIFY2(!keySequences(row.shortcut).isEmpty(), row.id);
            QVERIFY2(*row.tabWith == '\0' || ids.contains(QString::fromLatin1(row.tabWith)),
                row.tabWith);
            ids.insert(id);
        }
    }

    void emptyLoadedCleared_data() { eachPanel(); }

    void emptyLoadedCleared()
    {
        QFETCH(QString, id);
        Workspace workspace;
        const std::unique_ptr<QWidget> widget(panel(id).create(workspace, nullptr));
        widget->resize(320, 480);
        widget->show();
        look(*widget);
        load(workspace, m_path);
        look(*widget);
        workspace.selection()->selectPoint(3);
        QTRY_VERIFY(workspace.neighbors()->list());
        workspace.search()->setQuery(QStringLiteral("group2"));
        QTRY_COMPARE(workspace.search()->result()->ids.size(), std::size_t{15});
        workspace.search()->next();
        look(*widget);
        workspace.color()->setTheme(Theme::Dark);
        workspace.selection()->select(PointSet::all(45), SelectionMode::Replace);
        look(*widget);
        workspace.close();
        look(*widget);
        load(workspace, m_path);
        look(*widget);
    }

    void aPanelMadeLateShowsWhatIsOpen_data() { eachPanel(); }

    void aPanelMadeLateShowsWhatIsOpen()
    {
        QFETCH(QString, id);
        Workspace workspace;
        load(workspace, m_path);
        workspace.selection()->selectPoint(7);
        QTRY_VERIFY(workspace.neighbors()->list());
        const std::unique_ptr<QWidget> widget(panel(id).create(workspace, nullptr));
        widget->resize(320, 480);
        widget->show();
        look(*widget);
    }

    void goesAwayWhileTheWorkspaceWorks_data() { eachPanel(); }

    void goesAwayWhileTheWorkspaceWorks()
    {
        QFETCH(QString, id);
        Workspace workspace;
        load(workspace, m_path);
        {
            const std::unique_ptr<QWidget> widget(panel(id).create(workspace, nullptr));
            widget->show();
            workspace.search()->setQuery(QStringLiteral("group"));
            workspace.selection()->selectPoint(1);
        }
        // Results arrive with nobody to show them.
        QTRY_VERIFY(workspace.neighbors()->list());
        QTRY_VERIFY(!workspace.search()->result()->ids.empty());
    }

    void fitsASmallScreen_data() { eachPanel(); }

    void fitsASmallScreen()
    {
        QFETCH(QString, id);
        Workspace workspace;
        load(workspace, m_path);
        const std::unique_ptr<QWidget> widget(panel(id).create(workspace, nullptr));
        widget->show();
        QVERIFY2(widget->minimumSizeHint().width() <= 420,
            qPrintable(QString::number(widget->minimumSizeHint().width())));
    }
};

QTEST_MAIN(TestPanelArray)
#include "tst_panel_array.moc"
