#include "ui/panels/table_card.h"

#include "core/base/text.h"
#include "core/data/dataset.h"
#include "ui/convert.h"
#include "ui/panels/health_text.h"
#include "ui/workspace/health_state.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr qsizetype kMostColumns = 12;
constexpr std::size_t kMostSources = 8;
constexpr std::size_t kMostNotes = 8;
constexpr std::size_t kMostFindings = 3;

struct TableCard
{
    Q_DECLARE_TR_FUNCTIONS(TableCard)
};

QString row(const QString& name, const QString& value)
{
    return QStringLiteral("<tr><td style='padding-right:10px'><b>%1</b></td><td>%2</td></tr>")
        .arg(name.toHtmlEscaped(), value.toHtmlEscaped());
}

QString paragraph(const std::string& sentence)
{
    return QStringLiteral("<p>%1</p>").arg(toQString(printable(sentence)).toHtmlEscaped());
}

QString columnNames(const Dataset& dataset)
{
    QStringList names;
    for (const Column& column : dataset.columns()) {
        if (names.size() == kMostColumns)
            break;
        names.append(toQString(printable(column.name())));
    }
    const auto more = static_cast<qint64>(dataset.columns().size()) - names.size();
    const QString list = names.join(QStringLiteral(", "));
    return more > 0 ? TableCard::tr("%1 and %2 more").arg(list, numberText(more)) : list;
}

/// "EasyNegative.pt (8), bad-hands-5.pt (2) and 7 more": the points of each.
QString sourceNames(const std::vector<TablePart>& parts)
{
    QStringList names;
    for (std::size_t p = 0; p < std::min(parts.size(), kMostSources); ++p)
        names.append(TableCard::tr("%1 (%2)").arg(
            toQString(printable(parts[p].name)), numberText(parts[p].rows)));
    const auto more = static_cast<qint64>(parts.size()) - names.size();
    const QString list = names.join(QStringLiteral(", "));
    return more > 0 ? TableCard::tr("%1 and %2 more").arg(list, numberText(more)) : list;
}

QString healthText(const HealthState& health)
{
    if (health.report())
        return healthHeading(*health.report());
    return health.error().isEmpty() ? TableCard::tr("Examining the table…") : health.error();
}

} // namespace

QString tableCardHtml(const Dataset& dataset, const HealthState& health)
{
    const Provenance& from = dataset.provenance();
    QString html = QStringLiteral("<table cellpadding='2'>");
    html += row(TableCard::tr("Points"),
        from.rows ? TableCard::tr("%1 of %2")
                        .arg(numberText(dataset.size()), numberText(from.rows->total()))
                  : numberText(dataset.size()));
    html += row(TableCard::tr("Dimensions"),
        from.dtype.empty()
            ? numberText(dataset.dimensions())
            : TableCard::tr("%1, stored as %2")
                  .arg(numberText(dataset.dimensions()), toQString(printable(from.dtype))));
    if (!from.tensor.empty())
        html += row(TableCard::tr("Table"), toQString(printable(from.tensor)));
    if (!from.parts.empty())
        html += row(TableCard::tr("Sources"), sourceNames(from.parts));
    if (!dataset.columns().empty())
        html += row(TableCard::tr("Columns"), columnNames(dataset));
    html += row(TableCard::tr("Health"), healthText(health));
    html += QStringLiteral("</table>");
    if (health.report()) {
        const auto& findings = health.report()->findings;
        for (std::size_t i = 0; i < std::min(findings.size(), kMostFindings); ++i)
            html += paragraph(findings[i].sentence);
    }
    for (std::size_t i = 0; i < std::min(from.notes.size(), kMostNotes); ++i)
        html += paragraph(from.notes[i]);
    return html;
}

} // namespace embedscope::ui
