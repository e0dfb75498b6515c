#include "core/io/folders/inversion_folder.h"
#include "core/io/open.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/png_bytes.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cstring>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr Index kWidth = 768;
const std::string kPicture = png(8, 6, std::string(8 * 6 * 3, '\x40'));

std::vector<float> values(Index rows, Index width, std::uint64_t seed)
{
    const Matrix matrix = normalMatrix(rows, width, seed);
    return {matrix.data(), matrix.data() + matrix.size()};
}

std::string inversion(Index rows, Index width, std::uint64_t seed)
{
    const auto numbers = values(rows, width, seed);
    std::string bytes(numbers.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), numbers.data(), bytes.size());
    return safetensors({{"emb_params", "F32",
        '[' + std::to_string(rows) + ',' + std::to_string(width) + ']', bytes}});
}

std::string picture(const std::string& name, Index rows, Index width, std::uint64_t seed)
{
    const std::string json
        = carriedInversion(name, static_cast<std::size_t>(width), values(rows, width, seed));
    return png(8, 6, std::string(8 * 6 * 3, '\x40'),
        pngChunk("tEXt", std::string("sd-ti-embedding") + '\0' + base64(json)));
}

QString sourceOf(const Dataset& dataset, Index row)
{
    const auto column = findColumn(dataset.columns(), dataset.provenance().sourceColumn);
    return column ? QString::fromStdString(dataset.columns()[*column].text(row)) : QString();
}

QString warned(const Dataset& dataset)
{
    QString text;
    for (const std::string& warning : dataset.warnings())
        text += QString::fromStdString(warning) + '\n';
    return text;
}

} // namespace

/// A folder of textual inversions, each in a file or picture of its own, as one table.
class TestInversionFolder : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TemporaryFolder> m_folder;

    void add(const std::string& name, const std::string& bytes) const
    {
        writeFile(m_folder->file(name), bytes);
    }
    Result<std::shared_ptr<const Dataset>> open(const ReadOptions& options = {}) const
    {
        return openDataset(m_folder->path(), options, {});
    }

private slots:
    void init() { m_folder = std::make_unique<TemporaryFolder>(); }

    void picturesAndFilesBecomeOneTable()
    {
        add("cat.png", picture("cat", 2, kWidth, 1));
        add("dog.safetensors", inversion(3, kWidth, 2));
        add("emu.bin", inversion(1, kWidth, 3));
        add("dog.preview.png", kPicture);
        add("notes.txt", "what is what\n");
        const auto opened = open();
        QVERIFY2(opened.ok(), opened ? "" : describe(opened.error()).c_str());
        const Dataset& dataset = **opened;
        QCOMPARE(dataset.size(), Index{6});
        QCOMPARE(dataset.dimensions(), kWidth);
        QStringList sources;
        for (Index row = 0; row < dataset.size(); ++row)
            sources.append(sourceOf(dataset, row));
        QCOMPARE(sources,
            QStringList({"cat.png", "cat.png", "dog.safetensors", "dog.safetensors",
                "dog.safetensors", "emu.bin"}));
        QVERIFY(dataset.label(0).find("cat") != std::string::npos);
        QVERIFY(dataset.label(4).find("dog") != std::string::npos);
        QCOMPARE(dataset.provenance().path, m_folder->path());
        QCOMPARE(dataset.provenance().parts.size(), std::size_t{3});
        const auto expected = values(3, kWidth, 2);
        QVERIFY(
            std::memcmp(dataset.vectors().floats().row(2), expected.data(), expected.size() * sizeof(float))
            == 0);
        QVERIFY2(!warned(dataset).contains("Left out"), qPrintable(warned(dataset)));
    }

    void onePictureInAnotherFolderIsJustThatFile()
    {
        add("cat.png", picture("cat", 2, kWidth, 1));
        add("cat.preview.png", kPicture);
        const auto opened = open();
        QVERIFY(opened.ok());
        QVERIFY((*opened)->provenance().inversion.has_value());
    }

    void picturesThatCarryOneInTheirPixelsAreFound()
    {
        add("a.png", kPicture);
        add("hidden.png",
            pngWithHidden(
                carriedInversion("style", static_cast<std::size_t>(kWidth), values(2, kWidth, 1))));
        add("z.png", picture("cat", 1, kWidth, 2));
        const auto opened = open();
        QVERIFY2(opened.ok(), opened ? "" : describe(opened.error()).c_str());
        QCOMPARE((*opened)->size(), Index{3});
        QCOMPARE(sourceOf(**opened, 0), QString("z.png"));
        QCOMPARE(sourceOf(**opened, 2), QString("hidden.png"));
        QVERIFY2(!warned(**opened).contains("a.png"), qPrintable(warned(**opened)));
    }

    void theWidthOfMostIsReadAndTheOthersNamed()
    {
        add("a.safetensors", inversion(1, 1024, 1));
        add("b.safetensors", inversion(1, kWidth, 2));
        add("c.png", picture("c", 1, kWidth, 3));
        add("d.safetensors", inversion(1, 1280, 4));
        add("e.safetensors", inversion(9, 1024, 5));
        add("f.safetensors", inversion(1, kWidth, 6));
        const auto opened = open();
        QVERIFY(opened.ok());
        QCOMPARE((*opened)->dimensions(), kWidth);
        QCOMPARE((*opened)->size(), Index{3});
        const QString text = warned(**opened);
        QVERIFY2(text.contains("1,024 dimensions, not 768: a.safetensors, e.safetensors."),
            qPrintable(text));
        QVERIFY(text.contains("1,280 dimensions, not 768: d.safetensors."));
    }

    void whatIsNoInversionIsNamed()
    {
        add("a.safetensors", inversion(1, kWidth, 1));
        add("b.safetensors", inversion(1, kWidth, 2));
        add("broken.safetensors", inversion(1, kWidth, 2).substr(0, 300));
        add("model.pt.safetensors",
            safetensors({{"net.weight", "F32", "[3,2]", std::string(24, '\1')}}));
        add("vectors.npy", npy("<f4", "(3, 2)", std::string(24, '\1')));
        const auto opened = open();
        QVERIFY(opened.ok());
        QCOMPARE((*opened)->size(), Index{2});
        const QString text = warned(**opened);
        QVERIFY2(text.contains("no textual inversion: model.pt.safetensors, vectors.npy."),
            qPrintable(text));
        QVERIFY(text.contains("unreadable") && text.contains("broken.safetensors"));
    }

    void otherTablesAreStillListed()
    {
        add("a.safetensors", safetensors({{"x.weight", "F32", "[3,2]", std::string(24, '\1')}}));
        add("b.safetensors", safetensors({{"y.weight", "F32", "[3,2]", std::string(24, '\1')}}));
        const auto opened = open();
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, ErrorCode::NotFound);
        QVERIFY(opened.error().detail.find("a.safetensors, b.safetensors") != std::string::npos);
    }

    void rowsAndLabelsAreChosenOfThemAll()
    {
        add("a.safetensors", inversion(4, kWidth, 1));
        add("b.safetensors", inversion(4, kWidth, 2));
        ReadOptions options;
        options.rows.range = {3, 6};
        options.labelColumn = "source";
        const auto opened = open(options);
        QVERIFY2(opened.ok(), opened ? "" : describe(opened.error()).c_str());
        QCOMPARE((*opened)->size(), Index{3});
        QCOMPARE((*opened)->label(0), std::string("a.safetensors"));
        QCOMPARE((*opened)->label(1), std::string("b.safetensors"));
    }

    void aFolderThatIsTooFullSaysSo()
    {
        add("a.safetensors", inversion(1, kWidth, 1));
        add("b.safetensors", inversion(1, kWidth, 2));
        InversionFiles files;
        files.tables = {m_folder->file("a.safetensors"), m_folder->file("b.safetensors")};
        files.isCut = true;
        const auto table = readInversionFolder(m_folder->path(), files, {}, {});
        QVERIFY(table.ok() && table->has_value());
        QCOMPARE((*table)->warnings.size(), std::size_t{1});
        QVERIFY((*table)->warnings[0].find("more than 10,000 files") != std::string::npos);
    }

    void theMemoryThatIsAllowedCounts()
    {
        add("a.safetensors", inversion(4, kWidth, 1));
        add("b.safetensors", inversion(4, kWidth, 2));
        ReadOptions options;
        options.maxMemory = 4 * kWidth * sizeof(float); // Each fits, both do not.
        const auto opened = open(options);
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, ErrorCode::TooLarge);
        QVERIFY(opened.error().refused.has_value());
    }

    void aFolderOfPicturesSaysWhatToOpen()
    {
        add("a.png", kPicture);
        add("b.jpg", "no picture, but called one");
        const auto opened = open();
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, ErrorCode::NotFound);
        const QString sentence = QString::fromStdString(describe(opened.error()));
        QVERIFY2(sentence.contains("2 pictures and no vectors"), qPrintable(sentence));
        QVERIFY(sentence.contains(".npy"));
    }
};

QTEST_APPLESS_MAIN(TestInversionFolder)
#include "tst_inversion_folder.moc"
