// Rows that are chosen are the rows of the whole table, whatever the format and whoever cuts them.

#include "core/base/memory_budget.h"
#include "core/data/select_rows.h"
#include "core/io/open.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/samples.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <atomic>
#include <cmath>
#include <cstring>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr Index kRows = 400;

/// NaN is the same as NaN here.
bool isSameRow(const Dataset& part, PointId id, const Dataset& whole, Index row)
{
    return std::memcmp(part.vectors().floats().row(id), whole.vectors().floats().row(row),
               static_cast<std::size_t>(whole.dimensions()) * sizeof(float))
        == 0;
}

RowChoice range(Index first, Index last)
{
    RowChoice choice;
    choice.range = std::pair(first, last);
    return choice;
}

RowChoice sample(Index count, std::uint64_t seed)
{
    RowChoice choice;
    choice.sample = count;
    choice.seed = seed;
    return choice;
}

} // namespace

class TestRowChoice : public QObject
{
    Q_OBJECT

private slots:
    void everyFormatGivesTheRowsAskedFor_data();
    void everyFormatGivesTheRowsAskedFor();
    void columnsFollowTheirRows();
    void metadataOfTheWholeTableFollows();
    void aRangeIsCutAtTheEnd();
    void aRangeBehindTheEndIsASentence();
    void aSampleOfAllIsAll();
    void aSampleIsDrawnEvenlyAndBySeed();
    void fewRowsOfAFileAreReadAlone();
    void rowsInEveryOrderOfAnArray();
    void aTableBeyondTheMemoryIsRefusedBeforeItIsRead();
    void aPartOfItIsNot();
    void budgetsNest();
};

void TestRowChoice::everyFormatGivesTheRowsAskedFor_data()
{
    QTest::addColumn<int>("row");
    int row = 0;
    for (const SampleMaker& maker : sampleMakers())
        QTest::newRow(std::string(maker.format).c_str()) << row++;
}

void TestRowChoice::everyFormatGivesTheRowsAskedFor()
{
    QFETCH(int, row);
    const SampleMaker& maker = sampleMakers()[static_cast<std::size_t>(row)];
    const SampleFile file = maker.make(kRows);
    const TemporaryFolder folder;
    const std::string path = folder.file("sample." + std::string(maker.extension));
    writeFile(path, file.bytes);
    for (const auto& [name, bytes] : file.companions)
        writeFile(folder.file(name), bytes);
    const auto opened = openDataset(path, {}, {});
    QVERIFY(opened.ok());
    const Dataset& whole = **opened;
    const Index n = whole.size();
    QVERIFY(n >= 2);
    QVERIFY(!whole.provenance().rows);

    for (const RowChoice& choice : {range(1, n - 1), range(n / 2, n / 2 + 1), sample(n / 3 + 1, 1),
             sample(1, 7), sample(n - 1, 2)}) {
        ReadOptions options;
        options.rows = choice;
        const auto read = openDataset(path, options, {});
        QVERIFY2(read.ok(), read ? "" : describe(read.error()).c_str());
        const Dataset& part = **read;
        QVERIFY(part.provenance().rows.has_value());
        const RowSubset& rows = *part.provenance().rows;
        QCOMPARE(rows.total(), n);
        QCOMPARE(part.size(), rows.count());
        QCOMPARE(rows.count(),
            choice.range ? choice.range->second - choice.range->first : choice.sample);
        QCOMPARE(part.labelColumn(), whole.labelColumn());
        QCOMPARE(part.columns().size(), whole.columns().size() + 1);
        const auto* numbers = part.columns().back().asNumber();
        QVERIFY(numbers != nullptr);
        QCOMPARE(part.columns().back().name(), std::string(kFileRowColumn));
        for (PointId id = 0; id < static_cast<PointId>(part.size()); ++id) {
            const Index at = part.fileRow(id);
            QVERIFY(at >= 0 && at < n);
            QVERIFY(id == 0 || at > part.fileRow(id - 1));
            QVERIFY(isSameRow(part, id, whole, at));
            QCOMPARE(numbers->values[id], static_cast<double>(at));
            QCOMPARE(part.name(id), whole.name(static_cast<PointId>(at)));
            for (std::size_t c = 0; c < whole.columns().size(); ++c)
                QCOMPARE(part.columns()[c].text(id), whole.columns()[c].text(at));
        }
    }
}

void TestRowChoice::columnsFollowTheirRows()
{
    TextValues text;
    text.append("a");
    text.appendMissing();
    text.append("");
    text.append("d");
    const RowSubset rows = RowSubset::all(4).without({0, 2});
    const Column words = selectRows(Column("words", std::move(text)), rows);
    QCOMPARE(words.size(), Index{2});
    QVERIFY(words.isMissing(0));
    QCOMPARE(words.text(1), std::string("d"));

    CategoryValues colors{{0, 1, -1, 2}, {"red", "green", "blue"}};
    const Column few = selectRows(Column("colors", std::move(colors)), rows);
    QCOMPARE(few.text(0), std::string("green"));
    QCOMPARE(few.text(1), std::string("blue"));
    QCOMPARE(few.asCategory()->categories.size(), std::size_t{2});

    ImageValues images;
    images.files = {"sheet.png"};
    images.fileOf = {0, -1, 0, 0};
    images.rects.resize(4);
    images.rects[3] = {5, 6, 7, 8};
    const Column pictures = selectRows(Column("pictures", std::move(images)), rows);
    QVERIFY(pictures.isMissing(0));
    QCOMPARE(pictures.asImage()->rects[1].x, 5);
}

void TestRowChoice::metadataOfTheWholeTableFollows()
{
    const TemporaryFolder folder;
    std::string values;
    std::string lines;
    for (int i = 0; i < 50; ++i) {
        values += packed<float>({i * 1.0, 0.0});
        lines += "word" + std::to_string(i) + '\n';
    }
    writeFile(folder.file("v.npy"), npy("<f4", "(50, 2)", values));
    writeFile(folder.file("labels.txt"), lines);
    ReadOptions options;
    options.rows = sample(9, 4);
    options.metadataPath = folder.file("labels.txt");
    const auto read = openDataset(folder.file("v.npy"), options, {});
    QVERIFY(read.ok());
    QVERIFY((*read)->warnings().empty());
    for (PointId id = 0; id < 9; ++id) {
        const int row = static_cast<int>((*read)->vectors()(id, 0));
        QCOMPARE((*read)->label(id), "word" + std::to_string(row));
    }
}

void TestRowChoice::aRangeIsCutAtTheEnd()
{
    const auto rows = chosenRows(range(7, 1000), 10, "t");
    QVERIFY(rows.ok());
    QCOMPARE(rows->count(), Index{3});
    QCOMPARE((*rows)[2], Index{9});
    QCOMPARE(rows->description(), std::string("rows 7 to 9 of 10"));
}

void TestRowChoice::aRangeBehindTheEndIsASentence()
{
    const auto rows = chosenRows(range(10, 20), 10, "t.npy");
    QVERIFY(!rows.ok());
    QVERIFY(describe(rows.error()).find("the last is row 9") != std::string::npos);
}

void TestRowChoice::aSampleOfAllIsAll()
{
    ReadOptions options;
    options.rows = sample(100, 3);
    const auto read = openDataset(
        memorySource(npy("<f4", "(3, 1)", packed<float>({1, 2, 3})), "v.npy"), options, {});
    QVERIFY(read.ok());
    QCOMPARE((*read)->size(), Index{3});
    QVERIFY(!(*read)->provenance().rows);
    QVERIFY((*read)->provenance().notes.empty());
    QVERIFY((*read)->columns().empty());
}

void TestRowChoice::aSampleIsDrawnEvenlyAndBySeed()
{
    constexpr Index kTotal = 100'000;
    constexpr Index kCount = 10'000;
    const RowSubset one = RowSubset::sample(kTotal, kCount, 1);
    const RowSubset again = RowSubset::sample(kTotal, kCount, 1);
    const RowSubset other = RowSubset::sample(kTotal, kCount, 2);
    Index same = 0;
    double sum = 0;
    for (Index i = 0; i < kCount; ++i) {
        QCOMPARE(one[i], again[i]);
        same += one[i] == other[i] ? 1 : 0;
        sum += static_cast<double>(one[i]);
        QCOMPARE(one.before(one[i]), i);
    }
    QVERIFY(same < kCount / 10);
    // The mean of a fair draw lies within five standard errors of the middle.
    const double error = static_cast<double>(kTotal) / std::sqrt(12.0 * kCount);
    QVERIFY(std::abs(sum / kCount - kTotal / 2.0) < 5 * error);
    QCOMPARE(one.description(), std::string("a random sample of 10,000 of 100,000 rows, seed 1"));
}

/// Counts the bytes that are asked for.
class CountingSource final : public ByteSource
{
public:
    explicit CountingSource(std::string bytes)
        : ByteSource("counted.npy", bytes.size())
        , m_inner(memorySource(std::move(bytes), "counted.npy"))
    {
    }
    Status read(std::uint64_t offset, std::span<std::byte> into) const override
    {
        m_read += into.size();
        return m_inner->read(offset, into);
    }
    std::uint64_t bytesRead() const { return m_read; }

private:
    std::shared_ptr<const ByteSource> m_inner;
    mutable std::atomic<std::uint64_t> m_read{0};
};

void TestRowChoice::fewRowsOfAFileAreReadAlone()
{
    constexpr int kCount = 2000;
    constexpr int kWidth = 2048; // Rows of 8 KiB: their gaps are worth skipping.
    std::string values;
    for (int i = 0; i < kCount; ++i) {
        std::string row = packed<float>({i * 1.0});
        row.resize(kWidth * sizeof(float), '\0');
        values += row;
    }
    const auto file = std::make_shared<CountingSource>(npy("<f4", "(2000, 2048)", values));
    ReadOptions options;
    options.rows = range(500, 520);
    auto read = openDataset(file, options, {});
    QVERIFY(read.ok());
    QCOMPARE((*read)->vectors()(0, 0), 500.0F);
    QVERIFY(file->bytesRead() < file->size() / 20);
    options.rows = sample(20, 1);
    read = openDataset(file, options, {});
    QVERIFY(read.ok());
    QVERIFY(file->bytesRead() < file->size() / 10);
}

void TestRowChoice::rowsInEveryOrderOfAnArray()
{
    // 4 x 3, value = 10 * row + column, in both orders and both endiannesses.
    std::vector<double> c;
    std::vector<double> fortran;
    for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 3; ++j)
            c.push_back(10 * i + j);
    for (int j = 0; j < 3; ++j)
        for (int i = 0; i < 4; ++i)
            fortran.push_back(10 * i + j);
    const std::vector<std::string> files{npy("<f4", "(4, 3)", packed<float>(c)),
        npy(">f4", "(4, 3)", packed<float>(c, true)), npy("<i2", "(4, 3)", packed<std::int16_t>(c)),
        npy("<f8", "(4, 3)", packed<double>(fortran), true)};
    for (const std::string& bytes : files) {
        for (const RowChoice& choice : {range(1, 3), sample(2, 5)}) {
            ReadOptions options;
            options.rows = choice;
            const auto read = openDataset(memorySource(bytes, "v.npy"), options, {});
            QVERIFY(read.ok());
            QCOMPARE((*read)->size(), Index{2});
            for (PointId id = 0; id < 2; ++id) {
                for (Index j = 0; j < 3; ++j) {
                    QCOMPARE((*read)->vectors()(id, j),
                        static_cast<float>(10 * (*read)->fileRow(id) + j));
                }
            }
        }
    }
}

void TestRowChoice::aTableBeyondTheMemoryIsRefusedBeforeItIsRead()
{
    const auto file
        = std::make_shared<CountingSource>(npy("<f4", "(1000, 100)", std::string(400'000, '\0')));
    ReadOptions options;
    options.maxMemory = 399'999;
    const auto read = openDataset(file, options, {});
    QVERIFY(!read.ok());
    QCOMPARE(read.error().code, ErrorCode::TooLarge);
    QVERIFY(read.error().refused.has_value());
    QCOMPARE(read.error().refused->rows, std::int64_t{1000});
    QCOMPARE(read.error().refused->columns, std::int64_t{100});
    QCOMPARE(read.error().refused->bytes, std::uint64_t{400'000});
    QCOMPARE(read.error().refused->allowed, std::uint64_t{399'999});
    QCOMPARE(read.error().path, std::string("counted.npy"));
    QVERIFY(file->bytesRead() < 140'000); // The head, twice; none of the values behind it.
    options.maxMemory = 400'000;
    QVERIFY(openDataset(file, options, {}).ok());
}

void TestRowChoice::aPartOfItIsNot()
{
    std::string text = "1000 2\n";
    for (int i = 0; i < 1000; ++i)
        text += "w" + std::to_string(i) + " 1 2\n";
    std::string csv = "a,b\n";
    for (int i = 0; i < 1000; ++i)
        csv += "1.5,2.5\n";
    ReadOptions options;
    options.maxMemory = 1000;
    const auto whole = openDataset(memorySource(text, "v.vec"), options, {});
    QVERIFY(!whole.ok());
    QVERIFY(whole.error().refused.has_value());
    options.rows = sample(100, 1);
    QVERIFY(openDataset(memorySource(text, "v.vec"), options, {}).ok());
    QVERIFY(openDataset(memorySource(csv, "v.csv"), options, {}).ok());
    // Where a file cannot be read in part, the sentence says that a sample does not help.
    options.rows = sample(1, 1);
    options.isTransposed = true;
    const auto table = openDataset(memorySource(csv, "v.csv"), options, {});
    QVERIFY(!table.ok());
    QVERIFY(table.error().detail.find("read whole") != std::string::npos);
}

void TestRowChoice::budgetsNest()
{
    QVERIFY(MemoryBudget::admitTable(1000, 1000).ok());
    const MemoryBudget outer(4000);
    QVERIFY(!MemoryBudget::admitTable(1000, 2).ok());
    {
        const MemoryBudget inner(8000);
        QVERIFY(MemoryBudget::admitTable(1000, 2).ok());
    }
    QVERIFY(!MemoryBudget::admitTable(1000, 2).ok());
    QVERIFY(!Matrix::allocate(1000, 2).ok());
    QVERIFY(Matrix::allocate(1000, 1).ok());
    const auto available = availableMemory();
    QVERIFY(available.has_value()); // Linux says it.
    QVERIFY(*available > 0);
}

QTEST_APPLESS_MAIN(TestRowChoice)
#include "tst_row_choice.moc"
