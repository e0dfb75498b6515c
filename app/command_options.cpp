#include "app/command_options.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace embedscope::app {

namespace {

constexpr std::array<std::string_view, 15> kElementTypes{"float16", "float32", "float64",
    "bfloat16", "bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
    "text", "auto"};

constexpr int kLargestPicture = 16384;
constexpr int kMostThreads = 1024;

Index integerIn(const std::string& option, const std::string& text, Index minimum, Index maximum)
{
    const auto value = parseInteger(text);
    if (!value || *value < minimum || *value > maximum) {
        refuse(option + " takes a whole number "
            + (maximum == std::numeric_limits<Index>::max()
                    ? "from " + formatNumber(static_cast<double>(minimum)) + " up"
                    : "from " + std::to_string(minimum) + " to " + std::to_string(maximum))
            + ", not \"" + printable(text) + '"');
    }
    return *value;
}

/// "800x600" or "20,3": two numbers between 1 and `maximum`.
std::pair<Index, Index> pairOf(const std::string& option, const std::string& text, char separator,
    const std::string& example, Index maximum)
{
    const std::size_t at = text.find(separator);
    const auto first = parseInteger(std::string_view(text).substr(0, at));
    const auto second = at == std::string::npos
        ? std::nullopt
        : parseInteger(std::string_view(text).substr(at + 1));
    if (!first || !second || *first < 1 || *second < 1 || *first > maximum || *second > maximum) {
        refuse(option + " takes two numbers such as " + example
            + (maximum < std::numeric_limits<Index>::max()
                    ? ", each from 1 to " + std::to_string(maximum)
                    : std::string())
            + ", not \"" + printable(text) + '"');
    }
    return {*first, *second};
}

/// An option with one value, which `take` checks and stores.
template <typename Take>
CLI::Option* addValue(CLI::App& app, const std::string& names, Take take, const std::string& help,
    const std::string& typeName)
{
    return app.add_option_function<std::string>(names, std::move(take), help)
        ->type_name(typeName)
        ->expected(1)
        ->allow_extra_args(false);
}

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

void addProjectionOptions(CLI::App& app, Invocation& to, PendingOptions& pending)
{
    const std::string group = "How the map is made";
    addValue(
        app, "--method", [&pending](const std::string& v) { pending.method = v; },
        "Method: " + methodIds(), "NAME")
        ->group(group);
    addValue(
        app, "--dims",
        [&to](const std::string& v) {
            to.projection.dimensions = static_cast<int>(integerIn("--dims", v, 2, 3));
        },
        "Dimensions of the map: 2 (default) or 3", "N")
        ->group(group);
    addValue(
        app, "--seed",
        [&to](const std::string& v) {
            to.projection.seed = static_cast<std::uint64_t>(
                integerIn("--seed", v, 0, std::numeric_limits<Index>::max()));
        },
        "Seed of the random numbers (default 0)", "N")
        ->group(group);
    addValue(
        app, "--preprocess-pca",
        [&to](const std::string& v) {
            to.projection.preprocessPca = static_cast<int>(
                integerIn("--preprocess-pca", v, 0, std::numeric_limits<int>::max()));
        },
        "Principal components kept before the method; 0 = none (default: 50 where t-SNE meets a "
        "wider table)",
        "N")
        ->group(group);
    app.add_option("--set", pending.settings,
           "A parameter of the method, such as perplexity=50; may be repeated")
        ->type_name("NAME=VALUE")
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false)
        ->group(group);
}

void addOut(CLI::App& app, Invocation& to, const std::vector<std::string>& extensions)
{
    addValue(
        app, "--out",
        [&to, extensions](const std::string& v) {
            to.out = v;
            for (const std::string& extension : extensions) {
                const std::size_t length = extension.size();
                if (v.size() > length
                    && startsWithIgnoringCase(
                        std::string_view(v).substr(v.size() - length), extension))
                    return;
            }
            refuse("The file to write must end in " + joined(extensions) + ", and \"" + printable(v)
                + "\" does not");
        },
        "The file to write (" + joined(extensions) + ")", "FILE")
        ->required();
}

bool isElementType(const std::string& name)
{
    return std::find(kElementTypes.begin(), kElementTypes.end(), name) != kElementTypes.end();
}

/// The parameters of every method, for the foot of a help page.
std::string parametersHelp()
{
    std::string text;
    for (const Method& method : methods()) {
        if (method.parameters.empty())
            continue;
        text += (text.empty() ? "" : "\n") + std::string("Parameters of ") + std::string(method.id)
            + ", their defaults and what they may be:\n";
        for (const ParameterInfo& row : method.parameters) {
            std::string allowed;
            if (row.kind == ParameterKind::Integer || row.kind == ParameterKind::Real) {
                allowed = formatNumber(row.minimum) + " to " + formatNumber(row.maximum)
                    + (row.allowsAuto ? ", or auto" : "");
            } else if (row.kind == ParameterKind::Choice) {
                std::vector<std::string> ids;
                for (const Choice& choice : row.choices)
                    ids.emplace_back(choice.id);
                allowed = joined(ids);
            }
            std::string line = "  " + std::string(row.id);
            line.resize(std::max<std::size_t>(line.size() + 1, 28), ' ');
            line += toText(row.defaultValue);
            line.resize(std::max<std::size_t>(line.size() + 1, 36), ' ');
            text += line + allowed + '\n';
        }
    }
    return text;
}

} // namespace

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
    return text;
}

[[noreturn]] void refuse(const std::string& sentence)
{
    throw CLI::ValidationError(sentence);
}

std::string methodIds()
{
    std::vector<std::string> ids;
    for (const Method& method : methods())
        ids.emplace_back(method.id);
    return joined(ids);
}

void addReadingOptions(CLI::App& app, Invocation& to)
{
    const std::string group = "How the file is read";
    addValue(
        app, "--label", [&to](const std::string& v) { to.reading.labelColumn = v; },
        "Column that names the rows", "COLUMN")
        ->group(group);
    addValue(
        app, "--metadata", [&to](const std::string& v) { to.reading.metadataPath = v; },
        "CSV, TSV or JSON lines laid beside the table, row by row", "FILE")
        ->group(group);
    addValue(
        app, "--tensor", [&to](const std::string& v) { to.reading.tensor = v; },
        "Which table, where a file holds several", "NAME")
        ->group(group);
    addValue(
        app, "--shape",
        [&to](const std::string& v) {
            to.reading.shape = pairOf("--shape", v, ',', "20,3", std::numeric_limits<Index>::max());
        },
        "Rows and columns, for files without a header", "R,C")
        ->group(group);
    addValue(
        app, "--dtype",
        [&to](const std::string& v) {
            if (!isElementType(v)) {
                refuse("--dtype takes " + joined({kElementTypes.begin(), kElementTypes.end()})
                    + ", not \"" + printable(v) + '"');
            }
            to.reading.dtype = v == "auto" ? std::string() : v;
        },
        "Element type, for files without a header", "T")
        ->group(group);
    addValue(
        app, "--threads",
        [&to](const std::string& v) {
            to.threads = static_cast<int>(integerIn("--threads", v, 1, kMostThreads));
        },
        "Threads to compute on (default: as many as this process may use processors)", "N")
        ->group(group);
    addValue(
        app, "--max-bytes",
        [&to](const std::string& v) {
            to.reading.maxBytes = static_cast<std::uint64_t>(
                integerIn("--max-bytes", v, 1, std::numeric_limits<Index>::max()));
        },
        "What a compressed file may expand to (default: 2 GiB)", "N")
        ->group(group);
}

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
        addJson(app, to);
        break;
    case Command::Project:
        app.description("Makes a map and writes the place of every row.");
        addInput(app, to);
        addOut(app, to, {".npy", ".csv", ".tsv"});
        addProjectionOptions(app, to, pending);
        app.footer(parametersHelp());
        addJson(app, to);
        break;
    case Command::Quality:
        app.description("Measures what a map keeps of the full space.");
        addInput(app, to);
        addValue(
            app, "--layout", [&to](const std::string& v) { to.layoutPath = v; },
            "Places written by 'embedscope project'", "FILE")
            ->required();
        addJson(app, to);
        break;
    case Command::Render:
        app.description("Draws a map as a PNG.");
        addInput(app, to);
        addOut(app, to, {".png"});
        addValue(
            app, "--layout", [&to](const std::string& v) { to.layoutPath = v; },
            "Places written by 'embedscope project', instead of --method", "FILE");
        addProjectionOptions(app, to, pending);
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
        break;
    case Command::Convert:
        app.description("Writes the vectors of any file that can be read as NPY or TSV.");
        addValue(
            app, "IN", [&to](const std::string& v) { to.files = {v}; }, "The file to read", "")
            ->required();
        addValue(
            app, "OUT",
            [&to](const std::string& v) {
                const auto endsIn = [&v](std::string_view extension) {
                    return v.size() > extension.size()
                        && startsWithIgnoringCase(
                            std::string_view(v).substr(v.size() - extension.size()), extension);
                };
                if (!endsIn(".npy") && !endsIn(".tsv"))
                    refuse("OUT must end in .npy or .tsv, and \"" + printable(v) + "\" does not");
                to.out = v;
            },
            "The file to write (.npy or .tsv)", "")
            ->required();
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
