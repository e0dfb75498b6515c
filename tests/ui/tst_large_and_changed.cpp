// Files that are too large to be opened whole, and files that change while they are open.

#include "core/projection/projection.h"
#include "tests/support/ui_test.h"
#include "ui/dialogs/too_large_dialog.h"
#include "ui/main_window.h"
#include "ui/shell/info_bar.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/workspace.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <filesystem>

using namespace embedscope;
using namespace embedscope::ui;

class TestLargeAndChanged : public QObject
{
    Q_OBJECT

private:
    test::TemporaryFolder m_folder;
    std::unique_ptr<test::IsolatedSettings> m_settings;

    /// 1000 x 10 values, with less memory than that allowed.
    QString openTooLarge(MainWindow& window)
    {
        const QString path = QString::fromStdString(test::npyFile(m_folder, "large.npy", 1000, 10));
        ReadOptions options;
        options.maxMemory = 30'000;
        window.show();
        window.openFiles({path}, options);
        return path;
    }

    static TooLargeDialog* dialogOf(MainWindow& window)
    {
        return window.findChild<TooLargeDialog*>();
    }

    static void answer(TooLargeDialog* dialog, QDialogButtonBox::StandardButton button)
    {
        QTest::mouseClick(dialog->findChild<QDialogButtonBox*>()->button(button), Qt::LeftButton);
    }

private slots:
    void init() { m_settings = std::make_unique<test::IsolatedSettings>(); }

    void aSampleIsOfferedAndKept()
    {
        MainWindow window;
        openTooLarge(window);
        QTRY_VERIFY(dialogOf(window) != nullptr);
        TooLargeDialog* dialog = dialogOf(window);
        QVERIFY(!window.workspace().dataset());
        const QString about = dialog->findChild<QLabel*>(QStringLiteral("tooLargeAbout"))->text();
        QVERIFY(
            about.contains(QStringLiteral("1,000")) && about.contains(QStringLiteral("large.npy")));
        auto* sample = dialog->findChild<QRadioButton*>(QStringLiteral("tooLargeSample"));
        QVERIFY(sample->isVisible());
        dialog->findChild<QSpinBox*>(QStringLiteral("tooLargeCount"))->setValue(120);
        dialog->findChild<QSpinBox*>(QStringLiteral("tooLargeSeed"))->setValue(3);
        QVERIFY(sample->isChecked());
        answer(dialog, QDialogButtonBox::Open);
        QTRY_VERIFY(window.workspace().dataset());
        const auto rows = window.workspace().dataset()->provenance().rows;
        QCOMPARE(window.workspace().dataset()->size(), Index{120});
        QCOMPARE(rows->description(), std::string("a random sample of 120 of 1,000 rows, seed 3"));
        QVERIFY(window.findChild<QLabel*>(QStringLiteral("statusTable"))
                    ->text()
                    .contains(QStringLiteral("part of 1,000 rows")));
        // The map's recipe says of what it is.
        QTRY_VERIFY(window.workspace().layout());
        QCOMPARE(window.workspace().layout()->recipe.rows, rows->description());

        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        window.workspace().reload();
        QTRY_COMPARE(opened.size(), 1);
        for (Index i = 0; i < 120; ++i)
            QCOMPARE((*window.workspace().dataset()->provenance().rows)[i], (*rows)[i]);
    }

    void float16IsOfferedWhereItFits()
    {
        MainWindow window;
        openTooLarge(window);
        QTRY_VERIFY(dialogOf(window) != nullptr);
        TooLargeDialog* dialog = dialogOf(window);
        auto* half = dialog->findChild<QRadioButton*>(QStringLiteral("tooLargeHalf"));
        QVERIFY(half->isVisible() && half->isChecked());
        answer(dialog, QDialogButtonBox::Open);
        QTRY_VERIFY(window.workspace().dataset());
        QCOMPARE(window.workspace().dataset()->size(), Index{1000});
        QVERIFY(window.workspace().dataset()->vectors().isHalf());
        QTRY_VERIFY(window.workspace().layout());

        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        window.workspace().reload();
        QTRY_COMPARE(opened.size(), 1);
        QVERIFY(window.workspace().dataset()->vectors().isHalf());
    }

    void float16IsNotOfferedWhereItDoesNotHelp()
    {
        for (const bool isHalf : {false, true}) {
            ReadOptions options;
            options.isHalf = isHalf;
            // Half of it is still more than there is; and what is half already is not halved again.
            const RefusedTable table{1000, 10, 40'000, isHalf ? 30'000U : 20'000U};
            TooLargeDialog dialog(QStringLiteral("large.npy"), table, options);
            dialog.show();
            QVERIFY(!dialog.findChild<QRadioButton*>(QStringLiteral("tooLargeHalf"))->isVisible());
            QVERIFY(dialog.findChild<QRadioButton*>(QStringLiteral("tooLargeSample"))->isChecked());
            QCOMPARE(dialog.options().isHalf, isHalf);
        }
    }

    void aRangeIsOffered()
    {
        MainWindow window;
        openTooLarge(window);
        QTRY_VERIFY(dialogOf(window) != nullptr);
        TooLargeDialog* dialog = dialogOf(window);
        auto* first = dialog->findChild<QSpinBox*>(QStringLiteral("tooLargeFirst"));
        auto* last = dialog->findChild<QSpinBox*>(QStringLiteral("tooLargeLast"));
        first->setValue(900);
        QVERIFY(dialog->findChild<QRadioButton*>(QStringLiteral("tooLargeRange"))->isChecked());
        QVERIFY(last->value() >= 900); // Never before the first.
        last->setValue(949);
        answer(dialog, QDialogButtonBox::Open);
        QTRY_VERIFY(window.workspace().dataset());
        QCOMPARE(window.workspace().dataset()->size(), Index{50});
        QCOMPARE(window.workspace().dataset()->fileRow(0), Index{900});
        QCOMPARE(window.workspace().dataset()->name(49), std::string("row 949"));
    }

    void allOfItCanBeHadAllTheSame()
    {
        MainWindow window;
        openTooLarge(window);
        QTRY_VERIFY(dialogOf(window) != nullptr);
        TooLargeDialog* dialog = dialogOf(window);
        dialog->findChild<QRadioButton*>(QStringLiteral("tooLargeAll"))->click();
        answer(dialog, QDialogButtonBox::Open);
        QTRY_VERIFY(window.workspace().dataset());
        QCOMPARE(window.workspace().dataset()->size(), Index{1000});
    }

    void cancelLeavesWhatIsOpen()
    {
        MainWindow window;
        openTooLarge(window);
        QTRY_VERIFY(dialogOf(window) != nullptr);
        answer(dialogOf(window), QDialogButtonBox::Cancel);
        QTRY_VERIFY(dialogOf(window) == nullptr);
        QVERIFY(!window.workspace().dataset());
        QVERIFY(window.infoBar().message().contains(QStringLiteral("in memory")));
    }

    void theSampleOfferedFits()
    {
        RefusedTable table{5'000'000, 768, 15'360'000'000, 4'000'000'000};
        QCOMPARE(TooLargeDialog::roundSample(table), Index{500'000});
        table.allowed = 0;
        QCOMPARE(TooLargeDialog::roundSample(table), Index{1});
        table = {3, 1'000'000'000, 12'000'000'000, 7'000'000'000};
        QCOMPARE(TooLargeDialog::roundSample(table), Index{1});
    }

    void aFormatThatIsReadWholeOffersNoPart()
    {
        std::string values = "%%MatrixMarket matrix array real general\n2000 2\n";
        for (int i = 0; i < 4000; ++i)
            values += "1.5\n";
        test::writeFile(m_folder.file("t.mtx"), values);
        ReadOptions options;
        options.maxMemory = 5000;
        options.rows.sample = 10;
        MainWindow window;
        window.show();
        window.openFiles({QString::fromStdString(m_folder.file("t.mtx"))}, options);
        QTRY_VERIFY(dialogOf(window) != nullptr);
        TooLargeDialog* dialog = dialogOf(window);
        QVERIFY(!dialog->findChild<QSpinBox*>(QStringLiteral("tooLargeCount"))->isVisible());
        answer(dialog, QDialogButtonBox::Open);
        QTRY_VERIFY(window.workspace().dataset());
        QCOMPARE(window.workspace().dataset()->size(), Index{10});
    }

    void aFileThatIsRewrittenIsOfferedAgain()
    {
        const std::string path = test::npyFile(m_folder, "changing.npy", 40, 6);
        MainWindow window;
        window.show();
        ReadOptions options;
        options.rows.range = {5, 25};
        window.openFiles({QString::fromStdString(path)}, options);
        QTRY_VERIFY(window.workspace().dataset());
        test::npyFile(m_folder, "changing.npy", 60, 6);
        auto* reload = window.infoBar().findChild<QPushButton*>(QStringLiteral("infoBarAction"));
        QTRY_VERIFY(reload->isVisible());
        QVERIFY(window.infoBar().message().contains(QStringLiteral("has changed on disk")));
        QCOMPARE(window.workspace().dataset()->fileRows(), Index{40});
        QTest::mouseClick(reload, Qt::LeftButton);
        QTRY_COMPARE(window.workspace().dataset()->fileRows(), Index{60});
        QCOMPARE(window.workspace().dataset()->size(), Index{20}); // As it was asked for.
    }

    void aFileThatShrinksIsNoHarm()
    {
        const std::string path = test::npyFile(m_folder, "shrinking.npy", 400, 6);
        MainWindow window;
        window.show();
        window.openFiles({QString::fromStdString(path)});
        QTRY_VERIFY(window.workspace().layout());
        std::filesystem::resize_file(path, 1000);
        auto* reload = window.infoBar().findChild<QPushButton*>(QStringLiteral("infoBarAction"));
        QTRY_VERIFY(reload->isVisible());
        QTest::mouseClick(reload, Qt::LeftButton);
        QTRY_VERIFY(window.infoBar().message().contains(QStringLiteral("promises")));
        // What is open stays, and can be worked with.
        QCOMPARE(window.workspace().dataset()->size(), Index{400});
        window.workspace().projection()->run({});
        QTRY_VERIFY(window.workspace().projection()->phase() != ProjectionState::Phase::Running);
    }
};

QTEST_MAIN(TestLargeAndChanged)
#include "tst_large_and_changed.moc"
