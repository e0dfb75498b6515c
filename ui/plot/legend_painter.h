#pragma once

#include "core/plot/coloring.h"

#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace embedscope::ui {

/// The legend of an exported picture: categories with counts, or the gradient with its scale.
class LegendPainter
{
public:
    /// Coloring must outlive it. Nothing to draw where the coloring has no legend.
    LegendPainter(const Coloring& coloring, QString title, const QFont& font, Theme theme);

    bool isEmpty() const { return m_coloring.legend.empty() && !m_coloring.isGradient; }
    /// Width it wants, at most maximum.
    double widthFor(double maximum) const;
    /// Draws into the rectangle; categories without room are counted in a last line.
    void paint(QPainter& painter, const QRectF& rect) const;

private:
    void paintCategories(QPainter& painter, const QRectF& rect) const;
    void paintGradient(QPainter& painter, const QRectF& rect) const;

    const Coloring& m_coloring;
    QString m_title;
    QFont m_font;
    QFont m_titleFont;
    Theme m_theme;
};

/// The name a legend shows for an entry.
QString legendName(const LegendEntry& entry);

/// A number as it stands on a scale: short, in the user's language.
QString scaleNumber(double value);

} // namespace embedscope::ui
