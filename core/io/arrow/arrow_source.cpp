#include "core/io/arrow/arrow_source.h"

#include "core/io/arrow/arrow_dictionary.h"
#include "core/io/arrow/arrow_lists.h"
#include "core/io/bytes/read_blocks.h"

#include <algorithm>
#include <limits>

namespace embedscope {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::string_view unreadName(ArrowKind kind)
{
    switch (kind) {
    case ArrowKind::Null:
        return "nothing but nulls";
    case ArrowKind::Map:
        return "a map";
    case ArrowKind::Union:
        return "a union";
    case ArrowKind::RunEnd:
        return "run-end encoded";
    case ArrowKind::List:
    case ArrowKind::ListView:
    case ArrowKind::FixedList:
        return "lists of something other than numbers";
    default:
        return "a type that is not shown";
    }
}

std::string dtypeOf(const ArrowType& type)
{
    if (const auto element = arrowElement(type))
        return std::string(elementName(*element));
    return type.kind == ArrowKind::Bool   ? "bool"
        : type.kind == ArrowKind::Decimal ? "decimal"
                                          : "text";
}

bool isList(ArrowKind kind)
{
    return kind == ArrowKind::List || kind == ArrowKind::ListView || kind == ArrowKind::FixedList;
}

FieldKind kindOf(const ArrowSchema& schema, const ArrowNode& node)
{
    const bool isNumber = isArrowNumber(node.type);
    if (node.dictionary) {
        return isArrowText(node.type) ? FieldKind::Text
            : isNumber                ? FieldKind::Number
                                      : FieldKind::Unread;
    }
    if (node.type.kind == ArrowKind::Bool)
        return FieldKind::Boolean;
    if (isNumber)
        return FieldKind::Number;
    if (node.type.kind == ArrowKind::TextView && schema.isBigEndian)
        return FieldKind::Unread;
    if (isArrowText(node.type)) {
        const bool isBytes = node.type.isBytes || node.type.kind == ArrowKind::FixedBytes;
        return isBytes ? FieldKind::Bytes : FieldKind::Text;
    }
    if (isList(node.type.kind)) {
        const ArrowNode& child = schema.nodes[node.children.front()];
        if (isArrowNumber(child.type) && !child.dictionary)
            return FieldKind::Vector;
    }
    return FieldKind::Unread;
}

} // namespace

ArrowSource::ArrowSource(const ByteSource& source, ArrowFile file, std::uint64_t maxBytes)
    : m_source(source)
    , m_file(std::move(file))
    , m_budget(source.path(), source.size(), maxBytes)
    , m_values(m_source, m_file, m_budget)
{
    for (const std::size_t column : m_file.schema.columns)
        addFields(column, {});
}

Result<std::unique_ptr<ArrowSource>> ArrowSource::open(
    const ByteSource& source, std::uint64_t maxBytes)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(0, 4));
    EMBEDSCOPE_TRY_ASSIGN(
        ArrowFile file, head == "FEA1" ? readFeather1(source) : readArrowFile(source));
    return std::unique_ptr<ArrowSource>(new ArrowSource(source, std::move(file), maxBytes));
}

void ArrowSource::addFields(std::size_t node, const std::string& prefix)
{
    const ArrowNode& facts = m_file.schema.nodes[node];
    const std::string name = prefix.empty() ? facts.name : prefix + '.' + facts.name;
    if (facts.type.kind == ArrowKind::Struct && !facts.dictionary) {
        constexpr std::size_t kMostNameBytes = 512; // A name is copied to everything below it.
        for (const std::size_t child : facts.children)
            addFields(child, name.size() < kMostNameBytes ? name : prefix);
        return;
    }
    ColumnarField field;
    field.name = name;
    field.kind = kindOf(m_file.schema, facts);
    const ArrowType& value = field.kind == FieldKind::Vector
        ? m_file.schema.nodes[facts.children.front()].type
        : facts.type;
    field.dtype = dtypeOf(value);
    field.isFloat = value.kind == ArrowKind::Float || value.kind == ArrowKind::Decimal;
    if (field.kind == FieldKind::Unread)
        field.unread = unreadName(facts.type.kind);
    m_fields.push_back(std::move(field));
    m_nodes.push_back(node);
}

Status ArrowSource::readNumbers(
    std::size_t field, const PutNumbers& put, const Progress& progress) const
{
    constexpr Index kAtOnce = Index{1} << 18U;
    const std::size_t node = m_nodes[field];
    const bool isCoded = nodeOf(field).dictionary.has_value();
    ArrowDictionary dictionary(m_file, m_values, m_budget, node);
    std::vector<double> shown;
    Index firstRow = 0;
    for (const ArrowBatch& batch : m_file.batches) {
        if (progress.stopRequested())
            return stoppedError();
        if (isCoded) {
            EMBEDSCOPE_TRY(dictionary.load(batch));
            EMBEDSCOPE_TRY_ASSIGN(const auto indices, dictionary.indices(batch, batch.rows));
            shown.clear();
            for (const std::int64_t index : indices)
                shown.push_back(index < 0 ? kMissing : dictionary.number(index));
            put(firstRow, shown);
            firstRow += batch.rows;
            continue;
        }
        EMBEDSCOPE_TRY_ASSIGN(const auto isThere, m_values.validity(batch, node, batch.rows));
        // A compressed buffer is taken as a whole rather than again and again.
        const Index step = batch.isCompressed ? std::max<Index>(batch.rows, 1) : kAtOnce;
        for (Index begin = 0; begin < batch.rows; begin += step) {
            const Index end = std::min(begin + step, batch.rows);
            EMBEDSCOPE_TRY_ASSIGN(auto values, m_values.doubles(batch, node, begin, end));
            for (Index i = begin; i < end && !isThere.isAll(); ++i) {
                if (!isThere[i])
                    values[static_cast<std::size_t>(i - begin)] = kMissing;
            }
            put(firstRow + begin, values);
        }
        firstRow += batch.rows;
    }
    return {};
}

Status ArrowSource::readTexts(
    std::size_t field, Index limit, const PutText& put, const Progress& progress) const
{
    const std::size_t node = m_nodes[field];
    const bool isCoded = nodeOf(field).dictionary.has_value();
    ArrowDictionary dictionary(m_file, m_values, m_budget, node);
    for (const ArrowBatch& batch : m_file.batches) {
        if (progress.stopRequested())
            return stoppedError();
        const Index count = std::min(limit, batch.rows);
        if (count == 0)
            continue;
        limit -= count;
        if (!isCoded) {
            EMBEDSCOPE_TRY(m_values.texts(batch, node, count, put));
            continue;
        }
        EMBEDSCOPE_TRY(dictionary.load(batch));
        EMBEDSCOPE_TRY_ASSIGN(const auto indices, dictionary.indices(batch, count));
        for (const std::int64_t index : indices)
            EMBEDSCOPE_TRY(put(dictionary.text(index)));
    }
    return {};
}

Status ArrowSource::readLists(
    std::size_t field, Index limit, const PutList& put, const Progress& progress) const
{
    constexpr Index kMostAtOnce = Index{1} << 22U;
    constexpr Index kMostOfRow = (Index{1} << 20U) + 1; // Enough to be seen as no vector.
    const std::size_t node = m_nodes[field];
    const std::size_t child = nodeOf(field).children.front();
    std::vector<float> values;
    for (const ArrowBatch& batch : m_file.batches) {
        if (progress.stopRequested())
            return stoppedError();
        Index count = std::min(limit, batch.rows);
        if (count == 0)
            continue;
        EMBEDSCOPE_TRY_ASSIGN(
            ArrowLists lists, readArrowLists(m_file, m_values, batch, node, count));
        while (count > 1 && lists.most - lists.least > kMostAtOnce) { // Long lists: fewer of them.
            count /= 2;
            EMBEDSCOPE_TRY_ASSIGN(lists, readArrowLists(m_file, m_values, batch, node, count));
        }
        limit = count < std::min(limit, batch.rows) ? 0 : limit - count;
        EMBEDSCOPE_TRY_ASSIGN(const auto isThere, m_values.validity(batch, node, count));
        const Index end = std::min(lists.most, lists.least + 2 * kMostAtOnce);
        values.resize(static_cast<std::size_t>(end - lists.least));
        EMBEDSCOPE_TRY(m_values.floats(batch, child, lists.least, end, values.data()));
        for (Index i = 0; i < count; ++i) {
            const auto [from, to] = lists.of(i);
            const Index length = std::min({to - from, kMostOfRow, end - std::min(from, end)});
            if (!isThere[i] || length == 0) {
                EMBEDSCOPE_TRY(put(std::nullopt));
                continue;
            }
            EMBEDSCOPE_TRY(put(std::span<const float>(
                values.data() + (from - lists.least), static_cast<std::size_t>(length))));
        }
    }
    return {};
}

Result<VectorFaults> ArrowSource::vectorsOfBatch(std::size_t field, const ArrowBatch& batch,
    Index firstRow, const RowSubset& chosen, Matrix& into, const Progress& progress) const
{
    const auto isSkipped = [&](Index begin, Index end) {
        return chosen.before(firstRow + begin) == chosen.before(firstRow + end);
    };
    if (isSkipped(0, batch.rows))
        return VectorFaults();
    const std::size_t node = m_nodes[field];
    const std::size_t child = nodeOf(field).children.front();
    EMBEDSCOPE_TRY_ASSIGN(
        const ArrowLists lists, readArrowLists(m_file, m_values, batch, node, batch.rows));
    EMBEDSCOPE_TRY_ASSIGN(const auto isThere, m_values.validity(batch, node, batch.rows));
    EMBEDSCOPE_TRY_ASSIGN(const auto isValue, m_values.validity(batch, child, lists.most));
    VectorRows rows(into, chosen, firstRow, firstRow + batch.rows, m_fields[field].name, path());
    const bool isInPlace = lists.isRegular && lists.length == into.columns() && chosen.isAll();
    if (isInPlace && batch.rows > 0) {
        float* const out = into.row(firstRow);
        const Index step = batch.isCompressed ? lists.most - lists.least : Index{1} << 18U;
        EMBEDSCOPE_TRY(readInBlocks(
            lists.most - lists.least, step, progress, [&](Index begin, Index end) -> Status {
                return m_values.floats(
                    batch, child, lists.least + begin, lists.least + end, out + begin);
            }));
        if (isThere.isAll() && isValue.isAll())
            return VectorFaults();
    }
    constexpr Index kAtOnce = Index{1} << 20U;
    const Index step = batch.isCompressed || isInPlace
        ? std::max<Index>(batch.rows, 1)
        : std::max<Index>(kAtOnce / into.columns(), 1);
    PlainVector<float> values;
    for (Index begin = 0; begin < batch.rows; begin += step) {
        if (progress.stopRequested())
            return stoppedError();
        const Index end = std::min(begin + step, batch.rows);
        if (isSkipped(begin, end)) {
            rows.skip(end - begin);
            continue;
        }
        auto [least, most] = lists.of(begin);
        for (Index i = begin + 1; i < end && !isInPlace; ++i) {
            least = std::min(least, lists.of(i).first);
            most = std::max(most, lists.of(i).second);
        }
        if (!isInPlace) {
            values.resize(static_cast<std::size_t>(most - least));
            EMBEDSCOPE_TRY(m_values.floats(batch, child, least, most, values.data()));
        }
        for (Index i = begin; i < end; ++i) {
            const auto [from, to] = lists.of(i);
            const float* const row
                = isInPlace ? into.row(firstRow + i) : values.data() + (from - least);
            if (isThere[i] && isValue.isAll()) {
                EMBEDSCOPE_TRY(rows.add(row, to - from));
            } else if (isThere[i]) {
                for (Index j = from; j < to; ++j)
                    EMBEDSCOPE_TRY(isValue[j] ? rows.add(row + (j - from), 1) : rows.addMissing());
            }
            EMBEDSCOPE_TRY(rows.endRow());
        }
    }
    return rows.faults();
}

Result<VectorFaults> ArrowSource::readVectors(
    std::size_t field, const RowSubset& chosen, Matrix& into, const Progress& progress) const
{
    std::vector<Index> firstRows;
    Index next = 0;
    bool isCompressed = false;
    for (const ArrowBatch& batch : m_file.batches) {
        firstRows.push_back(next);
        next += batch.rows;
        isCompressed = isCompressed || batch.isCompressed;
    }
    std::vector<VectorFaults> faults(firstRows.size());
    const auto read = [&](std::size_t b, const Progress& part) -> Status {
        EMBEDSCOPE_TRY_ASSIGN(
            faults[b], vectorsOfBatch(field, m_file.batches[b], firstRows[b], chosen, into, part));
        return {};
    };
    // Batches that have to be decompressed go side by side; others are large or small, and are cut
    // into blocks themselves.
    if (isCompressed) {
        const Progress quiet(progress.stopToken());
        EMBEDSCOPE_TRY(readInBlocks(static_cast<Index>(faults.size()), 1, progress,
            [&](Index b, Index) { return read(static_cast<std::size_t>(b), quiet); }));
    } else {
        for (std::size_t b = 0; b < faults.size(); ++b) {
            const auto count = static_cast<double>(faults.size());
            EMBEDSCOPE_TRY(read(b,
                progress.part(static_cast<double>(b) / count, static_cast<double>(b + 1) / count)));
        }
    }
    VectorFaults all;
    for (const VectorFaults& part : faults)
        all.add(part);
    return all;
}

} // namespace embedscope
