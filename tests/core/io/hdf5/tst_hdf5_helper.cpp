// What happens where the program that reads HDF5 is missing, crashes, hangs or lies.

#include "core/io/hdf5/hdf5_helper.h"
#include "core/io/open.h"
#include "tests/support/hdf5_bytes.h"
#include "tests/support/test_data.h"

#include <QElapsedTimer>
#include <QTest>
#include <chrono>
#include <thread>

using namespace embedscope;
using namespace embedscope::test;

namespace {

/// A file that says nothing but how the false helper is to behave.
std::string behaviour(const std::string& word)
{
    return std::string("\x89HDF\r\n\x1a\n\x09", 9) + word + std::string(64, '\0');
}

Result<std::shared_ptr<const Dataset>> open(const std::string& bytes, const Progress& progress = {})
{
    return openDataset(memorySource(bytes, "sample.h5"), {}, progress);
}

} // namespace

class TestHdf5Helper : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { setHdf5HelperProgram({}); }
    void aBadHelperIsOneSentence_data();
    void aBadHelperIsOneSentence();
    void missingHelperIsSaid();
    void helperThatIsNoProgramIsSaid();
    void stopEndsAHelperThatSleeps();
    void fileIsReadThroughItsDescriptor();
};

void TestHdf5Helper::aBadHelperIsOneSentence_data()
{
    QTest::addColumn<QString>("word");
    for (const char* word :
        {"crash", "abort", "end", "halfway", "spin", "alive", "groups", "huge", "none"})
        QTest::newRow(word) << QString::fromLatin1(word);
}

void TestHdf5Helper::aBadHelperIsOneSentence()
{
    QFETCH(QString, word);
    setHdf5HelperProgram(EMBEDSCOPE_FALSE_HELPER);
    const auto dataset = open(behaviour(word.toStdString()));
    QVERIFY(!dataset.ok());
    const bool isTooMany = word == QLatin1String("groups");
    QCOMPARE(dataset.error().code, isTooMany ? ErrorCode::TooLarge : ErrorCode::Malformed);
    QCOMPARE(dataset.error().path, std::string("sample.h5"));
    QVERIFY(isTooMany
        || dataset.error().detail.starts_with(
            "the file is damaged: the HDF5 library failed while reading it"));
}

void TestHdf5Helper::missingHelperIsSaid()
{
    const TemporaryFolder folder;
    setHdf5HelperProgram(folder.file("embedscope-hdf5"));
    const auto dataset = open(annDataBytes(5));
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().code, ErrorCode::NotFound);
    QVERIFY(dataset.error().detail.find("embedscope-hdf5") != std::string::npos);
}

void TestHdf5Helper::helperThatIsNoProgramIsSaid()
{
    const TemporaryFolder folder;
    writeFile(folder.file("embedscope-hdf5"), "no program");
    setHdf5HelperProgram(folder.file("embedscope-hdf5"));
    QCOMPARE(open(annDataBytes(5)).error().code, ErrorCode::NotFound);
}

void TestHdf5Helper::stopEndsAHelperThatSleeps()
{
    setHdf5HelperProgram(EMBEDSCOPE_FALSE_HELPER);
    std::stop_source stop;
    // The stage "waiting" has no report of its own: another thread asks for the stop.
    std::jthread other([&] { stop.request_stop(); });
    const auto dataset = open(behaviour("sleep"), Progress(stop.get_token()));
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().code, ErrorCode::Stopped);
}

/// A file that was removed from its folder after it was opened can still be read: what was opened
/// is what is read.
void TestHdf5Helper::fileIsReadThroughItsDescriptor()
{
    const TemporaryFolder folder;
    const std::string path = folder.file("sample.h5ad");
    writeFile(path, annDataBytes(20, true));
    setHdf5HelperProgram(EMBEDSCOPE_HDF5_HELPER);
    const auto source = openFile(path);
    QVERIFY(source.ok());
    QCOMPARE(std::remove(path.c_str()), 0);
    const auto dataset = openDataset(*source, {}, {});
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), Index{20});
}

QTEST_APPLESS_MAIN(TestHdf5Helper)
#include "tst_hdf5_helper.moc"
