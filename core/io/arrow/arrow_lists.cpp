#include "core/io/arrow/arrow_lists.h"

#include <algorithm>

namespace embedscope {

namespace {

ArrowType offsetType(int bits)
{
    ArrowType type;
    type.kind = ArrowKind::Int;
    type.bits = bits;
    return type;
}

/// Finds out whether all rows are of one length and follow one another.
void settle(ArrowLists& lists)
{
    if (lists.ranges.empty()) {
        lists.isRegular = true;
        return;
    }
    lists.length = lists.ranges.front().second - lists.ranges.front().first;
    lists.least = lists.ranges.front().first;
    lists.most = lists.ranges.front().second;
    lists.isRegular = true;
    Index expected = lists.least;
    for (const auto& [begin, end] : lists.ranges) {
        lists.isRegular = lists.isRegular && begin == expected && end - begin == lists.length;
        expected = end;
        lists.least = std::min(lists.least, begin);
        lists.most = std::max(lists.most, end);
    }
    if (lists.isRegular)
        lists.ranges = {};
}

} // namespace

Result<ArrowLists> readArrowLists(const ArrowFile& file, const ArrowValues& values,
    const ArrowBatch& batch, std::size_t node, Index count)
{
    const ArrowNode& facts = file.schema.nodes[node];
    const Index childLength = file.array(batch, facts.children.front()).length;
    const std::size_t buffer = file.array(batch, node).firstBuffer;
    ArrowLists lists;
    if (facts.type.kind == ArrowKind::FixedList) {
        lists.length = facts.type.size;
        lists.isRegular = true;
        if (lists.length > 0 && count > childLength / lists.length)
            return values.damaged(node, "its lists hold fewer values than they should");
        lists.most = count * lists.length;
        return lists;
    }
    if (count == 0) {
        lists.isRegular = true;
        return lists;
    }
    const bool isView = facts.type.kind == ArrowKind::ListView;
    EMBEDSCOPE_TRY_ASSIGN(const auto offsets,
        values.integers(
            batch, buffer + 1, offsetType(facts.type.bits), isView ? count : count + 1));
    PlainVector<std::int64_t> sizes;
    if (isView) {
        EMBEDSCOPE_TRY_ASSIGN(
            sizes, values.integers(batch, buffer + 2, offsetType(facts.type.bits), count));
    }
    lists.ranges.reserve(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const Index begin = offsets[i];
        // A size is not added before it is known to fit.
        const bool isSane = begin >= 0 && begin <= childLength
            && (isView ? sizes[i] >= 0 && sizes[i] <= childLength - begin
                       : offsets[i + 1] >= begin && offsets[i + 1] <= childLength);
        if (!isSane)
            return values.damaged(node, "a list lies outside its values");
        lists.ranges.emplace_back(begin, isView ? begin + sizes[i] : offsets[i + 1]);
    }
    settle(lists);
    return lists;
}

} // namespace embedscope
