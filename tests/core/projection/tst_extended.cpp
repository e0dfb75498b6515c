#include "core/projection/extended.h"

#include "core/base/parallel.h"
#include "core/data/joined.h"
#include "core/projection/workbench.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>
#include <cstring>
#include <limits>

using namespace embedscope;
using namespace embedscope::test;

namespace {

Layout mapOf(const std::shared_ptr<const Dataset>& dataset, const std::string& method, int dims)
{
    ProjectionRequest request;
    request.method = method;
    request.dimensions = dims;
    if (method == "tsne")
        request.parameters = {{"perplexity", 8.0}, {"iterations", std::int64_t(120)}};
    auto run = startProjection(dataset, request, {}).value();
    while (!run->isDone())
        if (!run->advance(200, {}))
            qFatal("The run failed.");
    return run->layout();
}

double distance(const Layout& layout, Index a, Index b)
{
    double sum = 0;
    for (Index j = 0; j < layout.dimensions(); ++j) {
        const double step = static_cast<double>(layout.positions(a, j) - layout.positions(b, j));
        sum += step * step;
    }
    return std::sqrt(sum);
}

} // namespace

class TestExtended : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { setThreadCount(0); }

    void oldPointsKeepTheirPlaces_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("dimensions");
        for (const Method& method : methods()) {
            for (const int dimensions : {2, 3}) {
                const QString id = QString::fromStdString(std::string(method.id));
                QTest::addRow("%s %d", qPrintable(id), dimensions) << id << dimensions;
            }
        }
    }
    void oldPointsKeepTheirPlaces()
    {
        QFETCH(QString, method);
        QFETCH(int, dimensions);
        const auto base = blobDataset(150, 10, 3);
        // The same blobs: a new row belongs to the group of its number.
        Matrix values = Matrix::zeros(12, 10);
        for (Index i = 0; i < 12; ++i) {
            for (Index j = 0; j < 10; ++j)
                values(i, j) = base->vectors()(i + 30, j) + 0.01F * static_cast<float>(j);
        }
        values(4, 2) = std::numeric_limits<float>::quiet_NaN();
        const auto added = datasetOf(std::move(values));
        const Layout layout = mapOf(base, method.toStdString(), dimensions);
        QVERIFY(canBeJoined(layout));
        std::vector<float> first;
        for (const int threads : {1, 2}) {
            setThreadCount(threads);
            Workbench workbench(base);
            const auto extended = extendLayout(workbench, layout, *added, {});
            QVERIFY2(extended.ok(), extended ? "" : describe(extended.error()).c_str());
            QCOMPARE(extended->size(), Index{162});
            QVERIFY(std::memcmp(extended->positions.data(), layout.positions.data(),
                        static_cast<std::size_t>(layout.positions.size()) * sizeof(float))
                == 0);
            QCOMPARE(extended->omitted, (std::vector<PointId>{154}));
            QCOMPARE(extended->recipe.method, method.toStdString());
            QVERIFY(!extended->diagnostics.notes.empty());
            for (Index i = 0; i < 12; ++i) {
                if (i == 4)
                    continue;
                // Nearer to its twin than the twin is to another blob.
                QVERIFY(distance(*extended, 150 + i, 30 + i) < distance(*extended, 30 + i, 31 + i));
            }
            const std::vector<float> all(extended->positions.row(155),
                extended->positions.row(155) + extended->dimensions());
            if (first.empty())
                first = all;
            QVERIFY(first == all);
        }
    }

    void pcaIsExact()
    {
        const auto base = blobDataset(80, 6, 3);
        const auto half = datasetOf(blobs(80, 6, 3)); // The same rows.
        const Layout layout = mapOf(base, "pca", 2);
        Workbench workbench(base);
        const Layout extended = extendLayout(workbench, layout, *half, {}).value();
        for (Index i = 0; i < 80; ++i)
            QVERIFY(
                distance(extended, i, 80 + i) < 1e-4 * (1 + std::abs(extended.positions(i, 0))));
    }

    void givenPlacesLeaveTheNewRowsOut()
    {
        const auto base = blobDataset(20, 6, 2);
        Layout layout;
        layout.positions = normalMatrix(20, 2, 4);
        layout.recipe.method = "given";
        QVERIFY(!canBeJoined(layout));
        Workbench workbench(base);
        const Layout extended = extendLayout(workbench, layout, *blobDataset(3, 6, 1), {}).value();
        QCOMPARE(extended.omitted, (std::vector<PointId>{20, 21, 22}));
        QVERIFY(std::isnan(extended.positions(21, 0)));
        QCOMPARE(extended.positions(7, 1), layout.positions(7, 1));
    }

    void rowsThatCannotBePlacedAreLeftOut()
    {
        const auto base = blobDataset(20, 6, 2);
        Matrix values = normalMatrix(2, 6);
        values(0, 0) = values(1, 5) = std::numeric_limits<float>::quiet_NaN();
        const Layout layout = mapOf(base, "pca", 2);
        Workbench workbench(base);
        const auto extended = extendLayout(workbench, layout, *datasetOf(std::move(values)), {});
        QVERIFY(extended.ok());
        QCOMPARE(extended->omitted.size(), std::size_t{2});
    }

    void aStopIsHeard()
    {
        const auto base = blobDataset(200, 6, 2);
        const Layout layout = mapOf(base, "tsne", 2);
        Workbench workbench(base);
        std::stop_source stop;
        stop.request_stop();
        const auto extended
            = extendLayout(workbench, layout, *blobDataset(50, 6, 2), Progress(stop.get_token()));
        QCOMPARE(extended.error().code, ErrorCode::Stopped);
    }
};

QTEST_APPLESS_MAIN(TestExtended)
#include "tst_extended.moc"
