#include "core/base/child_process.h"

#include <QTest>
#include <array>
#include <csignal>
#include <string>
#include <thread>
#include <unistd.h>

using namespace embedscope;

namespace {

constexpr ChildPatience kPatient{std::chrono::minutes(2), std::chrono::minutes(2)};

ChildCommand shell(const std::string& script)
{
    return {"/bin/sh", {"-c", script}, {}};
}

/// Everything it says, and how it came to an end.
std::pair<std::string, ChildEvent> said(ChildProcess& child)
{
    std::string text;
    std::array<std::byte, 100> bytes;
    while (true) {
        std::size_t count = 0;
        const ChildEvent event = child.read(bytes, count, kPatient, {});
        if (event != ChildEvent::Data)
            return {text, event};
        text.append(reinterpret_cast<const char*>(bytes.data()), count);
    }
}

std::string saidBy(const ChildCommand& command)
{
    auto child = ChildProcess::start(command);
    return child ? said(*child).first : "could not be started";
}

} // namespace

class TestChildProcess : public QObject
{
    Q_OBJECT

private slots:
    void outputIsRead();
    void inputIsAnsweredAndABrokenOneIsNoSignal();
    void missingProgramIsNotFound();
    void theEnvironmentIsBare();
    void onlyTheNamedDescriptorsAreOpen();
    void stopIsHeeded();
    void processorTimeIsLimited();
    void theEndOfTheObjectIsTheEndOfTheChild();
};

void TestChildProcess::outputIsRead()
{
    QCOMPARE(saidBy(shell("echo one; echo hidden >&2; echo two")), std::string("one\ntwo\n"));
    const std::string much
        = saidBy(shell("i=0; while [ $i -lt 9999 ]; do echo 0123456789; i=$((i+1)); done"));
    QCOMPARE(much.size(), std::size_t{9999 * 11});
    QCOMPARE(saidBy(shell("kill -SEGV $$")), std::string());
}

void TestChildProcess::inputIsAnsweredAndABrokenOneIsNoSignal()
{
    auto child = ChildProcess::start(shell("read line; echo \"$line!\""));
    QVERIFY(child.ok());
    QVERIFY(child->send("hello\n"));
    QCOMPARE(said(*child).first, std::string("hello!\n"));

    auto deaf = ChildProcess::start(shell("exec 0<&-; echo closed; exec sleep 1000"));
    QVERIFY(deaf.ok());
    std::array<std::byte, 7> bytes;
    std::size_t count = 0;
    QCOMPARE(deaf->read(bytes, count, kPatient, {}), ChildEvent::Data);
    QVERIFY(!deaf->send("hello\n"));
}

void TestChildProcess::missingProgramIsNotFound()
{
    const auto child = ChildProcess::start({"no/such/program", {}, {}});
    QVERIFY(!child.ok());
    QCOMPARE(child.error().code, ErrorCode::NotFound);
    QVERIFY(!ChildProcess::start({"/", {}, {}}).ok());
    QCOMPARE(ChildProcess::start({"sh", {}, {}}).error().code, ErrorCode::NotFound);
}

void TestChildProcess::theEnvironmentIsBare()
{
    QVERIFY(qputenv("EMBEDSCOPE_SECRET", "1"));
    QCOMPARE(saidBy(shell("echo \"[$EMBEDSCOPE_SECRET$HOME]\"")), std::string("[]\n"));
}

void TestChildProcess::onlyTheNamedDescriptorsAreOpen()
{
    // Left open for children, as a careless library may.
    const int stray = ::dup(STDOUT_FILENO);
    int ends[2];
    QCOMPARE(::pipe(ends), 0);
    QCOMPARE(::write(ends[1], "given", 5), ssize_t{5});
    ::close(ends[1]);
    ChildCommand command = shell("cat <&3; for n in 4 5 6 7 8 9; do "
                                 "if (: <&$n) 2>/dev/null; then echo \" $n is open\"; fi; done");
    command.descriptors = {{ends[0], 3}};
    QCOMPARE(saidBy(command), std::string("given"));
    ::close(ends[0]);
    ::close(stray);
}

void TestChildProcess::stopIsHeeded()
{
    auto child = ChildProcess::start(shell("exec sleep 1000"));
    QVERIFY(child.ok());
    std::stop_source stop;
    std::jthread other([&] { stop.request_stop(); });
    std::array<std::byte, 8> bytes;
    std::size_t count = 0;
    QCOMPARE(child->read(bytes, count, kPatient, Progress(stop.get_token())), ChildEvent::Stopped);
}

void TestChildProcess::processorTimeIsLimited()
{
    using std::chrono::milliseconds;
    auto child = ChildProcess::start(shell("while :; do :; done"));
    QVERIFY(child.ok());
    std::array<std::byte, 8> bytes;
    std::size_t count = 0;
    QCOMPARE(
        child->read(bytes, count, {kPatient.clock, milliseconds(50)}, {}), ChildEvent::Stalled);
    auto idle = ChildProcess::start(shell("exec sleep 1000"));
    QVERIFY(idle.ok());
    QCOMPARE(
        idle->read(bytes, count, {milliseconds(50), kPatient.processor}, {}), ChildEvent::Stalled);
}

void TestChildProcess::theEndOfTheObjectIsTheEndOfTheChild()
{
    pid_t id = -1;
    {
        auto child = ChildProcess::start(shell("trap '' TERM; sleep 1000"));
        QVERIFY(child.ok());
        id = child->id();
        QCOMPARE(::kill(id, 0), 0);
        ChildProcess moved = std::move(child).value();
        QCOMPARE(moved.id(), id);
    }
    QCOMPARE(::kill(id, 0), -1);
}

QTEST_APPLESS_MAIN(TestChildProcess)
#include "tst_child_process.moc"
