#pragma once

#include <QString>
#include <Qt>
#include <span>

class QWidget;

namespace embedscope::ui {

class Workspace;

/// A row of the array of panels: what a dock of the main window holds and where it starts.
struct PanelDescriptor
{
    const char* id; ///< "search"; names the dock in a saved window layout.
    const char* title; ///< Marked with QT_TRANSLATE_NOOP("Panels", "…").
    const char* icon; ///< Name of an icon of resources/icons, without folder and suffix.
    Qt::DockWidgetArea area;
    bool isVisible; ///< In a new window.
    /// Id of a row of ui/shortcuts that shows the panel and puts the focus into it, or "".
    const char* shortcut;
    /// The panel itself; it lives as long as the window, whatever is open. Its focus proxy gets the
    /// focus when the panel is asked for by key. Its actions() are orders for the whole window,
    /// each named by its row of ui/shortcuts and with its keys: the window adds them to its own
    /// actions and menus, so that they work while the panel is hidden.
    QWidget* (*create)(Workspace& workspace, QWidget* parent);
    /// Id of an earlier row whose place it shares as a tab, or "": then it lies below that area's
    /// panels.
    const char* tabWith = "";
};

/// THE ARRAY of panels. Adding one: a file, a row here, a line in CMakeLists.txt.
std::span<const PanelDescriptor> panels();

/// The title in the user's language.
QString panelTitle(const PanelDescriptor& panel);

} // namespace embedscope::ui
