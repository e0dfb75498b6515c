#include "core/base/random.h"
#include "core/io/open.h"

#include <QTest>
#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstring>

using namespace embedscope;

namespace {

Result<std::shared_ptr<const Dataset>> open(std::string bytes, const std::string& name = "a.txt")
{
    return openDataset(memorySource(std::move(bytes), name), {}, {});
}

std::vector<std::string> labels(const Dataset& dataset)
{
    std::vector<std::string> result;
    for (Index i = 0; i < dataset.size(); ++i)
        result.push_back(dataset.label(static_cast<PointId>(i)));
    return result;
}

using Labels = std::vector<std::string>;

/// A file that somebody writes over while it is read: the same length, other bytes.
class ChangingSource : public ByteSource
{
public:
    ChangingSource(std::string before, std::string after, int readsBefore)
        : ByteSource("changing.txt", before.size())
        , m_before(std::move(before))
        , m_after(std::move(after))
        , m_left(readsBefore)
    {
    }

    Status read(std::uint64_t offset, std::span<std::byte> into) const override
    {
        const std::string& bytes = m_left-- > 0 ? m_before : m_after;
        std::memcpy(into.data(), bytes.data() + offset, into.size());
        return {};
    }

private:
    std::string m_before;
    std::string m_after;
    mutable std::atomic<int> m_left;
};

bool hasWarning(const Dataset& dataset, const std::string& part)
{
    for (const std::string& warning : dataset.warnings()) {
        if (warning.find(part) != std::string::npos)
            return true;
    }
    return false;
}

} // namespace

class TestVectorText : public QObject
{
    Q_OBJECT

private slots:
    void countsAndRowsAreRead();
    void rowsWithoutCountsAreRead();
    void labelsMayHoldSpaces();
    void labelsMayBeNumbers();
    void countsThatLieAreWarnings();
    void theUnknownWordOfGloveIsNotCounted();
    void blankLinesAreSkipped();
    void blankLinesAreNoRowsOfAPart();
    void brokenLettersAreAWarning();
    void aMarkInFrontIsIgnored();
    void windowsLineEndsAreRead();
    void aBadLineIsNamed();
    void decimalCommasAreNamed();
    void raggedLinesAreRefused();
    void linesAcrossBlocksStayWhole();
    void aFileThatChangesIsAnError();
};

void TestVectorText::countsAndRowsAreRead()
{
    for (const char* name : {"a.txt", "a.vec", "a.npy", "a"}) {
        const auto dataset = open("2 3\nthe 1 2.5 -3e-2 \nof 4 5 6 \n", name);
        QVERIFY(dataset.ok());
        QCOMPARE((*dataset)->provenance().format, std::string("word2vec-text"));
        QCOMPARE(labels(**dataset), (Labels{"the", "of"}));
        QCOMPARE((*dataset)->dimensions(), Index{3});
        QCOMPARE((*dataset)->vectors()(0, 1), 2.5F);
        QCOMPARE((*dataset)->vectors()(0, 2), -0.03F);
        QVERIFY((*dataset)->warnings().empty());
    }
}

void TestVectorText::rowsWithoutCountsAreRead()
{
    const auto dataset = open("the 1 2 3\nof 4 5 6");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->provenance().format, std::string("glove"));
    QCOMPARE(labels(**dataset), (Labels{"the", "of"}));
    QCOMPARE((*dataset)->vectors()(1, 2), 6.0F);
}

void TestVectorText::labelsMayHoldSpaces()
{
    const auto dataset = open("New York 1 2 3\n. . . 4 5 6\nback  7 8 9\n 1 2 3\n300 x 1 1 1\n");
    QVERIFY(dataset.ok());
    QCOMPARE(labels(**dataset), (Labels{"New York", ". . .", "back ", "", "300 x"}));
    QCOMPARE((*dataset)->vectors()(2, 0), 7.0F);
}

void TestVectorText::labelsMayBeNumbers()
{
    const auto years = open("2000 1 2 3\n2001 4 5 6\n");
    QVERIFY(years.ok());
    QCOMPARE(labels(**years), (Labels{"2000", "2001"}));
    const auto documents = open("2 3\ndoc 1 1 2 3\ndoc 2 4 5 6\n");
    QVERIFY(documents.ok());
    QCOMPARE(labels(**documents), (Labels{"doc 1", "doc 2"}));
    QVERIFY(hasWarning(**documents, "part of the label"));
    const auto bare = open("0.5 1 2\n1.5 4 5\n");
    QVERIFY(bare.ok());
    QVERIFY(!(*bare)->hasLabels());
    QCOMPARE((*bare)->dimensions(), Index{3});
}

void TestVectorText::countsThatLieAreWarnings()
{
    const auto rows = open("1000000000 4\nthe 1 2 3 4\nof 5 6 7 8\n");
    QVERIFY(rows.ok());
    QCOMPARE((*rows)->size(), Index{2});
    QVERIFY(hasWarning(**rows, "1,000,000,000"));
    const auto columns = open("2 8\nthe 1 2 3 4\nof 5 6 7 8\n");
    QVERIFY(columns.ok());
    QCOMPARE((*columns)->dimensions(), Index{4});
    QVERIFY(hasWarning(**columns, "8 values"));
}

void TestVectorText::theUnknownWordOfGloveIsNotCounted()
{
    const auto dataset = open("2 2\nthe 1 2\nof 5 6\n<unk> 0 1\n");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->size(), Index{3});
    QVERIFY((*dataset)->warnings().empty());
}

void TestVectorText::blankLinesAreNoRowsOfAPart()
{
    // Blanks that are longer than what the counting pass looks ahead, at the ends of blocks, too.
    const std::string blanks(3'000'000, ' ');
    const std::string text
        = " \t\r\na 1 2\n\r\r\nb 3 4\n" + blanks + "\nc 5 6\nd 7 8\n \t" + blanks;
    const auto whole = open(text);
    QVERIFY2(whole.ok(), whole ? "" : describe(whole.error()).c_str());
    QCOMPARE((*whole)->size(), Index{4});
    QVERIFY(hasWarning(**whole, "4 blank lines"));
    for (Index first = 0; first < 4; ++first) {
        ReadOptions options;
        options.rows.range = {first, first + 1};
        const auto part = openDataset(memorySource(text, "a.txt"), options, {});
        QVERIFY2(part.ok(), part ? "" : describe(part.error()).c_str());
        QCOMPARE((*part)->size(), Index{1});
        QCOMPARE((*part)->fileRows(), Index{4});
        QCOMPARE((*part)->label(0), (*whole)->label(static_cast<PointId>(first)));
        QCOMPARE((*part)->vectors()(0, 1), (*whole)->vectors()(first, 1));
    }
}

void TestVectorText::blankLinesAreSkipped()
{
    const auto dataset = open("3 2\na 1 2\n\nb 3 4\n   \n\r\nc 5 6\n\n");
    QVERIFY(dataset.ok());
    QCOMPARE(labels(**dataset), (Labels{"a", "b", "c"}));
    QCOMPARE((*dataset)->vectors()(2, 1), 6.0F);
    QVERIFY(hasWarning(**dataset, "4 blank lines"));
}

void TestVectorText::brokenLettersAreAWarning()
{
    const auto dataset = open("2 2\ncaf\xe9 1 2\nof 3 4\n");
    QVERIFY(dataset.ok());
    QCOMPARE((*dataset)->label(0), std::string("caf\xEF\xBF\xBD"));
    QVERIFY(hasWarning(**dataset, "UTF-8"));
}

void TestVectorText::aMarkInFrontIsIgnored()
{
    const auto dataset = open("\xEF\xBB\xBF"
                              "2 3\nthe 1 2 3\nof 4 5 6\n");
    QVERIFY(dataset.ok());
    QCOMPARE(labels(**dataset), (Labels{"the", "of"}));
}

void TestVectorText::windowsLineEndsAreRead()
{
    const auto dataset = open("2 3\r\nthe 1 2 3\r\nof 4 5 6\r\n");
    QVERIFY(dataset.ok());
    QCOMPARE(labels(**dataset), (Labels{"the", "of"}));
    QVERIFY((*dataset)->warnings().empty());
}

void TestVectorText::aBadLineIsNamed()
{
    const auto dataset = open("4 3\nthe 1 2 3\n\nof 4 5\nto 1 2 3\nin 1 2 3\n");
    QVERIFY(!dataset.ok());
    QCOMPARE(dataset.error().line, std::optional<std::uint64_t>(4));
}

void TestVectorText::decimalCommasAreNamed()
{
    const auto dataset = open("the 1,5 2,5\nof 0,1 0,2\n");
    QVERIFY(!dataset.ok());
    QVERIFY(dataset.error().detail.find("comma") != std::string::npos);
}

void TestVectorText::raggedLinesAreRefused()
{
    QVERIFY(!open("the 1 2 3 4\nof 5 6 7\nand 1 2 3 4 5\n").ok());
}

void TestVectorText::linesAcrossBlocksStayWhole()
{
    // Labels of many lengths, so that lines end everywhere around the edges of the reader's blocks.
    Random random(7);
    std::string bytes;
    std::vector<std::string> expected;
    while (bytes.size() < (3U << 20U)) {
        expected.push_back(
            std::string(1 + random.below(60), 'x') + std::to_string(expected.size()));
        bytes += expected.back() + ' ' + std::to_string(expected.size()) + " 0.5\n";
        if (expected.size() % 1000 == 0)
            bytes += random.below(2) != 0 ? "\n" : "\r\n";
    }
    const auto dataset = open(bytes);
    QVERIFY2(dataset.ok(), dataset ? "" : describe(dataset.error()).c_str());
    QCOMPARE((*dataset)->size(), static_cast<Index>(expected.size()));
    QVERIFY(labels(**dataset) == expected);
    for (Index i = 0; i < (*dataset)->size(); ++i) {
        if ((*dataset)->vectors()(i, 0) != static_cast<float>(i + 1))
            QFAIL("a value is out of place");
    }
}

void TestVectorText::aFileThatChangesIsAnError()
{
    std::string before;
    for (int i = 0; i < 200'000; ++i)
        before += "word " + std::to_string(i) + " 0.5\n";
    std::string joined = before;
    std::replace(joined.begin() + 1000, joined.end(), '\n', ' ');
    std::string split = before;
    std::replace(split.begin() + 1000, split.end(), ' ', '\n');
    // Three reads look at the beginning, three count the lines of the three blocks, three parse them.
    QVERIFY(before.size() > (2U << 20U) && before.size() < (3U << 20U));
    for (const std::string& after : {joined, split, std::string(before.size(), '\n')}) {
        for (int reads = 4; reads < 9; ++reads) {
            const auto dataset
                = openDataset(std::make_shared<ChangingSource>(before, after, reads), {}, {});
            QVERIFY2(!dataset.ok(), std::to_string(reads).c_str());
        }
    }
}

QTEST_APPLESS_MAIN(TestVectorText)
#include "tst_vector_text.moc"
