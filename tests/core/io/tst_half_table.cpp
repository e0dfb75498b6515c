// A table that is kept as float16 is the one of the file, each value rounded, whatever the format
// and however it was read.

#include "core/base/memory_budget.h"
#include "core/io/half_table.h"
#include "core/io/open.h"
#include "core/io/open_joined.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/samples.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr Index kRows = 400;
/// Formats whose rows are not read alone, so that there are no bands of them.
constexpr std::array<std::string_view, 3> kReadWhole{
    "finalfusion", "matrix-market", "inversion-png"};

float rounded(float value)
{
    Half half;
    toHalves(&value, 1, &half);
    toFloats(&half, 1, &value);
    return value;
}

bool isSameNumber(float a, float b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

/// The vectors rounded, and everything beside them as it is.
bool isRounded(VectorsView half, const Columns& columns, const Dataset& whole)
{
    if (half.rows() != whole.size() || half.columns() != whole.dimensions()
        || columns.size() != whole.columns().size())
        return false;
    for (Index i = 0; i < half.rows(); ++i) {
        for (Index j = 0; j < half.columns(); ++j) {
            if (!isSameNumber(half(i, j), rounded(whole.vectors()(i, j))))
                return false;
        }
    }
    for (std::size_t c = 0; c < columns.size(); ++c) {
        const Column& a = columns[c];
        const Column& b = whole.columns()[c];
        if (a.name() != b.name() || a.kind() != b.kind() || a.size() != b.size())
            return false;
        for (Index i = 0; i < a.size(); ++i) {
            if (a.isMissing(i) != b.isMissing(i) || a.text(i) != b.text(i))
                return false;
        }
    }
    return true;
}

ReadOptions asHalf()
{
    ReadOptions options;
    options.isHalf = true;
    return options;
}

bool hasWord(const std::vector<std::string>& sentences, const std::string& word)
{
    return std::any_of(sentences.begin(), sentences.end(),
        [&](const std::string& sentence) { return sentence.find(word) != std::string::npos; });
}

} // namespace

class TestHalfTable : public QObject
{
    Q_OBJECT

private slots:
    void everyFormatIsRounded_data();
    void everyFormatIsRounded();
    void everyFormatInBands_data() { everyFormatIsRounded_data(); }
    void everyFormatInBands();
    void aPartIsRounded();
    void joinedTablesStayHalf();
    void itFitsWhereFloatsDoNot();
    void itIsRefusedWhereItDoesNotFit();
    void whatIsTooLargeIsTold();
    void whatIsExactIsTold();
};

void TestHalfTable::everyFormatIsRounded_data()
{
    QTest::addColumn<int>("row");
    int row = 0;
    for (const SampleMaker& maker : sampleMakers())
        QTest::newRow(std::string(maker.format).c_str()) << row++;
}

/// A sample of a format in a folder of its own.
struct SampleOnDisk
{
    explicit SampleOnDisk(int row)
    {
        const SampleMaker& maker = sampleMakers()[static_cast<std::size_t>(row)];
        const SampleFile file = maker.make(kRows);
        path = folder.file("sample." + std::string(maker.extension));
        writeFile(path, file.bytes);
        for (const auto& [name, bytes] : file.companions)
            writeFile(folder.file(name), bytes);
    }

    TemporaryFolder folder;
    std::string path;
};

void TestHalfTable::everyFormatIsRounded()
{
    QFETCH(int, row);
    const SampleOnDisk sample(row);
    const auto whole = openDataset(sample.path, {}, {});
    QVERIFY(whole.ok());
    const auto half = openDataset(sample.path, asHalf(), {});
    QVERIFY2(half.ok(), half ? "" : describe(half.error()).c_str());
    QVERIFY((*half)->vectors().isHalf());
    QVERIFY(isRounded((*half)->vectors(), (*half)->columns(), **whole));
    QCOMPARE((*half)->labelColumn(), (*whole)->labelColumn());
    QCOMPARE((*half)->coordinateColumns(), (*whole)->coordinateColumns());
    QCOMPARE((*half)->warnings(), (*whole)->warnings());
    QVERIFY(!(*half)->provenance().rows);
    QCOMPARE((*half)->fileRows(), (*whole)->fileRows());
    QVERIFY(hasWord((*half)->provenance().notes, "float16"));
}

void TestHalfTable::everyFormatInBands()
{
    QFETCH(int, row);
    const SampleOnDisk sample(row);
    const auto source = openFile(sample.path);
    QVERIFY(source.ok());
    const auto format = detectFormat(**source);
    QVERIFY(format.ok());
    auto whole = (*format)->read(**source, {}, {});
    QVERIFY(whole.ok());
    // Eight bands behind the first, however small the table.
    auto half = readAsHalves(**format, **source, asHalf(), {}, {7, 8});
    QVERIFY2(half.ok(), half ? "" : describe(half.error()).c_str());
    const bool isReadWhole
        = std::find(kReadWhole.begin(), kReadWhole.end(), (*format)->id) != kReadWhole.end();
    QCOMPARE(half->vectors.isEmpty(), isReadWhole);
    if (isReadWhole) {
        QCOMPARE(half->table.vectors.rows(), whole->vectors.rows());
        return;
    }
    const Table& table = half->table;
    QCOMPARE(table.fileRows(), whole->vectors.rows());
    QCOMPARE(table.labelColumn, whole->labelColumn);
    QCOMPARE(table.warnings, whole->warnings);
    Table read = std::move(whole).value();
    const auto dataset = Dataset::make(std::move(read));
    QVERIFY(dataset.ok());
    QVERIFY(isRounded(half->vectors, table.columns, **dataset));
}

void TestHalfTable::aPartIsRounded()
{
    const auto file
        = memorySource(npy("<f4", "(3, 2)", packed<float>({0.1, 1, 2, 3, 4, 5})), "v.npy");
    ReadOptions options = asHalf();
    options.rows.range = {0, 2};
    const auto part = openDataset(file, options, {});
    QVERIFY(part.ok());
    QVERIFY((*part)->vectors().isHalf());
    QCOMPARE((*part)->size(), Index{2});
    QCOMPARE((*part)->fileRows(), Index{3});
    QCOMPARE((*part)->vectors()(0, 0), rounded(0.1F));
}

void TestHalfTable::joinedTablesStayHalf()
{
    const TemporaryFolder folder;
    writeFile(folder.file("a.npy"), npy("<f4", "(2, 2)", packed<float>({0.1, 1, 2, 3})));
    writeFile(folder.file("b.npy"), npy("<f4", "(1, 2)", packed<float>({7, 0.3})));
    const auto joined = openJoined(
        folder.file("a.npy"), asHalf(), {{folder.file("b.npy"), asHalf()}}, Progress());
    QVERIFY(joined.ok());
    QVERIFY((*joined)->vectors().isHalf());
    QCOMPARE((*joined)->vectors()(2, 1), rounded(0.3F));
}

void TestHalfTable::itFitsWhereFloatsDoNot()
{
    const Index n = 4000;
    const std::string bytes = npy("<f4", "(4000, 20)",
        packed<float>(std::vector<double>(static_cast<std::size_t>(n * 20), 0.5)));
    ReadOptions options;
    options.maxMemory = static_cast<std::uint64_t>(n) * 20 * 3; // Between two bytes and four.
    const auto floats = openDataset(memorySource(bytes, "v.npy"), options, {});
    QVERIFY(!floats.ok());
    QVERIFY(floats.error().refused.has_value());
    options.isHalf = true;
    const auto half = openDataset(memorySource(bytes, "v.npy"), options, {});
    QVERIFY2(half.ok(), half ? "" : describe(half.error()).c_str());
    QCOMPARE((*half)->size(), n);
    QCOMPARE((*half)->vectors()(n - 1, 19), 0.5F);
}

void TestHalfTable::itIsRefusedWhereItDoesNotFit()
{
    ReadOptions options = asHalf();
    options.maxMemory = 100'000;
    const auto half = openDataset(
        memorySource(npy("<f4", "(3000, 20)", std::string(240'000, '\0')), "v.npy"), options, {});
    QVERIFY(!half.ok());
    QCOMPARE(half.error().code, ErrorCode::TooLarge);
    QVERIFY(half.error().refused.has_value());
    QCOMPARE(half.error().refused->bytes, std::uint64_t{120'000});
    QCOMPARE(half.error().path, std::string("v.npy"));
}

void TestHalfTable::whatIsTooLargeIsTold()
{
    const auto half = openDataset(
        memorySource(npy("<f4", "(3, 2)", packed<float>({1e5, 1, 2, -7e4, 4, 65519})), "v.npy"),
        asHalf(), {});
    QVERIFY(half.ok());
    QVERIFY(hasWord((*half)->warnings(), "2 values are larger than a float16"));
    QCOMPARE((*half)->unusableRows().ids(), (std::vector<PointId>{0, 1}));
    QCOMPARE((*half)->vectors()(2, 1), 65504.0F);
}

void TestHalfTable::whatIsExactIsTold()
{
    const auto half = openDataset(
        memorySource(npy("<f2", "(2, 1)", std::string("\x00\x3c\xff\x7b", 4)), "v.npy"), asHalf(),
        {});
    QVERIFY(half.ok());
    QVERIFY(hasWord((*half)->provenance().notes, "every one of them exactly"));
    QCOMPARE((*half)->vectors()(0, 0), 1.0F);
    QCOMPARE((*half)->vectors()(1, 0), 65504.0F);
}

QTEST_APPLESS_MAIN(TestHalfTable)
#include "tst_half_table.moc"
