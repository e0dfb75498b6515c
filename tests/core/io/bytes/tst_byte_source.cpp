#include "core/io/open.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <filesystem>
#include <fstream>

using namespace embedscope;
using namespace embedscope::test;

namespace {

std::string table(int rows, double value)
{
    return npy("<f4", '(' + std::to_string(rows) + ", 4)",
        packed<float>(std::vector<double>(static_cast<std::size_t>(rows) * 4, value)));
}

} // namespace

/// Files that others write to while we read them.
class TestByteSource : public QObject
{
    Q_OBJECT

private slots:
    void aFileThatShrinksIsOneSentence();
    void aFileThatIsRewrittenIsOneSentence();
    void aFileThatGrowsIsOneSentence();
    void aFileThatIsReplacedIsReadAsItWas();
    void aFileThatStaysIsRead();
};

void TestByteSource::aFileThatShrinksIsOneSentence()
{
    const TemporaryFolder folder;
    const std::string path = folder.file("v.npy");
    for (const int left : {0, 1, 100, 5000}) {
        writeFile(path, table(1000, 1));
        auto source = openFile(path);
        QVERIFY(source.ok());
        std::filesystem::resize_file(path, static_cast<std::uintmax_t>(left));
        const auto read = openDataset(*source, {}, {});
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, ErrorCode::Unreadable);
        const std::string sentence = describe(read.error());
        QVERIFY2(sentence.find("while it was being read") != std::string::npos, sentence.c_str());
        QCOMPARE(sentence.find('\n'), std::string::npos);
    }
}

void TestByteSource::aFileThatIsRewrittenIsOneSentence()
{
    const TemporaryFolder folder;
    const std::string path = folder.file("v.npy");
    writeFile(path, table(1000, 1));
    auto source = openFile(path);
    QVERIFY(source.ok());
    // Written in place: the same size, another time.
    std::fstream(path, std::ios::in | std::ios::out | std::ios::binary) << table(1000, 2);
    std::filesystem::last_write_time(
        path, std::filesystem::last_write_time(path) + std::chrono::seconds(1));
    const auto read = openDataset(*source, {}, {});
    QVERIFY(!read.ok());
    QVERIFY(read.error().detail.find("written to while") != std::string::npos);
    QVERIFY(openDataset(path, {}, {}).ok());
}

void TestByteSource::aFileThatGrowsIsOneSentence()
{
    const TemporaryFolder folder;
    const std::string path = folder.file("v.npy");
    writeFile(path, table(1000, 1));
    auto source = openFile(path);
    QVERIFY(source.ok());
    std::filesystem::resize_file(path, 1'000'000);
    QVERIFY(!openDataset(*source, {}, {}).ok());
}

void TestByteSource::aFileThatIsReplacedIsReadAsItWas()
{
    const TemporaryFolder folder;
    const std::string path = folder.file("v.npy");
    writeFile(path, table(1000, 1));
    writeFile(folder.file("new.npy"), table(10, 2));
    auto source = openFile(path);
    QVERIFY(source.ok());
    std::filesystem::rename(folder.file("new.npy"), path);
    const auto read = openDataset(*source, {}, {});
    QVERIFY(read.ok());
    QCOMPARE((*read)->size(), Index{1000});
    QCOMPARE((*read)->vectors()(999, 3), 1.0F);
}

void TestByteSource::aFileThatStaysIsRead()
{
    const TemporaryFolder folder;
    const std::string path = folder.file("v.npy");
    writeFile(path, table(10, 3));
    QVERIFY(openDataset(path, {}, {}).ok());
}

QTEST_APPLESS_MAIN(TestByteSource)
#include "tst_byte_source.moc"
