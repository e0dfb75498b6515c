#include "core/io/arrow/arrow_dictionary.h"

#include <limits>

namespace embedscope {

Status ArrowDictionary::load(const ArrowBatch& batch)
{
    const ArrowNode& node = m_file.schema.nodes[m_node];
    const auto found = batch.dictionaries
        ? batch.dictionaries->find(*node.dictionary)
        : std::map<std::int64_t, std::vector<std::size_t>>::const_iterator{};
    if (!batch.dictionaries || found == batch.dictionaries->end())
        return m_values.damaged(m_node, "its dictionary is missing");
    if (found->second == m_parts)
        return {};
    m_isText = isArrowText(node.type);
    m_texts.clear();
    m_numbers.clear();
    for (const std::size_t part : found->second)
        EMBEDSCOPE_TRY(add(m_file.dictionaryBatches[part]));
    m_parts = found->second;
    return {};
}

Status ArrowDictionary::add(const ArrowBatch& part)
{
    // The dictionary may have come for another field of the same id, whose node begins its arrays.
    const std::size_t node = part.firstNode;
    const ArrowType& type = m_file.schema.nodes[node].type;
    if (m_isText != isArrowText(type) || m_isText == isArrowNumber(type))
        return m_values.damaged(m_node, "its dictionary holds values of another type");
    EMBEDSCOPE_TRY(m_budget.spend(static_cast<std::uint64_t>(part.rows) * sizeof(double)));
    if (m_isText) {
        const auto put = [this](std::optional<std::string_view> text) -> Status {
            EMBEDSCOPE_TRY(
                m_budget.spend(sizeof(std::optional<std::string>) + (text ? text->size() : 0)));
            m_texts.push_back(text ? std::optional(std::string(*text)) : std::nullopt);
            return {};
        };
        return m_values.texts(part, node, part.rows, put);
    }
    EMBEDSCOPE_TRY_ASSIGN(const auto values, m_values.doubles(part, node, 0, part.rows));
    EMBEDSCOPE_TRY_ASSIGN(const auto isThere, m_values.validity(part, node, part.rows));
    for (Index i = 0; i < part.rows; ++i)
        m_numbers.push_back(isThere[i] ? values[static_cast<std::size_t>(i)]
                                       : std::numeric_limits<double>::quiet_NaN());
    return {};
}

Result<PlainVector<std::int64_t>> ArrowDictionary::indices(
    const ArrowBatch& batch, Index count) const
{
    const ArrowNode& node = m_file.schema.nodes[m_node];
    EMBEDSCOPE_TRY_ASSIGN(auto values,
        m_values.integers(batch, m_file.array(batch, m_node).firstBuffer + 1, node.index, count));
    EMBEDSCOPE_TRY_ASSIGN(const auto isThere, m_values.validity(batch, m_node, count));
    for (Index i = 0; i < count; ++i) {
        std::int64_t& value = values[static_cast<std::size_t>(i)];
        if (!isThere[i])
            value = -1;
        else if (value < 0 || static_cast<std::uint64_t>(value) >= size())
            return m_values.damaged(m_node, "an index points outside its dictionary");
    }
    return values;
}

std::optional<std::string_view> ArrowDictionary::text(std::int64_t index) const
{
    if (index < 0 || !m_texts[static_cast<std::size_t>(index)])
        return std::nullopt;
    return std::string_view(*m_texts[static_cast<std::size_t>(index)]);
}

} // namespace embedscope
