#include "ui/plot/path_overlay.h"

#include "core/plot/palette.h"
#include "ui/plot/map_style.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr double kGapPx = 1.5; ///< Between a disc and its line.
constexpr double kArrowPx = 8;
constexpr double kShortestWithArrowPx = 20;
constexpr double kWidthPx = 1.5;
constexpr double kCasingPx = 1.2; ///< Of the ground's colour, on either side of a line.
/// So many are drawn with outlines and arrows; more as hairlines.
constexpr std::size_t kMostFine = 1500;
constexpr double kFaintest = 0.35;
constexpr double kStrongest = 0.95;

/// The part inside (Liang and Barsky 1984); null where there is none.
QLineF clipped(const QLineF& line, const QRectF& rect)
{
    double begin = 0;
    double end = 1;
    const auto cut = [&](double direction, double room) {
        if (direction == 0)
            return room >= 0;
        const double t = room / direction;
        if (direction < 0)
            begin = std::max(begin, t);
        else
            end = std::min(end, t);
        return begin < end;
    };
    const bool isInside = cut(-line.dx(), line.x1() - rect.left())
        && cut(line.dx(), rect.right() - line.x1()) && cut(-line.dy(), line.y1() - rect.top())
        && cut(line.dy(), rect.bottom() - line.y1());
    return isInside ? QLineF(line.pointAt(begin), line.pointAt(end)) : QLineF();
}

QPolygonF arrowOn(const QLineF& line, double size)
{
    const QPointF along = QPointF(line.dx(), line.dy()) / line.length();
    const QPointF aside(-along.y(), along.x());
    const QPointF tip = line.center() + along * (size / 2);
    const QPointF back = tip - along * size;
    return QPolygonF({tip, back + aside * (size * 0.42), back - aside * (size * 0.42)});
}

} // namespace

void PathOverlay::setPaths(std::shared_ptr<const Paths> paths)
{
    m_paths = std::move(paths);
    m_shades = {};
}

std::vector<std::size_t> PathOverlay::chooseSteps(const PathGround& ground) const
{
    const std::vector<PathStep>& steps = m_paths->steps();
    std::vector<bool> isChosen(steps.size());
    std::vector<std::size_t> chosen;
    const auto take = [&](std::size_t i, std::uint32_t sequence) {
        if (chosen.size() >= kMostSteps || i >= steps.size() || steps[i].sequence != sequence)
            return false;
        if (!isChosen[i])
            chosen.push_back(i);
        isChosen[i] = true;
        return true;
    };
    const auto takeSequencesOf = [&](PointId id) {
        for (const std::size_t i : m_paths->stepsAt(id)) {
            if (isChosen[i])
                continue;
            // To both sides at once, so that what has no room lies farthest from the point.
            bool goesOn = take(i, steps[i].sequence);
            bool goesBack = goesOn;
            for (std::size_t d = 1; goesOn || goesBack; ++d) {
                goesOn = goesOn && take(i + d, steps[i].sequence);
                goesBack = goesBack && i >= d && take(i - d, steps[i].sequence);
            }
        }
    };
    for (const PointId id : ground.chosen)
        takeSequencesOf(id);
    if (ground.alsoChosen != nullptr)
        ground.alsoChosen->forEach(takeSequencesOf);
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

void PathOverlay::arrange(const PathGround& ground)
{
    for (Shade& shade : m_shades) {
        shade.lines.clear();
        shade.arrows.clear();
    }
    m_scale = ground.scale;
    if (!isDrawing())
        return;
    const QRectF room = ground.area.adjusted(-20, -20, 20, 20);
    const auto add = [&](const PathStep& step) {
        const auto from = ground.positionOf(step.from);
        const auto to = from ? ground.positionOf(step.to) : std::nullopt;
        if (!to)
            return;
        // From rim to rim: a line across a disc would hide its colour.
        QLineF line(*from, *to);
        const double length = line.length();
        const double start = ground.radiusOf(step.from) + kGapPx * ground.scale;
        const double end = ground.radiusOf(step.to) + kGapPx * ground.scale;
        if (!(length > start + end + 1))
            return;
        line = clipped(QLineF(line.pointAt(start / length), line.pointAt(1 - end / length)), room);
        if (line.isNull())
            return;
        const int shade = static_cast<int>(std::ceil(step.progress * kShades)) - 1;
        m_shades[static_cast<std::size_t>(std::clamp(shade, 0, kShades - 1))].lines.push_back(line);
    };
    if (needsChoice()) {
        for (const std::size_t i : chooseSteps(ground))
            add(m_paths->steps()[i]);
    } else {
        for (const PathStep& step : m_paths->steps())
            add(step);
    }
    if (lineCount() > kMostFine)
        return;
    for (Shade& shade : m_shades) {
        for (const QLineF& line : shade.lines) {
            const QLineF seen = clipped(line, ground.area);
            if (!seen.isNull() && seen.length() >= kShortestWithArrowPx * ground.scale)
                shade.arrows.push_back(arrowOn(seen, kArrowPx * ground.scale));
        }
    }
}

std::size_t PathOverlay::lineCount() const
{
    std::size_t count = 0;
    for (const Shade& shade : m_shades)
        count += shade.lines.size();
    return count;
}

void PathOverlay::paint(QPainter& painter, Theme theme) const
{
    const std::size_t count = isDrawing() ? lineCount() : 0;
    if (count == 0)
        return;
    const bool isFine = count <= kMostFine;
    const auto draw = [&](const Shade& shade, const QPen& pen, const QBrush& brush) {
        painter.setPen(pen);
        painter.drawLines(shade.lines.data(), static_cast<int>(shade.lines.size()));
        if (shade.arrows.empty())
            return;
        // An arrow is filled; its outline is as wide as what the pen adds to a line.
        const double rim = pen.widthF() - kWidthPx * m_scale;
        painter.setPen(rim > 0 ? QPen(pen.color(), rim, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin)
                               : QPen(Qt::NoPen));
        painter.setBrush(brush);
        for (const QPolygonF& arrow : shade.arrows)
            painter.drawPolygon(arrow);
    };
    const QColor ground = toColor(backgroundColor(theme));
    const QColor text = toColor(foregroundColor(theme));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (isFine) {
        QColor casing = ground;
        casing.setAlphaF(0.7F);
        const QPen pen(casing, (kWidthPx + 2 * kCasingPx) * m_scale, Qt::SolidLine, Qt::FlatCap);
        for (const Shade& shade : m_shades)
            draw(shade, pen, casing);
    }
    for (std::size_t i = 0; i < m_shades.size(); ++i) {
        // Mixed, not see-through: where lines cross they must not look like later ones.
        const double share
            = kFaintest + (kStrongest - kFaintest) * static_cast<double>(i) / (kShades - 1);
        const auto mix
            = [share](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * share)); };
        const QColor color(mix(ground.red(), text.red()), mix(ground.green(), text.green()),
            mix(ground.blue(), text.blue()));
        QPen pen(color, isFine ? kWidthPx * m_scale : 1, Qt::SolidLine, Qt::FlatCap);
        pen.setCosmetic(!isFine);
        draw(m_shades[i], pen, color);
    }
    painter.restore();
}

} // namespace embedscope::ui
