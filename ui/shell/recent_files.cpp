#include "ui/shell/recent_files.h"

#include <QCoreApplication>
#include <QLocale>
#include <QSettings>

namespace embedscope::ui {

namespace {

constexpr int kMaxFiles = 10;
const QString kSetting = QStringLiteral("recentFiles");
const QString kPath = QStringLiteral("path");
const QString kOpened = QStringLiteral("opened");

QString translated(const char* text)
{
    return QCoreApplication::translate("RelativeTime", text);
}

} // namespace

RecentFiles::RecentFiles(QObject* parent)
    : QObject(parent)
{
    QSettings settings;
    const int count = std::min(settings.beginReadArray(kSetting), kMaxFiles);
    for (int i = 0; i < count; ++i) {
        settings.setArrayIndex(i);
        const RecentFile file{
            settings.value(kPath).toString(), settings.value(kOpened).toDateTime()};
        if (!file.path.isEmpty())
            m_files.append(file);
    }
}

void RecentFiles::add(const QString& path)
{
    m_files.removeIf([&path](const RecentFile& file) { return file.path == path; });
    m_files.prepend({path, QDateTime::currentDateTime()});
    while (m_files.size() > kMaxFiles)
        m_files.removeLast();
    store();
}

void RecentFiles::remove(const QString& path)
{
    if (m_files.removeIf([&path](const RecentFile& file) { return file.path == path; }) > 0)
        store();
}

void RecentFiles::clear()
{
    m_files.clear();
    store();
}

void RecentFiles::store()
{
    QSettings settings;
    settings.remove(kSetting);
    settings.beginWriteArray(kSetting, static_cast<int>(m_files.size()));
    for (int i = 0; i < m_files.size(); ++i) {
        settings.setArrayIndex(i);
        settings.setValue(kPath, m_files[i].path);
        settings.setValue(kOpened, m_files[i].opened);
    }
    settings.endArray();
    emit changed();
}

QString relativeTime(const QDateTime& time, const QDateTime& now)
{
    if (!time.isValid())
        return {};
    const qint64 seconds = time.secsTo(now);
    const qint64 days = time.date().daysTo(now.date());
    if (seconds < 60)
        return translated("just now");
    if (seconds < 120)
        return translated("a minute ago");
    if (seconds < 3600)
        return translated("%1 minutes ago").arg(seconds / 60);
    if (days == 0)
        return seconds < 7200 ? translated("an hour ago")
                              : translated("%1 hours ago").arg(seconds / 3600);
    if (days == 1)
        return translated("yesterday");
    if (days < 7)
        return translated("%1 days ago").arg(days);
    return QLocale().toString(time.date(), QLocale::ShortFormat);
}

} // namespace embedscope::ui
