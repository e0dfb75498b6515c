#include "core/io/tokens/token_labels.h"
#include "tests/support/damage.h"
#include "tests/support/gguf_bytes.h"

#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

const std::vector<double> kValues{1, 2, 3, 4, 5, 6};

std::vector<std::string> vocabulary(
    const std::string& model, const std::vector<std::string>& tokens)
{
    return {ggufKey("general.architecture", std::string("tiny")),
        ggufKey("tokenizer.ggml.model", model), ggufKey("tokenizer.ggml.tokens", tokens)};
}

std::string smallModel()
{
    auto keys = vocabulary("llama", {"<s>", "\xe2\x96\x81the", "cat"});
    keys.push_back(ggufArray("tokenizer.ggml.scores", 6, 3, packed<float>({0, -1, -2})));
    keys.push_back(ggufArray("tokenizer.ggml.token_type", 5, 3, packed<std::int32_t>({3, 1, 1})));
    return gguf(keys,
        {{"output_norm.weight", 0, {2}, packed<float>({1, 1})},
            {"token_embd.weight", 0, {2, 3}, packed<float>(kValues)},
            {"output.weight", 0, {2, 3}, packed<float>(std::vector<double>(6, 9))}});
}

} // namespace

class TestGguf : public QObject
{
    Q_OBJECT

private slots:
    void tokensLabelTheTokenTable();
    void quantisedRowsAreRead();
    void rowsBeyondTheVocabularyAreUnused();
    void byteLevelTokensBecomeText();
    void aVocabularyAloneIsNoTable();
    void whatIsNotReadIsNamed();
    void lyingCountsAreRefused_data();
    void lyingCountsAreRefused();
    void damageIsHarmless();
};

void TestGguf::tokensLabelTheTokenTable()
{
    const auto dataset = openBytes(smallModel(), "m.bin");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->provenance().tensor, std::string("token_embd.weight"));
    QCOMPARE((*dataset)->provenance().dtype, std::string("float32"));
    QCOMPARE((*dataset)->size(), Index{3});
    for (Index i = 0; i < 6; ++i)
        QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(kValues[i]));
    QCOMPARE((*dataset)->label(1), std::string(" the"));
    const Columns& columns = (*dataset)->columns();
    QCOMPARE(columns[0].name(), std::string("token"));
    QCOMPARE(columns[1].text(0), std::string("control"));
    const auto score = findColumn(columns, "score");
    QVERIFY(score.has_value());
    QCOMPARE(columns[*score].text(2), std::string("-2"));
    ReadOptions options;
    options.tensor = "output.weight";
    const auto output = openBytes(smallModel(), "m.gguf", options);
    QVERIFY(output.ok());
    QCOMPARE((*output)->vectors()(2, 1), 9.0F);
    QCOMPARE((*output)->label(2), std::string("cat"));
}

void TestGguf::quantisedRowsAreRead()
{
    // Two rows of 64 values in Q8_0: d = 0.25 and 1.
    std::string data;
    for (const char high : {'\x34', '\x34', '\x3c', '\x3c'}) {
        data += std::string(1, '\0') + high;
        for (int j = 0; j < 32; ++j)
            data += static_cast<char>(j - 16);
    }
    const auto dataset = openBytes(gguf({}, {{"token_embd.weight", 8, {64, 2}, data}}), "m.gguf");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->provenance().dtype, std::string("Q8_0"));
    QCOMPARE((*dataset)->dimensions(), Index{64});
    QCOMPARE((*dataset)->vectors()(0, 33), -15 * 0.25F);
    QCOMPARE((*dataset)->vectors()(1, 63), 15.0F);
    QVERIFY(!(*dataset)->hasLabels());
}

void TestGguf::rowsBeyondTheVocabularyAreUnused()
{
    const auto dataset = openBytes(gguf(vocabulary("llama", {"a", "b"}),
                                       {{"token_embd.weight", 0, {2, 3}, packed<float>(kValues)}}),
        "m.gguf");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->label(2), std::string("[unused 2]"));
    QCOMPARE((*dataset)->warnings().size(), std::size_t{1});
    const auto tooMany = openBytes(gguf(vocabulary("llama", {"a", "b", "c", "d"}),
                                       {{"token_embd.weight", 0, {2, 3}, packed<float>(kValues)}}),
        "m.gguf");
    QVERIFY(tooMany.ok());
    QVERIFY(!(*tooMany)->hasLabels());
    QCOMPARE((*tooMany)->warnings().size(), std::size_t{1});
}

void TestGguf::byteLevelTokensBecomeText()
{
    QCOMPARE(fromByteLevel("\xc4\xa0the"), std::string(" the"));
    QCOMPARE(fromByteLevel("\xc3\x83\xc2\xa9"), std::string("\xc3\xa9"));
    QCOMPARE(fromByteLevel("plain"), std::string("plain"));
    // Half a character, and a line break, stay in the tokenizer's own spelling.
    QCOMPARE(fromByteLevel("\xc3\x83"), std::string("\xc3\x83"));
    QCOMPARE(fromByteLevel("\xc4\x8a"), std::string("\xc4\x8a"));
    QCOMPARE(fromByteLevel("<|endoftext|>"), std::string("<|endoftext|>"));
    QCOMPARE(fromSentencePiece("\xe2\x96\x81"
                               "a\xe2\x96\x81"),
        std::string(" a "));
}

void TestGguf::aVocabularyAloneIsNoTable()
{
    const auto dataset = openBytes(gguf(vocabulary("llama", {"a", "b"}), {}), "m.gguf");
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().code, ErrorCode::Unsupported);
    QVERIFY(dataset.error().detail.find("2 tokens") != std::string::npos);
}

void TestGguf::whatIsNotReadIsNamed()
{
    const auto type = openBytes(gguf({}, {{"a", 16, {256, 1}, std::string(66, '\0')}}), "m.gguf");
    QVERIFY(!type.ok());
    QVERIFY(type.error().detail.find("IQ2_XXS") != std::string::npos);
    std::string old = smallModel();
    old[4] = 1;
    const auto version = openBytes(old, "m.gguf");
    QVERIFY(!version.ok());
    QVERIFY(version.error().detail.find("version 1") != std::string::npos);
    std::swap(old[4], old[7]);
    const auto order = openBytes(old, "m.gguf");
    QVERIFY(!order.ok());
    QVERIFY(order.error().detail.find("big-endian") != std::string::npos);
}

void TestGguf::lyingCountsAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto add = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    const auto overwritten = [](std::size_t at, std::uint64_t value) {
        std::string bytes = smallModel();
        bytes.replace(at, 8, ggufNumber(value, 8));
        return bytes;
    };
    add("tensors", overwritten(8, UINT64_MAX));
    add("keys", overwritten(16, UINT64_MAX));
    add("key length", overwritten(24, UINT64_MAX));
    add("array length",
        gguf({ggufArray("a", 6, UINT64_MAX / 4 + 2, "")},
            {{"t", 0, {2, 3}, packed<float>(kValues)}}));
    add("array of arrays",
        gguf({ggufArray("a", 9, 1, "")}, {{"t", 0, {2, 3}, packed<float>(kValues)}}));
    add("unknown type",
        gguf({ggufString("a") + ggufNumber(77, 4)}, {{"t", 0, {2, 3}, packed<float>(kValues)}}));
    add("alignment",
        gguf({ggufString("general.alignment") + ggufNumber(4, 4) + ggufNumber(0, 4)},
            {{"t", 0, {2, 3}, packed<float>(kValues)}}));
    add("shape overflow", gguf({}, {{"t", 0, {1ULL << 33U, 1ULL << 33U}, packed<float>(kValues)}}));
    add("shape beyond the end", gguf({}, {{"t", 0, {2, 9}, packed<float>(kValues)}}));
    add("half a block", gguf({}, {{"t", 8, {33, 1}, std::string(64, '\0')}}));
    add("no values", gguf({}, {{"t", 0, {0, 1ULL << 62U}, ""}}));
}

void TestGguf::lyingCountsAreRefused()
{
    QFETCH(QByteArray, bytes);
    const auto dataset = openBytes(bytes.toStdString(), "m.gguf");
    QVERIFY(!dataset.ok());
    QVERIFY(!dataset.error().detail.empty());
}

void TestGguf::damageIsHarmless()
{
    // The last tensor's padding is no data: cut there, the file is whole.
    const std::string model = smallModel();
    QCOMPARE(opensWhenCut(model.substr(0, model.size() - 8), "m.gguf"), 0);
    QVERIFY(flipsAreHarmless(model, "m.gguf"));
}

QTEST_APPLESS_MAIN(TestGguf)
#include "tst_gguf.moc"
