#include "ui/panels/health_panel.h"

#include "core/base/text.h"
#include "ui/charts/norm_chart.h"
#include "ui/convert.h"
#include "ui/panels/finding_row.h"
#include "ui/panels/health_text.h"
#include "ui/panels/hint_label.h"
#include "ui/panels/scrolled.h"
#include "ui/workspace/health_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QVBoxLayout>
#include <cmath>

namespace embedscope::ui {

namespace {

QString factsOf(const HealthReport& report)
{
    QString text = HealthPanel::tr("%1 points of %2 dimensions, stored as %3, %4 in memory")
                       .arg(numberText(report.points), numberText(report.dimensions),
                           toQString(report.dtype), toQString(formatBytes(report.memoryBytes)));
    if (report.fileBytes > 0)
        text
            = HealthPanel::tr("%1, %2 on disk").arg(text, toQString(formatBytes(report.fileBytes)));
    return text + QLatin1Char('.');
}

QString decimal(double value, int digits)
{
    const double unit = std::pow(10.0, digits);
    return QLocale().toString(std::round(value * unit) / unit + 0.0, 'f', digits); // -0 is 0.
}

QString figuresOf(const HealthReport& report)
{
    QStringList lines;
    if (report.norms && report.points > 1) {
        lines.append(HealthPanel::tr("Half of the rows have a length between %1 and %2.")
                         .arg(QLocale().toString(report.norms->q1, 'g', 4),
                             QLocale().toString(report.norms->q3, 'g', 4)));
    }
    if (report.meanCosine) {
        lines.append(
            HealthPanel::tr(
                "Two rows have a cosine similarity of %1 on average, ± %2 over %3 pairs.")
                .arg(decimal(*report.meanCosine, 3), decimal(report.cosineSpread.value_or(0), 3),
                    numberText(report.cosinePairs)));
    }
    if (report.effectiveDimension) {
        const QString dimension = decimal(*report.effectiveDimension, 1);
        lines.append(report.effectiveRows < report.usableRows
                ? HealthPanel::tr("The variance spreads over about %1 of %2 dimensions, as far as "
                                  "%3 rows tell.")
                      .arg(dimension, numberText(report.dimensions),
                          numberText(report.effectiveRows))
                : HealthPanel::tr("The variance spreads over about %1 of %2 dimensions.")
                      .arg(dimension, numberText(report.dimensions)));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

HealthPanel::HealthPanel(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_heading(new QLabel)
    , m_facts(new HintLabel)
    , m_findings(new QVBoxLayout)
    , m_norms(new NormChart)
    , m_figures(new HintLabel)
{
    QFont large = m_heading->font();
    large.setPointSizeF(large.pointSizeF() * 1.25);
    m_heading->setFont(large);
    m_heading->setObjectName(QStringLiteral("healthHeading"));
    m_heading->setTextFormat(Qt::PlainText);
    m_heading->setWordWrap(true);
    m_facts->setObjectName(QStringLiteral("healthFacts"));
    m_norms->setObjectName(QStringLiteral("healthNorms"));
    m_figures->setObjectName(QStringLiteral("healthFigures"));
    m_figures->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_findings->setSpacing(4);

    auto* content = new QWidget;
    auto* inside = new QVBoxLayout(content);
    inside->setSpacing(10);
    inside->addWidget(m_heading);
    inside->addWidget(m_facts);
    inside->addLayout(m_findings);
    inside->addWidget(m_norms);
    inside->addWidget(m_figures);
    inside->addStretch(1);
    auto* scroll = scrolled(content, QStringLiteral("healthScroll"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    setFocusProxy(scroll);

    connect(workspace.health(), &HealthState::changed, this, &HealthPanel::showReport);
    connect(&workspace, &Workspace::datasetChanged, this, &HealthPanel::showReport);
    showReport();
}

void HealthPanel::showReport()
{
    const HealthState* state = m_workspace.health();
    const auto& report = state->report();
    const bool isThere = m_workspace.dataset() && report;
    m_heading->setText(isThere ? healthHeading(*report) : QString());
    m_heading->setVisible(isThere);
    if (isThere)
        m_facts->say(factsOf(*report));
    else if (!m_workspace.dataset())
        m_facts->say(tr("Open a file to see whether anything is odd about it."));
    else
        m_facts->say(state->error().isEmpty() ? tr("Examining the table…") : state->error());
    const bool hasChart = isThere && report->norms && report->points > 1;
    m_norms->setVisible(hasChart);
    m_norms->setNorms(hasChart ? report->norms : std::nullopt);
    m_figures->say(isThere ? figuresOf(*report) : QString());
    showFindings();
}

void HealthPanel::showFindings()
{
    while (QLayoutItem* item = m_findings->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    const auto& report = m_workspace.health()->report();
    if (!m_workspace.dataset() || !report)
        return;
    for (const Finding& finding : report->findings) {
        auto* row = new FindingRow(finding);
        connect(row, &FindingRow::selectRequested, this, [this, rows = finding.rows] {
            if (m_workspace.dataset() && rows.universe() == m_workspace.dataset()->size())
                m_workspace.selection()->select(rows, SelectionMode::Replace);
        });
        m_findings->addWidget(row);
    }
}

} // namespace embedscope::ui
