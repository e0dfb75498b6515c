#include "app/display.h"

#include <QByteArray>
#include <QString>
#include <QtGlobal>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace embedscope::app {

namespace {

QtMessageHandler previousHandler = nullptr;

bool isSet(const char* variable)
{
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

void handleMessage(QtMsgType type, const QMessageLogContext& context, const QString& text)
{
    const bool isAboutPlatform
        = context.category != nullptr && std::strncmp(context.category, "qt.qpa", 6) == 0;
    if (type == QtFatalMsg && text.contains(QLatin1String("platform plugin"))) {
        std::fputs(noDisplaySentence(), stderr);
        std::fflush(stderr);
        _exit(1);
    }
    // What Qt tried before it gave up or found another way.
    if (type != QtFatalMsg && isAboutPlatform)
        return;
    if (previousHandler != nullptr)
        previousHandler(type, context, text);
}

/// What Qt says while it draws into memory concerns the desktop, which is not used.
void dropMessage(QtMsgType type, const QMessageLogContext& context, const QString& text)
{
    if ((type == QtCriticalMsg || type == QtFatalMsg) && previousHandler != nullptr)
        previousHandler(type, context, text);
}

} // namespace

bool isDisplayNamed()
{
    return isSet("DISPLAY") || isSet("WAYLAND_DISPLAY") || isSet("QT_QPA_PLATFORM");
}

const char* noDisplaySentence()
{
    return "There is no display to open a window on; on a machine without one use the commands "
           "that "
           "'embedscope --help' lists, such as 'embedscope render'.\n";
}

void endQuietlyWithoutDisplay()
{
    previousHandler = qInstallMessageHandler(handleMessage);
}

void drawWithoutDisplay()
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    // Would ask the desktop for its fonts and colours.
    qunsetenv("QT_QPA_PLATFORMTHEME");
    qunsetenv("QT_STYLE_OVERRIDE");
    previousHandler = qInstallMessageHandler(dropMessage);
}

} // namespace embedscope::app
