#include "core/io/writers/writers.h"
#include "core/projection/extended.h"
#include "tests/support/test_data.h"
#include "tests/support/ui_test.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <cstring>

using namespace embedscope;
using namespace embedscope::ui;
using Phase = ProjectionState::Phase;

/// A further table on the map that is open: what stays, and what is new.
class TestJoining : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::IsolatedSettings> m_settings;
    test::TemporaryFolder m_folder;
    QString m_base;
    QString m_more;

    QString saved(const char* name, const Dataset& dataset)
    {
        const std::string path = m_folder.file(name);
        const auto written = writeDataset(path, {}, RowsToWrite(dataset), {});
        if (!written)
            qFatal("%s", describe(written.error()).c_str());
        return QString::fromStdString(path);
    }

    void open(Workspace& workspace, const QString& path, const QStringList& added = {})
    {
        workspace.open(path, {}, {}, added);
        QTRY_VERIFY(workspace.dataset() && workspace.layout() && !workspace.isLoading());
        QTRY_COMPARE(workspace.projection()->phase(), Phase::Idle);
    }

    static QString sourceOf(const Workspace& workspace, PointId id)
    {
        const Dataset& dataset = *workspace.dataset();
        const auto column = findColumn(dataset.columns(), dataset.provenance().sourceColumn);
        return column ? QString::fromStdString(dataset.columns()[*column].text(id)) : QString();
    }

private slots:
    void initTestCase()
    {
        m_base = saved("base.csv", *test::blobDataset(120, 8, 3, 1));
        m_more = saved("more.csv", *test::blobDataset(30, 8, 3, 1));
    }
    void init() { m_settings = std::make_unique<test::IsolatedSettings>(); }

    void oldPointsKeepTheirPlacesAndSelection()
    {
        Workspace workspace;
        open(workspace, m_base);
        const auto before = workspace.layout();
        workspace.selection()->selectPoint(7);
        workspace.selection()->selectPoint(9);
        workspace.selection()->select(PointSet(120, {7, 9, 100}), SelectionMode::Replace);
        workspace.selection()->setCurrent(100);
        QVERIFY(workspace.neighbors()->canGoBack());
        QSignalSpy changed(&workspace, &Workspace::datasetChanged);
        workspace.addToMap({m_more});
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(workspace.dataset()->size(), Index{150});
        QCOMPARE(workspace.layout()->size(), Index{150});
        QVERIFY(std::memcmp(workspace.layout()->positions.data(), before->positions.data(),
                    static_cast<std::size_t>(before->positions.size()) * sizeof(float))
            == 0);
        QVERIFY(workspace.layout()->omitted.empty());
        QCOMPARE(workspace.projection()->phase(), Phase::Idle); // Nothing starts again.
        QCOMPARE(workspace.selection()->selected(), PointSet(150, {7, 9, 100}));
        QCOMPARE(workspace.selection()->current(), PointId{100});
        QVERIFY(workspace.neighbors()->canGoBack());
        QTRY_VERIFY(workspace.neighbors()->list());
        workspace.neighbors()->goBack();
        QCOMPARE(workspace.selection()->current(), PointId{9});
        QCOMPARE(workspace.addedPaths(), QStringList{m_more});
        QVERIFY(!workspace.isLoading());
    }

    void pointsAreColouredByTheirSource()
    {
        Workspace workspace;
        open(workspace, m_base);
        QSignalSpy changed(&workspace, &Workspace::datasetChanged);
        workspace.addToMap({m_more});
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(sourceOf(workspace, 119), QStringLiteral("base.csv"));
        QCOMPARE(sourceOf(workspace, 120), QStringLiteral("more.csv"));
        QVERIFY(workspace.color()->column());
        QCOMPARE(workspace.color()->columns()[*workspace.color()->column()].name(),
            workspace.dataset()->provenance().sourceColumn);
        QTRY_COMPARE(workspace.color()->coloring()->legend.size(), std::size_t{2});
        QCOMPARE(workspace.color()->coloring()->legend[1].name, std::string("more.csv"));
    }

    void everyMapIsExtended()
    {
        Workspace workspace;
        open(workspace, m_base);
        ProjectionRequest request;
        request.method = "tsne";
        request.parameters = {{"perplexity", 8.0}, {"iterations", std::int64_t(60)}};
        workspace.projection()->run(request);
        QTRY_COMPARE_WITH_TIMEOUT(workspace.projection()->phase(), Phase::Idle, 60'000);
        QCOMPARE(workspace.layout()->recipe.method, std::string("tsne"));
        const auto before = workspace.layout();
        QSignalSpy changed(&workspace, &Workspace::datasetChanged);
        workspace.addToMap({m_more});
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(workspace.layout()->recipe.method, std::string("tsne"));
        QCOMPARE(workspace.layout()->positions(119, 1), before->positions(119, 1));
        for (const KeptLayout& kept : workspace.layouts()->entries()) {
            QCOMPARE(kept.layout->size(), Index{150});
            QVERIFY(kept.isExtended);
        }
        QCOMPARE(workspace.layouts()->entries().size(), std::size_t{2});
        // A run on all of them works from here on.
        workspace.projection()->run(ProjectionRequest{});
        QTRY_COMPARE(workspace.projection()->phase(), Phase::Idle);
        QCOMPARE(workspace.layout()->size(), Index{150});
    }

    void aRunThatGoesOnIsStoppedWhereItIs()
    {
        Workspace workspace;
        open(workspace, m_base);
        ProjectionRequest request;
        request.method = "tsne";
        request.parameters = {{"perplexity", 8.0}, {"iterations", std::int64_t(100'000)}};
        workspace.projection()->run(request);
        QTRY_VERIFY_WITH_TIMEOUT(
            workspace.layouts()->runningId() != 0 && workspace.layout()->diagnostics.iterations > 0,
            60'000);
        QSignalSpy changed(&workspace, &Workspace::datasetChanged);
        workspace.addToMap({m_more});
        QTRY_COMPARE_WITH_TIMEOUT(changed.size(), 1, 60'000);
        QCOMPARE(workspace.projection()->phase(), Phase::Idle);
        QCOMPARE(workspace.layouts()->runningId(), 0);
        QCOMPARE(workspace.layout()->recipe.method, std::string("tsne"));
        QCOMPARE(workspace.layout()->size(), Index{150});
        QVERIFY(!workspace.layout()->diagnostics.isFinished);
    }

    void givenPlacesGiveWayToANewMap()
    {
        Workspace workspace;
        open(workspace, m_base);
        workspace.showColumnsAsMap({2, 2});
        QCOMPARE(workspace.layout()->recipe.method, std::string("given"));
        QSignalSpy changed(&workspace, &Workspace::datasetChanged);
        workspace.addToMap({m_more});
        QTRY_COMPARE(changed.size(), 1);
        QTRY_COMPARE(workspace.layout()->recipe.method, std::string("pca"));
        QVERIFY(workspace.layout()->omitted.empty());
        QCOMPARE(workspace.layouts()->entries().size(), std::size_t{3});
    }

    void anotherWidthChangesNothing()
    {
        Workspace workspace;
        open(workspace, m_base);
        const auto dataset = workspace.dataset();
        const QString wide = saved("wide.csv", *test::blobDataset(5, 9, 1));
        QSignalSpy failed(&workspace, &Workspace::failed);
        workspace.addToMap({wide});
        QTRY_COMPARE(failed.size(), 1);
        const QString sentence = failed.first().first().toString();
        QVERIFY(sentence.contains(QStringLiteral("8")) && sentence.contains(QStringLiteral("9")));
        QCOMPARE(workspace.dataset(), dataset);
        QVERIFY(!workspace.isLoading());
        workspace.addToMap({QStringLiteral("/nowhere/at/all.npy")});
        QTRY_COMPARE(failed.size(), 2);
        QCOMPARE(workspace.dataset(), dataset);
    }

    void whatDoesNotFitIntoMemoryIsRefused()
    {
        Workspace workspace;
        ReadOptions options;
        options.maxMemory = 130 * 8 * sizeof(float); // Either table, but not both.
        workspace.open(m_base, options);
        QTRY_VERIFY(workspace.dataset() && workspace.layout() && !workspace.isLoading());
        const auto dataset = workspace.dataset();
        QSignalSpy failed(&workspace, &Workspace::failed);
        workspace.addToMap({m_more});
        QTRY_COMPARE(failed.size(), 1);
        const QString sentence = failed.first().first().toString();
        QVERIFY2(sentence.contains(QStringLiteral("150 x 8"))
                && sentence.contains(QStringLiteral("are allowed")),
            qPrintable(sentence));
        QCOMPARE(workspace.dataset(), dataset);
        QVERIFY(!workspace.isLoading());
    }

    void severalAreJoinedAtOnceAndReloaded()
    {
        Workspace workspace;
        open(workspace, m_base, {m_more, m_base});
        QCOMPARE(workspace.dataset()->size(), Index{270});
        QCOMPARE(sourceOf(workspace, 269), QStringLiteral("base.csv (2)"));
        QVERIFY(workspace.color()->column());
        QSignalSpy changed(&workspace, &Workspace::datasetChanged);
        workspace.addToMap({m_more, m_more});
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(workspace.dataset()->size(), Index{330});
        workspace.reload();
        QTRY_COMPARE(changed.size(), 2);
        QCOMPARE(workspace.dataset()->size(), Index{330});
        QCOMPARE(workspace.addedPaths().size(), 4);
    }

    void aTableThatIsNotThereIsOpened()
    {
        Workspace workspace;
        workspace.addToMap({m_base, m_more});
        QTRY_VERIFY(workspace.dataset());
        QCOMPARE(workspace.dataset()->size(), Index{150});
        QCOMPARE(workspace.path(), m_base);
    }

    void closingMeanwhileIsSafe()
    {
        Workspace workspace;
        open(workspace, m_base);
        workspace.addToMap({m_more});
        workspace.close();
        QVERIFY(!workspace.dataset());
        QTest::qWait(0);
        QVERIFY(!workspace.dataset() && !workspace.isLoading());
    }

    void neighboursAreOfTheOtherSource()
    {
        Workspace workspace;
        open(workspace, m_base, {m_more});
        NeighborState* neighbors = workspace.neighbors();
        workspace.selection()->selectPoint(3);
        QTRY_VERIFY(neighbors->list());
        neighbors->setAmong(AmongRows{"source", "more.csv"});
        QTRY_VERIFY(neighbors->list());
        QCOMPARE(neighbors->list()->neighbors.size(), std::size_t{20});
        for (const Neighbor& neighbor : neighbors->list()->neighbors)
            QVERIFY(neighbor.id >= 120);
        neighbors->setAmong(AmongRows{"source", std::nullopt});
        for (const PointId point : {PointId{3}, PointId{130}}) {
            workspace.selection()->selectPoint(point);
            QTRY_VERIFY(neighbors->list() && neighbors->list()->query == point);
            for (const Neighbor& neighbor : neighbors->list()->neighbors)
                QVERIFY((neighbor.id < 120) == (point >= 120));
        }
        QSignalSpy told(neighbors, &NeighborState::parametersChanged);
        workspace.close();
        QVERIFY(!neighbors->among());
        QCOMPARE(told.size(), 1);
    }
};

QTEST_MAIN(TestJoining)
#include "tst_joining.moc"
