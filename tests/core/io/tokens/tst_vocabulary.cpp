#include "core/io/tokens/token_columns.h"
#include "core/io/tokens/token_labels.h"
#include "core/io/tokens/token_script.h"
#include "core/io/tokens/vocabulary.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>

using namespace embedscope;
using namespace embedscope::test;

namespace {

const char* const kSpace = "\xe2\x96\x81";

Result<Vocabulary> vocabularyOf(const std::string& bytes, const std::string& name)
{
    return readVocabulary(*memorySource(bytes, "no/such/folder/" + name), {});
}

std::vector<std::string> textsOf(const Vocabulary& vocabulary)
{
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < vocabulary.size(); ++i)
        texts.push_back(tokenText(vocabulary, i));
    return texts;
}

using Texts = std::vector<std::string>;
using Kinds = std::vector<TokenKind>;

/// A field of a protocol buffer that holds bytes.
std::string field(int number, const std::string& bytes)
{
    return std::string(1, static_cast<char>(number << 3 | 2))
        + std::string(1, static_cast<char>(bytes.size())) + bytes;
}

std::string piece(const std::string& text, float score, int type = 1)
{
    return field(1,
        field(1, text) + '\x15' + packed<float>({score})
            + (type == 1 ? std::string() : std::string("\x18") + static_cast<char>(type)));
}

std::string sentencePieceModel()
{
    return piece("<unk>", 0, 2) + piece("<s>", 0, 3) + piece("<0x0A>", 0, 6)
        + piece(std::string(kSpace) + "the", -1.5F) + piece("ing", -2) + piece(kSpace, -3)
        + field(2, "trainer") + field(3, "normalizer");
}

} // namespace

class TestVocabulary : public QObject
{
    Q_OBJECT

private slots:
    void byteLevelTokenizerJson();
    void wordPieceTokenizerJson();
    void unigramTokenizerJson();
    void sentencePieceLikeBpe();
    void vocabJsonTakesWhatStandsBeside();
    void mergesLeadToTheirVocabulary();
    void vocabTxt();
    void sentencePiece();
    void llama2();
    void clipEndsItsWords();
    void ggufKeys();
    void whatIsNoTextIsShownAsBytes();
    void scriptsAreTold_data();
    void scriptsAreTold();
    void columnsSayWhatATokenIs();
    void hostileTokenizersAreRefused_data();
    void hostileTokenizersAreRefused();
    void damageIsHarmless();
};

void TestVocabulary::byteLevelTokenizerJson()
{
    const auto vocabulary = vocabularyOf(R"({"version": "1.0", "added_tokens": [
        {"id": 6, "content": "<|end|>", "special": true}, {"id": 5, "content": "<tool>", "special": false}],
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "ByteLevel"}]},
        "model": {"type": "BPE", "unk_token": null, "merges": ["a b", ["c", "d"]],
        "vocab": {"Ġthe": 1, "a": 0, "Ã¼": 2, "ĊĊ": 3, "âĢ": 4}}})",
        "tokenizer.json");
    QVERIFY2(vocabulary.ok(), vocabulary ? "" : describe(vocabulary.error()).c_str());
    QCOMPARE(vocabulary->kind, std::string("byte-level BPE"));
    QCOMPARE(textsOf(*vocabulary),
        (Texts{"a", " the", "\xc3\xbc", "\\n\\n", "<0xE2><0x80>", "<tool>", "<|end|>"}));
    QCOMPARE(vocabulary->kinds,
        (Kinds{TokenKind::Normal, TokenKind::Normal, TokenKind::Normal, TokenKind::Normal,
            TokenKind::Byte, TokenKind::Added, TokenKind::Control}));
}

void TestVocabulary::wordPieceTokenizerJson()
{
    const auto vocabulary
        = vocabularyOf(R"({"added_tokens": [{"id": 0, "content": "[UNK]", "special": true},
        {"id": 1, "content": "[CLS]", "special": true}],
        "model": {"type": "WordPiece", "unk_token": "[UNK]",
        "vocab": {"[UNK]": 0, "[CLS]": 1, "[unused0]": 2, "##ing": 3, "walk": 4}}})",
            "tokenizer.json");
    QVERIFY(vocabulary.ok());
    QCOMPARE(vocabulary->kind, std::string("WordPiece"));
    QCOMPARE(textsOf(*vocabulary), (Texts{"[UNK]", "[CLS]", "[unused0]", "##ing", "walk"}));
    QCOMPARE(vocabulary->kinds,
        (Kinds{TokenKind::Unknown, TokenKind::Control, TokenKind::Unused, TokenKind::Normal,
            TokenKind::Normal}));
}

void TestVocabulary::unigramTokenizerJson()
{
    const auto vocabulary
        = vocabularyOf(R"({"added_tokens": [{"id": 0, "content": "<pad>", "special": true}],
        "model": {"type": "Unigram", "unk_id": 1, "vocab": [["<pad>", 0.0], ["<unk>", 0.0],
        ["▁", -2.5], ["▁a", -3], ["b", -4]]}})",
            "tokenizer.json");
    QVERIFY(vocabulary.ok());
    QCOMPARE(vocabulary->kind, std::string("Unigram"));
    QCOMPARE(textsOf(*vocabulary), (Texts{"<pad>", "<unk>", "␣", " a", "b"}));
    QCOMPARE(vocabulary->kinds[0], TokenKind::Control);
    QCOMPARE(vocabulary->kinds[1], TokenKind::Unknown);
    QCOMPARE(vocabulary->scores, (std::vector<float>{0, 0, -2.5F, -3, -4}));
}

void TestVocabulary::sentencePieceLikeBpe()
{
    const auto vocabulary = vocabularyOf(R"({"model": {"type": "BPE", "byte_fallback": true,
        "vocab": {"<unk>": 0, "<0x0A>": 1, "▁the": 2, "▁of": 3}}})",
        "tokenizer.json");
    QVERIFY(vocabulary.ok());
    QCOMPARE(textsOf(*vocabulary), (Texts{"<unk>", "<0x0A>", " the", " of"}));
    QCOMPARE(vocabulary->kinds[1], TokenKind::Byte);
}

void TestVocabulary::vocabJsonTakesWhatStandsBeside()
{
    const TemporaryFolder folder;
    writeFile(folder.file("vocab.json"), R"({"Ġthe": 0, "x": 1, "Ġof": 2})");
    writeFile(folder.file("added_tokens.json"), R"({"<new>": 4})");
    writeFile(folder.file("tokenizer_config.json"),
        R"({"added_tokens_decoder": {"5": {"content": "<s>", "special": true}, "x": 3, "6": {}}})");
    const auto source = openFile(folder.file("vocab.json"));
    QVERIFY(source.ok());
    const auto vocabulary = readVocabulary(**source, {});
    QVERIFY2(vocabulary.ok(), vocabulary ? "" : describe(vocabulary.error()).c_str());
    QCOMPARE(textsOf(*vocabulary), (Texts{" the", "x", " of", "[unused 3]", "<new>", "<s>"}));
    QCOMPARE(vocabulary->kinds[3], TokenKind::Unused);
    QCOMPARE(vocabulary->kinds[4], TokenKind::Added);
    QCOMPARE(vocabulary->kinds[5], TokenKind::Control);
}

void TestVocabulary::mergesLeadToTheirVocabulary()
{
    const TemporaryFolder folder;
    writeFile(folder.file("merges.txt"), "#version: 0.2\na b\n");
    const auto source = openFile(folder.file("merges.txt"));
    QVERIFY(source.ok());
    const auto alone = readVocabulary(**source, {});
    QVERIFY(!alone.ok());
    QVERIFY(alone.error().detail.find("vocab.json") != std::string::npos);
    writeFile(folder.file("vocab.json"), R"({"a": 0, "b": 1, "ab": 2})");
    const auto both = readVocabulary(**source, {});
    QVERIFY(both.ok());
    QCOMPARE(both->size(), std::size_t{3});
}

void TestVocabulary::vocabTxt()
{
    const auto vocabulary
        = vocabularyOf("[PAD]\r\n[UNK]\r\n[unused1]\r\ndog\r\n##s\r\n", "vocab.txt");
    QVERIFY(vocabulary.ok());
    QCOMPARE(vocabulary->kind, std::string("WordPiece"));
    QCOMPARE(vocabulary->tokens, (Texts{"[PAD]", "[UNK]", "[unused1]", "dog", "##s"}));
    QCOMPARE(vocabulary->kinds,
        (Kinds{TokenKind::Control, TokenKind::Unknown, TokenKind::Unused, TokenKind::Normal,
            TokenKind::Normal}));
}

void TestVocabulary::sentencePiece()
{
    const auto vocabulary = vocabularyOf(sentencePieceModel(), "tokenizer.model");
    QVERIFY2(vocabulary.ok(), vocabulary ? "" : describe(vocabulary.error()).c_str());
    QCOMPARE(textsOf(*vocabulary), (Texts{"<unk>", "<s>", "<0x0A>", " the", "ing", "␣"}));
    QCOMPARE(vocabulary->kinds,
        (Kinds{TokenKind::Unknown, TokenKind::Control, TokenKind::Byte, TokenKind::Normal,
            TokenKind::Normal, TokenKind::Normal}));
    QCOMPARE(vocabulary->scores[3], -1.5F);
}

void TestVocabulary::llama2()
{
    std::string bytes = packed<std::uint32_t>({6});
    for (const char* const token : {"<unk>", "\n<s>\n", "<0x41>", " the", "x"}) {
        bytes += packed<float>({-1}) + packed<std::uint32_t>({double(std::string(token).size())})
            + token;
    }
    const auto vocabulary = vocabularyOf(bytes, "tokenizer.bin");
    QVERIFY2(vocabulary.ok(), vocabulary ? "" : describe(vocabulary.error()).c_str());
    QCOMPARE(textsOf(*vocabulary), (Texts{"<unk>", "<s>", "<0x41>", " the", "x"}));
    QCOMPARE(vocabulary->kinds,
        (Kinds{TokenKind::Unknown, TokenKind::Control, TokenKind::Byte, TokenKind::Normal,
            TokenKind::Normal}));
}

void TestVocabulary::clipEndsItsWords()
{
    std::string merges = "\"bpe_simple_vocab_16e6.txt#version: 0.2\n";
    for (int i = 0; i < 49152 - 256 - 2; ++i)
        merges += i == 0 ? "c at</w>\n" : i == 1 ? "c at\n" : "q" + std::to_string(i) + " z\n";
    const auto vocabulary = vocabularyOf(merges, "bpe_simple_vocab_16e6.txt");
    QVERIFY2(vocabulary.ok(), vocabulary ? "" : describe(vocabulary.error()).c_str());
    QCOMPARE(vocabulary->size(), std::size_t{49408});
    QCOMPARE(vocabulary->tokens[0], std::string("!"));
    QCOMPARE(vocabulary->tokens[320], std::string("a</w>")); // The prompt "a", as CLIP counts it.
    QCOMPARE(tokenText(*vocabulary, 320), std::string("a"));
    QCOMPARE(tokenText(*vocabulary, 512), std::string("cat"));
    QCOMPARE(tokenText(*vocabulary, 513), std::string("cat⋯"));
    QCOMPARE(tokenText(*vocabulary, 49407), std::string("<|endoftext|>"));
    QCOMPARE(vocabulary->kinds[49406], TokenKind::Control);
    QVERIFY(!vocabularyOf(merges.substr(0, 5000), "bpe_simple_vocab_16e6.txt").ok());
}

void TestVocabulary::ggufKeys()
{
    const auto vocabulary = vocabularyOf(
        gguf({ggufKey("tokenizer.ggml.model", std::string("gpt2")),
                 ggufKey("tokenizer.ggml.tokens", std::vector<std::string>{"a", "Ġb"})},
            {}),
        "vocabulary.gguf");
    QVERIFY2(vocabulary.ok(), vocabulary ? "" : describe(vocabulary.error()).c_str());
    QCOMPARE(textsOf(*vocabulary), (Texts{"a", " b"}));
}

void TestVocabulary::whatIsNoTextIsShownAsBytes()
{
    QCOMPARE(readableBytes("a\tb\r\n"), std::string("a\\tb\\r\\n"));
    QCOMPARE(readableBytes("\x1b"), std::string("<0x1B>"));
    QCOMPARE(readableBytes("\xe2\x82"), std::string("<0xE2><0x82>"));
    QCOMPARE(readableBytes("\xe2\x82\xac"), std::string("\xe2\x82\xac"));
}

void TestVocabulary::scriptsAreTold_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("script");
    const auto add = [](const char* text, const char* script) {
        QTest::newRow(script) << QString::fromUtf8(text) << QString::fromLatin1(script);
    };
    add(" the", "Latin");
    add("Größe", "Latin");
    add(" привет", "Cyrillic");
    add("λόγος", "Greek");
    add("שלום", "Hebrew");
    add("سلام", "Arabic");
    add("नमस्ते", "Devanagari");
    add("ไทย", "Thai");
    add("漢字", "Han");
    add("ひらがな", "Hiragana");
    add("カタ", "Katakana");
    add("한국", "Hangul");
    add("漢ひ", "mixed");
    add("ᐊ", "other");
    add("2026", "digits");
    add("3.5", "digits");
    add(" ...", "punctuation");
    add("+=", "symbols");
    add("🙂", "emoji");
    add("   ", "space");
}

void TestVocabulary::scriptsAreTold()
{
    QFETCH(QString, text);
    QFETCH(QString, script);
    const std::string bytes = text.toStdString();
    QCOMPARE(QString::fromStdString(std::string(scriptOf(bytes))), script);
}

void TestVocabulary::columnsSayWhatATokenIs()
{
    const auto vocabulary = vocabularyOf(sentencePieceModel(), "tokenizer.model");
    QVERIFY(vocabulary.ok());
    std::vector<std::string> warnings;
    const Columns columns = tokenColumns(*vocabulary, 8, warnings);
    QCOMPARE(warnings.size(), std::size_t{1});
    std::vector<std::string> names;
    for (const Column& column : columns) {
        names.push_back(column.name());
        QCOMPARE(column.size(), Index{8});
    }
    QCOMPARE(names, (Texts{"token", "token type", "length", "script", "raw token", "score"}));
    QCOMPARE(columns[0].text(7), std::string("[unused 7]"));
    QCOMPARE(columns[1].text(7), std::string("unused"));
    QCOMPARE(columns[1].text(1), std::string("control"));
    QCOMPARE(columns[2].text(3), std::string("4"));
    QVERIFY(columns[2].isMissing(2)); // A byte has no letters.
    QCOMPARE(columns[3].text(4), std::string("Latin"));
    QVERIFY(columns[3].isMissing(1));
    QCOMPARE(columns[4].text(3), std::string(kSpace) + "the");
    QVERIFY(columns[5].isMissing(6));
}

void TestVocabulary::hostileTokenizersAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("name");
    const auto add = [](const char* row, const std::string& bytes, const char* name) {
        QTest::newRow(row) << QByteArray::fromStdString(bytes) << QString::fromLatin1(name);
    };
    add("far number", R"({"a": 0, "b": 4000000000})", "vocab.json");
    add("no vocabulary", R"({"a": "b"})", "vocab.json");
    add("cut", R"({"a": 0, "b)", "vocab.json");
    add("deep", "{\"model\":" + std::string(100000, '['), "tokenizer.json");
    add("piece beyond the end", piece("abc", 0) + "\x0a\x7f", "a.model");
    add("piece of groups", piece("abc", 0) + field(1, "\x0b\x0b"), "a.model");
    add("token longer than the longest",
        packed<std::uint32_t>({2}) + packed<float>({0}) + packed<std::uint32_t>({9}) + "abcdefghi",
        "tokenizer.bin");
    add("no longest", std::string(40, '\0'), "tokenizer.bin");
    add("broken gzip", "\x1f\x8b\x08garbage", "bpe_simple_vocab_16e6.txt.gz");
    add("bytes", std::string("ab\0cd", 5), "vocab.txt");
}

void TestVocabulary::hostileTokenizersAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, name);
    const auto vocabulary = vocabularyOf(bytes.toStdString(), name.toStdString());
    QVERIFY(!vocabulary.ok());
    QVERIFY(!vocabulary.error().detail.empty());
    QVERIFY(vocabulary.error().detail.back() != '.');
}

void TestVocabulary::damageIsHarmless()
{
    const std::string json = R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}}})";
    const std::pair<std::string, std::string> files[]
        = {{json, "tokenizer.json"}, {sentencePieceModel(), "a.model"}};
    for (const auto& [bytes, name] : files) {
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            const auto vocabulary = vocabularyOf(bytes.substr(0, length), name);
            QVERIFY(vocabulary.ok() || !vocabulary.error().detail.empty());
            for (int bit = 0; bit < 8; ++bit) {
                std::string damaged = bytes;
                damaged[length] = static_cast<char>(damaged[length] ^ (1 << bit));
                const auto other = vocabularyOf(damaged, name);
                QVERIFY(!other.ok() || other->size() < 5000);
            }
        }
    }
}

QTEST_APPLESS_MAIN(TestVocabulary)
#include "tst_vocabulary.moc"
