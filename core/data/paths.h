#pragma once

#include "core/base/index.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace embedscope {

class Dataset;

/// A step of a sequence of points: from a row of the table to the one that comes next.
struct PathStep
{
    PointId from = 0;
    PointId to = 0;
    std::uint32_t sequence = 0;
    float progress = 1; ///< How far along its sequence it ends: above 0; 1 for the last step.
};

/// Sequences of points: the steps of a training run, the words of a sentence, the frames of a film.
/// Every row has one next row at most; sequences may run together, and may close. Immutable.
class Paths
{
public:
    static constexpr std::uint32_t kNoSequence = UINT32_MAX;

    Paths() = default;
    /// next  the row after each row; kNoPoint, or what is no other row, ends the sequence. O(n).
    explicit Paths(std::span<const PointId> next);

    bool isEmpty() const { return m_steps.empty(); }
    /// Sequence after sequence where they do not run together, each in its order.
    const std::vector<PathStep>& steps() const { return m_steps; }
    /// The numbers of the steps that lead from or to a row, ascending.
    std::span<const std::uint32_t> stepsAt(PointId row) const;
    /// Sequences that run together have one number; kNoSequence for a row of none.
    std::uint32_t sequenceOf(PointId row) const
    {
        const auto steps = stepsAt(row);
        return steps.empty() ? kNoSequence : m_steps[steps.front()].sequence;
    }

private:
    std::vector<PathStep> m_steps;
    std::vector<std::uint32_t> m_stepsAt; ///< Row by row.
    std::vector<std::uint32_t> m_firstAt; ///< Of each row in it, and one more; empty without steps.
};

/// The sequences that a table's columns tell of; null where there are none.
///
/// The number column "__seq_next__" (before it "__next__") of the TensorFlow projector holds the
/// row of the next point. It is a row of the file: of a part of a file, steps to and from rows that
/// are not open are left out; in a joined table it is a row of the same source, and
/// columns that were laid beside the joined table tell nothing: whose rows they mean is not known.
/// Else the number columns "step" and "vector" of a training run (inversion_series.h): each vector
/// goes from step to step, within its source. One that has a step twice is left out, for its order
/// is not known.
///
/// cost  O(n log n), O(1) where the table has no such columns.
std::shared_ptr<const Paths> pathsOf(const Dataset& dataset);

} // namespace embedscope
