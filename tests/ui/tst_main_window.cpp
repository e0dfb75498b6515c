#include "ui/main_window.h"

#include "core/io/open.h"
#include "core/io/writers/writers.h"
#include "tests/support/ui_test.h"
#include "ui/dialogs/columns_dialog.h"
#include "ui/dialogs/export_map_dialog.h"
#include "ui/panels/panels.h"
#include "ui/plot/plot_view.h"
#include "ui/shell/info_bar.h"
#include "ui/shell/recent_files.h"
#include "ui/shell/welcome_page.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QDropEvent>
#include <QFileDialog>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>
#include <QUrl>

using namespace embedscope;
using namespace embedscope::ui;

class TestMainWindow : public QObject
{
    Q_OBJECT

private:
    test::TemporaryFolder m_folder;
    QString m_words;
    std::unique_ptr<test::IsolatedSettings> m_settings;

    QString file(const char* name) const { return QString::fromStdString(m_folder.file(name)); }

    static void open(MainWindow& window, const QStringList& paths)
    {
        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        window.openFiles(paths);
        QTRY_COMPARE(opened.size(), 1);
        QTRY_VERIFY(window.workspace().layout());
    }

    static QLabel* status(MainWindow& window, const char* name)
    {
        return window.findChild<QLabel*>(QString::fromLatin1(name));
    }

private slots:
    void initTestCase()
    {
        m_words = QString::fromStdString(test::wordsFile(m_folder, "words.txt", 30, 5));
    }

    void init() { m_settings = std::make_unique<test::IsolatedSettings>(); }

    void startsEmptyWithAStartPage()
    {
        MainWindow window;
        window.show();
        auto* welcome = window.findChild<WelcomePage*>();
        QVERIFY(welcome->isVisible());
        QVERIFY(welcome->findChild<QPushButton*>(QStringLiteral("welcomeOpen"))->isVisible());
        for (const Format& format : formats()) {
            const auto labels = welcome->findChildren<QLabel*>();
            QVERIFY2(std::any_of(labels.begin(), labels.end(),
                         [&format](const QLabel* label) {
                             return label->text()
                                 == QString::fromUtf8(format.name.data(),
                                     static_cast<qsizetype>(format.name.size()));
                         }),
                format.id.data());
        }
        for (const PanelDescriptor& panel : panels())
            QVERIFY(!window.dock(QString::fromLatin1(panel.id))->isVisible());
        for (const char* id : {"file.reload", "file.close", "file.metadata", "file.layout",
                 "file.exportMap", "file.exportLayout", "file.saveSelection", "file.saveVisible",
                 "file.saveAll", "file.add", "file.columns", "edit.selectAll", "edit.selectNone",
                 "edit.invertSelection"})
            QVERIFY2(!window.action(QString::fromLatin1(id))->isEnabled(), id);
        for (const char* id : {"file.open", "file.quit", "help.shortcuts", "help.about"})
            QVERIFY2(window.action(QString::fromLatin1(id))->isEnabled(), id);
    }

    void anOpenFileShowsTheMapAndWakesTheActions()
    {
        MainWindow window;
        window.show();
        open(window, {m_words});
        QVERIFY(!window.findChild<WelcomePage*>()->isVisible());
        QVERIFY(window.windowTitle().contains(QStringLiteral("words.txt")));
        QVERIFY(status(window, "statusTable")->text().startsWith(QStringLiteral("30 × 5")));
        for (const char* id : {"file.reload", "file.close", "file.metadata", "file.exportMap",
                 "file.exportLayout", "edit.selectAll"})
            QVERIFY2(window.action(QString::fromLatin1(id))->isEnabled(), id);
        for (const PanelDescriptor& panel : panels()) {
            QCOMPARE(window.dock(QString::fromLatin1(panel.id))->isHidden(), !panel.isVisible);
        }
        QVERIFY(!window.action(QStringLiteral("file.saveSelection"))->isEnabled());
        window.workspace().selection()->selectPoint(3);
        QVERIFY(window.action(QStringLiteral("file.saveSelection"))->isEnabled());
        QVERIFY(status(window, "statusSelection")->isVisible());
        QVERIFY(status(window, "statusSelection")->text().startsWith(QLatin1Char('1')));
        window.workspace().selection()->setHovered(0);
        QCOMPARE(status(window, "statusHovered")->text(), QStringLiteral("group0_0"));
        window.action(QStringLiteral("file.close"))->trigger();
        QVERIFY(window.findChild<WelcomePage*>()->isVisible());
        QVERIFY(!window.action(QStringLiteral("file.reload"))->isEnabled());
    }

    void everyMenuItemLeadsSomewhere()
    {
        MainWindow window;
        for (const QAction* top : window.menuBar()->actions()) {
            QVERIFY(top->text().contains(QLatin1Char('&')));
            for (const QAction* item : top->menu()->actions()) {
                if (item->isSeparator() || item->menu() != nullptr)
                    continue;
                QVERIFY2(!item->objectName().isEmpty(), qPrintable(item->text()));
                QCOMPARE(window.action(item->objectName()), item);
            }
        }
    }

    void errorsAreSaidWithoutBlocking()
    {
        MainWindow window;
        window.show();
        window.openFiles({QStringLiteral("/nowhere/gone.npy")});
        QTRY_VERIFY(window.infoBar().isVisible());
        QCOMPARE(window.infoBar().kind(), InfoBar::Kind::Error);
        QVERIFY(window.infoBar().message().contains(QStringLiteral("gone.npy")));
        QVERIFY(QApplication::activeModalWidget() == nullptr);
        // The next file that opens takes the message away.
        open(window, {m_words});
        QVERIFY(!window.infoBar().isVisible());
    }

    void warningsAreCountedAndListed()
    {
        test::writeFile(m_folder.file("liar.txt"), "5 2\na 1 2\nb 3 4\nc 5 6\n");
        MainWindow window;
        window.show();
        open(window, {file("liar.txt")});
        auto* button = window.findChild<QToolButton*>(QStringLiteral("statusWarnings"));
        QVERIFY(button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        auto* list = window.findChild<QListWidget*>(QStringLiteral("warningsList"));
        QVERIFY(list != nullptr);
        QCOMPARE(list->count(), static_cast<int>(window.workspace().dataset()->warnings().size()));
    }

    void droppedFilesAreOpenedAndMetadataLaidBeside()
    {
        std::string metadata = "kind\n";
        for (int i = 0; i < 30; ++i)
            metadata += i % 2 == 0 ? "odd\n" : "even\n";
        test::writeFile(m_folder.file("metadata.tsv"), metadata);
        MainWindow window;
        window.show();
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(file("metadata.tsv")), QUrl::fromLocalFile(m_words)});
        QWidget* target = window.findChild<WelcomePage*>()->viewport();
        QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(target, &enter);
        QVERIFY(enter.isAccepted());
        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(target, &drop);
        QVERIFY(drop.isAccepted());
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(window.workspace().path(), m_words);
        QVERIFY(findColumn(window.workspace().dataset()->columns(), "kind"));
    }

    void aSecondTableIsNamedAndLeft()
    {
        test::npyFile(m_folder, "a.npy", 10, 3);
        test::npyFile(m_folder, "b.npy", 10, 3);
        MainWindow window;
        window.show();
        open(window, {file("a.npy"), file("b.npy")});
        QCOMPARE(window.workspace().path(), file("a.npy"));
        QVERIFY(window.infoBar().isVisible());
        QVERIFY(window.infoBar().message().contains(QStringLiteral("b.npy")));
    }

    void recentFilesAreListedAndMissingOnesAreGrey()
    {
        MainWindow window;
        window.show();
        open(window, {m_words});
        QCOMPARE(window.recentFiles().files().size(), 1);
        window.recentFiles().add(QStringLiteral("/nowhere/gone.npy"));
        window.workspace().close();
        const auto row = [&window](const QString& name) -> QToolButton* {
            const auto rows = window.findChildren<QToolButton*>(QStringLiteral("recentFile"));
            const auto found = std::find_if(rows.begin(), rows.end(), [&name](QToolButton* button) {
                return button->isVisible() && button->text() == name;
            });
            return found == rows.end() ? nullptr : *found;
        };
        QTRY_VERIFY(row(QStringLiteral("gone.npy")) != nullptr);
        QTRY_VERIFY(row(QStringLiteral("words.txt")) != nullptr);
        QToolButton* gone = row(QStringLiteral("gone.npy"));
        QToolButton* there = row(QStringLiteral("words.txt"));
        QVERIFY(!gone->isEnabled());
        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        QTest::mouseClick(there, Qt::LeftButton);
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(window.workspace().path(), m_words);
    }

    void aFileThatChangesIsOfferedForReload()
    {
        const QString path
            = QString::fromStdString(test::wordsFile(m_folder, "changing.txt", 12, 4));
        MainWindow window;
        window.show();
        open(window, {path});
        test::wordsFile(m_folder, "changing.txt", 18, 4);
        QTRY_VERIFY(window.infoBar().isVisible());
        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        QTest::mouseClick(window.infoBar().findChild<QPushButton*>(QStringLiteral("infoBarAction")),
            Qt::LeftButton);
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(window.workspace().dataset()->size(), 18);
        QVERIFY(!window.infoBar().isVisible());
    }

    void theWindowRemembersItsPanels()
    {
        if (panels().empty())
            QFAIL("There is no panel to move.");
        const QString id = QString::fromLatin1(panels().front().id);
        {
            MainWindow window;
            window.show();
            open(window, {m_words});
            window.dock(id)->setVisible(!panels().front().isVisible);
            window.close();
        }
        MainWindow window;
        window.show();
        open(window, {m_words});
        QCOMPARE(window.dock(id)->isHidden(), panels().front().isVisible);
        window.resetLayout();
        QCOMPARE(window.dock(id)->isHidden(), !panels().front().isVisible);
    }

    void thePanelsComeBackAfterClosingAndOpening()
    {
        MainWindow window;
        window.show();
        open(window, {m_words});
        window.workspace().close();
        for (const PanelDescriptor& panel : panels())
            QVERIFY(window.dock(QString::fromLatin1(panel.id))->isHidden());
        window.close(); // Saved while they were away.
        MainWindow next;
        next.show();
        open(next, {m_words});
        for (const PanelDescriptor& panel : panels())
            QCOMPARE(next.dock(QString::fromLatin1(panel.id))->isHidden(), !panel.isVisible);
    }

    void exportsAreWrittenWhole()
    {
        MainWindow window;
        window.show();
        open(window, {m_words});
        QSignalSpy said(&window.workspace(), &Workspace::notified);
        window.exportLayout(file("layout.csv"));
        window.workspace().selection()->select(PointSet(30, {2, 5}), SelectionMode::Replace);
        window.savePoints(file("selection.csv"), MainWindow::SavedPoints::Selected);
        MapExport map;
        map.picture.sources.layout = window.workspace().layout();
        map.picture.size = QSize(320, 200);
        map.picture.devicePixelRatio = 2;
        window.exportMap(file("map.png"), map);
        QTRY_COMPARE(said.size(), 3);
        const QString layout = QString::fromStdString(test::readFile(m_folder.file("layout.csv")));
        QCOMPARE(layout.count(QLatin1Char('\n')), 31);
        QVERIFY(layout.startsWith(QStringLiteral("label,x,y\ngroup0_0,")));
        const QString rows = QString::fromStdString(test::readFile(m_folder.file("selection.csv")));
        QCOMPARE(rows.count(QLatin1Char('\n')), 3);
        QVERIFY(rows.contains(QStringLiteral("group2_0")));
        QCOMPARE(QImage(file("map.png")).size(), QSize(640, 400));
    }

    void pointsAreSavedInEveryFormat()
    {
        MainWindow window;
        window.show();
        open(window, {m_words});
        Workspace& workspace = window.workspace();
        workspace.selection()->select(PointSet(30, {2, 5, 29}), SelectionMode::Replace);
        for (const Writer& writer : writers()) {
            const QString extension = QString::fromUtf8(writer.extensions.front().data());
            window.infoBar().dismiss();
            window.action(QStringLiteral("file.saveSelection"))->trigger();
            auto* dialog = window.findChild<QFileDialog*>();
            QVERIFY(dialog != nullptr);
            QCOMPARE(dialog->nameFilters().size(), static_cast<qsizetype>(writers().size()));
            const QString filter = dialog->nameFilters().at(&writer - writers().data());
            QVERIFY(filter.contains(QStringLiteral("*.") + extension));
            dialog->selectNameFilter(filter);
            emit dialog->filterSelected(filter);
            QCOMPARE(dialog->defaultSuffix(), extension);
            const QString path = file("saved.") + extension;
            QSignalSpy said(&workspace, &Workspace::notified);
            emit dialog->fileSelected(path);
            dialog->reject();
            QTRY_COMPARE(said.size(), 1);
            QVERIFY(said.first().first().toString().contains(QStringLiteral("saved.") + extension));
            const auto back = openDataset(path.toStdString(), {}, {});
            QVERIFY2(back.ok(), writer.id.data());
            QCOMPARE((*back)->size(), Index{3});
            for (Index j = 0; j < 5; ++j)
                QCOMPARE((*back)->vectors()(2, j), workspace.dataset()->vectors()(29, j));
            // What is lost is said: the labels, where a format holds vectors alone.
            const bool isLost = writer.id == "npy" || writer.id == "safetensors";
            QCOMPARE(window.infoBar().isVisible(), isLost);
            QTRY_VERIFY(window.findChild<QFileDialog*>() == nullptr);
        }
    }

    void visibleAndAllPointsAreSaved()
    {
        const QString grouped = file("grouped.csv");
        QVERIFY(
            writeDataset(grouped.toStdString(), {}, RowsToWrite(*test::blobDataset(30, 4, 3)), {})
                .ok());
        MainWindow window;
        window.show();
        open(window, {grouped});
        Workspace& workspace = window.workspace();
        const auto rowsOf = [&](MainWindow::SavedPoints which) {
            const QString path = file("points.npy");
            QSignalSpy said(&workspace, &Workspace::notified);
            window.savePoints(path, which);
            if (!QTest::qWaitFor([&said] { return said.size() == 1; }))
                return Index{-1};
            const auto back = openDataset(path.toStdString(), {}, {});
            return back ? (*back)->size() : Index{-1};
        };
        QTRY_COMPARE(workspace.color()->coloring()->legend.size(), std::size_t{3});
        workspace.color()->toggleHidden(workspace.color()->coloring()->legend[1].code);
        QCOMPARE(rowsOf(MainWindow::SavedPoints::Visible), Index{20});
        QCOMPARE(rowsOf(MainWindow::SavedPoints::All), Index{30});
        workspace.color()->showAll();
        QCOMPARE(rowsOf(MainWindow::SavedPoints::Visible), Index{30});
    }

    void theMenusOfMapAndTableSave()
    {
        MainWindow window;
        window.show();
        open(window, {m_words});
        QAction* save = window.action(QStringLiteral("file.saveSelection"));
        QVERIFY(window.dock(QStringLiteral("table"))->widget()->actions().contains(save));
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(9, 9),
            window.map().viewport()->mapToGlobal(QPoint(9, 9)));
        QApplication::sendEvent(window.map().viewport(), &event);
        auto* menu = window.map().findChild<QMenu*>(QStringLiteral("mapMenu"));
        QVERIFY(menu != nullptr && menu->actions().contains(save));
        menu->close();
    }

    void furtherTablesAreOfferedForTheMap()
    {
        const QString more = QString::fromStdString(test::wordsFile(m_folder, "more.vec", 9, 5));
        const QString first = QString::fromStdString(test::wordsFile(m_folder, "first.vec", 12, 5));
        MainWindow window;
        window.show();
        open(window, {first, more});
        QCOMPARE(window.workspace().dataset()->size(), 12);
        QVERIFY(window.infoBar().message().contains(QStringLiteral("more.vec")));
        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        QTest::mouseClick(window.infoBar().findChild<QPushButton*>(QStringLiteral("infoBarAction")),
            Qt::LeftButton);
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(window.workspace().dataset()->size(), 21);
        QVERIFY(window.windowTitle().contains(QStringLiteral("first.vec + more.vec")));
    }

    void aDroppedTableCanBeAdded()
    {
        MainWindow window;
        window.show();
        open(window, {m_words});
        const auto drop = [&](const char* choice) {
            QVERIFY(test::dropFile(window.map().viewport(), m_words));
            auto* menu = window.findChild<QMenu*>(QStringLiteral("dropMenu"));
            QVERIFY(menu != nullptr && menu->isVisible());
            menu->findChild<QAction*>(QString::fromLatin1(choice))->trigger();
            menu->close();
            QTRY_VERIFY(window.findChild<QMenu*>(QStringLiteral("dropMenu")) == nullptr);
        };
        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        drop("dropAdd");
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(window.workspace().dataset()->size(), 60);
        drop("dropOpen");
        QTRY_COMPARE(opened.size(), 2);
        QCOMPARE(window.workspace().dataset()->size(), 30);
        // Nothing is open: there is nothing to choose.
        window.workspace().close();
        QVERIFY(test::dropFile(&window, m_words));
        QTRY_COMPARE(opened.size(), 4);
        QVERIFY(window.findChild<QMenu*>(QStringLiteral("dropMenu")) == nullptr);
    }

    void anExportThatFailsIsSaid()
    {
        MainWindow window;
        window.show();
        open(window, {m_words});
        window.exportLayout(QStringLiteral("/nowhere/at/all.csv"));
        QTRY_VERIFY(window.infoBar().isVisible());
        QCOMPARE(window.infoBar().kind(), InfoBar::Kind::Error);
        QVERIFY(window.infoBar().message().contains(QStringLiteral("all.csv")));
    }

    void theExportDialogDescribesThePicture()
    {
        MainWindow window;
        window.show();
        open(window, {m_words});
        {
            ExportMapDialog dialog(window.workspace(), window.map());
            dialog.findChild<QSpinBox*>(QStringLiteral("exportWidth"))->setValue(900);
            dialog.findChild<QSpinBox*>(QStringLiteral("exportHeight"))->setValue(600);
            dialog.findChild<QComboBox*>(QStringLiteral("exportScale"))->setCurrentIndex(1);
            dialog.findChild<QComboBox*>(QStringLiteral("exportTheme"))->setCurrentIndex(1);
            const MapExport map = dialog.map();
            QCOMPARE(map.picture.size, QSize(900, 600));
            QCOMPARE(map.picture.devicePixelRatio, 2.0);
            QCOMPARE(map.picture.sources.theme, Theme::Dark);
            dialog.accept();
        }
        const ExportMapDialog again(window.workspace(), window.map());
        QCOMPARE(again.map().picture.size, QSize(900, 600));
        const auto png = paintPng(again.map());
        QVERIFY(png.ok());
        QCOMPARE(QImage::fromData(*png).size(), QSize(1800, 1200));
    }

    void columnsAreChosenTwoOrThree()
    {
        const auto dataset = test::blobDataset(6, 3, 2);
        auto both = dataset->withColumns(
            {Column("height", NumberValues{{1, 2, 3, 4, 5, 6}})}, std::nullopt, {}, "");
        QVERIFY(both.ok());
        ColumnsDialog dialog(**both);
        QCOMPARE(dialog.columns().size(), std::size_t{2});
        QVERIFY(dialog.columns()[0] != dialog.columns()[1]);
        auto* ok = dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
        QVERIFY(ok->isEnabled());
        auto* y = dialog.findChild<QComboBox*>(QStringLiteral("columnY"));
        y->setCurrentIndex(dialog.findChild<QComboBox*>(QStringLiteral("columnX"))->currentIndex());
        QVERIFY(!ok->isEnabled());
    }

    void copyTakesTheSelectedLabels()
    {
        MainWindow window;
        window.show();
        open(window, {m_words});
        window.workspace().selection()->select(PointSet(30, {0, 4}), SelectionMode::Replace);
        window.setFocus();
        window.copy();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("group0_0\ngroup1_1"));
    }

    void copyTakesWhatIsSelectedInTheFocusedList()
    {
        MainWindow window;
        auto* list = new QListWidget(&window);
        list->addItems({QStringLiteral("one"), QStringLiteral("two"), QStringLiteral("three")});
        list->setSelectionMode(QAbstractItemView::ExtendedSelection);
        list->item(0)->setSelected(true);
        list->item(2)->setSelected(true);
        window.show();
        list->show();
        QApplication::setActiveWindow(&window);
        list->setFocus();
        QTRY_COMPARE(QApplication::focusWidget(), list);
        window.copy();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("one\nthree"));
    }

    void theThemeReachesTheMapsColours()
    {
        MainWindow window;
        window.show();
        window.action(QStringLiteral("view.themeDark"))->trigger();
        QCOMPARE(window.workspace().color()->theme(), Theme::Dark);
        window.action(QStringLiteral("view.themeLight"))->trigger();
        QCOMPARE(window.workspace().color()->theme(), Theme::Light);
    }

    void everyControlHasANameForAScreenReader()
    {
        MainWindow window;
        window.show();
        open(window, {m_words});
        const auto labels = window.findChildren<QLabel*>();
        const auto widgets = window.findChildren<QWidget*>();
        for (const QWidget* widget : widgets) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()
                || widget->objectName().startsWith(QLatin1String("qt_")))
                continue;
            const auto* button = qobject_cast<const QAbstractButton*>(widget);
            const bool isControl = button != nullptr || qobject_cast<const QComboBox*>(widget)
                || qobject_cast<const QAbstractSpinBox*>(widget);
            if (!isControl)
                continue;
            const bool hasName = !widget->accessibleName().isEmpty()
                || (button != nullptr && !button->text().isEmpty())
                || std::any_of(labels.begin(), labels.end(),
                    [widget](const QLabel* label) { return label->buddy() == widget; });
            QVERIFY2(hasName,
                qPrintable(QStringLiteral("%1 %2").arg(
                    QString::fromLatin1(widget->metaObject()->className()), widget->objectName())));
        }
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
