#include "ui/shell/info_bar.h"

#include "ui/icons.h"

#include <QAccessible>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace embedscope::ui {

namespace {

constexpr int kIconSize = 20;

} // namespace

InfoBar::InfoBar(QWidget* parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_button(new QPushButton(this))
    , m_close(new QToolButton(this))
{
    setObjectName(QStringLiteral("infoBar"));
    setAutoFillBackground(true);
    setAccessibleName(tr("Message"));
    m_text->setObjectName(QStringLiteral("infoBarText"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_button->setObjectName(QStringLiteral("infoBarAction"));
    m_close->setObjectName(QStringLiteral("infoBarClose"));
    m_close->setAutoRaise(true);
    m_close->setIcon(icon(QStringLiteral("close")));
    m_close->setToolTip(tr("Dismiss"));
    m_close->setAccessibleName(tr("Dismiss the message"));
    m_close->setFocusPolicy(Qt::StrongFocus);

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 8, 8, 8);
    layout->setSpacing(10);
    layout->addWidget(m_icon, 0, Qt::AlignVCenter);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    layout->addWidget(m_close);

    connect(m_close, &QToolButton::clicked, this, &InfoBar::dismiss);
    connect(m_button, &QPushButton::clicked, this, [this] {
        const auto act = std::move(m_act);
        dismiss();
        if (act)
            act();
    });
    hide();
}

void InfoBar::showMessage(Kind kind, const QString& sentence)
{
    showMessage(kind, sentence, {}, {});
}

void InfoBar::showMessage(
    Kind kind, const QString& sentence, const QString& button, std::function<void()> act)
{
    m_kind = kind;
    m_act = std::move(act);
    m_text->setText(sentence);
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    updateColors();
    show();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void InfoBar::dismiss()
{
    m_act = {};
    m_text->clear();
    hide();
}

QString InfoBar::message() const
{
    return m_text->text();
}

void InfoBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange)
        updateColors();
}

void InfoBar::updateColors()
{
    const QColor accent = m_kind == Kind::Error ? QColor(0xd0, 0x45, 0x3a)
        : m_kind == Kind::Warning               ? QColor(0xc0, 0x86, 0x12)
                                                : QColor(0x2f, 0x78, 0xd0);
    const QColor ground = QGuiApplication::palette().color(QPalette::Base);
    // A breath of the accent over the ground keeps the text's contrast in both themes.
    const auto mixed = [&](int a, int b) { return (a * 16 + b * 84) / 100; };
    QPalette palette = QGuiApplication::palette();
    palette.setColor(QPalette::Window,
        QColor(mixed(accent.red(), ground.red()), mixed(accent.green(), ground.green()),
            mixed(accent.blue(), ground.blue())));
    setPalette(palette);
    const QString name = m_kind == Kind::Error ? QStringLiteral("error")
        : m_kind == Kind::Warning              ? QStringLiteral("warning")
                                               : QStringLiteral("info");
    m_icon->setPixmap(icon(name, accent).pixmap(QSize(kIconSize, kIconSize), devicePixelRatioF()));
}

} // namespace embedscope::ui
