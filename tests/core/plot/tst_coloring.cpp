#include "core/plot/coloring.h"
#include "core/plot/palette.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace embedscope;

class TestColoring : public QObject
{
    Q_OBJECT

private slots:
    void categoriesComeMostFrequentFirst();
    void manyCategoriesShareOther();
    void numbersFollowTheGradient();
    void infiniteAndConstantNumbersHaveAPlace();
    void numbersCanBeCategoriesAndBack();
    void textThatIsNoNumberStaysCategories();
    void plainAndImagesAreOneColor();
    void theRampRunsFromLowToHigh();
};

namespace {

Column categoryColumn(std::vector<std::int32_t> codes, std::vector<std::string> names)
{
    return {"group", CategoryValues{std::move(codes), std::move(names)}};
}

Column numberColumn(std::vector<double> values)
{
    return {"size", NumberValues{std::move(values)}};
}

void verifyCodes(const Coloring& coloring, Index n)
{
    QCOMPARE(static_cast<Index>(coloring.codes.size()), n);
    for (const std::uint16_t code : coloring.codes)
        QVERIFY(code < coloring.palette.size());
    for (const LegendEntry& entry : coloring.legend)
        QCOMPARE(coloring.palette[entry.code], entry.color);
}

} // namespace

void TestColoring::categoriesComeMostFrequentFirst()
{
    const Column column = categoryColumn({0, 1, 1, 2, 2, 2, -1}, {"a", "b", "c"});
    const Coloring coloring = colorByColumn(column, ColorMode::Auto, Theme::Light);
    verifyCodes(coloring, 7);
    QVERIFY(!coloring.isGradient);
    QCOMPARE(coloring.legend.size(), std::size_t{4});
    QCOMPARE(coloring.legend[0].name, std::string("c"));
    QCOMPARE(coloring.legend[0].count, Index{3});
    QCOMPARE(coloring.legend[1].name, std::string("b"));
    QCOMPARE(coloring.legend[2].name, std::string("a"));
    QVERIFY(coloring.legend[3].isMissing);
    QCOMPARE(coloring.legend[3].count, Index{1});
    QCOMPARE(coloring.codes[6], coloring.missingCode);
    QCOMPARE(coloring.codes[3], coloring.legend[0].code);
    QCOMPARE(coloring.palette[coloring.codes[0]], categoryPalette(Theme::Light)[2]);
}

void TestColoring::manyCategoriesShareOther()
{
    std::vector<std::int32_t> codes;
    std::vector<std::string> names;
    for (int c = 0; c < 100; ++c) {
        names.push_back("c" + std::to_string(c));
        for (int i = 0; i <= c; ++i)
            codes.push_back(c);
    }
    const auto n = static_cast<Index>(codes.size());
    const Coloring coloring
        = colorByColumn(categoryColumn(codes, names), ColorMode::Auto, Theme::Dark);
    verifyCodes(coloring, n);
    QCOMPARE(static_cast<int>(coloring.legend.size()), kMaxCategoryColors + 1);
    QCOMPARE(coloring.legend.back().name, std::string("other"));
    QCOMPARE(coloring.codes[0], coloring.legend.back().code);
    QCOMPARE(coloring.missingCode, std::uint16_t{0xffff});
    Index total = 0;
    for (const LegendEntry& entry : coloring.legend)
        total += entry.count;
    QCOMPARE(total, n);
}

void TestColoring::numbersFollowTheGradient()
{
    const Column column = numberColumn({3, 1, 2, std::nan("")});
    const Coloring coloring = colorByColumn(column, ColorMode::Auto, Theme::Light);
    verifyCodes(coloring, 4);
    QVERIFY(coloring.isGradient);
    QCOMPARE(coloring.minimum, 1.0);
    QCOMPARE(coloring.maximum, 3.0);
    QVERIFY(coloring.codes[1] < coloring.codes[2] && coloring.codes[2] < coloring.codes[0]);
    QCOMPARE(coloring.palette[coloring.codes[1]], gradientColor(0, Theme::Light));
    QCOMPARE(coloring.palette[coloring.codes[0]], gradientColor(1, Theme::Light));
    QCOMPARE(coloring.palette[coloring.codes[3]], missingColor(Theme::Light));
    QCOMPARE(coloring.legend.size(), std::size_t{1});
    QVERIFY(coloring.legend[0].isMissing);
}

void TestColoring::infiniteAndConstantNumbersHaveAPlace()
{
    constexpr double inf = std::numeric_limits<double>::infinity();
    constexpr double huge = std::numeric_limits<double>::max();
    const Coloring wide
        = colorByColumn(numberColumn({-huge, huge, inf, -inf, 0}), ColorMode::Auto, Theme::Light);
    verifyCodes(wide, 5);
    QCOMPARE(wide.codes[2], wide.codes[1]);
    QCOMPARE(wide.codes[3], wide.codes[0]);
    QVERIFY(wide.codes[4] > wide.codes[0] && wide.codes[4] < wide.codes[1]);
    verifyCodes(colorByColumn(numberColumn({5, 5, 5}), ColorMode::Auto, Theme::Light), 3);
    verifyCodes(colorByColumn(numberColumn({std::nan(""), inf}), ColorMode::Auto, Theme::Light), 2);
    verifyCodes(colorByColumn(numberColumn({}), ColorMode::Auto, Theme::Light), 0);
}

void TestColoring::numbersCanBeCategoriesAndBack()
{
    const Column column = numberColumn({7, 7, 9});
    const Coloring categories = colorByColumn(column, ColorMode::Categories, Theme::Light);
    QVERIFY(!categories.isGradient);
    QCOMPARE(categories.legend.size(), std::size_t{2});
    QCOMPARE(categories.legend[0].name, std::string("7"));
    const Column years = categoryColumn({0, 1}, {"1999", "2001"});
    const Coloring gradient = colorByColumn(years, ColorMode::Gradient, Theme::Light);
    QVERIFY(gradient.isGradient);
    QCOMPARE(gradient.maximum, 2001.0);
}

void TestColoring::textThatIsNoNumberStaysCategories()
{
    const Column column = categoryColumn({0, 1}, {"red", "12"});
    QVERIFY(!colorByColumn(column, ColorMode::Gradient, Theme::Light).isGradient);
}

void TestColoring::plainAndImagesAreOneColor()
{
    const Coloring plain = plainColoring(3, Theme::Dark);
    verifyCodes(plain, 3);
    QVERIFY(plain.legend.empty());
    QCOMPARE(plain.palette, std::vector<Rgba>{plainColor(Theme::Dark)});
    ImageValues images;
    images.fileOf = {-1, -1};
    images.rects.resize(2);
    const Coloring coloring
        = colorByColumn(Column("picture", images), ColorMode::Auto, Theme::Dark);
    verifyCodes(coloring, 2);
    QVERIFY(coloring.legend.empty());
}

void TestColoring::theRampRunsFromLowToHigh()
{
    const auto ramp = gradientRamp(5, Theme::Dark);
    QCOMPARE(ramp.size(), std::size_t{5});
    QCOMPARE(ramp.front(), gradientColor(0, Theme::Dark));
    QCOMPARE(ramp.back(), gradientColor(1, Theme::Dark));
    QVERIFY(gradientRamp(0, Theme::Dark).empty());
}

QTEST_APPLESS_MAIN(TestColoring)
#include "tst_coloring.moc"
