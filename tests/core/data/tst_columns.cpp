#include "core/data/columns.h"

#include <QTest>
#include <cmath>

using namespace embedscope;

namespace {

TextValues cells(std::initializer_list<const char*> values)
{
    TextValues text;
    for (const char* value : values) {
        if (value)
            text.append(value);
        else
            text.appendMissing();
    }
    return text;
}

} // namespace

class TestColumns : public QObject
{
    Q_OBJECT

private slots:
    void textKeepsMissingApartFromEmpty();
    void brokenTextIsRepaired();
    void kindsAreInferred();
    void emptyCellsAreMissingValues();
    void numbersBecomeCategoriesInOrder();
    void categoriesBecomeNumbersOnlyWhereAllAre();
};

void TestColumns::textKeepsMissingApartFromEmpty()
{
    const Column column("c", cells({"a", "", nullptr, "b", "a"}));
    QCOMPARE(column.size(), Index{5});
    QVERIFY(!column.isMissing(1));
    QVERIFY(column.isMissing(2));
    QVERIFY(!column.isMissing(3));
    QCOMPARE(column.text(4), std::string("a"));
    QCOMPARE(column.distinctCount(), Index{3});
}

void TestColumns::brokenTextIsRepaired()
{
    TextValues text;
    QVERIFY(!text.append("caf\xC3"));
    QCOMPARE(text[0], std::string_view("caf\xEF\xBF\xBD"));
}

void TestColumns::kindsAreInferred()
{
    QCOMPARE(inferColumn("c", cells({"1", "2.5", "", "-3"})).kind(), ColumnKind::Number);
    QCOMPARE(inferColumn("c", cells({"cat", "dog", "cat", "dog"})).kind(), ColumnKind::Category);
    QCOMPARE(inferColumn("c", cells({"cat", "dog", "cow", "dog"})).kind(), ColumnKind::Text);
    QCOMPARE(inferColumn("c", cells({"", ""})).kind(), ColumnKind::Text);
}

void TestColumns::emptyCellsAreMissingValues()
{
    const Column numbers = inferColumn("c", cells({"1", "", nullptr, "4"}));
    QVERIFY(numbers.isMissing(1) && numbers.isMissing(2) && !numbers.isMissing(3));
    const Column categories = inferColumn("c", cells({"", "x", "y", "x", "y", nullptr}));
    QCOMPARE(categories.kind(), ColumnKind::Category);
    QVERIFY(categories.isMissing(0) && categories.isMissing(5));
    QCOMPARE(categories.text(2), std::string("y"));
    QCOMPARE(categories.distinctCount(), Index{2});
}

void TestColumns::numbersBecomeCategoriesInOrder()
{
    const Column column("c", NumberValues{{3, 1, std::nan(""), 3, 2}});
    const CategoryValues categories = toCategories(column);
    QCOMPARE(categories.categories, (std::vector<std::string>{"1", "2", "3"}));
    QCOMPARE(categories.codes, (std::vector<std::int32_t>{2, 0, -1, 2, 1}));
}

void TestColumns::categoriesBecomeNumbersOnlyWhereAllAre()
{
    QCOMPARE(toNumbers(Column("c", cells({"1", "2"})))->values, (std::vector<double>{1, 2}));
    QVERIFY(!toNumbers(Column("c", cells({"1", "x"}))));
}

QTEST_APPLESS_MAIN(TestColumns)
#include "tst_columns.moc"
