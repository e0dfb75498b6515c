#pragma once

#include "core/data/matrix.h"
#include "core/neighbors/exact.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace embedscope::test {

/// The definition itself: plain loops in long double, rounded once to float32. A row without
/// direction has cosine -1 to all.
inline float valueByDefinition(const float* a, const float* b, Index d, Metric metric)
{
    long double dot = 0;
    long double squares = 0;
    long double absolutes = 0;
    long double aa = 0;
    long double bb = 0;
    for (Index j = 0; j < d; ++j) {
        const long double x = a[j];
        const long double y = b[j];
        dot += x * y;
        squares += (x - y) * (x - y);
        absolutes += std::abs(x - y);
        aa += x * x;
        bb += y * y;
    }
    const auto rounded = [](long double value) {
        constexpr long double kLimit = std::numeric_limits<float>::max();
        return static_cast<float>(std::clamp(value, -kLimit, kLimit));
    };
    switch (metric) {
    case Metric::Cosine:
        return aa > 0 && bb > 0 ? rounded(dot / (std::sqrt(aa) * std::sqrt(bb))) : -1.0F;
    case Metric::Euclidean:
        return rounded(std::sqrt(squares));
    case Metric::Dot:
        return rounded(dot);
    case Metric::Manhattan:
        break;
    }
    return rounded(absolutes);
}

/// All rows of a table but `self`, nearest first, ties by smaller id.
inline std::vector<Neighbor> rankedByDefinition(
    const float* query, MatrixView points, PointId self, Metric metric)
{
    std::vector<Neighbor> all;
    for (PointId id = 0; id < static_cast<PointId>(points.rows()); ++id) {
        if (id != self)
            all.push_back({id, valueByDefinition(query, points.row(id), points.columns(), metric)});
    }
    std::sort(all.begin(), all.end(), [&](const Neighbor& a, const Neighbor& b) {
        if (a.value != b.value)
            return isSimilarity(metric) ? a.value > b.value : a.value < b.value;
        return a.id < b.id;
    });
    return all;
}

} // namespace embedscope::test
