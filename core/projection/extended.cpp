#include "core/projection/extended.h"

#include "core/base/text.h"
#include "core/projection/workbench.h"

#include <algorithm>
#include <limits>

namespace embedscope {

bool canBeJoined(const Layout& layout)
{
    return findMethod(layout.recipe.method) != nullptr;
}

Result<Layout> extendLayout(
    Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress)
{
    Layout joining;
    const bool isPlaced = canBeJoined(layout) && added.usableCount() > 0;
    if (isPlaced) {
        EMBEDSCOPE_TRY_ASSIGN(joining, joinLayout(workbench, layout, added, progress));
    } else {
        EMBEDSCOPE_TRY_ASSIGN(
            joining.positions, Matrix::allocate(added.size(), layout.dimensions()));
        std::fill_n(joining.positions.data(), joining.positions.size(),
            std::numeric_limits<float>::quiet_NaN());
        for (PointId i = 0; i < static_cast<PointId>(added.size()); ++i)
            joining.omitted.push_back(i);
    }
    const Index n = layout.size();
    Layout extended;
    extended.recipe = layout.recipe;
    extended.diagnostics = layout.diagnostics;
    extended.omitted = layout.omitted;
    EMBEDSCOPE_TRY_ASSIGN(
        extended.positions, Matrix::allocate(n + added.size(), layout.dimensions()));
    std::copy_n(layout.positions.data(), layout.positions.size(), extended.positions.data());
    std::copy_n(joining.positions.data(), joining.positions.size(),
        extended.positions.data() + layout.positions.size());
    for (const PointId row : joining.omitted)
        extended.omitted.push_back(static_cast<PointId>(n) + row);
    const std::string rows = added.size() == 1 ? "row " : "rows ";
    const std::string which = added.size() == 1
        ? std::to_string(n)
        : std::to_string(n) + " to " + std::to_string(n + added.size() - 1);
    extended.diagnostics.notes.push_back(isPlaced
            ? "The " + rows + which
                + " came later: they were placed among the others, which kept their places."
            : "The " + rows + which + " came later and have no place on this map.");
    for (const std::string& note : joining.diagnostics.notes)
        extended.diagnostics.notes.push_back(note);
    return extended;
}

} // namespace embedscope
