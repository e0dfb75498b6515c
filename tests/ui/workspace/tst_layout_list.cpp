#include "ui/workspace/layout_list.h"

#include "tests/support/test_data.h"

#include <QSignalSpy>
#include <QTest>

using namespace embedscope;
using namespace embedscope::ui;

class TestLayoutList : public QObject
{
    Q_OBJECT

private:
    static KeptLayout map(const char* name, Index n = 100)
    {
        auto layout = std::make_shared<Layout>();
        layout->positions = test::normalMatrix(n, 2);
        KeptLayout kept;
        kept.name = QString::fromLatin1(name);
        kept.layout = layout;
        return kept;
    }

    static QStringList names(const LayoutList& list)
    {
        QStringList names;
        for (const KeptLayout& kept : list.entries())
            names.append(kept.name);
        return names;
    }

private slots:
    void idsStayAndNamesAreTheirOwn()
    {
        LayoutList list;
        const int first = list.add(map("PCA"));
        const int second = list.add(map("PCA"));
        QVERIFY(first != 0 && second != first);
        QCOMPARE(names(list), (QStringList{QStringLiteral("PCA"), QStringLiteral("PCA (2)")}));
        list.rename(second, QStringLiteral("  PCA  "));
        QCOMPARE(list.find(second)->name, QStringLiteral("PCA (2)"));
        list.rename(second, QStringLiteral("mine"));
        QCOMPARE(list.find(second)->name, QStringLiteral("mine"));
        list.rename(second, QStringLiteral("   ")); // A map is always called something.
        QCOMPARE(list.find(second)->name, QStringLiteral("mine"));
        list.remove(first);
        const int third = list.add(map("PCA"));
        QVERIFY(third != first && third != second);
        QVERIFY(!list.find(first));
    }

    void aRunIsOneMapUntilItEnds()
    {
        LayoutList list;
        list.add(map("PCA"));
        const int run = list.addRunning(map("t-SNE"));
        QCOMPARE(list.runningId(), run);
        const auto newer = map("").layout;
        QSignalSpy changed(&list, &LayoutList::entryChanged);
        list.updateRunning(newer);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(list.find(run)->layout, newer);
        list.remove(run); // Not while it runs.
        QCOMPARE(list.entries().size(), std::size_t(2));
        list.keepRunning(12.5, true);
        QCOMPARE(list.runningId(), 0);
        QCOMPARE(list.find(run)->seconds, 12.5);
        QVERIFY(list.find(run)->isChangedLive);
        const int other = list.addRunning(map("t-SNE"));
        list.setShown(other);
        list.dropRunning();
        QVERIFY(!list.find(other));
        QCOMPARE(list.shownId(), 0);
    }

    void theOldestGoesFirstUnlessPinnedOrShown()
    {
        LayoutList list;
        QSignalSpy dropped(&list, &LayoutList::dropped);
        const int pinned = list.add(map("pinned"));
        list.setPinned(pinned, true);
        const int shown = list.add(map("shown"));
        list.setShown(shown);
        list.add(map("third"));
        list.add(map("fourth"));
        const std::size_t each = LayoutList::bytesOf(*list.find(shown)->layout);
        QCOMPARE(list.bytes(), 4 * each);
        QCOMPARE(each, std::size_t(100 * 2 * sizeof(float)));
        list.setBudget(4 * each);
        QVERIFY(dropped.isEmpty());
        list.add(map("fifth"));
        QCOMPARE(dropped.size(), 1);
        QCOMPARE(dropped[0][0].toString(), QStringLiteral("third"));
        list.setBudget(3 * each);
        QCOMPARE(names(list),
            (QStringList{
                QStringLiteral("pinned"), QStringLiteral("shown"), QStringLiteral("fifth")}));
        // What was just made stays, whatever it takes.
        list.setBudget(1);
        QVERIFY(names(list).contains(QStringLiteral("fifth")));
    }

    void neighboursInTheListStopAtItsEnds()
    {
        LayoutList list;
        QCOMPARE(list.idBeside(0, 1), 0);
        const int a = list.add(map("a"));
        const int b = list.add(map("b"));
        QCOMPARE(list.idBeside(a, 1), b);
        QCOMPARE(list.idBeside(b, 1), b);
        QCOMPARE(list.idBeside(a, -1), a);
        QCOMPARE(list.idBeside(0, 0), b); // Of none: the newest.
        list.clear();
        QVERIFY(list.entries().empty());
    }

    void namesTellWhatDiffersFromTheDefaults()
    {
        ProjectionRequest request;
        QCOMPARE(nameOf(request), QStringLiteral("PCA"));
        request.method = "tsne";
        request.dimensions = 3;
        request.seed = 4;
        request.normalization = "unit";
        request.parameters = {{"perplexity", 50.0}, {"learning_rate", 123.456789}};
        QCOMPARE(nameOf(request),
            QStringLiteral("t-SNE, perplexity 50, learning rate 123.5, 3D, seed 4, unit length"));
    }
};

QTEST_GUILESS_MAIN(TestLayoutList)
#include "tst_layout_list.moc"
