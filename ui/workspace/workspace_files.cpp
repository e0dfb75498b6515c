#include "ui/workspace/workspace.h"

#include "core/io/open_joined.h"
#include "core/io/writers/write.h"
#include "core/projection/extended.h"
#include "ui/convert.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <algorithm>

namespace embedscope::ui {

namespace {

using DatasetPointer = std::shared_ptr<const Dataset>;
using LayoutPointer = std::shared_ptr<const Layout>;

/// A path as the system knows it, which need not be UTF-8.
std::string systemPath(const QString& path)
{
    return QFile::encodeName(path).toStdString();
}

/// The table of an added file that is as wide as the map; empty where it is the best one anyway, or
/// none is.
std::string fittingTable(const TableList& list, Index width)
{
    const auto fits = [width](const TensorSummary& table) {
        return table.shape.size() == 2 && table.shape[1] == static_cast<std::uint64_t>(width);
    };
    if (!list.best || fits(list.tables[*list.best]))
        return {};
    const TensorSummary* found = nullptr;
    for (const TensorSummary& table : list.tables) {
        if (fits(table) && table.score > (found ? found->score : 0))
            found = &table;
    }
    return found ? found->name : std::string();
}

/// An added file, opened, or what its tables are where it is to be asked which is meant.
struct AddedTable
{
    DatasetPointer dataset; ///< Null where it is to be asked.
    std::shared_ptr<const TableList> tables;
    std::string likely;
};

Result<AddedTable> openAdded(
    const FileBeside& file, Index width, bool asks, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(
        Opening opening, openAndList(systemPath(file.path), file.options, asks, progress));
    AddedTable added{std::move(opening.dataset), nullptr, {}};
    if (asks && file.options.tensor.empty() && opening.tables.candidates() > 1)
        added.likely = fittingTable(opening.tables, width);
    if (!added.likely.empty())
        added.dataset = nullptr;
    if (!added.dataset)
        added.tables = std::make_shared<const TableList>(std::move(opening.tables));
    return added;
}

/// The table with one more file beside or below it; null where it is to be asked which table of
/// the file is meant.
Result<DatasetPointer> with(
    const DatasetPointer& dataset, const FileBeside& file, bool asks, const Progress& progress)
{
    if (!file.isTable)
        return withMetadataFile(dataset, systemPath(file.path), progress);
    EMBEDSCOPE_TRY_ASSIGN(const AddedTable added,
        openAdded(file, dataset->dimensions(), asks, progress.part(0, 0.7)));
    if (!added.dataset)
        return added.dataset;
    return joinTables({dataset, added.dataset}, file.options.maxMemory, progress.part(0.7, 1));
}

} // namespace

QStringList Workspace::addedPaths() const
{
    QStringList paths;
    for (const FileBeside& file : m_beside) {
        if (file.isTable)
            paths.append(file.path);
    }
    return paths;
}

void Workspace::open(const QString& path, const ReadOptions& options, const QStringList& metadata,
    const QStringList& added)
{
    std::vector<FileBeside> beside;
    for (const QString& file : metadata)
        beside.push_back({file, false, {}});
    for (const QString& file : added)
        beside.push_back({file, true, optionsOfAdded(options)});
    openWith(path, options, beside);
}

void Workspace::openWith(
    const QString& path, const ReadOptions& options, const std::vector<FileBeside>& beside)
{
    struct Opened
    {
        std::shared_ptr<const TableList> tables;
        DatasetPointer dataset; ///< Null where it is to be asked which of the tables is meant.
        std::vector<FileBeside> beside; ///< What could be laid beside it.
        std::vector<FileBeside> asked; ///< Of these it is to be asked which table is meant.
        std::vector<SeriesStep> steps;
        QStringList failures; ///< Sentences on what could not.
    };
    startLoading(path);
    m_loader.run<Opened>(
        [file = systemPath(path), options, beside, asks = m_asksForTable](
            const JobContext& context) -> Result<Opened> {
            const Progress& progress = context.progress();
            const double share = 1.0 / static_cast<double>(1 + beside.size());
            Opened opened;
            EMBEDSCOPE_TRY_ASSIGN(
                Opening opening, openAndList(file, options, asks, progress.part(0, share)));
            if (opening.tables.candidates() > 1)
                opened.tables = std::make_shared<const TableList>(std::move(opening.tables));
            opened.dataset = std::move(opening.dataset);
            opened.steps = std::move(opening.steps);
            if (!opened.dataset)
                return opened;
            for (std::size_t i = 0; i < beside.size(); ++i) {
                const double begin = static_cast<double>(i + 1) * share;
                const Progress part = progress.part(begin, std::min(1.0, begin + share));
                if (beside[i].isTable && !opened.asked.empty()) {
                    opened.asked.push_back(beside[i]); // Rows stand in the order of the files.
                    continue;
                }
                auto more = with(opened.dataset, beside[i], asks, part);
                if (more && !*more) {
                    opened.asked.push_back(beside[i]);
                } else if (more) {
                    opened.dataset = std::move(more).value();
                    opened.beside.push_back(beside[i]);
                } else if (more.error().code == ErrorCode::Stopped) {
                    return std::move(more).error();
                } else {
                    opened.failures.append(toQString(describe(more.error())));
                }
            }
            return opened;
        },
        [this, path, options, beside](Result<Opened> result) {
            endLoading();
            if (!result) {
                const QString sentence = toQString(describe(result.error()));
                if (result.error().refused)
                    emit tooLarge({path, options, beside, *result.error().refused, sentence});
                else if (result.error().code != ErrorCode::Stopped)
                    emit failed(sentence);
                return;
            }
            if (!result->dataset) {
                emit tableQuestion({path, options, beside, result->tables, {}, {}});
                return;
            }
            const bool isReload
                = m_dataset && m_path == path && m_dataset->size() == result->dataset->size();
            const PointSet selected = m_selection->selected();
            const PointId current = m_selection->current();
            m_path = path;
            m_options = options;
            m_beside = result->beside;
            m_tables = result->tables;
            m_steps = result->steps;
            setDataset(result->dataset);
            if (isReload && !selected.isEmpty()) {
                m_selection->select(selected, SelectionMode::Replace);
                if (current != kNoPoint)
                    m_selection->setCurrent(current);
            }
            for (const QString& sentence : result->failures)
                emit failed(sentence);
            if (!result->asked.empty())
                addFiles(result->asked);
        });
}

void Workspace::answer(const OpenQuestion& question, const std::string& tensor)
{
    if (question.added) {
        std::vector<FileBeside> files = question.beside;
        files[*question.added].options.tensor = tensor;
        addFiles(files);
        return;
    }
    ReadOptions options = question.options;
    options.tensor = tensor;
    openWith(question.path, options, question.beside);
}

void Workspace::openPart(const TooLarge& refused, const ReadOptions& options)
{
    openWith(refused.path, options, refused.beside);
}

void Workspace::reload()
{
    if (m_dataset && !m_path.isEmpty())
        openWith(m_path, m_options, m_beside);
}

void Workspace::addToMap(const QStringList& paths)
{
    if (paths.isEmpty())
        return;
    if (!m_dataset) {
        open(paths.first(), {}, {}, paths.mid(1));
        return;
    }
    std::vector<FileBeside> files;
    for (const QString& path : paths)
        files.push_back({path, true, optionsOfAdded(m_options)});
    addFiles(files);
}

void Workspace::addFiles(const std::vector<FileBeside>& files)
{
    struct Added
    {
        DatasetPointer added; ///< The new rows alone.
        DatasetPointer joined;
        std::optional<OpenQuestion> question; ///< Instead, where it is to be asked first.
    };
    if (!m_dataset || files.empty())
        return;
    startLoading(files.front().path);
    m_loader.run<Added>(
        [base = m_dataset, files, maxMemory = m_options.maxMemory, asks = m_asksForTable](
            const JobContext& context) -> Result<Added> {
            const Progress& progress = context.progress();
            const double share = 0.6 / static_cast<double>(files.size());
            Added result;
            std::vector<DatasetPointer> tables;
            for (std::size_t i = 0; i < files.size(); ++i) {
                const double begin = static_cast<double>(i) * share;
                EMBEDSCOPE_TRY_ASSIGN(AddedTable table,
                    openAdded(
                        files[i], base->dimensions(), asks, progress.part(begin, begin + share)));
                if (!table.dataset) {
                    result.question = OpenQuestion{
                        files[i].path, files[i].options, files, table.tables, i, table.likely};
                    return result;
                }
                tables.push_back(std::move(table.dataset));
            }
            result.added = tables.front();
            if (tables.size() > 1) {
                EMBEDSCOPE_TRY_ASSIGN(
                    result.added, joinTables(tables, maxMemory, progress.part(0.6, 0.7)));
            }
            EMBEDSCOPE_TRY_ASSIGN(
                result.joined, joinTables({base, result.added}, maxMemory, progress.part(0.7, 1)));
            return result;
        },
        [this, base = m_dataset, files](Result<Added> result) {
            if (result && result->question) {
                endLoading();
                emit tableQuestion(*result->question);
                return;
            }
            if (result && base != m_dataset) { // Other columns or labels meanwhile.
                addFiles(files);
                return;
            }
            if (result) {
                extendMaps(files, result->added, result->joined);
                return;
            }
            endLoading();
            if (result.error().code != ErrorCode::Stopped)
                emit failed(toQString(describe(result.error())));
        });
}

void Workspace::extendMaps(
    const std::vector<FileBeside>& files, DatasetPointer added, DatasetPointer joined)
{
    m_projection->stop(); // What it has reached is what is extended.
    Extended maps;
    for (const KeptLayout& kept : m_layouts->entries())
        maps.emplace_back(kept.id, kept.layout);
    m_loader.run<Extended>(
        [workbench = m_projection->workbench(), maps, added](
            const JobContext& context) -> Result<Extended> {
            Extended extended;
            const double share = 1.0 / static_cast<double>(std::max<std::size_t>(1, maps.size()));
            for (const auto& [id, layout] : maps) {
                const double begin = static_cast<double>(extended.size()) * share;
                EMBEDSCOPE_TRY_ASSIGN(Layout more,
                    extendLayout(*workbench, *layout, *added,
                        context.progress().part(begin, std::min(1.0, begin + share))));
                extended.emplace_back(id, std::make_shared<const Layout>(std::move(more)));
            }
            return extended;
        },
        [this, base = m_dataset, maps, files, added, joined](Result<Extended> result) {
            if (!result) {
                endLoading();
                if (result.error().code != ErrorCode::Stopped)
                    emit failed(toQString(describe(result.error())));
                return;
            }
            if (base != m_dataset) {
                addFiles(files);
                return;
            }
            // A run that had not quite ended, or a new one, has moved points since.
            const auto& entries = m_layouts->entries();
            const bool isSame = std::equal(entries.begin(), entries.end(), maps.begin(), maps.end(),
                [](const KeptLayout& kept, const auto& map) {
                    return kept.id == map.first && kept.layout == map.second;
                });
            if (!isSame || m_layouts->runningId() != 0
                || m_projection->phase() != ProjectionState::Phase::Idle) {
                extendMaps(files, added, joined);
                return;
            }
            endLoading();
            m_beside.insert(m_beside.end(), files.begin(), files.end());
            takeJoined(joined, *result);
            const QString name = QFileInfo(files.front().path).fileName();
            emit notified(added->size() == 1
                    ? tr("1 point of %1 was added").arg(name)
                    : tr("%1 points of %2 were added").arg(numberText(added->size()), name));
        });
}

void Workspace::takeJoined(DatasetPointer joined, const Extended& maps)
{
    m_dataset = std::move(joined);
    m_projection->reset(m_dataset);
    for (const auto& [id, layout] : maps)
        m_layouts->extend(id, layout);
    const KeptLayout* shown = m_layouts->find(m_layouts->shownId());
    m_layout = shown ? shown->layout : nullptr;
    m_quality->reset(m_dataset);
    m_color->reset(m_dataset);
    m_search->reset(m_dataset);
    m_selection->grow(m_dataset->size());
    m_neighbors->extend(m_dataset);
    colorBySource();
    emit datasetChanged();
    m_quality->setLayout(m_layout);
    emit layoutChanged();
    if (!m_layout || !canBeJoined(*m_layout))
        m_projection->run(ProjectionRequest{});
}

void Workspace::colorBySource()
{
    if (!m_dataset || m_dataset->provenance().sourceColumn.empty())
        return;
    if (const auto column = findColumn(m_dataset->columns(), m_dataset->provenance().sourceColumn))
        m_color->setColumn(column);
}

void Workspace::addMetadata(const QString& path)
{
    if (!m_dataset)
        return;
    startLoading(path);
    m_loader.run<DatasetPointer>(
        [dataset = m_dataset, file = systemPath(path)](const JobContext& context) {
            return withMetadataFile(dataset, file, context.progress());
        },
        [this, path](Result<DatasetPointer> result) {
            endLoading();
            if (result) {
                m_beside.push_back({path, false, {}});
                setColumnsOf(std::move(result).value());
            } else if (result.error().code != ErrorCode::Stopped) {
                emit failed(toQString(describe(result.error())));
            }
        });
}

void Workspace::addTokenizer(const QString& path)
{
    if (!m_dataset)
        return;
    if (findColumn(m_dataset->columns(), "token") && !m_path.isEmpty()) {
        // It takes the place of the tokens that the table has.
        ReadOptions options = m_options;
        options.tokenizerPath = systemPath(path);
        openWith(m_path, options, m_beside);
        return;
    }
    startLoading(path);
    m_loader.run<DatasetPointer>(
        [dataset = m_dataset, file = systemPath(path)](const JobContext& context) {
            return withTokenizerFile(dataset, file, context.progress());
        },
        [this, path](Result<DatasetPointer> result) {
            endLoading();
            if (result) {
                m_options.tokenizerPath = systemPath(path);
                setColumnsOf(std::move(result).value());
            } else if (result.error().code != ErrorCode::Stopped) {
                emit failed(toQString(describe(result.error())));
            }
        });
}

void Workspace::openLayout(const QString& path)
{
    if (!m_dataset)
        return;
    startLoading(path);
    m_loader.run<LayoutPointer>(
        [dataset = m_dataset, file = systemPath(path)](
            const JobContext& context) -> Result<LayoutPointer> {
            EMBEDSCOPE_TRY_ASSIGN(auto layout, readLayout(file, *dataset, context.progress()));
            return std::make_shared<const Layout>(std::move(layout));
        },
        [this, path](Result<LayoutPointer> result) {
            endLoading();
            if (result) {
                addGiven(QFileInfo(path).fileName(), *result);
            } else if (result.error().code != ErrorCode::Stopped) {
                emit failed(toQString(describe(result.error())));
            }
        });
}

void Workspace::saveLayout(int id, const QString& path)
{
    const KeptLayout* entry = m_layouts->find(id);
    if (!m_dataset || !entry)
        return;
    // A runner of its own: two maps saved one after the other must both come about.
    auto* runner = new JobRunner(this);
    runner->run<void>(
        [dataset = m_dataset, layout = entry->layout, file = systemPath(path)](
            const JobContext& context) {
            return writeLayout(file, *dataset, *layout, context.progress());
        },
        [this, runner, path](const Status& status) {
            runner->deleteLater();
            if (status)
                emit notified(tr("Saved %1").arg(QDir::toNativeSeparators(path)));
            else if (status.error().code != ErrorCode::Stopped)
                emit failed(toQString(describe(status.error())));
        });
}

void Workspace::startLoading(const QString& path)
{
    m_loadingPath = path;
    m_loadingStage.clear();
    m_loadingFraction = 0;
    emit loadingChanged();
}

void Workspace::endLoading()
{
    if (m_loadingPath.isEmpty())
        return;
    m_loadingPath.clear();
    emit loadingChanged();
}

} // namespace embedscope::ui
