#pragma once

#include <QDateTime>
#include <QList>
#include <QObject>
#include <QString>

namespace embedscope::ui {

/// A file that was opened before.
struct RecentFile
{
    QString path;
    QDateTime opened;
};

/// The last ten files that were opened, newest first, remembered between sessions. Files that are
/// gone stay until they are removed: a disk may be plugged in again.
class RecentFiles : public QObject
{
    Q_OBJECT

public:
    explicit RecentFiles(QObject* parent = nullptr);

    const QList<RecentFile>& files() const { return m_files; }
    void add(const QString& path);
    void remove(const QString& path);
    void clear();

signals:
    void changed();

private:
    void store();

    QList<RecentFile> m_files;
};

/// "just now", "5 minutes ago", "yesterday", "3 March".
QString relativeTime(const QDateTime& time, const QDateTime& now);

} // namespace embedscope::ui
