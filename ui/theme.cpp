#include "ui/theme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFile>
#include <QPainter>
#include <QProxyStyle>
#include <QSettings>
#include <QStyleFactory>
#include <QStyleHints>
#include <QStyleOption>
#include <QToolTip>

namespace embedscope::ui {

namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kArea = QStringLiteral("org.freedesktop.appearance");
const QString kKey = QStringLiteral("color-scheme");
const QString kSetting = QStringLiteral("view/theme");
constexpr uint kPrefersDark = 1;
constexpr uint kPrefersLight = 2;

/// The colours of one theme. Text on its ground has a contrast of at least 7, placeholder and
/// disabled text of at least 3.
struct Colors
{
    QRgb window, base, alternate, button, text, muted, disabled, border, highlight, onHighlight,
        link, visited, toolTip, light, mid, dark, shadow;
};

constexpr Colors kLight{0xfff4f5f7, 0xffffffff, 0xfff7f8fa, 0xfffcfcfd, 0xff1d2430, 0xff667085,
    0xff9aa1ad, 0xffd5d9e0, 0xff2563c9, 0xffffffff, 0xff1d5bbf, 0xff6d4bb0, 0xffffffff, 0xffffffff,
    0xffc3c8d1, 0xffa9afba, 0xff8a909b};
constexpr Colors kDark{0xff20242b, 0xff181b20, 0xff1c2026, 0xff2d323b, 0xffe6e9ee, 0xff959dab,
    0xff6f7785, 0xff3a404b, 0xff3c78d8, 0xffffffff, 0xff82b1ff, 0xffc3a6ff, 0xff2d323b, 0xff3b414c,
    0xff16181d, 0xff121418, 0xff0b0c0f};

Theme themeOf(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness()
            < palette.color(QPalette::WindowText).lightness()
        ? Theme::Dark
        : Theme::Light;
}

ThemeChoice storedChoice()
{
    const QString text = QSettings().value(kSetting).toString();
    if (text == QLatin1String("light"))
        return ThemeChoice::Light;
    return text == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::System;
}

QString toText(ThemeChoice choice)
{
    switch (choice) {
    case ThemeChoice::Light:
        return QStringLiteral("light");
    case ThemeChoice::Dark:
        return QStringLiteral("dark");
    case ThemeChoice::System:
        break;
    }
    return QStringLiteral("system");
}

/// Fusion, mended for dark windows: its outline of an empty check box is darker than the window and
/// so not to be seen.
class HouseStyle : public QProxyStyle
{
public:
    HouseStyle()
        : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
    {
    }

    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
        QStyleHintReturn* returned) const override
    {
        // The standard icons are black, whatever they lie on.
        if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
            return 0;
        return QProxyStyle::styleHint(hint, option, widget, returned);
    }

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
        const QWidget* widget) const override
    {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (element != PE_IndicatorCheckBox)
            return;
        QColor outline = option->palette.color(QPalette::Text);
        outline.setAlpha((option->state & State_Enabled) != 0 ? 120 : 60);
        painter->save();
        painter->setPen(outline);
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
    }
};

} // namespace

QPalette paletteFor(Theme theme)
{
    const Colors& c = theme == Theme::Dark ? kDark : kLight;
    QPalette palette;
    palette.setColor(QPalette::Window, c.window);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.base);
    palette.setColor(QPalette::AlternateBase, c.alternate);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::PlaceholderText, c.muted);
    palette.setColor(QPalette::Button, c.button);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Highlight, c.highlight);
    palette.setColor(QPalette::HighlightedText, c.onHighlight);
    palette.setColor(QPalette::Link, c.link);
    palette.setColor(QPalette::LinkVisited, c.visited);
    palette.setColor(QPalette::ToolTipBase, c.toolTip);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Light, c.light);
    palette.setColor(QPalette::Midlight, c.border);
    palette.setColor(QPalette::Mid, c.mid);
    palette.setColor(QPalette::Dark, c.dark);
    palette.setColor(QPalette::Shadow, c.shadow);
    for (const auto role :
        {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText})
        palette.setColor(QPalette::Disabled, role, c.disabled);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, c.border);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, c.disabled);
    palette.setColor(QPalette::Disabled, QPalette::Base, c.window);
    return palette;
}

ThemeController::ThemeController(QObject* parent)
    : QObject(parent)
    , m_choice(storedChoice())
    , m_systemTheme(themeOf(QApplication::palette()))
{
    QApplication::setStyle(new HouseStyle);
    m_theme = m_choice == ThemeChoice::System ? m_systemTheme
        : m_choice == ThemeChoice::Dark       ? Theme::Dark
                                              : Theme::Light;
    QApplication::setPalette(paletteFor(m_theme));
    QToolTip::setPalette(paletteFor(m_theme));
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const auto follow = [this](Qt::ColorScheme scheme) {
        if (scheme != Qt::ColorScheme::Unknown) {
            m_systemTheme = scheme == Qt::ColorScheme::Dark ? Theme::Dark : Theme::Light;
            update();
        }
    };
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, follow);
    follow(QGuiApplication::styleHints()->colorScheme());
#endif
    askPortal();
}

void ThemeController::setChoice(ThemeChoice choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    QSettings().setValue(kSetting, toText(choice));
    update();
    emit choiceChanged();
}

void ThemeController::askPortal()
{
    // Without a bus to talk to, asking would start one.
    if (qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS")
        && !QFile::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus")))
        return;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
        SLOT(portalChanged(QString, QString, QDBusVariant)));
    QDBusMessage call
        = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
    call << kArea << kKey;
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(call), this);
    connect(
        watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* done) {
            done->deleteLater();
            const QDBusPendingReply<QDBusVariant> reply = *done;
            if (reply.isError())
                return; // No portal: the palette stands.
            QVariant value = reply.value().variant();
            // Read() wraps the value twice.
            if (value.canConvert<QDBusVariant>())
                value = value.value<QDBusVariant>().variant();
            setPortalValue(value.toUInt());
        });
}

void ThemeController::portalChanged(
    const QString& area, const QString& key, const QDBusVariant& value)
{
    if (area == kArea && key == kKey)
        setPortalValue(value.variant().toUInt());
}

void ThemeController::setPortalValue(uint colorScheme)
{
    if (colorScheme != kPrefersDark && colorScheme != kPrefersLight)
        return;
    m_systemTheme = colorScheme == kPrefersDark ? Theme::Dark : Theme::Light;
    update();
}

void ThemeController::update()
{
    const Theme theme = m_choice == ThemeChoice::System ? m_systemTheme
        : m_choice == ThemeChoice::Dark                 ? Theme::Dark
                                                        : Theme::Light;
    if (theme == m_theme)
        return;
    m_theme = theme;
    QApplication::setPalette(paletteFor(theme));
    QToolTip::setPalette(paletteFor(theme));
    emit themeChanged();
}

} // namespace embedscope::ui
