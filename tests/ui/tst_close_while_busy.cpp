#include "tests/support/ui_test.h"
#include "ui/main_window.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace embedscope;
using namespace embedscope::ui;

/// The window goes away at any time, whatever is being worked on. How long that took is printed; it
/// is not asserted, for a busy machine says nothing about the program. ctest's own limit ends a
/// window that would never close.
class TestCloseWhileBusy : public QObject
{
    Q_OBJECT

private:
    test::TemporaryFolder m_folder;
    std::unique_ptr<test::IsolatedSettings> m_settings;
    QString m_large;
    QString m_words;

    static std::unique_ptr<MainWindow> shown()
    {
        auto window = std::make_unique<MainWindow>();
        window->show();
        return window;
    }

    /// Closes as a person does, and takes the window down as the program's end does.
    static void closeAndDelete(std::unique_ptr<MainWindow> window, const char* during)
    {
        QElapsedTimer clock;
        clock.start();
        QVERIFY(window->close());
        QVERIFY(!window->isVisible());
        window.reset();
        qInfo("closing during %s took %lld ms", during, clock.elapsed());
        // Nothing that was on its way may find what is gone.
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }

    static void open(MainWindow& window, const QString& path)
    {
        QSignalSpy opened(&window.workspace(), &Workspace::datasetChanged);
        window.openFiles({path});
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, 60'000);
    }

private slots:
    void initTestCase()
    {
        m_settings = std::make_unique<test::IsolatedSettings>();
        // Text takes long to read: the file is still being read when the window closes.
        m_words = QString::fromStdString(test::wordsFile(m_folder, "words.txt", 60'000, 50));
        m_large = QString::fromStdString(test::npyFile(m_folder, "large.npy", 20'000, 50));
    }

    void whileLoading()
    {
        auto window = shown();
        QSignalSpy progressed(&window->workspace(), &Workspace::loadingChanged);
        QSignalSpy opened(&window->workspace(), &Workspace::datasetChanged);
        window->openFiles({m_words});
        QTRY_VERIFY(progressed.size() > 1); // The reader has reported: it is in the middle.
        QVERIFY(window->workspace().isLoading());
        QVERIFY(opened.isEmpty());
        closeAndDelete(std::move(window), "loading");
    }

    void rightAfterAskingForAFile()
    {
        auto window = shown();
        window->openFiles({m_words});
        closeAndDelete(std::move(window), "the first moment of loading");
    }

    void whileTsneSetsUp()
    {
        auto window = shown();
        open(*window, m_large);
        ProjectionState* projection = window->workspace().projection();
        QTRY_COMPARE(projection->phase(), ProjectionState::Phase::Idle);
        ProjectionRequest request;
        request.method = "tsne";
        QSignalSpy progressed(projection, &ProjectionState::progressed);
        projection->run(request);
        QTRY_VERIFY(progressed.size() > 2);
        QCOMPARE(projection->phase(), ProjectionState::Phase::Running);
        closeAndDelete(std::move(window), "the set-up of t-SNE");
    }

    void whileTsneMovesPoints()
    {
        const QString path = QString::fromStdString(test::npyFile(m_folder, "small.npy", 1500, 20));
        auto window = shown();
        open(*window, path);
        ProjectionState* projection = window->workspace().projection();
        QTRY_COMPARE(projection->phase(), ProjectionState::Phase::Idle);
        ProjectionRequest request;
        request.method = "tsne";
        request.parameters = {{"iterations", ParameterValue(std::int64_t{5000})}};
        QSignalSpy live(projection, &ProjectionState::layoutReady);
        projection->run(request);
        QTRY_VERIFY_WITH_TIMEOUT(live.size() >= 2, 60'000);
        QCOMPARE(projection->phase(), ProjectionState::Phase::Running);
        closeAndDelete(std::move(window), "t-SNE");
    }

    void whileTsneIsPaused()
    {
        const QString path = QString::fromStdString(test::npyFile(m_folder, "small.npy", 1500, 20));
        auto window = shown();
        open(*window, path);
        ProjectionState* projection = window->workspace().projection();
        QTRY_COMPARE(projection->phase(), ProjectionState::Phase::Idle);
        ProjectionRequest request;
        request.method = "tsne";
        projection->run(request);
        projection->pause();
        closeAndDelete(std::move(window), "a pause");
    }

    void whileSearching()
    {
        auto window = shown();
        open(*window, m_words);
        SearchState* search = window->workspace().search();
        search->setRegularExpression(true);
        search->setQuery(QStringLiteral("(g|r|o|u|p)*[0-9]+_.*(1|2|3|4)*7$"));
        QVERIFY(search->isBusy());
        closeAndDelete(std::move(window), "a search");
    }

    void whileFindingNeighbours()
    {
        auto window = shown();
        open(*window, m_large);
        window->workspace().selection()->selectPoint(17);
        closeAndDelete(std::move(window), "a search for neighbours");
    }

    void whileExporting()
    {
        auto window = shown();
        open(*window, m_large);
        QTRY_VERIFY(window->workspace().layout());
        const std::string path = m_folder.file("unfinished.csv");
        window->workspace().selection()->select(
            PointSet::all(window->workspace().dataset()->size()), SelectionMode::Replace);
        window->savePoints(QString::fromStdString(path), MainWindow::SavedPoints::Selected);
        closeAndDelete(std::move(window), "an export");
        // Whole or not at all.
        const std::string bytes = test::readFile(path);
        QVERIFY(bytes.empty() || std::count(bytes.begin(), bytes.end(), '\n') == 20'001);
    }
};

QTEST_MAIN(TestCloseWhileBusy)
#include "tst_close_while_busy.moc"
