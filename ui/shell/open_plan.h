#pragma once

#include <QString>
#include <QStringList>

namespace embedscope::ui {

/// What to do with several files that came at once, from the command line or dropped.
struct OpenPlan
{
    QString table; ///< The one to open; empty where there are no files.
    QStringList metadata; ///< Laid beside it, in order.
    QStringList left; ///< Further tables.
};

/// Sorts files by their names. Metadata are CSV, TSV, text and JSON-lines files. The table is the
/// first file that is no metadata; where all could be either, the first whose name does not speak
/// of metadata or labels, for desktops hand over dropped files in any order.
OpenPlan planOpening(const QStringList& paths);

/// Whether a file of that name can be laid beside a table.
bool canBeMetadata(const QString& path);

} // namespace embedscope::ui
