#pragma once

#include "core/projection/projection.h"

#include <QObject>
#include <QString>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace embedscope::ui {

/// A map that is kept, and how it came about.
struct KeptLayout
{
    int id = 0; ///< Never 0, never used again while the table is open.
    QString name;
    std::shared_ptr<const Layout> layout;
    /// What was run, without the layout that it started from; nullopt for given coordinates.
    std::optional<ProjectionRequest> request;
    bool isStartedFromAnother = false;
    bool isChangedLive = false; ///< A parameter was changed while it ran.
    bool isTakenFurther = false; ///< It went on beyond its end.
    bool isExtended = false; ///< Rows of another table were placed among its own.
    bool isPinned = false;
    double seconds = 0; ///< Of computing.
};

/// The maps of the open table: every run that ended, the one that goes on, and coordinates that
/// were given. One of them is shown. Takes at most so much memory: the oldest that is not pinned
/// goes first, and dropped() tells of it.
class LayoutList : public QObject
{
    Q_OBJECT

public:
    explicit LayoutList(QObject* parent = nullptr);

    /// Oldest first. A copy of what is in here is cheap.
    const std::vector<KeptLayout>& entries() const { return m_entries; }
    const KeptLayout* find(int id) const;
    /// Which is on screen; 0 while none is.
    int shownId() const { return m_shown; }
    /// Which is still being computed; 0 while none is.
    int runningId() const { return m_running; }
    std::size_t bytes() const;
    static std::size_t bytesOf(const Layout& layout);

    std::size_t budget() const { return m_budget; }
    void setBudget(std::size_t bytes);

    /// Adds a map and gives its id; a name that stands already gets a number.
    int add(KeptLayout entry);
    /// The same for the run that goes on, of which newer layouts follow.
    int addRunning(KeptLayout entry);
    void updateRunning(std::shared_ptr<const Layout> layout);
    void keepRunning(double seconds, bool isChangedLive);
    void dropRunning();

    /// Gives a map places for rows that were added to the table.
    void extend(int id, std::shared_ptr<const Layout> layout);

    void setShown(int id);
    void rename(int id, const QString& name);
    void setPinned(int id, bool isPinned);
    /// Not the one that is shown or running.
    void remove(int id);
    void clear();

    /// The id of the map so many rows further; the ends stand. 0 where there is none.
    int idBeside(int id, int rows) const;

signals:
    /// Entries came, went or were renamed.
    void changed();
    /// The run that goes on, or the one that ended, has another layout.
    void entryChanged(int id);
    void shownChanged();
    void dropped(const QString& name);

private:
    KeptLayout* entry(int id);
    int insert(KeptLayout entry);
    QString freeName(const QString& wanted, int exceptId) const;
    void makeRoom();

    std::vector<KeptLayout> m_entries;
    std::size_t m_budget;
    int m_lastId = 0;
    int m_shown = 0;
    int m_running = 0;
};

/// What to ask for to get the map again: as it was asked for, with what was changed while it ran;
/// what was left to the method stays so. Only for maps with a request.
ProjectionRequest settingsOf(const KeptLayout& map);

/// "t-SNE, perplexity 50, 3D": the method and what differs from its defaults.
QString nameOf(const ProjectionRequest& request);

} // namespace embedscope::ui
