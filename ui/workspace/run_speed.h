#pragma once

#include <cmath>
#include <optional>

namespace embedscope::ui {

/// How long an iteration takes, by those done lately: a run may grow slower or faster as it goes.
class RunSpeed
{
public:
    void clear() { *this = RunSpeed(); }

    /// That many iterations were done after that many seconds of computing; both only grow.
    void record(int iteration, double seconds)
    {
        constexpr double memory = 4; // Seconds after which a change counts for two thirds.
        const double passed = seconds - m_seconds;
        const int done = iteration - m_iteration;
        if (m_iteration >= 0) {
            if (done <= 0 || passed <= 0)
                return;
            const double now = passed / done;
            const double weight = m_perIteration ? 1 - std::exp(-passed / memory) : 1;
            m_perIteration = m_perIteration.value_or(0) * (1 - weight) + now * weight;
        }
        m_iteration = iteration;
        m_seconds = seconds;
    }

    /// nullopt until two records are known.
    std::optional<double> secondsPerIteration() const { return m_perIteration; }

    /// For the iterations up to `total`; from the last record on.
    std::optional<double> secondsUntil(int total) const
    {
        if (!m_perIteration || total < m_iteration)
            return std::nullopt;
        return *m_perIteration * (total - m_iteration);
    }

private:
    int m_iteration = -1;
    double m_seconds = 0;
    std::optional<double> m_perIteration;
};

} // namespace embedscope::ui
