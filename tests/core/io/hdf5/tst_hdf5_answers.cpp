// The answers of the helper are not trusted: whatever it says ends in a table that is whole, or in
// one sentence.

#include "core/base/random.h"
#include "core/io/hdf5/hdf5_reader.h"
#include "core/io/hdf5/hdf5_superblock.h"
#include "tests/support/hdf5_answers.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 24U;

Result<Table> read(const std::string& answers)
{
    ReadOptions options;
    options.maxBytes = kMaxBytes;
    const auto source = memorySource(std::string(4096, 'x'), "sample.h5");
    return Hdf5Reader(*source, options, answersOf(answers)).read({});
}

/// Everything up to the answer to the question for the table of `rows` x 2.
Hdf5Answers listed(std::uint64_t rows)
{
    Hdf5Answers answers;
    answers.group("");
    answers.dataset("emb", hdf5::Class::Number, "float32", {rows, 2}, rows * 8);
    answers.endList();
    return answers;
}

} // namespace

class TestHdf5Answers : public QObject
{
    Q_OBJECT

private slots:
    void honestAnswersAreATable();
    void fewerValuesAreRefused();
    void moreValuesAreRefused();
    void textsOfAnotherNumberAreRefused();
    void refusedColumnIsLeftOutAndNamed();
    void refusedTableIsAnError();
    void impossibleShapesAreRefused();
    void placesOutsideTheFileAreRefused();
    void cutAnywhereNothingBreaks();
    void flippedBitsBreakNothing();
    void fileThatEndsTooEarlyIsTruncated();
};

void TestHdf5Answers::honestAnswersAreATable()
{
    const auto table = read(hdf5AnswersSample(7));
    QVERIFY2(table.ok(), table ? "" : table.error().detail.c_str());
    QCOMPARE(table->vectors.rows(), Index{7});
    QCOMPARE(table->vectors(6, 1), 0.5F);
    QCOMPARE(table->columns.size(), std::size_t{1});
    QCOMPARE(table->columns[0].text(0), std::string("word"));
    QCOMPARE(table->provenance.tensor, std::string("emb"));
}

void TestHdf5Answers::fewerValuesAreRefused()
{
    Hdf5Answers answers = listed(3);
    answers.floats({1, 2, 3, 4});
    answers.end();
    QCOMPARE(read(answers.bytes()).error().code, ErrorCode::Malformed);
}

void TestHdf5Answers::moreValuesAreRefused()
{
    Hdf5Answers answers = listed(3);
    answers.floats({1, 2, 3, 4, 5, 6});
    answers.floats({7});
    answers.end();
    QCOMPARE(read(answers.bytes()).error().code, ErrorCode::Malformed);
}

void TestHdf5Answers::textsOfAnotherNumberAreRefused()
{
    for (const std::size_t count : {0U, 1U, 3U}) {
        Hdf5Answers answers;
        answers.group("");
        answers.dataset("emb", hdf5::Class::Number, "float32", {2, 2}, 16);
        answers.dataset("words", hdf5::Class::Text, "text", {2}, 8);
        answers.endList();
        answers.floats({1, 2, 3, 4});
        answers.end();
        answers.texts(std::vector<std::string>(count, "w"));
        answers.end();
        QCOMPARE(read(answers.bytes()).error().code, ErrorCode::Malformed);
    }
}

void TestHdf5Answers::refusedColumnIsLeftOutAndNamed()
{
    Hdf5Answers answers;
    answers.group("");
    answers.dataset("emb", hdf5::Class::Number, "float32", {2, 2}, 16);
    answers.dataset("words", hdf5::Class::Text, "text", {2}, 8);
    answers.endList();
    answers.floats({1, 2, 3, 4});
    answers.end();
    answers.failure(hdf5::Fault::Damaged, "values could not be read");
    const auto table = read(answers.bytes());
    QVERIFY2(table.ok(), table ? "" : table.error().detail.c_str());
    QVERIFY(table->columns.empty());
    QCOMPARE(table->warnings.size(), std::size_t{1});
    QVERIFY(table->warnings[0].find("words") != std::string::npos);
}

void TestHdf5Answers::refusedTableIsAnError()
{
    Hdf5Answers answers = listed(2);
    answers.failure(hdf5::Fault::Unsupported, "its rows differ\nin length");
    const auto table = read(answers.bytes());
    QVERIFY(!table.ok());
    QCOMPARE(table.error().code, ErrorCode::Unsupported);
    QVERIFY(table.error().detail.find('\n') == std::string::npos);

    Hdf5Answers silent = listed(2);
    silent.failure(hdf5::Fault::Unsupported, "");
    const auto unexplained = read(silent.bytes());
    QVERIFY(!unexplained.ok());
    QVERIFY(!unexplained.error().detail.empty());
}

void TestHdf5Answers::impossibleShapesAreRefused()
{
    using Shape = std::vector<std::uint64_t>;
    for (const Shape& shape : {Shape{UINT64_MAX, UINT64_MAX}, Shape{UINT64_MAX, 2},
             Shape{std::uint64_t{1} << 40U, 1U << 20U}, Shape{1U << 30U, 64}, Shape{0, 4},
             Shape{4, 0}, Shape(32, 2), Shape{}}) {
        for (const std::uint64_t stored : {std::uint64_t{0}, std::uint64_t{64}, UINT64_MAX}) {
            Hdf5Answers answers;
            answers.group("");
            answers.dataset("emb", hdf5::Class::Number, "float32", shape, stored);
            answers.endList();
            const auto table = read(answers.bytes());
            QVERIFY(!table.ok());
            QVERIFY(table.error().code != ErrorCode::OutOfMemory);
        }
    }
}

/// Where the values lie as they are they are read straight from the file: within it alone.
void TestHdf5Answers::placesOutsideTheFileAreRefused()
{
    for (const std::uint64_t offset : {std::uint64_t{4096}, std::uint64_t{4081}, UINT64_MAX - 1}) {
        Hdf5Answers answers;
        answers.group("");
        answers.dataset("emb", hdf5::Class::Number, "float32", {2, 2}, 16, offset);
        answers.endList();
        QCOMPARE(read(answers.bytes()).error().code, ErrorCode::Truncated);
    }
    Hdf5Answers answers;
    answers.group("");
    answers.dataset("emb", hdf5::Class::Number, "float32", {2, 2}, 16, 4080);
    answers.endList();
    QVERIFY(read(answers.bytes()).ok());
}

void TestHdf5Answers::cutAnywhereNothingBreaks()
{
    const std::string answers = hdf5AnswersSample(9);
    for (std::size_t length = 0; length < answers.size(); ++length)
        QVERIFY(!read(answers.substr(0, length)).ok());
}

void TestHdf5Answers::flippedBitsBreakNothing()
{
    const std::string answers = hdf5AnswersSample(9);
    Random random(4);
    for (int i = 0; i < 20000; ++i) {
        std::string bytes = answers;
        for (std::uint64_t flips = 1 + random.below(3); flips > 0; --flips) {
            const auto bit = random.below(bytes.size() * 8);
            bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
        }
        const auto table = read(bytes);
        if (!table) {
            QVERIFY(!table.error().detail.empty());
            continue;
        }
        for (const Column& column : table->columns)
            QCOMPARE(column.size(), table->vectors.rows());
    }
}

void TestHdf5Answers::fileThatEndsTooEarlyIsTruncated()
{
    // Version 2, addresses of 8 bytes: base 0, no extension, an end at 1000, a root group.
    std::string block = "\x89HDF\r\n\x1a\n";
    block += std::string("\x02\x08\x08\x00", 4) + std::string(8, '\0') + std::string(8, '\xff')
        + std::string("\xe8\x03\0\0\0\0\0\0", 8) + std::string(8, '\0');
    const auto check = [](std::string bytes) {
        return checkHdf5End(*memorySource(std::move(bytes), "sample.h5"));
    };
    QCOMPARE(check(block + std::string(100, 'x')).error().code, ErrorCode::Truncated);
    QVERIFY(check(block + std::string(1000, 'x')).ok());
    // Behind a block of the user's own, with the end counted from the file's beginning or from its.
    const std::string userBlock(512, 'u');
    QVERIFY(check(userBlock + block + std::string(1000, 'x')).ok());
    QVERIFY(!check(userBlock + block).ok());
    QVERIFY(!check("no signature").ok());
    QCOMPARE(findHdf5Signature(std::string(1024, 'u') + block), std::optional<std::uint64_t>(1024));
    QCOMPARE(findHdf5Signature(std::string(100, 'u') + block), std::nullopt);
}

QTEST_APPLESS_MAIN(TestHdf5Answers)
#include "tst_hdf5_answers.moc"
