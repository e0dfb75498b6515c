#include "app/command_line.h"

#include "app/command_options.h"
#include "app/option_values.h"
#include "core/base/text.h"
#include "core/io/writers/writers.h"

#include <algorithm>
#include <array>
#include <utility>

namespace embedscope::app {

namespace {

struct CommandName
{
    std::string_view name;
    Command command;
};

constexpr std::array kCommands{
    CommandName{"info", Command::Info},
    CommandName{"neighbors", Command::Neighbors},
    CommandName{"project", Command::Project},
    CommandName{"join", Command::Join},
    CommandName{"quality", Command::Quality},
    CommandName{"render", Command::Render},
    CommandName{"convert", Command::Convert},
    CommandName{"methods", Command::Methods},
    CommandName{"formats", Command::Formats},
};

/// Options become a request here where no recipe has to be read first.
void checkProjection(const PendingOptions& pending, Invocation& to)
{
    if (!to.recipePath.empty()) {
        to.overrides = pending.projection;
        return;
    }
    const Status applied = applyOptions(pending.projection, to.projection);
    if (!applied)
        refuse(applied.error().detail);
}

void checkTogether(const Invocation& to, const PendingOptions& pending)
{
    if (!to.reading.metadataKey.empty() && to.reading.metadataPath.empty())
        refuse("--key is of use with --metadata alone");
    if (to.command == Command::Neighbors && to.queryLabel.has_value() == to.queryRow.has_value())
        refuse("Which point? Give either --query LABEL or --row N");
    if (to.command == Command::Convert) {
        if (const auto writer = findWriter(to.format, to.out); !writer)
            refuse(printable(to.out) + ": " + writer.error().detail + " by --format");
    }
    if (to.reading.rows.range && to.reading.rows.sample > 0)
        refuse("Which rows? Give either --rows or a sample");
    if (pending.hasSampleSeed && to.reading.rows.sample == 0)
        refuse("--sample-seed is of use with a sample of rows alone");
    const ProjectionOptions& projection = pending.projection;
    const bool hasMethod = !projection.method.empty();
    const bool hasRecipe = !to.recipePath.empty();
    if (to.command == Command::Project || to.command == Command::Render) {
        if (hasMethod && hasRecipe)
            refuse("A recipe names its method: give either --method or --recipe");
    }
    if (to.command == Command::Project && !hasMethod && !hasRecipe)
        refuse("Which method? Give --method " + methodIds() + ", or --recipe FILE");
    if (to.command == Command::Render) {
        const bool hasLayout = !to.layoutPath.empty();
        if ((hasMethod || hasRecipe) == hasLayout)
            refuse("Which map? Give either --layout FILE or --method " + methodIds());
        if (hasLayout && !projection.settings.empty())
            refuse("--set is of use with --method alone");
    }
}

std::string commandsHelp()
{
    return "Commands, none of which needs a display (embedscope COMMAND --help says more):\n"
           "  info FILE          what a file holds\n"
           "  neighbors FILE     the nearest points of one point\n"
           "  project FILE       a map, as coordinates\n"
           "  join NEW           new rows, placed into a map made before\n"
           "  quality FILE       how far a map can be trusted\n"
           "  render FILE        a map, as a PNG\n"
           "  convert FILE       the table in another format\n"
           "  methods            the methods of making a map, and their parameters\n"
           "  formats            the file formats that can be read\n"
           "A file that is called like a command is opened as ./info.\n"
           "Exit codes: 0, 1 for an error, 2 for wrong usage, 130 when interrupted.";
}

/// Reading options may stand before the command; each but --transpose takes one value.
std::optional<std::size_t> commandPosition(const std::vector<std::string>& arguments)
{
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (word.size() > 2 && word.starts_with("--")) {
            if (word.find('=') == std::string::npos && word != "--help" && word != "--version"
                && word != "--transpose")
                ++i;
            continue;
        }
        const bool isCommand = std::any_of(kCommands.begin(), kCommands.end(),
            [&word](const CommandName& row) { return row.name == word; });
        return isCommand ? std::optional(i) : std::nullopt;
    }
    return std::nullopt;
}

std::string helpText(const CLI::App& app, Command command)
{
    std::string text = app.help();
    const std::string_view usage = "[OPTIONS]";
    if (const std::size_t at = text.find(usage);
        command == Command::Window && at != std::string::npos)
        text.insert(at + usage.size(), " [FILE…]");
    return text;
}

std::variant<Invocation, EarlyExit> parse(
    CLI::App& app, std::vector<std::string> arguments, Invocation& to, PendingOptions& pending)
{
    const std::string program = app.get_name();
    try {
        std::reverse(arguments.begin(), arguments.end());
        app.parse(std::move(arguments));
        checkTogether(to, pending);
        if (!pending.projection.method.empty() || !to.recipePath.empty())
            checkProjection(pending, to);
    } catch (const CLI::CallForHelp&) {
        return EarlyExit{0, helpText(app, to.command), {}};
    } catch (const CLI::CallForVersion&) {
        return EarlyExit{0, "embedscope " EMBEDSCOPE_VERSION "\n", {}};
    } catch (const CLI::ParseError& error) {
        std::string sentence = printable(error.what());
        while (!sentence.empty() && (sentence.back() == '.' || sentence.back() == ' '))
            sentence.pop_back();
        return EarlyExit{2, {}, sentence + ".\nTry '" + program + " --help' for how it is used.\n"};
    }
    return to;
}

std::variant<Invocation, EarlyExit> parseWindow(std::vector<std::string> arguments)
{
    Invocation to;
    PendingOptions pending;
    // Files are taken from what the options leave over, so that no name is read as anything else.
    std::vector<std::string> afterDashes;
    if (const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
        dashes != arguments.end()) {
        afterDashes.assign(dashes + 1, arguments.end());
        arguments.erase(dashes, arguments.end());
    }
    CLI::App app("Look inside trained embeddings: a map of all points, search, true neighbours.",
        "embedscope");
    app.set_version_flag("--version", EMBEDSCOPE_VERSION, "Print the version and exit");
    app.footer(commandsHelp());
    app.allow_extras();
    addReadingOptions(app, to, pending);
    auto result = parse(app, std::move(arguments), to, pending);
    auto* invocation = std::get_if<Invocation>(&result);
    if (invocation == nullptr)
        return result;
    for (std::string& word : app.remaining()) {
        if (word.size() > 1 && word.front() == '-') {
            return EarlyExit{2, {},
                "There is no option " + printable(word)
                    + ".\nTry 'embedscope --help' for how it is used.\n"};
        }
        invocation->files.push_back(std::move(word));
    }
    invocation->files.insert(invocation->files.end(), afterDashes.begin(), afterDashes.end());
    return result;
}

} // namespace

std::variant<Invocation, EarlyExit> parseCommandLine(const std::vector<std::string>& arguments)
{
    const auto position = commandPosition(arguments);
    if (!position)
        return parseWindow(arguments);

    const std::string& name = arguments[*position];
    const auto row = std::find_if(kCommands.begin(), kCommands.end(),
        [&name](const CommandName& command) { return command.name == name; });
    std::vector<std::string> rest = arguments;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(*position));

    Invocation to;
    to.command = row->command;
    PendingOptions pending;
    CLI::App app("", "embedscope " + name);
    app.set_version_flag("--version", EMBEDSCOPE_VERSION, "Print the version and exit");
    describeCommand(app, row->command, to, pending);
    addReadingOptions(app, to, pending);
    return parse(app, std::move(rest), to, pending);
}

} // namespace embedscope::app
