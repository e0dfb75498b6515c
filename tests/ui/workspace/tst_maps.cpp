#include "core/io/writers/write.h"
#include "tests/support/test_data.h"
#include "tests/support/ui_test.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/workspace.h"

#include <QSignalSpy>
#include <QTest>
#include <algorithm>

using namespace embedscope;
using namespace embedscope::ui;
using Phase = ProjectionState::Phase;

/// The maps of a workspace: what is kept of runs, what is shown, and how a run is steered.
class TestMaps : public QObject
{
    Q_OBJECT

private:
    struct Fixture
    {
        Workspace workspace;
        ProjectionState* projection = workspace.projection();
        LayoutList* maps = workspace.layouts();

        explicit Fixture(Index n = 300)
        {
            workspace.show(test::blobDataset(n, 12, 3));
            QTRY_VERIFY(workspace.layout());
            QTRY_COMPARE(projection->phase(), Phase::Idle);
        }

        ProjectionRequest longRun() const
        {
            ProjectionRequest request;
            request.method = "tsne";
            request.parameters = {{"perplexity", 10.0}, {"iterations", std::int64_t(100'000)}};
            return request;
        }

        /// Starts a run that would take long, and waits until points move.
        void startLong()
        {
            projection->run(longRun());
            QTRY_VERIFY_WITH_TIMEOUT(maps->runningId() != 0
                    && maps->find(maps->runningId())->layout->diagnostics.iterations > 0,
                60'000);
        }

        void runShort(std::uint64_t seed)
        {
            ProjectionRequest request;
            request.method = "tsne";
            request.seed = seed;
            request.parameters = {{"perplexity", 10.0}, {"iterations", std::int64_t(20)}};
            projection->run(request);
            QTRY_COMPARE_WITH_TIMEOUT(projection->phase(), Phase::Idle, 60'000);
        }
    };

    std::unique_ptr<test::IsolatedSettings> m_settings;
    test::TemporaryFolder m_folder;

private slots:
    void init() { m_settings = std::make_unique<test::IsolatedSettings>(); }

    void everyRunThatEndsIsKept()
    {
        Fixture f;
        QCOMPARE(f.maps->entries().size(), std::size_t(1));
        QCOMPARE(f.workspace.shownLayoutId(), f.maps->entries().front().id);
        f.runShort(1);
        f.startLong();
        f.projection->stop();
        QTRY_COMPARE(f.maps->runningId(), 0);
        QCOMPARE(f.maps->entries().size(), std::size_t(3));
        const KeptLayout& stopped = f.maps->entries().back();
        QVERIFY(!stopped.layout->diagnostics.isFinished);
        QCOMPARE(stopped.layout, f.workspace.layout());
        QVERIFY(stopped.seconds > 0);
        QVERIFY(stopped.request && stopped.request->method == "tsne");
        f.workspace.close();
        QVERIFY(f.maps->entries().empty());
        QCOMPARE(f.workspace.shownLayoutId(), 0);
    }

    void aDiscardedRunIsNotKept()
    {
        Fixture f;
        const auto before = f.workspace.layout();
        f.startLong();
        QVERIFY(f.workspace.layout() != before);
        f.projection->discard();
        QCOMPARE(f.workspace.layout(), before);
        QCOMPARE(f.maps->entries().size(), std::size_t(1));
        QVERIFY(!f.projection->canGoOn());
    }

    void anotherMapCanBeLookedAtWhileARunGoesOn()
    {
        Fixture f(600);
        const int pca = f.workspace.shownLayoutId();
        f.startLong();
        const int run = f.maps->runningId();
        QCOMPARE(f.workspace.shownLayoutId(), run);
        f.workspace.showLayout(pca);
        QCOMPARE(f.workspace.layout()->recipe.method, std::string("pca"));
        // It goes on, unseen.
        const auto was = f.maps->find(run)->layout;
        QTRY_VERIFY_WITH_TIMEOUT(f.maps->find(run)->layout != was, 60'000);
        QCOMPARE(f.workspace.shownLayoutId(), pca);
        QCOMPARE(f.projection->phase(), Phase::Running);
        f.workspace.showLayout(run);
        const auto seen = f.workspace.layout();
        QTRY_VERIFY_WITH_TIMEOUT(f.workspace.layout() != seen, 60'000);
        // Discarding what is not seen changes nothing on screen.
        f.workspace.showLayout(pca);
        QSignalSpy changed(&f.workspace, &Workspace::layoutChanged);
        f.projection->discard();
        QCOMPARE(changed.size(), 0);
        QCOMPARE(f.maps->entries().size(), std::size_t(1));
    }

    void aSecondRunEndsTheFirstAndKeepsIt()
    {
        Fixture f;
        f.startLong();
        const int first = f.maps->runningId();
        f.runShort(1);
        QCOMPARE(f.maps->entries().size(), std::size_t(3));
        QVERIFY(f.maps->find(first));
        QVERIFY(f.workspace.shownLayoutId() != first);
    }

    void stoppingAPausedRunKeepsIt()
    {
        Fixture f;
        f.startLong();
        f.projection->pause();
        QCOMPARE(f.projection->phase(), Phase::Paused);
        f.projection->stop();
        QTRY_COMPARE(f.maps->runningId(), 0);
        QCOMPARE(f.maps->entries().size(), std::size_t(2));
        QTRY_VERIFY(f.projection->canGoOn());
    }

    void aStoppedRunGoesOnAsANewMap()
    {
        Fixture f;
        f.startLong();
        f.projection->stop();
        QTRY_VERIFY(f.projection->canGoOn());
        const auto stopped = f.workspace.layout();
        const int reached = stopped->diagnostics.iterations;
        QCOMPARE(f.projection->furtherIterations(), 100'000 - reached);
        f.projection->goOn();
        QVERIFY(f.projection->isGoingOn());
        QTRY_VERIFY_WITH_TIMEOUT(f.workspace.layout()->diagnostics.iterations > reached, 60'000);
        QCOMPARE(f.maps->entries().size(), std::size_t(3));
        QVERIFY(f.maps->entries().back().isTakenFurther);
        f.projection->discard();
        QCOMPARE(f.workspace.layout(), stopped);
    }

    void aFinishedRunIsTakenFurtherAndSteered()
    {
        const Method* tsne = findMethod("tsne");
        QVERIFY(tsne);
        const auto live = std::find_if(tsne->parameters.begin(), tsne->parameters.end(),
            [](const ParameterInfo& info) { return info.isLive; });
        QVERIFY(live != tsne->parameters.end());
        Fixture f;
        f.runShort(1); // 20 iterations.
        QVERIFY(f.workspace.layout()->diagnostics.isFinished);
        QVERIFY(f.projection->canGoOn());
        QSignalSpy failed(f.projection, &ProjectionState::failed);
        f.projection->setLive(std::string(live->id), live->maximum);
        const int further = f.projection->furtherIterations();
        QVERIFY(further > 0);
        f.projection->goOn();
        QTRY_COMPARE_WITH_TIMEOUT(f.projection->phase(), Phase::Idle, 60'000);
        QVERIFY(failed.isEmpty());
        QCOMPARE(f.workspace.layout()->diagnostics.iterations, 20 + further);
        const KeptLayout map = f.maps->entries().back();
        QVERIFY(map.isChangedLive && map.isTakenFurther && !map.isPinned);
        // What was done by hand stands in the settings, so that the run can be repeated.
        const ProjectionRequest settings = settingsOf(map);
        QVERIFY(*findValue(settings.parameters, "iterations")
            == ParameterValue(std::int64_t(20 + further)));
        QVERIFY(settings.parameters.size() > map.request->parameters.size());
        QVERIFY(!findValue(settings.parameters, "learning_rate")); // It was automatic.
        f.projection->run(settings);
        QTRY_COMPARE_WITH_TIMEOUT(f.projection->phase(), Phase::Idle, 60'000);
        const Layout& again = *f.workspace.layout();
        for (Index i = 0; i < again.size(); ++i)
            QCOMPARE(again.positions(i, 0), map.layout->positions(i, 0));
    }

    void aFinishedMethodThatCannotGoOnSaysSo()
    {
        Fixture f; // PCA has been run.
        QVERIFY(!f.projection->canGoOn());
        f.projection->goOn();
        QCOMPARE(f.projection->phase(), Phase::Idle);
        auto projection = startProjection(f.workspace.dataset(), ProjectionRequest{}, Progress());
        QVERIFY(projection.ok());
        QCOMPARE((*projection)->extend(10).error().code, ErrorCode::InvalidArgument);
    }

    void pausedAndStoppedRunsAreSteeredWhenTheyGoOn()
    {
        Fixture f;
        f.projection->setLive("perplexity", 5.0); // Nothing runs.
        QVERIFY(f.projection->liveValues().empty());
        f.startLong();
        f.projection->pause();
        // A parameter that is not live: the method's refusal is told, and the run goes on.
        QSignalSpy failed(f.projection, &ProjectionState::failed);
        f.projection->setLive("perplexity", 5.0);
        f.projection->setLive("perplexity", 6.0);
        QCOMPARE(f.projection->liveValues().size(), std::size_t(1));
        QVERIFY(failed.isEmpty());
        f.projection->resume();
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 60'000);
        QVERIFY(failed[0][0].toString().contains(QStringLiteral("perplexity")));
        QCOMPARE(f.projection->phase(), Phase::Running);
        f.projection->stop();
        QTRY_COMPARE(f.maps->runningId(), 0);
        QVERIFY(f.maps->entries().back().isChangedLive);
    }

    void givenCoordinatesAreMapsToo()
    {
        Fixture f(30);
        const std::string path = m_folder.file("places.npy");
        QVERIFY(writeNpy(path, test::normalMatrix(30, 2, 9), {}).ok());
        f.workspace.openLayout(QString::fromStdString(path));
        QTRY_COMPARE(f.maps->entries().size(), std::size_t(2));
        QCOMPARE(f.maps->entries().back().name, QStringLiteral("places.npy"));
        QVERIFY(!f.maps->entries().back().request);
        QCOMPARE(f.workspace.layout()->recipe.method, std::string("given"));
        QSignalSpy wanted(&f.workspace, &Workspace::settingsWanted);
        f.workspace.useSettingsOf(f.workspace.shownLayoutId());
        QVERIFY(wanted.isEmpty());
        f.workspace.useSettingsOf(f.maps->entries().front().id);
        QCOMPARE(wanted.size(), 1);
    }

    void removingTheMapShownShowsTheOneBeside()
    {
        Fixture f;
        const int pca = f.workspace.shownLayoutId();
        QVERIFY(!f.workspace.canRemoveLayout(pca)); // There would be none.
        f.runShort(1);
        f.runShort(2);
        const int last = f.workspace.shownLayoutId();
        f.workspace.showLayoutBeside(-1);
        const int middle = f.workspace.shownLayoutId();
        QVERIFY(middle != last && middle != pca);
        f.workspace.removeLayout(middle);
        QCOMPARE(f.workspace.shownLayoutId(), last);
        f.workspace.removeLayout(last);
        QCOMPARE(f.workspace.shownLayoutId(), pca);
        f.workspace.removeLayout(pca);
        QCOMPARE(f.maps->entries().size(), std::size_t(1));
    }

    void aMapOfTheListIsSavedAsItIs()
    {
        Fixture f(40);
        const int pca = f.workspace.shownLayoutId();
        const auto layout = f.workspace.layout();
        f.runShort(1);
        const std::string path = m_folder.file("saved.npy");
        QSignalSpy told(&f.workspace, &Workspace::notified);
        f.workspace.saveLayout(pca, QString::fromStdString(path));
        QTRY_COMPARE(told.size(), 1);
        const auto read = readLayout(path, *f.workspace.dataset(), Progress());
        QVERIFY(read.ok());
        for (Index i = 0; i < 40; ++i)
            QCOMPARE(read->positions(i, 0), layout->positions(i, 0));
    }

    void theProgressIsCounted()
    {
        Fixture f;
        f.startLong();
        QTRY_VERIFY_WITH_TIMEOUT(f.projection->remainingSeconds().has_value(), 60'000);
        QCOMPARE(f.projection->totalIterations(), 100'000);
        QVERIFY(f.projection->iteration() > 0);
        QVERIFY(*f.projection->remainingSeconds() > 0);
        f.projection->discard();
        QVERIFY(!f.projection->remainingSeconds());
    }
};

QTEST_GUILESS_MAIN(TestMaps)
#include "tst_maps.moc"
