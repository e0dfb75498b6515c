#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embedscope {

/// What the names of columns say of their use.

/// A name as a stem and a number: "dim_12" is "dim_" and 12. nullopt where it ends in no digits.
std::optional<std::pair<std::string, std::int64_t>> splitNumberedName(std::string_view name);

/// Neighbouring columns [begin, end); `stem` where their names count up.
struct ColumnRun
{
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string stem;
    std::size_t size() const { return end - begin; }
};

/// Runs of two and more candidates whose names count up: x0, x1, x2.
std::vector<ColumnRun> findNumberedRuns(
    const std::vector<std::string>& names, const std::vector<bool>& isCandidate);

/// The longest run of candidates, whatever they are called; empty where there is none.
ColumnRun longestRun(const std::vector<bool>& isCandidate);

/// A number of that name describes the row rather than being part of a vector: "count", "user_id".
bool describesRow(std::string_view name);

/// x, y and perhaps z, or columns such as umap_1 and umap_2: places rather than vectors, where they
/// stand beside others. Empty where there are none.
std::vector<std::size_t> findCoordinates(
    const std::vector<std::string>& names, const std::vector<bool>& isCandidate);

} // namespace embedscope
