// Every physical type in every encoding, page version and codec that can carry it gives back the
// values that went in.

#include "core/base/random.h"
#include "core/base/text.h"
#include "tests/support/damage.h"
#include "tests/support/parquet_bytes.h"

#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;
using parquet::Layout;

namespace {

constexpr std::size_t kRows = 700; // More than the blocks of every encoding.

/// Whole numbers of all sizes, small ones and repeats among them.
std::vector<std::int64_t> wholeNumbers(bool isWide)
{
    Random random(3);
    std::vector<std::int64_t> values;
    for (std::size_t i = 0; i < kRows; ++i) {
        const auto bits = random.below(isWide ? 50 : 30);
        const auto size = static_cast<std::int64_t>(random.below(std::uint64_t{1} << bits));
        values.push_back(i % 7 < 3 ? 5 : i % 2 == 0 ? size : -size);
    }
    return values;
}

/// A column of the type with `values` as its plain bytes, and what they should be read as.
struct Case
{
    ParquetColumnBytes column;
    std::vector<double> expected;
};

Case caseOf(parquet::Type type)
{
    Case made;
    made.column.name = "value";
    made.column.type = type;
    made.column.groups.resize(1);
    auto& bytes = made.column.groups[0].values;
    for (const std::int64_t value : wholeNumbers(type != parquet::Int32)) {
        switch (type) {
        case parquet::Boolean:
            bytes.push_back(std::string(1, value > 0 ? '\1' : '\0'));
            made.expected.push_back(value > 0 ? 1 : 0);
            break;
        case parquet::Int32:
            bytes.push_back(plain(static_cast<std::int32_t>(value)));
            made.expected.push_back(static_cast<double>(value));
            break;
        case parquet::Int64:
            bytes.push_back(plain(value));
            made.expected.push_back(static_cast<double>(value));
            break;
        case parquet::Float:
            bytes.push_back(plain(static_cast<float>(value) / 3));
            made.expected.push_back(static_cast<double>(static_cast<float>(value) / 3));
            break;
        case parquet::Double:
            bytes.push_back(plain(static_cast<double>(value) / 3));
            made.expected.push_back(static_cast<double>(value) / 3);
            break;
        default:
            break;
        }
    }
    return made;
}

/// Two dimensions, so that the file is a table, and the column beside them under test.
std::string fileOf(const ParquetColumnBytes& column)
{
    std::vector<ParquetColumnBytes> columns{column};
    for (const char* name : {"x0", "x1"}) {
        ParquetColumnBytes dimension;
        dimension.name = name;
        dimension.groups = {plainEntries(std::vector<float>(kRows, 1.5F))};
        columns.push_back(dimension);
    }
    return parquetFile(columns, {kRows});
}

ReadOptions labelled(const std::string& column)
{
    ReadOptions options;
    options.labelColumn = column; // So that it is no dimension.
    return options;
}

const Column* readColumn(
    const std::string& bytes, const std::string& name, std::shared_ptr<const Dataset>& keep)
{
    const auto dataset = openBytes(bytes, "a.parquet", labelled(name));
    if (!dataset) {
        qWarning("%s", describe(dataset.error()).c_str());
        return nullptr;
    }
    keep = *dataset;
    const auto at = findColumn(keep->columns(), name);
    return at ? &keep->columns()[*at] : nullptr;
}

} // namespace

class TestParquetEncodings : public QObject
{
    Q_OBJECT

private slots:
    void numbersComeBack_data();
    void numbersComeBack();
    void nullsKeepTheirPlace_data() { numbersComeBack_data(); }
    void nullsKeepTheirPlace();
    void textsComeBack_data();
    void textsComeBack();
    void everyCodecIsRead_data();
    void everyCodecIsRead();
    void oldLevelsAreRead();
    void decimalsAreScaled();
    void float16IsRead();
    void unsignedNumbersAreNotNegative();
    void datesAndTimesAreText();
};

void TestParquetEncodings::numbersComeBack_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("encoding");
    QTest::addColumn<bool>("isVersion2");
    const std::vector<std::pair<int, std::vector<int>>> encodings{
        {parquet::Boolean, {parquet::Plain, parquet::Rle}},
        {parquet::Int32,
            {parquet::Plain, parquet::PlainDictionary, parquet::RleDictionary, parquet::DeltaBinary,
                parquet::SplitStreams}},
        {parquet::Int64,
            {parquet::Plain, parquet::RleDictionary, parquet::DeltaBinary, parquet::SplitStreams}},
        {parquet::Float, {parquet::Plain, parquet::RleDictionary, parquet::SplitStreams}},
        {parquet::Double, {parquet::Plain, parquet::RleDictionary, parquet::SplitStreams}},
    };
    for (const auto& [type, some] : encodings) {
        for (const int encoding : some) {
            for (const bool isVersion2 : {false, true}) {
                QTest::addRow("type %d encoding %d version %d", type, encoding, isVersion2 ? 2 : 1)
                    << type << encoding << isVersion2;
            }
        }
    }
}

void TestParquetEncodings::numbersComeBack()
{
    QFETCH(int, type);
    QFETCH(int, encoding);
    QFETCH(bool, isVersion2);
    Case made = caseOf(static_cast<parquet::Type>(type));
    made.column.encoding = encoding;
    made.column.isVersion2 = isVersion2;
    made.column.entriesPerPage = 300;
    std::shared_ptr<const Dataset> keep;
    const Column* const column = readColumn(fileOf(made.column), "value", keep);
    QVERIFY(column != nullptr);
    for (std::size_t i = 0; i < kRows; ++i) {
        const auto row = static_cast<Index>(i);
        if (type == parquet::Boolean)
            QCOMPARE(column->text(row), std::string(made.expected[i] != 0 ? "true" : "false"));
        else
            QCOMPARE(column->asNumber()->values[i], made.expected[i]);
    }
}

void TestParquetEncodings::nullsKeepTheirPlace()
{
    QFETCH(int, type);
    QFETCH(int, encoding);
    QFETCH(bool, isVersion2);
    Case made = caseOf(static_cast<parquet::Type>(type));
    made.column.encoding = encoding;
    made.column.isVersion2 = isVersion2;
    made.column.layout = Layout::Optional;
    made.column.entriesPerPage = 300;
    auto& entries = made.column.groups[0];
    std::vector<std::string> present;
    for (std::size_t i = 0; i < kRows; ++i) {
        const bool isThere = i % 5 != 1 && (i < 300 || i >= 600); // A whole page of nulls.
        entries.definition.push_back(isThere ? 1 : 0);
        if (isThere)
            present.push_back(entries.values[i]);
    }
    entries.values = present;
    std::shared_ptr<const Dataset> keep;
    const Column* const column = readColumn(fileOf(made.column), "value", keep);
    QVERIFY(column != nullptr);
    for (std::size_t i = 0; i < kRows; ++i) {
        const auto row = static_cast<Index>(i);
        QCOMPARE(column->isMissing(row), entries.definition[i] == 0);
        if (entries.definition[i] == 1 && type != parquet::Boolean)
            QCOMPARE(column->asNumber()->values[i], made.expected[i]);
    }
}

void TestParquetEncodings::textsComeBack_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("encoding");
    for (const int encoding :
        {parquet::Plain, parquet::RleDictionary, parquet::DeltaLength, parquet::DeltaBytes})
        QTest::addRow("texts, encoding %d", encoding) << int{parquet::ByteArray} << encoding;
    for (const int encoding :
        {parquet::Plain, parquet::RleDictionary, parquet::DeltaBytes, parquet::SplitStreams})
        QTest::addRow("fixed, encoding %d", encoding) << int{parquet::FixedBytes} << encoding;
}

void TestParquetEncodings::textsComeBack()
{
    QFETCH(int, type);
    QFETCH(int, encoding);
    const bool isFixed = type == parquet::FixedBytes;
    ParquetColumnBytes texts;
    texts.name = "text";
    texts.type = static_cast<parquet::Type>(type);
    texts.converted = parquet::Utf8;
    texts.typeLength = isFixed ? 6 : 0;
    texts.encoding = encoding;
    texts.entriesPerPage = 250;
    texts.groups.resize(1);
    for (std::size_t i = 0; i < kRows; ++i) {
        std::string text = "w" + std::to_string(i * i % 997);
        if (isFixed)
            text.resize(6, '_');
        else if (i % 11 == 0)
            text = i % 2 == 0 ? "" : "z\xc3\xbcrich " + std::string(i % 40, 'x');
        texts.groups[0].values.push_back(text);
    }
    std::shared_ptr<const Dataset> keep;
    const Column* const column = readColumn(fileOf(texts), "text", keep);
    QVERIFY(column != nullptr);
    for (std::size_t i = 0; i < kRows; ++i)
        QCOMPARE(column->text(static_cast<Index>(i)), texts.groups[0].values[i]);
}

void TestParquetEncodings::everyCodecIsRead_data()
{
    QTest::addColumn<int>("codec");
    for (const int codec : {parquet::Uncompressed, parquet::Snappy, parquet::Gzip, parquet::Brotli,
             parquet::Lz4Hadoop, parquet::Zstd, parquet::Lz4Raw})
        QTest::addRow("codec %d", codec) << codec;
}

void TestParquetEncodings::everyCodecIsRead()
{
    QFETCH(int, codec);
    for (const bool isVersion2 : {false, true}) {
        Case made = caseOf(parquet::Double);
        made.column.codec = codec;
        made.column.isVersion2 = isVersion2;
        made.column.hasChecksum = true;
        made.column.layout = Layout::Optional;
        made.column.groups[0].definition.assign(kRows, 1);
        std::shared_ptr<const Dataset> keep;
        const Column* const column = readColumn(fileOf(made.column), "value", keep);
        QVERIFY(column != nullptr);
        QVERIFY(column->asNumber()->values == made.expected);
    }
}

void TestParquetEncodings::oldLevelsAreRead()
{
    ParquetColumnBytes lists;
    lists.name = "v";
    lists.layout = Layout::List3;
    lists.levelEncoding = parquet::BitPacked;
    lists.entriesPerPage = 37; // Rows go from page to page, and bytes end in the middle of levels.
    std::vector<std::string> values;
    for (int i = 0; i < 300; ++i)
        values.push_back(plain(static_cast<float>(i)));
    lists.groups = {listEntries(values, 3, Layout::List3)};
    const auto dataset = openBytes(parquetFile({lists}, {100}), "a.parquet");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->dimensions(), Index{3});
    for (Index i = 0; i < 300; ++i)
        QCOMPARE((*dataset)->vectors().floats().data()[i], static_cast<float>(i));
}

void TestParquetEncodings::decimalsAreScaled()
{
    ParquetColumnBytes narrow;
    narrow.name = "narrow";
    narrow.type = parquet::Int32;
    narrow.converted = parquet::Decimal;
    narrow.scale = 2;
    narrow.groups = {plainEntries(std::vector<std::int32_t>{100, -1, 12345})};
    ParquetColumnBytes bytes = narrow; // Big-endian, as short as they can be.
    bytes.name = "bytes";
    bytes.type = parquet::ByteArray;
    bytes.groups
        = {plainEntries(std::vector<std::string>{"\x64", "\xff", std::string("\x30\x39", 2)})};
    ParquetColumnBytes wide = bytes;
    wide.name = "wide";
    wide.type = parquet::FixedBytes;
    wide.typeLength = 12;
    wide.groups = {plainEntries(std::vector<std::string>{std::string(11, '\0') + "\x64",
        std::string(12, '\xff'), std::string(10, '\0') + std::string("\x30\x39", 2)})};
    const auto dataset = openBytes(parquetFile({narrow, bytes, wide}, {3}), "a.parquet");
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->dimensions(), Index{3});
    for (Index j = 0; j < 3; ++j) {
        QCOMPARE((*dataset)->vectors()(0, j), 1.0F);
        QCOMPARE((*dataset)->vectors()(1, j), -0.01F);
        QCOMPARE((*dataset)->vectors()(2, j), 123.45F);
    }
}

void TestParquetEncodings::float16IsRead()
{
    ParquetColumnBytes halves;
    halves.name = "v";
    halves.type = parquet::FixedBytes;
    halves.typeLength = 2;
    halves.isFloat16 = true;
    halves.layout = Layout::List3;
    const std::vector<std::uint16_t> bits{0x3c00, 0xc000, 0x0001, 0x7bff};
    std::vector<std::string> values;
    for (const std::uint16_t value : bits)
        values.push_back(plain(value));
    halves.groups = {listEntries(values, 2, Layout::List3)};
    for (const int encoding : {parquet::Plain, parquet::RleDictionary, parquet::SplitStreams}) {
        halves.encoding = encoding;
        const auto dataset = openBytes(parquetFile({halves}, {2}), "a.parquet");
        QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
        QCOMPARE((*dataset)->provenance().dtype, std::string("float16"));
        const float* const read = (*dataset)->vectors().floats().data();
        QCOMPARE(read[0], 1.0F);
        QCOMPARE(read[1], -2.0F);
        QCOMPARE(read[2], 0x1p-24F);
        QCOMPARE(read[3], 65504.0F);
    }
}

void TestParquetEncodings::unsignedNumbersAreNotNegative()
{
    Case made = caseOf(parquet::Int32);
    made.column.converted = parquet::Uint32;
    made.column.groups[0].values[0] = plain(std::uint32_t{4000000000U});
    std::shared_ptr<const Dataset> keep;
    const Column* const column = readColumn(fileOf(made.column), "value", keep);
    QVERIFY(column != nullptr);
    QCOMPARE(column->asNumber()->values[0], 4e9);
}

void TestParquetEncodings::datesAndTimesAreText()
{
    Case made = caseOf(parquet::Int32);
    made.column.converted = parquet::Date;
    made.column.groups[0].values[0] = plain(std::int32_t{19723});
    std::shared_ptr<const Dataset> keep;
    const Column* column = readColumn(fileOf(made.column), "value", keep);
    QVERIFY(column != nullptr);
    QCOMPARE(column->text(0), std::string("2024-01-01"));

    ParquetColumnBytes old;
    old.name = "value";
    old.type = parquet::Int96;
    old.groups.resize(1);
    for (std::size_t i = 0; i < kRows; ++i) // Nanoseconds of the day, then the Julian day.
        old.groups[0].values.push_back(
            plain(std::uint64_t{74096123456000}) + plain(std::uint32_t{2460311}));
    for (const int encoding : {parquet::Plain, parquet::RleDictionary}) {
        old.encoding = encoding;
        column = readColumn(fileOf(old), "value", keep);
        QVERIFY(column != nullptr);
        QCOMPARE(column->text(0), std::string("2024-01-01 20:34:56.123456"));
    }
}

QTEST_APPLESS_MAIN(TestParquetEncodings)
#include "tst_parquet_encodings.moc"
