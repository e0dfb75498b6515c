#pragma once

#include <QIcon>
#include <QString>

namespace embedscope::ui {

/// An icon of resources/icons by name ("open"), drawn in the text colour of the palette as it is at
/// the time of painting: light, dark and disabled come out right without reloading.
QIcon icon(const QString& name);
/// The same in a colour of its own, such as a warning's.
QIcon icon(const QString& name, const QColor& color);

/// The program's own icon.
QIcon applicationIcon();

} // namespace embedscope::ui
