#include "ui/plot/map_overlay.h"

#include "core/plot/label_candidates.h"
#include "core/plot/palette.h"
#include "ui/convert.h"
#include "ui/plot/map_style.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr int kMostLabels = 60;
constexpr int kMostLooked = 3000; ///< Emphasised points looked at for labels.
constexpr int kMostLookedInPicture = 20'000;
constexpr int kMostSamples = 40;
constexpr double kSampleCellPx = 140;
constexpr double kThumbnailPx = 96;

} // namespace

void MapOverlay::setDataset(std::shared_ptr<const Dataset> dataset)
{
    m_dataset = std::move(dataset);
    m_sample.clear();
    m_isArranged = false;
}

void MapOverlay::setScene(
    std::shared_ptr<const MapScene> scene, std::shared_ptr<const PointCloud> onTheWay)
{
    if (onTheWay != m_onTheWay)
        m_arePathsArranged = false;
    m_onTheWay = std::move(onTheWay);
    if (scene == m_scene)
        return;
    m_scene = std::move(scene);
    m_isArranged = false;
    m_arePathsArranged = false;
}

void MapOverlay::setCamera(const Camera& camera, const QRectF& area)
{
    m_camera = camera;
    m_area = area;
    m_isArranged = false;
    m_arePathsArranged = false;
}

void MapOverlay::setPointRadius(double radius)
{
    m_radius = radius;
    m_isArranged = false;
    m_arePathsArranged = false;
}

void MapOverlay::setScale(double scale)
{
    m_scale = scale;
    m_isArranged = false;
    m_arePathsArranged = false;
}

void MapOverlay::setFont(const QFont& font)
{
    m_font = font;
    m_isArranged = false;
}

void MapOverlay::setHovered(PointId id, const QImage& thumbnail)
{
    if (id != m_hovered && m_paths.needsChoice())
        m_arePathsArranged = false;
    m_hovered = id;
    m_thumbnail = thumbnail;
    m_isArranged = false;
}

void MapOverlay::setMarked(
    bool isShown, std::shared_ptr<const PointFaithfulness> marked, const QString& hint)
{
    m_trust.setMarked(isShown, std::move(marked), hint);
    m_isArranged = false;
}

void MapOverlay::setMarkLegendShown(bool isShown)
{
    m_trust.setLegendShown(isShown);
    m_isArranged = false;
}

void MapOverlay::setRubberBand(const QPolygonF& line, bool isSubtracting)
{
    m_rubberBand = line;
    m_isSubtracting = isSubtracting;
}

void MapOverlay::setPaths(std::shared_ptr<const Paths> paths)
{
    m_paths.setPaths(std::move(paths));
    m_arePathsArranged = false;
}

void MapOverlay::setPathsShown(bool areShown)
{
    m_paths.setShown(areShown);
    m_arePathsArranged = false;
}

void MapOverlay::setSampleLabels(bool areShown)
{
    m_areSamplesShown = areShown;
    m_isArranged = false;
}

void MapOverlay::setNames(std::vector<PointId> points, int most)
{
    m_sample = std::move(points);
    m_mostNames = most;
    m_isArranged = false;
}

void MapOverlay::chooseSample()
{
    const bool isSpace = m_scene && m_scene->isSpace();
    if (isSpace && m_areSamplesShown && !m_scene->isAnyInFront()
        && !(m_grid && m_grid->fits(*m_scene)))
        return;
    m_sample.clear();
    m_isArranged = false;
    if (!m_areSamplesShown || !m_scene || !m_dataset || !m_dataset->hasLabels()
        || m_scene->isAnyInFront())
        return;
    // Cells stand still on the map and change only with every doubling of the zoom, so that
    // names stay while it is moved.
    const MapRect seen = m_camera.visible();
    const double cell = std::exp2(std::ceil(std::log2(kSampleCellPx / m_camera.scale())));
    const double cellHeight = cell / 4;
    if (!(cell > 0) || !std::isfinite(cell))
        return;
    const MapRect cells
        = {std::floor(seen.left / cell) * cell, std::floor(seen.bottom / cellHeight) * cellHeight,
            std::ceil(seen.right / cell) * cell, std::ceil(seen.top / cellHeight) * cellHeight};
    const PointCloud& cloud = isSpace ? *m_grid->seen.cloud : *m_scene->cloud;
    const auto candidates
        = labelCandidates(cloud, isSpace ? *m_grid->seen.layers : *m_scene->layers, cells,
            static_cast<int>(std::min(200.0, std::round(cells.width() / cell))),
            static_cast<int>(std::min(400.0, std::round(cells.height() / cellHeight))),
            kMostSamples * 3);
    for (const std::uint32_t slot : candidates)
        m_sample.push_back(cloud.ids[slot]);
}

std::optional<QPointF> MapOverlay::positionOf(PointId id) const
{
    const auto place = m_scene ? m_scene->placeOf(id) : std::nullopt;
    if (!place)
        return std::nullopt;
    const MapPoint p = m_camera.toPixels(place->x, place->y);
    return QPointF(m_area.left() + p.x, m_area.top() + p.y);
}

bool MapOverlay::isShown(PointId id) const
{
    const auto& visible = m_scene->sources.visible;
    return !visible || id >= visible->universe() || visible->contains(id);
}

double MapOverlay::radiusOf(PointId id) const
{
    return layerRadius(
               id == m_scene->sources.current ? kLayerCurrent : kLayerSelected, m_radius, m_scale)
        * m_scene->sizeOf(id);
}

double MapOverlay::drawnRadiusOf(PointId id) const
{
    const MapSources& s = m_scene->sources;
    const bool isSelected = s.selected && id < s.selected->universe() && s.selected->contains(id);
    return id == s.current || isSelected ? radiusOf(id) : m_radius;
}

void MapOverlay::arrange()
{
    if (m_isArranged)
        return;
    m_isArranged = true;
    m_labels.clear();
    m_lines.clear();
    m_card = {};
    m_thumbnailRect = {};
    if (!m_scene || !m_dataset || !m_scene->sources.layout
        || m_scene->sources.layout->size() != m_dataset->size())
        return;
    arrangeTrust();
    arrangeLines();
    arrangeHover();
    arrangeLabels();
}

void MapOverlay::arrangePaths()
{
    if (m_arePathsArranged)
        return;
    m_arePathsArranged = true;
    PathGround ground;
    ground.area = m_area;
    ground.scale = m_scale;
    ground.positionOf = [](PointId) { return std::nullopt; };
    ground.radiusOf = [this](PointId id) {
        return id == m_scene->sources.current || m_scene->isAnyInFront()
            ? drawnRadiusOf(id)
            : m_radius * m_scene->sizeOf(id);
    };
    ground.chosen = {m_hovered};
    const bool isReady = m_paths.isDrawing() && m_scene && m_dataset && m_scene->sources.layout
        && m_scene->sources.layout->size() == m_dataset->size();
    const bool isMoving = isReady && m_onTheWay && m_onTheWay->size() == m_scene->cloud->size();
    if (isMoving && m_slotsOf != m_scene->cloud) {
        m_slotsOf = m_scene->cloud;
        m_slots.assign(static_cast<std::size_t>(m_dataset->size()), kNoPoint);
        for (std::size_t slot = 0; slot < m_slotsOf->ids.size(); ++slot)
            m_slots[m_slotsOf->ids[slot]] = static_cast<std::uint32_t>(slot);
    }
    if (isReady) {
        ground.positionOf = [this, isMoving](PointId id) -> std::optional<QPointF> {
            if (!isShown(id))
                return std::nullopt;
            if (!isMoving)
                return positionOf(id);
            const std::uint32_t slot = m_slots[id];
            if (slot == kNoPoint)
                return std::nullopt;
            const MapPoint p = m_camera.toPixels(m_onTheWay->x[slot], m_onTheWay->y[slot]);
            return QPointF(m_area.left() + p.x, m_area.top() + p.y);
        };
        ground.chosen.push_back(m_scene->sources.current);
        ground.alsoChosen = m_scene->sources.selected.get();
    }
    m_paths.arrange(ground);
}

const PathOverlay& MapOverlay::paths()
{
    arrangePaths();
    return m_paths;
}

void MapOverlay::arrangeTrust()
{
    OverlayGround ground;
    ground.area = m_area;
    ground.scale = m_scale;
    ground.font = m_font;
    ground.positionOf = [this](PointId id) {
        return id < m_dataset->size() && isShown(id) ? positionOf(id) : std::nullopt;
    };
    ground.radiusOf = [this](PointId id) { return drawnRadiusOf(id); };
    ground.nameOf = [this](PointId id) { return shortLabel(toQString(m_dataset->name(id))); };
    m_trust.arrange(ground);
}

void MapOverlay::arrangeLines()
{
    if (m_trust.isMarking())
        return; // It has lines of its own.
    const MapSources& s = m_scene->sources;
    const auto from = positionOf(s.current);
    if (!from || !s.neighbors || s.neighbors->query != s.current || !isShown(s.current))
        return;
    for (const Neighbor& neighbor : s.neighbors->neighbors) {
        if (static_cast<int>(m_lines.size()) >= 200)
            break;
        const auto to = positionOf(neighbor.id);
        if (!to || !isShown(neighbor.id))
            continue;
        // From rim to rim: a line across a disc would hide its colour.
        QLineF line(*from, *to);
        const double start = radiusOf(s.current) + 2 * m_scale;
        const double end = radiusOf(neighbor.id) + m_scale;
        if (line.length() <= start + end)
            continue;
        line.setLength(line.length() - end);
        line = QLineF(line.pointAt(start / line.length()), line.p2());
        m_lines.push_back(line);
    }
}

void MapOverlay::arrangeLabels()
{
    const MapSources& s = m_scene->sources;
    std::vector<MapLabel> wanted;
    PointSet taken(m_dataset->size());
    int looked = 0;
    const int mostLooked = m_mostNames ? kMostLookedInPicture : kMostLooked;
    const auto mostWanted = static_cast<std::size_t>(m_mostNames ? mostLooked : kMostLabels * 2);
    const QRectF area = m_area.adjusted(2, 2, -2, -2);
    const auto add = [&](PointId id, double radius, bool isStrong) {
        if (++looked > mostLooked || wanted.size() >= mostWanted || id >= m_dataset->size()
            || taken.contains(id) || !isShown(id))
            return;
        taken.insert(id);
        const auto position = positionOf(id);
        if (!position || !area.contains(*position))
            return;
        const QString text = isStrong ? shortLabel(toQString(m_dataset->name(id)))
                                      : shortLabel(toQString(m_dataset->label(id)));
        if (!text.isEmpty())
            wanted.push_back({text, *position, radius, isStrong});
    };
    if (m_hovered != kNoPoint && m_hovered < m_dataset->size())
        taken.insert(m_hovered); // It has its card.
    if (s.current != kNoPoint)
        add(s.current, radiusOf(s.current), true);
    for (const auto& [id, label] : m_trust.labels()) {
        if (!taken.contains(id)) {
            taken.insert(id);
            wanted.push_back(label);
        }
    }
    if (s.neighbors && s.neighbors->query == s.current && !m_trust.isMarking()) {
        for (const Neighbor& neighbor : s.neighbors->neighbors)
            add(neighbor.id, radiusOf(neighbor.id), false);
    }
    if (s.selected && s.selected->universe() == m_dataset->size()
        && s.selected->count() <= kMostLooked) {
        for (const PointId id : s.selected->ids())
            add(id, radiusOf(id), false);
    }
    if (s.hits) {
        for (std::size_t i = 0; i < s.hits->ids.size() && looked <= mostLooked; ++i)
            add(s.hits->ids[i], radiusOf(s.hits->ids[i]), false);
    }
    int limit = m_mostNames.value_or(kMostLabels);
    // Beside marks the names of points that have nothing to do with them would only mislead.
    if ((!m_scene->isAnyInFront() || m_mostNames) && m_areSamplesShown && !m_trust.isMarking()) {
        for (const PointId id : m_sample)
            add(id, m_radius, false);
        limit = m_mostNames.value_or(kMostSamples);
    }
    std::vector<QRectF> blocked;
    if (!m_card.box.isEmpty())
        blocked.push_back(m_card.box.united(m_thumbnailRect));
    if (!m_trust.legendRect().isEmpty())
        blocked.push_back(m_trust.legendRect());
    m_labels = placeMapLabels(wanted, m_font, area, limit, blocked);
}

void MapOverlay::arrangeHover()
{
    const auto position = positionOf(m_hovered);
    if (m_hovered >= m_dataset->size() || !position || !m_area.contains(*position)
        || !isShown(m_hovered))
        return;
    const QFontMetricsF metrics(m_font);
    m_card.text = shortLabel(toQString(m_dataset->name(m_hovered)));
    double width = metrics.horizontalAdvance(m_card.text) + 14;
    double height = metrics.height() + 6;
    QSizeF picture(0, 0);
    if (!m_thumbnail.isNull()) {
        picture = QSizeF(m_thumbnail.size())
                      .scaled(QSizeF(kThumbnailPx, kThumbnailPx), Qt::KeepAspectRatio);
        width = std::max(width, picture.width() + 12);
        height += picture.height() + 6;
    }
    const double gap = layerRadius(kLayerCurrent, m_radius, 1.0) + 5;
    QRectF box(position->x() + gap, position->y() - height / 2, width, height);
    if (box.right() > m_area.right() - 2)
        box.moveRight(position->x() - gap);
    box.moveLeft(std::max(box.left(), m_area.left() + 2));
    box.moveTop(std::clamp(
        box.top(), m_area.top() + 2, std::max(m_area.top() + 2, m_area.bottom() - 2 - height)));
    m_card.box = box;
    if (!m_thumbnail.isNull())
        m_thumbnailRect = QRectF(box.center().x() - picture.width() / 2, box.top() + 6,
            picture.width(), picture.height());
}

const std::vector<PlacedLabel>& MapOverlay::labels()
{
    arrange();
    return m_labels;
}

QRectF MapOverlay::markLegend()
{
    arrange();
    return m_trust.legendRect();
}

const PlacedLabel& MapOverlay::hoverCard()
{
    arrange();
    return m_card;
}

void MapOverlay::paint(QPainter& painter)
{
    arrange();
    arrangePaths();
    const Theme theme = m_scene ? m_scene->sources.theme : Theme::Light;
    const QColor text = toColor(foregroundColor(theme));
    const QColor ground = toColor(backgroundColor(theme));
    painter.save();
    painter.setClipRect(m_area);
    painter.setRenderHint(QPainter::Antialiasing);
    m_paths.paint(painter, theme);
    if (!m_lines.empty()) {
        QColor line = text;
        line.setAlphaF(0.35F);
        painter.setPen(QPen(line, m_scale));
        painter.drawLines(m_lines.data(), static_cast<int>(m_lines.size()));
    }
    m_trust.paintMarks(painter, theme);
    paintMapLabels(painter, m_labels, m_font, text, ground);
    m_trust.paintLegend(painter, theme);
    if (!m_rubberBand.isEmpty()) {
        QColor band = toColor(plainColor(theme));
        if (m_isSubtracting)
            band = toColor(categoryPalette(theme)[3]);
        QColor fill = band;
        fill.setAlphaF(0.13F);
        painter.setPen(QPen(band, 1.5, m_isSubtracting ? Qt::DashLine : Qt::SolidLine));
        painter.setBrush(fill);
        painter.drawPolygon(m_rubberBand, Qt::WindingFill);
    }
    if (!m_card.box.isEmpty()) {
        if (const auto position = positionOf(m_hovered)) {
            // Round the disc as it is drawn, so that its colour is seen.
            const auto& selected = m_scene->sources.selected;
            const bool isInFront = m_hovered == m_scene->sources.current
                || (selected && m_hovered < selected->universe() && selected->contains(m_hovered));
            const double radius = isInFront ? radiusOf(m_hovered) + 3.5
                                            : m_radius * m_scene->sizeOf(m_hovered) + 2.5;
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(ground, 4));
            painter.drawEllipse(*position, radius, radius);
            painter.setPen(QPen(text, 1.6));
            painter.drawEllipse(*position, radius, radius);
        }
        QColor border = text;
        border.setAlphaF(0.35F);
        painter.setPen(QPen(border, 1));
        painter.setBrush(ground);
        painter.drawRoundedRect(m_card.box, 4, 4);
        if (!m_thumbnail.isNull()) {
            // Small pictures are enlarged as they are: their pixels are what was embedded.
            painter.setRenderHint(
                QPainter::SmoothPixmapTransform, m_thumbnail.width() > m_thumbnailRect.width());
            painter.drawImage(m_thumbnailRect, m_thumbnail);
        }
        painter.setPen(text);
        painter.setFont(m_font);
        const double top = m_thumbnail.isNull() ? m_card.box.top() : m_thumbnailRect.bottom();
        painter.drawText(
            QRectF(m_card.box.left(), top, m_card.box.width(), m_card.box.bottom() - top),
            Qt::AlignCenter | Qt::TextSingleLine, m_card.text);
    }
    painter.restore();
}

} // namespace embedscope::ui
