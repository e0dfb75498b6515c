// What a file is offered with: the other steps of its run, and which of its tables joins the map.

#include "tests/support/ui_test.h"
#include "ui/dialogs/tensor_chooser.h"
#include "ui/main_window.h"
#include "ui/shell/info_bar.h"
#include "ui/shell/recent_files.h"
#include "ui/workspace/workspace.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace embedscope;
using namespace embedscope::ui;

class TestStepsAndAdded : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::TemporaryFolder> m_folder;
    std::unique_ptr<test::IsolatedSettings> m_settings;

    QString saved(const std::string& name, const std::string& bytes) const
    {
        test::writeFile(m_folder->file(name), bytes);
        return QString::fromStdString(m_folder->file(name));
    }

    QString step(int number) const
    {
        return saved("style-" + std::to_string(number) + ".safetensors",
            test::safetensors({{"emb_params", "F32", "[1,768]",
                std::string(768 * 4, static_cast<char>(number % 7 + 1))}}));
    }

    /// Users and items of those widths; items are the likelier table.
    QString twoTables(const std::string& name, int userWidth, int itemWidth) const
    {
        const auto table = [](const char* tensor, int rows, int width, char value) {
            return test::TensorBytes{tensor, "F32",
                '[' + std::to_string(rows) + ',' + std::to_string(width) + ']',
                std::string(static_cast<std::size_t>(rows * width) * 4, value)};
        };
        return saved(name,
            test::safetensors({table("user_embeddings", 4, userWidth, '\1'),
                table("item_embeddings", 9, itemWidth, '\2')}));
    }

    static void open(MainWindow& window, const QString& path, const QStringList& added = {})
    {
        window.show();
        window.openFiles({path}, {}, added);
        QTRY_VERIFY(window.workspace().dataset() && window.workspace().layout()
            && !window.workspace().isLoading());
    }

    static QPushButton* offer(MainWindow& window)
    {
        return window.infoBar().findChild<QPushButton*>(QStringLiteral("infoBarAction"));
    }

    static TensorChooser* chooser(MainWindow& window) { return window.findChild<TensorChooser*>(); }

    static void choose(MainWindow& window)
    {
        QTest::mouseClick(
            chooser(window)->findChild<QPushButton*>(QStringLiteral("tensorOpen")), Qt::LeftButton);
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<test::TemporaryFolder>();
        m_settings = std::make_unique<test::IsolatedSettings>();
    }

    void aStepOffersItsSeries()
    {
        const QString path = step(200);
        step(1000);
        step(400);
        MainWindow window;
        open(window, path);
        QTRY_VERIFY(window.infoBar().isVisible());
        QVERIFY(window.infoBar().message().contains(QStringLiteral("style-200.safetensors")));
        QVERIFY(offer(window)->text().contains(QStringLiteral("all 3 steps")));
        QCOMPARE(window.workspace().dataset()->size(), Index{1}); // Until it is asked for.
        QVERIFY(QApplication::activeModalWidget() == nullptr);
        QTest::mouseClick(offer(window), Qt::LeftButton);
        QTRY_COMPARE(window.workspace().dataset()->size(), Index{3});
        QCOMPARE(window.workspace().dataset()->label(2), std::string("style 1000"));
        QVERIFY(!window.infoBar().isVisible());
        // The run has a path of its own, by which it is found again.
        const QString run = QString::fromStdString(m_folder->file("style-*.safetensors"));
        QCOMPARE(window.workspace().path(), run);
        QCOMPARE(window.recentFiles().files().first().path, run);
        step(1200);
        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        window.workspace().reload();
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(window.workspace().dataset()->size(), Index{4});
    }

    void aLoneFileOffersNothing()
    {
        MainWindow window;
        open(window, step(200));
        QVERIFY(window.workspace().steps().empty());
        QVERIFY(!window.infoBar().isVisible());
    }

    void anotherTableTakesTheOfferBack()
    {
        const QString path = step(200);
        step(400);
        MainWindow window;
        open(window, path);
        QTRY_VERIFY(window.infoBar().isVisible());
        const QString other = QString::fromStdString(test::npyFile(*m_folder, "a.npy", 40, 6));
        window.openFiles({other});
        QTRY_COMPARE(window.workspace().path(), other);
        QVERIFY(window.workspace().steps().empty());
        QVERIFY(!window.infoBar().isVisible());
    }

    void anAddedFileAsksWhichTableIsMeant()
    {
        MainWindow window;
        open(window, QString::fromStdString(test::npyFile(*m_folder, "base.npy", 40, 6)));
        window.workspace().addToMap({twoTables("factors.safetensors", 6, 6)});
        QTRY_VERIFY(chooser(window) != nullptr);
        QCOMPARE(window.workspace().dataset()->size(), Index{40});
        QVERIFY(!window.workspace().isLoading());
        QCOMPARE(chooser(window)->chosen(), std::string("item_embeddings"));
        QVERIFY(chooser(window)
                    ->findChild<QLabel*>(QStringLiteral("tensorAbout"))
                    ->text()
                    .contains(QStringLiteral("added to the map")));
        QTest::keyClicks(chooser(window)->focusWidget(), QStringLiteral("user"));
        QCOMPARE(chooser(window)->chosen(), std::string("user_embeddings"));
        choose(window);
        QTRY_COMPARE(window.workspace().dataset()->size(), Index{44});
        QCOMPARE(window.workspace().dataset()->provenance().parts[1].tensor,
            std::string("user_embeddings"));
        // It is not asked again.
        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        window.workspace().reload();
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(window.workspace().dataset()->size(), Index{44});
    }

    void leavingTheQuestionLeavesTheMap()
    {
        MainWindow window;
        open(window, QString::fromStdString(test::npyFile(*m_folder, "base.npy", 40, 6)));
        const auto dataset = window.workspace().dataset();
        window.workspace().addToMap({twoTables("factors.safetensors", 6, 6)});
        QTRY_VERIFY(chooser(window) != nullptr);
        chooser(window)->reject();
        QTRY_VERIFY(chooser(window) == nullptr);
        QCOMPARE(window.workspace().dataset(), dataset);
    }

    void theTableThatFitsIsMarked()
    {
        MainWindow window;
        open(window, QString::fromStdString(test::npyFile(*m_folder, "base.npy", 40, 6)));
        window.workspace().addToMap({twoTables("factors.safetensors", 6, 7)});
        QTRY_VERIFY(chooser(window) != nullptr);
        QCOMPARE(chooser(window)->chosen(), std::string("user_embeddings"));
        choose(window);
        QTRY_COMPARE(window.workspace().dataset()->size(), Index{44});
    }

    void filesAreAddedInTheirOrder()
    {
        const QString third = QString::fromStdString(test::npyFile(*m_folder, "third.npy", 5, 6));
        MainWindow window;
        window.show();
        window.openFiles({QString::fromStdString(test::npyFile(*m_folder, "base.npy", 40, 6))}, {},
            {twoTables("factors.safetensors", 6, 6), third});
        QTRY_VERIFY(chooser(window) != nullptr);
        QCOMPARE(window.workspace().dataset()->size(), Index{40});
        choose(window);
        QTRY_COMPARE(window.workspace().dataset()->size(), Index{54});
        const auto& parts = window.workspace().dataset()->provenance().parts;
        QCOMPARE(parts[1].name, std::string("factors.safetensors"));
        QCOMPARE(parts[2].name, std::string("third.npy"));
    }

    void nobodyIsAskedWithoutAWindow()
    {
        Workspace workspace;
        workspace.open(QString::fromStdString(test::npyFile(*m_folder, "base.npy", 40, 6)), {}, {},
            {twoTables("factors.safetensors", 6, 6)});
        QTRY_VERIFY(workspace.dataset());
        QCOMPARE(workspace.dataset()->size(), Index{49});
    }
};

QTEST_MAIN(TestStepsAndAdded)
#include "tst_steps_and_added.moc"
