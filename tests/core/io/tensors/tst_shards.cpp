#include "core/io/open.h"
#include "core/io/tensors/shards.h"
#include "tests/support/pickle_bytes.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <filesystem>

using namespace embedscope;
using namespace embedscope::test;

namespace {

const std::string kTokens
    = safetensors({{"model.embed_tokens.weight", "F32", "[3,2]", std::string(24, '\1')}});
const std::string kLayers = safetensors({{"layer.weight", "F32", "[2,2]", std::string(16, '\2')},
    {"norm.weight", "F32", "[2]", std::string(8, '\2')}});

const char* const kIndex = R"({"metadata": {"total_size": 48}, "weight_map": {
    "layer.weight": "model-00002-of-00002.safetensors",
    "model.embed_tokens.weight": "model-00001-of-00002.safetensors",
    "norm.weight": "model-00002-of-00002.safetensors"}})";

struct Checkpoint
{
    TemporaryFolder folder;
    std::string index = folder.file("model.safetensors.index.json");

    explicit Checkpoint(const std::string& bytes = kIndex) { writeFile(index, bytes); }
    void addFirst() const { writeFile(folder.file("model-00001-of-00002.safetensors"), kTokens); }
    void addSecond() const { writeFile(folder.file("model-00002-of-00002.safetensors"), kLayers); }
};

Result<std::shared_ptr<const Dataset>> open(const std::string& path, const char* tensor = "")
{
    ReadOptions options;
    options.tensor = tensor;
    return openDataset(path, options, {});
}

} // namespace

class TestShards : public QObject
{
    Q_OBJECT

private slots:
    void theIndexOpensAsOne();
    void onlyTheShardThatIsNeededIsOpened();
    void aMissingShardIsOneSentence();
    void whatIsThereOpensWithoutTheRest();
    void pathsStayInTheFolder_data();
    void pathsStayInTheFolder();
    void pytorchShardsAreRead();
    void aShardAloneSaysWhatItIs();
    void unknownTensorsAreNamed();
    void brokenIndexesAreRefused_data();
    void brokenIndexesAreRefused();
};

void TestShards::theIndexOpensAsOne()
{
    const Checkpoint checkpoint;
    checkpoint.addFirst();
    checkpoint.addSecond();
    const auto dataset = open(checkpoint.index);
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    const Provenance& from = (*dataset)->provenance();
    QCOMPARE(from.format, std::string("shards"));
    QCOMPARE(from.path, checkpoint.index);
    QCOMPARE(from.tensor, std::string("model.embed_tokens.weight"));
    QCOMPARE((*dataset)->size(), Index{3});
    QCOMPARE(from.tensors.size(), std::size_t{3});
    QCOMPARE(from.companions,
        std::vector<std::string>{checkpoint.folder.file("model-00001-of-00002.safetensors")});
    const auto layer = open(checkpoint.index, "layer.weight");
    QVERIFY(layer.ok());
    QCOMPARE((*layer)->size(), Index{2});
    QVERIFY((*layer)->vectors()(0, 0) != (*dataset)->vectors()(0, 0));
}

void TestShards::onlyTheShardThatIsNeededIsOpened()
{
    const Checkpoint checkpoint;
    checkpoint.addFirst();
    writeFile(checkpoint.folder.file("model-00002-of-00002.safetensors"), "broken");
    QVERIFY(!open(checkpoint.index).ok()); // Looking for the best looks at all.
    const auto named = open(checkpoint.index, "model.embed_tokens.weight");
    QVERIFY2(named.ok(), named ? "" : describe(named.error()).c_str());
    QVERIFY((*named)->warnings().empty());
}

void TestShards::aMissingShardIsOneSentence()
{
    const Checkpoint checkpoint;
    checkpoint.addSecond(); // The token table would be in the first.
    for (const char* const tensor : {"", "model.embed_tokens.weight"}) {
        const auto dataset = open(checkpoint.index, tensor);
        QVERIFY(!dataset.ok());
        QCOMPARE(dataset.error().code, ErrorCode::NotFound);
        QVERIFY(
            dataset.error().detail.find("model-00001-of-00002.safetensors") != std::string::npos);
        QCOMPARE(dataset.error().path, checkpoint.index);
    }
}

void TestShards::whatIsThereOpensWithoutTheRest()
{
    const Checkpoint checkpoint;
    checkpoint.addFirst();
    const auto dataset = open(checkpoint.index);
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QVERIFY(!(*dataset)->warnings().empty());
    QVERIFY((*dataset)->warnings()[0].find("model-00002-of-00002") != std::string::npos);
    const auto opening = openAndList(checkpoint.index, {}, true, {});
    QVERIFY(opening.ok());
    const TableList& list = opening->tables;
    QCOMPARE(list.candidates(), std::size_t{1});
    QVERIFY(list.tables[0].reason.find("missing") != std::string::npos);
}

void TestShards::pathsStayInTheFolder_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("above") << "../outside.safetensors";
    QTest::newRow("roundabout") << "a/../../outside.safetensors";
    QTest::newRow("absolute") << "/outside.safetensors";
    QTest::newRow("nowhere") << "";
}

void TestShards::pathsStayInTheFolder()
{
    QFETCH(QString, path);
    const TemporaryFolder folder;
    writeFile(folder.file("outside.safetensors"), kTokens);
    std::filesystem::create_directories(folder.file("in"));
    const std::string index = folder.file("in/model.safetensors.index.json");
    writeFile(
        index, R"({"weight_map": {"model.embed_tokens.weight": ")" + path.toStdString() + "\"}}");
    for (const char* const tensor : {"", "model.embed_tokens.weight"}) {
        const auto dataset = open(index, tensor);
        QVERIFY(!dataset.ok());
        QCOMPARE(dataset.error().code, ErrorCode::Malformed);
        QVERIFY(dataset.error().detail.find("outside") != std::string::npos);
    }
}

void TestShards::pytorchShardsAreRead()
{
    const Checkpoint checkpoint(R"({"weight_map": {"wte.weight": "pytorch_model-1.bin"}})");
    writeFile(checkpoint.folder.file("pytorch_model-1.bin"),
        pickled::torchZip(pickled::dict({{"wte.weight", pickled::matrix("0", 4, 2)}}),
            {{"0", std::string(32, '\1')}}));
    const auto dataset = open(checkpoint.index);
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), Index{4});
}

void TestShards::aShardAloneSaysWhatItIs()
{
    const Checkpoint checkpoint;
    checkpoint.addFirst();
    const auto dataset = open(checkpoint.folder.file("model-00001-of-00002.safetensors"));
    QVERIFY(dataset.ok());
    const auto& notes = (*dataset)->provenance().notes;
    QCOMPARE(notes.size(), std::size_t{1});
    QVERIFY(notes[0].find("part 1 of 2") != std::string::npos);
    QVERIFY(notes[0].find("model.safetensors.index.json") != std::string::npos);
    QCOMPARE(shardNote("a/model.safetensors"), std::string());
    QCOMPARE(shardNote("best-of-2020.bin"), std::string());
    QVERIFY(!shardNote("x-00002-of-00003.bin").empty());
}

void TestShards::unknownTensorsAreNamed()
{
    const Checkpoint checkpoint;
    const auto dataset = open(checkpoint.index, "wpe");
    QVERIFY(!dataset.ok());
    QVERIFY(dataset.error().detail.find("\"layer.weight\"") != std::string::npos);
}

void TestShards::brokenIndexesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("cut") << QByteArray(R"({"weight_map": {"a": "b")");
    QTest::newRow("list") << QByteArray(R"({"weight_map": ["a"]})");
    QTest::newRow("empty") << QByteArray(R"({"weight_map": {}})");
    QTest::newRow("number") << QByteArray(R"({"weight_map": {"a": 1}})");
    QTest::newRow("none") << QByteArray(R"({"a": "weight"})");
    QTest::newRow("itself") << QByteArray(
        R"({"weight_map": {"a": "model.safetensors.index.json"}})");
}

void TestShards::brokenIndexesAreRefused()
{
    QFETCH(QByteArray, bytes);
    const Checkpoint checkpoint(bytes.toStdString());
    const auto dataset = open(checkpoint.index);
    QVERIFY(!dataset.ok());
    QVERIFY(!dataset.error().detail.empty());
}

QTEST_APPLESS_MAIN(TestShards)
#include "tst_shards.moc"
