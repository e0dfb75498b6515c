#include "core/projection/recipe_json.h"
#include "core/projection/recipe_text.h"
#include "core/projection/workbench.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <limits>
#include <nlohmann/json.hpp>

using namespace embedscope;

namespace {

bool isSame(const Recipe& a, const Recipe& b)
{
    return a.method == b.method && a.dimensions == b.dimensions && a.seed == b.seed
        && a.normalization == b.normalization && a.metric == b.metric
        && a.preprocessPca == b.preprocessPca && a.graphRecall == b.graphRecall
        && a.parameters == b.parameters && a.source == b.source;
}

/// What a short run of the method leaves, with a table that every default fits.
Layout layoutOf(const Method& method, int dimensions)
{
    ProjectionRequest request;
    request.method = std::string(method.id);
    request.dimensions = dimensions;
    request.seed = 77;
    auto run = startProjection(test::blobDataset(150, 6, 3), request, {});
    return run ? (*run)->layout() : Layout();
}

ErrorCode codeOf(const std::string& text)
{
    const auto recipe = recipeFromJson(text);
    return recipe ? ErrorCode::Stopped : recipe.error().code;
}

} // namespace

class TestRecipe : public QObject
{
    Q_OBJECT

private slots:
    void recipesSurviveJson_data();
    void recipesSurviveJson();
    void everyValueSurvives();
    void givenCoordinatesSurviveToo();
    void theOutputOfProjectIsARecipe();
    void wrongRecipesAreRefused_data();
    void wrongRecipesAreRefused();
    void aRecipeMakesThePictureAgain();
    void summariesNameTheMethod();
    void summariesTellWhatDiffers();
};

void TestRecipe::recipesSurviveJson_data()
{
    QTest::addColumn<int>("method");
    QTest::addColumn<int>("dimensions");
    for (std::size_t i = 0; i < methods().size(); ++i) {
        for (const int dimensions : {2, 3})
            QTest::addRow("%s %dD", methods()[i].id.data(), dimensions) << int(i) << dimensions;
    }
}

void TestRecipe::recipesSurviveJson()
{
    QFETCH(int, method);
    QFETCH(int, dimensions);
    const Layout layout = layoutOf(methods()[static_cast<std::size_t>(method)], dimensions);
    QCOMPARE(layout.size(), Index{150});
    const auto read = recipeFromJson(recipeToJson(layout.recipe));
    QVERIFY2(read.ok(), read ? "" : read.error().detail.c_str());
    QVERIFY(isSame(*read, layout.recipe));
    QCOMPARE(recipeToJson(*read), recipeToJson(layout.recipe));
}

void TestRecipe::everyValueSurvives()
{
    Recipe recipe;
    recipe.method = "tsne";
    recipe.seed = std::numeric_limits<std::uint64_t>::max();
    recipe.normalization = "unit";
    recipe.metric = "cosine";
    recipe.preprocessPca = 50;
    recipe.graphRecall = 0.99321;
    recipe.parameters = {{"perplexity", 12.0}, {"iterations", std::int64_t{400}},
        {"metric", std::string("cosine")}, {"learning_rate", 1.0 / 3}};
    auto read = recipeFromJson(recipeToJson(recipe));
    QVERIFY2(read.ok(), read ? "" : read.error().detail.c_str());
    QVERIFY(isSame(*read, recipe));
    recipe.graphRecall.reset();
    QVERIFY(recipeToJson(recipe).find("\"graph_recall\": null") != std::string::npos);
    QVERIFY(isSame(recipeFromJson(recipeToJson(recipe)).value(), recipe));
}

void TestRecipe::givenCoordinatesSurviveToo()
{
    Recipe recipe;
    recipe.method = "given";
    recipe.source = "map \"ä\".csv";
    QVERIFY(isSame(recipeFromJson(recipeToJson(recipe)).value(), recipe));
    QCOMPARE(requestFrom(recipe).error().code, ErrorCode::InvalidArgument);
}

void TestRecipe::theOutputOfProjectIsARecipe()
{
    Recipe recipe;
    recipe.method = "pca";
    recipe.seed = 5;
    const nlohmann::ordered_json output{
        {"method", "pca"}, {"points", 60}, {"recipe", recipeObject(recipe)}};
    QVERIFY(isSame(recipeFromJson(output.dump()).value(), recipe));
}

void TestRecipe::wrongRecipesAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    const char* texts[] = {"", "nonsense", "[]", "3", "{", "{}", R"({"method": 3})",
        R"({"method": "sorcery"})", R"({"method": "pca", "colour": 1})",
        R"({"method": "pca", "perplexity": 30})", R"({"method": "pca", "dimensions": 4})",
        R"({"method": "pca", "dimensions": "2"})", R"({"method": "pca", "seed": -1})",
        R"({"method": "pca", "seed": 1.5})", R"({"method": "pca", "seed": 1e30})",
        R"({"method": "pca", "normalization": "maybe"})", R"({"method": "pca", "metric": "near"})",
        R"({"method": "pca", "preprocess_pca": 99999999999})",
        R"({"method": "pca", "graph_recall": 2})", R"({"method": "tsne", "perplexity": 0})",
        R"({"method": "tsne", "perplexity": null})", R"({"method": "tsne", "perplexity": [30]})",
        R"({"method": "tsne", "iterations": 2.5})", R"({"method": "given", "perplexity": 2})",
        R"({"recipe": 3})"};
    for (const char* text : texts)
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("deep") << QByteArray(100000, '[');
}

void TestRecipe::wrongRecipesAreRefused()
{
    QFETCH(QByteArray, text);
    QCOMPARE(codeOf(text.toStdString()), ErrorCode::Malformed);
}

void TestRecipe::aRecipeMakesThePictureAgain()
{
    const auto dataset = test::blobDataset(120, 6, 3);
    for (const Method& method : methods()) {
        ProjectionRequest request;
        request.method = std::string(method.id);
        request.seed = 3;
        request.normalization = "center";
        const auto placed = [&](const ProjectionRequest& asked) {
            auto run = std::move(startProjection(dataset, asked, {})).value();
            return run->advance(20, {}) ? run->layout() : Layout();
        };
        const Layout first = placed(request);
        const auto recipe = recipeFromJson(recipeToJson(first.recipe));
        QVERIFY2(recipe.ok(), recipe ? "" : recipe.error().detail.c_str());
        const Layout second = placed(requestFrom(*recipe).value());
        QVERIFY2(std::equal(first.positions.data(), first.positions.data() + first.positions.size(),
                     second.positions.data()),
            method.id.data());
    }
}

void TestRecipe::summariesNameTheMethod()
{
    for (const Method& method : methods()) {
        const std::string text = summary(layoutOf(method, 2).recipe);
        QVERIFY2(text.starts_with(method.name), text.c_str());
        QVERIFY2(text.find("auto") == std::string::npos, text.c_str());
        QVERIFY2(text.size() < 110, text.c_str());
        QCOMPARE(text.find("seed 77") != std::string::npos, method.isIterative);
    }
    Recipe given;
    given.method = "given";
    given.source = "map.csv";
    QCOMPARE(summary(given), std::string("Coordinates as given by map.csv"));
    Recipe unknown;
    unknown.method = "sorcery";
    QVERIFY(summary(unknown).starts_with("sorcery"));
}

void TestRecipe::summariesTellWhatDiffers()
{
    Recipe recipe;
    recipe.method = "tsne";
    recipe.graphRecall = 1;
    recipe.preprocessPca = 50;
    recipe.parameters = {{"perplexity", 30.0}, {"iterations", std::int64_t{1000}}};
    QCOMPARE(summary(recipe),
        std::string("t-SNE, perplexity 30, exact neighbours, seed 0, on 50 principal components"));
    recipe.parameters[1].second = std::int64_t{400};
    recipe.graphRecall = 0.99999;
    recipe.metric = "cosine";
    recipe.dimensions = 3;
    QCOMPARE(summary(recipe),
        std::string("t-SNE, perplexity 30, iterations 400, by cosine, approximate neighbours (99.9 "
                    "% found), seed 0, in 3D, on 50 principal components"));
    recipe.parameters.emplace_back("supervise", std::string("side"));
    QVERIFY(summary(recipe).starts_with("Supervised t-SNE, perplexity 30,"));
    QVERIFY(summary(recipe).find("\"side\"") != std::string::npos);
    Recipe pca;
    pca.method = "pca";
    pca.normalization = "unit";
    pca.parameters = {{"component_x", std::int64_t{1}}, {"component_y", std::int64_t{3}}};
    QCOMPARE(summary(pca), std::string("PCA, components 1 and 3, on vectors of unit length"));
}

QTEST_APPLESS_MAIN(TestRecipe)
#include "tst_recipe.moc"
