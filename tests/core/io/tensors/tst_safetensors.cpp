#include "tests/support/damage.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/safetensors_bytes.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

namespace {

const std::vector<double> kValues{1, 2, 3, 4, 5, 6};

std::string modelFile()
{
    std::vector<double> table(40 * 4);
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = static_cast<double>(i);
    return safetensors({
        {"lm_head.weight", "F32", "[40,4]", packed<float>(table)},
        {"model.embed_tokens.weight", "F32", "[40,4]", packed<float>(table)},
        {"model.wpe.weight", "F32", "[9,4]", packed<float>(std::vector<double>(36, 1))},
        {"norm", "F32", "[4]", packed<float>({1, 1, 1, 1})},
        {"step", "I64", "[]", packed<std::int64_t>({7})},
    });
}

} // namespace

class TestSafetensors : public QObject
{
    Q_OBJECT

private slots:
    void numberTypesAreRead_data();
    void numberTypesAreRead();
    void theTokenTableIsChosenAndTheOthersListed();
    void aTensorIsChosenByName();
    void anUnknownTensorListsTheNames();
    void typesThatAreNotReadAreNamed();
    void bothEncodersOfAnInversionAreOffered();
    void aPlaceholderLabelsItsVectors();
    void aBundleNamesItsPlaceholders();
    void brokenHeadersAreRefused_data();
    void brokenHeadersAreRefused();
    void deepJsonIsRefused();
    void damageIsHarmless();
};

void TestSafetensors::numberTypesAreRead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("dtype");
    const auto add = [](const char* dtype, const std::string& data, const char* name) {
        QTest::newRow(dtype) << QByteArray::fromStdString(
            safetensors({{"odd", dtype, "[2,3]", data}}))
                             << QString(name);
    };
    add("F32", packed<float>(kValues), "float32");
    add("F64", packed<double>(kValues), "float64");
    add("F16", packed<std::uint16_t>({0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600}), "float16");
    add("BF16", packed<std::uint16_t>({0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0, 0x40c0}),
        "bfloat16");
    add("F8_E4M3", packed<std::uint8_t>({0x38, 0x40, 0x44, 0x48, 0x4a, 0x4c}), "float8_e4m3");
    add("F8_E5M2", packed<std::uint8_t>({0x3c, 0x40, 0x42, 0x44, 0x45, 0x46}), "float8_e5m2");
    add("I8", packed<std::int8_t>(kValues), "int8");
    add("U8", packed<std::uint8_t>(kValues), "uint8");
    add("I16", packed<std::int16_t>(kValues), "int16");
    add("U16", packed<std::uint16_t>(kValues), "uint16");
    add("I32", packed<std::int32_t>(kValues), "int32");
    add("U32", packed<std::uint32_t>(kValues), "uint32");
    add("I64", packed<std::int64_t>(kValues), "int64");
    add("U64", packed<std::uint64_t>(kValues), "uint64");
}

void TestSafetensors::numberTypesAreRead()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, dtype);
    const auto dataset = openBytes(bytes.toStdString(), "wrong.csv");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), Index{2});
    QCOMPARE((*dataset)->dimensions(), Index{3});
    for (Index i = 0; i < 6; ++i)
        QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(kValues[i]));
    QCOMPARE((*dataset)->provenance().dtype, dtype.toStdString());
    QCOMPARE((*dataset)->provenance().format, std::string("safetensors"));
    QCOMPARE((*dataset)->provenance().tensors.size(), std::size_t{1});
    QVERIFY((*dataset)->warnings().empty());
}

void TestSafetensors::theTokenTableIsChosenAndTheOthersListed()
{
    const auto dataset = openBytes(modelFile(), "m.safetensors");
    QVERIFY(dataset.ok());
    const Provenance& provenance = (*dataset)->provenance();
    QCOMPARE(provenance.tensor, std::string("model.embed_tokens.weight"));
    QCOMPARE(provenance.tensors.size(), std::size_t{5});
    for (const TensorSummary& tensor : provenance.tensors) {
        QVERIFY(tensor.score >= 0 && tensor.score <= 1 && !tensor.reason.empty());
        QVERIFY(tensor.score <= provenance.tensors[1].score);
    }
    QCOMPARE(provenance.tensors[4].score, 0.0);
    QVERIFY((*dataset)->warnings().empty());
    QCOMPARE(provenance.notes.size(), std::size_t{1});
    QVERIFY(provenance.notes[0].find("5 tensors") != std::string::npos);
}

void TestSafetensors::aTensorIsChosenByName()
{
    ReadOptions options;
    options.tensor = "model.wpe.weight";
    const auto dataset = openBytes(modelFile(), "m.safetensors", options);
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->size(), Index{9});
    QVERIFY((*dataset)->warnings().empty());
    options.tensor = "norm";
    const auto row = openBytes(modelFile(), "m.safetensors", options);
    QVERIFY(row.ok());
    QCOMPARE((*row)->size(), Index{1});
    QCOMPARE((*row)->dimensions(), Index{4});
}

void TestSafetensors::anUnknownTensorListsTheNames()
{
    ReadOptions options;
    options.tensor = "wte";
    const auto dataset = openBytes(modelFile(), "m.safetensors", options);
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().code, ErrorCode::NotFound);
    QVERIFY(dataset.error().detail.find("\"lm_head.weight\"") != std::string::npos);
}

void TestSafetensors::typesThatAreNotReadAreNamed()
{
    const auto dataset
        = openBytes(safetensors({{"a", "C64", "[1,2]", std::string(16, '\0')}}), "m.safetensors");
    QVERIFY(!dataset.ok());
    QVERIFY(dataset.error().detail.find("C64") != std::string::npos);
}

void TestSafetensors::bothEncodersOfAnInversionAreOffered()
{
    const std::string bytes = safetensors({
        {"clip_l", "F32", "[2,768]", std::string(2 * 768 * 4, '\1')},
        {"clip_g", "F32", "[2,1280]", std::string(2 * 1280 * 4, '\1')},
    });
    const auto first = openBytes(bytes, "dir/my style.safetensors");
    QVERIFY(first.ok());
    QCOMPARE((*first)->dimensions(), Index{768});
    QCOMPARE((*first)->label(1), std::string("my style 2"));
    QVERIFY((*first)->warnings().empty());
    const auto& notes = (*first)->provenance().notes;
    QCOMPARE(notes.size(), std::size_t{3}); // other tables, what it is, how long its vectors are
    QVERIFY2(notes[0].starts_with("Textual inversion"), notes[0].c_str());
    ReadOptions options;
    options.tensor = "clip_g";
    const auto second = openBytes(bytes, "dir/my style.safetensors", options);
    QVERIFY(second.ok());
    QCOMPARE((*second)->dimensions(), Index{1280});
}

void TestSafetensors::aPlaceholderLabelsItsVectors()
{
    const std::string vector(768 * 4, '\1');
    const auto dataset = openBytes(safetensors({{"<cat toy>", "F32", "[768]", vector},
                                                   {"<cat toy>_1", "F32", "[768]", vector}},
                                       "{\"format\":\"pt\"}"),
        "learned_embeds.safetensors");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->size(), Index{2});
    QCOMPARE((*dataset)->label(0), std::string("<cat toy>"));
    QCOMPARE((*dataset)->label(1), std::string("<cat toy>_1"));
}

void TestSafetensors::aBundleNamesItsPlaceholders()
{
    const std::string vector(768 * 4, '\1');
    const auto dataset = openBytes(safetensors({
                                       {"lora.up.weight", "F32", "[2,2]", std::string(16, '\0')},
                                       {"bundle_emb.dog.clip_l", "F32", "[1,768]", vector},
                                       {"bundle_emb.cat.clip_l", "F32", "[1,768]", vector},
                                   }),
        "lora.safetensors");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->size(), Index{2});
    QCOMPARE((*dataset)->label(0), std::string("dog"));
    QCOMPARE((*dataset)->label(1), std::string("cat"));
}

void TestSafetensors::brokenHeadersAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const auto add = [](const char* name, const std::string& header, const char* says,
                         std::size_t dataBytes = 8) {
        QTest::newRow(name) << QByteArray::fromStdString(
            safetensorsWithHeader(header, std::string(dataBytes, '\0')))
                            << QString(says);
    };
    const std::string a = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
    add("no tensors", "{}", "belong to no tensor");
    add("nothing at all", "{}", "no tensors", 0);
    add("not JSON", "{]", "JSON");
    add("not UTF-8", "{\"\xff\":{}}", "UTF-8");
    add("twice", '{' + a + ',' + a + '}', "twice");
    add("leftover", '{' + a + '}', "belong to no tensor", 9);
    add("cut", '{' + a + '}', "beyond the end", 7);
    add("hole", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "hole");
    add("overlap", '{' + a + R"(,"b":{"dtype":"U8","shape":[1],"data_offsets":[7,8]}})",
        "overlaps");
    add("negative", R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", "negative");
    add("fraction", R"({"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})", "whole number");
    add("backwards", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})",
        "before it begins");
    add("too short", R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", "by its shape");
    add("overflow", R"({"a":{"dtype":"F32","shape":[8589934592,8589934592],"data_offsets":[0,8]}})",
        "by its shape");
    add("unknown type", R"({"a":{"dtype":"F7","shape":[2],"data_offsets":[0,8]}})", "\"F7\"");
    add("no shape", R"({"a":{"dtype":"F32","data_offsets":[0,8]}})", "lacks");
    add("one offset", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}})", "lacks");
    add("three offsets", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}})",
        "two numbers");
    add("a list", "{\"a\":[]}", "not an object");
    add("NUL", "{\"a\\u0000\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "NUL");
    add("metadata", R"({"__metadata__":{"a":1}})", "strings", 0);
}

void TestSafetensors::brokenHeadersAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const auto dataset = openBytes(bytes.toStdString(), "a.safetensors");
    QVERIFY(!dataset.ok());
    const QString text = QString::fromStdString(describe(dataset.error()));
    QVERIFY2(text.contains(says), qPrintable(text));
}

void TestSafetensors::deepJsonIsRefused()
{
    for (const std::string opening : {"[", "{\"a\":"}) {
        std::string header = R"({"a":{"dtype":"F32","x":)";
        for (int i = 0; i < 200000; ++i)
            header += opening;
        QVERIFY(!openBytes(safetensorsWithHeader(header, {}), "a.safetensors").ok());
    }
}

void TestSafetensors::damageIsHarmless()
{
    QCOMPARE(opensWhenCut(modelFile(), "m.safetensors"), 0);
    QVERIFY(flipsAreHarmless(modelFile(), "m.safetensors"));
}

QTEST_APPLESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
