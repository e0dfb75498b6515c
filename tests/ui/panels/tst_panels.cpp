#include "tests/support/test_data.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/panels/panels.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLineEdit>
#include <memory>

using namespace embedscope;
using namespace embedscope::ui;

/// Promises that every panel of the array keeps.
class TestPanels : public QObject
{
    Q_OBJECT

private slots:
    void everyPanelWorksEmptyLoadedAndCleared_data();
    void everyPanelWorksEmptyLoadedAndCleared();
    void everyControlHasANameForScreenReaders_data();
    void everyControlHasANameForScreenReaders();
    void panelsMayBeMadeWhileATableIsOpen_data();
    void panelsMayBeMadeWhileATableIsOpen();
};

namespace {

void addPanels()
{
    QTest::addColumn<int>("row");
    for (std::size_t i = 0; i < panels().size(); ++i)
        QTest::newRow(panels()[i].id) << static_cast<int>(i);
}

std::unique_ptr<QWidget> make(Workspace& workspace, int row)
{
    return std::unique_ptr<QWidget>(
        panels()[static_cast<std::size_t>(row)].create(workspace, nullptr));
}

} // namespace

void TestPanels::everyPanelWorksEmptyLoadedAndCleared_data()
{
    addPanels();
}

void TestPanels::everyPanelWorksEmptyLoadedAndCleared()
{
    QFETCH(int, row);
    Workspace workspace;
    const auto panel = make(workspace, row);
    test::showPanel(*panel);
    QVERIFY(!panel->grab().isNull());

    workspace.show(test::blobDataset(60, 5, 3));
    workspace.selection()->selectPoint(7);
    workspace.search()->setQuery(QStringLiteral("p1"));
    QTRY_VERIFY(workspace.layout());
    QTRY_VERIFY(!workspace.search()->result()->ids.empty());
    QVERIFY(!panel->grab().isNull());
    workspace.selection()->select(PointSet::all(60), SelectionMode::Replace);
    workspace.selection()->setHovered(59);

    // A smaller table: nothing may look at rows that are gone.
    workspace.show(test::blobDataset(8, 3, 2));
    QVERIFY(!panel->grab().isNull());
    QTRY_VERIFY(workspace.layout());
    // And one of a single point without any columns.
    workspace.show(test::datasetOf(test::normalMatrix(1, 1)));
    workspace.selection()->selectPoint(0);
    QVERIFY(!panel->grab().isNull());
    workspace.close();
    QVERIFY(!panel->grab().isNull());
}

void TestPanels::everyControlHasANameForScreenReaders_data()
{
    addPanels();
}

void TestPanels::everyControlHasANameForScreenReaders()
{
    QFETCH(int, row);
    Workspace workspace;
    const auto panel = make(workspace, row);
    test::showPanel(*panel);
    for (const QWidget* widget : panel->findChildren<QWidget*>()) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->parentWidget()
            || widget->objectName().startsWith(QStringLiteral("qt_")))
            continue;
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        const bool isControl = button || qobject_cast<const QComboBox*>(widget)
            || qobject_cast<const QLineEdit*>(widget) || qobject_cast<const PointView*>(widget);
        if (!isControl || qobject_cast<const QComboBox*>(widget->parentWidget())
            || widget->parentWidget()->inherits("QAbstractSpinBox")
            || widget->inherits("QTableCornerButton"))
            continue;
        QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
            qPrintable(widget->objectName()));
        if (!qobject_cast<const PointView*>(widget)) // Those have one for each row.
            QVERIFY2(!widget->toolTip().isEmpty(), qPrintable(widget->objectName()));
    }
}

void TestPanels::panelsMayBeMadeWhileATableIsOpen_data()
{
    addPanels();
}

void TestPanels::panelsMayBeMadeWhileATableIsOpen()
{
    QFETCH(int, row);
    Workspace workspace;
    workspace.show(test::blobDataset(60, 5, 3));
    workspace.selection()->selectPoint(7);
    QTRY_VERIFY(workspace.layout());
    const auto panel = make(workspace, row);
    test::showPanel(*panel);
    QVERIFY(!panel->grab().isNull());
}

QTEST_MAIN(TestPanels)
#include "tst_panels.moc"
