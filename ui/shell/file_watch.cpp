#include "ui/shell/file_watch.h"

#include <QFileInfo>
#include <chrono>

namespace embedscope::ui {

namespace {

constexpr std::chrono::milliseconds kSettleTime(400);

} // namespace

FileWatch::FileWatch(QObject* parent)
    : QObject(parent)
{
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleTime);
    connect(&m_settle, &QTimer::timeout, this, &FileWatch::check);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_settle, qOverload<>(&QTimer::start));
}

void FileWatch::watch(const QStringList& paths)
{
    m_settle.stop();
    if (!m_watcher.files().isEmpty())
        m_watcher.removePaths(m_watcher.files());
    m_files.clear();
    for (const QString& path : paths) {
        if (path.isEmpty())
            continue;
        m_files.append({path, stateOf(path)});
        if (m_files.back().known.size >= 0)
            m_watcher.addPath(path);
    }
}

void FileWatch::check()
{
    QStringList news;
    for (Watched& file : m_files) {
        const State now = stateOf(file.path);
        if (now.size < 0)
            continue; // Being replaced, or gone: what is open stays.
        // A file that was replaced is another one to the system and is no longer watched.
        if (!m_watcher.files().contains(file.path))
            m_watcher.addPath(file.path);
        if (now == file.known)
            continue;
        file.known = now;
        news.append(file.path);
    }
    for (const QString& path : std::as_const(news))
        emit changed(path);
}

FileWatch::State FileWatch::stateOf(const QString& path)
{
    const QFileInfo info(path);
    if (!info.isFile())
        return {};
    return {info.size(), info.lastModified()};
}

} // namespace embedscope::ui
