#pragma once

#include "core/base/index.h"

#include <utility>
#include <vector>

namespace embedscope {

/// Round `round` of a tournament in which each of `count` blocks meets each other once and no block
/// plays twice in a round, so that the pairs of a round may run side by side. Rounds go from 0 to
/// tournamentRounds() - 1; by the circle method.
std::vector<std::pair<Index, Index>> tournamentRound(Index count, Index round);

constexpr Index tournamentRounds(Index count)
{
    return count < 2 ? 0 : count + count % 2 - 1;
}

} // namespace embedscope
