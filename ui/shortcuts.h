#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>
#include <span>
#include <string_view>

class QAction;

namespace embedscope::ui {

/// A row of the list of keys and gestures.
struct Shortcut
{
    const char* id; ///< "file.open"; tests drive every row by its id.
    /// Keys in portable text ("Ctrl+O"), several separated by "; ". Empty for mouse gestures.
    const char* keys;
    const char* gesture; ///< Marked text such as "Wheel"; empty where keys say it all.
    const char* what; ///< What it does, marked with QT_TRANSLATE_NOOP("Shortcuts", "…").
    const char* where; ///< Heading it stands under in the dialog, marked too.
};

/// THE LIST of keys and gestures, from which actions take their keys and the F1 dialog its rows.
/// Rows of one heading stand together.
std::span<const Shortcut> shortcuts();

/// The row of that id; it must exist.
const Shortcut& shortcut(std::string_view id);

/// The key sequences of a row, the first being the one that menus show.
QList<QKeySequence> keySequences(std::string_view id);

/// Keys in the system's own words, or the gesture.
QString displayKeys(const Shortcut& shortcut);
QString displayWhat(const Shortcut& shortcut);
QString displayWhere(const Shortcut& shortcut);

/// Gives the action the keys of the row.
void applyShortcut(QAction* action, std::string_view id);

} // namespace embedscope::ui
