#include "core/plot/palette.h"

#include <QTest>
#include <set>

using namespace embedscope;

class TestPalette : public QObject
{
    Q_OBJECT

private slots:
    void everyColorStandsOutFromTheBackground_data() { themes(); }
    void everyColorStandsOutFromTheBackground();
    void theFirstEightDifferToEveryEye_data() { themes(); }
    void theFirstEightDifferToEveryEye();
    void allCategoriesDiffer_data() { themes(); }
    void allCategoriesDiffer();
    void theGradientIsUniformAndRises_data() { themes(); }
    void theGradientIsUniformAndRises();
    void theGradientTakesAnyNumber();
    void okLabThereAndBack();
    void tornAndFalseDifferToEveryEye_data() { themes(); }
    void tornAndFalseDifferToEveryEye();

private:
    static void themes()
    {
        QTest::addColumn<Theme>("theme");
        QTest::newRow("light") << Theme::Light;
        QTest::newRow("dark") << Theme::Dark;
    }
};

Q_DECLARE_METATYPE(embedscope::Theme)

void TestPalette::everyColorStandsOutFromTheBackground()
{
    QFETCH(Theme, theme);
    const Rgba background = backgroundColor(theme);
    for (const Rgba color : categoryPalette(theme))
        QVERIFY2(contrastRatio(color, background) >= 1.6, qPrintable(QString::number(color, 16)));
    for (int i = 0; i <= 255; ++i)
        QVERIFY(contrastRatio(gradientColor(i / 255.0, theme), background) >= 1.6);
    for (const Rgba color : {missingColor(theme), otherColor(theme), plainColor(theme)})
        QVERIFY(contrastRatio(color, background) >= 1.9);
    QVERIFY(contrastRatio(foregroundColor(theme), background) >= 7);
}

void TestPalette::theFirstEightDifferToEveryEye()
{
    QFETCH(Theme, theme);
    const auto& palette = categoryPalette(theme);
    for (const auto vision :
        {ColorVision::Normal, ColorVision::Protanopia, ColorVision::Deuteranopia}) {
        const double wanted = vision == ColorVision::Normal ? 0.1 : 0.07;
        for (std::size_t i = 0; i < 8; ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                const double distance = colorDistance(toOkLab(simulateVision(palette[i], vision)),
                    toOkLab(simulateVision(palette[j], vision)));
                QVERIFY2(distance >= wanted,
                    qPrintable(QStringLiteral("%1 and %2: %3").arg(i).arg(j).arg(distance)));
            }
        }
    }
}

void TestPalette::allCategoriesDiffer()
{
    QFETCH(Theme, theme);
    auto colors = categoryPalette(theme);
    QCOMPARE(static_cast<int>(colors.size()), kMaxCategoryColors);
    colors.push_back(missingColor(theme));
    colors.push_back(otherColor(theme));
    for (std::size_t i = 0; i < colors.size(); ++i) {
        QCOMPARE(colors[i] >> 24U, 0xffU);
        for (std::size_t j = 0; j < i; ++j)
            QVERIFY(colorDistance(toOkLab(colors[i]), toOkLab(colors[j])) >= 0.045);
    }
}

void TestPalette::theGradientIsUniformAndRises()
{
    QFETCH(Theme, theme);
    constexpr int steps = 32;
    double shortest = 1;
    double longest = 0;
    OkLab before = toOkLab(gradientColor(0, theme));
    for (int i = 1; i <= steps; ++i) {
        const OkLab now = toOkLab(gradientColor(static_cast<double>(i) / steps, theme));
        QVERIFY(now.lightness > before.lightness);
        shortest = std::min(shortest, colorDistance(before, now));
        longest = std::max(longest, colorDistance(before, now));
        before = now;
    }
    QVERIFY2(
        longest < 1.35 * shortest, qPrintable(QStringLiteral("%1 %2").arg(shortest).arg(longest)));
}

void TestPalette::theGradientTakesAnyNumber()
{
    QCOMPARE(gradientColor(-1, Theme::Light), gradientColor(0, Theme::Light));
    QCOMPARE(gradientColor(2, Theme::Light), gradientColor(1, Theme::Light));
    QCOMPARE(gradientColor(std::nan(""), Theme::Light), gradientColor(0, Theme::Light));
}

void TestPalette::okLabThereAndBack()
{
    for (const Rgba color : {0xff000000U, 0xffffffffU, 0xff123456U, 0xffff0000U, 0xff00ff7fU})
        QCOMPARE(fromOkLab(toOkLab(color)), color);
    // Beyond sRGB: the lightness stays, the chroma gives way.
    const Rgba vivid = fromOkLab({0.7, 0.4, 0.1});
    QVERIFY(std::abs(toOkLab(vivid).lightness - 0.7) < 0.01);
}

void TestPalette::tornAndFalseDifferToEveryEye()
{
    QFETCH(Theme, theme);
    for (const Rgba color : {tornColor(theme), falseColor(theme)})
        QVERIFY(contrastRatio(color, backgroundColor(theme)) >= 4);
    for (const auto vision :
        {ColorVision::Normal, ColorVision::Protanopia, ColorVision::Deuteranopia}) {
        QVERIFY(colorDistance(toOkLab(simulateVision(tornColor(theme), vision)),
                    toOkLab(simulateVision(falseColor(theme), vision)))
            >= 0.15);
    }
}

QTEST_APPLESS_MAIN(TestPalette)
#include "tst_palette.moc"
