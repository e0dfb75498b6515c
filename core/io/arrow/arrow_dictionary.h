#pragma once

#include "core/io/arrow/arrow_values.h"

#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// The values of a dictionary as it stands when a batch is read; kept as long as the next batch has
/// the same.
class ArrowDictionary
{
public:
    ArrowDictionary(const ArrowFile& file, const ArrowValues& values, const ExpansionBudget& budget,
        std::size_t node)
        : m_file(file)
        , m_values(values)
        , m_budget(budget)
        , m_node(node)
    {
    }

    /// Makes the values those that the batch sees. Malformed where it sees none.
    Status load(const ArrowBatch& batch);

    /// The indices of rows [0, count) of the batch: -1 for nulls, all others below size().
    Result<PlainVector<std::int64_t>> indices(const ArrowBatch& batch, Index count) const;

    std::size_t size() const { return m_isText ? m_texts.size() : m_numbers.size(); }
    std::optional<std::string_view> text(std::int64_t index) const;
    double number(std::int64_t index) const { return m_numbers[static_cast<std::size_t>(index)]; }

private:
    Status add(const ArrowBatch& part);

    const ArrowFile& m_file;
    const ArrowValues& m_values;
    const ExpansionBudget& m_budget;
    std::size_t m_node;
    bool m_isText = false;
    std::vector<std::size_t> m_parts;
    std::vector<std::optional<std::string>> m_texts;
    std::vector<double> m_numbers; ///< NaN for nulls.
};

} // namespace embedscope
