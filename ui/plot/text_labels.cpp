#include "ui/plot/text_labels.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr qsizetype kLongestLabel = 40;
constexpr double kMarginX = 3;
constexpr double kMarginY = 0.5;

QFont strong(QFont font)
{
    font.setBold(true);
    return font;
}

} // namespace

QString shortLabel(const QString& text)
{
    const QString line = text.simplified();
    if (line.size() <= kLongestLabel)
        return line;
    // Not between the halves of a surrogate pair.
    const qsizetype end = kLongestLabel - 1 - (line[kLongestLabel - 2].isHighSurrogate() ? 1 : 0);
    return line.left(end).trimmed() + QChar(0x2026);
}

std::vector<PlacedLabel> placeMapLabels(const std::vector<MapLabel>& labels, const QFont& font,
    const QRectF& area, int limit, const std::vector<QRectF>& blocked)
{
    const QFontMetricsF plain(font);
    const QFontMetricsF bold(strong(font));
    std::vector<LabelRequest> requests;
    requests.reserve(labels.size());
    for (const MapLabel& label : labels) {
        const QFontMetricsF& metrics = label.isStrong ? bold : plain;
        requests.push_back({label.point.x(), label.point.y(), label.pointRadius + 2,
            metrics.horizontalAdvance(label.text) + 2 * kMarginX, metrics.height() + 2 * kMarginY});
    }
    std::vector<LabelBox> taken;
    for (const QRectF& rect : blocked)
        taken.push_back({rect.x(), rect.y(), rect.width(), rect.height()});
    const auto boxes
        = placeLabels(requests, {area.x(), area.y(), area.width(), area.height()}, taken);
    std::vector<PlacedLabel> placed;
    for (std::size_t i = 0; i < labels.size() && static_cast<int>(placed.size()) < limit; ++i) {
        if (boxes[i] && !labels[i].text.isEmpty())
            placed.push_back({labels[i].text,
                QRectF(boxes[i]->x, boxes[i]->y, boxes[i]->width, boxes[i]->height),
                labels[i].isStrong});
    }
    return placed;
}

void paintMapLabels(QPainter& painter, const std::vector<PlacedLabel>& labels, const QFont& font,
    const QColor& text, const QColor& ground)
{
    const QFont bold = strong(font);
    painter.setRenderHint(QPainter::Antialiasing);
    // The ground is the text itself, drawn round about: it hides less than a box would.
    const double d = std::max(1.0, font.pixelSize() / 13.0) * 1.3;
    const QPointF around[] = {{-d, 0}, {d, 0}, {0, -d}, {0, d}, {-0.7 * d, -0.7 * d},
        {0.7 * d, -0.7 * d}, {-0.7 * d, 0.7 * d}, {0.7 * d, 0.7 * d}};
    for (const PlacedLabel& label : labels) {
        painter.setFont(label.isStrong ? bold : font);
        painter.setPen(ground);
        for (const QPointF& offset : around)
            painter.drawText(
                label.box.translated(offset), Qt::AlignCenter | Qt::TextSingleLine, label.text);
        painter.setPen(text);
        painter.drawText(label.box, Qt::AlignCenter | Qt::TextSingleLine, label.text);
    }
}

} // namespace embedscope::ui
