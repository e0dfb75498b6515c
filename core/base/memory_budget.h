#pragma once

#include "core/base/index.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace embedscope {

/// Memory that this process can still take without the system swapping or ending it: what the
/// machine has available, or what is left of the limit that its control group sets, whichever is
/// less. nullopt where the system does not say.
std::optional<std::uint64_t> availableMemory();

/// While one lives, tables that its thread allocates (Matrix::allocate) have to fit into memory,
/// and one that does not is refused before anything of it is allocated or read. So every reader
/// asks without knowing, at the moment when it knows the size of its table. Budgets nest; the
/// innermost counts. Thread: of the thread that made it; loops that run on others are not bound.
class MemoryBudget
{
public:
    /// limit   bytes; nullopt: what is available when a large table is asked for.
    explicit MemoryBudget(std::optional<std::uint64_t> limit);
    ~MemoryBudget();
    MemoryBudget(const MemoryBudget&) = delete;
    MemoryBudget& operator=(const MemoryBudget&) = delete;

    /// TooLarge, with Error::refused, where rows x columns values do not fit. Anything goes where
    /// no budget lives. For readers that learn the size of a table before they allocate it.
    static Status admitTable(Index rows, Index columns, std::size_t valueBytes = sizeof(float));

private:
    std::optional<std::uint64_t> m_limit;
    MemoryBudget* m_outer;
};

} // namespace embedscope
