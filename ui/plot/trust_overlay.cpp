#include "ui/plot/trust_overlay.h"

#include "core/plot/palette.h"
#include "ui/plot/map_style.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr double kLineWidth = 1.8;
constexpr double kCasing = 1.4; ///< Of the ground's colour, on either side of a line.
constexpr double kRingGap = 2.5;
constexpr double kArrowPx = 11;
constexpr double kEdgePx = 5;
constexpr double kLegendMargin = 8;
constexpr double kLegendPadding = 7;
constexpr double kSamplePx = 26;

QString tr(const char* text)
{
    return QCoreApplication::translate("TrustOverlay", text);
}

/// From rim to rim; null where the discs touch.
QLineF between(const QPointF& from, double start, const QPointF& to, double end)
{
    QLineF line(from, to);
    const double length = line.length();
    if (length <= start + end + 1)
        return {};
    return {line.pointAt(start / length), line.pointAt(1 - end / length)};
}

/// Where the way from a place inside the rectangle to one outside leaves it.
QPointF leaving(const QRectF& rect, const QPointF& inside, const QPointF& outside)
{
    const QPointF d = outside - inside;
    double t = 1;
    if (d.x() > 0)
        t = std::min(t, (rect.right() - inside.x()) / d.x());
    if (d.x() < 0)
        t = std::min(t, (rect.left() - inside.x()) / d.x());
    if (d.y() > 0)
        t = std::min(t, (rect.bottom() - inside.y()) / d.y());
    if (d.y() < 0)
        t = std::min(t, (rect.top() - inside.y()) / d.y());
    return inside + std::max(0.0, t) * d;
}

QPolygonF arrowHead(const QPointF& tip, const QPointF& from, double size)
{
    QLineF back(tip, from);
    if (back.length() <= 0)
        return {};
    back.setLength(size);
    QLineF side = back.normalVector();
    side.setLength(size * 0.45);
    const QPointF offset(side.dx(), side.dy());
    return QPolygonF({tip, back.p2() + offset, back.p2() - offset});
}

/// A mark that stays legible on any ground: an outline of the ground's colour under the line.
/// Widths are those of a screen, `scale` of them are drawn.
template <typename Draw>
void drawCased(QPainter& painter, const QColor& color, const QColor& ground, double width,
    double scale, const Draw& draw)
{
    QColor casing = ground;
    casing.setAlphaF(0.85F);
    painter.setPen(
        QPen(casing, (width + 2 * kCasing) * scale, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    draw();
    painter.setPen(QPen(color, width * scale, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    draw();
}

void drawCross(QPainter& painter, const QPointF& centre, double arm)
{
    painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm));
    painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm));
}

double crossArm(double radius, double scale)
{
    return std::clamp(radius + 0.5 * scale, 3.5 * scale, 7.0 * scale);
}

} // namespace

void TrustOverlay::setMarked(
    bool isShown, std::shared_ptr<const PointFaithfulness> marked, const QString& hint)
{
    m_isShown = isShown;
    m_marked = std::move(marked);
    m_hint = hint;
}

void TrustOverlay::arrange(const OverlayGround& ground)
{
    m_torn.clear();
    m_kept.clear();
    m_rings.clear();
    m_arrows.clear();
    m_crosses.clear();
    m_labels.clear();
    m_rows.clear();
    m_title.clear();
    m_legendRect = {};
    if (!m_isShown)
        return;
    m_font = ground.font;
    m_scale = ground.scale;
    arrangeMarks(ground);
    if (m_isLegendShown)
        arrangeLegend(ground);
}

void TrustOverlay::arrangeMarks(const OverlayGround& ground)
{
    if (!m_marked)
        return;
    const auto from = ground.positionOf(m_marked->row);
    if (!from)
        return;
    const double gap = kRingGap * m_scale;
    const double arrowPx = kArrowPx * m_scale;
    const double edgePx = kEdgePx * m_scale;
    const double start = ground.radiusOf(m_marked->row) + gap + m_scale;
    const QRectF inner = ground.area.adjusted(edgePx, edgePx, -edgePx, -edgePx);
    const bool startsInside = inner.contains(*from);
    for (const JudgedNeighbor& neighbor : m_marked->trueNeighbors) {
        const PointId id = neighbor.id;
        const auto to = ground.positionOf(id);
        if (!to)
            continue;
        if (!m_marked->isTorn(neighbor)) {
            const QLineF line = between(*from, start, *to, ground.radiusOf(id) + m_scale);
            if (!line.isNull())
                m_kept.push_back(line);
            continue;
        }
        if (!inner.contains(*to)) {
            // A line that neither begins nor ends on the screen says nothing.
            if (!startsInside)
                continue;
            const QPointF edge = leaving(inner, *from, *to);
            const QPolygonF arrow = arrowHead(edge, *from, arrowPx);
            const QLineF line = between(*from, start, edge, arrowPx * 0.8);
            if (arrow.isEmpty() || line.isNull())
                continue;
            m_torn.push_back(line);
            m_arrows.push_back(arrow);
            m_labels.push_back({id, {ground.nameOf(id), edge, arrowPx * 0.6, false}});
            continue;
        }
        const double radius = ground.radiusOf(id) + gap;
        const QLineF line = between(*from, start, *to, radius + m_scale);
        if (!line.isNull())
            m_torn.push_back(line);
        m_rings.push_back({*to, radius});
        m_labels.push_back({id, {ground.nameOf(id), *to, radius + m_scale, false}});
    }
    for (const JudgedNeighbor& neighbor : m_marked->mapNeighbors) {
        const auto at = m_marked->isFalse(neighbor) ? ground.positionOf(neighbor.id) : std::nullopt;
        if (!at || !inner.contains(*at))
            continue;
        m_crosses.push_back({*at, crossArm(ground.radiusOf(neighbor.id), m_scale)});
        m_labels.push_back({neighbor.id,
            {ground.nameOf(neighbor.id), *at, m_crosses.back().radius + m_scale, false}});
    }
    for (const JudgedNeighbor& neighbor : m_marked->trueNeighbors) {
        const auto at = m_marked->isTorn(neighbor) ? std::nullopt : ground.positionOf(neighbor.id);
        if (at && inner.contains(*at))
            m_labels.push_back({neighbor.id,
                {ground.nameOf(neighbor.id), *at, ground.radiusOf(neighbor.id), false}});
    }
}

void TrustOverlay::arrangeLegend(const OverlayGround& ground)
{
    QFont bold = m_font;
    bold.setBold(true);
    const QFontMetricsF metrics(m_font);
    const QFontMetricsF boldMetrics(bold);
    const double margin = kLegendMargin * m_scale;
    const double padding = kLegendPadding * m_scale;
    const double room
        = std::min(ground.area.width() - 2 * (margin + padding), metrics.height() * 22);
    if (room < metrics.height() * 6)
        return;
    if (m_marked) {
        const Index kept = m_marked->keptCount();
        m_title
            = boldMetrics.elidedText(tr("%1: %2 of %3 neighbours kept")
                                         .arg(boldMetrics.elidedText(ground.nameOf(m_marked->row),
                                             Qt::ElideRight, room * 0.5))
                                         .arg(kept)
                                         .arg(m_marked->k),
                Qt::ElideRight, room);
        const auto add = [this](Mark mark, Index count, const QString& text) {
            if (count > 0)
                m_rows.push_back({mark, text.arg(count)});
        };
        add(Mark::Torn, m_marked->k - kept, tr("%1 torn away: true neighbours, put elsewhere"));
        add(Mark::False, m_marked->k - kept, tr("%1 false: beside it on the map only"));
        add(Mark::Kept, kept, tr("%1 kept: neighbours in both"));
    } else {
        m_rows.push_back({Mark::None, m_hint});
    }
    double width = m_title.isEmpty() ? 0 : boldMetrics.horizontalAdvance(m_title);
    for (LegendRow& row : m_rows) {
        const double sample = row.mark == Mark::None ? 0 : kSamplePx * m_scale;
        row.text = metrics.elidedText(row.text, Qt::ElideRight, room - sample);
        width = std::max(width, metrics.horizontalAdvance(row.text) + sample);
    }
    const double lines = static_cast<double>(m_rows.size()) + (m_title.isEmpty() ? 0 : 1);
    m_legendRect = QRectF(ground.area.topLeft() + QPointF(margin, margin),
        QSizeF(std::ceil(width + 2 * padding),
            std::ceil(lines * metrics.height() * 1.2 + 2 * padding)));
}

void TrustOverlay::paintMarks(QPainter& painter, Theme theme) const
{
    if (!isMarking())
        return;
    const QColor ground = toColor(backgroundColor(theme));
    const QColor torn = toColor(tornColor(theme));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    QColor kept = toColor(foregroundColor(theme));
    kept.setAlphaF(0.6F);
    drawCased(painter, kept, ground, 1, m_scale,
        [&] { painter.drawLines(m_kept.data(), static_cast<int>(m_kept.size())); });
    drawCased(painter, torn, ground, kLineWidth, m_scale, [&] {
        painter.drawLines(m_torn.data(), static_cast<int>(m_torn.size()));
        for (const Disc& ring : m_rings)
            painter.drawEllipse(ring.centre, ring.radius, ring.radius);
    });
    painter.setBrush(torn);
    drawCased(painter, torn, ground, 1, m_scale, [&] {
        for (const QPolygonF& arrow : m_arrows)
            painter.drawPolygon(arrow);
    });
    painter.setBrush(Qt::NoBrush);
    drawCased(painter, toColor(falseColor(theme)), ground, 2.2, m_scale, [&] {
        for (const Disc& cross : m_crosses)
            drawCross(painter, cross.centre, cross.radius);
    });
    painter.restore();
}

void TrustOverlay::paintLegend(QPainter& painter, Theme theme) const
{
    if (m_legendRect.isEmpty())
        return;
    const QColor ground = toColor(backgroundColor(theme));
    const QColor text = toColor(foregroundColor(theme));
    QColor sheet = ground;
    sheet.setAlphaF(0.92F);
    QColor border = text;
    border.setAlphaF(0.3F);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(border, m_scale));
    painter.setBrush(sheet);
    const double half = m_scale / 2;
    painter.drawRoundedRect(
        m_legendRect.adjusted(half, half, -half, -half), 4 * m_scale, 4 * m_scale);
    painter.setBrush(Qt::NoBrush);
    const double height = QFontMetricsF(m_font).height() * 1.2;
    const double padding = kLegendPadding * m_scale;
    const double samplePx = kSamplePx * m_scale;
    QRectF line(m_legendRect.left() + padding, m_legendRect.top() + padding,
        m_legendRect.width() - 2 * padding, height);
    const int flags = Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine;
    if (!m_title.isEmpty()) {
        QFont bold = m_font;
        bold.setBold(true);
        painter.setFont(bold);
        painter.setPen(text);
        painter.drawText(line, flags, m_title);
        line.translate(0, height);
    }
    painter.setFont(m_font);
    for (const LegendRow& row : m_rows) {
        const QPointF left(line.left() + m_scale, line.center().y());
        const QPointF right(line.left() + samplePx - 8 * m_scale, line.center().y());
        switch (row.mark) {
        case Mark::Torn:
            drawCased(painter, toColor(tornColor(theme)), ground, kLineWidth, m_scale, [&] {
                painter.drawLine(left, right - QPointF(8, 0) * m_scale);
                painter.drawEllipse(right - QPointF(4, 0) * m_scale, 4 * m_scale, 4 * m_scale);
            });
            break;
        case Mark::False:
            drawCased(painter, toColor(falseColor(theme)), ground, 2.2, m_scale,
                [&] { drawCross(painter, (left + right) / 2, 4 * m_scale); });
            break;
        case Mark::Kept: {
            QColor kept = text;
            kept.setAlphaF(0.6F);
            painter.setPen(QPen(kept, m_scale));
            painter.drawLine(left, right);
            break;
        }
        case Mark::None:
            break;
        }
        painter.setPen(text);
        painter.drawText(
            line.adjusted(row.mark == Mark::None ? 0 : samplePx, 0, 0, 0), flags, row.text);
        line.translate(0, height);
    }
    painter.restore();
}

} // namespace embedscope::ui
