#include "core/io/open_joined.h"

#include "core/base/memory_budget.h"
#include "core/data/joined.h"

#include <algorithm>
#include <new>
#include <string_view>

namespace embedscope {

namespace {

using DatasetPointer = std::shared_ptr<const Dataset>;

} // namespace

Result<DatasetPointer> joinTables(const std::vector<DatasetPointer>& tables,
    std::optional<std::uint64_t> maxMemory, const Progress& progress)
{
    const MemoryBudget budget(maxMemory);
    std::vector<std::string> names;
    for (const DatasetPointer& table : tables)
        names.push_back(tableName(table->provenance().path));
    try {
        return joinDatasets(tables, names, progress);
    } catch (const std::bad_alloc&) {
        return Error{
            ErrorCode::OutOfMemory, "there is not enough memory to join these tables", {}, {}, {}};
    }
}

ReadOptions optionsOfAdded(const ReadOptions& first)
{
    ReadOptions options;
    options.dtype = first.dtype;
    options.maxBytes = first.maxBytes;
    options.maxMemory = first.maxMemory;
    return options;
}

std::string tableName(const std::string& path)
{
    const std::size_t end = path.find_last_not_of('/');
    const std::string name = path.substr(0, end == std::string::npos ? 0 : end + 1);
    return name.empty() ? "table" : name.substr(name.rfind('/') + 1);
}

std::string formatNames(const std::string& ids)
{
    std::string names;
    for (std::size_t begin = 0; begin <= ids.size();) {
        const std::size_t end = std::min(ids.find(", ", begin), ids.size());
        const std::string_view id = std::string_view(ids).substr(begin, end - begin);
        const auto all = formats();
        const auto known = std::find_if(
            all.begin(), all.end(), [&](const Format& format) { return format.id == id; });
        names += names.empty() ? "" : ", ";
        names += known != all.end() ? known->name : id;
        begin = end + 2;
    }
    return names;
}

Result<DatasetPointer> openJoined(const std::string& path, const ReadOptions& options,
    const std::vector<AddedFile>& added, const Progress& progress)
{
    if (added.empty())
        return openDataset(path, options, progress);
    const double share = 0.9 / static_cast<double>(1 + added.size());
    std::vector<DatasetPointer> tables(1);
    EMBEDSCOPE_TRY_ASSIGN(tables.front(), openDataset(path, options, progress.part(0, share)));
    for (const AddedFile& file : added) {
        const double begin = share * static_cast<double>(tables.size());
        EMBEDSCOPE_TRY_ASSIGN(DatasetPointer table,
            openDataset(file.path, file.options, progress.part(begin, begin + share)));
        tables.push_back(std::move(table));
    }
    return joinTables(tables, options.maxMemory, progress.part(0.9, 1));
}

} // namespace embedscope
