#pragma once

#include "core/data/layout.h"
#include "core/io/format.h"

#include <QString>

namespace embedscope::ui {

/// The command that makes a layout of this recipe again: "embedscope project words.npz --method …".
/// Quoted for a POSIX shell. Empty for coordinates that were given.
QString projectCommand(const QString& path, const ReadOptions& options, const Recipe& recipe);

/// The text as one word for a POSIX shell.
QString shellWord(const QString& text);

} // namespace embedscope::ui
