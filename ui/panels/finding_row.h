#pragma once

#include "core/analysis/health/health.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace embedscope::ui {

/// A finding of the health panel: how grave it is, the sentence, and what can be done about it: its
/// rows selected, by the button or by a click anywhere; its dimensions listed.
class FindingRow : public QFrame
{
    Q_OBJECT

public:
    explicit FindingRow(const Finding& finding, QWidget* parent = nullptr);

signals:
    void selectRequested();

protected:
    void mouseReleaseEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void showIcon();

    Severity m_severity;
    bool m_hasRows;
    QLabel* m_icon;
};

} // namespace embedscope::ui
