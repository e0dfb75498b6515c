#pragma once

#include "core/data/layout.h"
#include "core/io/format.h"

#include <QString>
#include <QStringList>

namespace embedscope::ui {

struct KeptLayout;

/// The command that makes a layout of this recipe again: "embedscope project words.npz --method …",
/// with every parameter that differs from the method's default. Quoted for a POSIX shell. Empty for
/// coordinates that were given.
/// added   tables that were joined below it.
QString projectCommand(const QString& path, const ReadOptions& options, const Recipe& recipe,
    const QStringList& added = {});

/// What that command leaves out of how a map came about, as a sentence; empty where it is all
/// there.
QString commandCaveat(const KeptLayout& map);

/// The text as one word for a POSIX shell.
QString shellWord(const QString& text);

} // namespace embedscope::ui
