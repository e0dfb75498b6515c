#pragma once

#include <QScrollArea>

class QVBoxLayout;

namespace embedscope::ui {

class RecentFiles;

/// What the window shows while nothing is open: a way to open a file, the built-in samples, the
/// files opened before, and what can be opened at all.
class WelcomePage : public QScrollArea
{
    Q_OBJECT

public:
    WelcomePage(RecentFiles& recent, QWidget* parent = nullptr);

    /// Shows that what is being dragged over the window can be dropped.
    void setDropTarget(bool isTarget);

signals:
    void openRequested();
    void fileRequested(const QString& path);
    void sampleRequested(const QString& id);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void addSamples(QVBoxLayout* column);
    void addFormats(QVBoxLayout* column);
    void updateRecent();

    RecentFiles& m_recent;
    QWidget* m_recentBox;
    QVBoxLayout* m_recentList;
    bool m_isDropTarget = false;
};

} // namespace embedscope::ui
