#include "core/projection/umap/options.h"

#include "core/projection/umap/umap.h"

namespace embedscope {

namespace {

constexpr std::array kInits{Choice{"auto", "Automatic"}, Choice{"spectral", "Spectral"},
    Choice{"pca", "PCA"}, Choice{"random", "Random"}};

using Row = ParameterRow<UmapOptions>;

Row row(std::string_view id, std::string_view label, std::string_view group, std::string_view help,
    double minimum, double maximum, Row::Field field, std::span<const Choice> choices = {})
{
    Row made;
    made.info.id = id;
    made.info.label = label;
    made.info.group = group;
    made.info.help = help;
    made.info.minimum = minimum;
    made.info.maximum = maximum;
    made.info.choices = choices;
    made.field = field;
    return made;
}

Row live(Row made)
{
    made.info.isLive = true;
    return made;
}

Row column(Row made)
{
    made.info.kind = ParameterKind::Column;
    return made;
}

} // namespace

const std::array<Row, kUmapRows>& umapRows()
{
    static const std::array<Row, kUmapRows> rows{
        row("neighbors", "Neighbours", "",
            "How many points each point counts as its surroundings, itself among them: 15 means "
            "the 14 nearest others. Larger values show broader structure and take longer; small "
            "ones show fine detail and may break groups apart. Lowered by itself for tables of "
            "fewer points.",
            2, 1000, &UmapOptions::neighbors),
        row("min_dist", "Minimum distance", "",
            "How near points may come to each other in the picture. Larger values spread groups "
            "out evenly; small ones pack them tightly.",
            0, 100, &UmapOptions::minDist),
        row("metric", "Distance", "Neighbours", kMetricHelp, 0, 0, &UmapOptions::metric,
            kMetricChoices),
        row("search", "Search", "Neighbours", kSearchHelp, 0, 0, &UmapOptions::search,
            kSearchChoices),
        row("graph_neighbors", "Neighbours looked for", "Neighbours", kGraphNeighborsHelp, 1, 5000,
            &UmapOptions::graphNeighbors),
        row("local_connectivity", "Local connectivity", "Neighbours",
            "How many of the nearest others each point is fully tied to, however far they are. "
            "Larger values hold sparse regions together more firmly.",
            0, 100, &UmapOptions::localConnectivity),
        row("set_mix", "Mix of both directions", "Neighbours",
            "Whether two points belong together when either counts the other among its neighbours "
            "(1) or only when both do (0), or something between. Smaller values cut the ties to "
            "outliers.",
            0, 1, &UmapOptions::setMix),
        row("spread", "Spread", "Layout",
            "The scale of the picture: how far apart points lie that are no neighbours. Together "
            "with the minimum distance it decides how clumped groups look.",
            0.01, 100, &UmapOptions::spread),
        live(row("repulsion", "Repulsion", "Layout",
            "How strongly points push each other apart. Larger values spread groups and leave more "
            "room between them. It may be changed while the method runs.",
            0, 100, &UmapOptions::repulsion)),
        row("epochs", "Epochs", "Descent",
            "How often every point is moved, by steps that become smaller towards the end. More "
            "let "
            "the picture settle. Steps are smaller here than in other programs, so that large "
            "tables take as many as small ones.",
            0, 1000000, &UmapOptions::epochs),
        live(row("learning_rate", "Learning rate", "Descent",
            "How far points move in the first epoch; from there the rate falls to 0. Larger values "
            "let points travel farther and leave more to chance. It may be changed while the "
            "method runs.",
            1e-6, 100, &UmapOptions::learningRate)),
        row("negative_samples", "Negative samples", "Descent",
            "How many random points a point is pushed away from for each neighbour that it is "
            "pulled to. Larger values push harder and more evenly, and take longer.",
            0, 100, &UmapOptions::negativeSamples),
        row("init", "Start from", "Descent",
            "Where points stand at first. Spectral unfolds the neighbour graph; PCA keeps the "
            "broad arrangement of the table; random starts show what the data alone decide. "
            "Automatic is spectral for up to 200,000 points and PCA, which is much quicker, above. "
            "Ignored where another map is the start.",
            0, 0, &UmapOptions::init, kInits),
        column(row("supervise", "Supervise by", "Supervision",
            "A column of categories whose groups are to be drawn apart by intention. Empty leaves "
            "the picture to the vectors alone. A supervised picture is no evidence that the groups "
            "differ.",
            0, 0, &UmapOptions::supervise)),
        row("supervise_weight", "Weight of the column", "Supervision",
            "How much the column counts against the vectors: 0 is not at all, 1 cuts every tie "
            "between different categories. Ignored without a column.",
            0, 1, &UmapOptions::superviseWeight),
    };
    return rows;
}

std::span<const ParameterInfo> umapParameters()
{
    static const auto infos = describeRows(umapRows());
    return infos;
}

} // namespace embedscope
