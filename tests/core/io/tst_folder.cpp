#include "core/io/folder.h"
#include "core/io/open.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/png_bytes.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <filesystem>

using namespace embedscope;
using namespace embedscope::test;

namespace {

const std::string kNpy = npy("<f4", "(3, 2)", std::string(24, '\1'));
const std::string kModel
    = safetensors({{"model.embed_tokens.weight", "F32", "[3,2]", std::string(24, '\1')}});
const std::string kInversion
    = safetensors({{"emb_params", "F32", "[1,768]", std::string(768 * 4, '\1')}});

struct Folder
{
    TemporaryFolder folder;

    void add(const std::string& name, const std::string& bytes) const
    {
        const std::string path = folder.file(name);
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        writeFile(path, bytes);
    }
    Result<FolderContents> look() const { return lookIntoFolder(folder.path(), {}); }
    /// The file that it stands for, without the folder.
    std::string file() const
    {
        const auto contents = look();
        return contents && !contents->file.empty() ? contents->file.substr(folder.path().size() + 1)
                                                   : std::string();
    }
};

} // namespace

class TestFolder : public QObject
{
    Q_OBJECT

private slots:
    void aProjectorSetGoesFirst();
    void anIndexStandsForItsShards();
    void aModelStandsWithItsTokenizer();
    void aPipelineStandsForItsTextEncoder();
    void stepsOfOneRunOpenAsASeries();
    void numberedFoldersAreSteps();
    void theOnlyFileOpens();
    void aTableIsTakenBeforeTheTextBesideIt();
    void severalFilesAreListed();
    void anEmptyFolderSaysSo();
    void aFolderIsListedAsItsFile();
};

void TestFolder::aProjectorSetGoesFirst()
{
    const Folder folder;
    folder.add("projector_config.json",
        R"({"embeddings": [{"tensorName": "T", "tensorShape": [3, 2], "tensorPath": "t.npy"}]})");
    folder.add("t.npy", kNpy);
    folder.add("model.safetensors", kModel);
    QCOMPARE(folder.file(), std::string("projector_config.json"));
    QCOMPARE(openDataset(folder.folder.path(), {}, {}).value()->size(), Index{3});
}

void TestFolder::anIndexStandsForItsShards()
{
    const Folder folder;
    folder.add("model.safetensors.index.json",
        R"({"weight_map": {"model.embed_tokens.weight": "model-00001-of-00002.safetensors"}})");
    folder.add("model-00001-of-00002.safetensors", kModel);
    folder.add("model-00002-of-00002.safetensors", kModel);
    folder.add("config.json", "{}");
    folder.add("vocab.json", R"({"Ġa": 0, "b": 1, "c": 2})");
    QCOMPARE(folder.file(), std::string("model.safetensors.index.json"));
    const auto dataset = openDataset(folder.folder.path(), {}, {});
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->label(0), std::string(" a")); // Its tokenizer stands beside.
}

void TestFolder::aModelStandsWithItsTokenizer()
{
    const Folder folder;
    folder.add("model.safetensors", kModel);
    folder.add("training_args.bin", std::string(100, '\1'));
    folder.add("other.safetensors", kInversion);
    folder.add("vocab.txt", "a\nb\nc\n");
    QCOMPARE(folder.file(), std::string("model.safetensors"));
    QCOMPARE(openDataset(folder.folder.path(), {}, {}).value()->label(2), std::string("c"));
}

void TestFolder::aPipelineStandsForItsTextEncoder()
{
    const Folder folder;
    folder.add("model_index.json", "{}");
    folder.add("text_encoder/model.safetensors", kModel);
    folder.add("unet/diffusion_pytorch_model.safetensors", kModel);
    folder.add("tokenizer/vocab.json", R"({"a": 0, "b": 1, "c</w>": 2})");
    QCOMPARE(folder.file(), std::string("text_encoder/model.safetensors"));
    QCOMPARE(openDataset(folder.folder.path(), {}, {}).value()->label(2), std::string("c"));
}

void TestFolder::stepsOfOneRunOpenAsASeries()
{
    const Folder folder;
    for (const char* const step : {"200", "1000", "400"})
        folder.add(std::string("style-") + step + ".safetensors", kInversion);
    folder.add("README.md", "# about\n");
    folder.add("LICENSE", "free\n");
    const auto contents = folder.look();
    QVERIFY(contents.ok());
    QCOMPARE(contents->steps.size(), std::size_t{3});
    const auto dataset = openDataset(folder.folder.path(), {}, {});
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), Index{3});
    QCOMPARE((*dataset)->label(2), std::string("style 1000"));
    QCOMPARE((*dataset)->provenance().path, folder.folder.path());
    QCOMPARE((*dataset)->provenance().format, std::string("safetensors"));
}

void TestFolder::numberedFoldersAreSteps()
{
    const Folder folder;
    folder.add("checkpoint-50/learned_embeds.safetensors", kInversion);
    folder.add("checkpoint-100/learned_embeds.safetensors", kInversion);
    folder.add("checkpoint-100/optimizer.bin", "x");
    const auto dataset = openDataset(folder.folder.path(), {}, {});
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->label(1), std::string("learned_embeds 100"));
}

void TestFolder::theOnlyFileOpens()
{
    const Folder folder;
    folder.add("vectors.npy", kNpy);
    folder.add("notes.md", "hello\n");
    QCOMPARE(folder.file(), std::string("vectors.npy"));
    QCOMPARE(openDataset(folder.folder.path() + '/', {}, {}).value()->size(), Index{3});
}

void TestFolder::aTableIsTakenBeforeTheTextBesideIt()
{
    const Folder folder;
    folder.add("vectors.npy", kNpy);
    folder.add("metadata.csv", "word,count\na,1\nb,2\nc,3\n");
    folder.add("sprite.png", png(2, 2, std::string(12, '\x20')));
    QCOMPARE(folder.file(), std::string("vectors.npy"));
}

void TestFolder::severalFilesAreListed()
{
    const Folder folder;
    folder.add("a.npy", kNpy);
    folder.add("b.safetensors", kModel);
    const auto contents = folder.look();
    QVERIFY(!contents.ok());
    QCOMPARE(contents.error().code, ErrorCode::NotFound);
    QVERIFY(contents.error().detail.find("a.npy, b.safetensors") != std::string::npos);
    QCOMPARE(contents.error().path, folder.folder.path());
}

void TestFolder::anEmptyFolderSaysSo()
{
    const Folder folder;
    QVERIFY(folder.look().error().detail.find("no file") != std::string::npos);
    folder.add(".hidden.npy", kNpy);
    folder.add("notes.md", "hello\n");
    QVERIFY(folder.look().error().detail.find("no file") != std::string::npos);
}

void TestFolder::aFolderIsListedAsItsFile()
{
    const Folder folder;
    folder.add("model.safetensors", kModel);
    const auto opening = openAndList(folder.folder.path(), {}, true, {});
    QVERIFY(opening.ok());
    QCOMPARE(opening->tables.tables.size(), std::size_t{1});
    QVERIFY(opening->dataset != nullptr);
}

QTEST_APPLESS_MAIN(TestFolder)
#include "tst_folder.moc"
