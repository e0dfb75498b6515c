#include "app/command_options.h"
#include "app/option_values.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <limits>

namespace embedscope::app {

namespace {

constexpr std::array<std::string_view, 15> kElementTypes{"float16", "float32", "float64",
    "bfloat16", "bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
    "text", "auto"};

constexpr int kMostThreads = 1024;

/// "100:200", ":200" or "100:".
std::pair<Index, Index> rangeOf(const std::string& text)
{
    const std::size_t at = text.find(':');
    const auto side = [&](std::string_view part, Index otherwise) {
        return trimmed(part).empty() ? std::optional(otherwise) : parseInteger(part);
    };
    constexpr Index kEnd = std::numeric_limits<Index>::max();
    const auto first = side(std::string_view(text).substr(0, at), 0);
    const auto last = at == std::string::npos ? std::nullopt
                                              : side(std::string_view(text).substr(at + 1), kEnd);
    if (!first || !last || *first < 0 || *last <= *first || text == ":") {
        refuse("--rows takes a range such as 1000:2000, the first row and the one behind the last, "
               "not \""
            + printable(text) + '"');
    }
    return {*first, *last};
}

void addRowOptions(CLI::App& app, Invocation& to, PendingOptions& pending, const std::string& group)
{
    addValue(
        app, "--rows", [&to](const std::string& v) { to.reading.rows.range = rangeOf(v); },
        "Read the rows from A up to, not including, B; rows count from 0", "A:B")
        ->group(group);
    // Quality had a sample of its own first: of the rows that it examines.
    const bool hasOwnSample = app.get_option_no_throw("--sample") != nullptr;
    addValue(
        app, hasOwnSample ? "--sample-rows" : "--sample,--sample-rows",
        [&to](const std::string& v) {
            to.reading.rows.sample = integerIn("--sample-rows", v, 1, kNoPoint - 1);
        },
        "Read a random sample of N rows", "N")
        ->group(group);
    addValue(
        app, "--sample-seed",
        [&to, &pending](const std::string& v) {
            to.reading.rows.seed = static_cast<std::uint64_t>(
                integerIn("--sample-seed", v, 0, std::numeric_limits<Index>::max()));
            pending.hasSampleSeed = true;
        },
        "Seed of that sample (default 0)", "N")
        ->group(group);
}

bool isElementType(const std::string& name)
{
    return std::find(kElementTypes.begin(), kElementTypes.end(), name) != kElementTypes.end();
}

} // namespace

void addReadingOptions(CLI::App& app, Invocation& to, PendingOptions& pending)
{
    const std::string group = "How the file is read";
    addValue(
        app, "--label", [&to](const std::string& v) { to.reading.labelColumn = v; },
        "Column that names the rows", "COLUMN")
        ->group(group);
    addValue(
        app, "--metadata", [&to](const std::string& v) { to.reading.metadataPath = v; },
        "CSV, TSV or JSON lines laid beside the table, row by row or by --key", "FILE")
        ->group(group);
    addValue(
        app, "--key", [&to](const std::string& v) { to.reading.metadataKey = v; },
        "Column of the metadata by whose values its rows are found, in any order", "COLUMN")
        ->group(group);
    addValue(
        app, "--tensor", [&to](const std::string& v) { to.reading.tensor = v; },
        "Which table, where a file holds several", "NAME")
        ->group(group);
    app.add_option("--add", to.added,
           "A further file of vectors of the same width, whose rows stand below those of the "
           "first; "
           "the column \"source\" tells them apart; may be repeated")
        ->type_name("FILE")
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false)
        ->group(group);
    addValue(
        app, "--tokenizer", [&to](const std::string& v) { to.reading.tokenizerPath = v; },
        "Names the rows of a token table: tokenizer.json, vocab.json, vocab.txt, .model, … "
        "(default: what lies beside the file)",
        "FILE")
        ->group(group);
    addValue(
        app, "--member", [&to](const std::string& v) { to.reading.member = v; },
        "Which file, where an archive holds several", "NAME")
        ->group(group);
    app.add_flag("--transpose", to.reading.isTransposed,
           "Read columns as points and rows as their dimensions (CSV, TSV, Matrix Market)")
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
    addRowOptions(app, to, pending, group);
    app.add_flag("--float16", to.reading.isHalf,
           "Keep the values in memory as float16: half the memory, about three digits")
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
    addValue(
        app, "--max-memory",
        [&to](const std::string& v) {
            to.reading.maxMemory = static_cast<std::uint64_t>(
                integerIn("--max-memory", v, 1, std::numeric_limits<Index>::max()));
        },
        "Bytes that the table may take in memory before it is refused (default: what is free)", "N")
        ->group(group);
}

} // namespace embedscope::app
