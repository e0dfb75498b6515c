#include "core/io/folders/steps.h"
#include "core/io/open.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <filesystem>

using namespace embedscope;
using namespace embedscope::test;

namespace {

const std::string kInversion
    = safetensors({{"emb_params", "F32", "[1,768]", std::string(768 * 4, '\1')}});

struct Run
{
    TemporaryFolder folder;

    std::string add(const std::string& name, const std::string& bytes = kInversion) const
    {
        const std::string path = folder.file(name);
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        writeFile(path, bytes);
        return path;
    }
    std::string relative(const SeriesStep& step) const
    {
        return step.path.substr(folder.path().size() + 1);
    }
};

QString noted(const Dataset& dataset)
{
    QString text;
    for (const std::string& note : dataset.provenance().notes)
        text += QString::fromStdString(note) + '\n';
    return text;
}

} // namespace

/// The steps of a training run, found by one of them.
class TestSteps : public QObject
{
    Q_OBJECT

private slots:
    void aRunIsWrittenWithAStar();
    void theStepsOfOneFileAreFound();
    void numberedFoldersAreFound();
    void aLoneOrUnnumberedFileHasNone();
    void theRunOpensAsOneTable();
    void oneStepTellsOfTheOthers();
    void largeAndTextTablesAreNoSteps();
};

void TestSteps::aRunIsWrittenWithAStar()
{
    QCOMPARE(seriesPattern("a/style-200.pt"), std::string("a/style-*.pt"));
    QCOMPARE(
        seriesPattern("learned_embeds-steps-500.bin"), std::string("learned_embeds-steps-*.bin"));
    QCOMPARE(seriesPattern("/r/checkpoint-50/learned_embeds.bin"),
        std::string("/r/checkpoint-*/learned_embeds.bin"));
    for (const char* const path : {"a/style.pt", "39000.pt", "a/glove.300d.txt", "style*-5.pt"})
        QCOMPARE(seriesPattern(path), std::string());
    QVERIFY(isSeriesPattern("a/style-*.pt"));
    QVERIFY(isSeriesPattern("/r/checkpoint-*/learned_embeds.bin"));
    for (const char* const path :
        {"a/style-2.pt", "*", "*.pt", "style*.pt", "a-*/b-*.pt", "a-*/b/c"})
        QVERIFY2(!isSeriesPattern(path), path);
    const Run run;
    QVERIFY(!isSeriesPattern(run.add("odd-*.pt"))); // A file of that very name.
}

void TestSteps::theStepsOfOneFileAreFound()
{
    const Run run;
    const std::string path = run.add("style-200.safetensors");
    for (const char* const name : {"style-1000.safetensors", "style-0400.safetensors",
             "style-final.safetensors", "style-300.pt", "other-300.safetensors",
             "style-x-300.safetensors", "sub/style-500.safetensors"})
        run.add(name);
    const auto steps = stepsBeside(path);
    QCOMPARE(steps.size(), std::size_t{3});
    QCOMPARE(steps[0].step, std::int64_t{200});
    QCOMPARE(steps[0].path, path);
    QCOMPARE(run.relative(steps[1]), std::string("style-0400.safetensors"));
    QCOMPARE(run.relative(steps[2]), std::string("style-1000.safetensors"));
}

void TestSteps::numberedFoldersAreFound()
{
    const Run run;
    const std::string path = run.add("checkpoint-50/learned_embeds.safetensors");
    run.add("checkpoint-100/learned_embeds.safetensors");
    run.add("checkpoint-150/optimizer.bin");
    const auto steps = stepsBeside(path);
    QCOMPARE(steps.size(), std::size_t{2});
    QCOMPARE(run.relative(steps[1]), std::string("checkpoint-100/learned_embeds.safetensors"));
}

void TestSteps::aLoneOrUnnumberedFileHasNone()
{
    const Run run;
    QVERIFY(stepsBeside(run.add("style-200.safetensors")).empty());
    QVERIFY(stepsBeside(run.add("final.safetensors")).empty());
    QVERIFY(stepsBeside("/nowhere/at-200.pt").empty());
    QVERIFY(stepsOf(run.folder.file("none-*.pt")).empty());
    const auto missing = openDataset(run.folder.file("none-*.pt"), {}, {});
    QVERIFY(!missing.ok());
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    QVERIFY(!openDataset("", {}, {}).ok());
}

void TestSteps::theRunOpensAsOneTable()
{
    const Run run;
    const std::string path = run.add("learned_embeds-steps-500.safetensors");
    run.add("learned_embeds-steps-1000.safetensors");
    run.add("learned_embeds.safetensors"); // By this the folder opens, not by its steps.
    const auto dataset = openDataset(seriesPattern(path), {}, {});
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), Index{2});
    QCOMPARE((*dataset)->label(1), std::string("learned_embeds 1000"));
    QCOMPARE((*dataset)->provenance().path, seriesPattern(path));
    QVERIFY(findColumn((*dataset)->columns(), "step"));
}

void TestSteps::oneStepTellsOfTheOthers()
{
    const Run run;
    const std::string path = run.add("style-200.safetensors");
    run.add("style-400.safetensors");
    const auto opening = openAndList(path, {}, true, {});
    QVERIFY(opening.ok());
    QCOMPARE(opening->steps.size(), std::size_t{2});
    const QString note = noted(*opening->dataset);
    QVERIFY(note.contains("one of 2 steps") && note.contains("style-*.safetensors"));
    // Nothing more is told of them once they are all open.
    const auto all = openAndList(seriesPattern(path), {}, true, {});
    QVERIFY(all.ok() && all->steps.empty());
    QVERIFY(!noted(*all->dataset).contains("one of 2 steps"));
}

void TestSteps::largeAndTextTablesAreNoSteps()
{
    const Run run;
    const std::string large
        = run.add("part-1.npy", npy("<f4", "(1025, 1)", std::string(1025 * 4, '\1')));
    run.add("part-2.npy", "x");
    const std::string text = run.add("table-1.csv", "a,b\n1,2\n3,4\n");
    run.add("table-2.csv", "a,b\n1,2\n");
    for (const std::string& path : {large, text}) {
        const auto opening = openAndList(path, {}, false, {});
        QVERIFY(opening.ok());
        QVERIFY(opening->steps.empty());
        QVERIFY(!noted(*opening->dataset).contains("steps"));
    }
}

QTEST_APPLESS_MAIN(TestSteps)
#include "tst_steps.moc"
