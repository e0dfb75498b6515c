#pragma once

#include "core/plot/label_layout.h"

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>
#include <vector>

class QPainter;

namespace embedscope::ui {

/// A name beside its point, before it has a place.
struct MapLabel
{
    QString text;
    QPointF point; ///< In device-independent pixels of the picture.
    double pointRadius = 3;
    bool isStrong = false; ///< Drawn bold: the current point.
};

/// A name and where it stands.
struct PlacedLabel
{
    QString text;
    QRectF box;
    bool isStrong = false;
};

/// Names cut to a readable length, line breaks removed.
QString shortLabel(const QString& text);

/// Places the labels without overlap, the first ones first, until `limit` stand.
std::vector<PlacedLabel> placeMapLabels(const std::vector<MapLabel>& labels, const QFont& font,
    const QRectF& area, int limit, const std::vector<QRectF>& blocked = {});

/// Draws them, each in an outline of the background colour that keeps it readable over points.
void paintMapLabels(QPainter& painter, const std::vector<PlacedLabel>& labels, const QFont& font,
    const QColor& text, const QColor& ground);

} // namespace embedscope::ui
