// The projection engine's table: every piece of work with its time by stage, its memory and how
// good the answer is; then how time and memory grow with n, on one thread and on two. Makes its
// tables itself, or takes them from files. Can also judge a layout, whoever made it.
#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/io/writers/write.h"
#include "core/projection/projection.h"
#include "tests/bench/engine_cases.h"
#include "tests/bench/engine_judge.h"
#include "tests/bench/engine_tables.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace embedscope;
using namespace embedscope::bench;

namespace {

struct Settings
{
    std::vector<std::string> only;
    std::vector<std::string> tables; ///< CASE=FILE
    std::vector<std::string> judged; ///< X, Y and perhaps labels
    std::string out;
    std::string written; ///< Folder for the tables themselves.
    int runs = 3;
    int threads = 0;
    bool isMillion = false;
    bool isJson = false;
    bool isList = false;
};

std::string stagesOf(const Outcome& outcome)
{
    std::string text;
    for (const auto& [stage, seconds] : outcome.stages) {
        char part[64];
        std::snprintf(
            part, sizeof part, "%s%s %.3f", text.empty() ? "" : ", ", stage.c_str(), seconds);
        text += part;
    }
    return text;
}

std::string qualityOf(const Outcome& outcome)
{
    char text[64] = "";
    if (outcome.kl)
        std::snprintf(text, sizeof text, "kl %.3f ", *outcome.kl);
    std::string quality = text;
    if (outcome.recall) {
        std::snprintf(text, sizeof text, "graph %.4f", *outcome.recall);
        quality += text;
    }
    return quality;
}

void printJson(std::string_view id, Index n, const Outcome& outcome)
{
    nlohmann::ordered_json json{{"case", id}, {"n", n}, {"threads", threadCount()},
        {"seconds", outcome.seconds}, {"peak_bytes", outcome.peakBytes}};
    for (const auto& [stage, seconds] : outcome.stages)
        json["stages"][stage] = seconds;
    if (outcome.kl)
        json["kl"] = *outcome.kl;
    if (outcome.recall)
        json["graph_recall"] = *outcome.recall;
    std::printf("%s\n", json.dump().c_str());
    std::fflush(stdout);
}

void printRow(
    std::string_view id, std::string_view work, std::string_view goal, const Outcome& outcome)
{
    std::printf("%-11s %-33s %9.3f s  %-14s %7.0f MB  %-26s %s\n", std::string(id).c_str(),
        std::string(work).c_str(), outcome.seconds, std::string(goal).c_str(),
        static_cast<double>(outcome.peakBytes) / 1e6, qualityOf(outcome).c_str(),
        stagesOf(outcome).c_str());
    std::fflush(stdout);
}

/// The run in the middle by time.
Outcome medianRun(const Case& row, const std::shared_ptr<const Dataset>& table, int runs)
{
    std::vector<Outcome> outcomes;
    for (int i = 0; i < runs; ++i)
        outcomes.push_back(row.run(table));
    std::sort(outcomes.begin(), outcomes.end(),
        [](const Outcome& a, const Outcome& b) { return a.seconds < b.seconds; });
    return outcomes[static_cast<std::size_t>(runs / 2)];
}

bool isAsked(const Settings& settings, std::string_view id)
{
    return settings.only.empty()
        || std::find(settings.only.begin(), settings.only.end(), id) != settings.only.end();
}

std::shared_ptr<const Dataset> tableOf(const Settings& settings, const Case& row)
{
    const std::string prefix = std::string(row.id) + "=";
    for (const std::string& table : settings.tables) {
        if (table.starts_with(prefix))
            return tableFrom(table.substr(prefix.size()));
    }
    return row.makeTable();
}

int writeResult(const Settings& settings, const Case& row, const Outcome& outcome)
{
    if (settings.out.empty() || !outcome.layout)
        return 0;
    const std::string path = settings.out + "/" + std::string(row.id) + ".npy";
    const Status written = writeNpy(path, outcome.layout->positions, Progress());
    if (!written)
        std::fprintf(stderr, "%s: %s\n", path.c_str(), written.error().detail.c_str());
    return written ? 0 : 1;
}

int runCases(const Settings& settings)
{
    int faults = 0;
    if (!settings.isJson) {
        std::printf("%-11s %-33s %11s  %-14s %10s  %-26s %s\n", "case", "work", "median", "goal",
            "peak", "quality", "stages of that run, s");
    }
    for (const Case& row : cases()) {
        if (!isAsked(settings, row.id) || (row.isMillion && !settings.isMillion))
            continue;
        if (!row.method.empty() && findMethod(row.method) == nullptr) {
            std::fprintf(stderr, "%s: there is no method \"%s\" yet\n", std::string(row.id).c_str(),
                std::string(row.method).c_str());
            continue;
        }
        const auto table = tableOf(settings, row);
        const Outcome outcome = medianRun(row, table, settings.runs);
        if (settings.isJson)
            printJson(row.id, table->size(), outcome);
        else
            printRow(row.id, row.work, row.goal, outcome);
        faults += writeResult(settings, row, outcome);
    }
    return faults;
}

/// The tables of the cases asked for as CASE.npy, with the groups of a mixture beside them as
/// CASE_labels.tsv, for other programs to work on.
int writeTables(const Settings& settings)
{
    int faults = 0;
    for (const Case& row : cases()) {
        if (!isAsked(settings, row.id) || (row.isMillion && !settings.isMillion))
            continue;
        const auto table = tableOf(settings, row);
        const std::string path = settings.written + "/" + std::string(row.id);
        const Status written = writeNpy(path + ".npy", table->vectors().floats(), Progress());
        if (!written) {
            std::fprintf(stderr, "%s.npy: %s\n", path.c_str(), written.error().detail.c_str());
            ++faults;
        }
        std::ofstream labels(path + "_labels.tsv");
        for (const int group : mixtureGroups(table->size()))
            labels << group << '\n';
    }
    return faults;
}

/// One run each: growth is told by orders of magnitude.
void runGrowth(const Settings& settings)
{
    const auto tell = [&](Index n, std::string_view what, const Outcome& outcome) {
        if (settings.isJson) {
            printJson("growth-" + std::string(what), n, outcome);
        } else {
            printRow(what,
                formatCount(n) + " points, " + std::to_string(threadCount()) + " threads", "",
                outcome);
        }
    };
    for (const Index n : {1000, 3000, 10000, 30000, 100000, 300000, 1000000}) {
        if (n > 100000 && !settings.isMillion)
            break;
        const auto whole = mixtureTable(n, 100);
        const auto reduced = mixtureComponents(n, 50);
        for (const int threads : {1, 2}) {
            setThreadCount(threads);
            tell(n, "pca", runComponents(whole, 50));
            tell(n, "graph", runGraph(reduced, 15));
            for (const char* method : {"tsne", "umap"}) {
                if (findMethod(method) != nullptr)
                    tell(n, method, runMethod(reduced, method));
            }
        }
        setThreadCount(settings.threads);
    }
}

int runJudge(const Settings& settings)
{
    const auto table = tableFrom(settings.judged[0]);
    const auto layout = tableFrom(settings.judged[1]);
    if (table->size() != layout->size() || !layout->unusableRows().isEmpty()) {
        std::fprintf(stderr, "a layout must have a finite row for each row of the table\n");
        return 1;
    }
    std::vector<std::string> labels;
    if (settings.judged.size() > 2) {
        std::ifstream file(settings.judged[2]);
        for (std::string line; std::getline(file, line);) {
            if (!line.empty())
                labels.push_back(line);
        }
        if (static_cast<Index>(labels.size()) != table->size()) {
            std::fprintf(stderr, "the table has %s rows and the file of labels %zu\n",
                formatCount(table->size()).c_str(), labels.size());
            return 1;
        }
    }
    std::printf("%s\n",
        toJson(judge(table->vectors().floats(), layout->vectors().floats(), labels)).c_str());
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    Settings settings;
    CLI::App app("Times the projection engine; medians, by stage.");
    app.add_option("--only", settings.only, "Only these cases; \"growth\" is one");
    app.add_option("--runs", settings.runs, "Runs of which the median is told")
        ->check(CLI::Range(1, 1000));
    app.add_option("--threads", settings.threads, "Threads; 0 as many as processors");
    app.add_flag("--million", settings.isMillion, "The rows of a million points too");
    app.add_option("--table", settings.tables, "CASE=FILE: a table from a file for a case");
    app.add_option("--out", settings.out, "Folder for the layouts, CASE.npy each")
        ->check(CLI::ExistingDirectory);
    app.add_option("--write-tables", settings.written,
           "Only writes the tables there, CASE.npy each, for other programs")
        ->check(CLI::ExistingDirectory);
    app.add_flag("--json", settings.isJson, "A line of JSON for each row");
    app.add_flag("--list", settings.isList, "Names the cases and ends");
    app.add_option("--judge", settings.judged, "Judges a layout instead: X Y [LABELS]")
        ->expected(2, 3);
    CLI11_PARSE(app, argc, argv);

    if (settings.isList) {
        for (const Case& row : cases())
            std::printf("%s\n", std::string(row.id).c_str());
        std::printf("growth\n");
        return 0;
    }
    setThreadCount(settings.threads);
    if (!settings.judged.empty())
        return runJudge(settings);
    if (!settings.written.empty())
        return writeTables(settings) == 0 ? 0 : 1;
    const int faults = runCases(settings);
    if (isAsked(settings, "growth"))
        runGrowth(settings);
    return faults == 0 ? 0 : 1;
}
