#pragma once

#include "core/neighbors/exact.h"
#include "ui/charts/small_chart.h"

#include <memory>

class QLineSeries;
class QScatterSeries;

namespace embedscope::ui {

/// Values of the neighbours by rank: a steep beginning and a flat tail say that a point has few
/// close relations; a flat line says that all neighbours are alike.
class SimilarityChart : public SmallChart
{
    Q_OBJECT

public:
    explicit SimilarityChart(QWidget* parent = nullptr);

    /// Null or empty shows a sentence.
    void setNeighbors(std::shared_ptr<const NeighborList> list);

protected:
    void applyColors() override;
    QString describeAt(double x) const override;

private:
    std::shared_ptr<const NeighborList> m_list;
    QLineSeries* m_line;
    QScatterSeries* m_dots;
};

/// "Cosine similarity", "Euclidean distance", "Dot product".
QString metricTitle(Metric metric);

} // namespace embedscope::ui
