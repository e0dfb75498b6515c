#include "ui/panels/hint_label.h"

#include <QEvent>

namespace embedscope::ui {

namespace {

constexpr int kTextAlpha = 190;

} // namespace

HintLabel::HintLabel(QWidget* parent)
    : QLabel(parent)
{
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    setVisible(false);
    applyColor();
}

void HintLabel::say(const QString& sentence)
{
    setText(sentence);
    setVisible(!sentence.isEmpty());
}

void HintLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_isApplying)
        applyColor();
}

void HintLabel::applyColor()
{
    m_isApplying = true;
    QPalette own;
    if (parentWidget())
        own = parentWidget()->palette();
    // Of either group, whichever the label is made in: it may be made in a panel that is disabled.
    QColor text = own.color(QPalette::Active, QPalette::WindowText);
    text.setAlpha(kTextAlpha);
    QPalette quiet = palette();
    quiet.setColor(QPalette::Active, QPalette::WindowText, text);
    quiet.setColor(QPalette::Inactive, QPalette::WindowText, text);
    setPalette(quiet);
    m_isApplying = false;
}

} // namespace embedscope::ui
