#include "ui/panels/maps_panel.h"

#include "tests/support/test_data.h"
#include "tests/support/ui_test.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/models/layout_list_model.h"
#include "ui/models/layout_thumbnail.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/workspace.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;
using Phase = ProjectionState::Phase;

namespace {

struct Fixture
{
    test::IsolatedSettings settings;
    test::TemporaryFolder folder;
    Workspace workspace;
    MapsPanel panel{workspace};
    QListView* list = part<QListView>(panel, "mapsList");

    Fixture()
    {
        test::showPanel(panel, {300, 500});
        workspace.open(QString::fromStdString(test::wordsFile(folder, "words.txt", 60, 6)));
        QTRY_VERIFY(workspace.layout());
        QTRY_COMPARE(workspace.projection()->phase(), Phase::Idle);
    }
    void run(std::int64_t component)
    {
        ProjectionRequest request;
        request.parameters = {{"component_x", component}};
        workspace.projection()->run(request);
        QTRY_COMPARE(workspace.projection()->phase(), Phase::Idle);
    }
    QAction* order(const char* id) const { return part<QAction>(id); }
    template <typename T> T* part(const char* name) const
    {
        return panel.findChild<T*>(QLatin1String(name));
    }
    template <typename T> static T* part(const QWidget& widget, const char* name)
    {
        return widget.findChild<T*>(QLatin1String(name));
    }
    QString name(int row) const { return test::cellText(list, row, 0); }
};

} // namespace

class TestMapsPanel : public QObject
{
    Q_OBJECT

private slots:
    void theListFollowsTheRuns()
    {
        Fixture f;
        const QAbstractItemModelTester tester(
            f.list->model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
        QCOMPARE(f.list->model()->rowCount(), 1);
        f.run(3);
        QCOMPARE(f.list->model()->rowCount(), 2);
        QCOMPARE(f.name(0), QStringLiteral("PCA"));
        QCOMPARE(f.name(1), QStringLiteral("PCA, component x 3"));
        QCOMPARE(f.list->currentIndex().row(), 1);
        QVERIFY(f.part<QLabel>("mapsMemory")->text().contains(QStringLiteral("2 maps")));
        f.workspace.close();
        QCOMPARE(f.list->model()->rowCount(), 0);
        QVERIFY(!f.order("maps.next")->isEnabled());
    }

    void clicksAndKeysSwitchMaps()
    {
        Fixture f;
        f.run(3);
        f.run(4);
        const auto last = f.workspace.layout();
        test::clickRow(f.list, 0);
        QVERIFY(f.workspace.layout() != last);
        QVERIFY(!f.order("maps.previous")->isEnabled());
        f.list->setFocus();
        QTest::keyClick(f.list, Qt::Key_Down);
        QVERIFY(*findValue(f.workspace.layout()->recipe.parameters, "component_x")
            == ParameterValue(std::int64_t(3)));
        f.order("maps.next")->trigger();
        QCOMPARE(f.workspace.layout(), last);
        QVERIFY(!f.order("maps.next")->isEnabled());
        QCOMPARE(f.list->currentIndex().row(), 2);
    }

    void everyMapGetsAPicture()
    {
        Fixture f;
        f.run(3);
        for (int row = 0; row < 2; ++row) {
            const QModelIndex index = f.list->model()->index(row, 0);
            QTRY_VERIFY(!index.data(LayoutListModel::ThumbnailRole).value<QImage>().isNull());
        }
        QVERIFY(!f.panel.grab().isNull());
    }

    void picturesShowThePointsAndNothingElse()
    {
        Layout layout;
        layout.positions = test::normalMatrix(500, 2);
        const QImage image = layoutThumbnail(layout, nullptr, Theme::Light, {60, 40});
        int drawn = 0;
        for (int y = 0; y < 40; ++y) {
            for (int x = 0; x < 60; ++x)
                drawn += qAlpha(image.pixel(x, y)) > 0 ? 1 : 0;
        }
        QVERIFY(drawn > 100 && drawn < 1500);
        layout.positions = Matrix::zeros(0, 2);
        QVERIFY(!layoutThumbnail(layout, nullptr, Theme::Dark, {60, 40}).isNull());
        layout.positions = Matrix::zeros(5, 2); // All in one place.
        QVERIFY(qAlpha(layoutThumbnail(layout, nullptr, Theme::Dark, {60, 40}).pixel(30, 20)) > 0);
    }

    void mapsCanBeRenamed()
    {
        Fixture f;
        f.list->setFocus();
        f.order("maps.rename")->trigger();
        QLineEdit* edit = nullptr;
        QTRY_VERIFY((edit = f.list->findChild<QLineEdit*>()) != nullptr);
        edit->setText(QStringLiteral("first look"));
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_COMPARE(f.name(0), QStringLiteral("first look"));
    }

    void pinnedMapsStayAndOthersGo()
    {
        Fixture f;
        f.run(3);
        f.run(4);
        test::clickRow(f.list, 0);
        f.order("maps.pin")->trigger();
        QVERIFY(f.workspace.layouts()->entries().front().isPinned);
        QVERIFY(f.order("maps.pin")->isChecked());
        QSignalSpy told(&f.workspace, &Workspace::notified);
        test::clickRow(f.list, 2);
        f.workspace.layouts()->setBudget(2 * 60 * 2 * sizeof(float));
        QCOMPARE(f.list->model()->rowCount(), 2);
        QCOMPARE(told.size(), 1);
        QVERIFY(told[0][0].toString().contains(QStringLiteral("PCA, component x 3")));
    }

    void mapsCanBeRemoved()
    {
        Fixture f;
        QVERIFY(!f.order("maps.remove")->isEnabled());
        f.run(3);
        f.order("maps.remove")->trigger();
        QCOMPARE(f.list->model()->rowCount(), 1);
        QCOMPARE(f.workspace.layout(), f.workspace.layouts()->entries().front().layout);
    }

    void aCommandCanBeCopiedFromAnyMap()
    {
        Fixture f;
        f.run(3);
        f.order("maps.copyCommand")->trigger();
        const QString command = QGuiApplication::clipboard()->text();
        QVERIFY2(command.contains(QStringLiteral("--set component_x=3")), qPrintable(command));
        QVERIFY(!command.contains(QStringLiteral("component_y"))); // It has its default.
    }

    void settingsAreAskedBack()
    {
        Fixture f;
        f.run(3);
        QSignalSpy wanted(&f.workspace, &Workspace::settingsWanted);
        f.order("maps.useSettings")->trigger();
        QCOMPARE(wanted.size(), 1);
        f.workspace.showColumnsAsMap({0, 1}); // Not numbers: nothing comes of it.
        QCOMPARE(f.list->model()->rowCount(), 2);
    }

    void savingAsksForAFile()
    {
        Fixture f;
        f.order("maps.save")->trigger();
        QFileDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = f.panel.findChild<QFileDialog*>()) != nullptr);
        const QString path = QString::fromStdString(f.folder.file("out.csv"));
        QSignalSpy told(&f.workspace, &Workspace::notified);
        emit dialog->fileSelected(path);
        dialog->reject();
        QTRY_COMPARE(told.size(), 1);
        QVERIFY(test::readFile(path.toStdString()).size() > 100);
    }
};

QTEST_MAIN(TestMapsPanel)
#include "tst_maps_panel.moc"
