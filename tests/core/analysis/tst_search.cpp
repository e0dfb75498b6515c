#include "core/analysis/search.h"

#include <QTest>

using namespace embedscope;

namespace {

std::shared_ptr<const Dataset> animals()
{
    Table table;
    TextValues names;
    CategoryValues kinds;
    kinds.categories = {"Bird", "Fish"};
    NumberValues legs;
    for (const char* name : {"Seagull", "gull", "Gulliver", "\xC3\x89toile", "cod"}) {
        names.append(name);
        kinds.codes.push_back(kinds.codes.size() == 4 ? 1 : 0);
        legs.values.push_back(kinds.codes.size() == 5 ? 0 : 2.5);
    }
    kinds.codes[2] = -1;
    table.vectors = Matrix::zeros(5, 1);
    table.columns.emplace_back("name", std::move(names));
    table.columns.emplace_back("kind", std::move(kinds));
    table.columns.emplace_back("legs", std::move(legs));
    table.labelColumn = 0;
    return Dataset::make(std::move(table)).value();
}

std::vector<PointId> find(
    std::string text, bool isExpression = false, std::optional<std::size_t> column = {})
{
    return search(*animals(), {std::move(text), isExpression, column}, {}).value().ids;
}

} // namespace

class TestSearch : public QObject
{
    Q_OBJECT

private slots:
    void wholeValuesComeFirstThenBeginnings();
    void caseIsFoldedBeyondAscii();
    void everyColumnOrOneIsSearched();
    void regularExpressionsAreFoundInOrder();
    void aBrokenExpressionIsASentence();
    void stopIsHonoured();
};

void TestSearch::wholeValuesComeFirstThenBeginnings()
{
    QCOMPARE(find("GULL"), (std::vector<PointId>{1, 2, 0}));
    QCOMPARE(find(""), std::vector<PointId>{});
    QCOMPARE(find("zebra"), std::vector<PointId>{});
}

void TestSearch::caseIsFoldedBeyondAscii()
{
    QCOMPARE(find("\xC3\xA9TOILE"), std::vector<PointId>{3});
    QCOMPARE(find("\xC3\xA9t", true), std::vector<PointId>{3});
}

void TestSearch::everyColumnOrOneIsSearched()
{
    QCOMPARE(find("bird"), (std::vector<PointId>{0, 1, 3}));
    QCOMPARE(find("bird", false, 0), std::vector<PointId>{});
    QCOMPARE(find("2.5"), (std::vector<PointId>{0, 1, 2, 3}));
}

void TestSearch::regularExpressionsAreFoundInOrder()
{
    QCOMPARE(find("^g.*l", true), (std::vector<PointId>{1, 2}));
}

void TestSearch::aBrokenExpressionIsASentence()
{
    const auto result = search(*animals(), {"(", true, {}}, {});
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::InvalidArgument);
    QVERIFY(result.error().detail.find("missing") != std::string::npos);
}

void TestSearch::stopIsHonoured()
{
    std::stop_source source;
    source.request_stop();
    const auto result = search(*animals(), {"gull", false, {}}, Progress(source.get_token()));
    QCOMPARE(result.error().code, ErrorCode::Stopped);
}

QTEST_APPLESS_MAIN(TestSearch)
#include "tst_search.moc"
