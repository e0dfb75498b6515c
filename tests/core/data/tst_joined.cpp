#include "core/data/joined.h"

#include "core/base/parallel.h"
#include "core/data/rows_where.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cstring>
#include <limits>
#include <sys/resource.h>

using namespace embedscope;
using namespace embedscope::test;

namespace {

using Pointer = std::shared_ptr<const Dataset>;

QString q(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

TextValues texts(const std::vector<std::string>& values)
{
    TextValues result;
    for (const std::string& value : values)
        value.empty() ? result.appendMissing() : static_cast<void>(result.append(value));
    return result;
}

Pointer tableOf(Index n, Columns columns, std::optional<std::size_t> label = std::nullopt,
    std::vector<std::string> warnings = {}, Index d = 3, std::uint64_t seed = 1)
{
    Table table;
    table.vectors = normalMatrix(n, d, seed);
    table.columns = std::move(columns);
    table.labelColumn = label;
    table.warnings = std::move(warnings);
    table.provenance.path = "/some/where.npy";
    table.provenance.format = "npy";
    table.provenance.dtype = "float32";
    return Dataset::make(std::move(table)).value();
}

Pointer joined(const std::vector<Pointer>& parts, const std::vector<std::string>& names)
{
    auto result = joinDatasets(parts, names, {});
    if (!result)
        qWarning("%s", describe(result.error()).c_str());
    return result ? *result : nullptr;
}

const Column& column(const Dataset& dataset, std::string_view name)
{
    return dataset.columns()[findColumn(dataset.columns(), name).value()];
}

QStringList valuesOf(const Dataset& dataset, std::string_view name)
{
    QStringList values;
    for (Index i = 0; i < dataset.size(); ++i)
        values.append(q(column(dataset, name).text(i)));
    return values;
}

} // namespace

class TestJoined : public QObject
{
    Q_OBJECT

private slots:
    void rowsFollowEachOther()
    {
        const auto a = blobDataset(30, 5, 3, 1);
        const auto b = blobDataset(7, 5, 2, 2);
        const auto all = joined({a, b}, {"a.npy", "b.npy"});
        QVERIFY(all);
        QCOMPARE(all->size(), Index{37});
        QVERIFY(
            std::memcmp(all->vectors().floats().data(), a->vectors().floats().data(), 30 * 5 * 4)
            == 0);
        QVERIFY(
            std::memcmp(all->vectors().floats().row(30), b->vectors().floats().data(), 7 * 5 * 4)
            == 0);
        for (PointId i = 0; i < 37; ++i) {
            QCOMPARE(q(all->label(i)), q(i < 30 ? a->label(i) : b->label(i - 30)));
            QCOMPARE(q(column(*all, "source").text(i)), i < 30 ? "a.npy" : "b.npy");
        }
        QCOMPARE(all->provenance().sourceColumn, std::string("source"));
        QCOMPARE(all->provenance().parts.size(), std::size_t{2});
        QCOMPARE(all->provenance().parts[1].rows, Index{7});
        QCOMPARE(q(all->provenance().parts[1].name), QString("b.npy"));
        QVERIFY(all->coordinateColumns().empty());
    }

    void columnsAreUnitedByName()
    {
        const auto a = tableOf(2,
            {{"kind", CategoryValues{{0, 1}, {"noun", "verb"}}},
                {"count", NumberValues{{1, std::numeric_limits<double>::quiet_NaN()}}},
                {"mixed", NumberValues{{1.5, 2}}}, {"only a", texts({"x", "y"})}});
        const auto b = tableOf(2,
            {{"only b", texts({"z", ""})}, {"kind", CategoryValues{{1, -1}, {"verb", "name"}}},
                {"mixed", texts({"one", "two"})}, {"count", NumberValues{{3, 4}}}});
        const auto all = joined({a, b}, {"a", "b"});
        QVERIFY(all);
        QCOMPARE(all->columns().size(), std::size_t{6});
        QCOMPARE(column(*all, "kind").kind(), ColumnKind::Category);
        QCOMPARE(valuesOf(*all, "kind"), QStringList({"noun", "verb", "name", ""}));
        QCOMPARE(column(*all, "count").kind(), ColumnKind::Number);
        QCOMPARE(valuesOf(*all, "count"), QStringList({"1", "", "3", "4"}));
        QCOMPARE(column(*all, "mixed").kind(), ColumnKind::Text);
        QCOMPARE(valuesOf(*all, "mixed"), QStringList({"1.5", "2", "one", "two"}));
        QCOMPARE(valuesOf(*all, "only a"), QStringList({"x", "y", "", ""}));
        QVERIFY(column(*all, "only a").isMissing(2));
        QCOMPARE(valuesOf(*all, "only b"), QStringList({"", "", "z", ""}));
    }

    void picturesAreUnited()
    {
        const auto images = [](const char* file) {
            return ImageValues{{file}, {0, -1}, {{1, 2, 3, 4}, {}}};
        };
        const auto all = joined(
            {tableOf(2, {{"image", images("a.png")}}), tableOf(2, {{"image", images("b.png")}})},
            {"a", "b"});
        QVERIFY(all);
        const ImageValues* values = column(*all, "image").asImage();
        QVERIFY(values);
        QCOMPARE(values->fileOf, (std::vector<std::int32_t>{0, -1, 1, -1}));
        QCOMPARE(values->files[1], std::string("b.png"));
    }

    void labelsAreKeptWhateverTheyAreCalled()
    {
        const auto a = tableOf(2, {{"word", texts({"king", "queen"})}}, 0);
        const auto b = tableOf(
            2, {{"word", texts({"other", "thing"})}, {"title", texts({"Alien", "Brazil"})}}, 1);
        const auto none = tableOf(1, {});
        const auto all = joined({a, b, none}, {"a", "b", "c"});
        QVERIFY(all);
        QVERIFY(all->hasLabels());
        const QStringList expected{"king", "queen", "Alien", "Brazil", "c row 0"};
        for (PointId i = 0; i < 5; ++i)
            QCOMPARE(q(all->name(i)), expected[i]);
        // The column that only shares the label's name stands beside it.
        QCOMPARE(valuesOf(*all, "word 2"), QStringList({"", "", "other", "thing", ""}));
        const auto later = joined({none, a}, {"c", "a"});
        QCOMPARE(q(later->name(0)), QString("c row 0"));
        QCOMPARE(q(later->name(1)), QString("king"));
    }

    void sourcesStayApart()
    {
        const auto a = tableOf(1, {{"source", texts({"mine"})}});
        const auto all = joined({a, a, a}, {"same", "same", "other"});
        QVERIFY(all);
        QCOMPARE(q(all->provenance().sourceColumn), QString("source 2"));
        QCOMPARE(valuesOf(*all, "source 2"), QStringList({"same", "same (2)", "other"}));
        QCOMPARE(valuesOf(*all, "source"), QStringList({"mine", "mine", "mine"}));
    }

    void joiningAgainKeepsTheSources()
    {
        const auto warned = [](std::uint64_t seed) {
            return tableOf(2, {{"word", texts({"u", "v"})}}, 0, {"Something is odd."}, 3, seed);
        };
        const auto two = joined({warned(1), warned(2)}, {"a", "b"});
        QVERIFY(two);
        const auto three = joined({two, warned(3)}, {"a", "b"});
        QVERIFY(three);
        QCOMPARE(valuesOf(*three, "source"), QStringList({"a", "a", "b", "b", "b (2)", "b (2)"}));
        QCOMPARE(three->provenance().parts.size(), std::size_t{3});
        QCOMPARE(three->columns().size(), std::size_t{2});
        QStringList given;
        for (const std::string& warning : three->givenWarnings())
            given.append(q(warning));
        QCOMPARE(given,
            QStringList(
                {"a: Something is odd.", "b: Something is odd.", "b (2): Something is odd."}));
    }

    void rowsWithoutNumbersAreFoundOnce()
    {
        Matrix values = normalMatrix(4, 3);
        values(1, 1) = std::numeric_limits<float>::quiet_NaN();
        const auto holed = datasetOf(std::move(values));
        const auto once = joined({holed, holed}, {"a", "b"});
        const auto twice = joined({once, holed}, {"a", "c"});
        QVERIFY(twice);
        QCOMPARE(twice->unusableRows().count(), Index{3});
        QVERIFY(twice->unusableRows().contains(1) && twice->unusableRows().contains(5)
            && twice->unusableRows().contains(9));
        QCOMPARE(twice->warnings().size(), std::size_t{1});
        QVERIFY(twice->warnings().front().starts_with("3 rows"));
    }

    void differentWidthsAreRefusedByName()
    {
        const auto error = joinDatasets(
            {blobDataset(3, 768, 1), blobDataset(3, 1024, 1)}, {"tokens.npy", "style.pt"}, {});
        QVERIFY(!error.ok());
        QCOMPARE(error.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(q(describe(error.error())),
            QString("tables of different widths do not lie in one space: tokens.npy has 768 "
                    "dimensions and style.pt 1,024."));
        QVERIFY(!joinDatasets({}, {}, {}).ok());
    }

    void oneTableAloneIsJoined()
    {
        const auto all = joined({blobDataset(1, 1, 1)}, {"a"});
        QVERIFY(all);
        QCOMPARE(all->size(), Index{1});
        QCOMPARE(valuesOf(*all, "source"), QStringList({"a"}));
    }

    void aStopIsHeard()
    {
        std::stop_source stop;
        stop.request_stop();
        const auto result
            = joinDatasets({blobDataset(30, 3, 3)}, {"a"}, Progress(stop.get_token()));
        QCOMPARE(result.error().code, ErrorCode::Stopped);
    }

    void theThreadsDoNotShow()
    {
        const auto a = blobDataset(5000, 300, 3, 1);
        const auto b = blobDataset(900, 300, 3, 2);
        setThreadCount(1);
        const auto one = joined({a, b}, {"a", "b"});
        setThreadCount(2);
        const auto two = joined({a, b}, {"a", "b"});
        setThreadCount(0);
        QVERIFY(std::memcmp(
                    one->vectors().floats().data(), two->vectors().floats().data(), 5900 * 300 * 4)
            == 0);
    }

    void rowsWhereFindsAValue()
    {
        const auto a = tableOf(4,
            {{"kind", CategoryValues{{0, 1, -1, 0}, {"noun", "verb"}}},
                {"count", NumberValues{{1, 2.5, std::numeric_limits<double>::quiet_NaN(), 1}}},
                {"word", texts({"x", "", "noun", "x"})}});
        QCOMPARE(rowsWhere(a->columns()[0], "noun").ids(), (std::vector<PointId>{0, 3}));
        QVERIFY(rowsWhere(a->columns()[0], "").isEmpty());
        QCOMPARE(rowsWhere(a->columns()[1], "2.5").ids(), (std::vector<PointId>{1}));
        QCOMPARE(rowsWhere(a->columns()[2], "x").ids(), (std::vector<PointId>{0, 3}));
        QVERIFY(rowsWhere(a->columns()[2], "").isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestJoined)
#include "tst_joined.moc"
