#include "core/base/random.h"
#include "core/data/point_set.h"

#include <QTest>
#include <set>

using namespace embedscope;

class TestPointSet : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithAStandardSet();
    void complementOfAnOddUniverse();
};

void TestPointSet::agreesWithAStandardSet()
{
    constexpr Index kUniverse = 201;
    Random random(7);
    PointSet a(kUniverse);
    PointSet b(kUniverse);
    std::set<PointId> sa;
    std::set<PointId> sb;
    for (int step = 0; step < 2000; ++step) {
        const auto id = static_cast<PointId>(random.below(kUniverse));
        switch (random.below(6)) {
        case 0:
            a.insert(id);
            sa.insert(id);
            break;
        case 1:
            a.remove(id);
            sa.erase(id);
            break;
        case 2:
            b.toggle(id);
            if (!sb.erase(id))
                sb.insert(id);
            break;
        case 3:
            a |= b;
            sa.insert(sb.begin(), sb.end());
            break;
        case 4:
            a -= b;
            for (const auto i : sb)
                sa.erase(i);
            break;
        default:
            b &= a;
            std::erase_if(sb, [&](PointId i) { return !sa.contains(i); });
        }
        QCOMPARE(a.count(), static_cast<Index>(sa.size()));
        QCOMPARE(a.ids(), std::vector<PointId>(sa.begin(), sa.end()));
        QCOMPARE(b.ids(), std::vector<PointId>(sb.begin(), sb.end()));
        QCOMPARE(a.contains(id), sa.contains(id));
    }
}

void TestPointSet::complementOfAnOddUniverse()
{
    for (const Index n : {0, 1, 63, 64, 65}) {
        const PointSet all = PointSet::all(n);
        QCOMPARE(all.count(), n);
        QCOMPARE(all.complement(), PointSet(n));
        QCOMPARE(static_cast<Index>(all.ids().size()), n);
    }
}

QTEST_APPLESS_MAIN(TestPointSet)
#include "tst_point_set.moc"
