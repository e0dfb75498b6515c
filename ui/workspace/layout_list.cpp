#include "ui/workspace/layout_list.h"

#include "ui/convert.h"

#include <algorithm>
#include <utility>

namespace embedscope::ui {

namespace {

constexpr std::size_t kBudget = std::size_t{256} << 20;

/// "learning_rate" as in a sentence.
QString words(const std::string& id)
{
    return toQString(id).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString shortText(const ParameterValue& value)
{
    if (const auto* number = std::get_if<double>(&value))
        return QString::number(*number, 'g', 4);
    return toQString(toText(value));
}

} // namespace

LayoutList::LayoutList(QObject* parent)
    : QObject(parent)
    , m_budget(kBudget)
{
}

const KeptLayout* LayoutList::find(int id) const
{
    const auto found = std::find_if(
        m_entries.begin(), m_entries.end(), [id](const KeptLayout& kept) { return kept.id == id; });
    return found == m_entries.end() ? nullptr : &*found;
}

KeptLayout* LayoutList::entry(int id)
{
    return const_cast<KeptLayout*>(std::as_const(*this).find(id));
}

std::size_t LayoutList::bytesOf(const Layout& layout)
{
    return static_cast<std::size_t>(layout.positions.rows() * layout.positions.columns())
        * sizeof(float)
        + layout.omitted.size() * sizeof(PointId)
        + layout.diagnostics.lossHistory.size() * sizeof(layout.diagnostics.lossHistory[0]);
}

std::size_t LayoutList::bytes() const
{
    std::size_t sum = 0;
    for (const KeptLayout& kept : m_entries)
        sum += bytesOf(*kept.layout);
    return sum;
}

void LayoutList::setBudget(std::size_t bytes)
{
    m_budget = bytes;
    makeRoom();
}

int LayoutList::insert(KeptLayout entry)
{
    entry.id = ++m_lastId;
    entry.name = freeName(entry.name, entry.id);
    m_entries.push_back(std::move(entry));
    return m_lastId;
}

int LayoutList::add(KeptLayout entry)
{
    const int id = insert(std::move(entry));
    emit changed();
    makeRoom();
    return id;
}

int LayoutList::addRunning(KeptLayout entry)
{
    m_running = insert(std::move(entry));
    emit changed();
    return m_running;
}

void LayoutList::updateRunning(std::shared_ptr<const Layout> layout)
{
    KeptLayout* running = entry(m_running);
    if (!running)
        return;
    running->layout = std::move(layout);
    emit entryChanged(m_running);
}

void LayoutList::keepRunning(double seconds, bool isChangedLive)
{
    KeptLayout* running = entry(m_running);
    if (!running)
        return;
    running->seconds = seconds;
    running->isChangedLive = isChangedLive;
    const int id = std::exchange(m_running, 0);
    emit entryChanged(id);
    makeRoom();
}

void LayoutList::dropRunning()
{
    const int id = std::exchange(m_running, 0);
    if (id == 0)
        return;
    std::erase_if(m_entries, [id](const KeptLayout& kept) { return kept.id == id; });
    emit changed();
    if (m_shown == id)
        setShown(0);
}

void LayoutList::extend(int id, std::shared_ptr<const Layout> layout)
{
    KeptLayout* kept = entry(id);
    if (!kept)
        return;
    kept->layout = std::move(layout);
    kept->isExtended = true;
    emit entryChanged(id);
}

void LayoutList::setShown(int id)
{
    if (m_shown == id)
        return;
    m_shown = id;
    emit shownChanged();
}

void LayoutList::rename(int id, const QString& name)
{
    KeptLayout* kept = entry(id);
    const QString wanted = name.simplified();
    if (!kept || wanted.isEmpty() || wanted == kept->name)
        return;
    kept->name = freeName(wanted, id);
    emit entryChanged(id);
}

void LayoutList::setPinned(int id, bool isPinned)
{
    KeptLayout* kept = entry(id);
    if (!kept || kept->isPinned == isPinned)
        return;
    kept->isPinned = isPinned;
    emit entryChanged(id);
    makeRoom();
}

void LayoutList::remove(int id)
{
    if (id == m_shown || id == m_running)
        return;
    if (std::erase_if(m_entries, [id](const KeptLayout& kept) { return kept.id == id; }) > 0)
        emit changed();
}

void LayoutList::clear()
{
    m_entries.clear();
    m_running = 0;
    emit changed();
    setShown(0);
}

int LayoutList::idBeside(int id, int rows) const
{
    if (m_entries.empty())
        return 0;
    const KeptLayout* kept = find(id);
    const auto last = static_cast<std::ptrdiff_t>(m_entries.size()) - 1;
    const std::ptrdiff_t at = kept ? kept - m_entries.data() + rows : last;
    return m_entries[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, last))].id;
}

QString LayoutList::freeName(const QString& wanted, int exceptId) const
{
    const auto isTaken = [&](const QString& name) {
        return std::any_of(m_entries.begin(), m_entries.end(),
            [&](const KeptLayout& kept) { return kept.id != exceptId && kept.name == name; });
    };
    QString name = wanted;
    for (int number = 2; isTaken(name); ++number)
        name = tr("%1 (%2)").arg(wanted).arg(number);
    return name;
}

void LayoutList::makeRoom()
{
    while (bytes() > m_budget) {
        const auto oldest
            = std::find_if(m_entries.begin(), m_entries.end(), [this](const KeptLayout& kept) {
                  return !kept.isPinned && kept.id != m_shown && kept.id != m_running;
              });
        // The newest is what the user has just asked for.
        if (oldest == m_entries.end() || std::next(oldest) == m_entries.end())
            return;
        const QString name = oldest->name;
        m_entries.erase(oldest);
        emit changed();
        emit dropped(name);
    }
}

ProjectionRequest settingsOf(const KeptLayout& map)
{
    ProjectionRequest settings = *map.request;
    const Method* method = findMethod(settings.method);
    if (!method)
        return settings;
    ParameterValues values;
    for (const ParameterInfo& info : method->parameters) {
        const ParameterValue* asked = findValue(settings.parameters, info.id);
        const ParameterValue* used = findValue(map.layout->recipe.parameters, info.id);
        const bool wasLeftToMethod
            = info.allowsAuto && toText(asked ? *asked : info.defaultValue) == "auto";
        const ParameterValue* value = wasLeftToMethod || !used ? asked : used;
        if (value && toText(*value) != toText(info.defaultValue))
            values.emplace_back(std::string(info.id), *value);
    }
    settings.parameters = std::move(values);
    return settings;
}

QString nameOf(const ProjectionRequest& request)
{
    const Method* method = findMethod(request.method);
    QString name = method ? toQString(method->name) : toQString(request.method);
    for (const auto& [id, value] : request.parameters) {
        const bool isSwitch = std::holds_alternative<bool>(value);
        if (isSwitch && std::get<bool>(value))
            name += LayoutList::tr(", %1").arg(words(id));
        else if (isSwitch)
            name += LayoutList::tr(", no %1").arg(words(id));
        else
            name += LayoutList::tr(", %1 %2").arg(words(id), shortText(value));
    }
    if (request.dimensions == 3)
        name += LayoutList::tr(", 3D");
    if (request.seed != 0)
        name += LayoutList::tr(", seed %1").arg(request.seed);
    if (request.normalization == "center")
        name += LayoutList::tr(", centred");
    else if (request.normalization == "unit")
        name += LayoutList::tr(", unit length");
    return name;
}

} // namespace embedscope::ui
