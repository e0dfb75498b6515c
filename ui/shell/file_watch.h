#pragma once

#include <QDateTime>
#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

namespace embedscope::ui {

/// Notices that the open file was written again by someone else. Told by the system where that
/// works, and by check(), which the window calls when it comes to the front.
class FileWatch : public QObject
{
    Q_OBJECT

public:
    explicit FileWatch(QObject* parent = nullptr);

    /// Takes the file's present state as the known one; an empty path watches nothing.
    void watch(const QString& path);
    /// Looks at once. Says changed() at most once for each new state of the file.
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
    State stateNow() const;

    QFileSystemWatcher m_watcher;
    QTimer m_settle; ///< A file is written in many pieces; one question is enough.
    QString m_path;
    State m_known;
};

} // namespace embedscope::ui
