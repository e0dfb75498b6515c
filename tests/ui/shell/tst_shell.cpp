#include "tests/support/ui_test.h"
#include "ui/icons.h"
#include "ui/shell/file_watch.h"
#include "ui/shell/info_bar.h"
#include "ui/shell/open_plan.h"
#include "ui/shell/recent_files.h"
#include "ui/theme.h"

#include <QApplication>
#include <QDBusVariant>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <cmath>

using namespace embedscope;
using namespace embedscope::ui;

namespace {

/// Relative luminance, as the web's accessibility guidelines define it.
double luminance(const QColor& color)
{
    const auto linear
        = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace

class TestShell : public QObject
{
    Q_OBJECT

private:
    test::TemporaryFolder m_folder;

private slots:
    void init() { m_settings = std::make_unique<test::IsolatedSettings>(); }

    void oneFileIsTheTableWhateverItIs()
    {
        const OpenPlan plan = planOpening({QStringLiteral("/a/metadata.tsv")});
        QCOMPARE(plan.table, QStringLiteral("/a/metadata.tsv"));
        QVERIFY(plan.metadata.isEmpty() && plan.left.isEmpty());
        QVERIFY(planOpening({}).table.isEmpty());
    }

    void metadataIsToldFromTheTable()
    {
        const OpenPlan plan = planOpening({QStringLiteral("a/labels.csv"),
            QStringLiteral("a/vectors.npy"), QStringLiteral("a/other.npz")});
        QCOMPARE(plan.table, QStringLiteral("a/vectors.npy"));
        QCOMPARE(plan.metadata, QStringList{QStringLiteral("a/labels.csv")});
        QCOMPARE(plan.left, QStringList{QStringLiteral("a/other.npz")});
        const OpenPlan texts
            = planOpening({QStringLiteral("metadata.tsv"), QStringLiteral("tensors.tsv")});
        QCOMPARE(texts.table, QStringLiteral("tensors.tsv"));
        QCOMPARE(texts.metadata, QStringList{QStringLiteral("metadata.tsv")});
    }

    void recentFilesAreTenNewestFirstAndRemembered()
    {
        {
            RecentFiles files;
            for (int i = 0; i < 12; ++i)
                files.add(QStringLiteral("/f/%1.npy").arg(i));
            files.add(QStringLiteral("/f/5.npy"));
            QCOMPARE(files.files().size(), 10);
        }
        RecentFiles files;
        QCOMPARE(files.files().size(), 10);
        QCOMPARE(files.files()[0].path, QStringLiteral("/f/5.npy"));
        QCOMPARE(files.files()[1].path, QStringLiteral("/f/11.npy"));
        QVERIFY(files.files()[0].opened.isValid());
        files.remove(QStringLiteral("/f/11.npy"));
        QCOMPARE(files.files()[1].path, QStringLiteral("/f/10.npy"));
        files.clear();
        QVERIFY(RecentFiles().files().isEmpty());
    }

    void timesAreSaidAsAPersonWould()
    {
        const QDateTime now(QDate(2024, 3, 10), QTime(12, 0));
        QCOMPARE(relativeTime(now.addSecs(-5), now), QStringLiteral("just now"));
        QCOMPARE(relativeTime(now.addSecs(-300), now), QStringLiteral("5 minutes ago"));
        QCOMPARE(relativeTime(now.addSecs(-3700), now), QStringLiteral("an hour ago"));
        QCOMPARE(relativeTime(now.addSecs(-3 * 3600), now), QStringLiteral("3 hours ago"));
        QCOMPARE(relativeTime(now.addDays(-1), now), QStringLiteral("yesterday"));
        QCOMPARE(relativeTime(now.addDays(-4), now), QStringLiteral("4 days ago"));
        QVERIFY(!relativeTime(now.addDays(-40), now).isEmpty());
        QVERIFY(relativeTime({}, now).isEmpty());
    }

    void aChangedFileIsNoticedOnce()
    {
        const std::string path = m_folder.file("watched.txt");
        test::writeFile(path, "one");
        FileWatch watch;
        QSignalSpy changed(&watch, &FileWatch::changed);
        watch.watch(QString::fromStdString(path));
        watch.check();
        QVERIFY(changed.isEmpty());
        test::writeFile(path, "and another");
        watch.check();
        QCOMPARE(changed.size(), 1);
        watch.check();
        QCOMPARE(changed.size(), 1);
    }

    void filesReadAlongAreWatchedToo()
    {
        const std::string table = m_folder.file("table.txt");
        const std::string labels = m_folder.file("labels.txt");
        test::writeFile(table, "one");
        test::writeFile(labels, "two");
        FileWatch watch;
        QSignalSpy changed(&watch, &FileWatch::changed);
        watch.watch({QString::fromStdString(table), QString(), QString::fromStdString(labels)});
        test::writeFile(labels, "two and three");
        watch.check();
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.front().front().toString(), QString::fromStdString(labels));
        watch.watch(QStringList());
        test::writeFile(table, "another one");
        watch.check();
        QCOMPARE(changed.size(), 1);
    }

    void theSystemTellsOfAReplacedFile()
    {
        const std::string path = m_folder.file("replaced.txt");
        test::writeFile(path, "one");
        FileWatch watch;
        QSignalSpy changed(&watch, &FileWatch::changed);
        watch.watch(QString::fromStdString(path));
        for (int times = 1; times <= 2; ++times) {
            const std::string next = m_folder.file("next.txt");
            test::writeFile(next, std::string(static_cast<std::size_t>(10 * times), 'x'));
            QCOMPARE(std::rename(next.c_str(), path.c_str()), 0);
            QTRY_COMPARE(changed.size(), times);
        }
    }

    void messagesShowActAndGoAway()
    {
        InfoBar bar;
        QVERIFY(!bar.isVisible());
        bar.showMessage(InfoBar::Kind::Error, QStringLiteral("It broke."));
        QVERIFY(bar.isVisible());
        QCOMPARE(bar.message(), QStringLiteral("It broke."));
        auto* button = bar.findChild<QPushButton*>(QStringLiteral("infoBarAction"));
        QVERIFY(!button->isVisible());
        QTest::mouseClick(
            bar.findChild<QToolButton*>(QStringLiteral("infoBarClose")), Qt::LeftButton);
        QVERIFY(!bar.isVisible());
        int acted = 0;
        bar.showMessage(InfoBar::Kind::Information, QStringLiteral("Changed."),
            QStringLiteral("Reload"), [&acted] { ++acted; });
        QVERIFY(button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(acted, 1);
        QVERIFY(!bar.isVisible());
    }

    void textIsReadableInBothThemes()
    {
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            const QPalette p = paletteFor(theme);
            QVERIFY(contrast(p.color(QPalette::Text), p.color(QPalette::Base)) >= 7);
            QVERIFY(contrast(p.color(QPalette::WindowText), p.color(QPalette::Window)) >= 7);
            QVERIFY(contrast(p.color(QPalette::ButtonText), p.color(QPalette::Button)) >= 7);
            QVERIFY(contrast(p.color(QPalette::ToolTipText), p.color(QPalette::ToolTipBase)) >= 7);
            QVERIFY(
                contrast(p.color(QPalette::HighlightedText), p.color(QPalette::Highlight)) >= 4.2);
            QVERIFY(contrast(p.color(QPalette::PlaceholderText), p.color(QPalette::Base)) >= 4.5);
            QVERIFY(contrast(p.color(QPalette::Link), p.color(QPalette::Base)) >= 4.5);
        }
    }

    void theThemeIsSwitchedAndRemembered()
    {
        {
            ThemeController themes;
            QCOMPARE(themes.choice(), ThemeChoice::System);
            QSignalSpy changed(&themes, &ThemeController::themeChanged);
            themes.setChoice(ThemeChoice::Dark);
            themes.setChoice(ThemeChoice::Light);
            themes.setChoice(ThemeChoice::Dark);
            QCOMPARE(themes.theme(), Theme::Dark);
            QVERIFY(changed.size() >= 2);
            QVERIFY(QApplication::palette().color(QPalette::Window).lightness() < 128);
        }
        ThemeController themes;
        QCOMPARE(themes.choice(), ThemeChoice::Dark);
        QCOMPARE(themes.theme(), Theme::Dark);
        themes.setChoice(ThemeChoice::Light);
        QVERIFY(QApplication::palette().color(QPalette::Window).lightness() > 128);
    }

    void thePortalsWordIsFollowedUnlessOneChose()
    {
        ThemeController themes;
        const auto tell = [&themes](const char* area, uint value) {
            QMetaObject::invokeMethod(&themes, "portalChanged",
                Q_ARG(QString, QString::fromLatin1(area)),
                Q_ARG(QString, QStringLiteral("color-scheme")),
                Q_ARG(QDBusVariant, QDBusVariant(value)));
        };
        tell("org.freedesktop.appearance", 1);
        QCOMPARE(themes.theme(), Theme::Dark);
        tell("org.gnome.something", 2);
        QCOMPARE(themes.theme(), Theme::Dark);
        tell("org.freedesktop.appearance", 2);
        QCOMPARE(themes.theme(), Theme::Light);
        themes.setChoice(ThemeChoice::Light);
        tell("org.freedesktop.appearance", 1);
        QCOMPARE(themes.theme(), Theme::Light);
        themes.setChoice(ThemeChoice::System);
        QCOMPARE(themes.theme(), Theme::Dark);
    }

    void iconsTakeThePalettesColour()
    {
        const QIcon open = icon(QStringLiteral("open"));
        const auto meanLightness = [&open] {
            const QImage image = open.pixmap(QSize(32, 32), 1.0).toImage();
            double sum = 0;
            int count = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    if (image.pixelColor(x, y).alpha() > 200) {
                        sum += image.pixelColor(x, y).lightness();
                        ++count;
                    }
                }
            }
            return count > 0 ? sum / count : -1.0;
        };
        QApplication::setPalette(paletteFor(Theme::Light));
        QVERIFY(meanLightness() >= 0 && meanLightness() < 90);
        QApplication::setPalette(paletteFor(Theme::Dark));
        QVERIFY(meanLightness() > 180);
        QVERIFY(icon(QStringLiteral("no such icon")).isNull());
        QVERIFY(!applicationIcon().pixmap(QSize(64, 64)).isNull());
    }

private:
    std::unique_ptr<test::IsolatedSettings> m_settings;
};

QTEST_MAIN(TestShell)
#include "tst_shell.moc"
