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

void FileWatch::watch(const QString& path)
{
    m_settle.stop();
    if (!m_watcher.files().isEmpty())
        m_watcher.removePaths(m_watcher.files());
    m_path = path;
    m_known = stateNow();
    if (!path.isEmpty() && m_known.size >= 0)
        m_watcher.addPath(path);
}

void FileWatch::check()
{
    if (m_path.isEmpty())
        return;
    const State now = stateNow();
    if (now.size < 0)
        return; // Being replaced, or gone: what is open stays.
    // A file that was replaced is another one to the system and is no longer watched.
    if (m_watcher.files().isEmpty())
        m_watcher.addPath(m_path);
    if (now == m_known)
        return;
    m_known = now;
    emit changed(m_path);
}

FileWatch::State FileWatch::stateNow() const
{
    const QFileInfo info(m_path);
    if (m_path.isEmpty() || !info.isFile())
        return {};
    return {info.size(), info.lastModified()};
}

} // namespace embedscope::ui
