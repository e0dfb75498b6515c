#pragma once

#include "core/data/dataset.h"
#include "core/data/layout.h"
#include "core/io/open.h"
#include "ui/jobs/job_runner.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {

struct ProjectionRequest;

} // namespace embedscope

namespace embedscope::ui {

class ColorState;
class HealthState;
class LayoutList;
class NeighborState;
class ProjectionState;
class QualityState;
class SearchState;
class SelectionState;

/// A file that was laid beside the open one, or joined below it.
struct FileBeside
{
    QString path;
    bool isTable = false; ///< Joined below it; else metadata.
    ReadOptions options; ///< How a table is read.
};

/// A file that was to be opened, and waits for somebody to say which of its tables is meant.
struct OpenQuestion
{
    QString path;
    ReadOptions options;
    std::vector<FileBeside> beside;
    std::shared_ptr<const TableList> tables;
    /// Where files are to be added to the open map: which of `beside` it is about.
    std::optional<std::size_t> added;
    std::string likely; ///< The table to be marked first; empty: the best of them.
};

/// What was asked for when a table was too large.
struct TooLarge
{
    QString path;
    ReadOptions options;
    std::vector<FileBeside> beside;
    RefusedTable table;
    QString sentence; ///< As failed() would have it.
};

/// The one owner of what is on screen: the dataset, its layout, and the states of selection,
/// colour, search, neighbours, projection and quality. Panels ask it and are told by it, never by
/// each other. Thread: main thread only.
class Workspace : public QObject
{
    Q_OBJECT

public:
    explicit Workspace(QObject* parent = nullptr);
    ~Workspace() override;

    /// Null while nothing is open.
    const std::shared_ptr<const Dataset>& dataset() const { return m_dataset; }
    /// Path of the open file as it was given, and how it was read; empty while nothing is open.
    const QString& path() const { return m_path; }
    const ReadOptions& options() const { return m_options; }
    /// Paths of the tables joined below it, in order.
    QStringList addedPaths() const;
    /// Null until there is a picture.
    const std::shared_ptr<const Layout>& layout() const { return m_layout; }
    /// The maps of the table, of which layout() is one.
    LayoutList* layouts() const { return m_layouts; }
    /// Of which map layout() is: the same number while a run moves the points of one map, another
    /// where another map is shown. 0 while there is none.
    int shownLayoutId() const;

    SelectionState* selection() const { return m_selection; }
    ColorState* color() const { return m_color; }
    SearchState* search() const { return m_search; }
    NeighborState* neighbors() const { return m_neighbors; }
    ProjectionState* projection() const { return m_projection; }
    QualityState* quality() const { return m_quality; }
    HealthState* health() const { return m_health; }

    /// Path of the file being loaded; empty while none is.
    const QString& loadingPath() const { return m_loadingPath; }
    const QString& loadingStage() const { return m_loadingStage; }
    double loadingFraction() const { return m_loadingFraction; }
    bool isLoading() const { return !m_loadingPath.isEmpty(); }

    /// Opens a file in the background. What is open stays until the new one is read; on failure
    /// failed() is emitted and nothing changes. Then draws the PCA picture, or the places the
    /// file itself gives.
    /// Metadata files are then laid beside it, and further tables joined below it; what cannot be
    /// is reported by failed().
    void open(const QString& path, const ReadOptions& options = {},
        const QStringList& metadata = {}, const QStringList& added = {});
    /// Joins further tables below the open one, in the background; opens the first where none is.
    /// Maps are extended: their points keep their places and new ones are placed among them, where
    /// the method can do that; else PCA of them all is shown. Selection and history stay. Points
    /// are then coloured by their source. Of a file of several tables tableQuestion() asks, also
    /// where the likeliest is not as wide as the map and another is.
    void addToMap(const QStringList& paths);
    void stopLoading();
    /// Opens what tableQuestion() asked about: that table of it.
    void answer(const OpenQuestion& question, const std::string& tensor);
    /// Asks by tableQuestion(), instead of opening the likeliest table, where a file holds several
    /// and none stands out. Off at first: then somebody must answer.
    void setAsksForTable(bool asks) { m_asksForTable = asks; }
    /// What the open file holds to choose from; null where it holds one table.
    const std::shared_ptr<const TableList>& tables() const { return m_tables; }
    /// The steps of the run that the open file is one of; empty where it is none.
    const std::vector<SeriesStep>& steps() const { return m_steps; }
    /// Names the rows of the open table by a tokenizer file, in the background.
    void addTokenizer(const QString& path);
    /// Shows a table made in memory instead of the open one; it has no file to be reloaded from.
    void show(std::shared_ptr<const Dataset> dataset);
    /// Opens what was too large after all, by other options.
    void openPart(const TooLarge& refused, const ReadOptions& options);
    /// Reads the open file again, where the table came from one, with the options it was opened
    /// with; keeps the selection where the table has as many rows as before.
    void reload();
    void close();
    /// Lays a metadata file beside the open table, in the background.
    void addMetadata(const QString& path);
    /// Shows a saved layout (or any table of n rows and 2 or 3 numbers) as the map.
    void openLayout(const QString& path);
    /// Shows a map of the list; a run that is under way goes on unseen.
    void showLayout(int id);
    /// The map so many rows further in the list; the ends stand.
    void showLayoutBeside(int rows);
    /// Takes a map off the list; where it is shown, the one beside it is. Not the only one, nor one
    /// that is still being computed.
    void removeLayout(int id);
    bool canRemoveLayout(int id) const;
    /// Asks for the form to be filled with what the map was made by; only where it was computed.
    void useSettingsOf(int id);
    /// Writes the places of a map of the list, in the background.
    void saveLayout(int id, const QString& path);
    /// Shows two or three number columns as the map, without projecting.
    void showColumnsAsMap(const std::vector<std::size_t>& columns);
    /// What points are called; nullopt: by their row.
    void setLabelColumn(std::optional<std::size_t> column);

signals:
    void datasetChanged(); ///< Another table, or none. Everything else has been reset.
    void columnsChanged(); ///< The same table with more columns or another label column.
    void layoutChanged(); ///< Other places for the points, of the same or another table.
    void loadingChanged(); ///< path, stage or fraction
    /// The file holds several tables and none stands out; answer() opens one.
    void tableQuestion(const embedscope::ui::OpenQuestion& question);
    /// Somebody wants to run this, or nearly this.
    void settingsWanted(const embedscope::ProjectionRequest& request);
    /// Something the user asked for could not be done; one sentence.
    void failed(const QString& sentence);
    /// A file was not opened because its table is larger than the memory that is free; it can be
    /// opened in part, with other options. Emitted instead of failed().
    void tooLarge(const embedscope::ui::TooLarge& refused);
    /// Something worth a line in the status bar.
    void notified(const QString& sentence);

private:
    using Extended = std::vector<std::pair<int, std::shared_ptr<const Layout>>>;

    void openWith(
        const QString& path, const ReadOptions& options, const std::vector<FileBeside>& beside);
    void addFiles(const std::vector<FileBeside>& files);
    void extendMaps(const std::vector<FileBeside>& files, std::shared_ptr<const Dataset> added,
        std::shared_ptr<const Dataset> joined);
    void takeJoined(std::shared_ptr<const Dataset> joined, const Extended& maps);
    void colorBySource();
    void setDataset(std::shared_ptr<const Dataset> dataset);
    void setColumnsOf(std::shared_ptr<const Dataset> dataset);
    void showEntry(int id);
    void addGiven(const QString& name, std::shared_ptr<const Layout> layout);
    void followRun(const std::shared_ptr<const Layout>& layout);
    void endRun(bool isKept);
    void showFirstPicture();
    void startLoading(const QString& path);
    void endLoading();

    JobRunner m_loader;
    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const Layout> m_layout;
    LayoutList* m_layouts;
    bool m_followsRun = true; ///< The run that goes on is what is seen.
    int m_shownBefore = 0; ///< What discarding the run goes back to.
    SelectionState* m_selection;
    ColorState* m_color;
    SearchState* m_search;
    NeighborState* m_neighbors;
    ProjectionState* m_projection;
    QualityState* m_quality;
    bool m_asksForTable = false;
    std::shared_ptr<const TableList> m_tables;
    std::vector<SeriesStep> m_steps;
    HealthState* m_health;
    QString m_path; ///< Of the open file.
    ReadOptions m_options;
    std::vector<FileBeside> m_beside; ///< In order.
    QString m_loadingPath;
    QString m_loadingStage;
    double m_loadingFraction = 0;
};

} // namespace embedscope::ui
