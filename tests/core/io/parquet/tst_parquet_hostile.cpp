// Broken and malicious Parquet files end in a sentence, at once and without the memory that they
// ask for.

#include "tests/support/column_codecs.h"
#include "tests/support/damage.h"
#include "tests/support/parquet_bytes.h"
#include "tests/support/parquet_encodings.h"
#include "tests/support/samples.h"
#include "tests/support/thrift_bytes.h"

#include <QTest>
#include <algorithm>
#include <initializer_list>

using namespace embedscope;
using namespace embedscope::test;
using parquet::Layout;

namespace {

std::vector<std::string> floats(std::size_t count)
{
    std::vector<std::string> values;
    for (std::size_t i = 0; i < count; ++i)
        values.push_back(plain(static_cast<float>(i)));
    return values;
}

ParquetColumnBytes vectorColumn(std::size_t rows, std::size_t length)
{
    ParquetColumnBytes column;
    column.name = "v";
    column.layout = Layout::List3;
    column.groups = {listEntries(floats(rows * length), length, Layout::List3)};
    return column;
}

Error errorOf(const std::string& bytes, const ReadOptions& options = {})
{
    const auto dataset = openBytes(bytes, "a.parquet", options);
    return dataset ? Error{} : dataset.error();
}

bool says(const Error& error, const std::string& part)
{
    if (error.detail.find(part) != std::string::npos)
        return true;
    qWarning("%s", error.detail.c_str());
    return false;
}

/// The footer of a file, replaced.
std::string withFooter(const std::string& footer)
{
    return "PAR1" + footer + plain(static_cast<std::uint32_t>(footer.size())) + "PAR1";
}

} // namespace

class TestParquetHostile : public QObject
{
    Q_OBJECT

private slots:
    void cutFilesAreNeverTables();
    void flippedBitsMakeNothingLarger();
    void wrongChecksumsAreRefused();
    void pagesThatLieAboutTheirSizeAreRefused_data();
    void pagesThatLieAboutTheirSizeAreRefused();
    void pagesThatExpandTooFarAreRefused();
    void rowsThatAreNotThereAreRefused();
    void runsOfNullsAreNotExpanded();
    void encryptedAndDistributedFilesAreNamed();
    void lzoIsNamed();
    void deepSchemasAreRefused();
    void listsWithoutABeginningAreRefused();
    void dictionariesAreCheckedAgainstTheirIndices();
};

void TestParquetHostile::cutFilesAreNeverTables()
{
    const std::string bytes = sampleMaker("parquet")->make(30).bytes;
    QCOMPARE(opensWhenCut(bytes, "a.parquet"), 0);
}

void TestParquetHostile::flippedBitsMakeNothingLarger()
{
    for (const int codec : {parquet::Uncompressed, parquet::Snappy, parquet::Zstd}) {
        ParquetColumnBytes column = vectorColumn(40, 4);
        column.codec = codec;
        column.encoding = parquet::RleDictionary;
        QVERIFY(flipsAreHarmless(parquetFile({column}, {40}), "a.parquet", 1));
    }
}

void TestParquetHostile::wrongChecksumsAreRefused()
{
    ParquetColumnBytes column = vectorColumn(4, 3);
    column.hasChecksum = true;
    QVERIFY(openBytes(parquetFile({column}, {4}), "a.parquet").ok());
    column.breaksChecksum = true;
    QVERIFY(says(errorOf(parquetFile({column}, {4})), "checksum"));
}

void TestParquetHostile::pagesThatLieAboutTheirSizeAreRefused_data()
{
    QTest::addColumn<int>("codec");
    for (const int codec : {parquet::Uncompressed, parquet::Snappy, parquet::Gzip, parquet::Brotli,
             parquet::Lz4Hadoop, parquet::Zstd, parquet::Lz4Raw})
        QTest::addRow("codec %d", codec) << codec;
}

void TestParquetHostile::pagesThatLieAboutTheirSizeAreRefused()
{
    QFETCH(int, codec);
    for (const std::int64_t claimed :
        std::initializer_list<std::int64_t>{0, 47, 49, 100000, 2147483647}) {
        ParquetColumnBytes column = vectorColumn(4, 3);
        column.codec = codec;
        column.claimedExpanded = claimed;
        QVERIFY(!openBytes(parquetFile({column}, {4}), "a.parquet").ok());
    }
}

/// Zeros compress a thousandfold and more: 16 MB in a file of a few kB, where 1 MB is allowed.
void TestParquetHostile::pagesThatExpandTooFarAreRefused()
{
    // A page of levels of 0 (lists without a value), written by hand.
    constexpr std::size_t kValues = 1000;
    const std::string body = toZstd(std::string(std::size_t{16} << 20U, '\0'));
    ThriftBytes part;
    part.int32(1, static_cast<std::int32_t>(kValues));
    part.int32(2, 0);
    part.int32(3, 3);
    part.int32(4, 3);
    ThriftBytes header;
    header.int32(1, 0);
    header.int32(2, 16 << 20);
    header.int32(3, static_cast<std::int32_t>(body.size()));
    header.structure(5, part);
    const std::string page = header.done() + body;
    ThriftBytes facts;
    facts.int32(1, parquet::Float);
    facts.int32(4, parquet::Zstd);
    facts.int64(5, kValues);
    facts.int64(9, 4);
    ThriftBytes chunk;
    chunk.structure(3, facts);
    ThriftBytes group;
    group.structures(1, {chunk});
    group.int64(3, 10);
    ThriftBytes root;
    root.text(4, "schema");
    root.int32(5, 1);
    ThriftBytes leaf;
    leaf.int32(1, parquet::Float);
    leaf.int32(3, 2);
    leaf.text(4, "v");
    ThriftBytes footer;
    footer.structures(2, {root, leaf});
    footer.int64(3, 10);
    footer.structures(4, {group});
    const std::string end = footer.done();
    const std::string bomb
        = "PAR1" + page + end + plain(static_cast<std::uint32_t>(end.size())) + "PAR1";
    QVERIFY(bomb.size() < 100000);
    ReadOptions options;
    options.maxBytes = 1U << 20U;
    const Error error = errorOf(bomb, options);
    QCOMPARE(error.code, ErrorCode::TooLarge);
    QVERIFY(says(error, "--max-bytes"));
    // A claim of two gigabytes from as much is refused before anything is made.
    ParquetColumnBytes column = vectorColumn(4, 3);
    column.codec = parquet::Zstd;
    column.claimedExpanded = 2147483647;
    QVERIFY(says(errorOf(parquetFile({column}, {4})), "impossible"));
}

void TestParquetHostile::rowsThatAreNotThereAreRefused()
{
    for (const std::int64_t rows :
        std::initializer_list<std::int64_t>{0, 3, 5, 1000000000, 4000000000}) {
        ParquetLies lies;
        lies.rows = rows;
        QVERIFY(!openBytes(parquetFile({vectorColumn(4, 3)}, {4}, lies), "a.parquet").ok());
        ParquetColumnBytes number;
        number.name = "n";
        number.groups = {plainEntries(std::vector<float>{1, 2, 3, 4})};
        ParquetColumnBytes other = number;
        other.name = "o";
        QVERIFY(!openBytes(parquetFile({number, other}, {4}, lies), "a.parquet").ok());
    }
}

/// A thousand million nulls take a few bytes; the table that they would make takes gigabytes.
void TestParquetHostile::runsOfNullsAreNotExpanded()
{
    ParquetLies lies;
    lies.rows = 1000000000;
    ParquetColumnBytes nulls;
    nulls.name = "n";
    nulls.layout = Layout::Optional;
    nulls.groups.resize(1);
    nulls.groups[0].definition.assign(100, 0);
    ParquetColumnBytes other = nulls;
    other.name = "o";
    const Error error = errorOf(parquetFile({nulls, other}, {100}, lies));
    QCOMPARE(error.code, ErrorCode::TooLarge);
}

void TestParquetHostile::encryptedAndDistributedFilesAreNamed()
{
    ParquetLies lies;
    lies.isEncrypted = true;
    const Error encrypted = errorOf(parquetFile({vectorColumn(4, 3)}, {4}, lies));
    QCOMPARE(encrypted.code, ErrorCode::Unsupported);
    QVERIFY(says(encrypted, "encrypted"));
    lies.isEncrypted = false;
    lies.isElsewhere = true;
    const Error elsewhere = errorOf(parquetFile({vectorColumn(4, 3)}, {4}, lies));
    QCOMPARE(elsewhere.code, ErrorCode::Unsupported);
    QVERIFY(says(elsewhere, "other files"));
}

void TestParquetHostile::lzoIsNamed()
{
    ParquetColumnBytes column = vectorColumn(4, 3);
    column.codec = parquet::Lzo;
    QVERIFY(says(errorOf(parquetFile({column}, {4})), "LZO"));
}

void TestParquetHostile::deepSchemasAreRefused()
{
    for (const int depth : {40, 100000}) {
        std::vector<ThriftBytes> nodes;
        for (int i = 0; i < depth; ++i) {
            ThriftBytes node;
            node.text(4, "g");
            node.int32(5, 1);
            nodes.push_back(node);
        }
        ThriftBytes leaf;
        leaf.int32(1, parquet::Float);
        leaf.text(4, "v");
        nodes.push_back(leaf);
        ThriftBytes footer;
        footer.structures(2, nodes);
        footer.int64(3, 0);
        QVERIFY(says(errorOf(withFooter(footer.done())), "contradict"));
    }
    // Structures in structures, none of which is known.
    std::string nested;
    for (int i = 0; i < 100000; ++i)
        nested += '\x9c'; // Field 9 further on, a structure.
    QVERIFY(says(errorOf(withFooter(nested)), "footer is damaged"));
    // A list of more structures than there are bytes.
    QVERIFY(says(errorOf(withFooter("\x29\xfc\xff\xff\xff\xff\x07")), "footer is damaged"));
}

void TestParquetHostile::listsWithoutABeginningAreRefused()
{
    ParquetColumnBytes column = vectorColumn(4, 3);
    column.groups[0].repetition[0] = 1;
    QVERIFY(says(errorOf(parquetFile({column}, {4})), "no beginning"));
}

void TestParquetHostile::dictionariesAreCheckedAgainstTheirIndices()
{
    ParquetColumnBytes column = vectorColumn(4, 3);
    column.encoding = parquet::RleDictionary;
    std::string bytes = parquetFile({column}, {4});
    std::vector<std::string> sorted = floats(12);
    std::sort(sorted.begin(), sorted.end());
    const auto at = bytes.find(dictionaryIndices(sorted, floats(12)));
    QVERIFY(at != std::string::npos);
    bytes[at + 2] = '\xff'; // The first group of eight holds indices of 15: there are twelve.
    QVERIFY(says(errorOf(bytes), "holds fewer values than it says, or not what"));
}

QTEST_APPLESS_MAIN(TestParquetHostile)
#include "tst_parquet_hostile.moc"
