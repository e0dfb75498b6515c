#include "ui/dialogs/tensor_chooser.h"

#include "tests/support/ui_test.h"
#include "ui/main_window.h"
#include "ui/models/tensor_list_model.h"
#include "ui/shell/info_bar.h"
#include "ui/workspace/workspace.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTreeView>

using namespace embedscope;
using namespace embedscope::ui;

namespace {

/// Users and items: either could be meant. And something that cannot be opened.
std::string twoOfAKind(const test::TemporaryFolder& folder)
{
    const std::string path = folder.file("factors.safetensors");
    const auto table = [](const char* name, int rows, char value) {
        return test::TensorBytes{name, "F32", '[' + std::to_string(rows) + ",3]",
            std::string(static_cast<std::size_t>(rows) * 12, value)};
    };
    test::writeFile(path,
        test::safetensors({table("user_embeddings", 4, '\1'), table("item_embeddings", 9, '\2'),
            {"phase", "C64", "[1]", std::string(8, '\0')}}));
    return path;
}

std::shared_ptr<const TableList> listOf(const std::string& path)
{
    return std::make_shared<const TableList>(openAndList(path, {}, true, {}).value().tables);
}

struct Fixture
{
    test::TemporaryFolder folder;
    std::string path = twoOfAKind(folder);
    TensorChooser chooser{QString::fromStdString(path), {}, listOf(path), {}};
    QLineEdit* filter = chooser.findChild<QLineEdit*>(QStringLiteral("tensorFilter"));
    QTreeView* list = chooser.findChild<QTreeView*>(QStringLiteral("tensorList"));
    QPushButton* open = chooser.findChild<QPushButton*>(QStringLiteral("tensorOpen"));
    QLabel* caption = chooser.findChild<QLabel*>(QStringLiteral("tensorCaption"));
    QAbstractItemModel* preview
        = chooser.findChild<QTableView*>(QStringLiteral("tensorPreview"))->model();

    Fixture()
    {
        chooser.show();
        filter->setFocus();
    }
};

} // namespace

class TestTensorChooser : public QObject
{
    Q_OBJECT

private slots:
    void theBestIsMarkedAndShown()
    {
        Fixture f;
        QCOMPARE(f.chooser.chosen(), std::string("item_embeddings"));
        QCOMPARE(f.list->model()->rowCount(), 3);
        QTRY_COMPARE(f.preview->rowCount(), 6);
        QCOMPARE(f.preview->columnCount(), 3);
        QVERIFY(f.open->isEnabled());
    }

    void theKeyboardIsEnough()
    {
        Fixture f;
        QSignalSpy accepted(&f.chooser, &QDialog::accepted);
        QTest::keyClick(f.filter, Qt::Key_Down);
        QCOMPARE(f.chooser.chosen(), std::string("user_embeddings"));
        QTRY_COMPARE(f.preview->rowCount(), 4);
        QTest::keyClick(f.filter, Qt::Key_Up);
        QCOMPARE(f.chooser.chosen(), std::string("item_embeddings"));
        QTest::keyClicks(f.filter, QStringLiteral("USER"));
        QCOMPARE(f.list->model()->rowCount(), 1);
        QCOMPARE(f.chooser.chosen(), std::string("user_embeddings"));
        QTest::keyClick(f.filter, Qt::Key_Return);
        QCOMPARE(accepted.size(), 1);
    }

    void escapeLeaves()
    {
        Fixture f;
        QSignalSpy rejected(&f.chooser, &QDialog::rejected);
        QTest::keyClick(f.filter, Qt::Key_Escape);
        QCOMPARE(rejected.size(), 1);
    }

    void whatCannotBeOpenedSaysWhy()
    {
        Fixture f;
        QSignalSpy accepted(&f.chooser, &QDialog::accepted);
        QTest::keyClicks(f.filter, QStringLiteral("phase"));
        QVERIFY(!f.open->isEnabled());
        QVERIFY(f.caption->text().contains(QStringLiteral("C64")));
        QTest::keyClick(f.filter, Qt::Key_Return);
        QCOMPARE(accepted.size(), 0);
        f.filter->setText(QStringLiteral("nothing of the kind"));
        QVERIFY(!f.open->isEnabled());
        QVERIFY(f.chooser.chosen().empty());
        f.filter->clear();
        QVERIFY(f.open->isEnabled() || f.chooser.chosen() == "phase");
    }

    void theModelKeepsItsPromises()
    {
        const test::TemporaryFolder folder;
        TensorListModel model(listOf(twoOfAKind(folder)));
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(1, TensorListModel::ShapeColumn).data().toString(),
            QStringLiteral("9 × 3"));
    }

    void theWindowAsksWhereNothingStandsOut()
    {
        const test::TemporaryFolder folder;
        const test::IsolatedSettings settings;
        MainWindow window;
        window.show();
        window.openFiles({QString::fromStdString(twoOfAKind(folder))});
        TensorChooser* chooser = nullptr;
        QTRY_VERIFY((chooser = window.findChild<TensorChooser*>()) != nullptr);
        QVERIFY(!window.workspace().dataset());
        QVERIFY(!window.workspace().isLoading());
        auto* filter = chooser->findChild<QLineEdit*>(QStringLiteral("tensorFilter"));
        QTest::keyClicks(filter, QStringLiteral("user"));
        QTest::keyClick(filter, Qt::Key_Return);
        QTRY_VERIFY(window.workspace().dataset() != nullptr);
        QCOMPARE(window.workspace().dataset()->provenance().tensor, std::string("user_embeddings"));
        QVERIFY(!window.infoBar().isVisible()); // It was chosen; nobody need be told of others.
        QVERIFY(window.action(QStringLiteral("file.chooseTable"))->isEnabled());
        // Read again, it stays what was chosen.
        QSignalSpy changed(&window.workspace(), &Workspace::datasetChanged);
        window.workspace().reload();
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(window.workspace().dataset()->provenance().tensor, std::string("user_embeddings"));
    }

    void theWindowOffersTheOthersWhereOneStandsOut()
    {
        const test::TemporaryFolder folder;
        const test::IsolatedSettings settings;
        MainWindow window;
        window.show();
        window.openFiles({QString::fromStdString(test::twoTables(folder))});
        QTRY_VERIFY(window.workspace().dataset() != nullptr);
        QVERIFY(window.infoBar().isVisible());
        QVERIFY(window.infoBar().message().contains(QStringLiteral("embed_tokens.weight")));
        QTest::mouseClick(window.infoBar().findChild<QPushButton*>(QStringLiteral("infoBarAction")),
            Qt::LeftButton);
        TensorChooser* chooser = nullptr;
        QTRY_VERIFY((chooser = window.findChild<TensorChooser*>()) != nullptr);
        QCOMPARE(chooser->chosen(), std::string("embed_tokens.weight"));
    }

    void aNamedTableIsNotAskedFor()
    {
        const test::TemporaryFolder folder;
        const test::IsolatedSettings settings;
        MainWindow window;
        window.show();
        ReadOptions options;
        options.tensor = "item_embeddings";
        window.openFiles({QString::fromStdString(twoOfAKind(folder))}, options);
        QTRY_VERIFY(window.workspace().dataset() != nullptr);
        QCOMPARE(window.workspace().dataset()->size(), Index{9});
        QVERIFY(window.findChild<TensorChooser*>() == nullptr);
    }
};

QTEST_MAIN(TestTensorChooser)
#include "tst_tensor_chooser.moc"
