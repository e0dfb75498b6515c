#include "ui/panels/inversion_text.h"

#include "core/base/text.h"
#include "ui/convert.h"

#include <QCoreApplication>
#include <QStringList>

namespace embedscope::ui {

namespace {

struct Inversion
{
    Q_DECLARE_TR_FUNCTIONS(Inversion)
};

QString row(const QString& name, const QString& value)
{
    return QStringLiteral("<tr><td style='padding-right:10px'><b>%1</b></td><td>%2</td></tr>")
        .arg(name.toHtmlEscaped(), value.toHtmlEscaped());
}

QString plain(const std::string& text)
{
    return toQString(printable(text));
}

QString lengthText(double norm)
{
    return QString::number(norm, 'g', 3);
}

} // namespace

QString inversionSentence(const InversionCard& card)
{
    return card.vectors == 1
        ? Inversion::tr("A textual inversion: a vector trained to stand for a word in the prompts "
                        "of a picture model.")
        : Inversion::tr("A textual inversion: %1 vectors trained to stand together for a word in "
                        "the prompts of a picture model.")
              .arg(numberText(card.vectors));
}

QString inversionHtml(const InversionCard& card)
{
    QString html = QStringLiteral("<table cellpadding='2'>");
    html += row(Inversion::tr("In a prompt"), plain(card.trigger));
    if (card.name != card.trigger)
        html += row(Inversion::tr("Its trainer's name"), plain(card.name));
    html += row(Inversion::tr("Made for"),
        card.family.empty() ? Inversion::tr("no model that is known by its width")
                            : plain(card.family));
    html += row(Inversion::tr("Vectors"),
        Inversion::tr("%1 of width %2").arg(numberText(card.vectors), numberText(card.width)));
    if (card.step)
        html += row(Inversion::tr("Trained for"),
            *card.step == 1 ? Inversion::tr("1 step")
                            : Inversion::tr("%1 steps").arg(numberText(*card.step)));
    if (!card.checkpoint.empty())
        html += row(Inversion::tr("Trained on"), plain(card.checkpoint));
    if (!card.tables.empty()) {
        QStringList names;
        for (const std::string& name : card.tables)
            names.append(plain(name));
        html += row(Inversion::tr("Text encoders"), names.join(QStringLiteral(", ")));
    }
    html += row(card.vectors == 1 ? Inversion::tr("Length") : Inversion::tr("Lengths"),
        card.vectors == 1 ? lengthText(card.meanNorm)
                          : Inversion::tr("%1 to %2, %3 on average")
                                .arg(lengthText(card.smallestNorm), lengthText(card.largestNorm),
                                    lengthText(card.meanNorm)));
    html += QStringLiteral("</table>");
    if (!card.norms.empty())
        html += QStringLiteral("<p>%1</p>").arg(plain(card.norms).toHtmlEscaped());
    return html;
}

} // namespace embedscope::ui
