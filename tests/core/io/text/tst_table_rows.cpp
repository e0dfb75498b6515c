// Tables of text, CSV and JSON, of which rows are chosen, or which memory does not hold.

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/io/open.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cstring>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr Index kRows = 12000;
constexpr Index kDimensions = 40;
constexpr Index kBadRow = 5000;

using Opened = Result<std::shared_ptr<const Dataset>>;

std::string why(const Opened& dataset)
{
    return dataset ? std::string() : describe(dataset.error());
}

std::string numbersOf(const Matrix& matrix, Index row, char separator)
{
    std::string text;
    for (Index j = 0; j < matrix.columns(); ++j)
        text += (j > 0 ? std::string(1, separator) : "") + formatNumber(matrix(row, j));
    return text;
}

/// What stands beside row i: a word (at times in quotes, at times in the way of numbers), one of
/// three kinds, and a number that is missing here and there.
std::string wordOf(Index i)
{
    return i % 10 == 0 ? std::to_string(i) : "word, \"" + std::to_string(i) + '"';
}

std::string sizeOf(Index i)
{
    return i % 7 == 0 ? std::string() : std::to_string(i * 3);
}

std::string csv(const Matrix& matrix, char delimiter)
{
    const std::string d(1, delimiter);
    std::string text = "word" + d + "kind" + d + "size";
    for (Index j = 0; j < matrix.columns(); ++j)
        text += d + "d" + std::to_string(j);
    text += '\n';
    for (Index i = 0; i < matrix.rows(); ++i) {
        std::string word = wordOf(i);
        if (i % 10 != 0)
            word = "\"word, \"\"" + std::to_string(i) + "\"\"\"";
        text
            += word + d + "abc"[i % 3] + d + sizeOf(i) + d + numbersOf(matrix, i, delimiter) + '\n';
    }
    return text;
}

std::string jsonObject(const Matrix& matrix, Index i)
{
    std::string word = wordOf(i);
    if (i % 10 != 0)
        word = "word, \\\"" + std::to_string(i) + "\\\"";
    const std::string size = sizeOf(i);
    return "{\"word\": \"" + word + "\", \"kind\": \"" + "abc"[i % 3] + "\", \"size\": "
        + (size.empty() ? "null" : size) + ", \"vector\": [" + numbersOf(matrix, i, ',') + "]}";
}

std::string jsonLines(const Matrix& matrix)
{
    std::string text;
    for (Index i = 0; i < matrix.rows(); ++i)
        text += jsonObject(matrix, i) + '\n';
    return text;
}

std::string jsonList(const Matrix& matrix)
{
    std::string text = "[";
    for (Index i = 0; i < matrix.rows(); ++i)
        text += (i > 0 ? ",\n" : "") + jsonObject(matrix, i);
    return text + "]\n";
}

struct File
{
    std::string name;
    std::string bytes;
};

std::vector<File> filesOf(const Matrix& matrix)
{
    return {{"t.csv", csv(matrix, ',')}, {"t.tsv", csv(matrix, '\t')},
        {"t.jsonl", jsonLines(matrix)}, {"t.json", jsonList(matrix)}};
}

RowChoice range(Index first, Index last)
{
    RowChoice choice;
    choice.range = std::pair(first, last);
    return choice;
}

RowChoice sample(Index count)
{
    RowChoice choice;
    choice.sample = count;
    choice.seed = 3;
    return choice;
}

/// Opens a file and tells whether it came to parsing its rows.
Opened openTelling(const File& file, const ReadOptions& options, bool& wasParsed)
{
    wasParsed = false;
    const Progress progress({}, [&wasParsed](std::string_view stage, double) {
        wasParsed = wasParsed || stage == "Reading rows";
    });
    return openDataset(memorySource(file.bytes, file.name), options, progress);
}

} // namespace

class TestTableRows : public QObject
{
    Q_OBJECT

private slots:
    void chosenRowsAreThoseOfTheWholeTable();
    void onlyChosenVectorsAreParsed();
    void aSampleOfATableBeyondTheMemoryOpens();
    void refusedBeforeARowIsParsed();
    void columnsThatArePointsAreRefusedAsTheyWouldBe();
    void damagedFilesGiveTheRowsAskedForOrNone();
};

void TestTableRows::chosenRowsAreThoseOfTheWholeTable()
{
    const Matrix matrix = normalMatrix(kRows, kDimensions);
    for (const File& file : filesOf(matrix)) {
        QVERIFY(file.bytes.size() > std::size_t{4} << 20U); // Several pieces.
        const Opened opened = openDataset(memorySource(file.bytes, file.name), {}, {});
        QVERIFY2(opened.ok(), why(opened).c_str());
        const Dataset& whole = **opened;
        QCOMPARE(whole.size(), kRows);
        QCOMPARE(whole.label(1), wordOf(1));
        for (const RowChoice& choice : {range(0, 1), range(kRows - 1, kRows), range(3000, 9001),
                 range(11990, 99999), sample(1), sample(100), sample(kRows - 1)}) {
            for (const int threads : {1, 2}) {
                setThreadCount(threads);
                ReadOptions options;
                options.rows = choice;
                const Opened part = openDataset(memorySource(file.bytes, file.name), options, {});
                setThreadCount(0);
                QVERIFY2(part.ok(), why(part).c_str());
                const auto rows = chosenRows(choice, kRows, file.name);
                QVERIFY(rows.ok());
                QCOMPARE((*part)->size(), rows->count());
                QVERIFY((*part)->warnings() == whole.warnings());
                QCOMPARE((*part)->labelColumn(), whole.labelColumn());
                QCOMPARE((*part)->columns().size(), whole.columns().size() + 1);
                for (Index i = 0; i < rows->count(); ++i) {
                    const Index at = (*rows)[i];
                    const auto id = static_cast<PointId>(i);
                    QCOMPARE((*part)->fileRow(id), at);
                    QVERIFY(std::memcmp((*part)->vectors().floats().row(i), matrix.row(at),
                                kDimensions * sizeof(float))
                        == 0);
                    QCOMPARE((*part)->label(id), wordOf(at));
                }
                for (std::size_t c = 0; c < whole.columns().size(); ++c) {
                    QCOMPARE((*part)->columns()[c].kind(), whole.columns()[c].kind());
                    for (Index i = 0; i < rows->count(); ++i)
                        QCOMPARE(
                            (*part)->columns()[c].text(i), whole.columns()[c].text((*rows)[i]));
                }
            }
        }
    }
}

void TestTableRows::onlyChosenVectorsAreParsed()
{
    Matrix matrix = normalMatrix(kRows, kDimensions);
    const std::string good = formatNumber(matrix(kBadRow, 2));
    for (File& file : filesOf(matrix)) {
        const std::size_t at = file.bytes.find(good);
        QVERIFY(at != std::string::npos);
        file.bytes.replace(at, good.size(), "x1");
        QVERIFY(!openDataset(memorySource(file.bytes, file.name), {}, {}).ok());
        ReadOptions options;
        options.rows = range(kBadRow + 1, kBadRow + 100);
        const Opened beside = openDataset(memorySource(file.bytes, file.name), options, {});
        QVERIFY2(beside.ok(), why(beside).c_str());
        QCOMPARE((*beside)->vectors()(0, 2), matrix(kBadRow + 1, 2));
        options.rows = range(kBadRow, kBadRow + 100);
        QVERIFY(!openDataset(memorySource(file.bytes, file.name), options, {}).ok());
    }
}

void TestTableRows::aSampleOfATableBeyondTheMemoryOpens()
{
    const Matrix matrix = normalMatrix(kRows, kDimensions);
    for (const File& file : filesOf(matrix)) {
        ReadOptions options;
        options.maxMemory = 1000 * kDimensions * sizeof(float);
        QVERIFY(!openDataset(memorySource(file.bytes, file.name), options, {}).ok());
        options.rows = sample(1000);
        const Opened part = openDataset(memorySource(file.bytes, file.name), options, {});
        QVERIFY2(part.ok(), why(part).c_str());
        QCOMPARE((*part)->size(), Index{1000});
        options.rows = sample(1001);
        const Opened more = openDataset(memorySource(file.bytes, file.name), options, {});
        QVERIFY(!more.ok());
        QVERIFY(more.error().detail.find("read whole") == std::string::npos);
    }
}

void TestTableRows::refusedBeforeARowIsParsed()
{
    const Matrix matrix = normalMatrix(kRows, kDimensions);
    for (const File& file : filesOf(matrix)) {
        ReadOptions options;
        options.maxMemory = kRows * kDimensions * sizeof(float) - 1;
        bool wasParsed = false;
        const Opened refused = openTelling(file, options, wasParsed);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::TooLarge);
        QVERIFY(refused.error().refused.has_value());
        QCOMPARE(refused.error().refused->rows, kRows);
        QCOMPARE(refused.error().refused->columns, kDimensions);
        QVERIFY(refused.error().detail.find("12,000 x 40 values") != std::string::npos);
        QVERIFY(!wasParsed);
        *options.maxMemory += 1;
        QVERIFY(openTelling(file, options, wasParsed).ok());
        QVERIFY(wasParsed);
    }
}

void TestTableRows::columnsThatArePointsAreRefusedAsTheyWouldBe()
{
    const Matrix matrix = normalMatrix(200, 30);
    std::string text = "dimension";
    for (int j = 0; j < 30; ++j)
        text += std::string(",gene") + static_cast<char>('A' + j % 26) + (j < 26 ? "x" : "y");
    text += '\n';
    for (Index i = 0; i < 200; ++i)
        text += std::to_string(i) + ',' + numbersOf(matrix, i, ',') + '\n';
    const File file{"t.csv", text};
    bool wasParsed = false;
    const Opened whole = openTelling(file, {}, wasParsed);
    QVERIFY2(whole.ok(), why(whole).c_str());
    QCOMPARE((*whole)->size(), Index{30});
    ReadOptions options;
    options.maxMemory = 1000;
    const Opened refused = openTelling(file, options, wasParsed);
    QVERIFY(!refused.ok());
    QVERIFY(refused.error().refused.has_value());
    QCOMPARE(refused.error().refused->rows, Index{30});
    QCOMPARE(refused.error().refused->columns, Index{200});
    QVERIFY(!wasParsed);
    // Rows of it are chosen among the points.
    options.maxMemory.reset();
    options.rows = range(4, 6);
    const Opened part = openTelling(file, options, wasParsed);
    QVERIFY2(part.ok(), why(part).c_str());
    QCOMPARE((*part)->size(), Index{2});
    QCOMPARE((*part)->label(0), (*whole)->label(4));
    QCOMPARE((*part)->vectors()(1, 7), (*whole)->vectors()(5, 7));
}

void TestTableRows::damagedFilesGiveTheRowsAskedForOrNone()
{
    const Matrix matrix = normalMatrix(30, 4);
    Random random(13);
    for (const File& file : filesOf(matrix)) {
        int opened = 0;
        for (int i = 0; i < 1500; ++i) {
            std::string damaged = file.bytes;
            if (i % 3 == 0)
                damaged.resize(static_cast<std::size_t>(random.below(damaged.size())));
            for (auto flips = 1 + random.below(3); flips > 0 && !damaged.empty(); --flips) {
                const auto at = static_cast<std::size_t>(random.below(damaged.size()));
                damaged[at] = static_cast<char>(damaged[at] ^ (1 << random.below(8)));
            }
            ReadOptions options;
            options.rows = i % 2 == 0 ? range(3, 9) : sample(5);
            const Opened part = openDataset(memorySource(damaged, file.name), options, {});
            if (!part.ok())
                continue;
            ++opened;
            // Damage may turn the rows into a table of few; never into more than were asked for.
            QVERIFY((*part)->size() <= (i % 2 == 0 ? 6 : 5));
            for (const Column& column : (*part)->columns())
                QCOMPARE(column.size(), (*part)->size());
        }
        QVERIFY2(opened > 0, file.name.c_str());
    }
}

QTEST_APPLESS_MAIN(TestTableRows)
#include "tst_table_rows.moc"
