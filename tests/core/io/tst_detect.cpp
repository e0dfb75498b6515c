#include "core/io/format.h"
#include "core/io/open.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <set>

using namespace embedscope;

class TestDetect : public QObject
{
    Q_OBJECT

private slots:
    void everyRowIsFilledAndUnique();
    void whatIsNoDataIsNamed_data();
    void whatIsNoDataIsNamed();
    void foldersAndMissingFilesAreNamed();
    void anUnknownLabelColumnListsTheColumns();
    void aLabelColumnCanBeChosen();
};

void TestDetect::everyRowIsFilledAndUnique()
{
    std::set<std::string_view> ids;
    for (const Format& format : formats()) {
        QVERIFY(ids.insert(format.id).second);
        QVERIFY(!format.name.empty() && !format.description.empty() && !format.extensions.empty());
        QVERIFY(format.recognize != nullptr && format.read != nullptr);
        for (const std::string_view extension : format.extensions)
            QVERIFY(!extension.starts_with('.'));
    }
    QVERIFY(!ids.empty());
}

void TestDetect::whatIsNoDataIsNamed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    QTest::newRow("empty") << QByteArray() << "empty";
    QTest::newRow("git lfs") << QByteArray(
        "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n")
                             << "git lfs pull";
    QTest::newRow("html") << QByteArray("\n <!DOCTYPE html>\n<html><body>Sign in</body>")
                          << "web page";
    QTest::newRow("zeros") << QByteArray(8192, '\0') << "zero bytes";
    QTest::newRow("png") << QByteArray("\x89PNG\r\n\x1a\n....") << "PNG picture";
    QTest::newRow("gzip") << QByteArray("\x1f\x8b\x08\0\0\0", 6) << "gzip";
    QTest::newRow("hdf5") << QByteArray("\x89HDF\r\n\x1a\n") << "HDF5";
    QTest::newRow("gguf") << QByteArray("GGUF\3\0\0\0", 8) << "GGUF";
    QTest::newRow("parquet") << QByteArray("PAR1....") << "Parquet";
    QTest::newRow("safetensors") << QByteArray("\x40\0\0\0\0\0\0\0{\"a\":{}}", 16) << "safetensors";
    QTest::newRow("pickle") << QByteArray("\x80\x04\x95") << "pickle";
    QTest::newRow("utf-16") << QByteArray("\xff\xfeh\0i\0", 6) << "UTF-16";
    QTest::newRow("prose") << QByteArray("Once upon a time there was\na table.\n")
                           << "not recognised";
}

void TestDetect::whatIsNoDataIsNamed()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const auto dataset = openDataset(memorySource(bytes.toStdString(), "a.xyz"), {}, {});
    QVERIFY(!dataset.ok());
    const QString text = QString::fromStdString(describe(dataset.error()));
    QVERIFY2(text.startsWith("a.xyz: ") && text.contains(says), qPrintable(text));
}

void TestDetect::foldersAndMissingFilesAreNamed()
{
    const test::TemporaryFolder folder;
    const auto isFolder = openDataset(folder.path(), {}, {});
    QVERIFY(!isFolder.ok());
    QVERIFY(isFolder.error().detail.find("folder") != std::string::npos);
    const auto missing = openDataset(folder.file("none.npy"), {}, {});
    QVERIFY(!missing.ok());
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    test::writeFile(folder.file("empty.npy"), "");
    QVERIFY(!openDataset(folder.file("empty.npy"), {}, {}).ok());
}

void TestDetect::anUnknownLabelColumnListsTheColumns()
{
    ReadOptions options;
    options.labelColumn = "nothing";
    const auto dataset = openDataset(memorySource("2 2\na 1 2\nb 3 4\n", "a.txt"), options, {});
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().code, ErrorCode::NotFound);
    QVERIFY(dataset.error().detail.find("\"label\"") != std::string::npos);
}

void TestDetect::aLabelColumnCanBeChosen()
{
    ReadOptions options;
    options.labelColumn = "label";
    const auto dataset = openDataset(memorySource("2 2\na 1 2\nb 3 4\n", "a.txt"), options, {});
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->label(1), std::string("b"));
}

QTEST_APPLESS_MAIN(TestDetect)
#include "tst_detect.moc"
