#include "core/data/paths.h"

#include "core/data/dataset.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>

namespace embedscope {

namespace {

/// Rows of the table that came from one file, and which rows of the file they are.
struct Stretch
{
    Index first = 0;
    Index count = 0;
    const RowSubset* rows = nullptr; ///< Null: all, in order.
};

std::vector<Stretch> stretchesOf(const Dataset& dataset)
{
    const Provenance& from = dataset.provenance();
    if (from.parts.empty())
        return {{0, dataset.size(), from.rows ? &*from.rows : nullptr}};
    std::vector<Stretch> stretches;
    Index first = 0;
    for (const TablePart& part : from.parts) {
        stretches.push_back({first, part.rows, part.subset ? &*part.subset : nullptr});
        first += part.rows;
    }
    if (first != dataset.size())
        return {}; // What is not known to belong together makes no path.
    return stretches;
}

/// The row of the table that is that row of the file; kNoPoint where it is not open.
PointId rowIn(const Stretch& stretch, double fileRow)
{
    // Written so that NaN fails.
    if (!(fileRow >= 0 && fileRow < static_cast<double>(kNoPoint))
        || fileRow != std::floor(fileRow))
        return kNoPoint;
    Index row = static_cast<Index>(fileRow);
    if (stretch.rows != nullptr) {
        const Index at = stretch.rows->before(row);
        if (at >= stretch.rows->count() || (*stretch.rows)[at] != row)
            return kNoPoint;
        row = at;
    }
    return row < stretch.count ? static_cast<PointId>(stretch.first + row) : kNoPoint;
}

/// A column as numbers; nullopt where it is none, or has none.
std::optional<NumberValues> numbersOf(const Dataset& dataset, std::string_view name)
{
    const auto found = findColumn(dataset.columns(), name);
    if (!found)
        return std::nullopt;
    // What was laid beside a joined table stands after the column of its sources.
    const std::string& sources = dataset.provenance().sourceColumn;
    const auto joinedUpTo = sources.empty() ? std::nullopt : findColumn(dataset.columns(), sources);
    if (joinedUpTo && *found > *joinedUpTo)
        return std::nullopt;
    const Column& column = dataset.columns()[*found];
    if (const NumberValues* numbers = column.asNumber())
        return *numbers;
    return column.distinctCount() > 0 ? toNumbers(column) : std::nullopt;
}

std::vector<PointId> followNext(const Dataset& dataset, const NumberValues& values)
{
    std::vector<PointId> next(static_cast<std::size_t>(dataset.size()), kNoPoint);
    for (const Stretch& stretch : stretchesOf(dataset)) {
        for (Index row = stretch.first; row < stretch.first + stretch.count; ++row) {
            const auto i = static_cast<std::size_t>(row);
            next[i] = rowIn(stretch, values.values[i]);
        }
    }
    return next;
}

/// From step to step within each vector of each source.
std::vector<PointId> followSteps(
    const Dataset& dataset, const NumberValues& step, const NumberValues& vector)
{
    std::vector<PointId> next(static_cast<std::size_t>(dataset.size()), kNoPoint);
    std::vector<PointId> order;
    for (const Stretch& stretch : stretchesOf(dataset)) {
        order.clear();
        for (Index row = stretch.first; row < stretch.first + stretch.count; ++row) {
            const auto i = static_cast<std::size_t>(row);
            if (std::isfinite(step.values[i]) && std::isfinite(vector.values[i]))
                order.push_back(static_cast<PointId>(row));
        }
        std::sort(order.begin(), order.end(), [&](PointId a, PointId b) {
            if (vector.values[a] != vector.values[b])
                return vector.values[a] < vector.values[b];
            return step.values[a] != step.values[b] ? step.values[a] < step.values[b] : a < b;
        });
        for (std::size_t begin = 0; begin < order.size();) {
            std::size_t end = begin + 1;
            bool isClear = true;
            for (; end < order.size() && vector.values[order[end]] == vector.values[order[begin]];
                 ++end)
                isClear = isClear && step.values[order[end]] != step.values[order[end - 1]];
            for (std::size_t i = begin; isClear && i + 1 < end; ++i)
                next[order[i]] = order[i + 1];
            begin = end;
        }
    }
    return next;
}

} // namespace

Paths::Paths(std::span<const PointId> next)
{
    const std::size_t n = next.size();
    const auto follows = [&](std::size_t row) { return next[row] < n && next[row] != row; };
    std::vector<bool> isFollowed(n);
    bool hasSteps = false;
    for (std::size_t row = 0; row < n; ++row) {
        if (follows(row)) {
            isFollowed[next[row]] = true;
            hasSteps = true;
        }
    }
    if (!hasSteps)
        return;
    std::vector<std::uint32_t> sequenceOf(n, kNoSequence);
    std::uint32_t count = 0;
    const auto walk = [&](std::size_t start) {
        const std::size_t begin = m_steps.size();
        std::size_t row = start;
        sequenceOf[row] = count;
        while (follows(row)) {
            const PointId to = next[row];
            m_steps.push_back({static_cast<PointId>(row), to, count, 1});
            if (sequenceOf[to] != kNoSequence)
                break;
            sequenceOf[to] = count;
            row = to;
        }
        const auto length = static_cast<float>(m_steps.size() - begin);
        const std::uint32_t joined = sequenceOf[m_steps.back().to];
        for (std::size_t i = begin; i < m_steps.size(); ++i) {
            m_steps[i].sequence = joined;
            m_steps[i].progress = static_cast<float>(i - begin + 1) / length;
            sequenceOf[m_steps[i].from] = joined;
        }
        if (joined == count)
            ++count;
    };
    for (std::size_t row = 0; row < n; ++row) {
        if (follows(row) && !isFollowed[row])
            walk(row);
    }
    // What is left are rings; one begins with its smallest row.
    for (std::size_t row = 0; row < n; ++row) {
        if (follows(row) && sequenceOf[row] == kNoSequence)
            walk(row);
    }
    m_firstAt.assign(n + 1, 0);
    for (const PathStep& step : m_steps) {
        ++m_firstAt[step.from + 1];
        ++m_firstAt[step.to + 1];
    }
    std::partial_sum(m_firstAt.begin(), m_firstAt.end(), m_firstAt.begin());
    m_stepsAt.resize(2 * m_steps.size());
    std::vector<std::uint32_t> at(m_firstAt.begin(), m_firstAt.end() - 1);
    for (std::uint32_t i = 0; i < m_steps.size(); ++i) {
        for (const PointId row : {m_steps[i].from, m_steps[i].to})
            m_stepsAt[at[row]++] = i;
    }
}

std::span<const std::uint32_t> Paths::stepsAt(PointId row) const
{
    if (std::size_t{row} + 1 >= m_firstAt.size())
        return {};
    return std::span(m_stepsAt).subspan(m_firstAt[row], m_firstAt[row + 1] - m_firstAt[row]);
}

std::shared_ptr<const Paths> pathsOf(const Dataset& dataset)
{
    std::vector<PointId> next;
    for (const std::string_view name : {"__seq_next__", "__next__"}) {
        if (const auto values = next.empty() ? numbersOf(dataset, name) : std::nullopt)
            next = followNext(dataset, *values);
    }
    if (next.empty()) {
        const auto step = numbersOf(dataset, "step");
        const auto vector = step ? numbersOf(dataset, "vector") : std::nullopt;
        if (!vector)
            return nullptr;
        next = followSteps(dataset, *step, *vector);
    }
    auto paths = std::make_shared<const Paths>(next);
    return paths->isEmpty() ? nullptr : paths;
}

} // namespace embedscope
