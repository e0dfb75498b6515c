#include "ui/workspace/workspace.h"

#include "core/io/writers/write.h"
#include "tests/support/test_data.h"
#include "tests/support/ui_test.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"

#include <QSignalSpy>
#include <QTest>

using namespace embedscope;
using namespace embedscope::ui;
using embedscope::test::TemporaryFolder;

class TestWorkspace : public QObject
{
    Q_OBJECT

private:
    TemporaryFolder m_folder;
    QString m_words;

    static void open(Workspace& workspace, const QString& path, const QStringList& metadata = {})
    {
        QSignalSpy opened(&workspace, &Workspace::datasetChanged);
        workspace.open(path, {}, metadata);
        QTRY_COMPARE(opened.size(), 1);
        QTRY_VERIFY(workspace.layout());
    }

private slots:
    void initTestCase()
    {
        m_words = QString::fromStdString(test::wordsFile(m_folder, "words.txt", 30, 5));
    }

    void opensAFileAndDrawsThePcaPicture()
    {
        Workspace workspace;
        QVERIFY(!workspace.dataset());
        open(workspace, m_words);
        QCOMPARE(workspace.dataset()->size(), 30);
        QCOMPARE(workspace.path(), m_words);
        QCOMPARE(workspace.layout()->size(), 30);
        QCOMPARE(workspace.layout()->recipe.method, std::string("pca"));
        QVERIFY(!workspace.isLoading());
        QVERIFY(workspace.color()->coloring());
        QCOMPARE(workspace.selection()->selected().universe(), 30);
    }

    void aFailureLeavesWhatWasOpen()
    {
        Workspace workspace;
        open(workspace, m_words);
        const auto before = workspace.dataset();
        QSignalSpy failed(&workspace, &Workspace::failed);
        workspace.open(QStringLiteral("/nowhere/at/all.npy"));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains(QStringLiteral("all.npy")));
        QCOMPARE(workspace.dataset(), before);
        QCOMPARE(workspace.path(), m_words);
        QVERIFY(!workspace.isLoading());
    }

    void stoppedLoadingChangesNothing()
    {
        Workspace workspace;
        QSignalSpy opened(&workspace, &Workspace::datasetChanged);
        QSignalSpy failed(&workspace, &Workspace::failed);
        workspace.open(m_words);
        QVERIFY(workspace.isLoading());
        QCOMPARE(workspace.loadingPath(), m_words);
        workspace.stopLoading();
        QVERIFY(!workspace.isLoading());
        // A file opened after it arrives; the stopped one would have before it.
        open(workspace, m_words);
        QCOMPARE(opened.size(), 1);
        QVERIFY(failed.isEmpty());
    }

    void reloadKeepsSelectionAndMetadata()
    {
        const std::string path = test::wordsFile(m_folder, "again.txt", 30, 5);
        std::string metadata = "colour\n";
        for (int i = 0; i < 30; ++i)
            metadata += i % 2 == 0 ? "red\n" : "blue\n";
        test::writeFile(m_folder.file("meta.tsv"), metadata);
        Workspace workspace;
        open(workspace, QString::fromStdString(path));
        QSignalSpy more(&workspace, &Workspace::columnsChanged);
        workspace.addMetadata(QString::fromStdString(m_folder.file("meta.tsv")));
        QTRY_COMPARE(more.size(), 1);
        QVERIFY(findColumn(workspace.dataset()->columns(), "colour"));
        workspace.selection()->selectPoint(4);
        QSignalSpy opened(&workspace, &Workspace::datasetChanged);
        workspace.reload();
        QTRY_COMPARE(opened.size(), 1);
        QVERIFY(findColumn(workspace.dataset()->columns(), "colour"));
        QCOMPARE(workspace.selection()->current(), PointId{4});
        // Another number of rows: nothing is kept.
        test::wordsFile(m_folder, "again.txt", 12, 5);
        workspace.reload();
        QTRY_COMPARE(opened.size(), 2);
        QCOMPARE(workspace.dataset()->size(), 12);
        QVERIFY(workspace.selection()->selected().isEmpty());
    }

    void metadataThatCannotBeReadIsReportedAndTheTableStillOpens()
    {
        Workspace workspace;
        QSignalSpy failed(&workspace, &Workspace::failed);
        open(workspace, m_words, {QStringLiteral("/nowhere/meta.tsv")});
        QCOMPARE(workspace.dataset()->size(), 30);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains(QStringLiteral("meta.tsv")));
    }

    void closeEmptiesEverything()
    {
        Workspace workspace;
        open(workspace, m_words);
        workspace.selection()->selectPoint(1);
        workspace.search()->setQuery(QStringLiteral("group1"));
        workspace.close();
        QVERIFY(!workspace.dataset());
        QVERIFY(!workspace.layout());
        QVERIFY(workspace.path().isEmpty());
        QVERIFY(workspace.selection()->selected().isEmpty());
        QCOMPARE(workspace.selection()->current(), kNoPoint);
        QVERIFY(!workspace.neighbors()->list());
        QVERIFY(workspace.search()->result()->ids.empty());
        QVERIFY(!workspace.color()->coloring());
        QCOMPARE(workspace.projection()->phase(), ProjectionState::Phase::Idle);
    }

    void theCurrentPointGetsItsNeighbours()
    {
        Workspace workspace;
        open(workspace, m_words);
        workspace.neighbors()->setK(5);
        workspace.selection()->selectPoint(0);
        QTRY_VERIFY(workspace.neighbors()->list());
        QCOMPARE(workspace.neighbors()->list()->neighbors.size(), std::size_t{5});
        for (const Neighbor& neighbor : workspace.neighbors()->list()->neighbors)
            QCOMPARE(neighbor.id % 3, PointId{0}); // Blob 0 holds every third row.
    }

    void backAndForwardWalkTheWay()
    {
        Workspace workspace;
        open(workspace, m_words);
        NeighborState* neighbors = workspace.neighbors();
        for (const PointId id : {1, 2, 3})
            workspace.selection()->selectPoint(id);
        QVERIFY(neighbors->canGoBack() && !neighbors->canGoForward());
        neighbors->goBack();
        QCOMPARE(workspace.selection()->current(), PointId{2});
        neighbors->goBack();
        QCOMPARE(workspace.selection()->current(), PointId{1});
        QVERIFY(!neighbors->canGoBack());
        neighbors->goForward();
        QCOMPARE(workspace.selection()->current(), PointId{2});
        workspace.selection()->selectPoint(7);
        QVERIFY(!neighbors->canGoForward());
    }

    void searchFindsAndWalksHits()
    {
        Workspace workspace;
        open(workspace, m_words);
        SearchState* search = workspace.search();
        search->setQuery(QStringLiteral("GROUP1_"));
        QTRY_COMPARE(search->result()->ids.size(), std::size_t{10});
        QCOMPARE(search->position(), -1);
        search->next();
        QCOMPARE(search->position(), 0);
        search->previous();
        QCOMPARE(search->position(), 9);
        search->next();
        QCOMPARE(search->position(), 0);
        QCOMPARE(search->currentHit(), search->result()->ids.front());
        search->setRegularExpression(true);
        search->setQuery(QStringLiteral("(unclosed"));
        QTRY_VERIFY(!search->error().isEmpty());
        QVERIFY(search->result()->ids.empty());
    }

    void selectionByMode()
    {
        SelectionState selection;
        selection.reset(10);
        QSignalSpy changed(&selection, &SelectionState::selectionChanged);
        selection.select(PointSet(10, {1, 2, 3}), SelectionMode::Replace);
        QCOMPARE(selection.current(), kNoPoint);
        selection.select(PointSet(10, {3, 4}), SelectionMode::Toggle);
        QCOMPARE(selection.selected().ids(), (std::vector<PointId>{1, 2, 4}));
        selection.selectPoint(7, SelectionMode::Add);
        QCOMPARE(selection.current(), PointId{7});
        selection.selectPoint(7, SelectionMode::Subtract);
        QCOMPARE(selection.current(), kNoPoint);
        selection.select(PointSet(10, {1, 2}), SelectionMode::Subtract);
        QCOMPARE(selection.selected().ids(), (std::vector<PointId>{4}));
        QCOMPARE(selection.current(), PointId{4}); // The only one left.
        QCOMPARE(changed.size(), 5);
        selection.select(PointSet(11, {1}), SelectionMode::Replace); // Of another table.
        selection.selectPoint(10);
        QCOMPARE(changed.size(), 5);
    }

    void hiddenCategoriesLeaveTheMapAndSoloShowsOne()
    {
        ColorState color;
        const auto dataset = test::blobDataset(12, 3, 3);
        color.reset(dataset);
        QVERIFY(color.column());
        QTRY_COMPARE(color.coloring()->legend.size(), std::size_t{3});
        QCOMPARE(color.visible()->count(), 12);
        const std::uint16_t code = color.coloring()->legend[1].code;
        color.toggleHidden(code);
        QVERIFY(color.isHidden(code));
        QCOMPARE(color.visible()->count(), 8);
        // The theme changes the colours, not what is hidden.
        color.setTheme(Theme::Dark);
        QTRY_VERIFY(color.coloring()->legend.size() == 3 && color.theme() == Theme::Dark);
        QCOMPARE(color.visible()->count(), 8);
        color.solo(code);
        QCOMPARE(color.visible()->count(), 4);
        color.solo(code);
        QCOMPARE(color.visible()->count(), 12);
    }

    void aNumberColumnCanBeCategoriesAndBack()
    {
        ColorState color;
        const auto dataset = test::blobDataset(12, 3, 3);
        color.reset(dataset);
        color.setColumn(findColumn(dataset->columns(), "size"));
        QTRY_VERIFY(color.coloring()->isGradient);
        color.setMode(ColorMode::Categories);
        QTRY_VERIFY(!color.coloring()->isGradient);
        QCOMPARE(color.coloring()->legend.size(), std::size_t{12});
        color.setMode(ColorMode::Auto);
        QTRY_VERIFY(color.coloring()->isGradient);
    }

    void aSavedLayoutIsShownInsteadOfTheRunningOne()
    {
        Workspace workspace;
        open(workspace, m_words);
        const QString path = QString::fromStdString(m_folder.file("layout.npy"));
        Layout other;
        other.positions = test::normalMatrix(30, 2, 9);
        QVERIFY(writeNpy(path.toStdString(), other.positions, {}).ok());
        QSignalSpy changed(&workspace, &Workspace::layoutChanged);
        workspace.openLayout(path);
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(workspace.layout()->recipe.method, std::string("given"));
        QCOMPARE(workspace.layout()->positions(7, 1), other.positions(7, 1));
    }

    void columnsCanBeTheMap()
    {
        test::wordsFile(m_folder, "twenty.txt", 20, 5);
        std::string metadata = "across\tup\n";
        for (int i = 0; i < 20; ++i)
            metadata += std::to_string(i * 1.5) + '\t' + std::to_string(100 - i * 0.25) + '\n';
        test::writeFile(m_folder.file("places.tsv"), metadata);
        Workspace workspace;
        open(workspace, QString::fromStdString(m_folder.file("twenty.txt")),
            {QString::fromStdString(m_folder.file("places.tsv"))});
        const auto across = findColumn(workspace.dataset()->columns(), "across");
        const auto up = findColumn(workspace.dataset()->columns(), "up");
        QVERIFY(across && up);
        workspace.showColumnsAsMap({*across, *up});
        QCOMPARE(workspace.layout()->positions(4, 0), 6.0F);
        QCOMPARE(workspace.layout()->positions(4, 1), 99.0F);
    }

    void goesAwayWhileLoadingWithoutAWord()
    {
        int deliveries = 0;
        for (int i = 0; i < 5; ++i) {
            Workspace workspace;
            connect(&workspace, &Workspace::datasetChanged, this, [&deliveries] { ++deliveries; });
            workspace.open(m_words);
        }
        QCoreApplication::processEvents();
        QCOMPARE(deliveries, 0);
    }
};

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
