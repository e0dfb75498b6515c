#include "core/io/open.h"
#include "core/io/writers/text_rows.h"
#include "core/io/writers/write.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>
#include <filesystem>
#include <limits>
#include <ostream>

using namespace embedscope;
using namespace embedscope::test;

namespace {

std::size_t filesIn(const TemporaryFolder& folder)
{
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path()))
        ++count;
    return count;
}

Layout layoutOf(Index n, Index dimensions)
{
    Layout layout;
    layout.positions = normalMatrix(n, dimensions, 5);
    for (Index j = 0; j < dimensions; ++j)
        layout.positions(1, j) = std::numeric_limits<float>::quiet_NaN();
    layout.omitted = {1};
    return layout;
}

} // namespace

class TestWrite : public QObject
{
    Q_OBJECT

private slots:
    void aFailureLeavesTheOldFile();
    void aStopLeavesTheOldFile();
    void anImpossibleFolderIsAnError();
    void linksAndPermissionsSurvive();
    void npyReadsBackExactly();
    void layoutsHaveTheirHeader();
    void layoutsAsNpyReadBack();
    void layoutsAsTextReadBack_data();
    void layoutsAsTextReadBack();
    void otherExtensionsAreRefused();
    void cellsAreQuotedWhereTheyMustBe();
};

void TestWrite::aFailureLeavesTheOldFile()
{
    const TemporaryFolder folder;
    writeFile(folder.file("a"), "old");
    const auto status = writeAtomically(folder.file("a"), [](std::ostream& out) -> Status {
        out << "half of the new";
        return Error{ErrorCode::WriteFailed, "no", {}, {}, {}};
    });
    QVERIFY(!status.ok());
    QCOMPARE(readFile(folder.file("a")), std::string("old"));
    QCOMPARE(filesIn(folder), std::size_t{1});
}

void TestWrite::aStopLeavesTheOldFile()
{
    const TemporaryFolder folder;
    writeFile(folder.file("a.npy"), "old");
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(!writeNpy(folder.file("a.npy"), normalMatrix(3, 2), Progress(stop.get_token())).ok());
    QCOMPARE(readFile(folder.file("a.npy")), std::string("old"));
    QCOMPARE(filesIn(folder), std::size_t{1});
}

void TestWrite::anImpossibleFolderIsAnError()
{
    const TemporaryFolder folder;
    const auto status = writeNpy(folder.file("none/a.npy"), normalMatrix(2, 2), {});
    QVERIFY(!status.ok());
    QCOMPARE(status.error().code, ErrorCode::WriteFailed);
    QVERIFY(!writeNpy(folder.path(), normalMatrix(2, 2), {}).ok());
}

void TestWrite::linksAndPermissionsSurvive()
{
    namespace fs = std::filesystem;
    const TemporaryFolder folder;
    writeFile(folder.file("real"), "old");
    fs::permissions(folder.file("real"), fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink("real", folder.file("link"));
    QVERIFY(writeAtomically(folder.file("link"), [](std::ostream& out) -> Status {
        out << "new";
        return {};
    }).ok());
    QVERIFY(fs::is_symlink(folder.file("link")));
    QCOMPARE(readFile(folder.file("real")), std::string("new"));
    QVERIFY(fs::status(folder.file("real")).permissions()
        == (fs::perms::owner_read | fs::perms::owner_write));
}

void TestWrite::npyReadsBackExactly()
{
    const TemporaryFolder folder;
    const Matrix matrix = normalMatrix(1000, 7);
    QVERIFY(writeNpy(folder.file("a.npy"), matrix, {}).ok());
    const auto dataset = openDataset(folder.file("a.npy"), {}, {});
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->size(), Index{1000});
    for (Index i = 0; i < matrix.size(); ++i)
        QVERIFY((*dataset)->vectors().floats().data()[i] == matrix.data()[i]);
    QCOMPARE(std::filesystem::file_size(folder.file("a.npy")) % 64, (1000U * 7U * 4U) % 64);
}

void TestWrite::layoutsHaveTheirHeader()
{
    const TemporaryFolder folder;
    const auto dataset = blobDataset(4, 3, 2);
    const Layout layout = layoutOf(4, 3);
    QVERIFY(writeLayout(folder.file("a.csv"), *dataset, layout, {}).ok());
    const QStringList lines = QString::fromStdString(readFile(folder.file("a.csv"))).split('\n');
    QCOMPARE(lines[0], QString("label,x,y,z"));
    QVERIFY(lines[1].startsWith("p0,"));
    QCOMPARE(lines[2], QString("p1,nan,nan,nan"));
    QVERIFY(lines[4].split(',')[3].toFloat() == layout.positions(3, 2));
}

void TestWrite::layoutsAsNpyReadBack()
{
    const TemporaryFolder folder;
    const auto dataset = blobDataset(40, 3, 2);
    const Layout layout = layoutOf(40, 2);
    QVERIFY(writeLayout(folder.file("a.npy"), *dataset, layout, {}).ok());
    const auto read = readLayout(folder.file("a.npy"), *dataset, {});
    QVERIFY(read.ok());
    QCOMPARE(read->omitted, layout.omitted);
    QCOMPARE(read->recipe.method, std::string("given"));
    for (Index i = 0; i < layout.positions.size(); ++i) {
        const float a = read->positions.data()[i];
        const float b = layout.positions.data()[i];
        QVERIFY(a == b || (std::isnan(a) && std::isnan(b)));
    }
    QVERIFY(!readLayout(folder.file("a.npy"), *blobDataset(41, 3, 2), {}).ok());
}

void TestWrite::layoutsAsTextReadBack_data()
{
    QTest::addColumn<QString>("extension");
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<QString>("labels");
    QTest::addColumn<int>("rows");
    for (const char* extension : {"csv", "tsv"}) {
        for (const int dimensions : {2, 3}) {
            for (const char* labels : {"words", "numbers", "none", "quotes"}) {
                for (const int rows : {2, 3, 40}) {
                    QTest::addRow("%s %d %s %d", extension, dimensions, labels, rows)
                        << extension << dimensions << labels << rows;
                }
            }
        }
    }
}

void TestWrite::layoutsAsTextReadBack()
{
    QFETCH(QString, extension);
    QFETCH(int, dimensions);
    QFETCH(QString, labels);
    QFETCH(int, rows);
    Table table;
    table.vectors = normalMatrix(rows, 5);
    TextValues values;
    for (int i = 0; i < rows; ++i) {
        const std::string number = std::to_string(1900 + i);
        values.append(labels == "numbers" ? number
                : labels == "quotes"      ? "a, \"b\"\n" + number
                                          : 'w' + number);
    }
    table.columns.emplace_back("name", std::move(values));
    if (labels != "none")
        table.labelColumn = 0;
    const auto dataset = Dataset::make(std::move(table)).value();
    const Layout layout = layoutOf(rows, dimensions);
    const TemporaryFolder folder;
    const std::string path = folder.file("a." + extension.toStdString());
    QVERIFY(writeLayout(path, *dataset, layout, {}).ok());
    const auto read = readLayout(path, *dataset, {});
    QVERIFY2(read.ok(), read ? "" : describe(read.error()).c_str());
    QCOMPARE(read->dimensions(), dimensions);
    QCOMPARE(read->omitted, layout.omitted);
    for (Index i = 0; i < layout.positions.size(); ++i) {
        const float a = read->positions.data()[i];
        const float b = layout.positions.data()[i];
        QVERIFY(a == b || (std::isnan(a) && std::isnan(b)));
    }
}

void TestWrite::otherExtensionsAreRefused()
{
    const TemporaryFolder folder;
    const auto status
        = writeLayout(folder.file("a.png"), *blobDataset(4, 3, 2), layoutOf(4, 2), {});
    QVERIFY(!status.ok());
    QCOMPARE(status.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(filesIn(folder), std::size_t{0});
}

void TestWrite::cellsAreQuotedWhereTheyMustBe()
{
    QCOMPARE(delimitedCell("plain", ','), std::string("plain"));
    QCOMPARE(delimitedCell("a,b", ','), std::string("\"a,b\""));
    QCOMPARE(delimitedCell("say \"a\"", ','), std::string("\"say \"\"a\"\"\""));
    QCOMPARE(delimitedCell("two\nlines", ','), std::string("\"two\nlines\""));
    QCOMPARE(delimitedCell(" padded", ','), std::string("\" padded\""));
    QCOMPARE(delimitedCell("a,b", '\t'), std::string("a,b"));
    QCOMPARE(delimitedCell("a\tb\r\nc", '\t'), std::string("a b  c"));
}

QTEST_APPLESS_MAIN(TestWrite)
#include "tst_write.moc"
