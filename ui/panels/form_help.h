#pragma once

#include <QLabel>
#include <QStringList>

namespace embedscope::ui {

/// A place below a form for the explanation of the field in hand: as tall as the longest one,
/// within limits, so that nothing moves while the mouse wanders over the fields.
class FormHelp : public QLabel
{
    Q_OBJECT

public:
    explicit FormHelp(QWidget* parent = nullptr);

    /// Every explanation that may come, and what stands there before any is asked for.
    void setTexts(const QStringList& texts, const QString& idle);
    void say(const QString& text);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void reserveHeight();

    QStringList m_texts;
    QString m_idle;
};

} // namespace embedscope::ui
