#include "ui/panels/quality_panel.h"

#include "core/analysis/faithfulness.h"
#include "core/base/text.h"
#include "ui/convert.h"
#include "ui/icons.h"
#include "ui/panels/hint_label.h"
#include "ui/panels/quality_figures.h"
#include "ui/panels/scrolled.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <cmath>

namespace embedscope::ui {

namespace {

using Phase = QualityState::Phase;

constexpr int kBarSteps = 1000;
constexpr Index kMostNames = 5;

/// "queen (1st, 812th on the map), …": of the neighbours that are torn or false, the first ones.
QString namesOf(const Dataset& dataset, const PointFaithfulness& found, bool areTorn)
{
    QStringList names;
    Index count = 0;
    for (const JudgedNeighbor& neighbor : areTorn ? found.trueNeighbors : found.mapNeighbors) {
        if (!(areTorn ? found.isTorn(neighbor) : found.isFalse(neighbor)) || ++count > kMostNames)
            continue;
        const QString name = toQString(dataset.name(neighbor.id)).simplified().left(40);
        const Index place = areTorn ? neighbor.mapRank : neighbor.trueRank;
        names << QualityPanel::tr("%1 (%2)").arg(name, toQString(formatCount(place)));
    }
    const QString list = names.join(QStringLiteral(", "));
    return count <= kMostNames
        ? list
        : QualityPanel::tr("%1 and %2 more").arg(list).arg(count - kMostNames);
}

QString basisOf(const LayoutQuality& quality)
{
    const QString n = toQString(formatCount(quality.points));
    if (quality.isSampled)
        return QualityPanel::tr("From a random sample of %1 of %2 points.")
            .arg(toQString(formatCount(quality.examined)), n);
    return QualityPanel::tr("From all %1 points.").arg(n);
}

} // namespace

QualityPanel::QualityPanel(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_verdict(new QLabel)
    , m_basis(new HintLabel)
    , m_bar(new QProgressBar)
    , m_stop(new QPushButton(tr("Stop")))
    , m_measure(new QPushButton(tr("Measure")))
    , m_figures(new QualityFigures)
    , m_overlay(new QCheckBox(tr("Mark torn and false neighbours")))
    , m_colorByTrust(new QPushButton(tr("Colour by trustworthiness")))
    , m_colorByKept(new QPushButton(tr("Colour by neighbours kept")))
    , m_point(new HintLabel)
{
    describeControls();
    auto* content = new QWidget;
    auto* inside = new QVBoxLayout(content);
    inside->setSpacing(10);
    inside->addWidget(m_verdict);
    inside->addWidget(m_basis);
    inside->addWidget(m_measuring = makeMeasuring());
    inside->addWidget(m_measure, 0, Qt::AlignLeft);
    inside->addWidget(makePointWays());
    inside->addWidget(m_figures);
    inside->addStretch(1);
    auto* scroll = scrolled(content, QStringLiteral("qualityScroll"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    setFocusProxy(m_overlay);

    QualityState* quality = workspace.quality();
    connect(m_measure, &QPushButton::clicked, quality, &QualityState::measure);
    connect(m_stop, &QPushButton::clicked, quality, &QualityState::stop);
    connect(m_overlay, &QCheckBox::toggled, quality, &QualityState::setOverlayShown);
    connect(m_colorByTrust, &QPushButton::clicked, this,
        [this] { colorBy(QualityState::TrustColumn); });
    connect(
        m_colorByKept, &QPushButton::clicked, this, [this] { colorBy(QualityState::KeptColumn); });
    connect(quality, &QualityState::phaseChanged, this, &QualityPanel::showPhase);
    connect(quality, &QualityState::progressed, this, &QualityPanel::showProgress);
    connect(quality, &QualityState::columnsChanged, this, &QualityPanel::showColumns);
    connect(quality, &QualityState::overlayChanged, this,
        [this, quality] { m_overlay->setChecked(quality->isOverlayShown()); });
    connect(quality, &QualityState::currentExamined, this, &QualityPanel::showPoint);
    connect(&workspace, &Workspace::datasetChanged, this, &QualityPanel::showPhase);
    connect(&workspace, &Workspace::columnsChanged, this, &QualityPanel::showPoint);
    m_overlay->setChecked(quality->isOverlayShown());
    showPhase();
}

void QualityPanel::describeControls()
{
    QFont large = m_verdict->font();
    large.setPointSizeF(large.pointSizeF() * 1.25);
    m_verdict->setFont(large);
    m_verdict->setObjectName(QStringLiteral("qualityVerdict"));
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setWordWrap(true);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_basis->setObjectName(QStringLiteral("qualityBasis"));
    m_bar->setObjectName(QStringLiteral("qualityBar"));
    m_bar->setRange(0, kBarSteps);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress of the measuring"));
    m_stop->setObjectName(QStringLiteral("qualityStop"));
    m_stop->setIcon(icon(QStringLiteral("stop")));
    m_stop->setToolTip(tr("End the measuring; it can be started again."));
    m_measure->setObjectName(QStringLiteral("qualityMeasure"));
    m_measure->setToolTip(tr("Compare the map with the full space, in the background."));
    m_figures->setObjectName(QStringLiteral("qualityFigures"));
    m_overlay->setObjectName(QStringLiteral("qualityOverlay"));
    m_overlay->setToolTip(tr(
        "On the map, of the point under the mouse or else the selected one: lines to the true "
        "neighbours that the map put elsewhere, crosses on points beside it that are none (T)."));
    m_colorByTrust->setObjectName(QStringLiteral("qualityColorByTrust"));
    m_colorByTrust->setToolTip(
        tr("Colour each point by how far those beside it on the map belong to it."));
    m_colorByKept->setObjectName(QStringLiteral("qualityColorByKept"));
    m_colorByKept->setToolTip(
        tr("Colour each point by the share of its 10 true neighbours that are beside it."));
    m_point->setObjectName(QStringLiteral("qualityPoint"));
}

QWidget* QualityPanel::makeMeasuring()
{
    auto* measuring = new QWidget;
    auto* line = new QHBoxLayout(measuring);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_bar, 1);
    line->addWidget(m_stop);
    return measuring;
}

QWidget* QualityPanel::makePointWays()
{
    auto* ways = new QWidget;
    auto* lines = new QVBoxLayout(ways);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->addWidget(m_overlay);
    lines->addWidget(m_point);
    lines->addWidget(m_colorByTrust);
    lines->addWidget(m_colorByKept);
    return ways;
}

void QualityPanel::showPhase()
{
    const QualityState* state = m_workspace.quality();
    const auto& quality = state->quality();
    const Phase phase = m_workspace.dataset() ? state->phase() : Phase::Idle;
    QString verdictText;
    QString basis;
    switch (phase) {
    case Phase::Idle:
        basis = m_workspace.dataset() ? tr("There is no map yet.")
                                      : tr("Open a file to see how far its map can be trusted.");
        break;
    case Phase::Waiting:
        basis = tr("The map is measured as soon as its points rest.");
        break;
    case Phase::Measuring:
        basis = tr("Comparing with the full space…");
        break;
    case Phase::Measured:
        verdictText = toQString(verdict(*quality));
        basis = basisOf(*quality);
        break;
    case Phase::Skipped:
        basis = tr("This table is large: measuring its map takes a while, in the background.");
        break;
    case Phase::Stopped:
        basis = tr("The measuring was stopped.");
        break;
    case Phase::Failed:
        basis = state->error();
        break;
    }
    m_verdict->setText(verdictText);
    m_verdict->setVisible(!verdictText.isEmpty());
    m_basis->say(basis);
    m_measuring->setVisible(phase == Phase::Measuring);
    m_measure->setVisible(
        phase == Phase::Skipped || phase == Phase::Stopped || phase == Phase::Failed);
    m_overlay->setEnabled(phase != Phase::Idle);
    m_figures->setFigures(
        phase == Phase::Measured ? qualityFigures(*quality) : QList<QualityFigure>());
    showProgress();
    showColumns();
    showPoint();
}

void QualityPanel::showProgress()
{
    m_bar->setValue(static_cast<int>(std::lround(m_workspace.quality()->fraction() * kBarSteps)));
    m_bar->setToolTip(m_workspace.quality()->stage());
}

void QualityPanel::showColumns()
{
    const bool areThere = m_workspace.quality()->columns() != nullptr;
    m_colorByTrust->setEnabled(areThere);
    m_colorByKept->setEnabled(areThere);
}

void QualityPanel::showPoint()
{
    const auto& found = m_workspace.quality()->ofCurrent();
    const auto& dataset = m_workspace.dataset();
    if (!dataset || !found || found->row >= dataset->size()) {
        m_point->say({});
        return;
    }
    const QString name = toQString(dataset->name(found->row)).simplified().left(60);
    const Index kept = found->keptCount();
    QString text
        = tr("%1 keeps %2 of its %3 nearest neighbours.").arg(name).arg(kept).arg(found->k);
    if (kept < found->k) {
        text += QLatin1Char('\n')
            + tr("Torn away, with their place on the map: %1.")
                  .arg(namesOf(*dataset, *found, true));
        text += QLatin1Char('\n')
            + tr("False beside it, with their true place: %1.")
                  .arg(namesOf(*dataset, *found, false));
    }
    m_point->say(text);
}

void QualityPanel::colorBy(std::size_t mapColumn)
{
    ColorState* color = m_workspace.color();
    color->setColumn(color->columns().tableSize() + mapColumn);
}

} // namespace embedscope::ui
