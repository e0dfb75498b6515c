#include "ui/panels/command_text.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::ui;

class TestCommandText : public QObject
{
    Q_OBJECT

private slots:
    void everyPartOfTheRecipeIsThere();
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
    made.parameters = {{"perplexity", 30.0}, {"iterations", std::int64_t(1000)}};
    return made;
}

} // namespace

void TestCommandText::everyPartOfTheRecipeIsThere()
{
    QCOMPARE(projectCommand(QStringLiteral("words.npz"), {}, recipe()),
        QStringLiteral("embedscope project words.npz --method tsne --dims 2 --seed 7 "
                       "--preprocess-pca 50 --set normalization=unit --set perplexity=30 "
                       "--set iterations=1000 --out map.npy"));
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
