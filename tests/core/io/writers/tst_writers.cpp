#include "core/io/writers/writers.h"

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/io/open.h"
#include "core/io/writers/text_rows.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <atomic>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <limits>
#include <sys/resource.h>

using namespace embedscope;
using namespace embedscope::test;

namespace {

QString q(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Values of every size: normal, tiny, huge, subnormal, negative zero, and whole numbers.
Matrix hardValues(Index n, Index d)
{
    Matrix matrix = normalMatrix(n, d, 11);
    constexpr float kOdd[] = {0.1F, -0.0F, 1.17549435e-38F, 1e-42F, 3.4028235e38F, -16777217.0F,
        5.0F, -1e-7F, 0.333333343F};
    for (Index i = 0; i < matrix.size(); i += 3)
        matrix.data()[i] = kOdd[static_cast<std::size_t>(i / 3) % std::size(kOdd)];
    return matrix;
}

/// Labels that are words, a category, and numbers that are whole, broken and missing.
std::shared_ptr<const Dataset> tableOf(Matrix values, const std::string& labelled = "w\xC3\xB6rd")
{
    const Index n = values.rows();
    Table table;
    table.vectors = std::move(values);
    TextValues labels;
    CategoryValues kinds{{}, {"noun", "verb, or not", "\xE2\x82\xAC"}};
    NumberValues counts;
    for (Index i = 0; i < n; ++i) {
        labels.append(labelled + std::to_string(i));
        kinds.codes.push_back(static_cast<std::int32_t>(i % 4) - 1);
        counts.values.push_back(
            i % 5 == 4 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(i) / 7);
    }
    table.columns.emplace_back("word", std::move(labels));
    table.columns.emplace_back("kind", std::move(kinds));
    table.columns.emplace_back("count", std::move(counts));
    table.labelColumn = 0;
    return Dataset::make(std::move(table)).value();
}

bool keepsColumns(const Writer& writer)
{
    return writer.id == "csv" || writer.id == "tsv" || writer.id == "npz";
}

bool keepsLabels(const Writer& writer)
{
    return keepsColumns(writer) || writer.id == "word2vec-text" || writer.id == "word2vec-binary";
}

std::shared_ptr<const Dataset> readBack(
    const Writer& writer, const std::string& path, bool hasColumns)
{
    ReadOptions options;
    if (writer.id == "tsv" && hasColumns)
        options.metadataPath = projectorMetadataPath(path);
    auto back = openDataset(path, options, {});
    if (!back) {
        qWarning("%s", describe(back.error()).c_str());
        return nullptr;
    }
    return *back;
}

bool areSameBits(const Dataset& a, const Dataset& b)
{
    return a.size() == b.size() && a.dimensions() == b.dimensions()
        && std::memcmp(a.vectors().floats().data(), b.vectors().floats().data(),
               static_cast<std::size_t>(a.size() * a.dimensions()) * sizeof(float))
        == 0;
}

const Column* columnOf(const Dataset& dataset, std::string_view name)
{
    const auto found = findColumn(dataset.columns(), name);
    return found ? &dataset.columns()[*found] : nullptr;
}

std::vector<std::string> filesIn(const std::string& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

/// Small files only, while it lives.
class FileSizeLimit
{
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit small = m_before;
        small.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit m_before{};
    void (*m_handler)(int) = SIG_DFL;
};

} // namespace

class TestWriters : public QObject
{
    Q_OBJECT

private:
    void addWriters() const
    {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < writers().size(); ++i)
            QTest::newRow(writers()[i].id.data()) << static_cast<int>(i);
    }
    static const Writer& writer()
    {
        QFETCH(int, row);
        return writers()[static_cast<std::size_t>(row)];
    }
    static std::string fileFor(const TemporaryFolder& folder, const Writer& writer)
    {
        return folder.file("a." + std::string(writer.extensions.front()));
    }

private slots:
    void rowsOfTheArrayAreWhole()
    {
        std::vector<std::string_view> extensions;
        for (const Writer& row : writers()) {
            QVERIFY(!row.id.empty() && !row.name.empty() && row.write != nullptr);
            QVERIFY2(row.description.ends_with('.'), row.id.data());
            QVERIFY(!row.extensions.empty());
            for (const std::string_view extension : row.extensions) {
                QVERIFY2(
                    std::find(extensions.begin(), extensions.end(), extension) == extensions.end(),
                    extension.data());
                extensions.push_back(extension);
                const auto found = findWriter({}, "b." + std::string(extension));
                QVERIFY(found.ok() && *found == &row);
            }
            QCOMPARE(findWriter(row.id, "no extension").value(), &row);
        }
        for (const char* path : {"a", "a.", "a.xyz", ".npy", ""})
            QCOMPARE(findWriter({}, path).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(findWriter("nothing", "a.npy").error().code, ErrorCode::InvalidArgument);
    }

    void everyFloatComesBack_data() { addWriters(); }
    void everyFloatComesBack()
    {
        for (const auto& [n, d] : std::vector<std::pair<Index, Index>>{
                 {1, 1}, {1, 3}, {2, 2}, {3, 1}, {5, 3}, {7, 768}, {3000, 20}, {40'000, 2}}) {
            const TemporaryFolder folder;
            const auto dataset = tableOf(hardValues(n, d));
            const std::string path = fileFor(folder, writer());
            const auto lost = writeDataset(path, writer().id, RowsToWrite(*dataset), {});
            if (writer().id == "tsv" && d == 1) { // Would be read as one column of metadata.
                QCOMPARE(lost.error().code, ErrorCode::InvalidArgument);
                continue;
            }
            QVERIFY2(lost.ok(), lost.ok() ? "" : describe(lost.error()).c_str());
            QCOMPARE(lost->empty(), keepsColumns(writer()));
            const auto back = readBack(writer(), path, true);
            QVERIFY2(back, qPrintable(QString("%1 x %2").arg(n).arg(d)));
            QVERIFY2(areSameBits(*back, *dataset), qPrintable(QString("%1 x %2").arg(n).arg(d)));
            QCOMPARE(q(back->provenance().format), q(writer().id));
        }
    }

    void labelsAndColumnsComeBack_data() { addWriters(); }
    void labelsAndColumnsComeBack()
    {
        const TemporaryFolder folder;
        const auto dataset = tableOf(hardValues(50, 9));
        const std::string path = fileFor(folder, writer());
        QVERIFY(writeDataset(path, {}, RowsToWrite(*dataset), {}).ok());
        const auto back = readBack(writer(), path, true);
        QVERIFY(back);
        QCOMPARE(back->hasLabels(), keepsLabels(writer()));
        for (PointId i = 0; i < 50 && keepsLabels(writer()); ++i)
            QCOMPARE(q(back->label(i)), q(dataset->label(i)));
        if (!keepsColumns(writer()))
            return;
        QCOMPARE(back->columns().size(), dataset->columns().size());
        for (const Column& column : dataset->columns()) {
            const Column* read = columnOf(*back, column.name());
            QVERIFY2(read, column.name().c_str());
            QCOMPARE(read->kind() == ColumnKind::Number, column.kind() == ColumnKind::Number);
            for (Index i = 0; i < 50; ++i)
                QCOMPARE(q(read->text(i)), q(column.text(i)));
        }
    }

    void aChoiceOfRowsTellsWhichAndWhere_data() { addWriters(); }
    void aChoiceOfRowsTellsWhichAndWhere()
    {
        const TemporaryFolder folder;
        const auto dataset = tableOf(hardValues(60, 4));
        Layout layout;
        layout.positions = normalMatrix(60, 2, 3);
        const std::vector<PointId> chosen{3, 59, 7};
        const std::string path = fileFor(folder, writer());
        QVERIFY(writeDataset(path, {}, RowsToWrite(*dataset, chosen, &layout), {}).ok());
        const auto back = readBack(writer(), path, true);
        QVERIFY(back);
        QCOMPARE(back->size(), Index{3});
        for (Index i = 0; i < 3; ++i) {
            const PointId id = chosen[static_cast<std::size_t>(i)];
            QVERIFY(std::memcmp(
                        back->vectors().floats().row(i), dataset->vectors().floats().row(id), 16)
                == 0);
            if (keepsLabels(writer()))
                QCOMPARE(q(back->label(static_cast<PointId>(i))), q(dataset->label(id)));
            if (!keepsColumns(writer()))
                continue;
            QCOMPARE(columnOf(*back, "row")->text(i).c_str(), std::to_string(id).c_str());
            QCOMPARE(static_cast<float>(
                         columnOf(*back, "y")->asNumber()->values[static_cast<std::size_t>(i)]),
                layout.positions(id, 1));
        }
        if (writer().id == "csv") // The map comes back as it was.
            QCOMPARE(back->coordinateColumns().size(), std::size_t{2});
    }

    void tablesWithoutColumnsAreWritten_data() { addWriters(); }
    void tablesWithoutColumnsAreWritten()
    {
        const TemporaryFolder folder;
        const auto dataset = datasetOf(hardValues(20, 5));
        const std::string path = fileFor(folder, writer());
        const auto lost = writeDataset(path, {}, RowsToWrite(*dataset), {});
        QVERIFY(lost.ok() && lost->empty());
        const auto back = readBack(writer(), path, false);
        QVERIFY(back && areSameBits(*back, *dataset));
        QCOMPARE(filesIn(folder.path()).size(), std::size_t{1});
    }

    void rowsWithoutNumbersAreWritten_data() { addWriters(); }
    void rowsWithoutNumbersAreWritten()
    {
        const TemporaryFolder folder;
        Matrix values = normalMatrix(30, 6, 2);
        values(4, 2) = std::numeric_limits<float>::quiet_NaN();
        values(9, 0) = std::numeric_limits<float>::infinity();
        values(9, 5) = -std::numeric_limits<float>::infinity();
        const auto dataset = tableOf(std::move(values));
        const std::string path = fileFor(folder, writer());
        QVERIFY(writeDataset(path, {}, RowsToWrite(*dataset), {}).ok());
        const auto back = readBack(writer(), path, true);
        QVERIFY(back);
        QVERIFY(back->unusableRows() == dataset->unusableRows());
        QCOMPARE(back->vectors()(9, 0), dataset->vectors()(9, 0));
        QCOMPARE(back->vectors()(9, 5), dataset->vectors()(9, 5));
    }

    void oddLabelsAreKeptOrSaid_data() { addWriters(); }
    void oddLabelsAreKeptOrSaid()
    {
        const TemporaryFolder folder;
        Table table;
        table.vectors = normalMatrix(40, 5, 2);
        TextValues labels;
        for (int i = 0; i < 36; ++i)
            labels.append("plain" + std::to_string(i));
        labels.append("New York");
        labels.append("two\nlines");
        labels.append("a, \"quoted\"\tcell");
        labels.appendMissing();
        table.columns.emplace_back("label", std::move(labels));
        table.labelColumn = 0;
        const auto dataset = Dataset::make(std::move(table)).value();
        const std::string path = fileFor(folder, writer());
        const auto lost = writeDataset(path, {}, RowsToWrite(*dataset), {});
        QVERIFY(lost.ok());
        const auto back = readBack(writer(), path, true);
        QVERIFY(back && areSameBits(*back, *dataset));
        const bool keepsAll = writer().id == "csv" || writer().id == "npz";
        QCOMPARE(lost->empty(), keepsAll);
        for (const std::string& sentence : *lost)
            QVERIFY(sentence.ends_with('.') && sentence.find('\n') == std::string::npos);
        if (!keepsLabels(writer()))
            return;
        for (PointId i = 0; i < 36; ++i)
            QCOMPARE(q(back->label(i)), q(dataset->label(i)));
        if (keepsAll) {
            for (PointId i = 36; i < 40; ++i)
                QCOMPARE(q(back->label(i)), q(dataset->label(i)));
        } else if (writer().id == "tsv") {
            QCOMPARE(q(back->label(36)), QString("New York"));
            QCOMPARE(q(back->label(37)), QString("two lines"));
        } else {
            QCOMPARE(q(back->label(36)), QString("New_York"));
            QCOMPARE(q(back->label(37)), QString("two_lines"));
            QCOMPARE(q(back->label(38)), QString("a,_\"quoted\"_cell"));
            QCOMPARE(q(back->label(39)), QString("row_39"));
        }
    }

    void namesOfColumnsDoNotCollide_data() { addWriters(); }
    void namesOfColumnsDoNotCollide()
    {
        const TemporaryFolder folder;
        Table table;
        table.vectors = normalMatrix(30, 4, 2);
        for (const char* name : {"vectors", "a/b", "dim_0", "dim_1", "x", "row", "x"}) {
            TextValues texts;
            for (int i = 0; i < 30; ++i)
                texts.append(std::string(name) + " of " + std::to_string(i));
            table.columns.emplace_back(name, std::move(texts));
        }
        const auto dataset = Dataset::make(std::move(table)).value();
        Layout layout;
        layout.positions = normalMatrix(30, 3, 3);
        std::vector<PointId> all(30);
        for (PointId i = 0; i < 30; ++i)
            all[i] = i;
        const std::string path = fileFor(folder, writer());
        QVERIFY(writeDataset(path, {}, RowsToWrite(*dataset, all, &layout), {}).ok());
        const auto back = readBack(writer(), path, true);
        QVERIFY(back && areSameBits(*back, *dataset));
        if (keepsColumns(writer()))
            QCOMPARE(back->columns().size(), std::size_t{7 + 4});
    }

    void theThreadsDoNotShow_data() { addWriters(); }
    void theThreadsDoNotShow()
    {
        const TemporaryFolder folder;
        const auto dataset = tableOf(hardValues(30'000, 7));
        const std::string path = fileFor(folder, writer());
        setThreadCount(1);
        QVERIFY(writeDataset(path, {}, RowsToWrite(*dataset), {}).ok());
        const std::string one = readFile(path);
        setThreadCount(2);
        QVERIFY(writeDataset(path, {}, RowsToWrite(*dataset), {}).ok());
        setThreadCount(0);
        QVERIFY(one == readFile(path));
    }

    void aStopInTheMiddleLeavesTheOldFiles_data() { addWriters(); }
    void aStopInTheMiddleLeavesTheOldFiles()
    {
        const TemporaryFolder folder;
        const auto old = tableOf(hardValues(3, 2));
        const auto dataset = tableOf(hardValues(200'000, 16));
        const std::string path = fileFor(folder, writer());
        QVERIFY(writeDataset(path, {}, RowsToWrite(*old), {}).ok());
        std::vector<std::string> before;
        for (const std::string& name : filesIn(folder.path()))
            before.push_back(readFile(folder.file(name)));
        for (const double when : {0.0, 0.3, 0.6, 0.85}) {
            std::stop_source stop;
            const Progress progress(
                stop.get_token(), [&stop, when](std::string_view, double fraction) {
                    if (fraction >= when)
                        stop.request_stop();
                });
            const auto lost = writeDataset(path, {}, RowsToWrite(*dataset), progress);
            if (lost.ok()) { // Whole all the same: the last report came when all was written.
                QVERIFY(when > 0.5);
                break;
            }
            QCOMPARE(lost.error().code, ErrorCode::Stopped);
            std::vector<std::string> after;
            for (const std::string& name : filesIn(folder.path()))
                after.push_back(readFile(folder.file(name)));
            QVERIFY(before == after);
        }
    }

    void aFullDiskLeavesTheOldFile_data() { addWriters(); }
    void aFullDiskLeavesTheOldFile()
    {
        const TemporaryFolder folder;
        const auto dataset = tableOf(hardValues(30'000, 8));
        const std::string path = fileFor(folder, writer());
        writeFile(path, "old");
        Result<std::vector<std::string>> lost = std::vector<std::string>();
        {
            const FileSizeLimit limit(300'000);
            lost = writeDataset(path, {}, RowsToWrite(*dataset), {});
        }
        QVERIFY(!lost.ok());
        QCOMPARE(lost.error().code, ErrorCode::WriteFailed);
        QCOMPARE(q(lost.error().path), q(path));
        QVERIFY(describe(lost.error()).ends_with('.'));
        QCOMPARE(readFile(path), std::string("old"));
        QCOMPARE(filesIn(folder.path()).size(), std::size_t{1});
        if (!std::filesystem::exists("/dev/full"))
            return;
        const auto full = writeDataset("/dev/full", writer().id, RowsToWrite(*dataset), {});
        QVERIFY(!full.ok());
        QCOMPARE(full.error().code, ErrorCode::WriteFailed);
        QVERIFY(!std::filesystem::exists("/dev/full_metadata.tsv"));
    }

    void noRowsAreRefused()
    {
        const TemporaryFolder folder;
        const auto dataset = tableOf(hardValues(3, 2));
        const auto lost = writeDataset(
            folder.file("a.npy"), {}, RowsToWrite(*dataset, std::vector<PointId>()), {});
        QVERIFY(!lost.ok());
        QCOMPARE(lost.error().code, ErrorCode::InvalidArgument);
        QVERIFY(filesIn(folder.path()).empty());
    }

    void metadataStandWhereTheProjectorLooks()
    {
        QCOMPARE(projectorMetadataPath("/a/words.tsv"), std::string("/a/words_metadata.tsv"));
        QCOMPARE(projectorMetadataPath("/a/tensors.tsv"), std::string("/a/metadata.tsv"));
        QCOMPARE(projectorMetadataPath("my_tensors.tsv"), std::string("my_metadata.tsv"));
        const TemporaryFolder folder;
        const auto dataset = blobDataset(50, 3, 5);
        QVERIFY(writeDataset(folder.file("a.tsv"), {}, RowsToWrite(*dataset), {}).ok());
        const QStringList lines
            = QString::fromStdString(readFile(folder.file("a_metadata.tsv"))).split('\n');
        QCOMPARE(lines.size(), 52);
        QCOMPARE(lines[0], QString("label\tgroup\tsize"));
        QCOMPARE(lines[1], QString("p0\tgroup 0\t0"));
    }

    void longTextsDoNotBlowAnArchiveUp()
    {
        const TemporaryFolder folder;
        Table table;
        table.vectors = normalMatrix(2000, 2, 2);
        TextValues labels;
        for (int i = 0; i < 1999; ++i)
            labels.append("w" + std::to_string(i));
        labels.append(std::string(40'000, 'x') + "\xE2\x82\xAC");
        table.columns.emplace_back("label", std::move(labels));
        table.labelColumn = 0;
        const auto dataset = Dataset::make(std::move(table)).value();
        const std::string path = folder.file("a.npz");
        QVERIFY(writeDataset(path, {}, RowsToWrite(*dataset), {}).ok());
        QVERIFY(std::filesystem::file_size(path) < 100'000'000);
        const auto back = openDataset(path, {}, {});
        QVERIFY(back.ok());
        QCOMPARE(q((*back)->label(1999)), q(dataset->label(1999)));
        QCOMPARE(q((*back)->label(5)), QString("w5"));
    }
};

QTEST_APPLESS_MAIN(TestWriters)
#include "tst_writers.moc"
