#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStringList>

#include <memory>

namespace embedscope::test {

/// What the program left behind.
struct Ran
{
    int code = -1; ///< -1: it crashed, or did not end in time.
    QByteArray out;
    QByteArray err;

    /// The one JSON object on stdout; empty where there is anything else.
    QJsonObject json() const;
    /// Exactly one line, which ends in a full stop or a question mark.
    bool isOneSentence() const;
};

/// An environment with a home and a path and nothing else, as a script's may be.
QProcessEnvironment bareEnvironment();

/// Runs the built program to its end.
Ran run(const QStringList& arguments, const QProcessEnvironment& environment = bareEnvironment());

/// Starts it; the caller ends it.
std::unique_ptr<QProcess> start(
    const QStringList& arguments, const QProcessEnvironment& environment = bareEnvironment());
Ran finished(QProcess& process);

/// Seconds of processor time that a running process has used.
double processorSeconds(qint64 processId);

} // namespace embedscope::test
