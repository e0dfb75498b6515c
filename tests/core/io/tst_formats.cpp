// Promises that every format keeps, whatever is in the file. They loop over the array of formats,
// so that a new one is held to them the day it arrives.

#include "core/base/random.h"
#include "core/io/open.h"
#include "tests/support/samples.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <sys/resource.h>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr Index kFewRows = 12;
constexpr Index kManyRows = 3000;

Result<std::shared_ptr<const Dataset>> open(std::string bytes, const std::string& path)
{
    return openDataset(memorySource(std::move(bytes), path), {}, {});
}

/// A dataset that is one, or a sentence that says why there is none.
QString faultOf(const Result<std::shared_ptr<const Dataset>>& result)
{
    if (!result) {
        const Error& error = result.error();
        if (error.detail.empty() || error.path.empty())
            return "an error does not say what or where";
        if (error.code == ErrorCode::Stopped || error.code == ErrorCode::OutOfMemory)
            return "an error of a kind that has no reason to be: "
                + QString::fromStdString(error.detail);
        if (error.detail.back() == '.' || error.detail.find('\n') != std::string::npos)
            return "an error is not one sentence: " + QString::fromStdString(error.detail);
        return {};
    }
    const Dataset& dataset = **result;
    if (dataset.size() < 1 || dataset.dimensions() < 1)
        return "a dataset is empty";
    for (const Column& column : dataset.columns()) {
        if (column.size() != dataset.size())
            return "a column has another length than the table";
    }
    for (PointId id = 0; id < dataset.size(); ++id) {
        bool isFinite = true;
        for (const float value : dataset.vectors().floats().rowSpan(id))
            isFinite = isFinite && std::isfinite(value);
        if (isFinite != dataset.isUsable(id))
            return "a row that is not finite counts as usable";
    }
    return {};
}

long peakMemoryKb()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

constexpr bool underSanitizer()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

} // namespace

class TestFormats : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyFormatHasASample();
    void everyFormatHasAFuzzTarget();
    void samplesAreRead_data() { formatRows(); }
    void samplesAreRead();
    void contentDecidesOverTheExtension_data() { formatRows(); }
    void contentDecidesOverTheExtension();
    void cutAnywhereNothingBreaks_data() { formatRows(); }
    void cutAnywhereNothingBreaks();
    void flippedBitsBreakNothing_data() { formatRows(); }
    void flippedBitsBreakNothing();
    void foreignBytesBreakNothing_data() { formatRows(); }
    void foreignBytesBreakNothing();
    void stopsAreHeeded_data() { formatRows(); }
    void stopsAreHeeded();
    void memoryStaysInProportion();

private:
    static void formatRows();
    std::string place(const SampleMaker& maker, const SampleFile& sample) const;

    TemporaryFolder m_folder;
    long m_idleKb = 0;
    std::size_t m_largest = 0;
};

void TestFormats::formatRows()
{
    QTest::addColumn<int>("row");
    int row = 0;
    for (const SampleMaker& maker : sampleMakers())
        QTest::newRow(std::string(maker.format).c_str()) << row++;
}

/// Writes the companions, and names the place where the sample would lie beside them.
std::string TestFormats::place(const SampleMaker& maker, const SampleFile& sample) const
{
    for (const auto& [name, bytes] : sample.companions)
        writeFile(m_folder.file(name), bytes);
    return m_folder.file("sample." + std::string(maker.extension));
}

void TestFormats::initTestCase()
{
    m_idleKb = peakMemoryKb();
}

void TestFormats::everyFormatHasASample()
{
    for (const Format& format : formats())
        QVERIFY2(sampleMaker(format.id) != nullptr, std::string(format.id).c_str());
    QCOMPARE(sampleMakers().size(), formats().size());
}

void TestFormats::everyFormatHasAFuzzTarget()
{
    for (const Format& format : formats()) {
        std::string name(format.id);
        std::replace(name.begin(), name.end(), '-', '_');
        const std::string target = readFile(EMBEDSCOPE_TEST_DATA "/../fuzz/fuzz_" + name + ".cpp");
        QVERIFY2(
            target.find('"' + std::string(format.id) + '"') != std::string::npos, name.c_str());
        const std::string list = readFile(EMBEDSCOPE_TEST_DATA "/../fuzz/CMakeLists.txt");
        QVERIFY2(list.find("embedscope_fuzz(" + name + ')') != std::string::npos, name.c_str());
    }
}

void TestFormats::samplesAreRead()
{
    QFETCH(int, row);
    const SampleMaker& maker = sampleMakers()[static_cast<std::size_t>(row)];
    for (const Index rows : {Index{1}, Index{2}, kFewRows, kManyRows}) {
        const SampleFile sample = maker.make(rows);
        const auto dataset = open(sample.bytes, place(maker, sample));
        QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
        QCOMPARE((*dataset)->size(), rows);
        QCOMPARE(faultOf(dataset), QString());
        if (rows >= kFewRows) {
            QCOMPARE(QString::fromStdString((*dataset)->provenance().format),
                QString::fromStdString(std::string(maker.format)));
        }
    }
}

void TestFormats::contentDecidesOverTheExtension()
{
    QFETCH(int, row);
    const SampleMaker& maker = sampleMakers()[static_cast<std::size_t>(row)];
    if (!maker.isRecognizedByContent)
        QSKIP("nothing in the bytes of this format tells what it is");
    const SampleFile sample = maker.make(kFewRows);
    place(maker, sample);
    for (const SampleMaker& other : sampleMakers()) {
        if (!other.isRecognizedByContent)
            continue;
        const auto dataset
            = open(sample.bytes, m_folder.file("sample." + std::string(other.extension)));
        QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
        QCOMPARE((*dataset)->provenance().format, std::string(maker.format));
        QCOMPARE((*dataset)->size(), kFewRows);
    }
    QVERIFY(open(sample.bytes, m_folder.file("sample")).ok());
}

void TestFormats::cutAnywhereNothingBreaks()
{
    QFETCH(int, row);
    const SampleMaker& maker = sampleMakers()[static_cast<std::size_t>(row)];
    const SampleFile small = maker.make(kFewRows);
    const std::string path = place(maker, small);
    for (std::size_t length = 0; length < small.bytes.size(); ++length) {
        const QString fault = faultOf(open(small.bytes.substr(0, length), path));
        QVERIFY2(fault.isEmpty(), qPrintable(QString("length %1: %2").arg(length).arg(fault)));
    }
    const SampleFile large = maker.make(kManyRows);
    place(maker, large);
    m_largest = std::max(m_largest, large.bytes.size());
    Random random(1);
    for (int i = 0; i < 200; ++i) {
        const auto length = random.below(large.bytes.size());
        const QString fault = faultOf(open(large.bytes.substr(0, length), path));
        QVERIFY2(fault.isEmpty(), qPrintable(QString("length %1: %2").arg(length).arg(fault)));
    }
}

void TestFormats::flippedBitsBreakNothing()
{
    QFETCH(int, row);
    const SampleMaker& maker = sampleMakers()[static_cast<std::size_t>(row)];
    const SampleFile sample = maker.make(kFewRows);
    const std::string path = place(maker, sample);
    Random random(2);
    for (int i = 0; i < 500; ++i) {
        std::string bytes = sample.bytes;
        const auto flips = 1 + random.below(4);
        for (std::uint64_t f = 0; f < flips; ++f) {
            const auto bit = random.below(bytes.size() * 8);
            bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
        }
        const QString fault = faultOf(open(bytes, path));
        QVERIFY2(fault.isEmpty(), qPrintable(QString("flip %1: %2").arg(i).arg(fault)));
    }
}

/// The reader itself meets bytes that its own recognition would have kept from it.
void TestFormats::foreignBytesBreakNothing()
{
    QFETCH(int, row);
    const SampleMaker& maker = sampleMakers()[static_cast<std::size_t>(row)];
    const Format* own = nullptr;
    for (const Format& format : formats()) {
        if (format.id == maker.format)
            own = &format;
    }
    QVERIFY(own != nullptr);
    std::vector<std::string> foreign{"x", "\n", " ", std::string(100, '\0'),
        std::string(70000, 'a'), "{\"a\": [1, 2", "PK\x03\x04", "\x93NUMPY"};
    for (const SampleMaker& other : sampleMakers())
        foreign.push_back(other.make(kFewRows).bytes);
    for (const std::string& bytes : foreign) {
        const auto source = memorySource(bytes, m_folder.file("foreign"));
        const auto table = own->read(*source, {}, {});
        if (!table)
            QVERIFY(!table.error().detail.empty());
    }
}

void TestFormats::stopsAreHeeded()
{
    QFETCH(int, row);
    const SampleMaker& maker = sampleMakers()[static_cast<std::size_t>(row)];
    const SampleFile sample = maker.make(kManyRows);
    std::stop_source stop;
    stop.request_stop();
    const auto dataset = openDataset(
        memorySource(sample.bytes, place(maker, sample)), {}, Progress(stop.get_token()));
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().code, ErrorCode::Stopped);
}

/// The last of all: what was reached at most by everything above.
void TestFormats::memoryStaysInProportion()
{
    if (underSanitizer())
        QSKIP("a sanitizer keeps memory for itself");
    QVERIFY(m_largest > 0);
    const auto allowed = static_cast<long>(16 * m_largest / 1024 + 64 * 1024);
    const long used = peakMemoryKb() - m_idleKb;
    QVERIFY2(used < allowed, qPrintable(QString("%1 kB of %2 kB").arg(used).arg(allowed)));
}

QTEST_APPLESS_MAIN(TestFormats)
#include "tst_formats.moc"
