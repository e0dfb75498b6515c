#include "core/io/tensors/inversion_series.h"
#include "core/io/tensors/textual_inversion.h"
#include "tests/support/damage.h"
#include "tests/support/pickle_bytes.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

/// n x d float32, all of one value.
std::string constant(std::size_t n, std::size_t d, float value)
{
    std::string bytes;
    for (std::size_t i = 0; i < n * d; ++i)
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    return bytes;
}

std::string a1111(const std::string& name, std::int64_t step, std::size_t n, float value)
{
    using namespace pickled;
    const auto rows = static_cast<std::int64_t>(n);
    return torchZip(dict({{"string_to_token", dict({{"*", integer(265)}})},
                        {"string_to_param", dict({{"*", matrix("0", rows, 768)}})},
                        {"name", text(name)}, {"step", integer(step)},
                        {"sd_checkpoint", text("abc123")}, {"sd_checkpoint_name", text("v1-5")}}),
        {{"0", constant(n, 768, value)}});
}

struct Expected
{
    const char* trigger;
    Index vectors;
    Index width;
    const char* family; ///< A part of it.
};

QString faultOf(
    const std::string& bytes, const char* name, const Expected& expected, const char* tensor = "")
{
    ReadOptions options;
    options.tensor = tensor;
    const auto dataset = openBytes(bytes, name, options);
    if (!dataset)
        return QString::fromStdString(describe(dataset.error()));
    const auto& card = (*dataset)->provenance().inversion;
    if (!card)
        return "no card";
    if (card->trigger != expected.trigger)
        return "trigger " + QString::fromStdString(card->trigger);
    if (card->vectors != expected.vectors || card->width != expected.width
        || (*dataset)->size() != expected.vectors || (*dataset)->dimensions() != expected.width)
        return "another shape";
    if (card->family.find(expected.family) == std::string::npos)
        return "family " + QString::fromStdString(card->family);
    if ((*dataset)->provenance().notes.empty())
        return "no note";
    return {};
}

} // namespace

class TestInversions : public QObject
{
    Q_OBJECT

private slots:
    void everyLayoutHasItsCard();
    void theCardSaysWhatTheFileSays();
    void normsAreComparedWhereFiguresAre();
    void aPlainTableHasNoCard();
    void seriesAreFoundByTheirNames();
    void stepsOpenAsOneTable();
    void stepsOfAnotherWidthAreLeftOut();
    void aSeriesOfTablesIsRefused();
};

void TestInversions::everyLayoutHasItsCard()
{
    using namespace pickled;
    const std::string one = constant(1, 768, 0.01F);
    QCOMPARE(faultOf(a1111("inner", 5, 2, 0.1F), "dir/style.pt", {"style", 2, 768, "Diffusion 1"}),
        QString());
    // ParameterDict: the parameter stands in the state of a module.
    const std::string parameters = object(global("torch.nn.modules.container", "ParameterDict"),
        dict({{"_parameters", dict({{"*", matrix("0", 1, 1024)}})}}));
    QCOMPARE(
        faultOf(torchZip(dict({{"string_to_param", parameters}}), {{"0", constant(1, 1024, 0.1F)}}),
            "old.pt", {"old", 1, 1024, "Diffusion 2"}),
        QString());
    QCOMPARE(faultOf(safetensors({{"<my cat>", "F32", "[768]", one}}), "learned_embeds.safetensors",
                 {"<my cat>", 1, 768, "Diffusion 1"}),
        QString());
    QCOMPARE(faultOf(safetensors({{"emb_params", "F32", "[1,768]", one}}), "easy.safetensors",
                 {"easy", 1, 768, "Diffusion 1"}),
        QString());
    const std::string pair = safetensors({{"clip_l", "F32", "[1,768]", one},
        {"clip_g", "F32", "[1,1280]", constant(1, 1280, 0.1F)}});
    QCOMPARE(faultOf(pair, "xl.safetensors", {"xl", 1, 768, "CLIP-L"}), QString());
    QCOMPARE(faultOf(pair, "xl.safetensors", {"xl", 1, 1280, "XL"}, "clip_g"), QString());
    const std::string flux = safetensors(
        {{"clip_l", "F32", "[1,768]", one}, {"t5", "F32", "[1,4096]", constant(1, 4096, 1)}});
    QCOMPARE(faultOf(flux, "flux.safetensors", {"flux", 1, 4096, "T5"}, "t5"), QString());
    QCOMPARE(faultOf(safetensors({{"bundle_emb.dog.clip_l", "F32", "[1,768]", one},
                         {"lora.weight", "F32", "[2,2]", std::string(16, '\1')}}),
                 "lora.safetensors", {"dog", 1, 768, "CLIP-L"}),
        QString());
    QCOMPARE(
        faultOf(torchZip(tensor(storage("0", 4096), 0, {4096}, {1}), {{"0", constant(1, 4096, 1)}}),
            "bare.pt", {"bare", 1, 4096, "T5"}),
        QString());
    QCOMPARE(faultOf(torchZip(list({dict({{"emb", matrix("0", 1, 768)}})}), {{"0", one}}),
                 "list.pt", {"list", 1, 768, "Diffusion 1"}),
        QString());
}

void TestInversions::theCardSaysWhatTheFileSays()
{
    const auto dataset = openBytes(a1111("inner name", 1500, 3, 0.25F), "outer.pt");
    QVERIFY(dataset.ok());
    const auto& card = (*dataset)->provenance().inversion;
    QVERIFY(card.has_value());
    QCOMPARE(card->name, std::string("inner name"));
    QCOMPARE(card->trigger, std::string("outer")); // The file's name is what is written.
    QCOMPARE(card->step, std::optional<std::int64_t>(1500));
    QCOMPARE(card->checkpoint, std::string("v1-5"));
    const double norm = 0.25 * std::sqrt(768.0);
    QVERIFY(std::abs(card->smallestNorm - norm) < 1e-6);
    QVERIFY(std::abs(card->meanNorm - norm) < 1e-6);
    QVERIFY(std::abs(card->largestNorm - norm) < 1e-6);
    QVERIFY(card->tables.empty());
}

void TestInversions::normsAreComparedWhereFiguresAre()
{
    QVERIFY(normSentence(768, 2).find("is usual") != std::string::npos);
    QVERIFY(normSentence(768, 0.1).find("unusually short") != std::string::npos);
    QVERIFY(normSentence(768, 100).find("unusually long") != std::string::npos);
    QVERIFY(normSentence(768, 0).find("zero") != std::string::npos);
    QCOMPARE(normSentence(1280, 1), std::string());
    QCOMPARE(normSentence(768, std::nan("")), std::string());
}

void TestInversions::aPlainTableHasNoCard()
{
    const auto dataset = openBytes(
        safetensors({{"item_embeddings", "F32", "[3,768]", constant(3, 768, 1)}}), "m.safetensors");
    QVERIFY(dataset.ok());
    QVERIFY(!(*dataset)->provenance().inversion.has_value());
}

void TestInversions::seriesAreFoundByTheirNames()
{
    const auto steps = findSeries({"d/a-1000.pt", "d/a-200.pt", "d/a-30.pt", "d/b-5.pt", "d/a.pt",
        "d/a-200.safetensors", "d/c7.pt"});
    QCOMPARE(steps.size(), std::size_t{3});
    QCOMPARE(steps[0].step, std::int64_t{30});
    QCOMPARE(steps[2].path, std::string("d/a-1000.pt"));
    QCOMPARE(seriesName(steps), std::string("a"));
    QVERIFY(findSeries({"a-1.pt", "b-2.pt"}).empty());
    QVERIFY(findSeries({"model-00001-of-00002.bin", "model-00002-of-00002.bin"}).empty());
    const auto folders
        = findSeries({"run/checkpoint-50/learned.bin", "run/checkpoint-100/learned.bin"});
    QCOMPARE(folders.size(), std::size_t{2});
    QCOMPARE(folders[1].step, std::int64_t{100});
    QCOMPARE(seriesName({{5, "x/learned_embeds-steps-5.bin"}}), std::string("learned_embeds"));
}

void TestInversions::stepsOpenAsOneTable()
{
    const TemporaryFolder folder;
    std::vector<SeriesStep> steps;
    for (const std::int64_t step : {100, 200, 900}) {
        const std::string path = folder.file("cat-" + std::to_string(step) + ".pt");
        writeFile(path, a1111("cat", step, 2, static_cast<float>(step)));
        steps.push_back({step, path});
    }
    const auto table = readSeries(steps, "cat", {}, {});
    QVERIFY2(table.ok(), table ? "" : describe(table.error()).c_str());
    QCOMPARE(table->vectors.rows(), Index{6});
    QCOMPARE(table->vectors(3, 0), 200.0F);
    QCOMPARE(table->columns[0].text(5), std::string("cat 900 #2"));
    QCOMPARE(table->columns[1].name(), std::string("step"));
    QCOMPARE(table->columns[1].text(5), std::string("900"));
    QCOMPARE(table->columns[2].text(4), std::string("1"));
    QCOMPARE(table->provenance.companions.size(), std::size_t{3});
    QVERIFY(table->provenance.inversion.has_value());
    QCOMPARE(table->provenance.inversion->step, std::optional<std::int64_t>(900));
    QVERIFY(table->warnings.empty());
}

void TestInversions::stepsOfAnotherWidthAreLeftOut()
{
    const TemporaryFolder folder;
    writeFile(folder.file("a-1.pt"), a1111("a", 1, 1, 1));
    writeFile(folder.file("a-2.pt"), "broken");
    writeFile(folder.file("a-3.pt"),
        safetensors({{"emb_params", "F32", "[1,1024]", constant(1, 1024, 1)}}));
    const std::vector<SeriesStep> steps{
        {1, folder.file("a-1.pt")}, {2, folder.file("a-2.pt")}, {3, folder.file("a-3.pt")}};
    const auto table = readSeries(steps, "a", {}, {});
    QVERIFY(table.ok());
    QCOMPARE(table->vectors.rows(), Index{1});
    QCOMPARE(table->warnings.size(), std::size_t{2});
    const auto none = readSeries({{2, folder.file("a-2.pt")}}, "a", {}, {});
    QVERIFY(!none.ok());
}

void TestInversions::aSeriesOfTablesIsRefused()
{
    const TemporaryFolder folder;
    writeFile(folder.file("t-1.safetensors"),
        safetensors({{"vectors", "F32", "[2000,2]", std::string(16000, '\1')}}));
    const auto table = readSeries({{1, folder.file("t-1.safetensors")}}, "t", {}, {});
    QVERIFY(!table.ok());
    QCOMPARE(table.error().code, ErrorCode::TooLarge);
}

QTEST_APPLESS_MAIN(TestInversions)
#include "tst_inversions.moc"
