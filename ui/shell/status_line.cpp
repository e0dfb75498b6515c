#include "ui/shell/status_line.h"

#include "core/io/open_joined.h"
#include "ui/convert.h"
#include "ui/icons.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QFileInfo>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace embedscope::ui {

namespace {

constexpr int kBarWidth = 140;
constexpr int kBarHeight = 12;
constexpr int kMaxName = 60;

} // namespace

StatusLine::StatusLine(Workspace& workspace, QWidget* parent)
    : QStatusBar(parent)
    , m_workspace(workspace)
    , m_table(new QLabel(this))
    , m_hovered(new QLabel(this))
    , m_selection(new QLabel(this))
    , m_stage(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_stop(new QToolButton(this))
    , m_warnings(new QToolButton(this))
{
    setSizeGripEnabled(false);
    m_table->setObjectName(QStringLiteral("statusTable"));
    m_table->setAccessibleName(tr("Open table"));
    m_hovered->setObjectName(QStringLiteral("statusHovered"));
    m_hovered->setAccessibleName(tr("Point under the mouse"));
    m_hovered->setTextFormat(Qt::PlainText);
    m_selection->setObjectName(QStringLiteral("statusSelection"));
    m_selection->setAccessibleName(tr("Selection"));
    m_stage->setObjectName(QStringLiteral("statusStage"));
    m_stage->setAccessibleName(tr("Work in progress"));
    m_bar->setObjectName(QStringLiteral("statusProgress"));
    m_bar->setAccessibleName(tr("Progress"));
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(kBarWidth, kBarHeight);
    m_stop->setObjectName(QStringLiteral("statusStop"));
    m_stop->setIcon(icon(QStringLiteral("stop")));
    m_stop->setText(tr("Stop"));
    m_stop->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_stop->setAutoRaise(true);
    m_stop->setAccessibleName(tr("Stop the work in progress"));
    m_stop->setFocusPolicy(Qt::TabFocus);
    m_warnings->setObjectName(QStringLiteral("statusWarnings"));
    m_warnings->setIcon(icon(QStringLiteral("warning"), QColor(0xc0, 0x86, 0x12)));
    m_warnings->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_warnings->setAutoRaise(true);
    m_warnings->setToolTip(tr("What was noticed while reading the file"));
    m_warnings->setAccessibleName(tr("Show the warnings"));
    m_warnings->setFocusPolicy(Qt::TabFocus);
    m_table->setContentsMargins(6, 0, 6, 0);
    m_hovered->setContentsMargins(6, 0, 6, 0);
    m_selection->setContentsMargins(6, 0, 6, 0);

    addWidget(m_table);
    addWidget(m_warnings);
    addWidget(m_hovered, 1);
    addPermanentWidget(m_stage);
    addPermanentWidget(m_bar);
    addPermanentWidget(m_stop);
    addPermanentWidget(m_selection);

    connect(m_warnings, &QToolButton::clicked, this, &StatusLine::warningsRequested);
    connect(m_stop, &QToolButton::clicked, this, &StatusLine::stopWork);
    connect(&workspace, &Workspace::datasetChanged, this, &StatusLine::updateTable);
    connect(&workspace, &Workspace::columnsChanged, this, &StatusLine::updateTable);
    connect(&workspace, &Workspace::columnsChanged, this, &StatusLine::updateHovered);
    connect(&workspace, &Workspace::loadingChanged, this, &StatusLine::updateWork);
    connect(workspace.projection(), &ProjectionState::phaseChanged, this, &StatusLine::updateWork);
    connect(workspace.projection(), &ProjectionState::progressed, this, &StatusLine::updateWork);
    connect(
        workspace.selection(), &SelectionState::hoveredChanged, this, &StatusLine::updateHovered);
    connect(workspace.selection(), &SelectionState::selectionChanged, this,
        &StatusLine::updateSelection);
    updateTable();
    updateHovered();
    updateSelection();
    updateWork();
}

void StatusLine::updateTable()
{
    const auto& dataset = m_workspace.dataset();
    if (!dataset) {
        m_table->setText(tr("Nothing is open"));
        m_table->setToolTip({});
        m_warnings->hide();
        updateSelection();
        return;
    }
    QString text
        = tr("%1 × %2").arg(numberText(dataset->size()), numberText(dataset->dimensions()));
    text += QStringLiteral("  ·  ") + toQString(formatNames(dataset->provenance().format));
    if (const Index omitted = dataset->unusableRows().count(); omitted > 0)
        text += QStringLiteral("  ·  ")
            + (omitted == 1 ? tr("1 row left out")
                            : tr("%1 rows left out").arg(numberText(omitted)));
    QString part;
    if (const auto& rows = dataset->provenance().rows) {
        text += QStringLiteral("  ·  ") + tr("part of %1 rows").arg(numberText(rows->total()));
        part = QLatin1Char('\n') + tr("Open is %1.").arg(toQString(rows->description()));
    }
    m_table->setText(text);
    m_table->setToolTip(tr("%1\nPoints × dimensions, stored as %2")
                            .arg(m_workspace.path(), toQString(dataset->provenance().dtype))
        + part);
    const auto count = static_cast<qint64>(dataset->warnings().size());
    m_warnings->setText(count == 1 ? tr("1 warning") : tr("%1 warnings").arg(numberText(count)));
    m_warnings->setVisible(count > 0);
    updateSelection();
}

void StatusLine::updateHovered()
{
    const auto& dataset = m_workspace.dataset();
    const PointId id = m_workspace.selection()->hovered();
    QString name;
    if (dataset && id != kNoPoint && id < static_cast<PointId>(dataset->size())) {
        name = toQString(dataset->name(id)).simplified();
        if (name.size() > kMaxName)
            name = name.left(kMaxName - 1) + QStringLiteral("…");
    }
    m_hovered->setText(name);
}

void StatusLine::updateSelection()
{
    const Index count = m_workspace.selection()->selected().count();
    m_selection->setVisible(count > 0);
    m_selection->setText(tr("%1 selected").arg(numberText(count)));
}

void StatusLine::updateWork()
{
    const ProjectionState* projection = m_workspace.projection();
    const bool isLoading = m_workspace.isLoading();
    const bool isRunning = projection->phase() == ProjectionState::Phase::Running;
    const bool isPaused = projection->phase() == ProjectionState::Phase::Paused;
    const bool isSaving = !m_saving.isEmpty();
    for (QWidget* widget : {static_cast<QWidget*>(m_stage), static_cast<QWidget*>(m_bar),
             static_cast<QWidget*>(m_stop)})
        widget->setVisible(isLoading || isRunning || isPaused || isSaving);
    if (isLoading) {
        const QString name = QFileInfo(m_workspace.loadingPath()).fileName();
        m_stage->setText(m_workspace.loadingStage().isEmpty()
                ? tr("Opening %1").arg(name)
                : tr("%1: %2").arg(name, m_workspace.loadingStage()));
        m_bar->setValue(static_cast<int>(m_workspace.loadingFraction() * 1000));
        m_stop->setToolTip(tr("Stop opening the file"));
    } else if (isRunning || isPaused) {
        m_stage->setText(isPaused ? tr("Paused") : projection->stage());
        m_bar->setValue(static_cast<int>(projection->fraction() * 1000));
        m_stop->setToolTip(tr("Stop the projection and keep the picture"));
    } else if (isSaving) {
        m_stage->setText(tr("Saving %1").arg(m_saving));
        m_bar->setValue(static_cast<int>(m_savingFraction * 1000));
        m_stop->setToolTip(tr("Stop saving; a file that was there before stays as it was"));
    }
}

void StatusLine::showSaving(const QString& name, double fraction)
{
    m_saving = name;
    m_savingFraction = fraction;
    updateWork();
}

void StatusLine::stopWork()
{
    if (m_workspace.isLoading())
        m_workspace.stopLoading();
    else if (m_workspace.projection()->phase() != ProjectionState::Phase::Idle)
        m_workspace.projection()->stop();
    else
        emit savingStopped();
}

} // namespace embedscope::ui
