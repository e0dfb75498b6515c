// Arrow files and streams of every type and compression give back what was put in; broken ones end
// in a sentence.

#include "core/base/parallel.h"
#include "tests/support/arrow_bytes.h"
#include "tests/support/damage.h"
#include "tests/support/npy_bytes.h"
#include "tests/support/samples.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr std::uint8_t kInt = 2;
constexpr std::uint8_t kFloat = 3;
constexpr std::uint8_t kBool = 6;
constexpr std::uint8_t kDate = 8;
constexpr std::uint8_t kTimestamp = 10;

using Optional = std::optional<std::string>;

ArrowTableBytes tableOf(std::vector<ArrowColumnBytes> columns)
{
    ArrowTableBytes table;
    table.batches.push_back(std::move(columns));
    return table;
}

Result<std::shared_ptr<const Dataset>> open(
    const ArrowTableBytes& table, const ReadOptions& options = {})
{
    return openBytes(arrowFile(table), "a.arrow", options);
}

const Column* columnOf(const Dataset& dataset, const std::string& name)
{
    const auto at = findColumn(dataset.columns(), name);
    return at ? &dataset.columns()[*at] : nullptr;
}

bool hasWarning(const Dataset& dataset, const std::string& part)
{
    for (const std::string& warning : dataset.warnings()) {
        if (warning.find(part) != std::string::npos)
            return true;
    }
    return false;
}

bool sameValues(const Dataset& dataset, const Matrix& matrix)
{
    return dataset.size() == matrix.rows() && dataset.dimensions() == matrix.columns()
        && std::equal(
            matrix.data(), matrix.data() + matrix.size(), dataset.vectors().floats().data());
}

#define VERIFY_OPEN(result)                                                                        \
    QVERIFY2((result).ok(), (result) ? "" : describe((result).error()).c_str())

} // namespace

class TestArrow : public QObject
{
    Q_OBJECT

private slots:
    void filesAndStreamsAreRead_data();
    void filesAndStreamsAreRead();
    void streamsWithoutAnEndAreDoubted();
    void numbersOfEveryTypeAreVectors_data();
    void numbersOfEveryTypeAreVectors();
    void listsOfBothOffsetsAreVectors();
    void missingListsAndValuesAreNan();
    void chosenRowsAloneAreRead();
    void unevenListsAreRefusedWithTheRow();
    void textsOfEveryLayoutComeBack();
    void dictionariesMayGrowAndBeReplaced();
    void structuresAreFlattened();
    void numbersAndDatesStandBeside();
    void featherVersion1IsRead();
    void cutFilesAreNeverTables();
    void flippedBitsMakeNothingLarger();
    void whatLiesOutsideIsRefused();
    void bombsAreRefused();
};

void TestArrow::filesAndStreamsAreRead_data()
{
    QTest::addColumn<bool>("isStream");
    QTest::addColumn<bool>("hasContinuation");
    QTest::addColumn<int>("compression");
    for (const bool isStream : {false, true}) {
        for (const bool hasContinuation : {true, false}) {
            for (const auto compression :
                {ArrowCompression::None, ArrowCompression::Lz4, ArrowCompression::Zstd}) {
                QTest::addRow("%s, %s, compression %d", isStream ? "stream" : "file",
                    hasContinuation ? "new" : "old", static_cast<int>(compression))
                    << isStream << hasContinuation << static_cast<int>(compression);
            }
        }
    }
}

void TestArrow::filesAndStreamsAreRead()
{
    QFETCH(bool, isStream);
    QFETCH(bool, hasContinuation);
    QFETCH(int, compression);
    const Matrix matrix = normalMatrix(90, 8);
    ArrowTableBytes table;
    table.hasContinuation = hasContinuation;
    table.version = hasContinuation ? 4 : 3;
    table.compression = static_cast<ArrowCompression>(compression);
    for (Index begin = 0; begin < 90; begin += 30) {
        Matrix part = Matrix::zeros(30, 8);
        std::copy_n(matrix.row(begin), part.size(), part.data());
        std::vector<Optional> labels;
        for (Index i = begin; i < begin + 30; ++i)
            labels.emplace_back("word " + std::to_string(i));
        table.batches.push_back({arrowTexts("label", labels), arrowVectors("v", part)});
    }
    const std::string bytes = isStream ? arrowStream(table) : arrowFile(table);
    for (const int threads : {1, 2}) {
        setThreadCount(threads);
        const auto dataset = openBytes(bytes, "whatever");
        VERIFY_OPEN(dataset);
        QCOMPARE((*dataset)->provenance().format, std::string("arrow"));
        QVERIFY(sameValues(**dataset, matrix));
        QCOMPARE((*dataset)->label(89), std::string("word 89"));
        QVERIFY((*dataset)->warnings().empty());
    }
    setThreadCount(0);
}

void TestArrow::streamsWithoutAnEndAreDoubted()
{
    ArrowTableBytes table = tableOf({arrowVectors("v", normalMatrix(5, 3))});
    table.hasEnd = false;
    const auto dataset = openBytes(arrowStream(table), "a.arrows");
    VERIFY_OPEN(dataset);
    QVERIFY(hasWarning(**dataset, "no mark of its end"));
}

void TestArrow::numbersOfEveryTypeAreVectors_data()
{
    QTest::addColumn<int>("bits");
    QTest::addColumn<bool>("isFloat");
    QTest::addColumn<bool>("isSigned");
    QTest::addColumn<bool>("isBigEndian");
    for (const bool isBigEndian : {false, true}) {
        for (const int bits : {8, 16, 32, 64}) {
            for (const bool isSigned : {true, false})
                QTest::addRow("int %d %d %d", bits, isSigned, isBigEndian)
                    << bits << false << isSigned << isBigEndian;
            if (bits > 16)
                QTest::addRow("float %d %d", bits, isBigEndian)
                    << bits << true << true << isBigEndian;
        }
    }
}

void TestArrow::numbersOfEveryTypeAreVectors()
{
    QFETCH(int, bits);
    QFETCH(bool, isFloat);
    QFETCH(bool, isSigned);
    QFETCH(bool, isBigEndian);
    const std::vector<double> values{1, 2, 3, isSigned ? -4.0 : 200.0, 0, 100};
    const auto bytes = [&]() -> std::string {
        if (isFloat)
            return bits == 32 ? packed<float>(values, isBigEndian)
                              : packed<double>(values, isBigEndian);
        switch (bits) {
        case 8:
            return isSigned ? packed<std::int8_t>(values) : packed<std::uint8_t>(values);
        case 16:
            return isSigned ? packed<std::int16_t>(values, isBigEndian)
                            : packed<std::uint16_t>(values, isBigEndian);
        case 32:
            return isSigned ? packed<std::int32_t>(values, isBigEndian)
                            : packed<std::uint32_t>(values, isBigEndian);
        default:
            return isSigned ? packed<std::int64_t>(values, isBigEndian)
                            : packed<std::uint64_t>(values, isBigEndian);
        }
    }();
    const FlatBytes type = isFloat ? floatType(bits) : intType(bits, isSigned);
    ArrowTableBytes table = tableOf(
        {arrowFixedLists("v", 3, arrowNumbers("item", isFloat ? kFloat : kInt, type, bytes, 6))});
    table.isBigEndian = isBigEndian;
    const auto dataset = open(table);
    VERIFY_OPEN(dataset);
    for (std::size_t i = 0; i < values.size(); ++i)
        QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(values[i]));
}

void TestArrow::listsOfBothOffsetsAreVectors()
{
    const Matrix matrix = normalMatrix(4, 3);
    const std::string bytes(reinterpret_cast<const char*>(matrix.data()), 48);
    for (const bool isLarge : {false, true}) {
        const auto child = arrowNumbers("item", kFloat, floatType(32), bytes, 12);
        const auto dataset = open(tableOf({arrowLists("v", {0, 3, 6, 9, 12}, child, isLarge)}));
        VERIFY_OPEN(dataset);
        QVERIFY(sameValues(**dataset, matrix));
        // A slice: its offsets do not begin with the values.
        const auto slice = open(tableOf({arrowLists("v", {3, 6, 9}, child, isLarge)}));
        VERIFY_OPEN(slice);
        QCOMPARE((*slice)->size(), Index{2});
        QCOMPARE((*slice)->vectors()(0, 0), matrix(1, 0));
    }
}

void TestArrow::missingListsAndValuesAreNan()
{
    const std::string bytes = packed<float>({1, 2, 3, 4, 5, 6, 7, 8});
    const auto child = arrowNumbers(
        "item", kFloat, floatType(32), bytes, 8, {true, true, true, false, true, true, true, true});
    for (const auto compression : {ArrowCompression::None, ArrowCompression::Zstd}) {
        ArrowTableBytes table
            = tableOf({arrowFixedLists("v", 2, child, {true, true, false, true})});
        table.compression = compression;
        const auto fixed = open(table);
        VERIFY_OPEN(fixed);
        QCOMPARE((*fixed)->vectors()(1, 0), 3.0F);
        QVERIFY(std::isnan((*fixed)->vectors()(1, 1)));
        QVERIFY(std::isnan((*fixed)->vectors()(2, 0)) && std::isnan((*fixed)->vectors()(2, 1)));
        QCOMPARE((*fixed)->vectors()(3, 1), 8.0F);
        QVERIFY(hasWarning(**fixed, "1 row has no vector (the first is row 2)"));
        QVERIFY(hasWarning(**fixed, "1 value is missing in the vectors (the first in row 1)"));
        table = tableOf(
            {arrowLists("v", {0, 2, 2, 4, 6, 6}, child, false, {true, false, true, true, true})});
        table.compression = compression;
        const auto lists = open(table);
        VERIFY_OPEN(lists);
        QCOMPARE((*lists)->size(), Index{5});
        QVERIFY(std::isnan((*lists)->vectors()(1, 0)));
        QCOMPARE((*lists)->vectors()(2, 0), 3.0F);
        QCOMPARE((*lists)->vectors()(3, 1), 6.0F);
        QVERIFY(std::isnan((*lists)->vectors()(4, 1)));
        QVERIFY(hasWarning(**lists, "2 rows have no vector (the first is row 1)"));
    }
}

void TestArrow::chosenRowsAloneAreRead()
{
    Matrix matrix = Matrix::zeros(40, 2);
    for (Index i = 0; i < 80; ++i)
        matrix.data()[i] = static_cast<float>(i);
    for (const auto compression : {ArrowCompression::None, ArrowCompression::Lz4}) {
        ArrowTableBytes table;
        table.compression = compression;
        for (Index begin = 0; begin < 40; begin += 20) {
            Matrix part = Matrix::zeros(20, 2);
            std::copy_n(matrix.row(begin), part.size(), part.data());
            table.batches.push_back({arrowVectors("v", part)});
        }
        ReadOptions options;
        options.rows.range = {15, 32};
        const auto range = open(table, options);
        VERIFY_OPEN(range);
        QCOMPARE((*range)->size(), Index{17});
        for (Index i = 0; i < 17; ++i)
            QCOMPARE((*range)->vectors()(i, 1), matrix(15 + i, 1));
        options.rows.range.reset();
        options.rows.sample = 9;
        const auto sample = open(table, options);
        VERIFY_OPEN(sample);
        QCOMPARE((*sample)->size(), Index{9});
        const Column* const rows = columnOf(**sample, "file row");
        QVERIFY(rows != nullptr);
        for (std::size_t i = 0; i < 9; ++i) {
            const auto row = static_cast<Index>(rows->asNumber()->values[i]);
            QCOMPARE((*sample)->vectors()(static_cast<Index>(i), 0), matrix(row, 0));
        }
    }
}

void TestArrow::unevenListsAreRefusedWithTheRow()
{
    std::vector<std::int64_t> offsets{0};
    std::vector<double> values;
    for (int i = 0; i < 200; ++i) {
        offsets.push_back(offsets.back() + (i == 150 ? 4 : 3));
        for (std::int64_t j = offsets[offsets.size() - 2]; j < offsets.back(); ++j)
            values.push_back(static_cast<double>(j));
    }
    const auto child = arrowNumbers(
        "item", kFloat, floatType(32), packed<float>(values), static_cast<Index>(values.size()));
    const auto dataset = open(tableOf({arrowLists("v", offsets, child)}));
    QVERIFY(!dataset.ok());
    QVERIFY2(dataset.error().detail.find("row 150") != std::string::npos,
        dataset.error().detail.c_str());
}

void TestArrow::textsOfEveryLayoutComeBack()
{
    const std::vector<Optional> texts{"", "z\xc3\xbcrich", std::nullopt, "a text of some length",
        "twelve bytes", "thirteen byte"};
    const Matrix matrix = normalMatrix(6, 2);
    for (const auto compression : {ArrowCompression::None, ArrowCompression::Lz4}) {
        ArrowTableBytes table
            = tableOf({arrowTexts("small", texts), arrowTexts("large", texts, true),
                arrowTextViews("view", texts), arrowVectors("v", matrix)});
        table.compression = compression;
        const auto dataset = open(table);
        VERIFY_OPEN(dataset);
        for (const char* name : {"small", "large", "view"}) {
            const Column* const column = columnOf(**dataset, name);
            QVERIFY(column != nullptr);
            for (Index i = 0; i < 6; ++i) {
                const Optional& text = texts[static_cast<std::size_t>(i)];
                QCOMPARE(column->isMissing(i), !text.has_value());
                QCOMPARE(column->text(i), text.value_or(""));
            }
        }
    }
}

void TestArrow::dictionariesMayGrowAndBeReplaced()
{
    ArrowTableBytes table;
    const auto values = [](const std::vector<Optional>& texts, bool isDelta) {
        ArrowDictionaryBytes dictionary;
        dictionary.id = 7;
        dictionary.isDelta = isDelta;
        dictionary.values = arrowTexts("d", texts);
        return dictionary;
    };
    table.dictionaries
        = {{0, values({"a", "b"}, false)}, {1, values({"c"}, true)}, {2, values({"x"}, false)}};
    for (const std::vector<std::int8_t>& codes :
        std::vector<std::vector<std::int8_t>>{{1, 0}, {2, 1}, {0, 0}}) {
        table.batches.push_back(
            {arrowCoded("word", 7, codes, {true, true}), arrowVectors("v", normalMatrix(2, 3))});
    }
    table.batches.back()[0] = arrowCoded("word", 7, {0, 0}, {true, false});
    const auto dataset = openBytes(arrowStream(table), "a.arrows");
    VERIFY_OPEN(dataset);
    const Column* const column = columnOf(**dataset, "word");
    QVERIFY(column != nullptr);
    std::string all;
    for (Index i = 0; i < 6; ++i)
        all += column->isMissing(i) ? "-" : column->text(i);
    QCOMPARE(all, std::string("bacbx-"));
    // An index that the dictionary does not have.
    table.batches.back()[0] = arrowCoded("word", 7, {0, 1});
    QVERIFY(!openBytes(arrowStream(table), "a.arrows").ok());
}

void TestArrow::structuresAreFlattened()
{
    const Matrix matrix = normalMatrix(3, 2);
    const auto number = arrowNumbers("n", kInt, intType(32), packed<std::int32_t>({1, 2, 3}), 3);
    const auto dataset = open(
        tableOf({arrowStruct("s", {number, arrowVectors("emb", matrix)}, 3, {true, false, true})}));
    VERIFY_OPEN(dataset);
    QCOMPARE((*dataset)->provenance().tensor, std::string("s.emb"));
    QVERIFY(columnOf(**dataset, "s.n") != nullptr);
    QVERIFY(columnOf(**dataset, "s.n")->isMissing(1)); // With the structure that it stands in.
    QVERIFY(std::isnan((*dataset)->vectors()(1, 0)));
    QCOMPARE((*dataset)->vectors()(2, 1), matrix(2, 1));
}

void TestArrow::numbersAndDatesStandBeside()
{
    FlatBytes days;
    days.scalar<std::int16_t>(0, 0);
    FlatBytes nanoseconds;
    nanoseconds.scalar<std::int16_t>(0, 3);
    const auto dataset = open(tableOf({arrowVectors("v", normalMatrix(3, 2)),
        arrowNumbers(
            "n", kInt, intType(64), packed<std::int64_t>({5, 6, 7}), 3, {true, false, true}),
        arrowNumbers("b", kBool, FlatBytes(), arrowBits({true, false, true}), 3),
        arrowNumbers("day", kDate, days, packed<std::int32_t>({0, 19782, -1}), 3),
        arrowNumbers("time", kTimestamp, nanoseconds,
            std::string("\x01\x00\x00\x00\x00\x00\x00\x00", 8)
                + std::string("\x15\xcd\x5b\x07\x00\x00\x00\x00", 8) + std::string(8, '\0'),
            3)}));
    VERIFY_OPEN(dataset);
    QCOMPARE(columnOf(**dataset, "n")->asNumber()->values[2], 7.0);
    QVERIFY(columnOf(**dataset, "n")->isMissing(1));
    QCOMPARE(columnOf(**dataset, "b")->text(1), std::string("false"));
    QCOMPARE(columnOf(**dataset, "day")->text(1), std::string("2024-02-29"));
    QCOMPARE(columnOf(**dataset, "time")->text(0), std::string("1970-01-01 00:00:00.000000001"));
    QCOMPARE(columnOf(**dataset, "time")->text(1), std::string("1970-01-01 00:00:00.123456789"));
}

void TestArrow::featherVersion1IsRead()
{
    const Matrix matrix = normalMatrix(4, 3);
    const std::string bytes = feather1(matrix, {"a", "b", "c", "d"}, {"even", "odd"}, {0, 1, 0, 1});
    const auto dataset = openBytes(bytes, "old.feather");
    VERIFY_OPEN(dataset);
    QVERIFY(sameValues(**dataset, matrix));
    QCOMPARE((*dataset)->label(2), std::string("c"));
    QCOMPARE(columnOf(**dataset, "group")->text(3), std::string("odd"));
    QCOMPARE(opensWhenCut(bytes, "old.feather"), 0);
    QVERIFY(flipsAreHarmless(bytes, "old.feather"));
}

void TestArrow::cutFilesAreNeverTables()
{
    const std::string bytes = sampleMaker("arrow")->make(12).bytes;
    QCOMPARE(opensWhenCut(bytes, "a.arrow"), 0);
    // A cut stream is a table only where it was cut between batches, and says so.
    ArrowTableBytes table;
    for (int b = 0; b < 3; ++b)
        table.batches.push_back({arrowVectors("v", normalMatrix(5, 3))});
    const std::string stream = arrowStream(table);
    int opened = 0;
    for (std::size_t length = 0; length < stream.size(); ++length) {
        const auto dataset = openBytes(stream.substr(0, length), "a.arrows");
        opened += dataset.ok() ? 1 : 0;
        if (dataset.ok())
            QVERIFY(hasWarning(**dataset, "no mark of its end"));
    }
    QCOMPARE(opened, 3);
}

void TestArrow::flippedBitsMakeNothingLarger()
{
    for (const auto compression :
        {ArrowCompression::None, ArrowCompression::Lz4, ArrowCompression::Zstd}) {
        ArrowTableBytes table = tableOf({arrowTextViews("view", {"a", "a text of some length"}),
            arrowVectors("v", normalMatrix(2, 20))});
        table.compression = compression;
        QVERIFY(flipsAreHarmless(arrowFile(table), "a.arrow"));
        QVERIFY(flipsAreHarmless(arrowStream(table), "a.arrows"));
    }
}

void TestArrow::whatLiesOutsideIsRefused()
{
    const auto child
        = arrowNumbers("item", kFloat, floatType(32), packed<float>({1, 2, 3, 4, 5, 6}), 6);
    for (const std::vector<std::int64_t>& offsets : std::vector<std::vector<std::int64_t>>{
             {0, 3, 7}, {-3, 0, 3}, {3, 0, 3}, {0, 3, 2147483647}})
        QVERIFY(!open(tableOf({arrowLists("v", offsets, child)})).ok());
    ArrowColumnBytes short1 = arrowVectors("v", normalMatrix(4, 3));
    short1.buffers.back().resize(40); // Of 48 bytes.
    QVERIFY(!open(tableOf({short1})).ok());
    ArrowColumnBytes claims = arrowVectors("v", normalMatrix(4, 3));
    claims.nodes[0].length = 4000000000;
    QVERIFY(!open(tableOf({claims})).ok());
    claims.nodes[1].length = 12000000000;
    QVERIFY(!open(tableOf({claims})).ok());
    QVERIFY(
        !open(tableOf({arrowTexts("t", {"a", "b"}), arrowVectors("v", normalMatrix(3, 2))})).ok());
}

/// 16 MB of zeros in a few kB, where 1 MB is allowed.
void TestArrow::bombsAreRefused()
{
    for (const auto compression : {ArrowCompression::Lz4, ArrowCompression::Zstd}) {
        constexpr Index kValues = Index{4} << 20U;
        ArrowTableBytes table = tableOf({arrowFixedLists("v", 1 << 10,
            arrowNumbers("item", kFloat, floatType(32),
                std::string(static_cast<std::size_t>(kValues) * sizeof(float), '\0'), kValues))});
        table.compression = compression;
        QVERIFY(open(table).ok());
        ReadOptions options;
        options.maxBytes = 1U << 20U;
        const auto dataset = open(table, options);
        QVERIFY(!dataset.ok());
        QCOMPARE(dataset.error().code, ErrorCode::TooLarge);
        QVERIFY(dataset.error().detail.find("--max-bytes") != std::string::npos);
    }
}

QTEST_APPLESS_MAIN(TestArrow)
#include "tst_arrow.moc"
