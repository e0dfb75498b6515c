// Which columns of a Parquet file become the vectors, and what of them is missing.

#include "core/base/parallel.h"
#include "tests/support/damage.h"
#include "tests/support/parquet_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;
using parquet::Layout;

namespace {

std::vector<std::string> floats(std::size_t count, float first = 0)
{
    std::vector<std::string> values;
    for (std::size_t i = 0; i < count; ++i)
        values.push_back(plain(first + static_cast<float>(i)));
    return values;
}

ParquetColumnBytes vectorColumn(
    const std::string& name, std::size_t rows, std::size_t length, Layout layout = Layout::List3)
{
    ParquetColumnBytes column;
    column.name = name;
    column.layout = layout;
    column.groups = {listEntries(floats(rows * length), length, layout)};
    return column;
}

ParquetColumnBytes textColumn(const std::string& name, const std::vector<std::string>& texts)
{
    ParquetColumnBytes column;
    column.name = name;
    column.type = parquet::ByteArray;
    column.converted = parquet::Utf8;
    column.groups = {plainEntries(texts)};
    return column;
}

ParquetColumnBytes numberColumn(const std::string& name, const std::vector<float>& values)
{
    ParquetColumnBytes column;
    column.name = name;
    column.groups = {plainEntries(values)};
    return column;
}

Result<std::shared_ptr<const Dataset>> open(const std::vector<ParquetColumnBytes>& columns,
    std::int64_t rows, const std::string& tensor = {})
{
    ReadOptions options;
    options.tensor = tensor;
    return openBytes(parquetFile(columns, {rows}), "a.parquet", options);
}

bool hasWarning(const Dataset& dataset, const std::string& part)
{
    for (const std::string& warning : dataset.warnings()) {
        if (warning.find(part) != std::string::npos)
            return true;
    }
    return false;
}

#define VERIFY_OPEN(result)                                                                        \
    QVERIFY2((result).ok(), (result) ? "" : describe((result).error()).c_str())

} // namespace

class TestParquet : public QObject
{
    Q_OBJECT

private slots:
    void listsOfEveryLayoutAreVectors_data();
    void listsOfEveryLayoutAreVectors();
    void rowGroupsStandOneBelowTheOther();
    void threadsMakeNoDifference();
    void chosenRowsAloneAreRead();
    void missingListsAndValuesAreNan();
    void unevenListsAreRefusedWithTheRow();
    void numberedColumnsAreDimensions();
    void textsBecomeLabelsAndCategories();
    void severalListsAreTensors();
    void vectorsInTextAreRead();
    void vectorsInBytesAreRead();
    void structuresAreFlattenedAndMapsLeftOut();
    void tablesWithoutVectorsAreRefused();
};

void TestParquet::listsOfEveryLayoutAreVectors_data()
{
    QTest::addColumn<int>("layout");
    QTest::addColumn<std::size_t>("entriesPerPage");
    for (const Layout layout : {Layout::List3, Layout::List2, Layout::Repeated}) {
        for (const std::size_t entries : {1000000, 64, 7}) {
            QTest::addRow(
                "layout %d, %d a page", static_cast<int>(layout), static_cast<int>(entries))
                << static_cast<int>(layout) << entries;
        }
    }
}

void TestParquet::listsOfEveryLayoutAreVectors()
{
    QFETCH(int, layout);
    QFETCH(std::size_t, entriesPerPage);
    ParquetColumnBytes column = vectorColumn("v", 50, 5, static_cast<Layout>(layout));
    column.entriesPerPage = entriesPerPage;
    const auto dataset = open({column}, 50);
    VERIFY_OPEN(dataset);
    QCOMPARE((*dataset)->size(), Index{50});
    QCOMPARE((*dataset)->dimensions(), Index{5});
    QCOMPARE((*dataset)->provenance().tensor, std::string("v"));
    for (Index i = 0; i < 250; ++i)
        QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(i));
}

void TestParquet::rowGroupsStandOneBelowTheOther()
{
    ParquetColumnBytes vectors = vectorColumn("v", 3, 2);
    vectors.groups.push_back(listEntries(floats(8, 6), 2, Layout::List3));
    ParquetColumnBytes labels = textColumn("label", {"a", "b", "c"});
    labels.groups.push_back(plainEntries(std::vector<std::string>{"d", "e", "f", "g"}));
    const auto dataset = openBytes(parquetFile({labels, vectors}, {3, 4}), "a.parquet");
    VERIFY_OPEN(dataset);
    QCOMPARE((*dataset)->size(), Index{7});
    for (Index i = 0; i < 14; ++i)
        QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(i));
    QCOMPARE((*dataset)->label(0), std::string("a"));
    QCOMPARE((*dataset)->label(6), std::string("g"));
}

void TestParquet::threadsMakeNoDifference()
{
    ParquetColumnBytes vectors = vectorColumn("v", 4, 3);
    for (int g = 1; g < 9; ++g)
        vectors.groups.push_back(listEntries(floats(12, static_cast<float>(g)), 3, Layout::List3));
    const std::string bytes = parquetFile({vectors}, std::vector<std::int64_t>(9, 4));
    std::vector<std::vector<float>> read;
    for (const int threads : {1, 2}) {
        setThreadCount(threads);
        const auto dataset = openBytes(bytes, "a.parquet");
        VERIFY_OPEN(dataset);
        const float* const values = (*dataset)->vectors().floats().data();
        read.emplace_back(values, values + 108);
    }
    setThreadCount(0);
    QVERIFY(read[0] == read[1]);
}

void TestParquet::chosenRowsAloneAreRead()
{
    ParquetColumnBytes vectors = vectorColumn("v", 4, 3);
    ParquetColumnBytes labels = textColumn("label", {"r0", "r1", "r2", "r3"});
    for (int g = 1; g < 5; ++g) {
        const auto first = static_cast<float>(g * 12);
        vectors.groups.push_back(listEntries(floats(12, first), 3, Layout::List3));
        std::vector<std::string> texts;
        for (int i = 0; i < 4; ++i)
            texts.push_back("r" + std::to_string(g * 4 + i));
        labels.groups.push_back(plainEntries(texts));
    }
    const std::string bytes = parquetFile({labels, vectors}, std::vector<std::int64_t>(5, 4));
    ReadOptions range;
    range.rows.range = {3, 14};
    ReadOptions sample;
    sample.rows.sample = 7;
    sample.rows.seed = 5;
    for (const ReadOptions& options : {range, sample}) {
        const auto dataset = openBytes(bytes, "a.parquet", options);
        VERIFY_OPEN(dataset);
        QCOMPARE((*dataset)->size(), Index{options.rows.range ? 11 : 7});
        for (PointId id = 0; id < (*dataset)->size(); ++id) {
            const float first = (*dataset)->vectors()(id, 0);
            QCOMPARE((*dataset)->vectors()(id, 2), first + 2);
            QCOMPARE((*dataset)->label(id), "r" + std::to_string(static_cast<int>(first) / 3));
        }
    }
}

void TestParquet::missingListsAndValuesAreNan()
{
    ParquetColumnBytes column;
    column.name = "v";
    column.layout = Layout::List3;
    column.groups.resize(1);
    auto& entries = column.groups[0];
    entries.values = floats(5, 1);
    // {1, 2}, null, {3, null}, empty, {4, 5}
    entries.repetition = {0, 1, 0, 0, 1, 0, 0, 1};
    entries.definition = {3, 3, 0, 3, 2, 1, 3, 3};
    for (const std::size_t perPage : {100, 3, 1}) {
        column.entriesPerPage = perPage;
        const auto dataset = open({column}, 5);
        VERIFY_OPEN(dataset);
        const MatrixView read = (*dataset)->vectors().floats();
        QCOMPARE(read(0, 1), 2.0F);
        QVERIFY(std::isnan(read(1, 0)) && std::isnan(read(1, 1)));
        QCOMPARE(read(2, 0), 3.0F);
        QVERIFY(std::isnan(read(2, 1)));
        QVERIFY(std::isnan(read(3, 0)) && std::isnan(read(3, 1)));
        QCOMPARE(read(4, 1), 5.0F);
        QVERIFY(hasWarning(**dataset, "2 rows have no vector (the first is row 1)"));
        QVERIFY(hasWarning(**dataset, "1 value is missing in the vectors (the first in row 2)"));
        QCOMPARE((*dataset)->usableCount(), Index{2});
    }
    entries = {{}, {0, 0}, {0, 1}};
    QVERIFY(!open({column}, 2).ok());
}

void TestParquet::unevenListsAreRefusedWithTheRow()
{
    ParquetColumnBytes early = vectorColumn("v", 10, 3);
    early.groups[0].repetition[12] = 1; // Row 4 goes on with the values of row 5's first.
    early.groups[0].repetition[13] = 0;
    const auto dataset = open({early}, 10);
    QVERIFY(!dataset.ok());
    QVERIFY2(dataset.error().detail.find("row 0 has 3 values, row 3 has 4") != std::string::npos,
        dataset.error().detail.c_str());

    // Beyond what is looked at first.
    ParquetColumnBytes late = vectorColumn("v", 500, 3);
    late.groups[0].repetition[1200] = 1;
    late.groups[0].repetition[1201] = 0;
    const auto other = open({late}, 500);
    QVERIFY(!other.ok());
    QVERIFY2(
        other.error().detail.find("row 399") != std::string::npos, other.error().detail.c_str());
}

void TestParquet::numberedColumnsAreDimensions()
{
    ParquetColumnBytes count = numberColumn("count", {7, 8, 9});
    const auto dataset
        = open({textColumn("word", {"a", "b", "c"}), count, numberColumn("dim_0", {1, 2, 3}),
                   numberColumn("dim_1", {4, 5, 6})},
            3);
    VERIFY_OPEN(dataset);
    QCOMPARE((*dataset)->dimensions(), Index{2});
    QCOMPARE((*dataset)->vectors()(2, 0), 3.0F);
    QCOMPARE((*dataset)->vectors()(0, 1), 4.0F);
    QCOMPARE((*dataset)->label(1), std::string("b"));
    const auto beside = findColumn((*dataset)->columns(), "count");
    QVERIFY(beside.has_value());
    QCOMPARE((*dataset)->columns()[*beside].asNumber()->values[2], 9.0);
    QVERIFY((*dataset)->warnings().empty());
}

void TestParquet::textsBecomeLabelsAndCategories()
{
    const std::vector<std::string> groups{"7", "8", "7", "8", "7", "7"};
    const auto dataset = open({textColumn("title", {"a", "b", "c", "d", "e", "f"}),
                                  textColumn("digit", groups), vectorColumn("v", 6, 2)},
        6);
    VERIFY_OPEN(dataset);
    const Columns& columns = (*dataset)->columns();
    QCOMPARE(columns.size(), std::size_t{2});
    QCOMPARE(columns[0].kind(), ColumnKind::Text);
    QCOMPARE(columns[1].kind(), ColumnKind::Category); // Text that looks like numbers stays text.
    QCOMPARE((*dataset)->label(3), std::string("d"));
    QCOMPARE(columns[1].text(3), std::string("8"));
}

void TestParquet::severalListsAreTensors()
{
    const std::vector<ParquetColumnBytes> columns{
        vectorColumn("rgb", 30, 3), vectorColumn("embedding", 30, 8), vectorColumn("other", 30, 4)};
    const auto best = open(columns, 30);
    VERIFY_OPEN(best);
    QCOMPARE((*best)->provenance().tensor, std::string("embedding"));
    QCOMPARE((*best)->provenance().tensors.size(), std::size_t{3});
    QVERIFY((*best)->provenance().notes.at(0).find("3 tensors") != std::string::npos);
    const auto chosen = open(columns, 30, "rgb");
    VERIFY_OPEN(chosen);
    QCOMPARE((*chosen)->dimensions(), Index{3});
    const auto unknown = open(columns, 30, "none");
    QVERIFY(!unknown.ok());
    QCOMPARE(unknown.error().code, ErrorCode::NotFound);

    const auto source = memorySource(parquetFile(columns, {30}), "a.parquet");
    const auto format = detectFormat(*source);
    QVERIFY(format.ok() && (*format)->list != nullptr);
    const auto tensors = (*format)->list(*source, {}, {});
    QVERIFY(tensors.ok());
    QCOMPARE(tensors->size(), std::size_t{3});
    QCOMPARE((*tensors)[1].name, std::string("embedding"));
    QVERIFY(((*tensors)[1].shape == std::vector<std::uint64_t>{30, 8}));
    QVERIFY((*tensors)[1].score > (*tensors)[0].score);
    QVERIFY(!(*tensors)[1].reason.empty());
}

void TestParquet::vectorsInTextAreRead()
{
    const auto dataset = open({textColumn("name", {"a", "b", "c"}),
                                  textColumn("embedding", {"[1, 2.5]", "[3, 4]", "[5, -6e1]"})},
        3);
    VERIFY_OPEN(dataset);
    QCOMPARE((*dataset)->dimensions(), Index{2});
    QCOMPARE((*dataset)->vectors()(0, 1), 2.5F);
    QCOMPARE((*dataset)->vectors()(2, 1), -60.0F);
    QCOMPARE((*dataset)->provenance().dtype, std::string("text"));
}

void TestParquet::vectorsInBytesAreRead()
{
    ParquetColumnBytes bytes = textColumn("vector", {});
    bytes.converted = parquet::NoMeaning;
    const Matrix matrix = normalMatrix(20, 8);
    for (Index i = 0; i < matrix.rows(); ++i)
        bytes.groups[0].values.emplace_back(
            reinterpret_cast<const char*>(matrix.row(i)), 8 * sizeof(float));
    const auto dataset = open({bytes}, 20);
    VERIFY_OPEN(dataset);
    QCOMPARE((*dataset)->dimensions(), Index{8});
    for (Index i = 0; i < matrix.size(); ++i)
        QCOMPARE((*dataset)->vectors().floats().data()[i], matrix.data()[i]);
    // Bytes of other things are no vectors.
    bytes.groups[0].values[3] = std::string(32, '\xff');
    QVERIFY(!open({bytes}, 20).ok());
}

void TestParquet::structuresAreFlattenedAndMapsLeftOut()
{
    ParquetColumnBytes member = numberColumn("s", {1, 2});
    member.layout = Layout::Struct;
    member.groups[0].definition = {1, 1};
    ParquetColumnBytes map = vectorColumn("m", 2, 3, Layout::Map);
    ParquetColumnBytes lists = vectorColumn("t", 2, 3, Layout::Lists);
    const auto dataset = open({member, map, lists, vectorColumn("v", 2, 4)}, 2);
    VERIFY_OPEN(dataset);
    QCOMPARE((*dataset)->provenance().tensor, std::string("v"));
    QVERIFY(findColumn((*dataset)->columns(), "s.member").has_value());
    QVERIFY(hasWarning(**dataset, "\"m\" (a map), \"t\" (lists of lists)"));
}

void TestParquet::tablesWithoutVectorsAreRefused()
{
    const auto texts = open({textColumn("a", {"x", "y"}), textColumn("b", {"z", "w"})}, 2);
    QVERIFY(!texts.ok());
    QVERIFY(texts.error().detail.find("no column holds vectors") != std::string::npos);
    const auto single = open({numberColumn("a", {1, 2})}, 2);
    QVERIFY(!single.ok());
    QVERIFY(single.error().detail.find("only one column of numbers") != std::string::npos);
    const auto empty = open({numberColumn("a", {}), numberColumn("b", {})}, 0);
    QVERIFY(!empty.ok());
    QVERIFY(empty.error().detail.find("no rows") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestParquet)
#include "tst_parquet.moc"
