#include "core/base/random.h"
#include "core/io/open.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/zip_bytes.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

namespace {

Result<std::shared_ptr<const Dataset>> open(std::string bytes, const ReadOptions& options = {})
{
    return openDataset(memorySource(std::move(bytes), "a.npz"), options, {});
}

std::string utf32(const std::vector<std::u32string>& texts, std::size_t width)
{
    std::string out;
    for (const auto& text : texts) {
        for (std::size_t i = 0; i < width; ++i) {
            const char32_t c = i < text.size() ? text[i] : U'\0';
            out.append(reinterpret_cast<const char*>(&c), 4);
        }
    }
    return out;
}

const std::string kTable = npy("<f4", "(3, 2)", packed<float>({1, 2, 3, 4, 5, 6}));
const std::string kWords = npy("<U3", "(3,)", utf32({U"one", U"z\u00fc", U"\U0001F642"}, 3));
const std::string kYears = npy("<i2", "(3,)", packed<std::int16_t>({1990, 1991, -1}));

} // namespace

class TestNpz : public QObject
{
    Q_OBJECT

private slots:
    void storedAndDeflatedAreRead();
    void arraysBesideTheTableBecomeColumns();
    void theArrayThatLooksLikeATableIsTaken();
    void anotherArrayCanBeChosen();
    void oneVectorAnArrayBecomesRows();
    void objectsAreNeverRead();
    void sparseMatricesAreNamed();
    void expansionIsLimited();
    void bombsAreRefused();
    void sizesThatLieAreRefused();
    void damageIsNoticed();
    void cutArchivesAreRefused();
    void otherArchivesAreNamed();
};

void TestNpz::storedAndDeflatedAreRead()
{
    for (const bool deflated : {false, true}) {
        const auto dataset = open(zipOf({{"arr_0.npy", kTable}}, deflated));
        QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
        QCOMPARE((*dataset)->provenance().format, std::string("npz"));
        QCOMPARE((*dataset)->provenance().tensor, std::string("arr_0"));
        QCOMPARE((*dataset)->size(), Index{3});
        for (Index i = 0; i < 6; ++i)
            QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(i + 1));
        QVERIFY((*dataset)->warnings().empty());
    }
}

void TestNpz::arraysBesideTheTableBecomeColumns()
{
    const auto dataset
        = open(zipOf({{"years.npy", kYears}, {"words.npy", kWords}, {"vectors.npy", kTable},
                         {"bytes.npy", npy("|S2", "(3,)", std::string("a\0bbc\0", 6))}},
            true));
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->columns().size(), std::size_t{3});
    QCOMPARE((*dataset)->label(0), std::string("one"));
    QCOMPARE((*dataset)->label(1), std::string("z\xc3\xbc"));
    QCOMPARE((*dataset)->label(2), std::string("\xF0\x9F\x99\x82"));
    const auto years = findColumn((*dataset)->columns(), "years");
    QVERIFY(years && (*dataset)->columns()[*years].asNumber() != nullptr);
    QCOMPARE((*dataset)->columns()[*years].asNumber()->values[2], -1.0);
    const auto bytes = findColumn((*dataset)->columns(), "bytes");
    QVERIFY(bytes.has_value());
    QCOMPARE((*dataset)->columns()[*bytes].text(1), std::string("bb"));
}

void TestNpz::theArrayThatLooksLikeATableIsTaken()
{
    const auto dataset
        = open(zipOf({{"ids.npy", npy("<i8", "(9,)", packed<std::int64_t>(std::vector<double>(9)))},
            {"counts.npy", npy("<i4", "(5, 2)", packed<std::int32_t>(std::vector<double>(10)))},
            {"users.npy", npy("<f4", "(2, 2)", packed<float>(std::vector<double>(4)))},
            {"items.npy", kTable}, {"scale.npy", npy("<f4", "()", packed<float>({1}))}}));
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->provenance().tensor, std::string("items"));
    QCOMPARE((*dataset)->warnings().size(), std::size_t{1}); // What was left unread.
    QVERIFY((*dataset)->provenance().notes.at(0).find("users") != std::string::npos);
}

void TestNpz::anotherArrayCanBeChosen()
{
    const std::string bytes
        = zipOf({{"a.npy", kTable}, {"b.npy", npy("<f4", "(1, 2)", packed<float>({7, 8}))}});
    ReadOptions options;
    options.tensor = "b";
    const auto dataset = open(bytes, options);
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->vectors()(0, 1), 8.0F);
    options.tensor = "c";
    const auto missing = open(bytes, options);
    QVERIFY(!missing.ok());
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    QVERIFY(missing.error().detail.find("\"a\"") != std::string::npos);
}

void TestNpz::oneVectorAnArrayBecomesRows()
{
    const auto dataset = open(zipOf({{"king.npy", npy("<f4", "(2,)", packed<float>({1, 2}))},
        {"queen.npy", npy("<f4", "(2,)", packed<float>({3, 4}))}}));
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->size(), Index{2});
    QCOMPARE((*dataset)->label(1), std::string("queen"));
    QCOMPARE((*dataset)->vectors()(1, 0), 3.0F);
}

void TestNpz::objectsAreNeverRead()
{
    const std::string objects = npy("|O", "(3,)", "\x80\x04.");
    const auto beside = open(zipOf({{"words.npy", objects}, {"vectors.npy", kTable}}));
    QVERIFY(beside.ok());
    QVERIFY(!(*beside)->hasLabels());
    QVERIFY((*beside)->warnings()[0].find("words") != std::string::npos);
    const auto alone = open(zipOf({{"data.npy", objects}}));
    QVERIFY(!alone.ok());
    QVERIFY(alone.error().detail.find("pickle") != std::string::npos);
}

void TestNpz::sparseMatricesAreNamed()
{
    const auto dataset = open(zipOf(
        {{"indices.npy", kYears}, {"data.npy", npy("<f4", "(4,)", packed<float>({1, 2, 3, 4}))},
            {"shape.npy", npy("<i8", "(2,)", packed<std::int64_t>({3, 9}))}}));
    QVERIFY(!dataset.ok());
    QVERIFY(dataset.error().detail.find("sparse") != std::string::npos);
}

void TestNpz::expansionIsLimited()
{
    const std::string bytes
        = zipOf({{"a.npy", npy("<f4", "(1000, 100)", std::string(400000, '\1'))}}, true);
    ReadOptions options;
    options.maxBytes = 100000;
    const auto refused = open(bytes, options);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::TooLarge);
    QVERIFY(refused.error().detail.find("--max-bytes") != std::string::npos);
    options.maxBytes = 500000;
    QVERIFY(open(bytes, options).ok());
}

void TestNpz::bombsAreRefused()
{
    // 300 kB that claim to be 300 MB: refused by the claim, before a byte of it is expanded.
    std::string noise(300'000, '\0');
    Random random(1);
    for (char& c : noise)
        c = static_cast<char>(random.below(256));
    const std::string array = npy("<f4", "(1000000, 75)", noise);
    std::string bytes = zipOf({{"a.npy", array}}, true);
    const std::string size = packed<std::uint32_t>({static_cast<double>(array.size())});
    const std::string claim = packed<std::uint32_t>({300'000'128});
    for (auto at = bytes.find(size); at != std::string::npos; at = bytes.find(size, at))
        bytes.replace(at, 4, claim);
    const auto refused = open(bytes);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::TooLarge);
    QVERIFY(refused.error().detail.find("bomb") != std::string::npos);
}

void TestNpz::sizesThatLieAreRefused()
{
    const auto tooLarge = open(zipOf({{"a.npy", npy("<f4", "(200000000, 1)", "1234")}}, true));
    QVERIFY(!tooLarge.ok());
    QCOMPARE(tooLarge.error().code, ErrorCode::Truncated);
}

void TestNpz::damageIsNoticed()
{
    std::string bytes = zipOf({{"a.npy", kTable}});
    bytes[bytes.find("NUMPY") + 130] ^= 1; // a value
    const auto dataset = open(bytes);
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().code, ErrorCode::Malformed);
    QVERIFY(dataset.error().detail.find("damaged") != std::string::npos);
}

void TestNpz::cutArchivesAreRefused()
{
    const std::string bytes = zipOf({{"a.npy", kTable}});
    const auto dataset = open(bytes.substr(0, bytes.size() / 2));
    QVERIFY(!dataset.ok());
    QVERIFY(dataset.error().detail.find("Is the download complete?") != std::string::npos);
}

void TestNpz::otherArchivesAreNamed()
{
    // What PyTorch writes is a ZIP archive as well; arrays in it do not make it one of NumPy's.
    const auto torch = open(zipOf({{"archive/data.pkl", "x"}, {"archive/a.npy", kTable}}));
    QVERIFY(!torch.ok() || (*torch)->provenance().format != "npz");
    const auto other = open(zipOf({{"readme.txt", "x"}}));
    QVERIFY(!other.ok());
    // Any other archive is a wrapping of what is in it.
    QVERIFY(other.error().detail.find("not recognised") != std::string::npos);
    QVERIFY2(other.error().path.ends_with("readme.txt"), other.error().path.c_str());
}

QTEST_APPLESS_MAIN(TestNpz)
#include "tst_npz.moc"
