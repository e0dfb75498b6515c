#include "core/data/joined.h"
#include "core/data/paths.h"
#include "core/data/select_rows.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <limits>
#include <utility>

using namespace embedscope;
using namespace embedscope::test;

namespace {

using Pointer = std::shared_ptr<const Dataset>;
using Pairs = std::vector<std::pair<PointId, PointId>>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Pointer tableOf(Columns columns, std::optional<RowSubset> rows = std::nullopt)
{
    Table table;
    const Index n = columns.front().size();
    table.vectors = normalMatrix(n, 3, 1);
    table.columns = std::move(columns);
    table.provenance.path = "/some/where.tsv";
    table.provenance.rows = std::move(rows);
    return Dataset::make(std::move(table)).value();
}

Column numbers(const char* name, std::vector<double> values)
{
    return {name, NumberValues{std::move(values)}};
}

Pairs pairsOf(const Pointer& dataset)
{
    Pairs pairs;
    if (const auto paths = pathsOf(*dataset)) {
        for (const PathStep& step : paths->steps())
            pairs.emplace_back(step.from, step.to);
    }
    return pairs;
}

} // namespace

/// Sequences of points that columns tell of.
class TestPaths : public QObject
{
    Q_OBJECT

private slots:
    void aTableWithoutSuchColumnsHasNone()
    {
        QVERIFY(!pathsOf(*tableOf({numbers("count", {1, 2, 3})})));
        QVERIFY(!pathsOf(*tableOf({numbers("step", {1, 2, 3})})));
        QVERIFY(!pathsOf(*tableOf({numbers("__seq_next__", {kNaN, kNaN, kNaN})})));
        QVERIFY(!pathsOf(*tableOf({{"__seq_next__", CategoryValues{{0, 1}, {"a", "b"}}}})));
    }

    void theNextRowIsFollowed()
    {
        const Pairs expected{{0, 2}, {2, 3}, {4, 1}};
        QCOMPARE(pairsOf(tableOf({numbers("__seq_next__", {2, kNaN, 3, -1, 1})})), expected);
        QCOMPARE(pairsOf(tableOf({numbers("__next__", {2, kNaN, 3, 5, 1})})), expected);
        // The newer name counts where both stand.
        QCOMPARE(pairsOf(tableOf({numbers("__next__", {1, 1, 1, 1, 1}),
                     numbers("__seq_next__", {2, 1.5, 3, 1e300, 1})})),
            expected);
    }

    void progressGoesFromTheBeginningToTheEnd()
    {
        const auto dataset = tableOf({numbers("__next__", {1, 2, kNaN, 0, kNaN})});
        const auto paths = pathsOf(*dataset);
        const auto& steps = paths->steps();
        QCOMPARE(steps.size(), std::size_t{3});
        QCOMPARE(steps.front().from, PointId{3});
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(steps[i].progress, static_cast<float>(i + 1) / 3.0F);
        QCOMPARE(pathsOf(*dataset)->sequenceOf(0), pathsOf(*dataset)->sequenceOf(2));
        QCOMPARE(pathsOf(*dataset)->sequenceOf(4), Paths::kNoSequence);
        QCOMPARE(pathsOf(*dataset)->sequenceOf(17), Paths::kNoSequence);
    }

    void ringsAndRowsThatFollowThemselvesDoNoHarm()
    {
        const auto ring = tableOf({numbers("__next__", {1, 2, 0, 3, 0})});
        QCOMPARE(pairsOf(ring), (Pairs{{4, 0}, {0, 1}, {1, 2}, {2, 0}}));
        for (const PointId row : {0U, 1U, 2U, 4U})
            QCOMPARE(pathsOf(*ring)->sequenceOf(row), pathsOf(*ring)->sequenceOf(0));
        QCOMPARE(pathsOf(*ring)->sequenceOf(3), Paths::kNoSequence);
        QCOMPARE(pairsOf(tableOf({numbers("__next__", {1, 0, 3, 2})})),
            (Pairs{{0, 1}, {1, 0}, {2, 3}, {3, 2}}));
    }

    void sequencesThatRunTogetherAreOne()
    {
        const auto dataset = tableOf({numbers("__next__", {2, 2, 3, kNaN, 5, kNaN})});
        QCOMPARE(pairsOf(dataset), (Pairs{{0, 2}, {2, 3}, {1, 2}, {4, 5}}));
        const Paths paths = *pathsOf(*dataset);
        QCOMPARE(paths.sequenceOf(1), paths.sequenceOf(0));
        QVERIFY(paths.sequenceOf(4) != paths.sequenceOf(0));
    }

    void ofAPartOfAFileItsOwnRowsAreMeant()
    {
        const Column next = numbers("__seq_next__", {1, 2, 3, 4, 5, kNaN});
        const auto range = RowSubset::range(6, 2, 5);
        QCOMPARE(pairsOf(tableOf({selectRows(next, range)}, range)), (Pairs{{0, 1}, {1, 2}}));
        const RowSubset holes = RowSubset::all(6).without({1, 4});
        QCOMPARE(pairsOf(tableOf({selectRows(next, holes)}, holes)), (Pairs{{1, 2}}));
    }

    void inAJoinedTableEachSourceHasItsOwn()
    {
        const auto a = tableOf({numbers("__seq_next__", {1, 2, kNaN})});
        const auto range = RowSubset::range(6, 3, 6);
        const auto b = tableOf({numbers("__seq_next__", {4, 5, 0})}, range);
        const auto plain = tableOf({numbers("count", {1, 2})});
        const auto all = joinDatasets({a, plain, b}, {"a", "plain", "b"}, {}).value();
        QCOMPARE(pairsOf(all), (Pairs{{0, 1}, {1, 2}, {5, 6}, {6, 7}}));
        // Whose rows a column laid beside all of them numbers is not known.
        const auto more = joinDatasets({plain, plain}, {"c", "d"}, {})
                              .value()
                              ->withColumns({numbers("__seq_next__", {1, 2, 3, 0})}, {}, {}, {});
        QVERIFY(!pathsOf(*more.value()));
    }

    void columnsLaidBesideATableAreFollowed()
    {
        const auto plain = tableOf({numbers("count", {1, 2})});
        const auto more = plain->withColumns({numbers("__seq_next__", {1, kNaN})}, {}, {}, {});
        QCOMPARE(pairsOf(more.value()), (Pairs{{0, 1}}));
        QCOMPARE(pairsOf(more.value()->withLabelColumn(0)), (Pairs{{0, 1}}));
    }

    void theStepsOfARunAreFollowedWithinEachVector()
    {
        const auto run = tableOf({numbers("step", {200, 200, 100, 100, 300, kNaN}),
            numbers("vector", {1, 2, 1, 2, 2, 1})});
        QCOMPARE(pairsOf(run), (Pairs{{2, 0}, {3, 1}, {1, 4}}));
        // Two runs on one map stay apart.
        const auto both = joinDatasets({run, run}, {"a", "b"}, {}).value();
        QCOMPARE(pairsOf(both), (Pairs{{2, 0}, {3, 1}, {1, 4}, {8, 6}, {9, 7}, {7, 10}}));
    }

    void stepsWithoutAnOrderMakeNoPath()
    {
        QCOMPARE(pairsOf(tableOf(
                     {numbers("step", {1, 1, 2, 1, 2}), numbers("vector", {1, 1, 1, 2, 2})})),
            (Pairs{{3, 4}}));
    }

    void pointsInTheirOwnOrderMakeNoDifferenceToTheSteps()
    {
        // Any sequence comes back as it went in, wherever its rows lie.
        const auto order = RowSubset::sample(1000, 400, 7);
        std::vector<double> next(1000, kNaN);
        Pairs expected;
        for (Index i = 0; i + 1 < order.count(); ++i) {
            const Index from = order[(i * 7) % order.count()];
            const Index to = order[((i + 1) * 7) % order.count()];
            next[static_cast<std::size_t>(from)] = static_cast<double>(to);
            expected.emplace_back(from, to);
        }
        QCOMPARE(pairsOf(tableOf({numbers("__next__", std::move(next))})), expected);
    }
};

QTEST_APPLESS_MAIN(TestPaths)
#include "tst_paths.moc"
