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
    for (const TablePart& part : from.parts)
        html += row(toQString(printable(part.name)),
            part.rows == 1 ? TableCard::tr("1 point")
                           : TableCard::tr("%1 points").arg(numberText(part.rows)));
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
