#include "tests/app/child.h"
#include "tests/app/small_tables.h"
#include "tests/support/test_data.h"

#include "core/base/text.h"
#include "core/io/open.h"
#include "core/io/writers/write.h"

#include <QJsonArray>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

struct Expected
{
    Index row;
    float value;
};

/// The neighbours as the definition has them: in double, rounded, sorted.
std::vector<Expected> bruteForce(const Matrix& m, Index query, const QString& metric)
{
    std::vector<Expected> all;
    const auto dot = [&m](Index a, Index b) {
        double sum = 0;
        for (Index j = 0; j < m.columns(); ++j)
            sum += static_cast<double>(m(a, j)) * static_cast<double>(m(b, j));
        return sum;
    };
    for (Index i = 0; i < m.rows(); ++i) {
        if (i == query)
            continue;
        double value = dot(query, i);
        if (metric == QLatin1String("cosine")) {
            if (dot(i, i) == 0)
                continue;
            value /= std::sqrt(dot(query, query)) * std::sqrt(dot(i, i));
        } else if (metric == QLatin1String("euclidean")) {
            value = 0;
            for (Index j = 0; j < m.columns(); ++j) {
                const double d = static_cast<double>(m(query, j)) - static_cast<double>(m(i, j));
                value += d * d;
            }
            value = std::sqrt(value);
        } else if (metric == QLatin1String("manhattan")) {
            value = 0;
            for (Index j = 0; j < m.columns(); ++j)
                value += std::abs(static_cast<double>(m(query, j)) - static_cast<double>(m(i, j)));
        }
        all.push_back({i, static_cast<float>(value)});
    }
    const bool ascending
        = metric == QLatin1String("euclidean") || metric == QLatin1String("manhattan");
    std::stable_sort(all.begin(), all.end(), [ascending](const Expected& a, const Expected& b) {
        return ascending ? a.value < b.value : a.value > b.value;
    });
    return all;
}

} // namespace

class TestCommands : public QObject
{
    Q_OBJECT

private slots:
    void infoTellsWhatAFileHolds();
    void infoSpeaksToPeopleToo();
    void infoTellsOfTheHealth();
    void rowsAreThoseOfTheFile();
    void tooLargeIsOneSentenceWithAWayOut();
    void neighborsAreTheTrueOnes_data();
    void neighborsAreTheTrueOnes();
    void neighborsOfDoubtfulQueries();
    void withoutLabelsThereAreNone();
    void convertKeepsEveryValue();
    void formatsListsTheReaders();
    void failuresPrintOneSentenceAndNoJson_data();
    void failuresPrintOneSentenceAndNoJson();
    void aFullOutputIsAnError();

private:
    const SmallTables m_tables;
    const Matrix& m_vectors = m_tables.vectors;
    const QString& m_words = m_tables.words;
    const QString& m_table = m_tables.holed;
};

void TestCommands::infoTellsWhatAFileHolds()
{
    const Ran ran = run({"info", m_words, "--json"});
    QCOMPARE(ran.code, 0);
    QCOMPARE(ran.err, QByteArray());
    const QJsonObject object = ran.json();
    QVERIFY(object["format"].toString().startsWith(QLatin1String("word2vec")));
    QCOMPARE(object["points"].toInt(), 60);
    QCOMPARE(object["dimensions"].toInt(), 8);
    QVERIFY(object["dtype"].isString());
    QCOMPARE(object["labels"].toArray(), (QJsonArray{"w0", "w1", "w2", "w3", "w4"}));
    QVERIFY(object["seconds"].toDouble(-1) >= 0);
    QCOMPARE(object["warnings"].toArray().size(), 1);
    const QJsonArray columns = object["columns"].toArray();
    QCOMPARE(columns.size(), 1);
    QVERIFY(columns.at(0).toObject()["name"].isString());
    QCOMPARE(columns.at(0).toObject()["kind"].toString(), QString("text"));
    QCOMPARE(columns.at(0).toObject()["distinct"].toInt(), 59);
}

void TestCommands::infoSpeaksToPeopleToo()
{
    const Ran ran = run({"info", m_words});
    QCOMPARE(ran.code, 0);
    QVERIFY(ran.out.contains("60 points of 8 dimensions"));
    QVERIFY(ran.out.contains("w0, w1, w2, w3, w4, …"));
    QVERIFY(ran.out.contains("Warning: "));
    QVERIFY(ran.json().isEmpty());
}

void TestCommands::infoTellsOfTheHealth()
{
    const Ran ran = run({"info", m_table, "--json"});
    QCOMPARE(ran.code, 0);
    const QJsonObject health = ran.json()["health"].toObject();
    QCOMPARE(health["points"].toInt(), 60);
    QCOMPARE(health["dimensions"].toInt(), 8);
    QCOMPARE(health["dtype"].toString(), QString("float32"));
    QCOMPARE(health["bytes"].toInt(), 60 * 8 * 4);
    QCOMPARE(health["nan_rows"].toInt(-1), 1);
    QCOMPARE(health["inf_rows"].toInt(-1), 1);
    QCOMPARE(health["zero_rows"].toInt(-1), 1);
    QCOMPARE(health["duplicate_rows"].toInt(-1), 2);
    QCOMPARE(health["duplicate_labels"].toInt(-1), 0);
    QCOMPARE(health["empty_labels"].toInt(-1), 0);
    QCOMPARE(health["dead_dimensions"].toInt(-1), 0);
    QCOMPARE(health["constant_dimensions"].toInt(-1), 0);
    const QJsonObject norms = health["norms"].toObject();
    double last = 0;
    for (const char* name : {"min", "q1", "median", "q3", "max"}) {
        QVERIFY(norms[name].toDouble(-1) >= last);
        last = norms[name].toDouble();
    }
    QVERIFY(std::abs(health["mean_cosine"].toDouble(9)) <= 1);
    QVERIFY(health["effective_dimension"].toDouble() >= 1);
    QVERIFY(health["effective_dimension"].toDouble() <= 8);
    QMap<QString, int> rows;
    for (const auto value : health["findings"].toArray()) {
        const QJsonObject finding = value.toObject();
        QVERIFY(finding["sentence"].toString().endsWith('.'));
        QVERIFY(
            QStringList({"note", "warning", "problem"}).contains(finding["severity"].toString()));
        rows.insert(finding["id"].toString(), finding["rows"].toInt(-1));
    }
    QCOMPARE(rows.value("nan-rows"), 1);
    QCOMPARE(rows.value("inf-rows"), 1);
    QCOMPARE(rows.value("zero-rows"), 1);
    QCOMPARE(rows.value("duplicate-rows"), 3);
    const Ran words = run({"info", m_words, "--json"});
    QCOMPARE(words.json()["health"].toObject()["duplicate_labels"].toInt(-1), 1);
    QVERIFY(run({"info", m_table}).out.contains("1 row holds NaN"));
}

void TestCommands::rowsAreThoseOfTheFile()
{
    const Ran range = run({"info", m_words, "--json", "--rows", "10:13"});
    QCOMPARE(range.json()["points"].toInt(), 3);
    QCOMPARE(range.json()["labels"].toArray(), (QJsonArray{"w10", "w11", "w12"}));
    QVERIFY(range.json()["notes"].toArray().at(0).toString().contains("rows 10 to 12 of 60"));

    const QString part = q(m_tables.folder.file("part.npy"));
    const Ran sample
        = run({"convert", m_table, "--out", part, "--sample", "20", "--sample-seed", "5"});
    QCOMPARE(sample.code, 0);
    const RowSubset rows = RowSubset::sample(60, 20, 5);
    const auto opened = openDataset(part.toStdString(), {}, {});
    QVERIFY(opened.ok());
    QCOMPARE((*opened)->size(), Index{20});
    for (Index i = 0; i < 20; ++i) {
        if (rows[i] != 4 && rows[i] != 11)
            QCOMPARE((*opened)->vectors()(i, 1), m_vectors(rows[i], 1));
    }
    const QString map = q(m_tables.folder.file("map.npy"));
    const Ran made
        = run({"project", m_words, "--method", "pca", "--out", map, "--sample", "30", "--json"});
    QCOMPARE(made.json()["points"].toInt(), 30);
    QCOMPARE(made.json()["recipe"].toObject()["rows"].toString(),
        QString("a random sample of 30 of 60 rows, seed 0"));
    // Rows keep their numbers: 3, 7 and 9 are the same.
    const QJsonObject near
        = run({"neighbors", m_words, "--row", "7", "-k", "1", "--rows", "5:15", "--json"}).json();
    QCOMPARE(near["query"].toObject()["row"].toInt(), 7);
    QCOMPARE(near["neighbors"].toArray().at(0).toObject()["row"].toInt(), 9);
    QVERIFY(run({"neighbors", m_words, "--row", "3", "--rows", "5:15"}).isOneSentence());
    const Ran beyond = run({"info", m_words, "--rows", "60:70"});
    QCOMPARE(beyond.code, 1);
    QVERIFY(beyond.isOneSentence());
}

void TestCommands::tooLargeIsOneSentenceWithAWayOut()
{
    const Ran ran = run({"info", m_table, "--max-memory", "1000"});
    QCOMPARE(ran.code, 1);
    QVERIFY(ran.isOneSentence());
    QVERIFY(ran.err.contains("--sample") && ran.err.contains("--rows"));
    QVERIFY(ran.err.contains("--max-memory") && ran.err.contains("--float16"));
    QCOMPARE(run({"info", m_table, "--max-memory", "1000", "--sample", "30"}).code, 0);
}

void TestCommands::neighborsAreTheTrueOnes_data()
{
    QTest::addColumn<QString>("metric");
    QTest::addColumn<int>("query");
    for (const char* metric : {"cosine", "euclidean", "dot", "manhattan"}) {
        for (const int query : {0, 3, 9, 59})
            QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(metric)).arg(query)))
                << QString::fromLatin1(metric) << query;
    }
}

void TestCommands::neighborsAreTheTrueOnes()
{
    QFETCH(QString, metric);
    QFETCH(int, query);
    const Ran ran = run({"neighbors", m_words, "--row", QString::number(query), "-k", "1000",
        "--metric", metric, "--json"});
    QCOMPARE(ran.code, 0);
    const QJsonObject object = ran.json();
    QCOMPARE(object["metric"].toString(), metric);
    QCOMPARE(object["query"].toObject()["row"].toInt(-1), query);
    const auto expected = bruteForce(m_vectors, query, metric);
    const QJsonArray found = object["neighbors"].toArray();
    QCOMPARE(found.size(), static_cast<qsizetype>(expected.size()));
    for (qsizetype i = 0; i < found.size(); ++i) {
        const auto& row = expected[static_cast<std::size_t>(i)];
        QCOMPARE(found.at(i).toObject()["row"].toInt(-1), static_cast<int>(row.row));
        QCOMPARE(static_cast<float>(found.at(i).toObject()["value"].toDouble()), row.value);
        QVERIFY(found.at(i).toObject()["label"].isString());
    }
}

void TestCommands::neighborsOfDoubtfulQueries()
{
    const Ran zero = run({"neighbors", m_words, "--row", "20", "--json"});
    QCOMPARE(zero.code, 0);
    QVERIFY(zero.json()["neighbors"].isArray());
    QVERIFY(zero.json()["neighbors"].toArray().isEmpty());
    QVERIFY(!zero.json()["warnings"].toArray().isEmpty());

    const Ran twice = run({"neighbors", m_words, "--query", "w30", "-k", "3", "--json"});
    QCOMPARE(twice.code, 0);
    QCOMPARE(twice.json()["query"].toObject()["row"].toInt(), 30);
    QCOMPARE(twice.json()["neighbors"].toArray().size(), 3);
    QVERIFY(twice.out.contains("2 rows are labelled"));

    const Ran umlaut
        = run({"neighbors", m_words, "--query", QString::fromUtf8("Zürich"), "--json"});
    QCOMPARE(umlaut.json()["query"].toObject()["label"].toString(), QString::fromUtf8("Zürich"));

    for (const char* label : {"W0", "w", "w0 "}) {
        const Ran unknown = run({"neighbors", m_words,
            QStringLiteral("--query=") + QString::fromLatin1(label), "--json"});
        QCOMPARE(unknown.code, 1);
        QVERIFY(unknown.out.isEmpty());
        QVERIFY(unknown.isOneSentence());
    }
    QCOMPARE(run({"neighbors", m_words, "--row", "60"}).code, 1);
    QVERIFY(run({"neighbors", m_words, "--row", "60"}).isOneSentence());
}

void TestCommands::withoutLabelsThereAreNone()
{
    QCOMPARE(run({"info", m_table, "--json"}).json()["labels"].toArray().size(), 0);
    const Ran ran = run({"neighbors", m_table, "--row", "0", "-k", "2", "--json"});
    QCOMPARE(ran.code, 0);
    QVERIFY(ran.json()["query"].toObject()["label"].isNull());
    QVERIFY(ran.json()["neighbors"].toArray().at(0).toObject()["label"].isNull());
    QCOMPARE(run({"neighbors", m_table, "--query", "w0"}).code, 1);
    // A row with NaN: no neighbours, and never one.
    const Ran holed = run({"neighbors", m_table, "--row", "4", "--json"});
    QCOMPARE(holed.code, 0);
    QVERIFY(holed.json()["neighbors"].toArray().isEmpty());
    QCOMPARE(run({"neighbors", m_table, "--row", "0", "-k", "100", "--metric", "dot", "--json"})
                 .json()["neighbors"]
                 .toArray()
                 .size(),
        57);
}

void TestCommands::convertKeepsEveryValue()
{
    const TemporaryFolder folder;
    const QString npy = q(folder.file("a.npy"));
    const QString tsv = q(folder.file("b.tsv"));
    QCOMPARE(run({"convert", m_words, "--out", npy}).code, 0);
    QCOMPARE(run({"convert", npy, "--out", tsv}).code, 0);
    const auto first = openDataset(npy.toStdString(), {}, {});
    QVERIFY(first.ok());
    QCOMPARE((*first)->size(), Index{60});
    std::string expected;
    for (Index i = 0; i < 60; ++i) {
        for (Index j = 0; j < 8; ++j) {
            QCOMPARE((*first)->vectors()(i, j), m_vectors(i, j));
            expected += formatNumber(m_vectors(i, j)) + (j == 7 ? '\n' : '\t');
        }
    }
    QVERIFY(readFile(tsv.toStdString()) == expected);
}

void TestCommands::formatsListsTheReaders()
{
    const Ran ran = run({"formats"});
    QCOMPARE(ran.code, 0);
    for (const Format& format : formats())
        QVERIFY(ran.out.contains(
            QByteArray(format.id.data(), static_cast<qsizetype>(format.id.size()))));
    QCOMPARE(run({"formats", "--json"}).json()["formats"].toArray().size(),
        static_cast<qsizetype>(formats().size()));
}

void TestCommands::failuresPrintOneSentenceAndNoJson_data()
{
    QTest::addColumn<QString>("file");
    writeFile(m_tables.folder.file("empty.npy"), "");
    writeFile(m_tables.folder.file("cut.npy"), readFile(m_table.toStdString()).substr(0, 200));
    writeFile(m_tables.folder.file("noise.npy"), std::string("\0\1\2\3\xff\xfe\0\0", 8));
    for (const char* name : {"absent.npy", "empty.npy", "cut.npy", "noise.npy", "."})
        QTest::newRow(name) << q(m_tables.folder.file(name));
}

void TestCommands::failuresPrintOneSentenceAndNoJson()
{
    QFETCH(QString, file);
    const QString out = q(m_tables.folder.file("out"));
    for (const QStringList& arguments : {QStringList{"info", file, "--json"},
             QStringList{"neighbors", file, "--row", "0", "--json"},
             QStringList{"project", file, "--method", "pca", "--out", out + ".npy", "--json"},
             QStringList{"convert", file, "--out", out + ".npy"},
             QStringList{"render", file, "--method", "pca", "--out", out + ".png"}}) {
        const Ran ran = run(arguments);
        QCOMPARE(ran.code, 1);
        QCOMPARE(ran.out, QByteArray());
        QVERIFY2(ran.isOneSentence(), ran.err.constData());
        QVERIFY(!QFile::exists(out + ".npy"));
    }
}

void TestCommands::aFullOutputIsAnError()
{
    if (!QFile::exists(QStringLiteral("/dev/full")))
        QSKIP("This system has no /dev/full.");
    QProcess process;
    process.setProcessEnvironment(bareEnvironment());
    process.setStandardOutputFile(QStringLiteral("/dev/full"));
    process.start(QStringLiteral(EMBEDSCOPE_PROGRAM), {"formats"});
    const Ran ran = finished(process);
    QCOMPARE(ran.code, 1);
    QVERIFY(ran.isOneSentence());
}

QTEST_GUILESS_MAIN(TestCommands)
#include "tst_commands.moc"
