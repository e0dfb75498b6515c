#include "core/analysis/health/equal_groups.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <numeric>

namespace embedscope {

namespace {

constexpr std::size_t kBuckets = 1024;
constexpr unsigned kBucketShift = 54;

struct Entry
{
    std::uint64_t hash;
    PointId id;
    friend bool operator<(const Entry& a, const Entry& b)
    {
        return a.hash != b.hash ? a.hash < b.hash : a.id < b.id;
    }
};

/// Items of one hash: nearly always all the same.
void splitRun(
    std::span<Entry> run, const std::function<int(PointId, PointId)>& compare, DuplicateRows& to)
{
    const bool isOne = std::all_of(run.begin() + 1, run.end(),
        [&](const Entry& entry) { return compare(run.front().id, entry.id) == 0; });
    if (!isOne) {
        std::sort(run.begin(), run.end(), [&](const Entry& a, const Entry& b) {
            const int order = compare(a.id, b.id);
            return order != 0 ? order < 0 : a.id < b.id;
        });
    }
    for (std::size_t begin = 0; begin < run.size();) {
        std::size_t end = begin + 1;
        while (end < run.size() && (isOne || compare(run[begin].id, run[end].id) == 0))
            ++end;
        if (end - begin > 1) {
            for (std::size_t i = begin; i < end; ++i)
                to.rows.push_back(run[i].id);
            to.ends.push_back(static_cast<Index>(to.rows.size()));
        }
        begin = end;
    }
}

void groupBucket(
    std::span<Entry> bucket, const std::function<int(PointId, PointId)>& compare, DuplicateRows& to)
{
    std::sort(bucket.begin(), bucket.end());
    for (std::size_t begin = 0; begin < bucket.size();) {
        std::size_t end = begin + 1;
        while (end < bucket.size() && bucket[end].hash == bucket[begin].hash)
            ++end;
        if (end - begin > 1)
            splitRun(bucket.subspan(begin, end - begin), compare, to);
        begin = end;
    }
}

/// The groups of all buckets by their first row.
DuplicateRows merged(const std::vector<DuplicateRows>& parts)
{
    struct Place
    {
        PointId first;
        std::size_t part;
        std::size_t begin, end;
    };
    std::vector<Place> places;
    std::size_t rows = 0;
    for (std::size_t p = 0; p < parts.size(); ++p) {
        std::size_t begin = 0;
        for (const Index end : parts[p].ends) {
            places.push_back({parts[p].rows[begin], p, begin, static_cast<std::size_t>(end)});
            begin = static_cast<std::size_t>(end);
        }
        rows += parts[p].rows.size();
    }
    std::sort(places.begin(), places.end(),
        [](const Place& a, const Place& b) { return a.first < b.first; });
    DuplicateRows all;
    all.rows.reserve(rows);
    all.ends.reserve(places.size());
    for (const Place& place : places) {
        const auto& from = parts[place.part].rows;
        all.rows.insert(all.rows.end(), from.begin() + static_cast<std::ptrdiff_t>(place.begin),
            from.begin() + static_cast<std::ptrdiff_t>(place.end));
        all.ends.push_back(static_cast<Index>(all.rows.size()));
    }
    return all;
}

} // namespace

Result<DuplicateRows> equalGroups(const std::vector<PointId>& ids,
    const std::function<std::uint64_t(PointId)>& hashOf,
    const std::function<int(PointId, PointId)>& compare, const Progress& progress)
{
    constexpr Index kBlock = 16384;
    const auto n = static_cast<Index>(ids.size());
    std::vector<Entry> hashed(ids.size());
    parallelBlocks(n, kBlock, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const PointId id = ids[static_cast<std::size_t>(i)];
            hashed[static_cast<std::size_t>(i)] = {hashOf(id), id};
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    std::vector<std::size_t> starts(kBuckets + 1);
    for (const Entry& entry : hashed)
        ++starts[(entry.hash >> kBucketShift) + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    std::vector<Entry> sorted(hashed.size());
    std::vector<std::size_t> next(starts.begin(), starts.end() - 1);
    for (const Entry& entry : hashed)
        sorted[next[entry.hash >> kBucketShift]++] = entry;
    hashed = {};
    if (progress.stopRequested())
        return stoppedError();

    std::vector<DuplicateRows> parts(kBuckets);
    parallelBlocks(static_cast<Index>(kBuckets), 1, [&](Index block, Index, Index) {
        const auto b = static_cast<std::size_t>(block);
        if (!progress.stopRequested())
            groupBucket(
                std::span(sorted).subspan(starts[b], starts[b + 1] - starts[b]), compare, parts[b]);
    });
    if (progress.stopRequested())
        return stoppedError();
    return merged(parts);
}

} // namespace embedscope
