#pragma once

#include "core/projection/preprocess.h"
#include "core/projection/projection.h"
#include "core/projection/tsne/tsne_optimizer.h"
#include "core/projection/tsne/tsne_options.h"

#include <memory>
#include <vector>

namespace embedscope {

/// A run of t-SNE: the optimiser with its timetable, loss history and recipe.
class TsneRun : public Projection
{
public:
    /// options   resolved: no "auto" left.
    TsneRun(std::shared_ptr<const PreparedPoints> prepared, TsneOptimizer optimizer,
        TsneOptions options, std::vector<ExaggerationChange> changes, Recipe recipe,
        Diagnostics diagnostics);

    Status advance(int steps, const Progress& progress) override;
    bool isDone() const override;
    Status setLive(std::string_view id, const ParameterValue& value) override;
    Status extend(int iterations) override;
    int iteration() const override { return m_optimizer.iteration(); }
    int totalIterations() const override { return static_cast<int>(m_options.iterations); }
    Layout layout() const override;

private:
    void followTimetable();
    void recordLoss();
    void checkSettled();

    std::shared_ptr<const PreparedPoints> m_prepared;
    TsneOptimizer m_optimizer;
    TsneOptions m_options;
    std::vector<ExaggerationChange> m_changes; ///< Those to come and those that have been.
    Recipe m_recipe;
    Diagnostics m_diagnostics;
    Coordinates m_reference; ///< Places at the last check whether the map has settled.
    bool m_isSettled = false;
    double m_optimizeSeconds = 0;
};

} // namespace embedscope
