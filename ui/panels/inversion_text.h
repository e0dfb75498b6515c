#pragma once

#include "core/data/inversion_card.h"

#include <QString>

namespace embedscope::ui {

/// What a textual inversion is, in one plain sentence.
QString inversionSentence(const InversionCard& card);

/// What is known of it, as a table of rich text; nothing of the file is taken for markup.
QString inversionHtml(const InversionCard& card);

} // namespace embedscope::ui
