#include "core/io/open_joined.h"
#include "core/io/writers/write.h"
#include "tests/support/test_data.h"

#include <QTest>

using namespace embedscope;
using namespace embedscope::test;

/// Files that are joined, and the memory that they may take.
class TestOpenJoined : public QObject
{
    Q_OBJECT

private:
    TemporaryFolder m_folder;

    std::string saved(const std::string& name, Index rows) const
    {
        const std::string path = m_folder.file(name);
        const auto written = writeNpy(path, normalMatrix(rows, 10), {});
        return written ? path : std::string();
    }

    static ReadOptions allowing(std::uint64_t bytes)
    {
        ReadOptions options;
        options.maxMemory = bytes;
        return options;
    }

    /// 100 and 50 rows of 10 values, 40 bytes each.
    Result<std::shared_ptr<const Dataset>> openBoth(std::uint64_t allowed) const
    {
        const ReadOptions options = allowing(allowed);
        return openJoined(saved("first.npy", 100), options,
            {{saved("second.npy", 50), optionsOfAdded(options)}}, {});
    }

private slots:
    void whatFitsIsJoined()
    {
        const auto joined = openBoth(6000);
        QVERIFY2(joined.ok(), joined ? "" : describe(joined.error()).c_str());
        QCOMPARE((*joined)->size(), Index{150});
    }

    void theJoinedTableMustFit()
    {
        const auto joined = openBoth(5999);
        QVERIFY(!joined.ok());
        QCOMPARE(joined.error().code, ErrorCode::TooLarge);
        QCOMPARE(joined.error().refused->rows, Index{150});
        QCOMPARE(joined.error().refused->allowed, std::uint64_t{5999});
        const QString sentence = QString::fromStdString(describe(joined.error()));
        QVERIFY2(sentence.contains("cannot be joined") && sentence.contains("150 x 10"),
            qPrintable(sentence));
    }

    void anAddedTableMustFit()
    {
        const auto joined = openJoined(
            saved("first.npy", 100), {}, {{saved("second.npy", 50), allowing(1000)}}, {});
        QVERIFY(!joined.ok());
        QCOMPARE(joined.error().refused->rows, Index{50});
        QVERIFY(joined.error().path.ends_with("second.npy"));
    }

    void formatsAreNamed()
    {
        QCOMPARE(formatNames("npy"), std::string("NumPy array"));
        QCOMPARE(formatNames("pytorch, unheard of, npz"),
            std::string("PyTorch, unheard of, NumPy archive"));
        QCOMPARE(formatNames(""), std::string());
    }

    void openTablesAreHeldToTheSame()
    {
        const auto table = datasetOf(normalMatrix(20, 10));
        QVERIFY(joinTables({table, table}, 1600, {}).ok());
        QVERIFY(joinTables({table, table}, {}, {}).ok());
        const auto refused = joinTables({table, table}, 1599, {});
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::TooLarge);
    }
};

QTEST_APPLESS_MAIN(TestOpenJoined)
#include "tst_open_joined.moc"
