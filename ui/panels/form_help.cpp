#include "ui/panels/form_help.h"

#include <QEvent>
#include <QFontMetrics>
#include <QResizeEvent>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr int kMargin = 9;
constexpr double kFontShare = 0.92;
constexpr int kMostLines = 6;

} // namespace

FormHelp::FormHelp(QWidget* parent)
    : QLabel(parent)
{
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    setAlignment(Qt::AlignTop | Qt::AlignLeft);
    setContentsMargins(kMargin, 4, kMargin, 4);
    setMinimumWidth(0);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    setForegroundRole(QPalette::PlaceholderText);
    QFont own = font();
    own.setPointSizeF(own.pointSizeF() * kFontShare);
    setFont(own);
}

void FormHelp::setTexts(const QStringList& texts, const QString& idle)
{
    if (texts == m_texts && idle == m_idle)
        return;
    m_texts = texts;
    m_idle = idle;
    setText(idle);
    reserveHeight();
}

void FormHelp::say(const QString& text)
{
    setText(text.isEmpty() ? m_idle : text);
}

void FormHelp::reserveHeight()
{
    const QFontMetrics metrics(font());
    const int wide = std::max(80, width() - 2 * kMargin);
    int tall = metrics.lineSpacing() * 2;
    for (const QString& text : m_texts + QStringList{m_idle}) {
        const QRect box
            = metrics.boundingRect(QRect(0, 0, wide, 10'000), Qt::TextWordWrap, text);
        tall = std::max(tall, box.height());
    }
    setFixedHeight(std::min(tall, metrics.lineSpacing() * kMostLines) + 10);
}

void FormHelp::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        reserveHeight();
}

void FormHelp::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        reserveHeight();
}

} // namespace embedscope::ui
