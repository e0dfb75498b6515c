#include "core/io/open.h"
#include "core/io/tokens/token_table.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <filesystem>

using namespace embedscope;
using namespace embedscope::test;

namespace {

const char* const kVocabulary = R"({"Ġcat": 0, "Ġdog": 1, "Ġfish": 2})";

/// A checkpoint with a token table of that many rows and a layer of another size.
std::string checkpoint(int rows, const char* name = "model.embed_tokens.weight")
{
    const auto size = static_cast<std::size_t>(rows) * 2 * sizeof(float);
    return safetensors({{"layer.weight", "F32", "[2,2]", std::string(16, '\1')},
        {name, "F32", '[' + std::to_string(rows) + ",2]", std::string(size, '\2')}});
}

struct Checkpoint
{
    TemporaryFolder folder;
    std::string path;

    explicit Checkpoint(const std::string& bytes, const std::string& name = "model.safetensors")
        : path(folder.file(name))
    {
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        writeFile(path, bytes);
    }
    void add(const std::string& name, const std::string& bytes) const
    {
        std::filesystem::create_directories(std::filesystem::path(folder.file(name)).parent_path());
        writeFile(folder.file(name), bytes);
    }
};

} // namespace

class TestTokenTable : public QObject
{
    Q_OBJECT

private slots:
    void theTokenizerBesideNamesTheRows();
    void otherPlacesAreLookedAt_data();
    void otherPlacesAreLookedAt();
    void rowsBeyondTheVocabularyAreUnused();
    void tooManyTokensAreExplained();
    void otherTablesStayUnlabelled();
    void aNamedTokenizerLabelsAnyTable();
    void aNamedTokenizerThatIsNoneFails();
    void aBrokenTokenizerBesideIsAWarning();
    void anOpenTableIsNamedLater();
};

void TestTokenTable::theTokenizerBesideNamesTheRows()
{
    const Checkpoint file(checkpoint(3));
    file.add("vocab.json", kVocabulary);
    const auto dataset = openDataset(file.path, {}, {});
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->provenance().tensor, std::string("model.embed_tokens.weight"));
    QCOMPARE((*dataset)->label(1), std::string(" dog"));
    QVERIFY(findColumn((*dataset)->columns(), "script").has_value());
    QCOMPARE((*dataset)->provenance().companions.size(), std::size_t{1});
    QCOMPARE((*dataset)->provenance().notes.size(), std::size_t{2});
    ReadOptions options;
    options.tensor = "layer.weight";
    const auto layer = openDataset(file.path, options, {});
    QVERIFY(layer.ok());
    QVERIFY(!(*layer)->hasLabels());
}

void TestTokenTable::otherPlacesAreLookedAt_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("tokenizer");
    QTest::newRow("folder") << "model.safetensors"
                            << "tokenizer/vocab.json";
    QTest::newRow("pipeline") << "text_encoder/model.safetensors"
                              << "tokenizer/vocab.json";
    QTest::newRow("second encoder") << "text_encoder_2/model.safetensors"
                                    << "tokenizer_2/vocab.json";
}

void TestTokenTable::otherPlacesAreLookedAt()
{
    QFETCH(QString, model);
    QFETCH(QString, tokenizer);
    const Checkpoint file(checkpoint(3), model.toStdString());
    file.add(tokenizer.toStdString(), kVocabulary);
    const auto dataset = openDataset(file.path, {}, {});
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->label(2), std::string(" fish"));
}

void TestTokenTable::rowsBeyondTheVocabularyAreUnused()
{
    const Checkpoint file(checkpoint(4));
    file.add("vocab.json", kVocabulary);
    const auto dataset = openDataset(file.path, {}, {});
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->label(3), std::string("[unused 3]"));
    const auto kinds = findColumn((*dataset)->columns(), "token type");
    QVERIFY(kinds.has_value());
    QCOMPARE((*dataset)->columns()[*kinds].text(3), std::string("unused"));
    QVERIFY(!(*dataset)->warnings().empty());
}

void TestTokenTable::tooManyTokensAreExplained()
{
    const Checkpoint file(checkpoint(2));
    file.add("vocab.json", kVocabulary);
    for (const bool isNamed : {false, true}) {
        ReadOptions options;
        if (isNamed)
            options.tokenizerPath = file.folder.file("vocab.json");
        const auto dataset = openDataset(file.path, options, {});
        QVERIFY(dataset.ok());
        QVERIFY(!(*dataset)->hasLabels());
        QVERIFY((*dataset)->warnings().back().find("3 tokens") != std::string::npos);
    }
    QVERIFY(!withTokenizerFile(
        openDataset(file.path, {}, {}).value(), file.folder.file("vocab.json"), {})
                 .ok());
}

void TestTokenTable::otherTablesStayUnlabelled()
{
    // More rows than tokens, and a name that does not speak of tokens.
    const Checkpoint file(checkpoint(4, "fc.weight"));
    file.add("vocab.json", kVocabulary);
    const auto dataset = openDataset(file.path, {}, {});
    QVERIFY(dataset.ok());
    QVERIFY(!(*dataset)->hasLabels());
    // Exactly as many rows as tokens are theirs under any name.
    const Checkpoint exact(checkpoint(3, "fc.weight"));
    exact.add("vocab.json", kVocabulary);
    QVERIFY(openDataset(exact.path, {}, {}).value()->hasLabels());
}

void TestTokenTable::aNamedTokenizerLabelsAnyTable()
{
    const Checkpoint file(npy("<f4", "(3, 2)", std::string(24, '\1')), "wte.npy");
    file.add("elsewhere/vocab.json", kVocabulary);
    ReadOptions options;
    options.tokenizerPath = file.folder.file("elsewhere/vocab.json");
    const auto dataset = openDataset(file.path, options, {});
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->label(0), std::string(" cat"));
}

void TestTokenTable::aNamedTokenizerThatIsNoneFails()
{
    const Checkpoint file(checkpoint(3));
    file.add("broken.json", "{\"a\": ");
    for (const char* const name : {"broken.json", "missing.json"}) {
        ReadOptions options;
        options.tokenizerPath = file.folder.file(name);
        const auto dataset = openDataset(file.path, options, {});
        QVERIFY(!dataset.ok());
        QVERIFY(dataset.error().path.find(name) != std::string::npos);
    }
}

void TestTokenTable::aBrokenTokenizerBesideIsAWarning()
{
    const Checkpoint file(checkpoint(3));
    file.add("tokenizer.json", "{\"model\": ");
    const auto dataset = openDataset(file.path, {}, {});
    QVERIFY(dataset.ok());
    QVERIFY(!(*dataset)->hasLabels());
    QVERIFY((*dataset)->warnings().back().find("tokenizer") != std::string::npos);
    // Another one beside it is taken instead.
    file.add("vocab.json", kVocabulary);
    QVERIFY(openDataset(file.path, {}, {}).value()->hasLabels());
}

void TestTokenTable::anOpenTableIsNamedLater()
{
    const Checkpoint file(checkpoint(3));
    file.add("elsewhere/vocab.json", kVocabulary);
    const auto bare = openDataset(file.path, {}, {}).value();
    QVERIFY(!bare->hasLabels());
    const auto named = withTokenizerFile(bare, file.folder.file("elsewhere/vocab.json"), {});
    QVERIFY(named.ok());
    QCOMPARE((*named)->label(2), std::string(" fish"));
    QCOMPARE((*named)->vectors().floats().data(), bare->vectors().floats().data());
}

QTEST_APPLESS_MAIN(TestTokenTable)
#include "tst_token_table.moc"
