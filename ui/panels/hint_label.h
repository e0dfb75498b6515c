#pragma once

#include <QLabel>

namespace embedscope::ui {

/// A wrapped sentence in a quieter colour; hides itself while it has nothing to say.
class HintLabel : public QLabel
{
    Q_OBJECT

public:
    explicit HintLabel(QWidget* parent = nullptr);

    void say(const QString& sentence);

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyColor();

    bool m_isApplying = false;
};

} // namespace embedscope::ui
