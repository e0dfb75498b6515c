#pragma once

#include "ui/panels/point_view.h"

#include <QAbstractItemView>
#include <QCoreApplication>
#include <QTest>
#include <QWidget>

/// What the tests of the panels share: showing one, finding its parts, clicking into its lists.
namespace embedscope::test {

inline void showPanel(QWidget& panel, const QSize& size = {340, 560})
{
    panel.resize(size);
    panel.show();
    panel.activateWindow();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
}

template <typename Widget> Widget* part(const QWidget& panel, const char* name)
{
    auto* found = panel.findChild<Widget*>(QLatin1String(name));
    if (!found)
        qFatal("The panel has no part named %s.", name);
    return found;
}

/// Where the cell is once the layout has settled.
inline QPoint cellCentre(const QAbstractItemView* view, int row, int column = 0)
{
    QCoreApplication::processEvents();
    return view->visualRect(view->model()->index(row, column)).center();
}

inline void clickRow(
    QAbstractItemView* view, int row, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QTest::mouseClick(view->viewport(), Qt::LeftButton, modifiers, cellCentre(view, row));
}

inline QString cellText(const QAbstractItemView* view, int row, int column)
{
    return view->model()->index(row, column).data().toString();
}

} // namespace embedscope::test
