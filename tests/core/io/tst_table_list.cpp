#include "core/io/open.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/pickle_bytes.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/samples.h"
#include "tests/support/test_data.h"
#include "tests/support/zip_bytes.h"

#include <QTest>
#include <algorithm>
#include <atomic>

using namespace embedscope;
using namespace embedscope::test;

namespace {

/// Counts what is read through it.
class CountingSource final : public ByteSource
{
public:
    explicit CountingSource(std::shared_ptr<const ByteSource> inner)
        : ByteSource(inner->path(), inner->size())
        , m_inner(std::move(inner))
    {
    }
    Status read(std::uint64_t offset, std::span<std::byte> into) const override
    {
        m_bytes += into.size();
        return m_inner->read(offset, into);
    }
    std::uint64_t bytesRead() const { return m_bytes; }

private:
    std::shared_ptr<const ByteSource> m_inner;
    mutable std::atomic<std::uint64_t> m_bytes = 0;
};

constexpr int kRows = 20000;
constexpr int kColumns = 64;

std::string shape()
{
    return '[' + std::to_string(kRows) + ',' + std::to_string(kColumns) + ']';
}

std::string data()
{
    return std::string(std::size_t{kRows} * kColumns * 4, '\1');
}

struct Container
{
    const char* name;
    std::string bytes;
};

std::vector<Container> containers()
{
    const std::string tuple = '(' + std::to_string(kRows) + ", " + std::to_string(kColumns) + ')';
    return {{"a.safetensors",
                safetensors({{"wte.weight", "F32", shape(), data()},
                    {"bias", "F32", "[64]", std::string(256, '\1')}})},
        {"a.gguf", gguf({}, {{"token_embd.weight", 0, {kColumns, kRows}, data()}})},
        {"a.pt",
            pickled::torchZip(
                pickled::dict({{"wte.weight", pickled::matrix("0", kRows, kColumns)}}),
                {{"0", data()}})},
        {"a.npz",
            zipOf({{"x.npy", npy("<f4", tuple, data())},
                {"y.npy", npy("<f4", "(3,)", std::string(12, '\1'))}})}};
}

TableList listOf(const std::string& bytes, const char* name)
{
    auto list = listTables(*memorySource(bytes, name), {}, {});
    return list ? std::move(list).value() : TableList();
}

std::string tensors(std::initializer_list<std::pair<const char*, const char*>> rows)
{
    std::vector<TensorBytes> all;
    for (const auto& [name, extents] : rows) {
        std::size_t values = 1;
        int a = 0;
        int b = 0;
        if (std::sscanf(extents, "[%d,%d]", &a, &b) == 2)
            values = static_cast<std::size_t>(a * b);
        all.push_back({name, "F32", extents, std::string(values * 4, '\1')});
    }
    return safetensors(all);
}

} // namespace

class TestTableList : public QObject
{
    Q_OBJECT

private slots:
    void headersAloneAreRead();
    void theListNamesWhatOpens();
    void aTableThatStandsOutIsClear();
    void twoTablesOfAKindAreNot();
    void anInversionIsOneTable();
    void whatHoldsOneTableListsNone();
    void brokenHeadersAreErrors();
};

void TestTableList::headersAloneAreRead()
{
    for (const Container& container : containers()) {
        const CountingSource source(memorySource(container.bytes, container.name));
        const auto list = listTables(source, {}, {});
        QVERIFY2(list.ok(), list ? "" : describe(list.error()).c_str());
        QVERIFY2(!list->tables.empty(), container.name);
        QCOMPARE(list->tables[0].shape, (std::vector<std::uint64_t>{kRows, kColumns}));
        // The head for recognition, the directory of an archive, and the header itself.
        QVERIFY2(source.bytesRead() < source.size() / 8,
            qPrintable(QString("%1: %2 bytes").arg(container.name).arg(source.bytesRead())));
    }
}

void TestTableList::theListNamesWhatOpens()
{
    for (const Container& container : containers()) {
        const TableList list = listOf(container.bytes, container.name);
        QVERIFY(list.best.has_value());
        QVERIFY(list.format != nullptr);
        const auto best = openDataset(memorySource(container.bytes, container.name), {}, {});
        QVERIFY(best.ok());
        QCOMPARE((*best)->provenance().tensor, list.tables[*list.best].name);
        for (const TensorSummary& table : list.tables) {
            ReadOptions options;
            options.tensor = table.name;
            const auto dataset
                = openDataset(memorySource(container.bytes, container.name), options, {});
            QCOMPARE(dataset.ok(), table.score > 0);
        }
    }
}

void TestTableList::aTableThatStandsOutIsClear()
{
    const TableList list = listOf(tensors({{"bert.embeddings.word_embeddings.weight", "[30,4]"},
                                      {"bert.embeddings.position_embeddings.weight", "[8,4]"},
                                      {"encoder.layer.0.weight", "[4,4]"}}),
        "m.safetensors");
    QCOMPARE(list.candidates(), std::size_t{3});
    QVERIFY(list.isClear);
    QCOMPARE(*list.best, std::size_t{0});
}

void TestTableList::twoTablesOfAKindAreNot()
{
    const TableList list = listOf(
        tensors({{"user_embeddings", "[30,4]"}, {"item_embeddings", "[40,4]"}}), "m.safetensors");
    QVERIFY(!list.isClear);
    QCOMPARE(*list.best, std::size_t{1}); // The larger of two alike.
}

void TestTableList::anInversionIsOneTable()
{
    const std::string vector(768 * 4, '\1');
    const TableList list = listOf(
        safetensors({{"<cat>", "F32", "[768]", vector}, {"<cat>_1", "F32", "[768]", vector}}),
        "learned_embeds.safetensors");
    QCOMPARE(list.tables.size(), std::size_t{1});
    QCOMPARE(list.tables[0].shape, (std::vector<std::uint64_t>{2, 768}));
    QVERIFY(list.isClear);
    const TableList pair = listOf(safetensors({{"clip_l", "F32", "[1,768]", vector},
                                      {"clip_g", "F32", "[1,1280]", std::string(1280 * 4, '\1')}}),
        "style.safetensors");
    QCOMPARE(pair.candidates(), std::size_t{2});
    QVERIFY(pair.isClear);
    QCOMPARE(pair.tables[*pair.best].name, std::string("clip_l"));
}

void TestTableList::whatHoldsOneTableListsNone()
{
    const TableList list = listOf(npy("<f4", "(2, 2)", std::string(16, '\1')), "a.npy");
    QVERIFY(list.format != nullptr);
    QCOMPARE(list.candidates(), std::size_t{0});
    QVERIFY(list.isClear);
}

void TestTableList::brokenHeadersAreErrors()
{
    const auto list
        = listTables(*memorySource(safetensorsWithHeader("{]", {}), "a.safetensors"), {}, {});
    QVERIFY(!list.ok());
    QCOMPARE(list.error().path, std::string("a.safetensors"));
}

QTEST_APPLESS_MAIN(TestTableList)
#include "tst_table_list.moc"
