#include "ui/panels/command_text.h"

#include "core/projection/projection.h"
#include "ui/workspace/layout_list.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::ui;

class TestCommandText : public QObject
{
    Q_OBJECT

private slots:
    void everyPartOfTheRecipeIsThere();
    void whatIsAsAlwaysIsLeftOut();
    void columnsAreQuotedForTheShell();
    void whatTheCommandLeavesOutIsSaid();
    void readingOptionsAreRepeated();
    void namesAreQuotedForTheShell();
    void givenCoordinatesHaveNoCommand();
};

namespace {

Recipe recipe()
{
    Recipe made;
    made.method = "tsne";
    made.seed = 7;
    made.normalization = "unit";
    made.preprocessPca = 50;
    made.parameters = {{"perplexity", 50.0}, {"iterations", std::int64_t(700)}};
    return made;
}

} // namespace

void TestCommandText::everyPartOfTheRecipeIsThere()
{
    QCOMPARE(projectCommand(QStringLiteral("words.npz"), {}, recipe()),
        QStringLiteral("embedscope project words.npz --method tsne --dims 2 --seed 7 "
                       "--preprocess-pca 50 --set normalization=unit --set perplexity=50 "
                       "--set iterations=700 --out map.npy"));
}

void TestCommandText::whatIsAsAlwaysIsLeftOut()
{
    Recipe made = recipe();
    made.dimensions = 3;
    made.normalization = "none";
    made.parameters.clear();
    for (const ParameterInfo& info : findMethod("tsne")->parameters)
        made.parameters.emplace_back(std::string(info.id), info.defaultValue);
    QCOMPARE(projectCommand(QStringLiteral("words.npz"), {}, made),
        QStringLiteral("embedscope project words.npz --method tsne --dims 3 --seed 7 "
                       "--preprocess-pca 50 --out map.npy"));
}

void TestCommandText::columnsAreQuotedForTheShell()
{
    Recipe made = recipe();
    made.parameters = {{"target", std::string("part of speech")}, {"other", std::string("it's")}};
    const QString command = projectCommand(QStringLiteral("words.npz"), {}, made);
    QVERIFY2(
        command.contains(QStringLiteral(" --set 'target=part of speech' ")), qPrintable(command));
    QVERIFY2(command.contains(QStringLiteral(" --set 'other=it'\\''s' ")), qPrintable(command));
}

void TestCommandText::whatTheCommandLeavesOutIsSaid()
{
    KeptLayout map;
    auto layout = std::make_shared<Layout>();
    map.layout = layout;
    QVERIFY(commandCaveat(map).isEmpty());
    layout->diagnostics.iterations = 312;
    layout->diagnostics.isFinished = false;
    QVERIFY(commandCaveat(map).contains(QStringLiteral("312")));
    map.isStartedFromAnother = true;
    QVERIFY(commandCaveat(map).contains(QStringLiteral("another")));
}

void TestCommandText::readingOptionsAreRepeated()
{
    ReadOptions options;
    options.tensor = "token_embedding";
    options.shape = {{10, 4}};
    options.dtype = "float16";
    const QString command = projectCommand(QStringLiteral("a.raw"), options, recipe());
    QVERIFY(command.contains(
        QStringLiteral(" --tensor token_embedding --shape 10,4 --dtype float16 ")));

    ReadOptions part;
    part.rows.range = {5, 20};
    part.isHalf = true;
    QVERIFY(projectCommand(QStringLiteral("a.npy"), part, recipe())
                .contains(QStringLiteral(" --rows 5:20 --float16 ")));
    part.rows = {};
    part.rows.sample = 100;
    part.rows.seed = 3;
    QVERIFY(projectCommand(QStringLiteral("a.npy"), part, recipe())
                .contains(QStringLiteral(" --sample 100 --sample-seed 3 --float16 ")));
}

void TestCommandText::namesAreQuotedForTheShell()
{
    QCOMPARE(shellWord(QStringLiteral("/data/a/b-c.npy")), QStringLiteral("/data/a/b-c.npy"));
    QCOMPARE(shellWord(QStringLiteral("my points.tsv")), QStringLiteral("'my points.tsv'"));
    QCOMPARE(shellWord(QStringLiteral("it's $HOME")), QStringLiteral("'it'\\''s $HOME'"));
    QCOMPARE(shellWord(QString()), QStringLiteral("''"));
    QVERIFY(projectCommand(QStringLiteral("-x.npy"), {}, recipe())
                .startsWith(QStringLiteral("embedscope project ./-x.npy ")));
}

void TestCommandText::givenCoordinatesHaveNoCommand()
{
    Recipe given;
    given.method = "given";
    QVERIFY(projectCommand(QStringLiteral("words.npz"), {}, given).isEmpty());
    QVERIFY(projectCommand(QString(), {}, recipe()).isEmpty());
}

QTEST_APPLESS_MAIN(TestCommandText)
#include "tst_command_text.moc"
