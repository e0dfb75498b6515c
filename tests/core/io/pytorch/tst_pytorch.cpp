#include "tests/support/damage.h"
#include "tests/support/pickle_bytes.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;
using namespace embedscope::test::pickled;

namespace {

const std::vector<double> kValues{1, 2, 3, 4, 5, 6};

std::string smallModel()
{
    return dict({{"norm.weight", tensor(storage("0", 2), 0, {2}, {1})},
        {"embed_tokens.weight", matrix("1", 3, 2)}});
}

const std::vector<std::pair<std::string, std::string>> kStorages{
    {"0", packed<float>({9, 9})}, {"1", packed<float>(kValues)}};

std::string vectors(std::size_t rows, std::size_t width)
{
    return packed<float>(std::vector<double>(rows * width, 0.25));
}

} // namespace

class TestPyTorch : public QObject
{
    Q_OBJECT

private slots:
    void bothContainersAreRead_data();
    void bothContainersAreRead();
    void everyStorageIsRead_data();
    void everyStorageIsRead();
    void stridesAndOffsetsAreHonoured();
    void modulesAreLookedThrough();
    void codeIsNamedAndNotRun();
    void viewsBeyondTheirStorageAreRefused_data();
    void viewsBeyondTheirStorageAreRefused();
    void repeatedValuesDoNotExplode();
    void inversionsAreLabelled_data();
    void inversionsAreLabelled();
    void wordsBesideTheVectorsAreTheirLabels();
    void nestingEndsSomewhere();
    void damageIsHarmless();
};

void TestPyTorch::bothContainersAreRead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto add = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    add("zip", torchZip(smallModel(), kStorages));
    add("deflated", torchZip(smallModel(), kStorages, true));
    add("legacy", torchLegacy(smallModel(), kStorages));
}

void TestPyTorch::bothContainersAreRead()
{
    QFETCH(QByteArray, bytes);
    const auto dataset = openBytes(bytes.toStdString(), "wrong.csv");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->provenance().format, std::string("pytorch"));
    QCOMPARE((*dataset)->provenance().tensor, std::string("embed_tokens.weight"));
    QCOMPARE((*dataset)->provenance().tensors.size(), std::size_t{2});
    QCOMPARE((*dataset)->size(), Index{3});
    for (Index i = 0; i < 6; ++i)
        QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(kValues[i]));
    ReadOptions options;
    options.tensor = "norm.weight";
    const auto row = openBytes(bytes.toStdString(), "m.pt", options);
    QVERIFY(row.ok());
    QCOMPARE((*row)->vectors()(0, 1), 9.0F);
}

void TestPyTorch::everyStorageIsRead_data()
{
    QTest::addColumn<QString>("storageClass");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("dtype");
    const auto add = [](const char* name, const std::string& bytes, const char* dtype) {
        QTest::newRow(name) << QString(name) << QByteArray::fromStdString(bytes) << QString(dtype);
    };
    add("FloatStorage", packed<float>(kValues), "float32");
    add("DoubleStorage", packed<double>(kValues), "float64");
    add("HalfStorage", packed<std::uint16_t>({0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600}),
        "float16");
    add("BFloat16Storage", packed<std::uint16_t>({0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0, 0x40c0}),
        "bfloat16");
    add("LongStorage", packed<std::int64_t>(kValues), "int64");
    add("IntStorage", packed<std::int32_t>(kValues), "int32");
    add("ShortStorage", packed<std::int16_t>(kValues), "int16");
    add("CharStorage", packed<std::int8_t>(kValues), "int8");
    add("ByteStorage", packed<std::uint8_t>(kValues), "uint8");
}

void TestPyTorch::everyStorageIsRead()
{
    QFETCH(QString, storageClass);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, dtype);
    const std::string value = dict({{"weight", matrix("k", 2, 3, storageClass.toStdString())}});
    const std::string data = bytes.toStdString();
    for (const std::string& file :
        {torchZip(value, {{"k", data}}), torchLegacy(value, {{"k", data}}, data.size() / 6)}) {
        const auto dataset = openBytes(file, "m.pt");
        QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
        QCOMPARE((*dataset)->provenance().dtype, dtype.toStdString());
        for (Index i = 0; i < 6; ++i)
            QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(kValues[i]));
    }
}

void TestPyTorch::stridesAndOffsetsAreHonoured()
{
    // A transposed view on the last four of six values; then a view on a storage of an old file.
    const auto transposed
        = openBytes(torchZip(dict({{"w", tensor(storage("0", 6), 2, {2, 2}, {1, 2})}}),
                        {{"0", packed<float>(kValues)}}),
            "m.pt");
    QVERIFY2(transposed.ok(), transposed ? "" : describe(transposed.error()).c_str());
    const float* values = (*transposed)->vectors().floats().data();
    QCOMPARE(std::vector<float>(values, values + 4), (std::vector<float>{3, 5, 4, 6}));
    const std::string view = tuple({text("v"), integer(2), integer(4)});
    const auto old = openBytes(
        torchLegacy(dict({{"w", tensor(storage("0", 6, "FloatStorage", view), 1, {1, 3}, {3, 1})}}),
            {{"0", packed<float>(kValues)}}),
        "m.pt");
    QVERIFY2(old.ok(), old ? "" : describe(old.error()).c_str());
    QCOMPARE((*old)->vectors()(0, 0), 4.0F);
    QCOMPARE((*old)->vectors()(0, 2), 6.0F);
}

void TestPyTorch::modulesAreLookedThrough()
{
    const std::string parameter
        = call(global("torch._utils", "_rebuild_parameter"), {matrix("0", 3, 2), "\x88", "}"});
    const std::string inner = object(global("torch.nn.modules.sparse", "Embedding"),
        dict({{"training", "\x88"}, {"_parameters", dict({{"weight", parameter}})}}));
    const std::string outer
        = object(global("my.code", "Model"), dict({{"_modules", dict({{"words", inner}})}}));
    const auto dataset = openBytes(torchZip(outer, {{"0", packed<float>(kValues)}}), "m.pt");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->provenance().tensor, std::string("words.weight"));
    QCOMPARE((*dataset)->warnings().size(), std::size_t{1});
    QVERIFY((*dataset)->warnings()[0].find("my.code.Model") != std::string::npos);
}

void TestPyTorch::codeIsNamedAndNotRun()
{
    const std::string harm = call(global("posix", "system"), {text("false")});
    const auto beside = openBytes(
        torchZip(dict({{"a", matrix("0", 3, 2)}, {"b", harm}}), {{"0", packed<float>(kValues)}}),
        "m.pt");
    QVERIFY(beside.ok());
    QCOMPARE((*beside)->warnings().size(), std::size_t{1});
    QVERIFY((*beside)->warnings()[0].find("posix.system") != std::string::npos);
    const auto alone = openBytes(torchZip(harm, {}), "m.pt");
    QVERIFY(!alone.ok());
    QVERIFY(alone.error().detail.find("posix.system") != std::string::npos);
}

void TestPyTorch::viewsBeyondTheirStorageAreRefused_data()
{
    QTest::addColumn<QByteArray>("value");
    const auto add = [](const char* name, const std::string& value) {
        QTest::newRow(name) << QByteArray::fromStdString(value);
    };
    add("offset", tensor(storage("0", 6), 1, {3, 2}, {2, 1}));
    add("negative offset", tensor(storage("0", 6), -1, {3, 2}, {2, 1}));
    add("stride", tensor(storage("0", 6), 0, {3, 2}, {3, 1}));
    add("negative stride", tensor(storage("0", 6), 5, {3, 2}, {-2, -1}));
    add("overflow", tensor(storage("0", 6), 0, {1LL << 40, 1LL << 40}, {1LL << 40, 1}));
    add("huge stride", tensor(storage("0", 6), 0, {2, 2}, {INT64_MAX, INT64_MAX}));
    add("rank", tensor(storage("0", 6), 0, {3, 2}, {2}));
    add("claimed storage",
        tensor(storage("0", 1LL << 40), 0, {1LL << 20, 1LL << 20}, {1 << 20, 1}));
    add("claimed inversion",
        dict({{"emb_params", tensor(storage("0", 1LL << 40), 0, {1, 1LL << 40}, {1LL << 40, 1})}}));
    add("impossible storage", tensor(storage("0", INT64_MAX), 0, {3, 2}, {2, 1}));
    add("missing storage", tensor(storage("../../etc/passwd", 6), 0, {3, 2}, {2, 1}));
    add("unknown type", tensor(storage("0", 6, "SecretStorage"), 0, {3, 2}, {2, 1}));
    add("no storage", tensor("N", 0, {3, 2}, {2, 1}));
}

void TestPyTorch::viewsBeyondTheirStorageAreRefused()
{
    QFETCH(QByteArray, value);
    const std::vector<std::pair<std::string, std::string>> storages{{"0", packed<float>(kValues)}};
    for (const std::string& file :
        {torchZip(value.toStdString(), storages), torchLegacy(value.toStdString(), storages)}) {
        const auto dataset = openBytes(file, "m.pt");
        QVERIFY(!dataset.ok());
        QVERIFY(dataset.error().code != ErrorCode::OutOfMemory);
    }
}

void TestPyTorch::repeatedValuesDoNotExplode()
{
    const auto small = openBytes(
        torchZip(tensor(storage("0", 2), 0, {5, 2}, {0, 1}), {{"0", packed<float>({1, 2})}}),
        "m.pt");
    QVERIFY(small.ok());
    QCOMPARE((*small)->vectors()(4, 1), 2.0F);
    const auto large = openBytes(torchZip(tensor(storage("0", 2), 0, {1LL << 30, 2}, {0, 1}),
                                     {{"0", packed<float>({1, 2})}}),
        "m.pt");
    QVERIFY(!large.ok());
    QCOMPARE(large.error().code, ErrorCode::TooLarge);
}

void TestPyTorch::inversionsAreLabelled_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("rows");
    QTest::addColumn<QString>("label");
    const auto add = [](const char* name, const std::string& value, int rows, const char* label) {
        QTest::newRow(name) << QByteArray::fromStdString(value) << rows << QString(label);
    };
    const std::string params = dict({{"*", matrix("0", 2, 768)}});
    add("A1111",
        dict({{"string_to_token", dict({{"*", integer(265)}})}, {"string_to_param", params},
            {"name", text("my-style")}, {"step", integer(2999)}, {"sd_checkpoint", text("cc6c")},
            {"sd_checkpoint_name", "N"}}),
        2, "my-style 1");
    add("ParameterDict",
        dict({{"string_to_param",
            object(global("torch.nn.modules.container", "ParameterDict"),
                dict({{"_parameters", params}}))}}),
        2, "file 1");
    add("diffusers", dict({{"<cat>", tensor(storage("0", 1536), 0, {768}, {1})}}), 1, "<cat>");
    add("kohya", dict({{"emb_params", matrix("0", 2, 768)}}), 2, "file 1");
    add("bare", tensor(storage("0", 1536), 0, {768}, {1}), 1, "file");
    add("list",
        list({dict({{"emb", tensor(storage("0", 1536), 0, {768}, {1})}}),
            dict({{"emb", tensor(storage("0", 1536), 768, {768}, {1})}})}),
        2, "file 1");
}

void TestPyTorch::inversionsAreLabelled()
{
    QFETCH(QByteArray, value);
    QFETCH(int, rows);
    QFETCH(QString, label);
    const auto dataset
        = openBytes(torchZip(value.toStdString(), {{"0", vectors(2, 768)}}), "dir/file.pt");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), Index{rows});
    QCOMPARE((*dataset)->dimensions(), Index{768});
    QCOMPARE(QString::fromStdString((*dataset)->label(0)), label);
    const auto& notes = (*dataset)->provenance().notes;
    QCOMPARE(notes.size(), std::size_t{2}); // what it is, and how long its vectors are
    QVERIFY2(notes[0].starts_with("Textual inversion"), notes[0].c_str());
}

void TestPyTorch::wordsBesideTheVectorsAreTheirLabels()
{
    const auto dataset = openBytes(
        torchZip(tuple({list({text("the"), text("of"), text("and")}), matrix("0", 3, 2)}),
            {{"0", packed<float>(kValues)}}),
        "m.pt");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->label(2), std::string("and"));
}

void TestPyTorch::nestingEndsSomewhere()
{
    std::string deep;
    for (int i = 0; i < 100000; ++i)
        deep += ']';
    deep += std::string(99999, 'a');
    QVERIFY(!openBytes(torchZip(deep, {}), "m.pt").ok());
    // Each list holds the one before twice: 2^60 ways through 60 lists.
    std::string bomb = "]q\x01";
    for (char i = 1; i < 60; ++i)
        bomb += std::string("](h") + i + 'h' + i + "eq" + static_cast<char>(i + 1);
    QVERIFY(!openBytes(torchZip(bomb, {}), "m.pt").ok());
    QVERIFY(!openBytes(torchZip("}q\x01" + text("self") + "h\x01s", {}), "m.pt").ok());
}

void TestPyTorch::damageIsHarmless()
{
    QCOMPARE(opensWhenCut(torchZip(smallModel(), kStorages), "m.pt"), 0);
    QCOMPARE(opensWhenCut(torchLegacy(smallModel(), kStorages), "m.pt"), 0);
    QVERIFY(flipsAreHarmless(torchZip(smallModel(), kStorages), "m.pt"));
    QVERIFY(flipsAreHarmless(torchLegacy(smallModel(), kStorages), "m.pt"));
}

QTEST_APPLESS_MAIN(TestPyTorch)
#include "tst_pytorch.moc"
