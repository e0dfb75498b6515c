#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_set>

namespace embedscope {

std::uint64_t Random::below(std::uint64_t bound)
{
    __extension__ using Wide = unsigned __int128;
    auto product = static_cast<Wide>(m_engine()) * bound;
    auto low = static_cast<std::uint64_t>(product);
    if (low < bound) {
        const std::uint64_t threshold = (0 - bound) % bound;
        while (low < threshold) {
            product = static_cast<Wide>(m_engine()) * bound;
            low = static_cast<std::uint64_t>(product);
        }
    }
    return static_cast<std::uint64_t>(product >> 64U);
}

double Random::normal()
{
    if (m_hasSpare) {
        m_hasSpare = false;
        return m_spare;
    }
    double u = 0;
    double v = 0;
    double s = 0;
    do {
        u = 2 * uniform() - 1;
        v = 2 * uniform() - 1;
        s = u * u + v * v;
    } while (s >= 1 || s == 0);
    const double factor = std::sqrt(-2 * std::log(s) / s);
    m_spare = v * factor;
    m_hasSpare = true;
    return u * factor;
}

std::vector<PointId> Random::sample(Index n, Index count)
{
    std::vector<PointId> chosen;
    if (count >= n) {
        chosen.resize(static_cast<std::size_t>(std::max<Index>(n, 0)));
        std::iota(chosen.begin(), chosen.end(), PointId{0});
        return chosen;
    }
    // Floyd's algorithm: count draws, no n-long array.
    std::unordered_set<PointId> seen;
    for (Index j = n - count; j < n; ++j) {
        const auto t = static_cast<PointId>(below(static_cast<std::uint64_t>(j) + 1));
        seen.insert(seen.contains(t) ? static_cast<PointId>(j) : t);
    }
    chosen.assign(seen.begin(), seen.end());
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

} // namespace embedscope
