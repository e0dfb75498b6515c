#include "app/command_options.h"

#include "app/option_values.h"
#include "core/base/text.h"
#include "core/io/writers/writers.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace embedscope::app {

namespace {

constexpr int kLargestPicture = 16384;

void addJson(CLI::App& app, Invocation& to)
{
    app.add_flag("--json", to.asJson, "Print one JSON object instead of text");
}

void addInput(CLI::App& app, Invocation& to)
{
    addValue(
        app, "FILE", [&to](const std::string& v) { to.files = {v}; }, "The file to read", "")
        ->required();
}

void addProjectionOptions(CLI::App& app, PendingOptions& pending)
{
    const std::string group = "How the map is made";
    addValue(
        app, "--method", [&pending](const std::string& v) { pending.projection.method = v; },
        "Method: " + methodIds(), "NAME")
        ->group(group);
    addValue(
        app, "--dims",
        [&pending](const std::string& v) {
            pending.projection.dimensions = static_cast<int>(integerIn("--dims", v, 2, 3));
        },
        "Dimensions of the map: 2 (default) or 3", "N")
        ->group(group);
    addValue(
        app, "--seed",
        [&pending](const std::string& v) {
            pending.projection.seed = static_cast<std::uint64_t>(
                integerIn("--seed", v, 0, std::numeric_limits<Index>::max()));
        },
        "Seed of the random numbers (default 0)", "N")
        ->group(group);
    addValue(
        app, "--preprocess-pca",
        [&pending](const std::string& v) {
            pending.projection.preprocessPca = static_cast<int>(
                integerIn("--preprocess-pca", v, 0, std::numeric_limits<int>::max()));
        },
        "Principal components kept before the method; 0 = none (default: the method's own rule, "
        "such "
        "as 50 where t-SNE meets a wider table)",
        "N")
        ->group(group);
    app.add_option("--set", pending.projection.settings,
           "A parameter of the method, such as perplexity=50; may be repeated")
        ->type_name("NAME=VALUE")
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false)
        ->group(group);
}

void addRecipe(CLI::App& app, Invocation& to, const std::string& help)
{
    addValue(
        app, "--recipe", [&to](const std::string& v) { to.recipePath = v; },
        help + ": JSON as --recipe-out or --json of 'embedscope project' gave it", "FILE");
}

void addLayout(CLI::App& app, Invocation& to, const std::string& more, bool isRequired)
{
    addValue(
        app, "--layout", [&to](const std::string& v) { to.layoutPath = v; },
        "Places written by 'embedscope project'" + more, "FILE")
        ->required(isRequired);
}

bool endsInOneOf(const std::string& path, const std::vector<std::string>& extensions)
{
    return std::any_of(extensions.begin(), extensions.end(), [&path](const std::string& extension) {
        const std::size_t length = extension.size();
        return path.size() > length
            && startsWithIgnoringCase(
                std::string_view(path).substr(path.size() - length), extension);
    });
}

void addOut(CLI::App& app, Invocation& to, const std::vector<std::string>& extensions)
{
    addValue(
        app, "--out",
        [&to, extensions](const std::string& v) {
            to.out = v;
            if (endsInOneOf(v, extensions))
                return;
            refuse("The file to write must end in " + joined(extensions) + ", and \"" + printable(v)
                + "\" does not");
        },
        "The file to write (" + joined(extensions) + ")", "FILE")
        ->required();
}

void addQualityOptions(CLI::App& app, Invocation& to)
{
    addLayout(app, to, "", true);
    addRecipe(app, to, "How the map was made, which tells the metric and the normalisation");
    addValue(
        app, "--metric",
        [&to](const std::string& v) {
            to.qualityMetric = metricFromId(v);
            if (!to.qualityMetric) {
                refuse("--metric takes euclidean, cosine, manhattan or dot, not \"" + printable(v)
                    + '"');
            }
        },
        "Neighbours in the full space by euclidean (default: the recipe's), cosine, manhattan or "
        "dot",
        "NAME");
    addValue(
        app, "--sample",
        [&to](const std::string& v) {
            to.quality.sampleSize
                = integerIn("--sample", v, 1, std::numeric_limits<std::uint32_t>::max());
        },
        "Rows to examine where the table has more than 20,000 (default 2000)", "N");
    addValue(
        app, "--seed",
        [&to](const std::string& v) {
            to.quality.seed = static_cast<std::uint64_t>(
                integerIn("--seed", v, 0, std::numeric_limits<Index>::max()));
        },
        "Seed of the sample (default 0)", "N");
    app.add_flag_callback(
        "--exact", [&to] { to.quality.exactUpTo = std::numeric_limits<Index>::max(); },
        "Examine every row, however many there are");
    app.add_flag("--kl", to.wantsDivergence,
        "Find the KL divergence of t-SNE, whatever made the map (for t-SNE it is found anyway)");
    addValue(
        app, "--perplexity",
        [&to](const std::string& v) {
            to.perplexity = parseNumber(v);
            if (!to.perplexity || !(*to.perplexity >= 1 && *to.perplexity <= 1e6)) {
                refuse(
                    "--perplexity takes a number from 1 to 1000000, not \"" + printable(v) + '"');
            }
            to.wantsDivergence = true;
        },
        "Perplexity of the KL divergence (default: the recipe's, or 30)", "P");
    addValue(
        app, "--columns",
        [&to](const std::string& v) {
            if (!endsInOneOf(v, {".csv", ".tsv"}))
                refuse("--columns takes a file that ends in .csv or .tsv, not \"" + printable(v)
                    + '"');
            to.columnsOut = v;
        },
        "Where to write the figures of each row, to be laid beside the table (.csv or .tsv)",
        "FILE");
    addJson(app, to);
}

std::vector<std::string> writerExtensions()
{
    std::vector<std::string> extensions;
    for (const Writer& writer : writers())
        extensions.push_back('.' + std::string(writer.extensions.front()));
    return extensions;
}

std::string writerIds()
{
    std::string ids;
    for (const Writer& writer : writers())
        ids.append(ids.empty() ? "" : ", ").append(writer.id);
    return ids;
}

std::string writersHelp()
{
    std::string text = "Formats:\n";
    for (const Writer& writer : writers()) {
        std::string extensions;
        for (const std::string_view extension : writer.extensions)
            extensions += " ." + std::string(extension);
        text += "  " + std::string(writer.id) + extensions + "\n      "
            + std::string(writer.description) + '\n';
    }
    return text;
}

} // namespace

void describeCommand(CLI::App& app, Command command, Invocation& to, PendingOptions& pending)
{
    switch (command) {
    case Command::Info:
        app.description("Says what a file holds.");
        addInput(app, to);
        addJson(app, to);
        break;
    case Command::Neighbors:
        app.description("Lists the nearest points of one point, in the full space.");
        addInput(app, to);
        addValue(
            app, "--query", [&to](const std::string& v) { to.queryLabel = v; },
            "The point of exactly this label", "LABEL");
        addValue(
            app, "--row",
            [&to](const std::string& v) {
                to.queryRow = integerIn("--row", v, 0, std::numeric_limits<Index>::max());
            },
            "The point in this row; rows count from 0", "N");
        addValue(
            app, "-k",
            [&to](const std::string& v) {
                to.k = integerIn("-k", v, 1, std::numeric_limits<Index>::max());
            },
            "How many (default 10)", "N");
        addValue(
            app, "--metric",
            [&to](const std::string& v) {
                const auto metric = metricFromId(v);
                if (!metric)
                    refuse("--metric takes cosine, euclidean, dot or manhattan, not \""
                        + printable(v) + '"');
                to.metric = *metric;
            },
            "cosine (default), euclidean, dot or manhattan", "NAME");
        addValue(
            app, "--among",
            [&to](const std::string& v) {
                const std::size_t at = v.find('=');
                if (at == std::string::npos || at == 0)
                    refuse("--among takes a column and a value such as source=items.npy, not \""
                        + printable(v) + '"');
                to.among = {v.substr(0, at), v.substr(at + 1)};
            },
            "Only rows that have this value in this column", "COLUMN=VALUE");
        addJson(app, to);
        break;
    case Command::Project:
        app.description("Makes a map and writes the place of every row.");
        addInput(app, to);
        addOut(app, to, {".npy", ".csv", ".tsv"});
        addProjectionOptions(app, pending);
        addRecipe(app, to, "A recipe to follow, instead of --method; --set and the like change it");
        addValue(
            app, "--start", [&to](const std::string& v) { to.startPath = v; },
            "A layout of the same rows to start from", "LAYOUT");
        addValue(
            app, "--recipe-out", [&to](const std::string& v) { to.recipeOut = v; },
            "Where to write the recipe of the map besides, as JSON", "FILE");
        app.footer(parametersHelp());
        addJson(app, to);
        break;
    case Command::Join:
        app.description("Places the rows of another file into a map that stays as it is.");
        addValue(
            app, "NEW", [&to](const std::string& v) { to.files = {v}; },
            "The file whose rows are to be placed", "")
            ->required();
        addValue(
            app, "--base", [&to](const std::string& v) { to.basePath = v; },
            "The file that the map was made from", "FILE")
            ->required();
        addLayout(app, to, " from it", true);
        addRecipe(app, to, "How the map was made");
        app.get_option("--recipe")->required();
        addOut(app, to, {".npy", ".csv", ".tsv"});
        addValue(
            app, "--base-shape",
            [&to](const std::string& v) {
                to.baseShape
                    = pairOf("--base-shape", v, ',', "20,3", std::numeric_limits<Index>::max());
            },
            "Rows and columns of the base, for files without a header", "R,C");
        addJson(app, to);
        break;
    case Command::Quality:
        app.description("Measures what a map keeps of the full space.");
        addInput(app, to);
        addQualityOptions(app, to);
        break;
    case Command::Render:
        app.description("Draws a map as a PNG.");
        addInput(app, to);
        addOut(app, to, {".png"});
        addLayout(app, to, ", instead of --method", false);
        addProjectionOptions(app, pending);
        addRecipe(app, to, "A recipe to follow, instead of --method");
        addValue(
            app, "--size",
            [&to](const std::string& v) {
                const auto size = pairOf("--size", v, 'x', "1600x1000", kLargestPicture);
                to.width = static_cast<int>(size.first);
                to.height = static_cast<int>(size.second);
            },
            "Width and height in pixels (default 1600x1000)", "WxH");
        addValue(
            app, "--color-by", [&to](const std::string& v) { to.colorBy = v; },
            "Column that colours the points", "COLUMN");
        addValue(
            app, "--labels",
            [&to](const std::string& v) {
                to.labels = static_cast<int>(integerIn("--labels", v, 0, 100000));
            },
            "How many points to name, at most (default 0)", "N");
        app.add_flag("--dark", to.isDark, "Draw on a dark ground");
        addValue(
            app, "--azimuth",
            [&to](const std::string& v) {
                to.azimuth = static_cast<int>(integerIn("--azimuth", v, -360, 360));
            },
            "Degrees that a map of three dimensions is seen from the right (default 30)", "N");
        addValue(
            app, "--elevation",
            [&to](const std::string& v) {
                to.elevation = static_cast<int>(integerIn("--elevation", v, -90, 90));
            },
            "Degrees that it is seen from above (default 20)", "N");
        break;
    case Command::Convert:
        app.description("Writes a table in another format, with all that the format can hold.");
        addInput(app, to);
        addValue(
            app, "--out", [&to](const std::string& v) { to.out = v; },
            "The file to write (" + joined(writerExtensions()) + ")", "FILE")
            ->required();
        addValue(
            app, "--format",
            [&to](const std::string& v) {
                if (const auto writer = findWriter(v, {}); !writer)
                    refuse("--format: " + writer.error().detail);
                to.format = v;
            },
            "How to write it, whatever the name ends in: " + writerIds(), "ID")
            ->group("How the file is written");
        app.footer(writersHelp());
        break;
    case Command::Methods:
        app.description("Lists the methods of making a map, and explains their parameters.");
        addJson(app, to);
        break;
    case Command::Formats:
        app.description("Lists the file formats that can be read.");
        addJson(app, to);
        break;
    case Command::Window:
        break;
    }
}

} // namespace embedscope::app
