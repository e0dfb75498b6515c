#include "core/projection/tsne/tsne_options.h"

#include "core/base/text.h"
#include "core/projection/bindings.h"

#include <array>
#include <cmath>

namespace embedscope {

namespace {

constexpr double kMostIterations = 1e6;
constexpr double kLeastExaggeration = 0.25;
constexpr double kMostExaggeration = 100;

constexpr std::array kInits{
    Choice{"pca", "PCA"}, Choice{"sample", "A sample, mapped first"}, Choice{"random", "Random"}};
constexpr std::array kEngines{
    Choice{"auto", "Automatic"}, Choice{"exact", "Exact"}, Choice{"grid", "Grid"}};

using Row = ParameterRow<TsneOptions>;

Row row(std::string_view id, std::string_view label, std::string_view group, std::string_view help,
    Row::Field field)
{
    Row made;
    made.info.id = id;
    made.info.label = label;
    made.info.group = group;
    made.info.help = help;
    made.field = field;
    return made;
}

Row numberRow(std::string_view id, std::string_view label, std::string_view group,
    std::string_view help, double minimum, double maximum, Row::Field field)
{
    Row made = row(id, label, group, help, field);
    made.info.minimum = minimum;
    made.info.maximum = maximum;
    return made;
}

Row choiceRow(std::string_view id, std::string_view label, std::string_view group,
    std::string_view help, std::span<const Choice> choices, Row::Field field)
{
    Row made = row(id, label, group, help, field);
    made.info.choices = choices;
    return made;
}

Row textRow(std::string_view id, std::string_view label, std::string_view group,
    std::string_view help, ParameterKind kind, Row::Field field)
{
    Row made = row(id, label, group, help, field);
    made.info.kind = kind;
    return made;
}

Row liveRow(Row made)
{
    made.info.isLive = true;
    return made;
}

const auto& tsneRows()
{
    constexpr std::string_view neighbors = "Neighbours";
    constexpr std::string_view descent = "Descent";
    constexpr std::string_view supervision = "Supervision";
    static const std::array rows{
        numberRow("perplexity", "Perplexity", {},
            "About how many neighbours each point tries to keep close. Larger values show broader "
            "structure and take longer; small ones break groups into crumbs. Lowered by itself for "
            "tables of fewer than three times as many points.",
            1, 2000, &TsneOptions::perplexity),
        numberRow("iterations", "Iterations", {},
            "Steps of the descent, at most. More let the picture settle; the loss chart shows when "
            "it has.",
            0, kMostIterations, &TsneOptions::iterations),
        row("until_settled", "Stop when settled", {},
            "Ends the run before its last iteration once the points hardly move any more: less "
            "than "
            "a quarter of a percent of the map's size in 50 iterations. The recipe says when.",
            &TsneOptions::untilSettled),
        liveRow(numberRow("exaggeration", "Attraction", {},
            "How much neighbours attract beyond what t-SNE's loss asks for, once the early phase "
            "is "
            "over. 1 is t-SNE; around 4 the map looks like UMAP's, with tighter groups and more "
            "continuous structure; around 30 and above like a Laplacian eigenmap, where long paths "
            "show and fine groups merge. Below 1 points repel more. Can be moved while it runs.",
            kLeastExaggeration, kMostExaggeration, &TsneOptions::exaggeration)),
        choiceRow("metric", "Metric", neighbors, kMetricHelp, kMetricChoices, &TsneOptions::metric),
        choiceRow("search", "Search", neighbors, kSearchHelp, kSearchChoices, &TsneOptions::search),
        numberRow("graph_neighbors", "Neighbours looked for", neighbors, kGraphNeighborsHelp, 1,
            10000, &TsneOptions::graphNeighbors),
        textRow("more_perplexities", "More perplexities", neighbors,
            "Further perplexities, separated by commas: then each point keeps the mean of what all "
            "of them ask for, near neighbours and broad structure alike. Empty for none.",
            ParameterKind::Text, &TsneOptions::morePerplexities),
        choiceRow("init", "Start from", descent,
            "Where points stand at first. PCA keeps the broad arrangement and gives the same "
            "picture "
            "for nearly every seed; a sample is mapped first and the other points are put beside "
            "their neighbours in it, which keeps the broad arrangement of large tables best; "
            "random "
            "starts show what the data alone decide.",
            kInits, &TsneOptions::init),
        numberRow("early_exaggeration", "Early exaggeration", descent,
            "How much stronger neighbours attract at first, so that groups find together before "
            "they "
            "spread. Larger values make tighter groups to begin with.",
            1, 1000, &TsneOptions::earlyExaggeration),
        numberRow("early_iterations", "Early iterations", descent,
            "For how many steps that lasts; 0 turns it off. Automatic is 250, or 0 where the run "
            "starts from a t-SNE map.",
            0, kMostIterations, &TsneOptions::earlyIterations),
        numberRow("learning_rate", "Learning rate", descent,
            "How far a step goes. Too small leaves a ball, too large throws points apart. "
            "Automatic is "
            "the number of points divided by 12, which suits tables of any size. Shortened by "
            "itself "
            "while the attraction is above 12.",
            1e-6, 1e6, &TsneOptions::learningRate),
        numberRow("momentum", "Momentum", descent,
            "Share of the last step that is taken again, after the early phase. Larger values are "
            "faster and less steady.",
            0, 0.99, &TsneOptions::momentum),
        numberRow("degrees_of_freedom", "Degrees of freedom", descent,
            "How heavy the tails of the map's kernel are. Below 1 groups split into finer ones and "
            "stand farther apart; above 1 the map comes closer to SNE, with crowded groups.",
            0.3, 100, &TsneOptions::degreesOfFreedom),
        choiceRow("repulsion", "Repulsion", descent,
            "How the points' mutual repulsion is found: over all pairs, or over a grid with a "
            "correction for near pairs, which takes time only with the number of points and is "
            "accurate to about a thousandth. Automatic takes the quicker.",
            kEngines, &TsneOptions::repulsion),
        textRow("exaggeration_changes", "Changes of attraction", descent,
            "A timetable for the attraction: iteration and value, separated by a colon, in pairs "
            "separated by commas, such as 400:4, 600:1. It also holds what was changed by hand "
            "while "
            "the map was running, so that the run can be repeated.",
            ParameterKind::Text, &TsneOptions::exaggerationChanges),
        textRow("supervise", "By column", supervision,
            "A column of categories that is to help: neighbours of different categories attract "
            "less. "
            "The map then shows what you told it as well as what the vectors say. Empty for none.",
            ParameterKind::Column, &TsneOptions::supervise),
        numberRow("supervise_weight", "Weight", supervision,
            "How much less neighbours of different categories attract: 0 not at all, 1 not "
            "counting as neighbours. Ignored without a column.",
            0, 1, &TsneOptions::superviseWeight),
    };
    return rows;
}

Error badText(std::string detail)
{
    return Error{ErrorCode::InvalidArgument, std::move(detail), {}, {}, {}};
}

/// The parts between commas, without blanks; none for a text of blanks.
std::vector<std::string> partsOf(const std::string& text)
{
    std::vector<std::string> parts;
    std::string part;
    for (const char c : text + ',') {
        if (c == ',') {
            if (!part.empty())
                parts.push_back(std::move(part));
            part.clear();
        } else if (c != ' ' && c != '\t') {
            part += c;
        }
    }
    return parts;
}

} // namespace

std::span<const ParameterInfo> tsneParameters()
{
    static const auto infos = describeRows(tsneRows());
    return infos;
}

TsneOptions tsneOptions(const ParameterValues& values)
{
    return readOptions(tsneRows(), values);
}

ParameterValues recorded(const TsneOptions& options)
{
    return recordOptions(tsneRows(), options);
}

Result<std::vector<ExaggerationChange>> parseChanges(const std::string& text)
{
    std::vector<ExaggerationChange> changes;
    for (const std::string& part : partsOf(text)) {
        const std::size_t colon = part.find(':');
        const auto iteration = parseNumber(part.substr(0, colon));
        const auto value
            = colon == std::string::npos ? std::nullopt : parseNumber(part.substr(colon + 1));
        const bool isWhole = iteration && *iteration >= 0 && *iteration <= kMostIterations
            && *iteration == std::floor(*iteration);
        if (!isWhole || !value || !(*value >= kLeastExaggeration && *value <= kMostExaggeration)) {
            return badText("exaggeration_changes must be pairs such as 400:4, an iteration and a "
                           "value from 0.25 to 100, not \""
                + printable(part) + '"');
        }
        if (!changes.empty() && *iteration <= changes.back().iteration)
            return badText("the iterations of exaggeration_changes must ascend");
        changes.push_back({static_cast<int>(*iteration), *value});
    }
    return changes;
}

std::string toText(const std::vector<ExaggerationChange>& changes)
{
    std::string text;
    for (const ExaggerationChange& change : changes) {
        text += (text.empty() ? "" : ", ") + std::to_string(change.iteration) + ':'
            + formatNumber(change.exaggeration);
    }
    return text;
}

Result<std::vector<double>> parsePerplexities(const std::string& text)
{
    std::vector<double> perplexities;
    for (const std::string& part : partsOf(text)) {
        const auto value = parseNumber(part);
        if (!value || !(*value >= 1 && *value <= 2000)) {
            return badText(
                "more_perplexities must be numbers from 1 to 2000 separated by commas, not "
                "\""
                + printable(part) + '"');
        }
        perplexities.push_back(*value);
    }
    return perplexities;
}

RepulsionEngine engineOf(const TsneOptions& options)
{
    if (options.repulsion == "exact")
        return RepulsionEngine::Exact;
    return options.repulsion == "grid" ? RepulsionEngine::Grid : RepulsionEngine::Automatic;
}

} // namespace embedscope
