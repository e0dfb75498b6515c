#include "tests/bench/engine_tables.h"

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/io/open.h"
#include "core/projection/pca/pca.h"
#include "tests/support/test_data.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <vector>

namespace embedscope::bench {

namespace {

constexpr Index kGroups = 100;
constexpr Index kRank = 8;

/// Gamma of shape 1.5, in some unit: the squared length of three normal values. Weights are
/// relative.
double gammaThreeHalves(Random& random)
{
    double sum = 0;
    for (int i = 0; i < 3; ++i) {
        const double value = random.normal();
        sum += value * value;
    }
    return sum;
}

/// Gamma of shape 2: the sum of two exponential values.
double gammaTwo(Random& random)
{
    return -std::log((1 - random.uniform()) * (1 - random.uniform()));
}

struct Group
{
    std::vector<float> centre; ///< d
    std::vector<float> shape; ///< kRank x d
};

} // namespace

std::vector<int> mixtureGroups(Index n)
{
    Random random(41);
    std::vector<double> upTo(kGroups); // Dirichlet(1.5) weights, summed up.
    for (double& weight : upTo)
        weight = gammaThreeHalves(random);
    std::partial_sum(upTo.begin(), upTo.end(), upTo.begin());
    std::vector<int> groups(static_cast<std::size_t>(n));
    for (int& group : groups) {
        const double draw = random.uniform() * upTo.back();
        group
            = static_cast<int>(std::upper_bound(upTo.begin(), upTo.end() - 1, draw) - upTo.begin());
    }
    return groups;
}

Matrix mixture(Index n, Index d)
{
    Random random(42);
    std::vector<Group> groups(kGroups);
    for (Group& group : groups) {
        for (Index j = 0; j < d; ++j)
            group.centre.push_back(static_cast<float>(0.9 * random.normal()));
        for (Index r = 0; r < kRank; ++r) {
            const double length = 0.35 * gammaTwo(random);
            for (Index j = 0; j < d; ++j)
                group.shape.push_back(static_cast<float>(length * random.normal()));
        }
    }
    const std::vector<int> groupOf = mixtureGroups(n);
    Matrix points = Matrix::zeros(n, d);
    parallelBlocks(n, 1000, [&](Index block, Index begin, Index end) {
        Random own(static_cast<std::uint64_t>(1000 + block));
        for (Index i = begin; i < end; ++i) {
            const auto at = static_cast<std::size_t>(groupOf[static_cast<std::size_t>(i)]);
            const Group& group = groups[at];
            float* row = points.row(i);
            std::copy(group.centre.begin(), group.centre.end(), row);
            for (Index r = 0; r < kRank; ++r) {
                const auto along = static_cast<float>(0.6 * own.normal());
                for (Index j = 0; j < d; ++j)
                    row[j] += along * group.shape[static_cast<std::size_t>(r * d + j)];
            }
            for (Index j = 0; j < d; ++j)
                row[j] += static_cast<float>(0.3 * own.normal());
        }
    });
    return points;
}

std::shared_ptr<const Dataset> mixtureTable(Index n, Index d)
{
    return test::datasetOf(mixture(n, d));
}

std::shared_ptr<const Dataset> mixtureComponents(Index n, Index components)
{
    const Matrix points = mixture(n, 100);
    const auto found = principalComponents(points, components, Progress()).value();
    std::vector<Index> which(static_cast<std::size_t>(components));
    std::iota(which.begin(), which.end(), Index{0});
    return test::datasetOf(componentScores(found, points, which, Progress()).value());
}

std::shared_ptr<const Dataset> tableFrom(const std::string& path)
{
    auto dataset = openDataset(path, {}, Progress());
    if (!dataset) {
        std::fprintf(stderr, "%s: %s\n", path.c_str(), dataset.error().detail.c_str());
        std::exit(1);
    }
    return *dataset;
}

std::uint64_t peakBytes()
{
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word) {
        std::uint64_t kilobytes = 0;
        if (word == "VmHWM:" && status >> kilobytes)
            return kilobytes * 1024;
    }
    return 0;
}

void resetPeakBytes()
{
    std::ofstream("/proc/self/clear_refs") << 5;
}

} // namespace embedscope::bench
