#include "ui/panels/details_panel.h"

#include "core/base/text.h"
#include "ui/charts/vector_chart.h"
#include "ui/convert.h"
#include "ui/panels/hint_label.h"
#include "ui/panels/inversion_text.h"
#include "ui/panels/point_picture.h"
#include "ui/panels/scrolled.h"
#include "ui/panels/selection_summary.h"
#include "ui/panels/table_card.h"
#include "ui/workspace/health_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace embedscope::ui {

namespace {

constexpr qsizetype kLongestValue = 2000; ///< Characters of a text that are shown.

QString row(const QString& name, const QString& valueHtml)
{
    return QStringLiteral("<tr><td style='padding-right:10px'><b>%1</b></td><td>%2</td></tr>")
        .arg(name.toHtmlEscaped(), valueHtml);
}

} // namespace

DetailsPanel::DetailsPanel(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_title(new QLabel)
    , m_subtitle(new HintLabel)
    , m_values(new QLabel)
    , m_picture(new PointPicture)
    , m_chart(new VectorChart)
    , m_copyVector(new QPushButton(tr("Copy vector")))
    , m_copyValues(new QPushButton(tr("Copy values")))
{
    QFont large = m_title->font();
    large.setBold(true);
    large.setPointSizeF(large.pointSizeF() * 1.25);
    m_title->setFont(large);
    m_title->setObjectName(QStringLiteral("detailsTitle"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_values->setObjectName(QStringLiteral("detailsValues"));
    m_values->setAccessibleName(tr("Values of the point"));
    m_values->setTextFormat(Qt::RichText);
    m_values->setWordWrap(true);
    m_values->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_values->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_subtitle->setObjectName(QStringLiteral("detailsSubtitle"));
    m_chart->setObjectName(QStringLiteral("detailsChart"));
    m_picture->setObjectName(QStringLiteral("detailsPicture"));
    m_copyVector->setObjectName(QStringLiteral("detailsCopyVector"));
    m_copyVector->setToolTip(tr("Copy the numbers of the vector, separated by spaces."));
    m_copyValues->setObjectName(QStringLiteral("detailsCopyValues"));
    m_copyValues->setToolTip(tr("Copy the name and the values of all columns."));

    auto* content = new QWidget;
    auto* inside = new QVBoxLayout(content);
    inside->addWidget(m_title);
    inside->addWidget(m_subtitle);
    inside->addWidget(m_picture);
    inside->addWidget(m_values);
    inside->addWidget(m_chart);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_copyVector);
    buttons->addWidget(m_copyValues);
    buttons->addStretch();
    inside->addLayout(buttons);
    inside->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scrolled(content, QStringLiteral("detailsScroll")));
    setFocusProxy(m_values);

    connect(m_copyVector, &QPushButton::clicked, this, &DetailsPanel::copyVector);
    connect(m_copyValues, &QPushButton::clicked, this, &DetailsPanel::copyValues);
    SelectionState* selection = workspace.selection();
    connect(selection, &SelectionState::currentChanged, this, &DetailsPanel::update);
    connect(selection, &SelectionState::hoveredChanged, this, &DetailsPanel::update);
    connect(selection, &SelectionState::selectionChanged, this, &DetailsPanel::update);
    connect(&workspace, &Workspace::datasetChanged, this, &DetailsPanel::update);
    connect(&workspace, &Workspace::columnsChanged, this, &DetailsPanel::update);
    connect(workspace.health(), &HealthState::changed, this, [this] {
        if (m_point == kNoPoint)
            update();
    });
    update();
}

QSize DetailsPanel::sizeHint() const
{
    return {300, 400};
}

void DetailsPanel::update()
{
    const auto& dataset = m_workspace.dataset();
    const SelectionState* selection = m_workspace.selection();
    const PointId point
        = selection->hovered() != kNoPoint ? selection->hovered() : selection->current();
    if (!dataset)
        showNothing(tr("Open a file to see details."));
    else if (point != kNoPoint && point < dataset->size())
        showPoint(*dataset, point);
    else if (!selection->selected().isEmpty()
        && selection->selected().universe() == dataset->size())
        showSeveral();
    else if (dataset->provenance().inversion)
        showInversion(*dataset->provenance().inversion);
    else
        showTable(*dataset);
}

void DetailsPanel::showNothing(const QString& sentence)
{
    m_runner.discard();
    m_point = kNoPoint;
    m_title->setVisible(false);
    m_subtitle->say(sentence);
    m_values->clear();
    m_picture->clearPicture();
    m_chart->setVisible(false);
    m_copyVector->setVisible(false);
    m_copyValues->setVisible(false);
}

void DetailsPanel::showTable(const Dataset& dataset)
{
    showNothing(tr("Rest on a point or select one to see what is known of it."));
    const QString name = QFileInfo(m_workspace.path()).fileName();
    m_title->setVisible(!name.isEmpty());
    m_title->setText(name);
    m_values->setText(tableCardHtml(dataset, *m_workspace.health()));
}

void DetailsPanel::showInversion(const InversionCard& card)
{
    showNothing(inversionSentence(card));
    m_title->setVisible(true);
    m_title->setText(toQString(printable(card.name)));
    m_values->setText(inversionHtml(card));
}

void DetailsPanel::showPoint(const Dataset& dataset, PointId point)
{
    m_runner.discard();
    m_point = point;
    m_title->setVisible(true);
    m_title->setText(toQString(printable(dataset.name(point))));
    const PointSet& selected = m_workspace.selection()->selected();
    QString subtitle = tr("Row %1").arg(dataset.fileRow(point));
    if (selected.count() > 1 && selected.contains(point))
        subtitle = tr("Row %1, one of %2 selected points")
                       .arg(QString::number(dataset.fileRow(point)),
                           toQString(formatCount(selected.count())));
    m_subtitle->say(subtitle);

    QString html = QStringLiteral("<table cellpadding='2'>");
    for (const Column& column : dataset.columns()) {
        QString value;
        if (column.isMissing(point))
            value = QStringLiteral("<i>%1</i>").arg(tr("no value"));
        else if (column.kind() == ColumnKind::Image)
            value = tr("picture above");
        else
            value = toQString(column.text(point)).left(kLongestValue).toHtmlEscaped();
        html += row(toQString(column.name()), value);
    }
    const double norm = vectorNorm(dataset, point);
    html += row(tr("Norm"), numberText(norm));
    html += row(tr("Dimensions"), toQString(formatCount(dataset.dimensions())));
    html += QStringLiteral("</table>");
    if (!dataset.isUsable(point))
        html += QStringLiteral("<p>%1</p>")
                    .arg(tr("The vector holds values that are not finite. The point is left out of "
                            "maps and neighbours."));
    else if (norm == 0)
        html += QStringLiteral("<p>%1</p>")
                    .arg(tr("The vector is zero: it has no direction, and so no neighbours by "
                            "cosine similarity."));
    m_values->setText(html);
    showPicture(dataset, point);
    RowRoom room;
    const auto vector = dataset.vectors().rowSpan(point, room);
    m_chart->setValues({vector.begin(), vector.end()});
    m_chart->setVisible(true);
    m_copyVector->setVisible(true);
    m_copyValues->setVisible(true);
}

void DetailsPanel::showPicture(const Dataset& dataset, PointId point)
{
    for (const Column& column : dataset.columns()) {
        if (const auto* images = column.asImage()) {
            m_picture->setPicture(*images, point);
            return;
        }
    }
    m_picture->clearPicture();
}

void DetailsPanel::showSeveral()
{
    const auto& dataset = m_workspace.dataset();
    const PointSet& selected = m_workspace.selection()->selected();
    showNothing({});
    m_title->setVisible(true);
    m_title->setText(tr("%1 points selected").arg(toQString(formatCount(selected.count()))));
    m_subtitle->say(tr("%1 % of the table")
                        .arg(100.0 * static_cast<double>(selected.count())
                                / static_cast<double>(dataset->size()),
                            0, 'f', 1));
    m_runner.run<QStringList>(
        [dataset, selected](const JobContext& context) {
            return summarize(*dataset, selected, context.progress());
        },
        [this](Result<QStringList> result) {
            if (result)
                m_values->setText(QStringLiteral("<p>") + result->join(QStringLiteral("</p><p>"))
                    + QStringLiteral("</p>"));
        });
}

void DetailsPanel::copyVector() const
{
    const auto& dataset = m_workspace.dataset();
    if (!dataset || m_point == kNoPoint)
        return;
    std::string text;
    RowRoom room;
    for (const float value : dataset->vectors().rowSpan(m_point, room))
        text += (text.empty() ? "" : " ") + formatNumber(value);
    QGuiApplication::clipboard()->setText(toQString(text));
}

void DetailsPanel::copyValues() const
{
    const auto& dataset = m_workspace.dataset();
    if (!dataset || m_point == kNoPoint)
        return;
    QString text = tr("Row %1").arg(dataset->fileRow(m_point)) + QLatin1Char('\n');
    for (const Column& column : dataset->columns())
        text += tr("%1: %2").arg(toQString(column.name()), toQString(column.text(m_point)))
            + QLatin1Char('\n');
    QGuiApplication::clipboard()->setText(text);
}

} // namespace embedscope::ui
