#include "core/io/open.h"
#include "core/io/writers/writers.h"
#include "tests/app/child.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/test_data.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

namespace {

QString q(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

/// Several files in one space, from the command line: --add, --among, and what convert writes.
class TestJoinedTables : public QObject
{
    Q_OBJECT

private:
    TemporaryFolder m_folder;
    QString m_users;
    QString m_items;

    QString saved(const char* name, const Dataset& dataset)
    {
        const std::string path = m_folder.file(name);
        if (!writeDataset(path, {}, RowsToWrite(dataset), {}))
            qFatal("A table could not be written.");
        return q(path);
    }

private slots:
    void initTestCase()
    {
        m_users = saved("users.csv", *blobDataset(40, 6, 2, 1));
        m_items = saved("items.csv", *blobDataset(25, 6, 2, 2));
    }

    void infoTellsTheParts()
    {
        const Ran ran = run({"info", m_users, "--add", m_items, "--add", m_users, "--json"});
        QCOMPARE(ran.code, 0);
        const QJsonObject object = ran.json();
        QCOMPARE(object["points"].toInt(), 105);
        QCOMPARE(object["source_column"].toString(), QStringLiteral("source"));
        const QJsonArray parts = object["parts"].toArray();
        QCOMPARE(parts.size(), 3);
        QCOMPARE(parts[1].toObject()["name"].toString(), QStringLiteral("items.csv"));
        QCOMPARE(parts[1].toObject()["points"].toInt(), 25);
        const Ran text = run({"info", m_users, "--add", m_items});
        QVERIFY(text.out.contains("items.csv") && text.out.contains("2 tables joined"));
        QVERIFY(!run({"info", m_users, "--json"}).json().contains(QStringLiteral("parts")));
    }

    void neighborsAreLimited()
    {
        const QStringList ask{"neighbors", m_users, "--add", m_items, "--row", "3", "-k", "100",
            "--metric", "dot", "--json"};
        const QJsonObject all = run(ask).json();
        QCOMPARE(all["neighbors"].toArray().size(), 64);
        QVERIFY(all["among"].isNull());
        const QJsonObject items = run(ask + QStringList{"--among", "source=items.csv"}).json();
        QCOMPARE(items["neighbors"].toArray().size(), 25);
        QCOMPARE(items["among"].toObject()["value"].toString(), QStringLiteral("items.csv"));
        // The same values in the same order as among all.
        QJsonArray expected;
        for (const QJsonValue& neighbor : all["neighbors"].toArray()) {
            if (neighbor.toObject()["row"].toInt() >= 40)
                expected.append(neighbor);
        }
        QCOMPARE(items["neighbors"].toArray(), expected);
        QCOMPARE(
            run(ask + QStringList{"--among", "group=group 1"}).json()["neighbors"].toArray().size(),
            31); // 20 + 12, but for itself.
        for (const QString& wrong : {QStringLiteral("nothing=x"), QStringLiteral("source=x")}) {
            const Ran ran = run(ask + QStringList{"--among", wrong});
            QCOMPARE(ran.code, 1);
            QVERIFY2(ran.isOneSentence(), ran.err.constData());
            QVERIFY(ran.err.contains("source"));
        }
        QCOMPARE(run(ask + QStringList{"--among", "source"}).code, 2);
    }

    void aMapIsMadeOfThemAll()
    {
        const QString out = q(m_folder.file("map.npy"));
        QCOMPARE(
            run({"project", m_users, "--add", m_items, "--method", "pca", "--out", out}).code, 0);
        QCOMPARE((*openDataset(out.toStdString(), {}, {}))->size(), Index{65});
        const QString png = q(m_folder.file("map.png"));
        QCOMPARE(run({"render", m_users, "--add", m_items, "--layout", out, "--color-by", "source",
                         "--out", png})
                     .code,
            0);
        QVERIFY(QFile::exists(png));
    }

    void whatDoesNotFitIsOneSentence()
    {
        const QString wide = saved("wide.csv", *blobDataset(5, 7, 1));
        for (const QString& other : {wide, QStringLiteral("/nowhere/at/all.npy")}) {
            const Ran ran = run({"info", m_users, "--add", other});
            QCOMPARE(ran.code, 1);
            QVERIFY2(ran.isOneSentence(), ran.err.constData());
        }
        QCOMPARE(run({"info", m_users, "--add"}).code, 2);
    }

    void convertWritesEveryFormat()
    {
        for (const Writer& writer : writers()) {
            const QString id = q(std::string(writer.id));
            const QString out = q(m_folder.file("out.dat"));
            QCOMPARE(run({"convert", m_items, "--out", out, "--format", id}).code, 0);
            const QString named = q(m_folder.file("out." + std::string(writer.extensions.front())));
            const Ran ran = run({"convert", m_items, "--out", named});
            QCOMPARE(ran.code, 0);
            QVERIFY(readFile(out.toStdString()) == readFile(named.toStdString()));
            const bool losesColumns
                = writer.id == "npy" || writer.id == "safetensors" || id.startsWith("word2vec");
            QCOMPARE(ran.err.contains("Warning"), losesColumns);
            QVERIFY(run({"convert", "--help"}).out.contains(id.toUtf8()));
        }
        const QString both = q(m_folder.file("both.npz"));
        QCOMPARE(run({"convert", m_users, "--add", m_items, "--out", both}).code, 0);
        QCOMPARE((*openDataset(both.toStdString(), {}, {}))->size(), Index{65});
        QCOMPARE(run({"convert", m_users, "--out", q(m_folder.file("a.xyz"))}).code, 2);
    }

    void aFullDiskIsToldAndLeavesTheOldFile()
    {
        const QString large = saved("large.npy", *blobDataset(20'000, 20, 2));
        const QString out = q(m_folder.file("kept.csv"));
        writeFile(out.toStdString(), "old");
        QProcess process;
        process.start(QStringLiteral("/bin/sh"),
            {"-c", "ulimit -f 200; exec \"$0\" convert \"$1\" --out \"$2\"",
                QStringLiteral(EMBEDSCOPE_PROGRAM), large, out});
        const Ran ran = finished(process);
        QCOMPARE(ran.code, 1);
        QVERIFY2(ran.isOneSentence(), ran.err.constData());
        QVERIFY(readFile(out.toStdString()) == "old");
    }

    /// A textual inversion finds the tokens that it lies among.
    void anInversionFindsItsTokens()
    {
        Table table;
        table.vectors = normalMatrix(2000, 768, 5);
        TextValues tokens;
        for (int i = 0; i < 2000; ++i)
            tokens.append("token" + std::to_string(i));
        table.columns.emplace_back("token", std::move(tokens));
        table.labelColumn = 0;
        const auto vocabulary = Dataset::make(std::move(table)).value();
        Matrix style = Matrix::zeros(2, 768);
        for (Index j = 0; j < 768; ++j) {
            style(0, j) = vocabulary->vectors()(1234, j) + 0.2F * vocabulary->vectors()(7, j);
            style(1, j) = vocabulary->vectors()(77, j);
        }
        const std::string path = m_folder.file("style.safetensors");
        writeFile(path,
            safetensors({{"emb_params", "F32", "[2, 768]",
                std::string(reinterpret_cast<const char*>(style.data()), 2 * 768 * 4)}}));
        const QString tokensPath = saved("tokens.npz", *vocabulary);
        const QJsonObject object = run({"neighbors", tokensPath, "--add", q(path), "--row", "2000",
                                           "--among", "source=tokens.npz", "-k", "2", "--json"})
                                       .json();
        const QJsonArray nearest = object["neighbors"].toArray();
        QCOMPARE(nearest.size(), 2);
        QCOMPARE(nearest[0].toObject()["label"].toString(), QStringLiteral("token1234"));
        QCOMPARE(nearest[1].toObject()["label"].toString(), QStringLiteral("token7"));
        const QJsonObject info = run({"info", tokensPath, "--add", q(path), "--json"}).json();
        QVERIFY(info["notes"].toArray()[0].toString().startsWith(
            QStringLiteral("style.safetensors: ")));
    }
};

QTEST_GUILESS_MAIN(TestJoinedTables)
#include "tst_joined_tables.moc"
