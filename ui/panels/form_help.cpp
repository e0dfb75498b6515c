#include "ui/panels/form_help.h"

#include <QEvent>
#include <QFontMetrics>
#include <QResizeEvent>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr int kMargin = 9;
constexpr double kFontShare = 0.92;
constexpr int kPadding = 4;

} // namespace

FormHelp::FormHelp(QWidget* parent)
    : QLabel(parent)
{
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    setAlignment(Qt::AlignTop | Qt::AlignLeft);
    setContentsMargins(kMargin, kPadding, kMargin, kPadding);
    setMinimumWidth(0);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    setForegroundRole(QPalette::PlaceholderText);
    QFont own = font();
    own.setPointSizeF(own.pointSizeF() * kFontShare);
    setFont(own);
}

void FormHelp::setIdleText(const QString& text)
{
    if (text == m_idle)
        return;
    m_idle = text;
    m_tallest = 0;
    say({});
}

void FormHelp::say(const QString& text)
{
    setText(text.isEmpty() ? m_idle : text);
    growToFit();
}

void FormHelp::growToFit()
{
    const QFontMetrics metrics(font());
    const int wide = std::max(80, width() - 2 * kMargin);
    const QRect box = metrics.boundingRect(QRect(0, 0, wide, 10'000), Qt::TextWordWrap, text());
    m_tallest = std::max({m_tallest, box.height(), 2 * metrics.lineSpacing()});
    setFixedHeight(m_tallest + 2 * kPadding);
}

void FormHelp::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    if (event->size().width() == event->oldSize().width())
        return;
    m_tallest = 0;
    growToFit();
}

void FormHelp::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        growToFit();
}

} // namespace embedscope::ui
