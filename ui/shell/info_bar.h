#pragma once

#include <QFrame>
#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace embedscope::ui {

/// A sentence across the window with a cross to dismiss it and, where there is something to do
/// about it, a button. Blocks nothing; a new message takes the place of the old one.
class InfoBar : public QFrame
{
    Q_OBJECT

public:
    enum class Kind
    {
        Information,
        Warning,
        Error
    };

    explicit InfoBar(QWidget* parent = nullptr);

    void showMessage(Kind kind, const QString& sentence);
    /// With a button of that text, which dismisses the message and calls `act`.
    void showMessage(
        Kind kind, const QString& sentence, const QString& button, std::function<void()> act);
    void dismiss();
    QString message() const;
    Kind kind() const { return m_kind; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void updateColors();

    QLabel* m_icon;
    QLabel* m_text;
    QPushButton* m_button;
    QToolButton* m_close;
    std::function<void()> m_act;
    Kind m_kind = Kind::Information;
};

} // namespace embedscope::ui
