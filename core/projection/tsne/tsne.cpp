#include "core/projection/tsne/tsne.h"

#include "core/base/random.h"
#include "core/base/text.h"
#include "core/projection/bindings.h"
#include "core/projection/pca/pca.h"
#include "core/projection/tsne/tsne_optimizer.h"
#include "core/projection/workbench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace embedscope {

namespace {

constexpr int kWidest = 50; ///< Dimensions above which the table is reduced first.
constexpr double kStartSpread = 1e-4; ///< Standard deviation of the first axis at the start.
constexpr double kJitter = 0.01; ///< Of that: parts points that PCA puts in one place.
constexpr int kLossEvery = 25; ///< Iterations between points of the loss chart.
/// Up to here a stopped run still finds the KL divergence of what it leaves: under 50 ms.
constexpr Index kCheapToEvaluate = 20000;

constexpr std::array kInits{Choice{"pca", "PCA"}, Choice{"random", "Random"}};

ParameterRow<TsneOptions> tsneRow(std::string_view id, std::string_view label,
    std::string_view help, double minimum, double maximum, ParameterRow<TsneOptions>::Field field,
    std::span<const Choice> choices = {})
{
    ParameterRow<TsneOptions> row;
    row.info.id = id;
    row.info.label = label;
    row.info.help = help;
    row.info.minimum = minimum;
    row.info.maximum = maximum;
    row.info.choices = choices;
    row.field = field;
    return row;
}

const auto& tsneRows()
{
    static const std::array rows{
        tsneRow("perplexity", "Perplexity",
            "About how many neighbours each point tries to keep close. Larger values show broader "
            "structure and take longer; small ones break groups into crumbs. Lowered by itself for "
            "tables of fewer than three times as many points.",
            1, 2000, &TsneOptions::perplexity),
        tsneRow("iterations", "Iterations",
            "Steps of the descent. More let the picture settle; the loss chart shows when it has.",
            0, 1000000, &TsneOptions::iterations),
        tsneRow("exaggeration", "Early exaggeration",
            "How much stronger neighbours attract at first, so that groups find together before "
            "they "
            "spread. Larger values make tighter groups to begin with.",
            1, 1000, &TsneOptions::exaggeration),
        tsneRow("exaggeration_iterations", "Iterations of exaggeration",
            "For how many steps that lasts. 0 turns it off.", 0, 1000000,
            &TsneOptions::exaggerationIterations),
        tsneRow("learning_rate", "Learning rate",
            "How far a step goes. Too small leaves a ball, too large throws points apart. auto is "
            "the "
            "number of points divided by 12, which suits tables of any size.",
            1e-6, 1e6, &TsneOptions::learningRate),
        tsneRow("init", "Start from",
            "Where points stand at first. PCA keeps the broad arrangement and gives the same "
            "picture "
            "for nearly every seed; random starts show what the data alone decide.",
            0, 0, &TsneOptions::init, kInits),
    };
    return rows;
}

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The first places. Falls back to random ones, and says so in the options, where all rows are
/// equal.
Result<Coordinates> startingPlaces(MatrixView points, const ProjectionRequest& request,
    TsneOptions& options, const Progress& progress)
{
    const Index n = points.rows();
    const int dims = request.dimensions;
    Random random(request.seed);
    Coordinates places(n, dims);
    double spread = 0;
    Matrix scores;
    if (options.init == "pca") {
        EMBEDSCOPE_TRY_ASSIGN(const PrincipalComponents components,
            principalComponents(points, std::min<Index>({dims, n, points.columns()}), progress));
        std::vector<Index> which(static_cast<std::size_t>(dims));
        std::iota(which.begin(), which.end(), Index{0});
        EMBEDSCOPE_TRY_ASSIGN(scores, componentScores(components, points, which, progress));
        double squares = 0;
        for (Index i = 0; i < n; ++i)
            squares += static_cast<double>(scores(i, 0)) * scores(i, 0);
        spread = std::sqrt(squares / static_cast<double>(n));
        if (spread == 0)
            options.init = "random";
    }
    const bool byPca = options.init == "pca";
    for (int a = 0; a < dims; ++a) {
        for (Index i = 0; i < n; ++i) {
            const double noise = random.normal();
            const double place = byPca ? scores(i, a) / spread + kJitter * noise : noise;
            places.axis(a)[i] = static_cast<float>(kStartSpread * place);
        }
    }
    return places;
}

class TsneProjection : public Projection
{
public:
    TsneProjection(std::shared_ptr<const PreparedPoints> prepared, TsneOptimizer optimizer,
        const TsneOptions& options, Recipe recipe, Diagnostics diagnostics)
        : m_prepared(std::move(prepared))
        , m_optimizer(std::move(optimizer))
        , m_total(static_cast<int>(options.iterations))
        , m_recipe(std::move(recipe))
        , m_diagnostics(std::move(diagnostics))
    {
    }

    Status advance(int steps, const Progress& progress) override
    {
        const auto start = Clock::now();
        const int first = m_optimizer.iteration();
        const int last = first + std::min(steps, m_total - first);
        bool isStopped = false;
        while (m_optimizer.iteration() < last && !isStopped) {
            progress.report("Optimising", fraction(m_optimizer.iteration() - first, last - first));
            isStopped = !m_optimizer.evaluate(progress);
            if (!isStopped) {
                recordLoss();
                isStopped = !m_optimizer.step(progress);
            }
        }
        // The forces found here serve the next step; only the very last are found for the loss
        // alone.
        const bool isCheap = m_optimizer.places().size() <= kCheapToEvaluate;
        const bool isEvaluated = m_optimizer.evaluate(isStopped && isCheap ? Progress() : progress);
        if (isEvaluated) {
            recordLoss();
            m_diagnostics.klDivergence = m_optimizer.klDivergence();
        } else {
            m_diagnostics.klDivergence.reset();
        }
        m_optimizeSeconds += secondsSince(start);
        if (isStopped)
            return stoppedError();
        progress.report("Optimising", 1);
        return {};
    }

    bool isDone() const override { return m_optimizer.iteration() >= m_total; }
    int iteration() const override { return m_optimizer.iteration(); }
    int totalIterations() const override { return m_total; }

    Layout layout() const override
    {
        const Coordinates& places = m_optimizer.places();
        Matrix placed = Matrix::zeros(places.size(), places.dimensions());
        for (int a = 0; a < places.dimensions(); ++a) {
            for (Index i = 0; i < places.size(); ++i)
                placed(i, a) = places.axis(a)[i];
        }
        Layout layout{
            m_prepared->inFileOrder(placed), m_prepared->omitted, m_recipe, m_diagnostics};
        layout.diagnostics.iterations = iteration();
        layout.diagnostics.isFinished = isDone();
        layout.diagnostics.seconds.emplace_back("optimize", m_optimizeSeconds);
        return layout;
    }

private:
    static double fraction(int part, int whole)
    {
        return static_cast<double>(part) / static_cast<double>(whole);
    }

    /// At fixed iterations, however the steps are cut.
    void recordLoss()
    {
        const int now = m_optimizer.iteration();
        auto& history = m_diagnostics.lossHistory;
        const bool isDue = now % kLossEvery == 0 || now == m_total;
        if (isDue && (history.empty() || history.back().first < now))
            history.emplace_back(now, m_optimizer.klDivergence());
    }

    std::shared_ptr<const PreparedPoints> m_prepared;
    TsneOptimizer m_optimizer;
    int m_total;
    Recipe m_recipe;
    Diagnostics m_diagnostics;
    double m_optimizeSeconds = 0;
};

/// Resolves what the number of points decides, and notes what differs from what was asked.
void resolve(TsneOptions& options, Index n, Diagnostics& diagnostics)
{
    const double most = std::max(1.0, static_cast<double>(n - 1) / 3);
    if (options.perplexity > most) {
        diagnostics.notes.push_back("Perplexity " + formatNumber(options.perplexity)
            + " needs three times as many neighbours as there are other points; "
            + formatNumber(most) + " was used.");
        options.perplexity = most;
    }
    if (!options.learningRate)
        options.learningRate = static_cast<double>(n) / 12;
}

Result<Affinities> affinitiesOf(Workbench& workbench, const PreparedPoints& prepared,
    double perplexity, Recipe& recipe, Diagnostics& diagnostics, const Progress& progress)
{
    const Index n = prepared.points.rows();
    GraphRequest graph;
    graph.k = std::min(n - 1, static_cast<Index>(std::ceil(3 * perplexity)));
    if (graph.k < 1) {
        Affinities none;
        none.starts.assign(static_cast<std::size_t>(n) + 1, 0);
        return none;
    }
    auto start = Clock::now();
    EMBEDSCOPE_TRY_ASSIGN(
        const auto neighbors, workbench.graph(prepared, graph, progress.part(0, 0.9)));
    recipe.graphRecall = neighbors->recall;
    diagnostics.seconds.emplace_back("neighbors", secondsSince(start));
    start = Clock::now();
    auto affinities = findAffinities(*neighbors, graph.k, perplexity, progress.part(0.9, 1));
    diagnostics.seconds.emplace_back("affinities", secondsSince(start));
    return affinities;
}

} // namespace

std::span<const ParameterInfo> tsneParameters()
{
    static const auto infos = describeRows(tsneRows());
    return infos;
}

Result<std::unique_ptr<Projection>> startTsne(Workbench& workbench,
    const ProjectionRequest& request, const ParameterValues& values, const Progress& progress)
{
    TsneOptions options = readOptions(tsneRows(), values);
    Recipe recipe;
    Diagnostics diagnostics;
    const auto dataset = workbench.dataset();
    EMBEDSCOPE_TRY_ASSIGN(const auto prepared,
        workbench.points(preparationFor(*dataset, request, kWidest), progress.part(0, 0.2)));
    prepared->describe(request, recipe, diagnostics);
    resolve(options, prepared->points.rows(), diagnostics);
    EMBEDSCOPE_TRY_ASSIGN(Coordinates places,
        startingPlaces(prepared->points, request, options, progress.part(0.2, 0.3)));
    EMBEDSCOPE_TRY_ASSIGN(Affinities affinities,
        affinitiesOf(
            workbench, *prepared, options.perplexity, recipe, diagnostics, progress.part(0.3, 1)));
    recipe.parameters = recordOptions(tsneRows(), options);
    const DescentOptions descent{*options.learningRate, options.exaggeration,
        static_cast<int>(options.exaggerationIterations)};
    return std::unique_ptr<Projection>(new TsneProjection(prepared,
        TsneOptimizer(std::move(affinities), std::move(places), descent), options,
        std::move(recipe), std::move(diagnostics)));
}

Result<Layout> joinTsne(Workbench&, const Layout&, const Dataset&, const Progress&)
{
    return Error{ErrorCode::Unsupported, "rows cannot join a t-SNE map", {}, {}, {}};
}

double estimateTsneSeconds(Index n, Index, const ProjectionRequest&, const ParameterValues&)
{
    return 6e-8 * static_cast<double>(n) * static_cast<double>(n);
}

} // namespace embedscope
