#include "core/io/open.h"
#include "core/io/tensors/tensor_choice.h"

#include <algorithm>
#include <new>

namespace embedscope {

namespace {

/// A second-best table this close to the best could as well be meant.
constexpr double kClearMargin = 0.15;

} // namespace

std::size_t TableList::candidates() const
{
    return static_cast<std::size_t>(std::count_if(
        tables.begin(), tables.end(), [](const TensorSummary& table) { return table.score > 0; }));
}

Result<TableList> listTables(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    try {
        TableList list;
        EMBEDSCOPE_TRY_ASSIGN(list.format, detectFormat(source));
        if (list.format->list == nullptr)
            return list;
        auto tables = list.format->list(source, options, progress);
        if (!tables) {
            Error error = std::move(tables).error();
            if (error.path.empty() && error.code != ErrorCode::Stopped)
                error.path = source.path();
            return error;
        }
        list.tables = std::move(tables).value();
        list.best = bestTensor(list.tables);
        for (std::size_t i = 0; i < list.tables.size(); ++i) {
            list.isClear = list.isClear
                && (i == list.best || list.tables[i].score <= 0
                    || list.tables[i].score + kClearMargin <= list.tables[*list.best].score + 1e-9);
        }
        return list;
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "there is not enough memory to list what is in it",
            source.path(), {}, {}};
    }
}

} // namespace embedscope
