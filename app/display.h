#pragma once

namespace embedscope::app {

/// Whether the environment names a display, or a platform of Qt that needs none.
bool isDisplayNamed();

/// The sentence for where a window was asked for and cannot be had.
const char* noDisplaySentence();

/// From now on, where Qt finds that it cannot reach the display, the program ends with that
/// sentence and exit code 1; Qt alone would abort. Other messages of Qt go to stderr as ever.
void endQuietlyWithoutDisplay();

/// Makes Qt draw into memory, whatever platform the environment asks for. Before QGuiApplication.
void drawWithoutDisplay();

} // namespace embedscope::app
