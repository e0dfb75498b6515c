#include "tests/app/child.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <unistd.h>

namespace embedscope::test {

namespace {

constexpr int kTimeoutMs = 240000;

} // namespace

QJsonObject Ran::json() const
{
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(out, &error);
    return error.error == QJsonParseError::NoError ? document.object() : QJsonObject();
}

bool Ran::isOneSentence() const
{
    return err.count('\n') == 1 && (err.endsWith(".\n") || err.endsWith("?\n"));
}

QProcessEnvironment bareEnvironment()
{
    const auto own = QProcessEnvironment::systemEnvironment();
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("HOME"), QDir::tempPath());
    environment.insert(QStringLiteral("PATH"), own.value(QStringLiteral("PATH")));
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
        const QString key = QString::fromLatin1(name);
        if (own.contains(key))
            environment.insert(key, own.value(key));
    }
    return environment;
}

std::unique_ptr<QProcess> start(
    const QStringList& arguments, const QProcessEnvironment& environment)
{
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(environment);
    process->setStandardInputFile(QProcess::nullDevice());
    process->start(QStringLiteral(EMBEDSCOPE_PROGRAM), arguments);
    process->waitForStarted();
    return process;
}

Ran finished(QProcess& process)
{
    Ran ran;
    if (!process.waitForFinished(kTimeoutMs) && process.state() != QProcess::NotRunning) {
        process.kill();
        process.waitForFinished();
    } else if (process.exitStatus() == QProcess::NormalExit) {
        ran.code = process.exitCode();
    }
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    return ran;
}

Ran run(const QStringList& arguments, const QProcessEnvironment& environment)
{
    return finished(*start(arguments, environment));
}

double processorSeconds(qint64 processId)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(processId));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray line = file.readAll();
    // Behind the name in parentheses: state is field 3, user and system time are fields 14 and 15.
    const auto fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    if (fields.size() < 13)
        return 0;
    return (fields[11].toDouble() + fields[12].toDouble())
        / static_cast<double>(sysconf(_SC_CLK_TCK));
}

} // namespace embedscope::test
