#include "ui/panels/panels.h"

#include "ui/panels/color_panel.h"
#include "ui/panels/details_panel.h"
#include "ui/panels/health_panel.h"
#include "ui/panels/maps_panel.h"
#include "ui/panels/neighbors_panel.h"
#include "ui/panels/projection_panel.h"
#include "ui/panels/quality_panel.h"
#include "ui/panels/search_panel.h"
#include "ui/panels/table_panel.h"

#include <QCoreApplication>
#include <vector>

namespace embedscope::ui {

namespace {

template <typename Panel> QWidget* create(Workspace& workspace, QWidget* parent)
{
    return new Panel(workspace, parent);
}

} // namespace

std::span<const PanelDescriptor> panels()
{
    // In the order of the View menu, and of the tabs within an area.
    static const std::vector<PanelDescriptor> rows = {
        {"search", QT_TRANSLATE_NOOP("Panels", "Search"), "search", Qt::LeftDockWidgetArea, true,
            "edit.find", &create<SearchPanel>},
        {"color", QT_TRANSLATE_NOOP("Panels", "Colours"), "color", Qt::LeftDockWidgetArea, true,
            "view.color", &create<ColorPanel>},
        {"projection", QT_TRANSLATE_NOOP("Panels", "Projection"), "projection",
            Qt::LeftDockWidgetArea, true, "view.projection", &create<ProjectionPanel>, "color"},
        {"maps", QT_TRANSLATE_NOOP("Panels", "Maps"), "maps", Qt::LeftDockWidgetArea, true,
            "view.maps", &create<MapsPanel>, "color"},
        {"quality", QT_TRANSLATE_NOOP("Panels", "Quality"), "quality", Qt::LeftDockWidgetArea, true,
            "view.quality", &create<QualityPanel>, "color"},
        {"details", QT_TRANSLATE_NOOP("Panels", "Details"), "details", Qt::RightDockWidgetArea,
            true, "view.details", &create<DetailsPanel>},
        {"health", QT_TRANSLATE_NOOP("Panels", "Health"), "health", Qt::RightDockWidgetArea, true,
            "view.health", &create<HealthPanel>, "details"},
        {"neighbors", QT_TRANSLATE_NOOP("Panels", "Neighbours"), "neighbors",
            Qt::RightDockWidgetArea, true, "view.neighbors", &create<NeighborsPanel>},
        {"table", QT_TRANSLATE_NOOP("Panels", "Table"), "table", Qt::BottomDockWidgetArea, false,
            "view.table", &create<TablePanel>},
    };
    return rows;
}

QString panelTitle(const PanelDescriptor& panel)
{
    return QCoreApplication::translate("Panels", panel.title);
}

} // namespace embedscope::ui
