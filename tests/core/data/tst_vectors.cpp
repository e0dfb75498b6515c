// Vectors that are kept as float16 look like the float32 that they were rounded to.

#include "core/data/vectors.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>

using namespace embedscope;
using namespace embedscope::test;

namespace {

HalfMatrix halved(const Matrix& floats)
{
    auto halves = HalfMatrix::allocate(floats.rows(), floats.columns()).value();
    toHalves(floats.data(), floats.size(), halves.data());
    return halves;
}

Matrix widened(const HalfMatrix& halves)
{
    auto floats = Matrix::allocate(halves.rows(), halves.columns()).value();
    toFloats(halves.data(), halves.size(), floats.data());
    return floats;
}

bool isSame(VectorsView a, MatrixView b)
{
    RowRoom room;
    if (a.rows() != b.rows() || a.columns() != b.columns())
        return false;
    for (Index i = 0; i < a.rows(); ++i) {
        if (!std::equal(b.row(i), b.row(i) + b.columns(), a.row(i, room)))
            return false;
    }
    return true;
}

} // namespace

class TestVectors : public QObject
{
    Q_OBJECT

private slots:
    void floatsAreLookedAtWhereTheyLie();
    void halvesAreWidened();
    void rowsOfZeros();
    void gatheredRowsStayAsTheyAreKept();
    void stackedTablesAreHalfWhereAllAre();
    void allRowsAsFloats();
    void aStopEndsThem();
};

void TestVectors::floatsAreLookedAtWhereTheyLie()
{
    const Matrix floats = normalMatrix(7, 5);
    const VectorsView view = floats;
    RowRoom room;
    QVERIFY(!view.isHalf());
    QCOMPARE(view.row(3, room), floats.row(3));
    QCOMPARE(view.rows(2, 7, room), floats.row(2));
    QCOMPARE(view.part(2, 1, 4, room), floats.row(2) + 1);
    QVERIFY(room.empty());
    QCOMPARE(view.bytes(), std::uint64_t{7 * 5 * 4});
    QCOMPARE(view.floats().data(), floats.data());
}

void TestVectors::halvesAreWidened()
{
    const HalfMatrix halves = halved(normalMatrix(7, 5));
    const Matrix floats = widened(halves);
    const VectorsView view = halves;
    QVERIFY(view.isHalf());
    QVERIFY(isSame(view, floats));
    QCOMPARE(view.bytes(), std::uint64_t{7 * 5 * 2});
    RowRoom room;
    QVERIFY(std::equal(floats.row(2), floats.row(2) + 25, view.rows(2, 7, room)));
    QVERIFY(std::equal(floats.row(2) + 1, floats.row(2) + 4, view.part(2, 1, 4, room)));
    QCOMPARE(view(6, 4), floats(6, 4));
    std::vector<float> copy(10);
    view.copyRows(4, 6, copy.data());
    QVERIFY(std::equal(copy.begin(), copy.end(), floats.row(4)));
}

void TestVectors::rowsOfZeros()
{
    Matrix floats = Matrix::zeros(3, 4);
    floats(1, 3) = 0x1.0p-24F; // The smallest float16.
    floats(2, 0) = -0.0F;
    const HalfMatrix halves = halved(floats);
    for (const VectorsView view : {VectorsView(floats), VectorsView(halves)}) {
        QVERIFY(view.isZeroRow(0));
        QVERIFY(!view.isZeroRow(1));
        QVERIFY(view.isZeroRow(2));
    }
}

void TestVectors::gatheredRowsStayAsTheyAreKept()
{
    const Matrix floats = normalMatrix(2000, 300);
    const HalfMatrix halves = halved(floats);
    const Matrix rounded = widened(halves);
    const std::vector<PointId> rows{1999, 3, 3, 0, 700};
    for (const bool isHalf : {false, true}) {
        const auto gathered = Vectors::gathered(
            isHalf ? VectorsView(halves) : VectorsView(floats), rows, Progress());
        QVERIFY(gathered.ok());
        const VectorsView view = *gathered;
        QCOMPARE(view.isHalf(), isHalf);
        QCOMPARE(view.rows(), Index{5});
        const Matrix& expected = isHalf ? rounded : floats;
        RowRoom room;
        for (Index i = 0; i < 5; ++i) {
            const float* const from = expected.row(rows[static_cast<std::size_t>(i)]);
            QVERIFY(std::equal(from, from + 300, view.row(i, room)));
        }
    }
}

void TestVectors::stackedTablesAreHalfWhereAllAre()
{
    const Matrix floats = normalMatrix(3, 4, 1);
    const HalfMatrix halves = halved(normalMatrix(5, 4, 2));
    const Matrix rounded = widened(halves);
    const auto mixed = Vectors::stacked({floats, halves}, Progress());
    QVERIFY(mixed.ok());
    QVERIFY(!mixed->view().isHalf());
    QCOMPARE(mixed->view()(2, 3), floats(2, 3));
    QCOMPARE(mixed->view()(7, 3), rounded(4, 3));
    const auto both = Vectors::stacked({halves, halves}, Progress());
    QVERIFY(both.ok());
    QVERIFY(both->view().isHalf());
    QCOMPARE(both->view().rows(), Index{10});
    QCOMPARE(both->view()(9, 1), rounded(4, 1));
}

void TestVectors::allRowsAsFloats()
{
    const Matrix floats = normalMatrix(40, 9);
    const auto same = floatRows(floats, Progress());
    QVERIFY(same.ok());
    QCOMPARE(same->view.data(), floats.data());
    const HalfMatrix halves = halved(floats);
    const auto copied = floatRows(halves, Progress());
    QVERIFY(copied.ok());
    QVERIFY(isSame(halves, copied->view));
}

void TestVectors::aStopEndsThem()
{
    std::stop_source source;
    source.request_stop();
    const Progress stopped(source.get_token());
    const HalfMatrix halves = halved(normalMatrix(40, 9));
    QCOMPARE(floatRows(halves, stopped).error().code, ErrorCode::Stopped);
    QCOMPARE(Vectors::stacked({halves}, stopped).error().code, ErrorCode::Stopped);
    QCOMPARE(Vectors::gathered(halves, {1}, stopped).error().code, ErrorCode::Stopped);
}

QTEST_APPLESS_MAIN(TestVectors)
#include "tst_vectors.moc"
