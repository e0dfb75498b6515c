#pragma once

#include <QString>

class QScrollArea;
class QWidget;

namespace embedscope::ui {

/// A panel's content, which scrolls up and down where it is higher than its dock. name: of the
/// scroll area, for tests. It takes the content.
QScrollArea* scrolled(QWidget* content, const QString& name);

} // namespace embedscope::ui
