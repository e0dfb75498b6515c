#include "core/base/memory_budget.h"

#include "core/base/text.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace embedscope {

namespace {

/// Tables below this size are let through without asking the system.
constexpr std::uint64_t kSmallTable = std::uint64_t{64} << 20U;
/// What a table needs besides its values: labels, columns, a map of it.
constexpr std::uint64_t kBesides = 10; // A tenth.

thread_local MemoryBudget* innermost = nullptr;

std::optional<std::uint64_t> numberIn(const std::string& path)
{
    std::ifstream file(path);
    std::string word;
    if (!(file >> word))
        return std::nullopt;
    const auto value = parseInteger(word); // "max" is none.
    return value && *value >= 0 ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
}

/// The number behind a name, as /proc/meminfo and memory.stat give them.
std::optional<std::uint64_t> entryIn(const std::string& path, std::string_view name)
{
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(name))
            continue;
        std::string_view rest = trimmed(std::string_view(line).substr(name.size()));
        const auto value = parseInteger(rest.substr(0, rest.find(' ')));
        return value && *value >= 0 ? std::optional(static_cast<std::uint64_t>(*value))
                                    : std::nullopt;
    }
    return std::nullopt;
}

/// What is left of a control group's limit; file pages that can be dropped do not count as taken.
std::optional<std::uint64_t> leftOf(
    const std::string& folder, const char* limit, const char* usage, const char* droppable)
{
    const auto most = numberIn(folder + limit);
    const auto taken = numberIn(folder + usage);
    if (!most || !taken)
        return std::nullopt;
    const std::uint64_t dropped = entryIn(folder + "memory.stat", droppable).value_or(0);
    const std::uint64_t held = *taken - std::min(*taken, dropped);
    return *most - std::min(*most, held);
}

/// The folder of this process's group in the unified hierarchy: "0::/user.slice/…".
std::string unifiedGroup()
{
    std::ifstream file("/proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("0::"))
            return line.substr(3);
    }
    return {};
}

std::optional<std::uint64_t> leftOfGroups()
{
    std::optional<std::uint64_t> least;
    const auto take = [&least](std::optional<std::uint64_t> left) {
        if (left && (!least || *left < *least))
            least = left;
    };
    // Every group above this one may have a limit of its own.
    std::string group = unifiedGroup();
    while (true) {
        take(leftOf("/sys/fs/cgroup" + group + (group.ends_with('/') ? "" : "/"), "memory.max",
            "memory.current", "inactive_file "));
        if (group.size() <= 1)
            break;
        group.resize(group.find_last_of('/'));
    }
    take(leftOf("/sys/fs/cgroup/memory/", "memory.limit_in_bytes", "memory.usage_in_bytes",
        "total_inactive_file "));
    return least;
}

} // namespace

std::optional<std::uint64_t> availableMemory()
{
    auto available = entryIn("/proc/meminfo", "MemAvailable:");
    if (available)
        *available *= 1024;
    const auto group = leftOfGroups();
    if (!available || !group)
        return available ? available : group;
    return std::min(*available, *group);
}

MemoryBudget::MemoryBudget(std::optional<std::uint64_t> limit)
    : m_limit(limit)
    , m_outer(innermost)
{
    innermost = this;
}

MemoryBudget::~MemoryBudget()
{
    innermost = m_outer;
}

Status MemoryBudget::admitTable(Index rows, Index columns, std::size_t valueBytes)
{
    if (innermost == nullptr || rows <= 0 || columns <= 0)
        return {};
    constexpr Index kMost = std::numeric_limits<Index>::max() / 8;
    if (rows > kMost / columns)
        return {}; // Refused for another reason by who allocates.
    const std::uint64_t bytes = static_cast<std::uint64_t>(rows * columns) * valueBytes;
    const bool isAsked = innermost->m_limit.has_value();
    if (!isAsked && bytes < kSmallTable)
        return {};
    const auto allowed = isAsked ? innermost->m_limit : availableMemory();
    if (!allowed || bytes + (isAsked ? 0 : bytes / kBesides) <= *allowed)
        return {};
    Error error{ErrorCode::TooLarge,
        "the table of " + formatCount(rows) + " x " + formatCount(columns) + " values takes "
            + formatBytes(bytes) + " in memory, and "
            + (isAsked ? formatBytes(*allowed) + " are allowed"
                       : "only " + formatBytes(*allowed) + " are free"),
        {}, {}, {}};
    error.refused = RefusedTable{rows, columns, bytes, *allowed};
    return error;
}

} // namespace embedscope
