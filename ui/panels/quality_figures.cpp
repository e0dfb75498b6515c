#include "ui/panels/quality_figures.h"

#include "ui/panels/hint_label.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr int kBarHeight = 5;

/// A quiet bar of a share of its width.
class ShareBar : public QWidget
{
public:
    ShareBar(double share, QWidget* parent)
        : QWidget(parent)
        , m_share(std::clamp(share, 0.0, 1.0))
    {
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }

    QSize sizeHint() const override { return {120, kBarHeight}; }
    QSize minimumSizeHint() const override { return {40, kBarHeight}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        QColor trough = palette().color(QPalette::WindowText);
        trough.setAlphaF(0.14F);
        painter.setBrush(trough);
        painter.drawRoundedRect(rect(), kBarHeight / 2.0, kBarHeight / 2.0);
        QRectF filled(rect());
        filled.setWidth(filled.width() * m_share);
        painter.setClipRect(filled);
        painter.setBrush(palette().color(QPalette::Highlight));
        painter.drawRoundedRect(rect(), kBarHeight / 2.0, kBarHeight / 2.0);
    }

private:
    double m_share;
};

QWidget* rowOf(const QualityFigure& figure, QWidget* parent)
{
    auto* row = new QWidget(parent);
    auto* lines = new QVBoxLayout(row);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(3);
    auto* first = new QHBoxLayout;
    auto* name = new QLabel(figure.name, row);
    name->setTextFormat(Qt::PlainText);
    auto* value = new QLabel(figure.value, row);
    value->setTextFormat(Qt::PlainText);
    value->setObjectName(QStringLiteral("qualityValue"));
    value->setAccessibleName(figure.name);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QFont bold = value->font();
    bold.setBold(true);
    value->setFont(bold);
    first->addWidget(name, 1);
    first->addWidget(value);
    lines->addLayout(first);
    if (figure.share)
        lines->addWidget(new ShareBar(*figure.share, row));
    auto* meaning = new HintLabel(row);
    meaning->say(figure.meaning);
    lines->addWidget(meaning);
    return row;
}

} // namespace

QList<QualityFigure> qualityFigures(const LayoutQuality& quality)
{
    const QLocale locale;
    const auto tr
        = [](const char* text) { return QCoreApplication::translate("QualityFigures", text); };
    const auto number
        = [&](double value, int decimals) { return locale.toString(value, 'f', decimals); };
    const auto keptOf
        = [&](double share, int k) { return tr("%1 of %2").arg(number(share * k, 1)).arg(k); };
    QList<QualityFigure> figures;
    figures << QualityFigure{tr("Neighbours kept"), keptOf(quality.recall10, 10), quality.recall10,
        tr("How many of a point's nearest neighbours are nearest on the map.")};
    figures << QualityFigure{tr("In a wider circle"), keptOf(quality.recall50, 50),
        quality.recall50, tr("The same with 50 neighbours.")};
    figures << QualityFigure{tr("Trustworthiness"), number(quality.trustworthiness12, 3),
        quality.trustworthiness12,
        tr("Whether points side by side on the map belong together: 1 is all of them, 0.5 is "
           "chance.")};
    figures << QualityFigure{tr("Continuity"), number(quality.continuity12, 3),
        quality.continuity12,
        tr("Whether points that belong together stand side by side: 1 is all of them, 0.5 is "
           "chance.")};
    figures << QualityFigure{tr("Distances"), number(quality.spearman, 3),
        std::max(0.0, quality.spearman),
        tr("Rank correlation: whether far on the map means far in the full space. 1 is always, 0 "
           "is chance.")};
    if (quality.klDivergence) {
        figures << QualityFigure{tr("KL divergence"), number(*quality.klDivergence, 3),
            std::nullopt,
            tr("What t-SNE makes small. It compares runs of the same table and perplexity: less "
               "is better.")};
    }
    if (quality.explainedVariance) {
        figures << QualityFigure{tr("Explained variance"),
            tr("%1 %").arg(number(*quality.explainedVariance * 100, 1)), quality.explainedVariance,
            tr("The share of all spread that the axes shown carry.")};
    }
    return figures;
}

QualityFigures::QualityFigures(QWidget* parent)
    : QWidget(parent)
    , m_rows(new QVBoxLayout(this))
{
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(10);
}

void QualityFigures::setFigures(const QList<QualityFigure>& figures)
{
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const QualityFigure& figure : figures)
        m_rows->addWidget(rowOf(figure, this));
    setVisible(!figures.isEmpty());
}

} // namespace embedscope::ui
