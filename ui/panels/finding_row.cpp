#include "ui/panels/finding_row.h"

#include "ui/convert.h"
#include "ui/icons.h"
#include "ui/panels/hint_label.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr int kIconSize = 18;
constexpr std::size_t kDimensionsListed = 40;
constexpr std::size_t kDimensionsInSentence = 5;

QString listOf(const std::vector<Index>& dimensions)
{
    QStringList numbers;
    for (std::size_t i = 0; i < std::min(dimensions.size(), kDimensionsListed); ++i)
        numbers.append(QString::number(dimensions[i]));
    const QString list = numbers.join(QStringLiteral(", "));
    const auto more = static_cast<qint64>(dimensions.size()) - numbers.size();
    return more > 0 ? FindingRow::tr("%1 and %2 more").arg(list, numberText(more)) : list;
}

QString severityText(Severity severity)
{
    return severity == Severity::Problem ? FindingRow::tr("Problem")
        : severity == Severity::Warning  ? FindingRow::tr("Warning")
                                         : FindingRow::tr("Note");
}

} // namespace

FindingRow::FindingRow(const Finding& finding, QWidget* parent)
    : QFrame(parent)
    , m_severity(finding.severity)
    , m_hasRows(!finding.rows.isEmpty())
    , m_icon(new QLabel(this))
{
    setObjectName(QStringLiteral("finding"));
    setProperty("finding", toQString(finding.id));
    m_icon->setAccessibleName(severityText(m_severity));
    m_icon->setToolTip(severityText(m_severity));
    auto* sentence = new QLabel(toQString(finding.sentence), this);
    sentence->setObjectName(QStringLiteral("findingSentence"));
    sentence->setTextFormat(Qt::PlainText);
    sentence->setWordWrap(true);
    auto* texts = new QVBoxLayout;
    texts->setContentsMargins(0, 0, 0, 0);
    texts->setSpacing(4);
    texts->addWidget(sentence);
    if (finding.dimensions.size() > kDimensionsInSentence) {
        auto* dimensions = new HintLabel(this);
        dimensions->say(tr("Dimensions %1").arg(listOf(finding.dimensions)));
        texts->addWidget(dimensions);
    }
    if (m_hasRows) {
        const Index count = finding.rows.count();
        auto* select = new QPushButton(
            count == 1 ? tr("Select the row") : tr("Select %1 rows").arg(numberText(count)), this);
        select->setObjectName(QStringLiteral("findingSelect"));
        select->setToolTip(tr("Select these rows on the map and in the table."));
        select->setAccessibleDescription(sentence->text());
        connect(select, &QPushButton::clicked, this, &FindingRow::selectRequested);
        texts->addWidget(select, 0, Qt::AlignLeft);
        setCursor(Qt::PointingHandCursor);
    }
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 4);
    layout->setSpacing(8);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addLayout(texts, 1);
    showIcon();
}

void FindingRow::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_hasRows && event->button() == Qt::LeftButton && rect().contains(event->pos()))
        emit selectRequested();
}

void FindingRow::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showIcon();
}

void FindingRow::showIcon()
{
    const QColor color = m_severity == Severity::Problem ? QColor(0xd0, 0x45, 0x3a)
        : m_severity == Severity::Warning                ? QColor(0xc0, 0x86, 0x12)
                                                         : QColor(0x2f, 0x78, 0xd0);
    const QString name = m_severity == Severity::Problem ? QStringLiteral("error")
        : m_severity == Severity::Warning                ? QStringLiteral("warning")
                                                         : QStringLiteral("info");
    m_icon->setPixmap(icon(name, color).pixmap(QSize(kIconSize, kIconSize), devicePixelRatioF()));
}

} // namespace embedscope::ui
