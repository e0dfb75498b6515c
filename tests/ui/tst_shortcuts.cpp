#include "ui/shortcuts.h"

#include "tests/support/ui_test.h"
#include "ui/dialogs/shortcuts_dialog.h"
#include "ui/main_window.h"
#include "ui/plot/plot_view.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPolygon>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTreeWidget>
#include <QWheelEvent>
#include <map>
#include <set>

using namespace embedscope;
using namespace embedscope::ui;

/// Drives every row of the list of keys and gestures on the real window. A row without a driver
/// here fails, and so does a driver without a row.
class TestShortcuts : public QObject
{
    Q_OBJECT

private:
    using Drive = void (TestShortcuts::*)();

    test::TemporaryFolder m_folder;
    QString m_path;
    std::unique_ptr<test::IsolatedSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    Workspace& workspace() { return m_window->workspace(); }
    SelectionState* selection() { return workspace().selection(); }
    PlotView& map() { return m_window->map(); }
    QPoint at(PointId id) { return map().positionOf(id)->toPoint(); }

    template <typename Widget> Widget* find(const char* name)
    {
        return m_window->findChild<Widget*>(QString::fromLatin1(name));
    }

    /// Presses a key of the row where the focus is.
    void press(const char* id, qsizetype which = 0)
    {
        const QKeyCombination keys = keySequences(id).at(which)[0];
        QWidget* target = QApplication::focusWidget();
        QTest::keyClick(
            target != nullptr ? target : m_window.get(), keys.key(), keys.keyboardModifiers());
    }

    void focusMap()
    {
        map().setFocus();
        QTRY_COMPARE(QApplication::focusWidget(), &map());
    }

    void drag(const QList<QPoint>& path, Qt::KeyboardModifiers modifiers = Qt::NoModifier,
        Qt::MouseButton button = Qt::LeftButton)
    {
        QWidget* viewport = map().viewport();
        QTest::mousePress(viewport, button, modifiers, path.first());
        for (const QPoint& position : path) {
            QMouseEvent move(QEvent::MouseMove, position, viewport->mapToGlobal(QPointF(position)),
                Qt::NoButton, button, modifiers);
            QCoreApplication::sendEvent(viewport, &move);
        }
        QTest::mouseRelease(viewport, button, modifiers, path.last());
    }

    /// A path around a point, near enough to take few others in.
    QList<QPoint> around(PointId id)
    {
        return QPolygon(QRect(at(id) - QPoint(9, 9), QSize(18, 18)), true);
    }

    void clickRow(QAbstractItemView* view, int row, int column = 0)
    {
        const QModelIndex index = view->model()->index(row, column);
        view->scrollTo(index);
        QTest::mouseClick(
            view->viewport(), Qt::LeftButton, Qt::NoModifier, view->visualRect(index).center());
    }

    void typeSearch(const QString& text)
    {
        m_window->showPanel(QStringLiteral("search"));
        auto* edit = find<QLineEdit>("searchEdit");
        QVERIFY(edit != nullptr);
        QTRY_COMPARE(QApplication::focusWidget(), edit);
        QTest::keyClicks(edit, text);
        QTRY_VERIFY(!workspace().search()->result()->ids.empty());
    }

    void showsPanel(const char* id, const char* panel)
    {
        QDockWidget* dock = m_window->dock(QString::fromLatin1(panel));
        QVERIFY(dock != nullptr);
        dock->hide();
        focusMap();
        press(id);
        QTRY_VERIFY(dock->isVisible());
        QTRY_VERIFY(QApplication::focusWidget() != nullptr
            && dock->isAncestorOf(QApplication::focusWidget()));
    }

    void opensDialog(const char* id, const char* className)
    {
        press(id);
        QDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = m_window->findChild<QDialog*>()) != nullptr);
        QVERIFY(dialog->inherits(className));
        dialog->reject();
    }

    // File
    void fileOpen() { opensDialog("file.open", "QFileDialog"); }
    void fileChooseTable()
    {
        m_window->openFiles({QString::fromStdString(test::twoTables(m_folder))});
        QTRY_VERIFY(workspace().tables() != nullptr);
        opensDialog("file.chooseTable", "embedscope::ui::TensorChooser");
    }
    void fileDrop()
    {
        QSignalSpy opened(&workspace(), &Workspace::datasetChanged);
        QVERIFY(test::dropFile(map().viewport(), m_path));
        find<QMenu>("dropMenu")->findChild<QAction*>(QStringLiteral("dropOpen"))->trigger();
        QTRY_COMPARE(opened.size(), 1);
    }
    void fileAdd() { opensDialog("file.add", "QFileDialog"); }
    void fileSaveSelection()
    {
        selection()->selectPoint(3);
        opensDialog("file.saveSelection", "QFileDialog");
    }
    void fileReload()
    {
        QSignalSpy opened(&workspace(), &Workspace::datasetChanged);
        press("file.reload");
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(workspace().path(), m_path);
    }
    void fileExportMap() { opensDialog("file.exportMap", "embedscope::ui::ExportMapDialog"); }
    void fileClose()
    {
        press("file.close");
        QVERIFY(!workspace().dataset());
    }
    void fileQuit()
    {
        press("file.quit");
        QTRY_VERIFY(!m_window->isVisible());
    }

    // Edit
    void editCopy()
    {
        selection()->select(PointSet(60, {0, 1}), SelectionMode::Replace);
        press("edit.copy");
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("group0_0\ngroup1_0"));
    }
    void editSelectAll()
    {
        press("edit.selectAll");
        QCOMPARE(selection()->selected().count(), 60);
    }
    void editSelectNone()
    {
        selection()->selectPoint(3);
        press("edit.selectNone");
        QVERIFY(selection()->selected().isEmpty());
    }
    void editInvertSelection()
    {
        selection()->selectPoint(3);
        press("edit.invertSelection");
        QCOMPARE(selection()->selected().count(), 59);
        QVERIFY(!selection()->selected().contains(3));
    }
    void editFind() { showsPanel("edit.find", "search"); }

    // View
    void viewFullScreen()
    {
        press("view.fullScreen");
        QTRY_VERIFY(m_window->isFullScreen());
        press("view.fullScreen");
        QTRY_VERIFY(!m_window->isFullScreen());
    }
    void viewProjection() { showsPanel("view.projection", "projection"); }
    void viewColor() { showsPanel("view.color", "color"); }
    void viewNeighbors() { showsPanel("view.neighbors", "neighbors"); }
    void viewDetails() { showsPanel("view.details", "details"); }
    void viewTable() { showsPanel("view.table", "table"); }
    void viewQuality() { showsPanel("view.quality", "quality"); }
    void viewHealth() { showsPanel("view.health", "health"); }

    // Map
    void mapPan()
    {
        const QPoint before = at(0);
        drag({QPoint(200, 200), QPoint(220, 210), QPoint(260, 230)});
        QCOMPARE(at(0) - before, QPoint(60, 30));
    }
    void mapZoom()
    {
        const double before = QLineF(at(0), at(1)).length();
        QWheelEvent wheel(at(0), map().viewport()->mapToGlobal(QPointF(at(0))), {}, QPoint(0, 120),
            Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(map().viewport(), &wheel);
        QVERIFY(QLineF(at(0), at(1)).length() > before);
    }
    void mapHover()
    {
        const QPoint position = at(7);
        QMouseEvent move(QEvent::MouseMove, position,
            map().viewport()->mapToGlobal(QPointF(position)), Qt::NoButton, Qt::NoButton,
            Qt::NoModifier);
        QCoreApplication::sendEvent(map().viewport(), &move);
        QTRY_VERIFY(selection()->hovered() != kNoPoint);
        QCOMPARE(find<QLabel>("statusHovered")->text(),
            QString::fromStdString(workspace().dataset()->name(selection()->hovered())));
    }
    /// Moves the map away, and expects the gesture to bring all of it back.
    template <typename Gesture> void fitsAll(Gesture gesture)
    {
        drag({QPoint(200, 200), QPoint(900, 900)});
        gesture();
        QTRY_VERIFY(map().plotArea().contains(at(0)) && map().plotArea().contains(at(1))
            && map().plotArea().contains(at(2)));
    }
    void mapFit()
    {
        fitsAll([this] { press("map.fit"); });
    }
    void mapFitDoubleClick()
    {
        fitsAll([this] {
            QTest::mouseDClick(map().viewport(), Qt::LeftButton, Qt::NoModifier,
                map().plotArea().topLeft().toPoint() + QPoint(4, 4));
        });
    }
    void mapFitSelection()
    {
        const double before = QLineF(at(0), at(3)).length(); // Of one blob.
        selection()->select(PointSet(60, {0, 3, 6, 9}), SelectionMode::Replace);
        focusMap();
        press("map.fitSelection");
        QTRY_VERIFY(QLineF(at(0), at(3)).length() > before * 1.5);
    }
    void zooms(const char* id, bool isIn)
    {
        for (qsizetype i = 0; i < keySequences(id).size(); ++i) {
            const double before = QLineF(at(0), at(1)).length();
            press(id, i);
            if (isIn)
                QTRY_VERIFY(QLineF(at(0), at(1)).length() > before * 1.02);
            else
                QTRY_VERIFY(QLineF(at(0), at(1)).length() < before * 0.98);
        }
    }
    void mapZoomIn() { zooms("map.zoomIn", true); }
    void mapZoomOut() { zooms("map.zoomOut", false); }
    void mapTorn()
    {
        selection()->selectPoint(3);
        focusMap();
        press("map.torn");
        QVERIFY(workspace().quality()->isOverlayShown());
        QVERIFY(m_window->action(QStringLiteral("map.torn"))->isChecked());
        QTRY_VERIFY(workspace().quality()->marked());
        QVERIFY(!map().overlay().markLegend().isEmpty());
        press("map.torn");
        QVERIFY(!workspace().quality()->isOverlayShown());
        QVERIFY(map().overlay().markLegend().isEmpty());
    }
    void mapPanKeys()
    {
        for (qsizetype i = 0; i < keySequences("map.panKeys").size(); ++i) {
            const QPoint before = at(0);
            press("map.panKeys", i);
            QTRY_VERIFY(at(0) != before);
        }
    }
    void mapClick()
    {
        const PointId id = map().pointAt(at(4));
        QTest::mouseClick(map().viewport(), Qt::LeftButton, Qt::NoModifier, at(4));
        QCOMPARE(selection()->current(), id);
        QTRY_VERIFY(workspace().neighbors()->list());
        QCOMPARE(workspace().neighbors()->list()->query, id);
    }
    void mapAddPoint()
    {
        selection()->selectPoint(0);
        QTest::mouseClick(map().viewport(), Qt::LeftButton, Qt::ShiftModifier, at(1));
        QCOMPARE(selection()->selected().count(), 2);
    }
    void mapTogglePoint()
    {
        const PointId id = map().pointAt(at(1));
        QTest::mouseClick(map().viewport(), Qt::LeftButton, Qt::ControlModifier, at(1));
        QVERIFY(selection()->selected().contains(id));
        QTest::mouseClick(map().viewport(), Qt::LeftButton, Qt::ControlModifier, at(1));
        QVERIFY(!selection()->selected().contains(id));
    }
    // Map in three dimensions: the same points in a layout of three columns.
    void showSpace()
    {
        auto layout = std::make_shared<Layout>();
        layout->positions = test::normalMatrix(workspace().dataset()->size(), 3);
        layout->recipe.method = "given";
        layout->recipe.dimensions = 3;
        emit workspace().projection()->layoutReady(layout);
        QTRY_VERIFY(map().isSpace() && map().isPictureComplete());
        focusMap();
    }
    void spaceTurn()
    {
        showSpace();
        const Turn before = map().turn();
        const Camera camera = map().camera();
        const QPoint from = map().plotArea().center().toPoint();
        drag({from, from + QPoint(30, 0), from + QPoint(60, 10)});
        QVERIFY(!(map().turn() == before));
        QVERIFY(map().camera() == camera);
    }
    void spacePan()
    {
        showSpace();
        const Turn before = map().turn();
        const QPointF place = *map().positionOf(0);
        const QPoint from = map().plotArea().center().toPoint();
        drag({from, from + QPoint(30, 10)}, Qt::ShiftModifier);
        QCOMPARE((*map().positionOf(0) - place).toPoint(), QPoint(30, 10));
        drag({from, from + QPoint(-30, -10)}, Qt::NoModifier, Qt::RightButton);
        QCOMPARE((*map().positionOf(0) - place).toPoint(), QPoint(0, 0));
        QVERIFY(map().turn() == before);
    }
    void spaceTurnKeys()
    {
        showSpace();
        const Turn before = map().turn();
        QTest::keyClick(&map(), Qt::Key_Left);
        QVERIFY(!(map().turn() == before));
        QTest::keyClick(&map(), Qt::Key_Right);
        QTest::keyClick(&map(), Qt::Key_Up);
        const Turn up = map().turn();
        QTest::keyClick(&map(), Qt::Key_Down);
        QVERIFY(!(map().turn() == up));
    }
    void spacePanKeys()
    {
        showSpace();
        const Turn before = map().turn();
        const QPointF place = *map().positionOf(0);
        press("space.panKeys", 0);
        QVERIFY(map().positionOf(0)->x() > place.x() + 10);
        press("space.panKeys", 1);
        press("space.panKeys", 2);
        QVERIFY(map().positionOf(0)->y() > place.y() + 10);
        press("space.panKeys", 3);
        QVERIFY(QLineF(place, *map().positionOf(0)).length() < 1e-6);
        QVERIFY(map().turn() == before);
    }
    void spaceTurnBack()
    {
        showSpace();
        QTest::keyClick(&map(), Qt::Key_Left);
        press("space.turnBack");
        QVERIFY(map().turn() == Turn::standard());
    }
    void mapPanMode()
    {
        press("map.boxMode");
        press("map.panMode");
        QCOMPARE(map().mode(), PlotView::Mode::Pan);
        QVERIFY(m_window->action(QStringLiteral("map.panMode"))->isChecked());
    }
    void mapLassoMode()
    {
        press("map.lassoMode");
        QCOMPARE(map().mode(), PlotView::Mode::Lasso);
        drag(around(5));
        QVERIFY(selection()->selected().contains(5));
    }
    void mapBoxMode()
    {
        press("map.boxMode");
        QCOMPARE(map().mode(), PlotView::Mode::Box);
        drag({at(5) - QPoint(9, 9), at(5), at(5) + QPoint(9, 9)});
        QVERIFY(selection()->selected().contains(5));
    }
    void mapAreaAdd()
    {
        map().setMode(PlotView::Mode::Lasso);
        drag(around(0));
        drag(around(1), Qt::ShiftModifier);
        QVERIFY(selection()->selected().contains(0) && selection()->selected().contains(1));
    }
    void mapAreaSubtract()
    {
        selection()->select(PointSet::all(60), SelectionMode::Replace);
        map().setMode(PlotView::Mode::Box);
        drag({at(1) - QPoint(9, 9), at(1), at(1) + QPoint(9, 9)}, Qt::AltModifier);
        QVERIFY(!selection()->selected().contains(1));
        QVERIFY(!selection()->selected().isEmpty());
    }
    void mapClear()
    {
        selection()->selectPoint(2);
        focusMap();
        press("map.clear");
        QVERIFY(selection()->selected().isEmpty());
    }

    // Search
    void searchNext()
    {
        typeSearch(QStringLiteral("group1"));
        press("search.next", 0);
        QTRY_COMPARE(workspace().search()->position(), 0);
        press("search.next", 1);
        QTRY_COMPARE(workspace().search()->position(), 1);
        QCOMPARE(selection()->current(), workspace().search()->currentHit());
    }
    void searchPrevious()
    {
        typeSearch(QStringLiteral("group1"));
        press("search.previous", 0);
        QTRY_COMPARE(workspace().search()->position(), 19);
        press("search.previous", 1);
        QTRY_COMPARE(workspace().search()->position(), 18);
    }
    void searchClear()
    {
        typeSearch(QStringLiteral("group1"));
        press("search.clear");
        QTRY_VERIFY(!workspace().search()->isActive());
        QVERIFY(find<QLineEdit>("searchEdit")->text().isEmpty());
    }

    // Neighbours
    void neighborsWalk()
    {
        m_window->showPanel(QStringLiteral("neighbors"));
        selection()->selectPoint(0);
        auto* list = find<QAbstractItemView>("neighborsList");
        QVERIFY(list != nullptr);
        QTRY_VERIFY(list->model()->rowCount() > 0);
        QTRY_VERIFY(workspace().neighbors()->list());
        const PointId nearest = workspace().neighbors()->list()->neighbors.front().id;
        clickRow(list, 0);
        QTRY_COMPARE(selection()->current(), nearest);
    }
    void neighborsBack()
    {
        selection()->selectPoint(1);
        selection()->selectPoint(2);
        press("neighbors.back");
        QCOMPARE(selection()->current(), PointId{1});
    }
    void neighborsForward()
    {
        selection()->selectPoint(1);
        selection()->selectPoint(2);
        workspace().neighbors()->goBack();
        press("neighbors.forward");
        QCOMPARE(selection()->current(), PointId{2});
    }

    // Legend
    QAbstractItemView* legend()
    {
        m_window->showPanel(QStringLiteral("color"));
        const auto column = findColumn(workspace().dataset()->columns(), "kind");
        workspace().color()->setColumn(column);
        auto* view = find<QAbstractItemView>("colorLegend");
        const auto isReady = [&] { return view != nullptr && view->model()->rowCount() == 3; };
        return QTest::qWaitFor(isReady) ? view : nullptr;
    }
    void legendHide()
    {
        QAbstractItemView* view = legend();
        QVERIFY(view != nullptr);
        clickRow(view, 0);
        QTRY_COMPARE(workspace().color()->visible()->count(), 40);
    }
    void legendSolo()
    {
        QAbstractItemView* view = legend();
        QVERIFY(view != nullptr);
        const QPoint position = view->visualRect(view->model()->index(1, 0)).center();
        // As a mouse does it: the double-click follows a click.
        QTest::mouseClick(view->viewport(), Qt::LeftButton, Qt::NoModifier, position);
        QTest::mouseDClick(view->viewport(), Qt::LeftButton, Qt::NoModifier, position);
        QTRY_COMPARE(workspace().color()->visible()->count(), 20);
    }

    // Table
    QTableView* table()
    {
        m_window->showPanel(QStringLiteral("table"));
        auto* view = find<QTableView>("tableView");
        const auto isReady = [&] {
            return view != nullptr && view->isVisible() && view->model()->rowCount() == 60;
        };
        return QTest::qWaitFor(isReady) ? view : nullptr;
    }
    void tableSort()
    {
        QTableView* view = table();
        QVERIFY(view != nullptr);
        const auto column = [&] {
            QStringList texts;
            for (int row = 0; row < 60; ++row)
                texts.append(view->model()->index(row, 0).data().toString());
            return texts;
        };
        const QStringList before = column();
        QHeaderView* header = view->horizontalHeader();
        const auto click = [header] {
            QTest::mouseClick(header->viewport(), Qt::LeftButton, Qt::NoModifier,
                QPoint(header->sectionViewportPosition(0) + 12, header->height() / 2));
        };
        // Up first, then down: one of the two is another order than before.
        bool isChanged = false;
        for (int i = 0; i < 2 && !isChanged; ++i) {
            click();
            isChanged = QTest::qWaitFor([&] { return column() != before; }, 1000);
        }
        QVERIFY(isChanged);
        QCOMPARE(view->model()->rowCount(), 60);
    }
    void tableSelect()
    {
        QTableView* view = table();
        QVERIFY(view != nullptr);
        clickRow(view, 2);
        QTRY_COMPARE(selection()->selected().count(), 1);
        QVERIFY(selection()->current() != kNoPoint);
    }

    // Projection
    void projectionRun()
    {
        ProjectionState* projection = workspace().projection();
        QTRY_COMPARE(projection->phase(), ProjectionState::Phase::Idle);
        QSignalSpy phases(projection, &ProjectionState::phaseChanged);
        press("projection.run");
        QTRY_VERIFY(!phases.isEmpty());
    }
    void runLong()
    {
        ProjectionState* projection = workspace().projection();
        QTRY_COMPARE(projection->phase(), ProjectionState::Phase::Idle);
        ProjectionRequest request;
        request.method = "tsne";
        request.parameters = {{"perplexity", ParameterValue(10.0)},
            {"iterations", ParameterValue(std::int64_t{100'000})}};
        projection->run(request);
        QTRY_COMPARE(projection->phase(), ProjectionState::Phase::Running);
    }
    void projectionPause()
    {
        runLong();
        press("projection.pause");
        QTRY_COMPARE(workspace().projection()->phase(), ProjectionState::Phase::Paused);
        press("projection.pause");
        QTRY_COMPARE(workspace().projection()->phase(), ProjectionState::Phase::Running);
        workspace().projection()->discard();
    }
    void projectionStop()
    {
        runLong();
        QSignalSpy live(workspace().projection(), &ProjectionState::layoutReady);
        QTRY_VERIFY(!live.isEmpty());
        press("projection.stop");
        QTRY_COMPARE(workspace().projection()->phase(), ProjectionState::Phase::Idle);
        QTRY_COMPARE(workspace().layout()->recipe.method, std::string("tsne"));
    }

    // Maps
    QAbstractItemView* maps()
    {
        ProjectionState* projection = workspace().projection();
        ProjectionRequest request;
        request.parameters = {{"component_x", ParameterValue(std::int64_t{3})}};
        projection->run(request);
        const auto isReady = [&] { return projection->phase() == ProjectionState::Phase::Idle; };
        m_window->showPanel(QStringLiteral("maps"));
        auto* view = find<QAbstractItemView>("mapsList");
        return QTest::qWaitFor(isReady) && view != nullptr && view->model()->rowCount() == 2
            ? view
            : nullptr;
    }
    void viewMaps() { showsPanel("view.maps", "maps"); }
    void mapsPrevious()
    {
        const auto first = workspace().layout();
        QVERIFY(maps() != nullptr);
        QVERIFY(workspace().layout() != first);
        focusMap();
        press("maps.previous");
        QCOMPARE(workspace().layout(), first);
    }
    void mapsNext()
    {
        QVERIFY(maps() != nullptr);
        const auto last = workspace().layout();
        workspace().showLayoutBeside(-1);
        focusMap();
        press("maps.next");
        QCOMPARE(workspace().layout(), last);
    }
    void mapsPick()
    {
        const auto first = workspace().layout();
        QAbstractItemView* view = maps();
        QVERIFY(view != nullptr);
        clickRow(view, 0);
        QCOMPARE(workspace().layout(), first);
    }
    void mapsRename()
    {
        QAbstractItemView* view = maps();
        QVERIFY(view != nullptr);
        view->setFocus();
        press("maps.rename");
        QTRY_VERIFY(view->findChild<QLineEdit*>() != nullptr);
    }
    void mapsRemove()
    {
        QAbstractItemView* view = maps();
        QVERIFY(view != nullptr);
        view->setFocus();
        press("maps.remove");
        QTRY_COMPARE(view->model()->rowCount(), 1);
    }

    // Help
    void helpShortcuts() { opensDialog("help.shortcuts", "embedscope::ui::ShortcutsDialog"); }

    static const std::map<std::string, Drive>& drivers()
    {
        using T = TestShortcuts;
        static const std::map<std::string, Drive> all{{"file.open", &T::fileOpen},
            {"file.chooseTable", &T::fileChooseTable}, {"file.drop", &T::fileDrop},
            {"file.add", &T::fileAdd}, {"file.saveSelection", &T::fileSaveSelection},
            {"file.reload", &T::fileReload}, {"file.exportMap", &T::fileExportMap},
            {"file.close", &T::fileClose}, {"file.quit", &T::fileQuit}, {"edit.copy", &T::editCopy},
            {"edit.selectAll", &T::editSelectAll}, {"edit.selectNone", &T::editSelectNone},
            {"edit.invertSelection", &T::editInvertSelection}, {"edit.find", &T::editFind},
            {"view.fullScreen", &T::viewFullScreen}, {"view.projection", &T::viewProjection},
            {"view.color", &T::viewColor}, {"view.neighbors", &T::viewNeighbors},
            {"view.details", &T::viewDetails}, {"view.table", &T::viewTable},
            {"map.pan", &T::mapPan}, {"map.zoom", &T::mapZoom}, {"map.hover", &T::mapHover},
            {"map.fit", &T::mapFit}, {"map.fitDoubleClick", &T::mapFitDoubleClick},
            {"map.fitSelection", &T::mapFitSelection}, {"map.zoomIn", &T::mapZoomIn},
            {"map.zoomOut", &T::mapZoomOut}, {"map.panKeys", &T::mapPanKeys},
            {"space.turn", &T::spaceTurn}, {"space.pan", &T::spacePan},
            {"space.turnKeys", &T::spaceTurnKeys}, {"space.panKeys", &T::spacePanKeys},
            {"space.turnBack", &T::spaceTurnBack}, {"map.click", &T::mapClick},
            {"map.addPoint", &T::mapAddPoint}, {"map.togglePoint", &T::mapTogglePoint},
            {"map.panMode", &T::mapPanMode}, {"map.lassoMode", &T::mapLassoMode},
            {"map.boxMode", &T::mapBoxMode}, {"map.areaAdd", &T::mapAreaAdd},
            {"map.areaSubtract", &T::mapAreaSubtract}, {"map.clear", &T::mapClear},
            {"search.next", &T::searchNext}, {"search.previous", &T::searchPrevious},
            {"search.clear", &T::searchClear}, {"neighbors.walk", &T::neighborsWalk},
            {"neighbors.back", &T::neighborsBack}, {"neighbors.forward", &T::neighborsForward},
            {"legend.hide", &T::legendHide}, {"legend.solo", &T::legendSolo},
            {"table.sort", &T::tableSort}, {"table.select", &T::tableSelect},
            {"projection.run", &T::projectionRun}, {"projection.pause", &T::projectionPause},
            {"projection.stop", &T::projectionStop}, {"view.maps", &T::viewMaps},
            {"maps.previous", &T::mapsPrevious}, {"maps.next", &T::mapsNext},
            {"maps.pick", &T::mapsPick}, {"maps.rename", &T::mapsRename},
            {"maps.remove", &T::mapsRemove}, {"view.quality", &T::viewQuality},
            {"view.health", &T::viewHealth}, {"map.torn", &T::mapTorn},
            {"help.shortcuts", &T::helpShortcuts}};
        return all;
    }

private slots:
    void initTestCase()
    {
        m_path = QString::fromStdString(test::wordsFile(m_folder, "words.txt", 60, 5));
        std::string metadata = "kind\n";
        for (int i = 0; i < 60; ++i)
            metadata += std::string(i % 3 == 0 ? "animal" : i % 3 == 1 ? "plant" : "stone") + '\n';
        test::writeFile(m_folder.file("metadata.tsv"), metadata);
    }

    void init()
    {
        m_settings = std::make_unique<test::IsolatedSettings>();
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1400, 900);
        m_window->show();
        QSignalSpy opened(&workspace(), &Workspace::datasetChanged);
        m_window->openFiles({m_path, QString::fromStdString(m_folder.file("metadata.tsv"))});
        QTRY_COMPARE(opened.size(), 1);
        QTRY_VERIFY(workspace().layout());
        QTRY_VERIFY(map().isPictureComplete());
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        focusMap();
    }

    void cleanup()
    {
        m_window.reset();
        m_settings.reset();
    }

    void everyRowIsDriven_data()
    {
        QTest::addColumn<QString>("id");
        for (const Shortcut& row : shortcuts())
            QTest::newRow(row.id) << QString::fromLatin1(row.id);
    }

    void everyRowIsDriven()
    {
        QFETCH(QString, id);
        const auto driver = drivers().find(id.toStdString());
        QVERIFY2(driver != drivers().end(), "No test drives this entry of the list.");
        (this->*driver->second)();
    }

    void everyDriverHasARow()
    {
        std::set<std::string> listed;
        for (const Shortcut& row : shortcuts())
            QVERIFY2(listed.insert(row.id).second, row.id);
        for (const auto& [id, drive] : drivers())
            QVERIFY2(listed.contains(id), id.c_str());
    }

    void everyRowSaysSomething()
    {
        for (const Shortcut& row : shortcuts()) {
            QVERIFY2(!displayKeys(row).isEmpty() && !displayWhat(row).isEmpty()
                    && !displayWhere(row).isEmpty(),
                row.id);
            QVERIFY2((*row.keys == '\0') != (*row.gesture == '\0'), row.id);
            for (const QKeySequence& keys : keySequences(row.id))
                QVERIFY2(!keys.isEmpty() && keys[0].key() != Qt::Key_unknown, row.id);
        }
    }

    /// Actions that have a key have it from the list.
    void noActionHasAKeyOfItsOwn()
    {
        QSet<QKeySequence> listed;
        for (const Shortcut& row : shortcuts()) {
            for (const QKeySequence& keys : keySequences(row.id))
                listed.insert(keys);
        }
        const auto actions = m_window->findChildren<QAction*>();
        for (const QAction* action : actions) {
            for (const QKeySequence& keys : action->shortcuts()) {
                // A line edit's own menu names the keys that every line edit has.
                if (action->text().isEmpty() || qobject_cast<QLineEdit*>(action->parent()))
                    continue;
                QVERIFY2(listed.contains(keys), qPrintable(action->text()));
            }
        }
    }

    void theDialogListsThemAll()
    {
        const ShortcutsDialog dialog;
        const auto* list = dialog.findChild<QTreeWidget*>(QStringLiteral("shortcutsList"));
        std::size_t rows = 0;
        for (int i = 0; i < list->topLevelItemCount(); ++i)
            rows += static_cast<std::size_t>(list->topLevelItem(i)->childCount());
        QCOMPARE(rows, shortcuts().size());
    }
};

QTEST_MAIN(TestShortcuts)
#include "tst_shortcuts.moc"
