#include "tests/app/child.h"
#include "tests/app/small_tables.h"
#include "tests/support/test_data.h"

#include "core/io/open.h"
#include "core/io/writers/write.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

#include <algorithm>
#include <signal.h>

using namespace embedscope;
using namespace embedscope::test;

namespace {

QStringList namesIn(const TemporaryFolder& folder)
{
    return QDir(q(folder.path())).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
}

} // namespace

/// `embedscope project`: what it writes, what it tells, and that it leaves nothing half-written.
class TestProjectCommand : public QObject
{
    Q_OBJECT

private slots:
    void projectPlacesEveryRow_data();
    void projectPlacesEveryRow();
    void projectExplainsItself();
    void qualityMeasuresWhatWasWritten();
    void theSameSeedGivesTheSameBytesOnAnyThreads();
    void wrongParametersExitWithTwo();
    void aFailureLeavesTheOldFile();
    void anInterruptLeavesNothingBehind_data();
    void anInterruptLeavesNothingBehind();

private:
    const SmallTables m_tables;
    const QString& m_words = m_tables.words;
    const QString& m_table = m_tables.holed;
};

void TestProjectCommand::projectPlacesEveryRow_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("extension");
    QTest::addColumn<int>("dimensions");
    QTest::addRow("pca npy") << "pca"
                             << ".npy" << 2;
    QTest::addRow("pca csv 3d") << "pca"
                                << ".csv" << 3;
    QTest::addRow("tsne tsv") << "tsne"
                              << ".tsv" << 2;
    QTest::addRow("tsne npy") << "tsne"
                              << ".npy" << 2;
}

void TestProjectCommand::projectPlacesEveryRow()
{
    QFETCH(QString, method);
    QFETCH(QString, extension);
    QFETCH(int, dimensions);
    const TemporaryFolder folder;
    const QString out = q(folder.file("map")) + extension;
    QStringList arguments{"project", m_table, "--method", method, "--out", out, "--dims",
        QString::number(dimensions), "--json"};
    if (method == QLatin1String("tsne"))
        arguments << "--set"
                  << "iterations=30"
                  << "--set"
                  << "perplexity=5";
    const Ran ran = run(arguments);
    QCOMPARE(ran.err, QByteArray());
    QCOMPARE(ran.code, 0);
    QCOMPARE(namesIn(folder).size(), 1);
    QCOMPARE(ran.json()["omitted"].toArray(), (QJsonArray{4, 11}));
    QCOMPARE(ran.json()["dimensions"].toInt(), dimensions);

    const std::string bytes = readFile(out.toStdString());
    if (extension == QLatin1String(".npy")) {
        QVERIFY(bytes.starts_with("\x93NUMPY"));
        QVERIFY(bytes.find("'shape': (60, 2)") != std::string::npos);
    } else {
        const std::string separator = extension == QLatin1String(".csv") ? "," : "\t";
        std::string header = "label" + separator + 'x' + separator + 'y';
        if (dimensions == 3)
            header += separator + 'z';
        QCOMPARE(q(bytes.substr(0, header.size() + 1)), q(header + '\n'));
        QCOMPARE(std::count(bytes.begin(), bytes.end(), '\n'), 61);
    }
    const auto dataset = openDataset(m_table.toStdString(), {}, {});
    QVERIFY(dataset.ok());
    const auto layout = readLayout(out.toStdString(), **dataset, {});
    QVERIFY(layout.ok());
    QCOMPARE(layout->omitted, (std::vector<PointId>{4, 11}));
}

void TestProjectCommand::projectExplainsItself()
{
    const QString out = q(m_tables.folder.file("explained.npy"));
    const QJsonObject pca
        = run({"project", m_words, "--method", "pca", "--out", out, "--json"}).json();
    QCOMPARE(pca["method"].toString(), QString("pca"));
    QCOMPARE(pca["points"].toInt(), 60);
    QVERIFY(pca["explained_variance"].toArray().size() >= 2);
    QVERIFY(pca["kl"].isNull());
    QVERIFY(pca["iterations"].isNull());
    QVERIFY(pca["finished"].toBool());

    const QJsonObject tsne = run(
        {"project", m_words, "--method", "tsne", "--out", out, "--seed", "4", "--set",
            "perplexity=6", "--set", "iterations=50", "--set", "normalization=center", "--json"})
                                 .json();
    const QJsonObject recipe = tsne["recipe"].toObject();
    QCOMPARE(recipe["seed"].toInt(), 4);
    QCOMPARE(recipe["normalization"].toString(), QString("center"));
    QCOMPARE(recipe["perplexity"].toDouble(), 6.0);
    QCOMPARE(recipe["iterations"].toInt(), 50);
    QVERIFY(recipe["learning_rate"].isDouble());
    for (const char* key : {"exaggeration", "early_iterations", "init", "preprocess_pca", "metric"})
        QVERIFY2(recipe.contains(QLatin1String(key)), key);
    QVERIFY(tsne["kl"].toDouble(-1) >= 0);
    QCOMPARE(tsne["iterations"].toInt(), 50);
    QVERIFY(tsne["omitted"].toArray().isEmpty());
    const QJsonObject seconds = tsne["seconds"].toObject();
    QCOMPARE(seconds.keys().size(), 7);
    for (const char* key :
        {"read", "preprocess", "neighbors", "affinities", "optimize", "write", "total"})
        QVERIFY2(seconds[QLatin1String(key)].toDouble(-1) >= 0, key);
}

void TestProjectCommand::qualityMeasuresWhatWasWritten()
{
    const QString out = q(m_tables.folder.file("judged.npy"));
    QCOMPARE(run({"project", m_table, "--method", "pca", "--out", out}).code, 0);
    const Ran ran = run({"quality", m_table, "--layout", out, "--json"});
    QCOMPARE(ran.code, 0);
    const QJsonObject json = ran.json();
    QCOMPARE(json["points"].toInt(), 58); // Two of the 60 rows hold NaN.
    QVERIFY(json["sampled"].isNull() && json.contains("kl"));
    for (const char* key :
        {"trustworthiness@12", "continuity@12", "recall@10", "recall@50", "spearman"}) {
        const double value = json[QLatin1String(key)].toDouble(-1);
        QVERIFY2(value > 0 && value <= 1, key);
    }
    QVERIFY(json["sentence"].toString().endsWith(QLatin1Char('.')));
    QCOMPARE(run({"quality", m_words, "--layout", "/nowhere.npy"}).code, 1);
    QCOMPARE(run({"quality", m_words}).code, 2);
}

void TestProjectCommand::theSameSeedGivesTheSameBytesOnAnyThreads()
{
    for (const char* method : {"pca", "tsne"}) {
        std::vector<std::string> bytes;
        for (const char* threads : {"1", "2", "3"}) {
            const QString out = q(m_tables.folder.file("threads.npy"));
            QStringList arguments{
                "project", m_words, "--method", method, "--out", out, "--threads", threads};
            if (std::string_view(method) == "tsne")
                arguments << "--set"
                          << "perplexity=6"
                          << "--set"
                          << "iterations=60";
            QCOMPARE(run(arguments).code, 0);
            bytes.push_back(readFile(out.toStdString()));
        }
        QVERIFY(bytes[0] == bytes[1]);
        QVERIFY(bytes[0] == bytes[2]);
    }
}

void TestProjectCommand::wrongParametersExitWithTwo()
{
    const QString out = q(m_tables.folder.file("never.npy"));
    for (const char* setting : {"perplexity=-3", "nonsense=1", "init=up", "iterations=none"}) {
        const Ran ran = run(
            {"project", m_words, "--method", "tsne", "--out", out, "--set", setting, "--json"});
        QCOMPARE(ran.code, 2);
        QVERIFY(ran.out.isEmpty());
        for (const char* name : {"perplexity", "iterations", "learning_rate", "init"})
            QVERIFY2(ran.err.contains(name), ran.err.constData());
        QVERIFY(!QFile::exists(out));
    }
    QCOMPARE(run({"project", m_words, "--method", "sorcery", "--out", out}).code, 2);
    QCOMPARE(run({"neighbors", m_words, "--row", "1", "-k", "0"}).code, 2);
}

void TestProjectCommand::aFailureLeavesTheOldFile()
{
    const TemporaryFolder folder;
    const QString out = q(folder.file("old.npy"));
    writeFile(out.toStdString(), "old");
    QCOMPARE(
        run({"project", q(folder.file("absent.npy")), "--method", "pca", "--out", out}).code, 1);
    QCOMPARE(readFile(out.toStdString()), std::string("old"));
    QCOMPARE(run({"project", m_words, "--method", "pca", "--out", out}).code, 0);
    QVERIFY(readFile(out.toStdString()).starts_with("\x93NUMPY"));
    QCOMPARE(namesIn(folder), QStringList{"old.npy"});
    const Ran nowhere = run(
        {"project", m_words, "--method", "pca", "--out", q(folder.file("no/such/folder/a.npy"))});
    QCOMPARE(nowhere.code, 1);
    QVERIFY(nowhere.isOneSentence());
}

void TestProjectCommand::anInterruptLeavesNothingBehind_data()
{
    QTest::addColumn<int>("signalNumber");
    QTest::newRow("keyboard") << SIGINT;
    QTest::newRow("terminate") << SIGTERM;
}

void TestProjectCommand::anInterruptLeavesNothingBehind()
{
    QFETCH(int, signalNumber);
    const TemporaryFolder folder;
    const std::string table = folder.file("large.npy");
    QVERIFY(writeNpy(table, normalMatrix(4000, 30), {}).ok());
    const QString out = q(folder.file("old.csv"));
    writeFile(out.toStdString(), "old");

    const auto process = start({"project", q(table), "--method", "tsne", "--out", out, "--json",
        "--set", "iterations=100000"});
    // Well past start-up, and far from the end.
    QTRY_VERIFY_WITH_TIMEOUT(
        process->state() == QProcess::NotRunning || processorSeconds(process->processId()) > 0.5,
        60000);
    QVERIFY2(process->state() == QProcess::Running, process->readAllStandardError().constData());
    QCOMPARE(kill(static_cast<pid_t>(process->processId()), signalNumber), 0);
    const Ran ran = finished(*process);
    QCOMPARE(ran.code, 130);
    QCOMPARE(ran.out, QByteArray());
    QCOMPARE(readFile(out.toStdString()), std::string("old"));
    QCOMPARE(namesIn(folder), (QStringList{"large.npy", "old.csv"}));
}

QTEST_GUILESS_MAIN(TestProjectCommand)
#include "tst_project_command.moc"
