#include "core/io/pytorch/pickle.h"
#include "tests/support/pickle_bytes.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

namespace {

struct Run
{
    PickleHeap heap;
    Result<PickleId> value = PickleHeap::kNone;
};

Run run(const std::string& bytes)
{
    Run result;
    const auto source = memorySource(bytes, "a.pkl");
    ByteCursor cursor(*source, "pickle");
    result.value = readPickle(cursor, result.heap, {});
    return result;
}

} // namespace

class TestPickle : public QObject
{
    Q_OBJECT

private slots:
    void plainValuesAreRead();
    void protocolsZeroAndFourAreRead();
    void callsAreRecordedAndNeverMade();
    void valuesMayReferToThemselves();
    void whatNoPicklerWritesIsRefused_data();
    void whatNoPicklerWritesIsRefused();
    void repetitionDoesNotGrow();
};

void TestPickle::plainValuesAreRead()
{
    const Run a = run(pickled::whole(pickled::dict({
        {"n", "N"},
        {"i", pickled::integer(-7)},
        {"r", "G" + std::string("\x3f\xf8\0\0\0\0\0\0", 8)},
        {"t", pickled::tuple({"\x88", "K\x05"})},
        {"s",
            pickled::global("__builtin__", "set") + pickled::tuple({pickled::list({"K\x01"})})
                + 'R'},
    })));
    QVERIFY(a.value.ok());
    const PickleHeap& heap = a.heap;
    QCOMPARE(heap.kind(*a.value), PickleKind::Dict);
    QCOMPARE(heap.integer(*heap.find(*a.value, "i")), std::int64_t{-7});
    QCOMPARE(heap.real(*heap.find(*a.value, "r")), 1.5);
    QCOMPARE(*heap.find(*a.value, "n"), PickleHeap::kNone);
    const auto& tuple = heap.items(*heap.find(*a.value, "t"));
    QCOMPARE(tuple.size(), std::size_t{2});
    QCOMPARE(tuple[0], PickleHeap::kTrue);
    QCOMPARE(heap.integer(tuple[1]), std::int64_t{5});
    QCOMPARE(heap.kind(*heap.find(*a.value, "s")), PickleKind::Set);
    QVERIFY(heap.find(*a.value, "missing") == nullptr);
}

void TestPickle::protocolsZeroAndFourAreRead()
{
    const Run old = run("(dp0\nS'a'\np1\nI12\nsS'b'\n(lp2\nL34L\naF1.5\nas.");
    QVERIFY2(old.value.ok(), old.value ? "" : describe(old.value.error()).c_str());
    QCOMPARE(old.heap.integer(*old.heap.find(*old.value, "a")), std::int64_t{12});
    const auto& list = old.heap.items(*old.heap.find(*old.value, "b"));
    QCOMPARE(list.size(), std::size_t{2});
    QCOMPARE(old.heap.real(list[1]), 1.5);
    const Run fresh = run(
        "\x80\x04\x95" + pickled::number(14, 8) + "\x8c\x01m\x94\x8c\x01n\x94\x93\x94)\x81\x94.");
    QVERIFY2(fresh.value.ok(), fresh.value ? "" : describe(fresh.value.error()).c_str());
    QCOMPARE(fresh.heap.kind(*fresh.value), PickleKind::Object);
    QVERIFY(fresh.heap.isGlobal(fresh.heap.items(*fresh.value)[0], "m.n"));
}

void TestPickle::callsAreRecordedAndNeverMade()
{
    const Run a = run(pickled::whole(
        pickled::call(pickled::global("os", "system"), {pickled::text("touch harm")})));
    QVERIFY(a.value.ok());
    QCOMPARE(a.heap.kind(*a.value), PickleKind::Object);
    QVERIFY(a.heap.isGlobal(a.heap.items(*a.value)[0], "os.system"));
}

void TestPickle::valuesMayReferToThemselves()
{
    const Run a = run("\x80\x02]q\1h\1a.");
    QVERIFY(a.value.ok());
    QCOMPARE(a.heap.items(*a.value), std::vector<PickleId>{*a.value});
}

void TestPickle::whatNoPicklerWritesIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto add = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    add("empty", "");
    add("no end", "\x80\x02N");
    add("nothing on the stack", "\x80\x02.");
    add("pop of nothing",
        "\x80\x02"
        "0.");
    add("tuple of nothing", "\x80\x02\x86.");
    add("no mark", "\x80\x02Nt.");
    add("below the mark",
        "\x80\x02N(0"
        "0.");
    add("key without a value", "\x80\x02}(Nu.");
    add("append to a number", "\x80\x02K\1Na.");
    add("key of a list", "\x80\x02]NNs.");
    add("unknown memo", "\x80\x02h\7.");
    add("unknown opcode", "\x80\x02\xfe.");
    add("extension", "\x80\x02\x82\1.");
    add("buffer", "\x80\x05\x97.");
    add("text beyond the end",
        "\x80\x02X\xff\xff\xff\x7f"
        "a.");
    add("bytes beyond the end", "\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff.");
    add("a number that is none", "Fabc\n.");
    add("a name without end", "c" + std::string(100000, 'a'));
    add("a long name",
        "\x80\x04X" + pickled::number(5000, 4) + std::string(5000, 'a') + "\x94\x94h"
            + std::string(1, '\0') + "\x93.");
}

void TestPickle::whatNoPicklerWritesIsRefused()
{
    QFETCH(QByteArray, bytes);
    const Run a = run(bytes.toStdString());
    QVERIFY(!a.value.ok());
    QVERIFY(!a.value.error().detail.empty());
}

void TestPickle::repetitionDoesNotGrow()
{
    // A list of a million items, copied again and again by set(list).
    std::string bomb = "\x80\x02](" + std::string(1000000, 'N') + "eq\1";
    for (int i = 0; i < 100; ++i)
        bomb += pickled::global("__builtin__", "set") + "h\1\x85R";
    const Run a = run(bomb + '.');
    QVERIFY(!a.value.ok());
    QCOMPARE(a.value.error().code, ErrorCode::TooLarge);
    QVERIFY(!run("\x80\x02" + std::string(2000000, '(') + '.').value.ok());
}

QTEST_APPLESS_MAIN(TestPickle)
#include "tst_pickle.moc"
