#include "ui/panels/panels.h"

#include <QCoreApplication>
#include <vector>

namespace embedscope::ui {

std::span<const PanelDescriptor> panels()
{
    // In the order of the View menu, and of the tabs within an area.
    static const std::vector<PanelDescriptor> rows = {};
    return rows;
}

QString panelTitle(const PanelDescriptor& panel)
{
    return QCoreApplication::translate("Panels", panel.title);
}

} // namespace embedscope::ui
