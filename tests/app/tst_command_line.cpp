#include "app/command_line.h"

#include <QTest>
#include <limits>

using namespace embedscope;
using namespace embedscope::app;

namespace {

Invocation understood(const std::vector<std::string>& arguments)
{
    auto result = parseCommandLine(arguments);
    if (const auto* exit = std::get_if<EarlyExit>(&result)) {
        qWarning("%s%s", exit->out.c_str(), exit->err.c_str());
        return {};
    }
    return std::move(*std::get_if<Invocation>(&result));
}

EarlyExit refused(const std::vector<std::string>& arguments)
{
    const auto result = parseCommandLine(arguments);
    const auto* exit = std::get_if<EarlyExit>(&result);
    return exit != nullptr ? *exit : EarlyExit{-1, {}, {}};
}

} // namespace

class TestCommandLine : public QObject
{
    Q_OBJECT

private slots:
    void aBareLineOpensTheWindow();
    void aFileCalledLikeACommandIsOpenedByItsPath();
    void filesKeepTheirNames();
    void readingOptionsStandBeforeOrBehindACommand();
    void rowsCanBeChosen();
    void neighborsTakesOneQuery();
    void settingsAreCheckedAgainstTheMethod();
    void projectionOptionsArrive();
    void aRecipeWaitsForItsOptions();
    void joinKnowsItsFiles();
    void qualityOptionsArrive();
    void renderTakesALayoutOrAMethod();
    void wrongUsageIsOneSentenceAndTwo_data();
    void wrongUsageIsOneSentenceAndTwo();
    void helpAndVersionGoToStdout();
};

void TestCommandLine::aBareLineOpensTheWindow()
{
    const Invocation bare = understood({});
    QCOMPARE(bare.command, Command::Window);
    QVERIFY(bare.files.empty());
    const Invocation two = understood({"a.npy", "b.tsv", "--label", "word"});
    QCOMPARE(two.command, Command::Window);
    QCOMPARE(two.files, (std::vector<std::string>{"a.npy", "b.tsv"}));
    QCOMPARE(two.reading.labelColumn, std::string("word"));
}

void TestCommandLine::aFileCalledLikeACommandIsOpenedByItsPath()
{
    QCOMPARE(understood({"./info"}).files, std::vector<std::string>{"./info"});
    QCOMPARE(understood({"./info"}).command, Command::Window);
    QCOMPARE(understood({"--", "info"}).command, Command::Window);
    QCOMPARE(understood({"--", "info"}).files, std::vector<std::string>{"info"});
    QCOMPARE(understood({"info", "project"}).command, Command::Info);
    QCOMPARE(understood({"info", "project"}).files, std::vector<std::string>{"project"});
    QCOMPARE(understood({"a.npy", "info"}).command, Command::Window);
}

void TestCommandLine::filesKeepTheirNames()
{
    for (const char* name : {"[a,b].npy", "ä ö.vec", "-", "a=b", "{x}", "\"quoted\"", "%s"}) {
        QCOMPARE(understood({name}).files, std::vector<std::string>{name});
        QCOMPARE(understood({"info", name}).files, std::vector<std::string>{name});
    }
    QCOMPARE(understood({"--", "-x.npy"}).files, std::vector<std::string>{"-x.npy"});
    QCOMPARE(understood({"info", "--", "-x.npy"}).files, std::vector<std::string>{"-x.npy"});
    QCOMPARE(understood({"neighbors", "a", "--query", "[a, b]"}).queryLabel.value_or(""),
        std::string("[a, b]"));
    QCOMPARE(understood({"neighbors", "a", "--query", ""}).queryLabel.has_value(), true);
    QCOMPARE(
        understood({"neighbors", "a", "--query=-x"}).queryLabel.value_or(""), std::string("-x"));
}

void TestCommandLine::readingOptionsStandBeforeOrBehindACommand()
{
    for (const auto& arguments :
        {std::vector<std::string>{"--threads", "3", "--shape", "20,3", "info", "x", "--max-bytes",
             "1000", "--dtype", "float16", "--tensor=t", "--metadata", "m.tsv"},
            std::vector<std::string>{"info", "--threads=3", "--shape=20,3", "--max-bytes", "1000",
                "--dtype", "float16", "--tensor", "t", "--metadata", "m.tsv", "x"}}) {
        const Invocation found = understood(arguments);
        QCOMPARE(found.command, Command::Info);
        QCOMPARE(found.files, std::vector<std::string>{"x"});
        QCOMPARE(found.threads, 3);
        QCOMPARE(found.reading.shape.value(), (std::pair<Index, Index>{20, 3}));
        QCOMPARE(found.reading.maxBytes, std::uint64_t{1000});
        QCOMPARE(found.reading.dtype, std::string("float16"));
        QCOMPARE(found.reading.tensor, std::string("t"));
        QCOMPARE(found.reading.metadataPath, std::string("m.tsv"));
    }
    QCOMPARE(understood({"formats", "--threads", "2"}).command, Command::Formats);
    const Invocation found = understood({"--transpose", "--member", "a/b.txt", "info", "x.zip",
        "--metadata", "m.csv", "--key", "word"});
    QCOMPARE(found.command, Command::Info);
    QVERIFY(found.reading.isTransposed);
    QCOMPARE(found.reading.member, std::string("a/b.txt"));
    QCOMPARE(found.reading.metadataKey, std::string("word"));
}

void TestCommandLine::rowsCanBeChosen()
{
    using Range = std::pair<Index, Index>;
    constexpr Index kEnd = std::numeric_limits<Index>::max();
    QCOMPARE(understood({"info", "x", "--rows", "5:9"}).reading.rows.range.value(), (Range{5, 9}));
    QCOMPARE(understood({"info", "x", "--rows", ":9"}).reading.rows.range.value(), (Range{0, 9}));
    QCOMPARE(
        understood({"info", "x", "--rows", "5:"}).reading.rows.range.value(), (Range{5, kEnd}));
    for (const auto& line : std::vector<std::vector<std::string>>{
             {"convert", "x", "--out", "y.npy", "--sample", "100", "--sample-seed", "4"},
             {"--sample-rows", "100", "--sample-seed", "4", "x"},
             {"quality", "x", "--layout", "l", "--sample-rows", "100", "--sample-seed", "4"}}) {
        const Invocation found = understood(line);
        QCOMPARE(found.reading.rows.sample, Index{100});
        QCOMPARE(found.reading.rows.seed, std::uint64_t{4});
        QVERIFY(!found.reading.rows.range);
    }
    const Invocation quality = understood({"quality", "x", "--layout", "l", "--sample", "50"});
    QCOMPARE(quality.quality.sampleSize, Index{50});
    QVERIFY(quality.reading.rows.isAll());
    QCOMPARE(understood({"info", "x", "--max-memory", "500"}).reading.maxMemory.value(),
        std::uint64_t{500});
    QVERIFY(!understood({"info", "x"}).reading.maxMemory);
}

void TestCommandLine::neighborsTakesOneQuery()
{
    const Invocation byRow
        = understood({"neighbors", "x", "--row", "7", "-k", "3", "--metric", "dot", "--json"});
    QCOMPARE(byRow.queryRow.value(), Index{7});
    QCOMPARE(byRow.k, Index{3});
    QCOMPARE(byRow.metric, Metric::Dot);
    QVERIFY(byRow.asJson);
    QVERIFY(!byRow.queryLabel);
    const Invocation byLabel = understood({"neighbors", "x", "--query", "king"});
    QCOMPARE(byLabel.k, Index{10});
    QCOMPARE(byLabel.metric, Metric::Cosine);
    QCOMPARE(understood({"neighbors", "x", "--row", "7", "--metric", "manhattan"}).metric,
        Metric::Manhattan);
}

void TestCommandLine::settingsAreCheckedAgainstTheMethod()
{
    for (const char* setting : {"perplexity=0", "perplexity=-1", "perplexity=nan", "perplexity=",
             "iterations=1.5", "init=nonsense", "perplexty=30", "normalization=maybe"}) {
        const EarlyExit exit
            = refused({"project", "x", "--method", "tsne", "--out", "o.npy", "--set", setting});
        QVERIFY2(exit.code == 2, setting);
        QVERIFY2(exit.out.empty(), setting);
    }
    const EarlyExit unknown
        = refused({"project", "x", "--method", "tsne", "--out", "o.npy", "--set", "nope=1"});
    for (const char* name : {"perplexity", "iterations", "exaggeration", "early_iterations",
             "learning_rate", "init", "normalization"})
        QVERIFY2(unknown.err.find(name) != std::string::npos, name);
}

void TestCommandLine::projectionOptionsArrive()
{
    const Invocation found = understood(
        {"project", "x", "--method", "tsne", "--out", "o.npy", "--seed", "9", "--preprocess-pca",
            "0", "--set", "perplexity=12.5", "--set", "normalization=unit", "--set=iterations=40"});
    QCOMPARE(found.command, Command::Project);
    QCOMPARE(found.out, std::string("o.npy"));
    const ProjectionRequest& request = found.projection;
    QCOMPARE(request.method, std::string("tsne"));
    QCOMPARE(request.seed, std::uint64_t{9});
    QCOMPARE(request.preprocessPca.value_or(-1), 0);
    QCOMPARE(request.dimensions, 2);
    const auto* perplexity = findValue(request.parameters, "perplexity");
    QVERIFY(perplexity != nullptr && *perplexity == ParameterValue(12.5));
    const auto* iterations = findValue(request.parameters, "iterations");
    QVERIFY(iterations != nullptr && *iterations == ParameterValue(std::int64_t{40}));
    QCOMPARE(request.normalization, std::string("unit"));
    QVERIFY(!understood({"project", "x", "--method", "pca", "--out", "o.csv"})
                 .projection.preprocessPca.has_value());
}

void TestCommandLine::aRecipeWaitsForItsOptions()
{
    const Invocation found = understood({"project", "x", "--recipe", "r.json", "--out", "o.npy",
        "--seed", "7", "--set", "perplexity=3", "--start", "l.npy", "--recipe-out", "s.json"});
    QCOMPARE(found.recipePath, std::string("r.json"));
    QCOMPARE(found.startPath, std::string("l.npy"));
    QCOMPARE(found.recipeOut, std::string("s.json"));
    QCOMPARE(found.overrides.seed.value(), std::uint64_t{7});
    QCOMPARE(found.overrides.settings, std::vector<std::string>{"perplexity=3"});
    QVERIFY(!found.overrides.dimensions && found.overrides.method.empty());

    ProjectionRequest request;
    request.method = "tsne";
    request.parameters = {{"perplexity", 30.0}, {"iterations", std::int64_t{10}}};
    QVERIFY(applyOptions(found.overrides, request).ok());
    QCOMPARE(request.seed, std::uint64_t{7});
    QCOMPARE(request.parameters.size(), std::size_t{2});
    QVERIFY(*findValue(request.parameters, "perplexity") == ParameterValue(3.0));
    request.method = "pca";
    QCOMPARE(applyOptions(found.overrides, request).error().code, ErrorCode::InvalidArgument);
}

void TestCommandLine::joinKnowsItsFiles()
{
    const Invocation found = understood({"join", "new.npy", "--base", "b.npy", "--layout", "l.csv",
        "--recipe", "r.json", "--out", "o.csv", "--base-shape", "30,4", "--json"});
    QCOMPARE(found.command, Command::Join);
    QCOMPARE(found.files, std::vector<std::string>{"new.npy"});
    QCOMPARE(found.basePath, std::string("b.npy"));
    QCOMPARE(found.layoutPath, std::string("l.csv"));
    QCOMPARE(found.recipePath, std::string("r.json"));
    QCOMPARE(found.baseShape.value(), (std::pair<Index, Index>{30, 4}));
    QCOMPARE(found.out, std::string("o.csv"));
    QVERIFY(found.asJson);
}

void TestCommandLine::qualityOptionsArrive()
{
    const Invocation plain = understood({"quality", "x", "--layout", "l.npy"});
    QVERIFY(!plain.wantsDivergence && !plain.qualityMetric);
    QCOMPARE(plain.quality.exactUpTo, QualityOptions().exactUpTo);
    const Invocation found = understood({"quality", "x", "--layout", "l.npy", "--sample", "500",
        "--seed", "4", "--metric", "manhattan", "--perplexity", "12.5", "--columns", "c.TSV"});
    QCOMPARE(found.quality.sampleSize, Index{500});
    QCOMPARE(found.quality.seed, std::uint64_t{4});
    QVERIFY(found.qualityMetric == Metric::Manhattan);
    QVERIFY(found.wantsDivergence);
    QCOMPARE(found.perplexity.value(), 12.5);
    QCOMPARE(found.columnsOut, std::string("c.TSV"));
    QVERIFY(understood({"quality", "x", "--layout", "l", "--exact"}).quality.exactUpTo > Index{1}
            << 40);
    QVERIFY(understood({"quality", "x", "--layout", "l", "--kl"}).wantsDivergence);
}

void TestCommandLine::renderTakesALayoutOrAMethod()
{
    const Invocation found = understood({"render", "x", "--layout", "l.npy", "--out", "m.PNG",
        "--size", "320x200", "--color-by", "group", "--labels", "12"});
    QCOMPARE(found.layoutPath, std::string("l.npy"));
    QCOMPARE(found.width, 320);
    QCOMPARE(found.height, 200);
    QCOMPARE(found.colorBy, std::string("group"));
    QCOMPARE(found.labels, 12);
    QVERIFY(Turn::fromAngles(found.azimuth, found.elevation) == Turn::standard());
    const Invocation turned = understood({"render", "x", "--layout", "l.npy", "--out", "m.png",
        "--azimuth", "-45", "--elevation", "90"});
    QCOMPARE(turned.azimuth, -45);
    QCOMPARE(turned.elevation, 90);
    QCOMPARE(understood({"render", "x", "--method", "pca", "--out", "m.png"}).projection.method,
        std::string("pca"));
}

void TestCommandLine::wrongUsageIsOneSentenceAndTwo_data()
{
    QTest::addColumn<QStringList>("arguments");
    const char* lines[] = {"--nonsense", "a.npy --nonsense", "info", "info a b",
        "info a --nonsense", "info a --threads 0", "info a --threads two", "info a --shape 20",
        "info a --shape 0,3", "info a --dtype float12", "info a --max-bytes 0",
        "info a --max-bytes -5", "info a --rows 5", "info a --rows :", "info a --rows 5:5",
        "info a --rows 9:5", "info a --rows -1:5", "info a --rows a:b", "info a --sample 0",
        "info a --rows 1:5 --sample 3", "info a --sample-seed 3", "info a --max-memory 0",
        "info a --max-bytes 99999999999999999999", "neighbors a", "neighbors a --query b --row 1",
        "neighbors a --row -1", "neighbors a --row 1 -k 0", "neighbors a --row 1 --metric hamming",
        "project a --out o.npy", "project a --method pca", "project a --method umup --out o.npy",
        "project a --method pca --out o.txt", "project a --method pca --out .npy",
        "project a --method pca --out o.npy --dims 4",
        "project a --method pca --out o.npy --seed -1",
        "project a --method pca --out o.npy --preprocess-pca -1",
        "project a --method tsne --out o.npy --set perplexity",
        "project a --method tsne --out o.npy --set =3",
        "project a --method tsne --out o.npy --set perplexity=5 --set perplexity=6",
        "render a --out m.png", "render a --out m.jpg --method pca",
        "render a --out m.png --method pca --layout l.npy",
        "render a --out m.png --layout l.npy --set perplexity=5",
        "render a --out m.png --method pca --size 100",
        "render a --out m.png --method pca --size 0x9",
        "render a --out m.png --method pca --size 99999x10",
        "render a --out m.png --method pca --labels -1",
        "render a --out m.png --method pca --azimuth north",
        "render a --out m.png --method pca --elevation 91", "convert a", "convert a b.csv",
        "convert a --out b.xyz", "convert a --out b", "convert a --out b.npy --format xyz",
        "formats x", "methods x", "project a --method pca --recipe r.json --out o.npy",
        "render a --recipe r.json --layout l.npy --out m.png", "join a --out o.npy",
        "join a --base b --layout l.npy --out o.npy", "join a --base b --recipe r --out o.npy",
        "join a --base b --layout l.npy --recipe r --out o.txt",
        "join a --base b --layout l.npy --recipe r --out o.npy --base-shape 3", "quality a",
        "quality a --layout l --sample 0", "quality a --layout l --metric hamming",
        "quality a --layout l --perplexity 0.5", "quality a --layout l --columns c.npy",
        "--threads"};
    for (const char* line : lines)
        QTest::newRow(line) << QString::fromLatin1(line).split(QLatin1Char(' '));
}

void TestCommandLine::wrongUsageIsOneSentenceAndTwo()
{
    QFETCH(QStringList, arguments);
    std::vector<std::string> words;
    for (const QString& word : arguments)
        words.push_back(word.toStdString());
    const EarlyExit exit = refused(words);
    QCOMPARE(exit.code, 2);
    QVERIFY(exit.out.empty());
    QVERIFY(exit.err.find(".\nTry 'embedscope") != std::string::npos);
    QCOMPARE(exit.err.back(), '\n');
}

void TestCommandLine::helpAndVersionGoToStdout()
{
    for (const char* command : {"info", "neighbors", "project", "join", "quality", "render",
             "convert", "methods", "formats"}) {
        const EarlyExit exit = refused({command, "--help"});
        QCOMPARE(exit.code, 0);
        QVERIFY(exit.err.empty());
        QVERIFY2(exit.out.find(std::string("embedscope ") + command) != std::string::npos, command);
        QVERIFY(exit.out.find("--threads") != std::string::npos);
        QVERIFY(refused({"--help"}).out.find(std::string("  ") + command) != std::string::npos);
    }
    QCOMPARE(refused({"--help"}).code, 0);
    QCOMPARE(refused({"--version"}).code, 0);
    QVERIFY(refused({"--version"}).out.starts_with("embedscope "));
    QCOMPARE(refused({"info", "--version"}).out, refused({"--version"}).out);
}

QTEST_APPLESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
