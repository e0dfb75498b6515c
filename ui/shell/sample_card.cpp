#include "ui/shell/sample_card.h"

#include "ui/icons.h"

#include <QEvent>
#include <QPainter>

namespace embedscope::ui {

namespace {

constexpr int kPadding = 14;
constexpr int kIconSide = 26;
constexpr int kGap = 12;
constexpr int kLineGap = 4; ///< Between the name and the line below it.
constexpr qreal kRadius = 8;

QFont bold(QFont font)
{
    font.setBold(true);
    return font;
}

} // namespace

SampleCard::SampleCard(const QString& name, const QString& description, QWidget* parent)
    : QAbstractButton(parent)
    , m_description(description)
{
    setText(name);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

QSize SampleCard::sizeHint() const
{
    const int width = kPadding * 2 + kIconSide + kGap + fontMetrics().averageCharWidth() * 36;
    return {width, heightForWidth(width)};
}

int SampleCard::heightForWidth(int width) const
{
    const QRect room(0, 0, width - kPadding * 2 - kIconSide - kGap, QWIDGETSIZE_MAX);
    return kPadding * 2 + QFontMetrics(bold(font())).lineSpacing() + kLineGap
        + fontMetrics().boundingRect(room, Qt::TextWordWrap, m_description).height();
}

void SampleCard::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool isLit = underMouse() || hasFocus();
    const QColor ground = palette().color(isDown() ? QPalette::Midlight : QPalette::AlternateBase);
    painter.setBrush(ground);
    painter.setPen(
        QPen(palette().color(isLit ? QPalette::Highlight : QPalette::Midlight), isLit ? 1.5 : 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kRadius, kRadius);

    const QRect inner = rect().adjusted(kPadding, kPadding, -kPadding, -kPadding);
    embedscope::ui::icon(QStringLiteral("sample"))
        .paint(&painter, QRect(inner.topLeft(), QSize(kIconSide, kIconSide)));
    QRect words = inner.adjusted(kIconSide + kGap, 0, 0, 0);
    painter.setPen(palette().color(QPalette::Text));
    painter.setFont(bold(font()));
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop, text());
    words.setTop(words.top() + painter.fontMetrics().lineSpacing() + kLineGap);
    painter.setFont(font());
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_description);
}

bool SampleCard::event(QEvent* event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave
        || event->type() == QEvent::Enter || event->type() == QEvent::Leave)
        update();
    return QAbstractButton::event(event);
}

} // namespace embedscope::ui
