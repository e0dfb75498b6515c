#include "ui/shortcuts.h"

#include <QAction>
#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <cassert>
#include <iterator>

namespace embedscope::ui {

namespace {

#define TEXT(text) QT_TRANSLATE_NOOP("Shortcuts", text)

constexpr const char* kFile = TEXT("File");
constexpr const char* kEdit = TEXT("Edit");
constexpr const char* kView = TEXT("View");
constexpr const char* kMap = TEXT("Map");
constexpr const char* kSpace = TEXT("Map in three dimensions");
constexpr const char* kSelectOnMap = TEXT("Selecting on the map");
constexpr const char* kSearch = TEXT("Search");
constexpr const char* kNeighbors = TEXT("Neighbours");
constexpr const char* kLegend = TEXT("Legend");
constexpr const char* kTable = TEXT("Table");
constexpr const char* kProjection = TEXT("Projection");
constexpr const char* kMaps = TEXT("Maps");
constexpr const char* kHelp = TEXT("Help");

constexpr Shortcut kShortcuts[] = {
    {"file.open", "Ctrl+O", "", TEXT("Open a file"), kFile},
    {"file.add", "Ctrl+Shift+O", "", TEXT("Add a further table to the map"), kFile},
    {"file.drop", "", TEXT("Drop files on the window"),
        TEXT("Open them, the first as the table, metadata files beside it; or add them to the map"),
        kFile},
    {"file.chooseTable", "Ctrl+T", "", TEXT("Choose another table of the file"), kFile},
    {"file.reload", "F5", "", TEXT("Read the open file again"), kFile},
    {"file.saveSelection", "Ctrl+S", "", TEXT("Save the selected points in any format"), kFile},
    {"file.exportMap", "Ctrl+E", "", TEXT("Export the map as PNG"), kFile},
    {"file.close", "Ctrl+W", "", TEXT("Close the table"), kFile},
    {"file.quit", "Ctrl+Q", "", TEXT("Quit"), kFile},

    {"edit.copy", "Ctrl+C", "",
        TEXT("Copy the selected labels, or what is selected in the focused list"), kEdit},
    {"edit.selectAll", "Ctrl+A", "", TEXT("Select all points"), kEdit},
    {"edit.selectNone", "Ctrl+Shift+A", "", TEXT("Select no point"), kEdit},
    {"edit.invertSelection", "Ctrl+I", "", TEXT("Invert the selection"), kEdit},
    {"edit.find", "Ctrl+F", "", TEXT("Search"), kEdit},

    {"view.fullScreen", "F11", "", TEXT("Full screen, and back"), kView},
    {"view.projection", "Alt+1", "", TEXT("Show the projection panel"), kView},
    {"view.color", "Alt+2", "", TEXT("Show the colour panel"), kView},
    {"view.neighbors", "Alt+3", "", TEXT("Show the neighbours panel"), kView},
    {"view.details", "Alt+4", "", TEXT("Show the details panel"), kView},
    {"view.table", "Alt+5", "", TEXT("Show the table"), kView},
    {"view.maps", "Alt+6", "", TEXT("Show the list of maps"), kView},
    {"view.quality", "Alt+7", "", TEXT("Show the quality panel"), kView},
    {"view.health", "Alt+8", "", TEXT("Show the health of the table"), kView},

    {"map.pan", "", TEXT("Drag"), TEXT("Move the map"), kMap},
    {"map.zoom", "", TEXT("Wheel"), TEXT("Zoom at the mouse"), kMap},
    {"map.hover", "", TEXT("Rest on a point"), TEXT("Show what it is"), kMap},
    {"map.fit", "F", "", TEXT("Fit all points"), kMap},
    {"map.fitDoubleClick", "", TEXT("Double-click on the background"), TEXT("Fit all points"),
        kMap},
    {"map.fitSelection", "Shift+F", "", TEXT("Fit the selected points"), kMap},
    {"map.zoomIn", "+; =", "", TEXT("Zoom in"), kMap},
    {"map.zoomOut", "-", "", TEXT("Zoom out"), kMap},
    {"map.torn", "T", "", TEXT("Mark torn and false neighbours, and stop marking"), kMap},
    {"map.panKeys", "Left; Right; Up; Down", "", TEXT("Move the map"), kMap},

    {"space.turn", "", TEXT("Drag on a 3D map"), TEXT("Turn it"), kSpace},
    {"space.pan", "", TEXT("Shift+Drag or right-button drag on a 3D map"), TEXT("Move it"), kSpace},
    {"space.turnKeys", "", TEXT("Left, Right, Up, Down on a 3D map"), TEXT("Turn it"), kSpace},
    {"space.panKeys", "Shift+Left; Shift+Right; Shift+Up; Shift+Down", "", TEXT("Move a 3D map"),
        kSpace},
    {"space.turnBack", "Home", "", TEXT("Look at a 3D map from the first side again"), kSpace},

    {"map.click", "", TEXT("Click a point"), TEXT("Select it and show its neighbours"),
        kSelectOnMap},
    {"map.addPoint", "", TEXT("Shift+Click a point"), TEXT("Add it to the selection"),
        kSelectOnMap},
    {"map.togglePoint", "", TEXT("Ctrl+Click a point"), TEXT("Select or deselect it"),
        kSelectOnMap},
    {"map.panMode", "V", "", TEXT("Dragging moves the map"), kSelectOnMap},
    {"map.lassoMode", "L", "", TEXT("Dragging draws a lasso"), kSelectOnMap},
    {"map.boxMode", "B", "", TEXT("Dragging draws a box"), kSelectOnMap},
    {"map.areaAdd", "", TEXT("Shift+Drag with lasso or box"), TEXT("Add to the selection"),
        kSelectOnMap},
    {"map.areaSubtract", "", TEXT("Alt+Drag with lasso or box"), TEXT("Take from the selection"),
        kSelectOnMap},
    {"map.clear", "Esc", "", TEXT("Abandon the lasso or box; clear the selection"), kSelectOnMap},

    {"search.next", "Return; Down", "", TEXT("Go to the next hit"), kSearch},
    {"search.previous", "Shift+Return; Up", "", TEXT("Go to the previous hit"), kSearch},
    {"search.clear", "Esc", "", TEXT("Clear the search"), kSearch},

    {"neighbors.walk", "", TEXT("Click a neighbour"), TEXT("Go to it"), kNeighbors},
    {"neighbors.back", "Alt+Left", "", TEXT("Back to the point before"), kNeighbors},
    {"neighbors.forward", "Alt+Right", "", TEXT("Forward again"), kNeighbors},

    {"legend.hide", "", TEXT("Click a category"), TEXT("Hide or show its points"), kLegend},
    {"legend.solo", "", TEXT("Double-click a category"),
        TEXT("Show its points alone, and all again"), kLegend},

    {"table.sort", "", TEXT("Click a heading"), TEXT("Sort by the column, and back"), kTable},
    {"table.select", "", TEXT("Click a row"), TEXT("Select the point"), kTable},

    {"projection.run", "Ctrl+R", "", TEXT("Run the projection"), kProjection},
    {"projection.pause", "Ctrl+Shift+P", "", TEXT("Pause, and go on"), kProjection},
    {"projection.stop", "Ctrl+.", "", TEXT("Stop and keep the picture"), kProjection},

    {"maps.previous", "Ctrl+PgUp", "", TEXT("Show the map before, with its points moving"), kMaps},
    {"maps.next", "Ctrl+PgDown", "", TEXT("Show the next map"), kMaps},
    {"maps.pick", "", TEXT("Click a map in the list"), TEXT("Show it"), kMaps},
    {"maps.rename", "F2", "", TEXT("Rename the map"), kMaps},
    {"maps.remove", "Del", "", TEXT("Remove the map from the list"), kMaps},

    {"help.shortcuts", "F1", "", TEXT("Show this list"), kHelp},
};

#undef TEXT

QString translated(const char* text)
{
    return QCoreApplication::translate("Shortcuts", text);
}

} // namespace

std::span<const Shortcut> shortcuts()
{
    return kShortcuts;
}

const Shortcut& shortcut(std::string_view id)
{
    const auto found = std::find_if(std::begin(kShortcuts), std::end(kShortcuts),
        [id](const Shortcut& row) { return row.id == id; });
    assert(found != std::end(kShortcuts));
    return *found;
}

QList<QKeySequence> keySequences(std::string_view id)
{
    QList<QKeySequence> sequences;
    const auto parts
        = QString::fromLatin1(shortcut(id).keys).split(QStringLiteral("; "), Qt::SkipEmptyParts);
    for (const QString& keys : parts)
        sequences.append(QKeySequence(keys, QKeySequence::PortableText));
    return sequences;
}

QString displayKeys(const Shortcut& shortcut)
{
    if (*shortcut.gesture != '\0')
        return translated(shortcut.gesture);
    QStringList texts;
    for (const QKeySequence& keys : keySequences(shortcut.id))
        texts.append(keys.toString(QKeySequence::NativeText));
    return texts.join(QStringLiteral(", "));
}

QString displayWhat(const Shortcut& shortcut)
{
    return translated(shortcut.what);
}

QString displayWhere(const Shortcut& shortcut)
{
    return translated(shortcut.where);
}

void applyShortcut(QAction* action, std::string_view id)
{
    action->setShortcuts(keySequences(id));
}

} // namespace embedscope::ui
