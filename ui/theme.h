#pragma once

#include "core/plot/coloring.h"

#include <QObject>
#include <QPalette>

class QDBusVariant;

namespace embedscope::ui {

/// What the user chose.
enum class ThemeChoice
{
    System,
    Light,
    Dark
};

/// The application's palette in our own light and dark colours.
QPalette paletteFor(Theme theme);

/// Light or dark for the whole application: as chosen, or as the system says, through the desktop
/// portal's color-scheme (asked without waiting), Qt's own word from 6.5 on, or the palette the
/// program started with. Sets the application's style and palette; the choice is remembered.
class ThemeController : public QObject
{
    Q_OBJECT

public:
    /// Made once, after the QApplication.
    explicit ThemeController(QObject* parent = nullptr);

    ThemeChoice choice() const { return m_choice; }
    Theme theme() const { return m_theme; }
    void setChoice(ThemeChoice choice);

signals:
    void choiceChanged();
    void themeChanged();

private slots:
    void portalChanged(const QString& area, const QString& key, const QDBusVariant& value);

private:
    void askPortal();
    void setPortalValue(uint colorScheme);
    void update();

    ThemeChoice m_choice = ThemeChoice::System;
    Theme m_systemTheme = Theme::Light;
    Theme m_theme = Theme::Light;
};

} // namespace embedscope::ui
