#include "ui/charts/similarity_chart.h"

#include <QChart>
#include <QCoreApplication>
#include <QLineSeries>
#include <QScatterSeries>
#include <QValueAxis>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr std::size_t kMostDots = 60; ///< Above that the line alone reads better.

} // namespace

QString metricTitle(Metric metric)
{
    switch (metric) {
    case Metric::Cosine:
        return QCoreApplication::translate("SimilarityChart", "Cosine similarity");
    case Metric::Euclidean:
        return QCoreApplication::translate("SimilarityChart", "Euclidean distance");
    case Metric::Dot:
        return QCoreApplication::translate("SimilarityChart", "Dot product");
    case Metric::Manhattan:
        break;
    }
    return QCoreApplication::translate("SimilarityChart", "Manhattan distance");
}

SimilarityChart::SimilarityChart(QWidget* parent)
    : SmallChart(parent)
    , m_line(new QLineSeries(this))
    , m_dots(new QScatterSeries(this))
{
    m_dots->setMarkerSize(5);
    for (QXYSeries* series : {static_cast<QXYSeries*>(m_line), static_cast<QXYSeries*>(m_dots)}) {
        chart()->addSeries(series);
        series->attachAxis(horizontalAxis());
        series->attachAxis(verticalAxis());
    }
    horizontalAxis()->setTitleText(tr("Rank"));
    setAccessibleName(tr("Chart of the neighbours' values by rank"));
    setNeighbors(nullptr);
}

void SimilarityChart::setNeighbors(std::shared_ptr<const NeighborList> list)
{
    m_list = std::move(list);
    if (!m_list || m_list->neighbors.empty()) {
        m_line->clear();
        m_dots->clear();
        setAccessibleDescription({});
        setMessage(tr("The values of the neighbours will be drawn here."));
        return;
    }
    QList<QPointF> points;
    double lowest = HUGE_VAL;
    double highest = -HUGE_VAL;
    for (std::size_t i = 0; i < m_list->neighbors.size(); ++i) {
        const double value = m_list->neighbors[i].value;
        if (!std::isfinite(value))
            continue;
        points.append({static_cast<double>(i + 1), value});
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
    }
    const double margin = (highest - lowest) * 0.06;
    const auto count = static_cast<double>(m_list->neighbors.size());
    setSpan(horizontalAxis(), count > 1 ? 1 - count * 0.015 : 0, count > 1 ? count * 1.015 : 2, 5);
    setSpan(verticalAxis(), lowest - margin, highest + margin, 4);
    verticalAxis()->setTitleText(isSimilarity(m_list->metric) ? tr("Similarity") : tr("Distance"));
    m_line->replace(points);
    m_dots->replace(points);
    m_dots->setVisible(m_list->neighbors.size() <= kMostDots);
    setAccessibleDescription(tr("%1 from %2 at rank 1 to %3 at rank %4")
                                 .arg(metricTitle(m_list->metric))
                                 .arg(static_cast<double>(m_list->neighbors.front().value))
                                 .arg(static_cast<double>(m_list->neighbors.back().value))
                                 .arg(m_list->neighbors.size()));
    setMessage({});
}

void SimilarityChart::applyColors()
{
    m_line->setPen(QPen(seriesColor(), 1.5));
    m_dots->setColor(seriesColor());
    m_dots->setBorderColor(seriesColor());
}

QString SimilarityChart::describeAt(double x) const
{
    const auto rank = std::lround(x);
    if (!m_list || rank < 1 || rank > static_cast<long>(m_list->neighbors.size()))
        return {};
    return tr("Rank %1: %2")
        .arg(rank)
        .arg(static_cast<double>(m_list->neighbors[static_cast<std::size_t>(rank - 1)].value));
}

} // namespace embedscope::ui
