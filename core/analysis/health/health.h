#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// What is odd about a table before anything is made of it: rows that cannot be used, rows that
/// stand twice, lengths, directions, dimensions that carry nothing or everything, labels. Says
/// what it means and what to do, in plain sentences. Says nothing of maps: that is quality.h.

enum class Severity
{
    Note, ///< Worth knowing.
    Warning, ///< Will mislead where it is not known.
    Problem, ///< The table is hardly usable as it is.
};

/// "note", "warning" or "problem".
std::string_view severityName(Severity severity);

struct Finding
{
    std::string id; ///< "nan-rows"; the ids are listed in findings.cpp.
    Severity severity = Severity::Note;
    std::string sentence; ///< One, with its full stop: what it means and what to do.
    PointSet rows; ///< Those concerned; empty where it is not about single rows.
    std::vector<Index> dimensions; ///< Those concerned, ascending, from 0.
};

/// Rows that are the same in every value (0 and -0 are), in groups of two or more.
struct DuplicateRows
{
    std::vector<PointId> rows; ///< Group after group, ascending within each; by first row.
    std::vector<Index> ends; ///< Where each group ends in rows.

    Index groupCount() const { return static_cast<Index>(ends.size()); }
    /// Rows that repeat an earlier one.
    Index repeats() const { return static_cast<Index>(rows.size() - ends.size()); }
};

/// The lengths of the usable rows.
struct NormSummary
{
    double min = 0;
    double q1 = 0; ///< Quartiles interpolate between neighbours in order, as NumPy's do.
    double median = 0;
    double q3 = 0;
    double max = 0;
    bool areUnit = false; ///< Every one is 1, within a thousandth.
    std::vector<Index>
        histogram; ///< kNormBins counts over [min, max]; one bin where all are the same.
};

inline constexpr Index kNormBins = 40;

struct LabelSummary
{
    Index repeats = 0; ///< Rows whose label stands earlier in the table.
    Index empty = 0; ///< Rows without a label, where the table has labels.
    Index broken = 0; ///< Rows with a text that was not valid UTF-8 and was repaired (U+FFFD).
};

struct HealthReport
{
    Index points = 0;
    Index dimensions = 0;
    std::string dtype; ///< As stored.
    std::uint64_t memoryBytes = 0; ///< Of the vectors in memory.
    std::uint64_t fileBytes = 0;

    Index usableRows = 0; ///< Without NaN and infinite values.
    PointSet nanRows;
    PointSet infiniteRows; ///< A row with both is in both.
    PointSet zeroRows;
    DuplicateRows duplicates; ///< Of usable rows.
    std::optional<NormSummary> norms; ///< nullopt where no row is usable.

    /// Mean cosine similarity of all pairs of usable rows that are not zero, exactly. About 0 where
    /// the rows point everywhere, near 1 where all point the same way (anisotropy).
    std::optional<double> meanCosine;
    /// Standard deviation over cosinePairs random pairs: all of them in small tables.
    std::optional<double> cosineSpread;
    Index cosinePairs = 0;

    /// Participation ratio of the covariance's eigenvalues, (sum l)^2 / sum l^2: how many
    /// dimensions the variance spreads over. nullopt where there is no variance. The variance is
    /// that of all rows; the sum of squares is an unbiased estimate from effectiveRows rows, exact
    /// where these are all.
    std::optional<double> effectiveDimension;
    Index effectiveRows = 0;

    std::vector<double> varianceShares; ///< Of each dimension; all 0 where there is no variance.
    std::vector<Index> deadDimensions; ///< 0 in every usable row.
    std::vector<Index> constantDimensions; ///< The same value, not 0, in every usable row.
    std::vector<Index> dominantDimensions; ///< Carry far more variance than their share.

    LabelSummary labels;
    std::vector<Finding> findings; ///< The worst first.
};

struct HealthOptions
{
    std::uint64_t seed = 0; ///< Of the pairs and of the rows for the effective dimension.
    Index cosinePairs = 20'000; ///< More make the spread finer, not the mean.
    /// Rows that the effective dimension is estimated from: at most so many, and at most what this
    /// many multiplications allow.
    Index effectiveRows = 50'000;
    double effectiveWork = 4e9;
};

/// Examines a table in two passes.
///
/// returns  the report; or Stopped. Degenerate tables (one row, no usable row) give one, too.
/// cost     O(n d) and O(n log n) for the duplicates, besides options.effectiveWork. Memory 24
/// bytes
///          a row besides the result. Same result for any number of threads.
Result<HealthReport> examineHealth(
    const Dataset& dataset, const HealthOptions& options, const Progress& progress);

} // namespace embedscope
