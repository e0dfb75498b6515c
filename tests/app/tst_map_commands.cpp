#include "tests/app/child.h"
#include "tests/app/small_tables.h"
#include "tests/support/test_data.h"

#include "core/io/open.h"
#include "core/io/writers/write.h"

#include <QJsonArray>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

/// What can be done with a map once it is made: judge it, make it again from its recipe, start from
/// it, place new rows into it.
class TestMapCommands : public QObject
{
    Q_OBJECT

private slots:
    void qualityFollowsTheRecipe();
    void qualityFindsTheDivergence();
    void qualityWritesTheFiguresOfRows();
    void qualityExaminesASample();
    void aRecipeMakesTheSameMap();
    void aMapStartsFromAnother();
    void projectTellsGraphAndMemory();
    void newRowsJoinAMap();
    void joinRefusesWhatDoesNotFit();
    void methodsExplainTheirParameters();

private:
    QString path(const char* name) const { return q(m_tables.folder.file(name)); }
    /// Makes a map of the words and its recipe beside it.
    void project(const QStringList& options, const QString& out, const QString& recipe) const
    {
        const Ran ran
            = run(QStringList{"project", m_words, "--out", out, "--recipe-out", recipe} + options);
        QVERIFY2(ran.code == 0, ran.err.constData());
    }

    const SmallTables m_tables;
    const QString& m_words = m_tables.words;
    const QString& m_holed = m_tables.holed;
};

void TestMapCommands::qualityFollowsTheRecipe()
{
    project({"--method", "pca"}, path("pca.npy"), path("pca.json"));
    const auto judged = [&](const QStringList& more) {
        const Ran ran
            = run(QStringList{"quality", m_words, "--layout", path("pca.npy"), "--json"} + more);
        return ran.code == 0 ? ran.json() : QJsonObject();
    };
    const QJsonObject plain = judged({});
    QCOMPARE(plain["method"].toString(), QString("given"));
    QVERIFY(plain["explained_variance"].isNull() && plain["kl"].isNull());
    const QJsonObject known = judged({"--recipe", path("pca.json")});
    QCOMPARE(known["method"].toString(), QString("pca"));
    QVERIFY(known["sentence"].toString().contains("of the variance"));
    // As the run itself told it.
    const QJsonArray shares
        = run({"project", m_words, "--method", "pca", "--out", path("again.npy"), "--json"})
              .json()["explained_variance"]
              .toArray();
    QVERIFY(std::abs(known["explained_variance"].toDouble() - shares[0].toDouble()
                - shares[1].toDouble())
        < 1e-4);
    const QJsonObject other = judged({"--recipe", path("pca.json"), "--metric", "manhattan"});
    QCOMPARE(other["metric"].toString(), QString("manhattan"));
    QVERIFY(other["recall@50"].toDouble() != known["recall@50"].toDouble());
    // A recipe of a map in three dimensions is not of this one.
    project({"--method", "pca", "--dims", "3"}, path("pca3.npy"), path("pca3.json"));
    QCOMPARE(
        run({"quality", m_words, "--layout", path("pca.npy"), "--recipe", path("pca3.json")}).code,
        1);
}

void TestMapCommands::qualityFindsTheDivergence()
{
    project({"--method", "tsne", "--set", "perplexity=8", "--set", "iterations=200"},
        path("tsne.npy"), path("tsne.json"));
    const QJsonObject made = run(
        {"project", m_words, "--recipe", path("tsne.json"), "--out", path("same.npy"), "--json"})
                                 .json();
    const auto judged = [&](const QStringList& more) {
        return run(QStringList{"quality", m_words, "--layout", path("tsne.npy"), "--json"} + more)
            .json();
    };
    const QJsonObject known = judged({"--recipe", path("tsne.json")});
    QCOMPARE(known["kl_perplexity"].toDouble(), 8.0);
    QVERIFY(std::abs(known["kl"].toDouble() - made["kl"].toDouble()) < 1e-3);
    const QJsonObject asked = judged({"--perplexity", "8"});
    QVERIFY(std::abs(asked["kl"].toDouble() - known["kl"].toDouble()) < 1e-5);
    QVERIFY(judged({"--kl"})["kl"].toDouble() > 0);
    QVERIFY(judged({})["kl"].isNull());
    const Ran text = run({"quality", m_words, "--layout", path("tsne.npy"), "--kl"});
    QVERIFY(text.out.contains("KL divergence of t-SNE"));
}

void TestMapCommands::qualityWritesTheFiguresOfRows()
{
    QCOMPARE(run({"project", m_holed, "--method", "pca", "--out", path("holed.npy")}).code, 0);
    const QString columns = path("rows.csv");
    const QJsonObject json
        = run({"quality", m_holed, "--layout", path("holed.npy"), "--columns", columns, "--json"})
              .json();
    QCOMPARE(json["points"].toInt(), 58);
    // They can be laid beside the table again.
    ReadOptions options;
    options.metadataPath = columns.toStdString();
    const auto dataset = openDataset(m_holed.toStdString(), options, {});
    QVERIFY(dataset.ok());
    const auto at = findColumn((*dataset)->columns(), "Trustworthiness (map)");
    QVERIFY(at.has_value());
    const Column& trust = (*dataset)->columns()[*at];
    QVERIFY(trust.asNumber() != nullptr);
    double sum = 0;
    for (Index i = 0; i < 60; ++i) {
        QCOMPARE(trust.isMissing(i), i == 4 || i == 11);
        sum += trust.isMissing(i) ? 0 : trust.asNumber()->values[static_cast<std::size_t>(i)];
    }
    QVERIFY(std::abs(sum / 58 - json["trustworthiness@12"].toDouble()) < 1e-5);
    QVERIFY(findColumn((*dataset)->columns(), "Neighbours kept (map)").has_value());
}

void TestMapCommands::qualityExaminesASample()
{
    const QString table = path("many.npy");
    QVERIFY(writeNpy(table.toStdString(), normalMatrix(21000, 3), {}).ok());
    QCOMPARE(run({"project", table, "--method", "pca", "--out", path("many_map.npy")}).code, 0);
    const auto judged = [&](const QStringList& more) {
        return run(QStringList{"quality", table, "--layout", path("many_map.npy"), "--json"} + more)
            .json();
    };
    const QJsonObject sample = judged({"--sample", "300", "--threads", "1"});
    QCOMPARE(sample["sampled"].toInt(), 300);
    QVERIFY(sample["sentence"].toString().contains("300 random points"));
    const QJsonObject same = judged({"--sample", "300", "--threads", "3"});
    for (const char* key :
        {"trustworthiness@12", "continuity@12", "recall@10", "recall@50", "spearman"})
        QCOMPARE(same[QLatin1String(key)].toDouble(), sample[QLatin1String(key)].toDouble());
    QVERIFY(judged({"--sample", "300", "--seed", "1"})["recall@50"].toDouble()
        != sample["recall@50"].toDouble());
    const QJsonObject exact = judged({"--exact"});
    QVERIFY(exact["sampled"].isNull());
    QVERIFY(std::abs(exact["recall@10"].toDouble() - sample["recall@10"].toDouble()) < 0.1);
}

void TestMapCommands::aRecipeMakesTheSameMap()
{
    project({"--method", "tsne", "--seed", "9", "--set", "perplexity=6", "--set", "iterations=40",
                "--set", "normalization=center"},
        path("first.npy"), path("first.json"));
    const QString again = path("second.npy");
    QCOMPARE(run({"project", m_words, "--recipe", path("first.json"), "--out", again}).code, 0);
    QVERIFY(readFile(path("first.npy").toStdString()) == readFile(again.toStdString()));
    // What --json prints is a recipe too, and options change it.
    const Ran printed
        = run({"project", m_words, "--recipe", path("first.json"), "--out", again, "--json"});
    writeFile(path("printed.json").toStdString(), printed.out.toStdString());
    const QJsonObject changed = run({"project", m_words, "--recipe", path("printed.json"), "--seed",
                                        "10", "--set", "perplexity=7", "--out", again, "--json"})
                                    .json()["recipe"]
                                    .toObject();
    QCOMPARE(changed["seed"].toInt(), 10);
    QCOMPARE(changed["perplexity"].toDouble(), 7.0);
    QCOMPARE(changed["normalization"].toString(), QString("center"));

    writeFile(path("wrong.json").toStdString(), "{\"method\": \"tsne\", \"colour\": 3}");
    const Ran wrong = run({"project", m_words, "--recipe", path("wrong.json"), "--out", again});
    QCOMPARE(wrong.code, 1);
    QVERIFY(wrong.isOneSentence() && wrong.err.contains("colour"));
    QCOMPARE(
        run({"project", m_words, "--recipe", path("first.json"), "--set", "nope=1", "--out", again})
            .code,
        2);
    QCOMPARE(
        run({"render", m_words, "--recipe", path("first.json"), "--out", path("first.png")}).code,
        0);
}

void TestMapCommands::aMapStartsFromAnother()
{
    project({"--method", "pca"}, path("from.npy"), path("from.json"));
    const QStringList run1{
        "project", m_words, "--method", "tsne", "--set", "perplexity=6", "--set", "iterations=10"};
    QCOMPARE(run(run1 + QStringList{"--out", path("cold.npy")}).code, 0);
    QCOMPARE(
        run(run1 + QStringList{"--out", path("warm.npy"), "--start", path("from.npy")}).code, 0);
    QVERIFY(readFile(path("cold.npy").toStdString()) != readFile(path("warm.npy").toStdString()));
    // A layout of other rows.
    QVERIFY(writeNpy(path("short.npy").toStdString(), normalMatrix(59, 2), {}).ok());
    const Ran misfit
        = run(run1 + QStringList{"--out", path("warm.npy"), "--start", path("short.npy")});
    QCOMPARE(misfit.code, 1);
    QVERIFY(misfit.isOneSentence());
}

void TestMapCommands::projectTellsGraphAndMemory()
{
    const auto told = [&](const char* method) {
        return run({"project", m_words, "--method", method, "--out", path("told.npy"), "--json"})
            .json();
    };
    const QJsonObject pca = told("pca");
    QVERIFY(pca["recipe"].toObject().contains("graph_recall"));
    QVERIFY(pca["recipe"].toObject()["graph_recall"].isNull());
    QVERIFY(pca["peak_bytes"].toDouble() > 1e6);
    QVERIFY(pca["estimate_seconds"].toDouble() > 0);
    QCOMPARE(told("tsne")["recipe"].toObject()["graph_recall"].toDouble(), 1.0);
}

void TestMapCommands::newRowsJoinAMap()
{
    project({"--method", "pca"}, path("base.npy"), path("base.json"));
    // The first ten rows of the table itself: a PCA map puts them where they are.
    Matrix few = Matrix::zeros(10, 8);
    std::copy_n(m_tables.vectors.data(), few.size(), few.data());
    QVERIFY(writeNpy(path("few.npy").toStdString(), few, {}).ok());
    const QString out = path("joined.npy");
    const Ran ran = run({"join", path("few.npy"), "--base", m_words, "--layout", path("base.npy"),
        "--recipe", path("base.json"), "--out", out, "--json"});
    QVERIFY2(ran.code == 0, ran.err.constData());
    QCOMPARE(ran.json()["points"].toInt(), 10);
    QCOMPARE(ran.json()["base_points"].toInt(), 60);
    QCOMPARE(ran.json()["method"].toString(), QString("pca"));
    const auto base = openDataset(m_words.toStdString(), {}, {});
    const auto added = openDataset(path("few.npy").toStdString(), {}, {});
    const auto map = readLayout(path("base.npy").toStdString(), **base, {});
    const auto joined = readLayout(out.toStdString(), **added, {});
    QVERIFY(map.ok() && joined.ok());
    for (Index i = 0; i < 10; ++i) {
        for (Index a = 0; a < 2; ++a)
            QVERIFY(std::abs(map->positions(i, a) - joined->positions(i, a)) < 1e-3F);
    }
    const Ran text = run({"join", path("few.npy"), "--base", m_words, "--layout", path("base.npy"),
        "--recipe", path("base.json"), "--out", path("joined.csv")});
    QCOMPARE(text.code, 0);
    QVERIFY(text.out.contains("10 points joined 60"));
}

void TestMapCommands::joinRefusesWhatDoesNotFit()
{
    project({"--method", "pca"}, path("fit.npy"), path("fit.json"));
    QVERIFY(writeNpy(path("wide.npy").toStdString(), normalMatrix(5, 9), {}).ok());
    const QString out = path("unjoined.npy");
    const auto code = [&](const QString& added, const QString& layout, const QString& recipe) {
        return run({"join", added, "--base", m_words, "--layout", layout, "--recipe", recipe,
                       "--out", out})
            .code;
    };
    QCOMPARE(code(path("wide.npy"), path("fit.npy"), path("fit.json")), 2);
    QCOMPARE(code(path("absent.npy"), path("fit.npy"), path("fit.json")), 1);
    QCOMPARE(code(m_words, path("wide.npy"), path("fit.json")), 1);
    QCOMPARE(code(m_words, path("fit.npy"), path("absent.json")), 1);
    QVERIFY(!QFile::exists(out));
}

void TestMapCommands::methodsExplainTheirParameters()
{
    const QJsonArray list = run({"methods", "--json"}).json()["methods"].toArray();
    QVERIFY(list.size() >= 2);
    const Ran text = run({"methods"});
    QCOMPARE(text.code, 0);
    for (const QJsonValue& method : list) {
        QVERIFY(text.out.contains(method["id"].toString().toUtf8()));
        QVERIFY(!method["description"].toString().isEmpty());
        for (const QJsonValue& row : method["parameters"].toArray()) {
            const QByteArray id = row["id"].toString().toUtf8();
            QVERIFY2(text.out.contains("\n  " + id + " = "), id.constData());
            QVERIFY2(!row["help"].toString().isEmpty(), id.constData());
            QVERIFY2(!row["default"].isNull() && !row["default"].isUndefined(), id.constData());
            if (row["kind"].toString() == QLatin1String("real"))
                QVERIFY2(row["minimum"].toDouble() < row["maximum"].toDouble(), id.constData());
            if (row["kind"].toString() == QLatin1String("choice"))
                QVERIFY2(row["choices"].toArray().size() > 1, id.constData());
        }
    }
}

QTEST_GUILESS_MAIN(TestMapCommands)
#include "tst_map_commands.moc"
