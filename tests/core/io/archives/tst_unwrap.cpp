// What may be around a file: taken off, bounded, and told.

#include "core/io/archives/unwrap.h"
#include "core/io/open.h"
#include "tests/support/archive_bytes.h"
#include "tests/support/damage.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/samples.h"
#include "tests/support/test_data.h"
#include "tests/support/torch_tar_bytes.h"
#include "tests/support/zip_bytes.h"

#include <QTest>
#include <algorithm>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr Index kRows = 40;

std::string sample(std::string_view format, Index rows = kRows)
{
    return sampleMaker(format)->make(rows).bytes;
}

bool anyHolds(const std::vector<std::string>& texts, std::string_view part)
{
    return std::any_of(texts.begin(), texts.end(),
        [part](const std::string& text) { return text.find(part) != std::string::npos; });
}

bool sameValues(const Dataset& a, const Dataset& b)
{
    return a.size() == b.size() && a.dimensions() == b.dimensions()
        && std::equal(a.vectors().floats().data(),
            a.vectors().floats().data() + a.size() * a.dimensions(), b.vectors().floats().data());
}

} // namespace

class TestUnwrap : public QObject
{
    Q_OBJECT

private slots:
    void filtersAreTakenOff_data();
    void filtersAreTakenOff();
    void theFileInsideHasItsOwnName();
    void whatWasReadFromWhereIsTold();
    void gzipMembersBehindOneAnotherAreOneFile();
    void bytesBehindGzipAreNotSilent();
    void theOneFileOfAnArchiveOpens_data();
    void theOneFileOfAnArchiveOpens();
    void theBestFileIsTakenAndTheOthersNamed_data() { theOneFileOfAnArchiveOpens_data(); }
    void theBestFileIsTakenAndTheOthersNamed();
    void aMemberCanBeChosen_data() { theOneFileOfAnArchiveOpens_data(); }
    void aMemberCanBeChosen();
    void membersThatAreNotThereAreRefused();
    void linksAndFoldersArePassedOver();
    void namesAreNeverPlaces();
    void archivesOfNoTablesSaySo();
    void archivesThatAreFormatsStayAsTheyAre();
    void twoLayersAreTakenOffAndNoMore();
    void zipFormatsOfTheirOwnStay();
    void bombsAreRefused_data();
    void bombsAreRefused();
    void theUsersLimitIsKept();
    void cutFilesAreNeverATable_data();
    void cutFilesAreNeverATable();
    void checkSumsAreHeld_data() { filtersAreTakenOff_data(); }
    void checkSumsAreHeld();
    void metadataMayBeWrapped();
    void stopsAreHeeded();
};

void TestUnwrap::filtersAreTakenOff_data()
{
    QTest::addColumn<int>("packing");
    QTest::addColumn<QString>("ending");
    QTest::newRow("gzip") << static_cast<int>(Packing::Gzip) << ".gz";
    QTest::newRow("bzip2") << static_cast<int>(Packing::Bzip2) << ".bz2";
    QTest::newRow("xz") << static_cast<int>(Packing::Xz) << ".xz";
    QTest::newRow("zstd") << static_cast<int>(Packing::Zstd) << ".zst";
    QTest::newRow("lzma") << static_cast<int>(Packing::Lzma) << ".lzma";
}

void TestUnwrap::filtersAreTakenOff()
{
    QFETCH(int, packing);
    QFETCH(QString, ending);
    for (const SampleMaker& maker : sampleMakers()) {
        const SampleFile file = maker.make(kRows);
        if (!file.companions.empty())
            continue; // What stands beside a file does not stand beside one that is wrapped.
        const std::string name = "sample." + std::string(maker.extension);
        const auto plain = openBytes(file.bytes, name);
        QVERIFY2(plain.ok(), plain ? "" : describe(plain.error()).c_str());
        const auto wrapped = openBytes(
            packedBytes(file.bytes, static_cast<Packing>(packing)), name + ending.toStdString());
        QVERIFY2(wrapped.ok(), wrapped ? "" : describe(wrapped.error()).c_str());
        QVERIFY(sameValues(**plain, **wrapped));
        QCOMPARE((*wrapped)->provenance().format, (*plain)->provenance().format);
        QCOMPARE((*wrapped)->labelColumn(), (*plain)->labelColumn());
    }
}

void TestUnwrap::theFileInsideHasItsOwnName()
{
    // Nothing but its extension says what the numbers are.
    const std::string bytes = sample("fbin");
    const auto dataset = openBytes(packedBytes(bytes, Packing::Gzip), "a/points.fbin.gz");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->provenance().format, std::string("fbin"));
    const auto broken
        = openBytes(packedBytes("no table\nat all", Packing::Gzip), "a/points.txt.gz");
    QVERIFY(!broken.ok());
    QCOMPARE(broken.error().path, std::string("a/points.txt.gz/points.txt"));
}

void TestUnwrap::whatWasReadFromWhereIsTold()
{
    const std::string packed = packedBytes(sample("glove"), Packing::Xz);
    const auto dataset = openBytes(packed, "folder/words.txt.xz");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->provenance().path, std::string("folder/words.txt.xz"));
    QCOMPARE((*dataset)->provenance().fileBytes, packed.size());
    QVERIFY(anyHolds((*dataset)->provenance().notes, "words.txt inside words.txt.xz"));
}

void TestUnwrap::gzipMembersBehindOneAnotherAreOneFile()
{
    const std::string text = sample("glove");
    const auto half = text.find('\n', text.size() / 2) + 1;
    const std::string packed = packedBytes(text.substr(0, half), Packing::Gzip)
        + packedBytes(text.substr(half), Packing::Gzip);
    const auto dataset = openBytes(packed, "words.txt.gz");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->size(), kRows);
    // Padding is no fault.
    const auto padded = openBytes(packed + std::string(1000, '\0'), "words.txt.gz");
    QVERIFY(padded.ok() && (*padded)->warnings().empty());
}

void TestUnwrap::bytesBehindGzipAreNotSilent()
{
    const auto dataset
        = openBytes(packedBytes(sample("glove"), Packing::Gzip) + "something", "words.txt.gz");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->size(), kRows);
    QVERIFY(anyHolds((*dataset)->warnings(), "left unread"));
}

void TestUnwrap::theOneFileOfAnArchiveOpens_data()
{
    QTest::addColumn<int>("packing");
    QTest::newRow("zip") << -1;
    QTest::newRow("tar") << static_cast<int>(Packing::None);
    QTest::newRow("tar.gz") << static_cast<int>(Packing::Gzip);
    QTest::newRow("tar.bz2") << static_cast<int>(Packing::Bzip2);
    QTest::newRow("tar.xz") << static_cast<int>(Packing::Xz);
    QTest::newRow("tar.zst") << static_cast<int>(Packing::Zstd);
}

static std::string archive(int packing, const Members& members)
{
    return packing < 0 ? zipOf(members, true) : tarOf(members, static_cast<Packing>(packing));
}

void TestUnwrap::theOneFileOfAnArchiveOpens()
{
    QFETCH(int, packing);
    const auto dataset
        = openBytes(archive(packing, {{"deep/in/words.vec", sample("word2vec-text")}}), "words");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->provenance().format, std::string("word2vec-text"));
    QCOMPARE((*dataset)->size(), kRows);
    QVERIFY((*dataset)->warnings().empty());
}

void TestUnwrap::theBestFileIsTakenAndTheOthersNamed()
{
    QFETCH(int, packing);
    const auto dataset = openBytes(
        archive(packing,
            {{"README.txt", "words and what is known of them\n"}, {"small.txt", sample("glove", 9)},
                {"metadata.tsv", sample("tsv", 900)}, {"large.csv", sample("csv", 60)},
                {"picture.png", "\x89PNG\r\n\x1a\n"}}),
        "words");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), Index{60});
    const auto& warnings = (*dataset)->warnings();
    QVERIFY(anyHolds(warnings, "\"large.csv\""));
    QVERIFY(anyHolds(warnings, "\"small.txt\""));
    QVERIFY(anyHolds(warnings, "--member"));
    QVERIFY(!anyHolds(warnings, "picture.png"));
}

void TestUnwrap::aMemberCanBeChosen()
{
    QFETCH(int, packing);
    const std::string bytes = archive(
        packing, {{"x/small.txt", sample("glove", 9)}, {"x/large.csv", sample("csv", 60)}});
    ReadOptions options;
    for (const char* name : {"x/small.txt", "small.txt"}) {
        options.member = name;
        const auto dataset = openBytes(bytes, "words", options);
        QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
        QCOMPARE((*dataset)->size(), Index{9});
        QVERIFY((*dataset)->warnings().empty());
    }
}

void TestUnwrap::membersThatAreNotThereAreRefused()
{
    ReadOptions options;
    options.member = "other.txt";
    for (const int packing : {-1, 0, 1}) {
        const auto dataset = openBytes(
            archive(packing, {{"a.txt", sample("glove")}, {"b.txt", "b"}}), "words", options);
        QVERIFY(!dataset.ok());
        QCOMPARE(dataset.error().code, ErrorCode::NotFound);
        QVERIFY(dataset.error().detail.find("\"a.txt\", \"b.txt\"") != std::string::npos);
    }
    QVERIFY(!openBytes(sample("glove"), "words.txt", options).ok());
    QVERIFY(!openBytes(packedBytes(sample("glove"), Packing::Gzip), "w.gz", options).ok());
}

void TestUnwrap::linksAndFoldersArePassedOver()
{
    const auto dataset = openBytes(tarOf({{"folder/", ""}, {"words.txt -> /etc/passwd", ""},
                                       {"folder/words.txt", sample("glove")}}),
        "words.tar");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), kRows);
    const auto nothing
        = openBytes(tarOf({{"folder/", ""}, {"words.txt -> /etc/passwd", ""}}), "words.tar");
    QVERIFY(!nothing.ok());
    QVERIFY(nothing.error().detail.find("no files") != std::string::npos);
}

void TestUnwrap::namesAreNeverPlaces()
{
    const TemporaryFolder folder;
    writeFile(folder.file("words.tsv"), "1\n");
    for (const int packing : {-1, 0}) {
        const auto dataset = openBytes(
            archive(packing, {{"../../" + folder.path() + "/out.txt", sample("glove")}}),
            folder.file("words"));
        QVERIFY(dataset.ok());
        // A configuration within an archive reaches nothing outside.
        const auto config = openBytes(
            archive(packing, {{"../config.json", sampleMaker("projector")->make(3).bytes}}),
            folder.file("words"));
        QVERIFY(!config.ok());
    }
    QCOMPARE(readFile(folder.file("words.tsv")), std::string("1\n"));
    QVERIFY(!openFile(folder.file("out.txt")).ok());
}

void TestUnwrap::archivesOfNoTablesSaySo()
{
    for (const int packing : {-1, 0, 1}) {
        const auto two = openBytes(
            archive(packing, {{"a.txt", "some words\nin two lines\n"}, {"b.py", "import os\n"}}),
            "w");
        QVERIFY(!two.ok());
        QVERIFY(two.error().detail.find("looks like a table") != std::string::npos);
        const auto one = openBytes(archive(packing, {{"a.txt", "some words\nin a line\n"}}), "w");
        QVERIFY(!one.ok());
        QCOMPARE(one.error().path, std::string("w/a.txt"));
    }
    QVERIFY(!openBytes(zipOf({}), "w.zip").ok());
}

void TestUnwrap::archivesThatAreFormatsStayAsTheyAre()
{
    // A tar archive that PyTorch wrote; with a foreign file in it, it is one of several files.
    const std::string model = pickled::torchTarSample(3);
    const auto plain = unwrap(memorySource(model, "m.pt"), {}, {});
    QVERIFY(plain.ok());
    QVERIFY(!plain->isWrapped);
    const auto packed = openBytes(packedBytes(model, Packing::Gzip), "m.tar.gz");
    QVERIFY2(packed.ok(), packed ? "" : describe(packed.error()).c_str());
    QCOMPARE((*packed)->provenance().format, std::string("pytorch"));
    QCOMPARE((*packed)->size(), Index{3});
    const auto several = openBytes(
        tarOf({{"sys_info", "x"}, {"pickle", "x"}, {"words.txt", sample("glove")}}), "w");
    QVERIFY2(several.ok(), several ? "" : describe(several.error()).c_str());
    QCOMPARE((*several)->provenance().format, std::string("glove"));
    // The names of a magic number begin the archive, and mean nothing.
    const auto named = openBytes(tarOf({{"GGUF", sample("glove")}}), "w.tar");
    QVERIFY2(named.ok(), named ? "" : describe(named.error()).c_str());
    QCOMPARE((*named)->provenance().format, std::string("glove"));
}

void TestUnwrap::twoLayersAreTakenOffAndNoMore()
{
    const std::string once = packedBytes(sample("glove"), Packing::Gzip);
    const std::string twice = zipOf({{"words.txt.gz", once}});
    const auto dataset = openBytes(twice, "words.zip");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QVERIFY(
        anyHolds((*dataset)->provenance().notes, "words.txt inside words.txt.gz inside words.zip"));
    const auto tooDeep = openBytes(packedBytes(twice, Packing::Xz), "words.zip.xz");
    QVERIFY(!tooDeep.ok());
    QCOMPARE(tooDeep.error().code, ErrorCode::Unsupported);
    const auto tarWithin = openBytes(
        zipOf({{"a.tar.gz", tarOf({{"b.txt", sample("glove")}}, Packing::Gzip)}}), "a.zip");
    QVERIFY2(tarWithin.ok(), tarWithin ? "" : describe(tarWithin.error()).c_str());
}

void TestUnwrap::zipFormatsOfTheirOwnStay()
{
    for (const char* format : {"npz", "pytorch"}) {
        const auto source = memorySource(sample(format), "file");
        const auto inside = unwrap(source, {}, {});
        QVERIFY(inside.ok() && !inside->isWrapped);
        QCOMPARE(inside->source.get(), source.get());
        // But they may themselves be wrapped.
        const auto wrapped = openBytes(packedBytes(sample(format), Packing::Zstd), "file.zst");
        QVERIFY(wrapped.ok());
        QCOMPARE((*wrapped)->provenance().format, std::string(format));
    }
    const auto document = openBytes(zipOf({{"[Content_Types].xml", "<a/>"}}), "a.docx");
    QVERIFY(document.error().detail.find("office") != std::string::npos);
}

void TestUnwrap::bombsAreRefused_data()
{
    // 70 MB of one line, which pack to almost nothing.
    const std::string line = "the 1 2 3\n";
    std::string megabyte;
    while (megabyte.size() < 1'000'000)
        megabyte += line;
    const auto times = [](const std::string& part) {
        std::string all;
        for (int i = 0; i < 70; ++i)
            all += part;
        return all;
    };
    const std::string text = times(megabyte);
    const auto row = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    QTest::addColumn<QByteArray>("bytes");
    // Streams one behind the other are one file to all of them.
    const std::string gzip = times(packedBytes(megabyte, Packing::Gzip));
    row("gzip", gzip);
    row("bzip2", times(packedBytes(megabyte, Packing::Bzip2)));
    row("xz", times(packedBytes(megabyte, Packing::Xz)));
    row("zstd", times(packedBytes(megabyte, Packing::Zstd)));
    row("zip", zipOf({{"a.txt", text}}, true));
    row("tar.gz", tarOf({{"a.txt", text}}, Packing::Gzip));
    row("tar.gz, in what is passed over", tarOf({{"b.txt", line}, {"a.py", text}}, Packing::Gzip));
    row("gzip within gzip", packedBytes(gzip, Packing::Gzip));
}

void TestUnwrap::bombsAreRefused()
{
    QFETCH(QByteArray, bytes);
    const auto dataset = openBytes(bytes.toStdString(), "bomb");
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().code, ErrorCode::TooLarge);
    QVERIFY(dataset.error().detail.find("--max-bytes") != std::string::npos);
}

void TestUnwrap::theUsersLimitIsKept()
{
    const std::string text = sample("glove", 3000);
    ReadOptions options;
    for (const int packing : {-1, 0, 1, 3}) {
        const std::string bytes = archive(packing, {{"words.txt", text}});
        options.maxBytes = text.size() - 1;
        const auto refused = openBytes(bytes, "words", options);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::TooLarge);
        options.maxBytes = text.size() + 20'000; // A tar archive has its own blocks around it.
        QVERIFY(openBytes(bytes, "words", options).ok());
    }
}

void TestUnwrap::cutFilesAreNeverATable_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const std::string text = sample("glove", 9);
    for (const auto& [name, packing] : {std::pair("gzip", Packing::Gzip),
             std::pair("bzip2", Packing::Bzip2), std::pair("xz", Packing::Xz),
             std::pair("lzma", Packing::Lzma), std::pair("zstd", Packing::Zstd)}) {
        QTest::newRow(name) << QByteArray::fromStdString(packedBytes(text, packing));
        QTest::newRow((std::string("tar in ") + name).c_str())
            << QByteArray::fromStdString(tarOf({{"words.txt", text}}, packing));
    }
    QTest::newRow("zip") << QByteArray::fromStdString(zipOf({{"words.txt", text}}, true));
}

void TestUnwrap::cutFilesAreNeverATable()
{
    QFETCH(QByteArray, bytes);
    for (qsizetype length = 1; length < bytes.size(); ++length) {
        const auto dataset = openBytes(bytes.left(length).toStdString(), "words");
        // The last bytes of LZMA are an end that its size has said before.
        const bool isWhole = dataset.ok() && (*dataset)->size() == 9;
        QVERIFY2(!dataset.ok() || (isWhole && bytes.size() - length < 16),
            qPrintable(QString::number(length)));
        QVERIFY(dataset.ok() || !dataset.error().detail.empty());
    }
}

void TestUnwrap::checkSumsAreHeld()
{
    QFETCH(int, packing);
    if (static_cast<Packing>(packing) == Packing::Lzma)
        QSKIP("the older form has no check sums");
    const std::string text = sample("glove", 9);
    const auto plain = openBytes(text, "words.txt");
    std::string packed = packedBytes(text, static_cast<Packing>(packing));
    if (static_cast<Packing>(packing) == Packing::Zstd && (packed[4] & 4) == 0)
        QSKIP("this writer of zstd leaves the check sum out");
    for (std::size_t bit = 0; bit < packed.size() * 8; ++bit) {
        std::string damaged = packed;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
        const auto dataset = openBytes(damaged, "words.txt.x");
        QVERIFY2(!dataset.ok() || sameValues(**dataset, **plain),
            qPrintable(QString("bit %1").arg(bit)));
    }
}

void TestUnwrap::metadataMayBeWrapped()
{
    const TemporaryFolder folder;
    writeFile(folder.file("meta.tsv.gz"), packedBytes("word\tkind\na\tx\nb\ty\n", Packing::Gzip));
    const auto dataset = openBytes("1\t2\n3\t4\n", "t.tsv");
    QVERIFY(dataset.ok());
    const auto more = withMetadataFile(*dataset, folder.file("meta.tsv.gz"), {});
    QVERIFY2(more.ok(), more ? "" : describe(more.error()).c_str());
    QCOMPARE((*more)->columns().size(), std::size_t{2});
    QCOMPARE((*more)->label(1), std::string("b"));
}

void TestUnwrap::stopsAreHeeded()
{
    std::stop_source stop;
    stop.request_stop();
    for (const int packing : {-1, 0, 1, 2, 3, 5}) {
        const auto source = memorySource(archive(packing, {{"a.txt", sample("glove")}}), "words");
        const auto inside = unwrap(source, {}, Progress(stop.get_token()));
        QVERIFY(!inside.ok());
        QCOMPARE(inside.error().code, ErrorCode::Stopped);
    }
}

QTEST_APPLESS_MAIN(TestUnwrap)
#include "tst_unwrap.moc"
