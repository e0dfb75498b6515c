#include "core/io/tensors/inversion_series.h"

#include "core/base/text.h"
#include "core/io/open.h"
#include "core/io/tensors/tensor_table.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

namespace embedscope {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostSteps = 10'000;
constexpr std::uint64_t kMostBytes = std::uint64_t{512} << 20U; ///< Of a file.

/// What a file belongs to: its name without its number; or its folder's, where that has one.
std::optional<NumberedName> groupOf(const std::string& path)
{
    const fs::path file(path);
    if (const auto own = numberedName(fileStem(path)))
        return NumberedName{
            file.parent_path().string() + '/' + own->rest + file.extension().string(), own->number};
    const fs::path folder = file.parent_path();
    if (const auto own = numberedName(folder.filename().string())) {
        return NumberedName{
            folder.parent_path().string() + '/' + own->rest + '/' + file.filename().string(),
            own->number};
    }
    return std::nullopt;
}

std::string fileName(const std::string& path)
{
    return printable(fs::path(path).filename().string());
}

} // namespace

std::optional<NumberedName> numberedName(const std::string& stem)
{
    const auto end = stem.find_last_not_of("0123456789");
    const std::size_t begin = end == std::string::npos ? 0 : end + 1;
    if (begin == 0 || begin == stem.size() || stem.size() - begin > 9)
        return std::nullopt;
    if (stem[begin - 1] != '-' && stem[begin - 1] != '_' && stem[begin - 1] != ' ')
        return std::nullopt;
    return NumberedName{stem.substr(0, begin), *parseInteger(stem.substr(begin))};
}

std::vector<SeriesStep> findSeries(const std::vector<std::string>& paths)
{
    std::map<std::string, std::vector<SeriesStep>> groups;
    for (const std::string& path : paths) {
        if (auto group = groupOf(path))
            groups[group->rest].push_back({group->number, path});
    }
    std::vector<SeriesStep> largest;
    for (auto& [rest, steps] : groups) {
        if (steps.size() > largest.size())
            largest = steps;
    }
    if (largest.size() < 2)
        return {};
    std::stable_sort(largest.begin(), largest.end(),
        [](const SeriesStep& a, const SeriesStep& b) { return a.step < b.step; });
    return largest;
}

std::string seriesName(const std::vector<SeriesStep>& steps)
{
    const auto own = numberedName(fileStem(steps.front().path));
    std::string name = own ? own->rest : fileStem(steps.front().path);
    while (!name.empty() && (name.back() == '-' || name.back() == '_' || name.back() == ' '))
        name.pop_back();
    for (const std::string_view word : {"-steps", "-step", "_steps", "_step"}) {
        if (name.size() > word.size() && name.ends_with(word))
            name.resize(name.size() - word.size());
    }
    return name;
}

Result<Table> readSeries(const std::vector<SeriesStep>& steps, const std::string& name,
    const ReadOptions& options, const Progress& progress)
{
    ReadOptions inner = options;
    inner.labelColumn.clear();
    inner.metadataPath.clear();
    inner.rows = {};
    Table table;
    std::vector<std::shared_ptr<const Dataset>> read;
    std::vector<std::int64_t> numbers;
    std::optional<Error> firstError;
    Index rows = 0;
    const std::size_t count = std::min(steps.size(), kMostSteps);
    for (std::size_t i = 0; i < count; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(count);
        progress.report("Reading the steps", share);
        EMBEDSCOPE_TRY_ASSIGN(const auto source, openFile(steps[i].path));
        if (source->size() > kMostBytes) {
            return Error{ErrorCode::TooLarge,
                "the files of this series are checkpoints of whole models; open one of them",
                steps[i].path, {}, {}};
        }
        auto dataset = openDataset(source, inner, Progress(progress.stopToken()));
        if (!dataset) {
            if (dataset.error().code == ErrorCode::Stopped)
                return dataset.error();
            table.warnings.push_back("The step " + formatCount(steps[i].step)
                + " could not be read: " + describe(dataset.error()));
            if (!firstError)
                firstError = dataset.error();
            continue;
        }
        if ((*dataset)->size() > kMostStepVectors) {
            return Error{ErrorCode::TooLarge,
                "the files of this series hold large tables, which are not joined; open one of "
                "them",
                steps[i].path, {}, {}};
        }
        if (!read.empty() && (*dataset)->dimensions() != read.front()->dimensions()) {
            table.warnings.push_back("The step " + formatCount(steps[i].step) + " ("
                + fileName(steps[i].path) + ") is left out: its vectors have "
                + formatCount((*dataset)->dimensions()) + " dimensions, not "
                + formatCount(read.front()->dimensions()) + '.');
            continue;
        }
        rows += (*dataset)->size();
        numbers.push_back(steps[i].step);
        read.push_back(std::move(dataset).value());
    }
    if (read.empty())
        return *std::move(firstError);

    EMBEDSCOPE_TRY_ASSIGN(table.vectors, Matrix::allocate(rows, read.front()->dimensions()));
    TextValues labels;
    NumberValues stepColumn;
    NumberValues vectorColumn;
    Index row = 0;
    for (std::size_t i = 0; i < read.size(); ++i) {
        const VectorsView vectors = read[i]->vectors();
        for (Index j = 0; j < vectors.rows(); ++j, ++row) {
            vectors.copyRows(j, j + 1, table.vectors.row(row));
            labels.append(name + ' ' + std::to_string(numbers[i])
                + (vectors.rows() > 1 ? " #" + std::to_string(j + 1) : std::string()));
            stepColumn.values.push_back(static_cast<double>(numbers[i]));
            vectorColumn.values.push_back(static_cast<double>(j + 1));
        }
    }
    table.columns.emplace_back("label", std::move(labels));
    table.columns.emplace_back("step", std::move(stepColumn));
    table.columns.emplace_back("vector", std::move(vectorColumn));
    table.labelColumn = 0;
    const Provenance& last = read.back()->provenance();
    table.provenance.format = last.format;
    table.provenance.dtype = last.dtype;
    table.provenance.tensor = last.tensor;
    table.provenance.inversion = last.inversion;
    for (const auto& dataset : read) {
        table.provenance.fileBytes += dataset->provenance().fileBytes;
        table.provenance.companions.push_back(dataset->provenance().path);
    }
    table.provenance.notes.push_back(formatCount(static_cast<Index>(read.size()))
        + " steps of one run, from " + formatCount(numbers.front()) + " to "
        + formatCount(numbers.back()) + ", by the numbers in the names of their files.");
    for (const std::string& note : last.notes)
        table.provenance.notes.push_back("The last step: " + note);
    return table;
}

} // namespace embedscope
