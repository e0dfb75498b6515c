#include "core/neighbors/block_pairs.h"

namespace embedscope {

std::vector<std::pair<Index, Index>> tournamentRound(Index count, Index round)
{
    // One block stays where it is, the others walk in a circle; with an odd count the one that
    // would stay is missing and its partner rests.
    const Index circle = tournamentRounds(count);
    std::vector<std::pair<Index, Index>> pairs;
    if (circle < count)
        pairs.emplace_back(round, circle);
    for (Index i = 1; i <= (circle - 1) / 2; ++i)
        pairs.emplace_back((round + i) % circle, (round - i + circle) % circle);
    return pairs;
}

} // namespace embedscope
