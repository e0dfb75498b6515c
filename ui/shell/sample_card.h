#pragma once

#include <QAbstractButton>

namespace embedscope::ui {

/// A button with a name and a line on what is behind it, as large as the line needs.
class SampleCard : public QAbstractButton
{
    Q_OBJECT

public:
    SampleCard(const QString& name, const QString& description, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QString m_description;
};

} // namespace embedscope::ui
