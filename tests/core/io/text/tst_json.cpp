// Tables written as JSON, in the many ways people do.

#include "core/base/random.h"
#include "core/base/text.h"
#include "core/io/text/json_records.h"
#include "tests/support/damage.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

using Opened = Result<std::shared_ptr<const Dataset>>;

std::string why(const Opened& dataset)
{
    return dataset ? std::string() : describe(dataset.error());
}

std::vector<float> rowOf(const Opened& dataset, Index row)
{
    const auto span = (*dataset)->vectors().floats().rowSpan(row);
    return {span.begin(), span.end()};
}

bool anyHolds(const std::vector<std::string>& texts, std::string_view part)
{
    return std::any_of(texts.begin(), texts.end(),
        [part](const std::string& text) { return text.find(part) != std::string::npos; });
}

} // namespace

class TestJson : public QObject
{
    Q_OBJECT

private slots:
    void everyLayoutIsRead_data();
    void everyLayoutIsRead();
    void otherKeysAreColumns();
    void textsAreUnescaped();
    void numbersUnderKeysThatCountUpAreAVector();
    void theVectorCanBeChosen();
    void whatTheRowsStandBesideIsTold();
    void missingVectorsAreToldAndKeepTheirPlace();
    void keysThatComeLateAreTold();
    void manyPiecesGiveTheSame();
    void faultsNameTheirLine_data();
    void faultsNameTheirLine();
    void otherJsonIsLeftAlone_data();
    void otherJsonIsLeftAlone();
    void nestingIsBounded();
    void damageIsHarmless();
};

void TestJson::everyLayoutIsRead_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("label"); // Of the second row; empty where there are none.
    QTest::newRow("lines of objects")
        << QByteArray("{\"word\":\"a\",\"v\":[1,2]}\n{\"word\":\"b\",\"v\":[3,4.5]}\n") << "b";
    QTest::newRow("blank lines and spaces")
        << QByteArray("\n {\"word\" : \"a\", \"v\": [ 1, 2 ]}\r\n\n{\"word\":\"b\",\"v\":[3,4.5]}")
        << "b";
    QTest::newRow("objects over several lines")
        << QByteArray("{\n \"word\":\"a\",\n \"v\":[1,\n2]\n}\n{\"word\":\"b\",\"v\":[3,4.5]}\n")
        << "b";
    QTest::newRow("lines of lists") << QByteArray("[1, 2]\n[3, 4.5]\n") << "";
    QTest::newRow("lines of a word and its numbers")
        << QByteArray("[\"a\", 1, 2]\n[\"b\", 3, 4.5]\n") << "b";
    QTest::newRow("lines of a word and its list")
        << QByteArray("[\"a\", [1, 2]]\n[\"b\", [3, 4.5]]\n") << "b";
    QTest::newRow("a list of objects")
        << QByteArray("[{\"v\":[1,2],\"word\":\"a\"},\n {\"v\":[3,4.5],\"word\":\"b\"}]\n") << "b";
    QTest::newRow("a list of lists") << QByteArray("[[1,2],[3,4.5]]") << "";
    QTest::newRow("words with their vectors")
        << QByteArray("{\"a\": [1,2], \"b\": [3,4.5]}") << "b";
    QTest::newRow("words within an object")
        << QByteArray("{\"vectors\": {\"a\": [1,2], \"b\": [3,4.5]}}") << "b";
    QTest::newRow("keys with objects")
        << QByteArray("{\"a\": {\"v\": [1,2], \"n\": 3}, \"b\": {\"v\": [3,4.5], \"n\": 4}}")
        << "b";
    QTest::newRow("a list within an answer")
        << QByteArray("{\"object\": \"list\", \"data\": [{\"index\": 0, \"embedding\": [1,2]}, "
                      "{\"index\": 1, \"embedding\": [3,4.5]}], \"model\": \"m\"}")
        << "";
    QTest::newRow("columns of pandas")
        << QByteArray("{\"n\":{\"0\":5,\"1\":6},\"v\":{\"0\":[1,2],\"1\":[3,4.5]}}") << "1";
    QTest::newRow("a byte order mark")
        << QByteArray("\xEF\xBB\xBF{\"word\":\"a\",\"v\":[1,2]}\n{\"word\":\"b\",\"v\":[3,4.5]}\n")
        << "b";
}

void TestJson::everyLayoutIsRead()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, label);
    for (const char* name : {"t.json", "t.jsonl", "t.txt", "t"}) {
        const Opened dataset = openBytes(text.toStdString(), name);
        QVERIFY2(dataset.ok(), why(dataset).c_str());
        QCOMPARE((*dataset)->provenance().format, std::string("json"));
        QCOMPARE((*dataset)->size(), Index{2});
        QCOMPARE(rowOf(dataset, 0), (std::vector<float>{1, 2}));
        QCOMPARE(rowOf(dataset, 1), (std::vector<float>{3, 4.5F}));
        if (!label.isEmpty())
            QCOMPARE((*dataset)->label(1), label.toStdString());
    }
}

void TestJson::otherKeysAreColumns()
{
    const Opened dataset
        = openBytes("{\"id\":1,\"word\":\"a\",\"v\":[1,2],\"ok\":true,\"more\":{\"x\":[1]}}\n"
                    "{\"id\":2,\"word\":\"b\",\"v\":[3,4],\"more\":null}\n",
            "t.jsonl");
    QVERIFY2(dataset.ok(), why(dataset).c_str());
    const Columns& columns = (*dataset)->columns();
    QCOMPARE(columns.size(), std::size_t{4});
    QCOMPARE(columns[*findColumn(columns, "id")].kind(), ColumnKind::Number);
    QCOMPARE(columns[*findColumn(columns, "more")].text(0), std::string("{\"x\":[1]}"));
    QVERIFY(columns[*findColumn(columns, "more")].isMissing(1));
    QVERIFY(columns[*findColumn(columns, "ok")].isMissing(1));
    QCOMPARE((*dataset)->label(0), std::string("a"));
}

void TestJson::textsAreUnescaped()
{
    const Opened dataset = openBytes(R"({"w\u0061rd":"z\u00fc\"\\\/\n\ud83d\ude02","v":[1,2]})"
                                     "\n"
                                     R"({"ward":"\ud83d","v":[1,2]})"
                                     "\n",
        "t.jsonl");
    QVERIFY2(dataset.ok(), why(dataset).c_str());
    const Columns& columns = (*dataset)->columns();
    QCOMPARE(columns[0].name(), std::string("ward"));
    QCOMPARE(columns[0].text(0), std::string("z\xc3\xbc\"\\/\n\xf0\x9f\x98\x82"));
}

void TestJson::numbersUnderKeysThatCountUpAreAVector()
{
    const Opened dataset = openBytes("[{\"name\":\"a\",\"x0\":1,\"x1\":2,\"year\":1990},{\"name\":"
                                     "\"b\",\"x1\":4,\"x0\":3,\"year\":1991}]",
        "t.json");
    QVERIFY2(dataset.ok(), why(dataset).c_str());
    QCOMPARE(rowOf(dataset, 1), (std::vector<float>{3, 4}));
    QVERIFY(findColumn((*dataset)->columns(), "year").has_value());
}

void TestJson::theVectorCanBeChosen()
{
    const std::string text
        = "{\"a\":[1,2],\"b\":[1,2,3],\"w\":\"x\"}\n{\"a\":[3,4],\"b\":[4,5,6],\"w\":\"y\"}\n";
    const Opened longest = openBytes(text, "t.jsonl");
    QVERIFY2(longest.ok(), why(longest).c_str());
    QCOMPARE((*longest)->dimensions(), Index{3});
    QVERIFY(anyHolds((*longest)->warnings(), "\"a\""));
    ReadOptions options;
    options.tensor = "a";
    const Opened chosen = openBytes(text, "t.jsonl", options);
    QVERIFY2(chosen.ok(), why(chosen).c_str());
    QCOMPARE(rowOf(chosen, 1), (std::vector<float>{3, 4}));
    options.tensor = "c";
    QVERIFY(!openBytes(text, "t.jsonl", options).ok());
}

void TestJson::whatTheRowsStandBesideIsTold()
{
    const Opened dataset
        = openBytes("{\"model\":\"m\",\"data\":[{\"w\":\"a\",\"v\":[1,2]}]}", "t.json");
    QVERIFY2(dataset.ok(), why(dataset).c_str());
    QVERIFY(anyHolds((*dataset)->warnings(), "\"data\""));
}

void TestJson::missingVectorsAreToldAndKeepTheirPlace()
{
    const Opened dataset
        = openBytes("{\"w\":\"a\",\"v\":[1,2]}\n{\"w\":\"b\"}\n{\"w\":\"c\",\"v\":[1]}\n"
                    "{\"w\":\"d\",\"v\":[null,2]}\n{\"w\":\"e\",\"v\":[5,6]}\n",
            "t.jsonl");
    QVERIFY2(dataset.ok(), why(dataset).c_str());
    QCOMPARE((*dataset)->size(), Index{5});
    QCOMPARE((*dataset)->usableCount(), Index{2});
    QCOMPARE((*dataset)->label(4), std::string("e"));
    QVERIFY(std::isnan((*dataset)->vectors()(3, 0)));
    QVERIFY(anyHolds((*dataset)->warnings(), "2 rows have another number of values"));
}

void TestJson::keysThatComeLateAreTold()
{
    std::string text;
    for (int i = 0; i < 300; ++i) {
        text += "{\"w\":\"a" + std::to_string(i) + "\",\"v\":[1,2]"
            + (i == 299 ? ",\"late\":1" : "") + "}\n";
    }
    const Opened dataset = openBytes(text, "t.jsonl");
    QVERIFY2(dataset.ok(), why(dataset).c_str());
    QVERIFY(anyHolds((*dataset)->warnings(), "none of the first rows"));
}

void TestJson::manyPiecesGiveTheSame()
{
    constexpr Index kRows = 9000;
    constexpr Index kDimensions = 40;
    const Matrix matrix = normalMatrix(kRows, kDimensions);
    std::string lines;
    std::string list = "[";
    std::string members = "{";
    for (Index i = 0; i < kRows; ++i) {
        std::string numbers;
        for (Index j = 0; j < kDimensions; ++j)
            numbers += (j > 0 ? "," : "") + formatNumber(matrix(i, j));
        const std::string object = "{\"w\":\"p" + std::to_string(i) + "\",\"v\":[" + numbers + "]}";
        lines += object + '\n';
        list += (i > 0 ? ",\n" : "") + object;
        members += (i > 0 ? ", " : "") + ("\"p" + std::to_string(i)) + "\":[" + numbers + "]";
    }
    for (const std::string& text : {lines, list + "]", members + "}"}) {
        const Opened dataset = openBytes(text, "t.json");
        QVERIFY2(dataset.ok(), why(dataset).c_str());
        QCOMPARE((*dataset)->size(), kRows);
        QVERIFY(std::equal(
            matrix.data(), matrix.data() + matrix.size(), (*dataset)->vectors().floats().data()));
        QCOMPARE((*dataset)->label(8999), std::string("p8999"));
    }
}

void TestJson::faultsNameTheirLine_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<quint64>("line");
    QTest::newRow("no JSON") << QByteArray("{\"v\":[1,2]}\n\n{\"v\":[1,2]}\nno\n") << quint64{4};
    QTest::newRow("a list among objects")
        << QByteArray("[{\"v\":[1,2]},\n[1,2],\n{\"v\":[1,2]}]") << quint64{2};
    QTest::newRow("a word in a vector")
        << QByteArray("{\"v\":[1,2]}\n{\"v\":[1,2]}\n{\"v\":[1,\"x\"]}\n") << quint64{3};
    QTest::newRow("a bracket that closes nothing")
        << QByteArray("{\"v\":[1,2]}\n{\"v\":[1,2]}\n{\"v\":[1,2}}\n") << quint64{3};
}

void TestJson::faultsNameTheirLine()
{
    QFETCH(QByteArray, text);
    QFETCH(quint64, line);
    const Opened dataset = openBytes(text.toStdString(), "t.jsonl");
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().line.value_or(0), line);
}

void TestJson::otherJsonIsLeftAlone_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("a vocabulary") << QByteArray("{\"the\": 0, \"of\": 1, \"and\": 2}");
    QTest::newRow("a setting") << QByteArray(
        "{\"size\": 3, \"layers\": {\"filters\": [[1, 2], [3, 4]]}}");
    QTest::newRow("texts") << QByteArray("[\"a\", \"b\"]");
    QTest::newRow("texts that are numbers") << QByteArray("[\"1.5\", \"2\", \"b\"]");
    QTest::newRow("bookmarks of the projector")
        << QByteArray("[{\"label\":\"State 0\",\"tSNEIteration\":3,\"tSNEPerplexity\":5}]");
    QTest::newRow("an index of shards") << QByteArray(
        "{\"metadata\": {\"total\": 1}, \"weight_map\": {\"a\": \"b\", \"c\": \"d\"}}");
    QTest::newRow("empty object") << QByteArray("{}");
    QTest::newRow("empty list") << QByteArray("[]");
    QTest::newRow("nothing in it") << QByteArray("[{}, {}]");
    QTest::newRow("texts alone") << QByteArray("{\"a\":\"x\"}\n{\"a\":\"y\"}\n");
}

void TestJson::otherJsonIsLeftAlone()
{
    QFETCH(QByteArray, text);
    for (const char* name : {"t.json", "t"}) {
        const Opened dataset = openBytes(text.toStdString(), name);
        QVERIFY(!dataset.ok());
        QVERIFY(!dataset.error().detail.empty());
    }
}

void TestJson::nestingIsBounded()
{
    for (const std::size_t depth : {std::size_t{60}, std::size_t{100}, std::size_t{1'000'000}}) {
        const std::string deep = std::string(depth, '[') + std::string(depth, ']');
        const Opened dataset
            = openBytes("{\"v\":[1,2],\"x\":" + deep + "}\n{\"v\":[3,4],\"x\":0}\n", "t.jsonl");
        QCOMPARE(dataset.ok(), depth < 64);
        QVERIFY(!openBytes(deep, "t.json").ok());
    }
}

void TestJson::damageIsHarmless()
{
    const std::string list
        = "[{\"w\":\"a\",\"v\":[1,2]},\n {\"w\":\"b\",\"v\":[3,4.5]}, {\"w\":\"c\",\"v\":[3,4.5]}]";
    QCOMPARE(opensWhenCut(list, "t.json"), 0);
    QVERIFY(flipsAreHarmless(list, "t.json"));
    const std::string members = "{\"a\": [1,2], \"b\": [3,4.5], \"c\\n\": [5,6]}";
    QCOMPARE(opensWhenCut(members, "t.json"), 0);
    QVERIFY(flipsAreHarmless(members, "t.json"));
}

QTEST_APPLESS_MAIN(TestJson)
#include "tst_json.moc"
