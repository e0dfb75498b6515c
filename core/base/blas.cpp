#include "core/base/blas.h"

#include <algorithm>
#include <cassert>
#include <cblas.h>

// LAPACK inside OpenBLAS; it comes without a header of its own.
extern "C" void dsyevr_(const char* jobz, const char* range, const char* uplo, const int* n,
    double* a, const int* lda, const double* vl, const double* vu, const int* il, const int* iu,
    const double* abstol, int* m, double* w, double* z, const int* ldz, int* isuppz, double* work,
    const int* lwork, int* iwork, const int* liwork, int* info, unsigned long jobzLength,
    unsigned long rangeLength, unsigned long uploLength);

namespace embedscope {

namespace {

void runOnTheCallingThread()
{
    static const bool done = (openblas_set_num_threads(1), true);
    static_cast<void>(done);
}

int narrow(Index value)
{
    assert(value >= 0 && value <= 0x7fffffff);
    return static_cast<int>(value);
}

} // namespace

void multiplyTransposed(Index m, Index n, Index k, const float* a, Index aStride, const float* b,
    Index bStride, float* c, Index cStride)
{
    runOnTheCallingThread();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, narrow(m), narrow(n), narrow(k), 1.0F, a,
        narrow(aStride), b, narrow(bStride), 0.0F, c, narrow(cStride));
}

void multiply(Index m, Index n, Index k, const float* a, Index aStride, const float* b,
    Index bStride, float* c, Index cStride)
{
    runOnTheCallingThread();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, narrow(m), narrow(n), narrow(k), 1.0F, a,
        narrow(aStride), b, narrow(bStride), 0.0F, c, narrow(cStride));
}

void transposedMultiply(Index m, Index n, Index k, const float* a, Index aStride, const float* b,
    Index bStride, float* c, Index cStride)
{
    runOnTheCallingThread();
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, narrow(m), narrow(n), narrow(k), 1.0F, a,
        narrow(aStride), b, narrow(bStride), 0.0F, c, narrow(cStride));
}

void multiplyTransposed(Index m, Index n, Index k, const double* a, Index aStride, const double* b,
    Index bStride, double* c, Index cStride)
{
    runOnTheCallingThread();
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, narrow(m), narrow(n), narrow(k), 1.0, a,
        narrow(aStride), b, narrow(bStride), 0.0, c, narrow(cStride));
}

void multiply(Index m, Index n, Index k, const double* a, Index aStride, const double* b,
    Index bStride, double* c, Index cStride)
{
    runOnTheCallingThread();
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, narrow(m), narrow(n), narrow(k), 1.0, a,
        narrow(aStride), b, narrow(bStride), 0.0, c, narrow(cStride));
}

Eigenpairs largestEigenpairs(std::vector<double>& a, Index n, Index count)
{
    assert(count >= 1 && count <= n);
    runOnTheCallingThread();
    const int order = narrow(n);
    const int first = narrow(n - count + 1);
    const double unused = 0;
    const double tolerance = 0; // The solver's own, which is about machine precision.
    int found = 0;
    int info = 0;
    std::vector<double> values(static_cast<std::size_t>(n));
    std::vector<double> vectors(static_cast<std::size_t>(n * count));
    std::vector<int> support(static_cast<std::size_t>(2 * count));
    double workSize = 0;
    int integerWorkSize = 0;
    const int query = -1;
    dsyevr_("V", "I", "U", &order, a.data(), &order, &unused, &unused, &first, &order, &tolerance,
        &found, values.data(), vectors.data(), &order, support.data(), &workSize, &query,
        &integerWorkSize, &query, &info, 1, 1, 1);
    std::vector<double> work(static_cast<std::size_t>(workSize));
    std::vector<int> integerWork(static_cast<std::size_t>(integerWorkSize));
    const int workLength = narrow(static_cast<Index>(work.size()));
    const int integerWorkLength = narrow(static_cast<Index>(integerWork.size()));
    dsyevr_("V", "I", "U", &order, a.data(), &order, &unused, &unused, &first, &order, &tolerance,
        &found, values.data(), vectors.data(), &order, support.data(), work.data(), &workLength,
        integerWork.data(), &integerWorkLength, &info, 1, 1, 1);
    if (info != 0 || found != count)
        return {};
    Eigenpairs pairs;
    for (Index j = count - 1; j >= 0; --j) {
        pairs.values.push_back(values[static_cast<std::size_t>(j)]);
        const double* vector = vectors.data() + j * n;
        pairs.vectors.insert(pairs.vectors.end(), vector, vector + n);
    }
    return pairs;
}

} // namespace embedscope
