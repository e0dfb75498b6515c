#pragma once

#include "core/analysis/faithfulness.h"
#include "core/plot/coloring.h"
#include "ui/plot/text_labels.h"

#include <QFont>
#include <QLineF>
#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <QString>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QPainter;

namespace embedscope::ui {

/// What an overlay has to know of the map it lies on. Positions are the view's, device-independent.
struct OverlayGround
{
    QRectF area; ///< Of the map.
    QFont font;
    std::function<std::optional<QPointF>(PointId)> positionOf; ///< nullopt where it is not shown.
    std::function<double(PointId)> radiusOf; ///< Of its disc as drawn.
    std::function<QString(PointId)> nameOf; ///< Short.
    double scale = 1; ///< Of lines and marks: larger pictures have larger ones.
};

/// Marks of a point's neighbours on the map: lines to the true ones that the map tore away, ending
/// in a ring or, off the screen, in an arrow at the edge; crosses on the false ones that it put
/// beside it; thin lines to those it kept; and a small legend that says which is which.
class TrustOverlay
{
public:
    /// marked  null: nothing; then the legend says `hint`.
    void setMarked(
        bool isShown, std::shared_ptr<const PointFaithfulness> marked, const QString& hint);
    bool isShown() const { return m_isShown; }
    /// True where a point's neighbours are marked at present.
    bool isMarking() const { return m_isShown && m_marked; }

    void setLegendShown(bool isShown) { m_isLegendShown = isShown; }
    void arrange(const OverlayGround& ground);
    /// Names worth showing beside the marks; those of torn neighbours off the screen at the edge.
    /// Each with its point.
    const std::vector<std::pair<PointId, MapLabel>>& labels() const { return m_labels; }
    /// Where the legend lies; empty where there is none.
    const QRectF& legendRect() const { return m_legendRect; }
    /// The lines and marks, under the names.
    void paintMarks(QPainter& painter, Theme theme) const;
    void paintLegend(QPainter& painter, Theme theme) const;

private:
    enum class Mark
    {
        None,
        Torn,
        False,
        Kept
    };
    struct LegendRow
    {
        Mark mark = Mark::None;
        QString text;
    };
    struct Disc
    {
        QPointF centre;
        double radius = 0;
    };

    void arrangeMarks(const OverlayGround& ground);
    void arrangeLegend(const OverlayGround& ground);

    bool m_isShown = false;
    bool m_isLegendShown = true;
    std::shared_ptr<const PointFaithfulness> m_marked;
    QString m_hint;

    std::vector<QLineF> m_torn;
    std::vector<QLineF> m_kept;
    std::vector<Disc> m_rings; ///< Round torn neighbours on the screen.
    std::vector<QPolygonF> m_arrows; ///< Towards those off the screen.
    std::vector<Disc> m_crosses; ///< On false neighbours.
    std::vector<std::pair<PointId, MapLabel>> m_labels;
    QString m_title;
    std::vector<LegendRow> m_rows;
    QRectF m_legendRect;
    QFont m_font;
    double m_scale = 1;
};

} // namespace embedscope::ui
