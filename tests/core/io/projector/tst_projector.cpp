#include "core/base/random.h"
#include "core/io/open.h"
#include "core/io/projector/image_size.h"
#include "core/io/projector/projector.h"
#include "core/io/writers/write.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cstring>
#include <filesystem>

using namespace embedscope;

namespace {

std::string bytesOf(std::initializer_list<float> values)
{
    std::string bytes;
    for (const float value : values) {
        char raw[sizeof value];
        std::memcpy(raw, &value, sizeof value);
        bytes.append(raw, sizeof value);
    }
    return bytes;
}

/// The beginning of a PNG of that size: all that the size takes.
std::string png(std::uint32_t width, std::uint32_t height)
{
    std::string bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
    for (const std::uint32_t side : {width, height}) {
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes += static_cast<char>(side >> shift & 0xFFU);
    }
    return bytes + std::string("\x08\0\0\0\0", 5);
}

/// A folder with a configuration and the files it names.
class ConfigFolder
{
public:
    void add(const std::string& name, const std::string& bytes)
    {
        std::filesystem::create_directories(
            std::filesystem::path(m_folder.file(name)).parent_path());
        test::writeFile(m_folder.file(name), bytes);
    }
    Result<std::shared_ptr<const Dataset>> open(
        const std::string& name = "projector_config.json", const ReadOptions& options = {})
    {
        return openDataset(m_folder.file(name), options, {});
    }
    std::string file(const std::string& name) const { return m_folder.file(name); }

private:
    test::TemporaryFolder m_folder;
};

std::string config(const std::string& set)
{
    return "{\"embeddings\": [" + set + "]}";
}

std::string warningsOf(const Dataset& dataset)
{
    std::string all;
    for (const std::string& warning : dataset.warnings())
        all += warning + '\n';
    return all;
}

ImageRect rectOf(const Dataset& dataset, Index row)
{
    const auto column = findColumn(dataset.columns(), "image");
    return dataset.columns()[*column].asImage()->rects[static_cast<std::size_t>(row)];
}

} // namespace

class TestProjector : public QObject
{
    Q_OBJECT

private slots:
    void pbtxtNamesTheSameFiles();
    void pbtxtOfPyTorchIsRead();
    void pbtxtMayBeWrittenInManyWays_data();
    void pbtxtMayBeWrittenInManyWays();
    void brokenPbtxtIsRefused_data();
    void brokenPbtxtIsRefused();
    void checkpointsAreNamedInWords();
    void aWholeSetOpens();
    void snakeCaseIsReadToo();
    void contentDecidesWhatTheTensorIs();
    void theFirstReadableSetOpens();
    void aSetCanBeNamed();
    void pathsAreFoundByTheirBaseName();
    void nothingOutsideTheFolderIsRead();
    void addressesAreNotFetched();
    void missingCompanionsAreWarnings();
    void shapesThatLieAreWarnings();
    void spritesNeedNotBeSquare();
    void spritesTooSmallLeavePointsWithoutPictures();
    void rawNumbersNeedAShape();
    void rawNumbersOfOtherTypes();
    void rawNumbersFindTheirConfiguration();
    void brokenConfigurationsAreErrors_data();
    void brokenConfigurationsAreErrors();
    void imageSizesComeFromTheHeader_data();
    void imageSizesComeFromTheHeader();
    void hugeAndBrokenImagesAreErrors();
    void truncatedAndFlippedConfigurationsNeverCrash();
};

void TestProjector::aWholeSetOpens()
{
    ConfigFolder folder;
    folder.add("data/t.bytes", bytesOf({1, 2, 3, 4, 5, 6}));
    folder.add("data/m.tsv", "word\tkind\ncat\tanimal\ndog\tanimal\n");
    folder.add("s.png", png(20, 10));
    folder.add("projector_config.json",
        config(R"({"tensorName": "T", "tensorShape": [2, 3], "tensorPath": "data/t.bytes",
            "metadataPath": "data/m.tsv", "bookmarksPath": "none.txt",
            "sprite": {"imagePath": "s.png", "singleImageDim": [10, 10]}})"));
    const auto dataset = folder.open();
    QVERIFY2(dataset.ok(), dataset.ok() ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), Index{2});
    QCOMPARE((*dataset)->vectors()(1, 2), 6.0F);
    QCOMPARE((*dataset)->label(1), std::string("dog"));
    QCOMPARE(rectOf(**dataset, 1).x, 10);
    QCOMPARE((*dataset)->provenance().format, std::string("projector"));
    QCOMPARE((*dataset)->provenance().tensor, std::string("T"));
    QCOMPARE((*dataset)->provenance().companions.size(), std::size_t{3});
    QVERIFY((*dataset)->warnings().empty());
}

void TestProjector::snakeCaseIsReadToo()
{
    ConfigFolder folder;
    folder.add("t.tsv", "1\t2\n3\t4\n");
    folder.add("m.tsv", "a\nb\n");
    folder.add("projector_config.json",
        config(R"({"tensor_name": "T", "tensor_path": "t.tsv", "metadata_path": "m.tsv"})"));
    const auto dataset = folder.open();
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->label(1), std::string("b"));
}

void TestProjector::contentDecidesWhatTheTensorIs()
{
    ConfigFolder folder;
    QVERIFY(writeNpy(folder.file("t.tsv"), test::normalMatrix(4, 3), {}).ok());
    folder.add("projector_config.json", config(R"({"tensorName": "T", "tensorPath": "t.tsv"})"));
    const auto dataset = folder.open();
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->dimensions(), Index{3});
    // Raw numbers without an extension that says so, known by their size.
    folder.add("t.dat", bytesOf({1, 2, 3, 4}));
    folder.add("raw.json", config(R"({"tensorShape": [2, 2], "tensorPath": "t.dat"})"));
    const auto raw = folder.open("raw.json");
    QVERIFY(raw.ok());
    QCOMPARE((*raw)->vectors()(1, 0), 3.0F);
}

void TestProjector::theFirstReadableSetOpens()
{
    ConfigFolder folder;
    folder.add("b.tsv", "1\t2\n3\t4\n");
    folder.add("c.tsv", "5\t6\n7\t8\n");
    folder.add("projector_config.json",
        config(
            R"({"tensorName": "A", "tensorPath": "a.tsv"}, {"tensorName": "B", "tensorPath": "b.tsv"},
            {"tensorName": "C", "tensorPath": "c.tsv"})"));
    const auto dataset = folder.open();
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->provenance().tensor, std::string("B"));
    QVERIFY(warningsOf(**dataset).find("\"A\"") != std::string::npos);
}

void TestProjector::aSetCanBeNamed()
{
    ConfigFolder folder;
    folder.add("b.tsv", "1\t2\n3\t4\n");
    folder.add("c.tsv", "5\t6\n7\t8\n");
    folder.add("projector_config.json",
        config(
            R"({"tensorName": "B", "tensorPath": "b.tsv"}, {"tensorName": "C", "tensorPath": "c.tsv"})"));
    ReadOptions options;
    options.tensor = "C";
    QCOMPARE((*folder.open("projector_config.json", options))->vectors()(0, 0), 5.0F);
    options.tensor = "D";
    const auto none = folder.open("projector_config.json", options);
    QVERIFY(!none.ok());
    QVERIFY(none.error().detail.find("\"B\", \"C\"") != std::string::npos);
}

void TestProjector::pathsAreFoundByTheirBaseName()
{
    ConfigFolder folder;
    folder.add("t.tsv", "1\t2\n3\t4\n");
    for (const std::string path : {"oss_data/t.tsv", "/somewhere/else/t.tsv", "../up/t.tsv",
             "./t.tsv", "C:\\\\logs\\\\t.tsv"}) {
        folder.add("projector_config.json", config("{\"tensorPath\": \"" + path + "\"}"));
        QVERIFY2(folder.open().ok(), path.c_str());
    }
}

void TestProjector::nothingOutsideTheFolderIsRead()
{
    ConfigFolder folder;
    folder.add("secret.tsv", "1\t2\n3\t4\n");
    const std::string absolute = folder.file("secret.tsv");
    for (const std::string& path :
        {std::string("../secret.tsv"), absolute, std::string("x/../../secret.tsv"),
            std::string(".."), std::string("/"), std::string("a\\u0000b")}) {
        folder.add("in/projector_config.json", config("{\"tensorPath\": \"" + path + "\"}"));
        const auto dataset = folder.open("in/projector_config.json");
        QVERIFY2(!dataset.ok(), path.c_str());
        QCOMPARE(dataset.error().code, ErrorCode::NotFound);
    }
}

void TestProjector::addressesAreNotFetched()
{
    ConfigFolder folder;
    folder.add("vectors.tsv", "1\t2\n3\t4\n");
    folder.add("projector_config.json",
        config(R"({"tensorPath": "https://example.invalid/x/vectors.tsv?raw=1",
            "metadataPath": "http://example.invalid/meta.tsv"})"));
    const auto dataset = folder.open();
    QVERIFY(dataset.ok());
    QVERIFY(warningsOf(**dataset).find("meta.tsv") != std::string::npos);
}

void TestProjector::missingCompanionsAreWarnings()
{
    ConfigFolder folder;
    folder.add("t.tsv", "1\t2\n3\t4\n");
    folder.add("broken.png", "not a picture at all");
    folder.add(
        "projector_config.json", config(R"({"tensorPath": "t.tsv", "metadataPath": "none.tsv",
            "sprite": {"imagePath": "broken.png", "singleImageDim": [8, 8]}})"));
    const auto dataset = folder.open();
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->warnings().size(), std::size_t{2});
    QVERIFY((*dataset)->columns().empty());
}

void TestProjector::shapesThatLieAreWarnings()
{
    ConfigFolder folder;
    folder.add("t.tsv", "1\t2\n3\t4\n");
    folder.add("t.bytes", bytesOf({1, 2, 3, 4, 5, 6}));
    const auto open = [&](const std::string& set) {
        folder.add("projector_config.json", config(set));
        return folder.open();
    };
    const auto text = open(R"({"tensorShape": [64, 1024], "tensorPath": "t.tsv"})");
    QVERIFY(text.ok());
    QCOMPARE((*text)->warnings().size(), std::size_t{1});
    const auto tooMany = open(R"({"tensorShape": [1000000000, 3], "tensorPath": "t.bytes"})");
    QVERIFY(tooMany.ok());
    QCOMPARE((*tooMany)->size(), Index{2});
    QCOMPARE((*tooMany)->warnings().size(), std::size_t{1});
    const auto wrongColumns = open(R"({"tensorShape": [2, 5], "tensorPath": "t.bytes"})");
    QVERIFY(wrongColumns.ok());
    QCOMPARE((*wrongColumns)->dimensions(), Index{3});
    const auto rest = open(R"({"tensorShape": [5, 4], "tensorPath": "t.bytes"})");
    QVERIFY(rest.ok());
    QCOMPARE((*rest)->size(), Index{1});
    QVERIFY(!open(R"({"tensorShape": [5, 1000000000000], "tensorPath": "t.bytes"})").ok());
    QVERIFY(!open(R"({"tensorPath": "t.bytes"})").ok());
}

void TestProjector::spritesNeedNotBeSquare()
{
    ConfigFolder folder;
    folder.add("t.tsv", "1\t2\n3\t4\n5\t6\n7\t8\n");
    folder.add("s.png", png(35, 40)); // three of 10 x 20 a row, and a margin
    folder.add("projector_config.json", config(R"({"tensorPath": "t.tsv",
            "sprite": {"imagePath": "s.png", "singleImageDim": [10, 20]}})"));
    const auto dataset = folder.open();
    QVERIFY(dataset.ok());
    const ImageRect last = rectOf(**dataset, 3);
    QCOMPARE(last.x, 0);
    QCOMPARE(last.y, 20);
    QCOMPARE(last.width, 10);
    QCOMPARE(last.height, 20);
}

void TestProjector::spritesTooSmallLeavePointsWithoutPictures()
{
    ConfigFolder folder;
    folder.add("t.tsv", "1\t2\n3\t4\n5\t6\n");
    folder.add("s.png", png(20, 10));
    folder.add("projector_config.json", config(R"({"tensorPath": "t.tsv",
            "sprite": {"imagePath": "s.png", "singleImageDim": [10, 10]}})"));
    const auto dataset = folder.open();
    QVERIFY(dataset.ok());
    const auto column = findColumn((*dataset)->columns(), "image");
    QVERIFY(column && (*dataset)->columns()[*column].isMissing(2));
    QCOMPARE((*dataset)->warnings().size(), std::size_t{1});
}

void TestProjector::rawNumbersNeedAShape()
{
    ConfigFolder folder;
    folder.add("t.bytes", bytesOf({1, 2, 3, 4, 5, 6}));
    const auto none = folder.open("t.bytes");
    QVERIFY(!none.ok());
    QVERIFY(none.error().detail.find("--shape") != std::string::npos);
    ReadOptions options;
    options.shape = std::pair<Index, Index>(3, 2);
    const auto dataset = folder.open("t.bytes", options);
    QVERIFY(dataset.ok() && (*dataset)->warnings().empty());
    QCOMPARE((*dataset)->vectors()(2, 1), 6.0F);
    options.shape = std::pair<Index, Index>(4, 2);
    QVERIFY(!folder.open("t.bytes", options).ok());
    options.shape = std::pair<Index, Index>(2, 2);
    QCOMPARE((*folder.open("t.bytes", options))->warnings().size(), std::size_t{1});
}

void TestProjector::rawNumbersOfOtherTypes()
{
    ConfigFolder folder;
    folder.add("t.bytes", std::string("\x01\x02\xFF\x04", 4));
    ReadOptions options;
    options.shape = std::pair<Index, Index>(2, 2);
    options.dtype = "uint8";
    QCOMPARE((*folder.open("t.bytes", options))->vectors()(1, 0), 255.0F);
    options.dtype = "int8";
    QCOMPARE((*folder.open("t.bytes", options))->vectors()(1, 0), -1.0F);
    options.dtype = "quad";
    const auto unknown = folder.open("t.bytes", options);
    QVERIFY(!unknown.ok());
    QVERIFY(unknown.error().detail.find("float16") != std::string::npos);
}

void TestProjector::rawNumbersFindTheirConfiguration()
{
    ConfigFolder folder;
    folder.add("other.json", "[]");
    folder.add("t.bytes", bytesOf({1, 2, 3, 4, 5, 6}));
    folder.add("m.tsv", "cat\ndog\n");
    folder.add("demo_config.json",
        config(
            R"({"tensorShape": [2, 3], "tensorPath": "oss/t.bytes", "metadataPath": "oss/m.tsv"})"));
    const auto dataset = folder.open("t.bytes");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->dimensions(), Index{3});
    QCOMPARE((*dataset)->label(1), std::string("dog"));
}

void TestProjector::brokenConfigurationsAreErrors_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("cut") << QByteArray(R"({"embeddings": [{"tensorPath": "t.tsv")");
    QTest::newRow("no list") << QByteArray(R"({"embeddings": {"tensorPath": "t.tsv"}})");
    QTest::newRow("empty") << QByteArray(R"({"embeddings": [], "tensorPath": 1})");
    QTest::newRow("wrong types") << QByteArray(
        R"({"embeddings": [{"tensorPath": 5, "tensorShape": "x", "sprite": []}, 7, null]})");
    QTest::newRow("itself") << QByteArray(
        R"({"embeddings": [{"tensorPath": "projector_config.json"}]})");
    QTest::newRow("deep") << QByteArray(R"({"tensorPath": 1, "embeddings": )")
            + QByteArray(200000, '[') + QByteArray(200000, ']') + "}";
    QTest::newRow("negative") << QByteArray(
        R"({"embeddings": [{"tensorPath": "t.bytes", "tensorShape": [-1, 99999999999999999999]}]})");
}

void TestProjector::brokenConfigurationsAreErrors()
{
    QFETCH(QByteArray, text);
    ConfigFolder folder;
    folder.add("t.tsv", "1\t2\n3\t4\n");
    folder.add("t.bytes", bytesOf({1, 2}));
    folder.add("projector_config.json", text.toStdString());
    const auto dataset = folder.open();
    QVERIFY(!dataset.ok());
    QVERIFY(!dataset.error().detail.empty() && !dataset.error().path.empty());
}

void TestProjector::imageSizesComeFromTheHeader_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, std::string bytes) {
        bytes.resize(std::max<std::size_t>(bytes.size(), 40));
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    row("png", png(300, 200));
    row("gif", std::string("GIF89a\x2C\x01\xC8\x00", 10));
    row("bmp",
        std::string("BM", 2) + std::string(12, '\0')
            + std::string("\x28\0\0\0\x2C\x01\0\0\xC8\0\0\0", 12));
    row("bmp from the top",
        std::string("BM", 2) + std::string(12, '\0')
            + std::string("\x28\0\0\0\x2C\x01\0\0\x38\xFF\xFF\xFF", 12));
    row("jpeg",
        std::string("\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20)
            + std::string("\xFF\xC2\0\x11\x08\0\xC8\x01\x2C\3", 10));
    row("webp extended",
        std::string("RIFF\0\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\x2B\x01\0\xC7\0\0", 30));
    row("webp lossy",
        std::string("RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9D\x01\x2A\x2C\x01\xC8\0", 30));
    row("webp lossless", // 299 in the low 14 bits, 199 in the next
        std::string("RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2F\x2B\xC1\x31\0", 25));
}

void TestProjector::imageSizesComeFromTheHeader()
{
    QFETCH(QByteArray, bytes);
    const auto size = probeImageSize(*memorySource(bytes.toStdString(), "s"));
    QVERIFY2(size.ok(), size.ok() ? "" : describe(size.error()).c_str());
    QCOMPARE(size->width, 300);
    QCOMPARE(size->height, 200);
    for (qsizetype length = 0; length < bytes.size(); ++length) {
        const auto cut = probeImageSize(*memorySource(bytes.left(length).toStdString(), "s"));
        QVERIFY(cut.ok() || !cut.error().detail.empty());
    }
}

void TestProjector::hugeAndBrokenImagesAreErrors()
{
    const auto big = probeImageSize(*memorySource(png(60000, 60000), "s"));
    QVERIFY(big.ok());
    QCOMPARE(big->width, 60000);
    QVERIFY(!probeImageSize(*memorySource(png(0xFFFFFFFFU, 5), "s")).ok());
    QVERIFY(!probeImageSize(*memorySource(png(0, 5), "s")).ok());
    QVERIFY(!probeImageSize(*memorySource(std::string(100, 'x'), "s")).ok());
    QVERIFY(!probeImageSize(*memorySource("\xFF\xD8\xFF" + std::string(100, '\xFF'), "s")).ok());
}

void TestProjector::truncatedAndFlippedConfigurationsNeverCrash()
{
    ConfigFolder folder;
    folder.add("t.bytes", bytesOf({1, 2, 3, 4, 5, 6}));
    folder.add("s.png", png(20, 10));
    const std::string text
        = config(R"({"tensorName": "T", "tensorShape": [2, 3], "tensorPath": "t.bytes",)"
                 R"("sprite": {"imagePath": "s.png", "singleImageDim": [10, 10]}})");
    const auto openText = [&](std::string bytes) {
        return openDataset(memorySource(std::move(bytes), folder.file("c.json")), {}, {});
    };
    QVERIFY(openText(text).ok());
    for (std::size_t length = 0; length < text.size(); ++length)
        QVERIFY(!openText(text.substr(0, length)).ok());
    Random random(2);
    for (int turn = 0; turn < 1000; ++turn) {
        std::string flipped = text;
        flipped[random.below(flipped.size())] ^= static_cast<char>(1U << random.below(8));
        const auto dataset = openText(flipped);
        QVERIFY(!dataset.ok() || (*dataset)->vectors().rows() <= 6);
    }
}

void TestProjector::pbtxtNamesTheSameFiles()
{
    ConfigFolder folder;
    folder.add("t/tensors.bytes", bytesOf({1, 2, 3, 4, 5, 6}));
    folder.add("meta.tsv", "a\nb\nc\n");
    folder.add("sprite.png", png(16, 16));
    folder.add("projector_config.pbtxt",
        "# made by hand\nmodel_checkpoint_path: \"model.ckpt\"\n"
        "embeddings {\n  tensor_name: \"words:0\"\n  tensor_shape: 3\n  tensor_shape: 2\n"
        "  tensor_path: \"t/tensors.bytes\"\n  metadata_path: \"meta.tsv\"\n"
        "  bookmarks_path: \"marks.txt\"\n"
        "  sprite { image_path: \"sprite.png\" single_image_dim: 8 single_image_dim: 8 }\n}\n");
    const auto dataset = folder.open("projector_config.pbtxt");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->provenance().format, std::string("projector"));
    QCOMPARE((*dataset)->provenance().tensor, std::string("words"));
    QCOMPARE((*dataset)->vectors()(2, 1), 6.0F);
    QCOMPARE((*dataset)->label(1), std::string("b"));
    QCOMPARE((*dataset)->columns().back().kind(), ColumnKind::Image);
    QCOMPARE((*dataset)->provenance().notes.size(), std::size_t{1});
    // The numbers alone find the configuration beside them.
    folder.add("tensors.bytes", bytesOf({1, 2, 3, 4, 5, 6}));
    const auto raw = folder.open("tensors.bytes");
    QVERIFY2(raw.ok(), raw ? "" : describe(raw.error()).c_str());
    QCOMPARE((*raw)->size(), Index{3});
}

void TestProjector::pbtxtOfPyTorchIsRead()
{
    // As SummaryWriter.add_embedding leaves it.
    ConfigFolder folder;
    folder.add("00000/default/tensors.tsv", "1.0\t2.0\n3.0\t4.0\n");
    folder.add("00000/default/metadata.tsv", "x\ny\n");
    folder.add("projector_config.pbtxt",
        "embeddings {\ntensor_name: \"default:00000\"\ntensor_path: "
        "\"00000/default/tensors.tsv\"\nmetadata_path: \"00000/default/metadata.tsv\"\n}\n");
    const auto dataset = folder.open("projector_config.pbtxt");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->vectors()(1, 0), 3.0F);
    QCOMPARE((*dataset)->label(0), std::string("x"));
    QCOMPARE((*dataset)->provenance().tensor, std::string("default:00000"));
}

void TestProjector::pbtxtMayBeWrittenInManyWays_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("one line") << "embeddings { tensor_path: 't.tsv', tensor_name: 'n' }";
    QTest::newRow("angles and colons") << "embeddings: < tensor_path: 't.tsv'; tensor_name: 'n' >";
    QTest::newRow("lists") << "embeddings [ { tensor_path: 't.tsv' tensor_name: 'n' "
                              "tensor_shape: [2, 2] } ]";
    QTest::newRow("strings in parts")
        << "embeddings { tensor_path: 't' \".tsv\" # here\n tensor_name: '\\156' }";
    QTest::newRow("fields of others") << "model_checkpoint_dir: 'm'\nembeddings { tensor_path: "
                                         "'t.tsv' other { a: 1 b { c: X } } tensor_name: 'n' "
                                         "flag: true number: -1.5e3 }\nlater: 3";
}

void TestProjector::pbtxtMayBeWrittenInManyWays()
{
    QFETCH(QString, text);
    ConfigFolder folder;
    folder.add("t.tsv", "1\t2\n3\t4\n");
    folder.add("c.pbtxt", text.toStdString());
    const auto dataset = folder.open("c.pbtxt");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->vectors()(1, 1), 4.0F);
    QCOMPARE((*dataset)->provenance().tensor, std::string("n"));
}

void TestProjector::brokenPbtxtIsRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("not closed") << "embeddings { tensor_path: 't.tsv'";
    QTest::newRow("closed twice") << "embeddings { tensor_path: 't.tsv' } }";
    QTest::newRow("closed by another") << "embeddings { tensor_path: 't.tsv' >";
    QTest::newRow("a string without an end") << "embeddings { tensor_path: 't.tsv }\n";
    QTest::newRow("no value") << "embeddings { tensor_path: }";
    QTest::newRow("deep") << "embeddings { " + QString("a { ").repeated(100000);
    QTest::newRow("outside the folder") << "embeddings { tensor_path: '../../../etc/passwd' }";
    QTest::newRow("nothing") << "embeddings { }";
}

void TestProjector::brokenPbtxtIsRefused()
{
    QFETCH(QString, text);
    ConfigFolder folder;
    folder.add("t.tsv", "1\t2\n3\t4\n");
    folder.add("c.pbtxt", text.toStdString());
    const auto dataset = folder.open("c.pbtxt");
    QVERIFY(!dataset.ok());
    QVERIFY(!dataset.error().detail.empty());
}

void TestProjector::checkpointsAreNamedInWords()
{
    ConfigFolder folder;
    folder.add("c.pbtxt",
        "model_checkpoint_path: 'model.ckpt-1000'\nembeddings { tensor_name: 'w' metadata_path: "
        "'m.tsv' }\n");
    const auto dataset = folder.open("c.pbtxt");
    QVERIFY(!dataset.ok());
    QVERIFY(dataset.error().detail.find("TensorFlow checkpoint") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestProjector)
#include "tst_projector.moc"
