#pragma once

#include <QLabel>

namespace embedscope::ui {

/// A place below a form for the explanation of the field in hand. It grows with what it has to say
/// and does not shrink again, so that little moves while the mouse wanders over the fields.
class FormHelp : public QLabel
{
    Q_OBJECT

public:
    explicit FormHelp(QWidget* parent = nullptr);

    /// What stands there while no field is in hand.
    void setIdleText(const QString& text);
    /// Empty for the idle text.
    void say(const QString& text);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void growToFit();

    QString m_idle;
    int m_tallest = 0; ///< Of the texts so far, in pixels.
};

} // namespace embedscope::ui
