#include "core/projection/pca/pca_projection.h"

#include "core/projection/bindings.h"
#include "core/projection/pca/pca.h"
#include "core/projection/workbench.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace embedscope {

namespace {

constexpr Index kComponents = 50; ///< As many shares of variance are told.

struct PcaOptions
{
    std::int64_t x = 1;
    std::int64_t y = 2;
    std::int64_t z = 3;
    bool isWhitened = false;
    bool isCentred = true;
};

ParameterRow<PcaOptions> componentRow(std::string_view id, std::string_view label,
    std::string_view help, std::int64_t PcaOptions::*field)
{
    ParameterRow<PcaOptions> row;
    row.info.id = id;
    row.info.label = label;
    row.info.help = help;
    row.info.minimum = 1;
    row.info.maximum = static_cast<double>(kComponents);
    row.field = field;
    return row;
}

ParameterRow<PcaOptions> switchRow(
    std::string_view id, std::string_view label, std::string_view help, bool PcaOptions::*field)
{
    ParameterRow<PcaOptions> row;
    row.info.id = id;
    row.info.label = label;
    row.info.group = "Scale and origin";
    row.info.help = help;
    row.field = field;
    return row;
}

const auto& pcaRows()
{
    static const std::array rows{
        componentRow("component_x", "Component along x",
            "Which principal component runs from left to right, counted from 1. Component 1 "
            "carries "
            "the most variance; higher ones show what the first hide. Beyond the table's own "
            "number "
            "of components the axis is empty.",
            &PcaOptions::x),
        componentRow("component_y", "Component along y",
            "Which principal component runs from bottom to top, counted from 1.", &PcaOptions::y),
        componentRow("component_z", "Component along z",
            "Which principal component runs in depth, counted from 1. Ignored in two dimensions.",
            &PcaOptions::z),
        switchRow("whiten", "Whiten",
            "Divides each coordinate by the standard deviation of its component, so that all axes "
            "spread equally. Shows structure in weak components; distances in the map are then no "
            "longer those of the full space.",
            &PcaOptions::isWhitened),
        switchRow("center", "Centre",
            "Measures spread about the mean of all rows. Switched off, the axes are the directions "
            "of the largest squares about the origin: the first often points at the mean itself, "
            "and the explained variance is a share of the sum of squares instead.",
            &PcaOptions::isCentred),
    };
    return rows;
}

Result<PrincipalComponents> componentsOf(
    VectorsView points, const PcaOptions& options, const Progress& progress)
{
    PcaSettings settings;
    settings.isCentred = options.isCentred;
    return principalComponents(
        points, std::min({points.rows(), points.columns(), kComponents}), settings, progress);
}

/// Where rows stand along the axes that were chosen.
Result<Matrix> placesOf(const PrincipalComponents& components, const PcaOptions& options,
    int dimensions, VectorsView rows, const Progress& progress)
{
    std::vector<Index> which{options.x - 1, options.y - 1, options.z - 1};
    which.resize(static_cast<std::size_t>(dimensions));
    return componentScores(components, rows, which, progress, options.isWhitened);
}

class PcaProjection : public Projection
{
public:
    PcaProjection(std::shared_ptr<const PreparedPoints> prepared, const ProjectionRequest& request,
        PcaOptions options)
        : m_prepared(std::move(prepared))
        , m_options(options)
        , m_scores(Matrix::zeros(m_prepared->points.rows(), request.dimensions))
    {
        m_prepared->describe(request, m_recipe, m_diagnostics);
        m_recipe.parameters = recordOptions(pcaRows(), options);
        if (request.dimensions == 2) {
            std::erase_if(m_recipe.parameters,
                [](const auto& parameter) { return parameter.first == "component_z"; });
        }
        m_diagnostics.isFinished = false;
    }

    Status advance(int steps, const Progress& progress) override
    {
        if (m_diagnostics.isFinished || steps < 1)
            return {};
        const auto start = std::chrono::steady_clock::now();
        const VectorsView points = m_prepared->points;
        EMBEDSCOPE_TRY_ASSIGN(const PrincipalComponents components,
            componentsOf(points, m_options, progress.part(0, 0.9)));
        EMBEDSCOPE_TRY_ASSIGN(Matrix scores,
            placesOf(components, m_options, m_recipe.dimensions, points, progress.part(0.9, 1)));
        m_scores = std::move(scores);
        m_diagnostics.explainedVariance = components.ratios;
        m_diagnostics.seconds.emplace_back("optimize",
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        m_diagnostics.isFinished = true;
        progress.report("Finding principal components", 1);
        return {};
    }

    bool isDone() const override { return m_diagnostics.isFinished; }
    int iteration() const override { return m_diagnostics.isFinished ? 1 : 0; }
    int totalIterations() const override { return 1; }

    Layout layout() const override
    {
        return {m_prepared->inFileOrder(m_scores), m_prepared->omitted, m_recipe, m_diagnostics};
    }

private:
    std::shared_ptr<const PreparedPoints> m_prepared;
    PcaOptions m_options;
    Matrix m_scores;
    Recipe m_recipe;
    Diagnostics m_diagnostics;
};

} // namespace

std::span<const ParameterInfo> pcaParameters()
{
    static const auto infos = describeRows(pcaRows());
    return infos;
}

Result<std::unique_ptr<Projection>> startPca(Workbench& workbench, const ProjectionRequest& request,
    const ParameterValues& values, const Progress& progress)
{
    ProjectionRequest own = request;
    own.preprocessPca = 0;
    const auto dataset = workbench.dataset();
    EMBEDSCOPE_TRY_ASSIGN(
        auto prepared, workbench.points(preparationFor(*dataset, own, 0), progress));
    return std::unique_ptr<Projection>(
        new PcaProjection(std::move(prepared), own, readOptions(pcaRows(), values)));
}

Result<Layout> joinPca(
    Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress)
{
    const Recipe& recipe = layout.recipe;
    EMBEDSCOPE_TRY_ASSIGN(
        const auto prepared, workbench.points(preparationOf(recipe), progress.part(0, 0.1)));
    EMBEDSCOPE_TRY_ASSIGN(
        const JoiningRows joining, joiningRows(*prepared, added, progress.part(0.1, 0.2)));
    const PcaOptions options = readOptions(pcaRows(), recipe.parameters);
    EMBEDSCOPE_TRY_ASSIGN(const PrincipalComponents components,
        componentsOf(prepared->points, options, progress.part(0.2, 0.9)));
    EMBEDSCOPE_TRY_ASSIGN(const Matrix places,
        placesOf(components, options, recipe.dimensions, joining.points, progress.part(0.9, 1)));
    return joining.layout(places, recipe);
}

double estimatePcaSeconds(Index n, Index d, const ProjectionRequest&, const ParameterValues&)
{
    return estimateComponentSeconds(n, d, std::min({n, d, kComponents}));
}

} // namespace embedscope
