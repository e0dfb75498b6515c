#pragma once

#include <QDateTime>
#include <QFileSystemWatcher>
#include <QList>
#include <QObject>
#include <QStringList>
#include <QTimer>

namespace embedscope::ui {

/// Notices that an open file, or one that was read along with it, was written again by someone
/// else. Told by the system where that works, and by check(), which the window calls when it comes
/// to the front.
class FileWatch : public QObject
{
    Q_OBJECT

public:
    explicit FileWatch(QObject* parent = nullptr);

    /// Takes the files' present state as the known one; no path, or an empty one, watches nothing.
    void watch(const QStringList& paths);
    void watch(const QString& path) { watch(QStringList{path}); }
    /// Looks at once. Says changed() at most once for each new state of a file.
    void check();

signals:
    void changed(const QString& path);

private:
    struct State
    {
        qint64 size = -1; ///< -1: there is no such file.
        QDateTime modified;
        bool operator==(const State&) const = default;
    };
    struct Watched
    {
        QString path;
        State known;
    };
    static State stateOf(const QString& path);

    QFileSystemWatcher m_watcher;
    QTimer m_settle; ///< A file is written in many pieces; one question is enough.
    QList<Watched> m_files;
};

} // namespace embedscope::ui
