#include "core/io/writers/rows_to_write.h"

#include <algorithm>

namespace embedscope {

std::string freeName(const std::string& wanted, const std::vector<std::string>& taken)
{
    std::string name = wanted;
    for (int number = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++number)
        name = wanted + '_' + std::to_string(number);
    return name;
}

RowsToWrite::RowsToWrite(
    const Dataset& dataset, std::optional<std::vector<PointId>> rows, const Layout* layout)
    : m_dataset(dataset)
    , m_rows(std::move(rows))
{
    std::vector<std::string> taken;
    for (std::size_t c = 0; c < dataset.columns().size(); ++c) {
        const Column& column = dataset.columns()[c];
        if (column.kind() == ColumnKind::Image) {
            m_hasPictures = true;
            continue;
        }
        if (dataset.labelColumn() == c)
            m_labelField = m_fields.size();
        taken.push_back(freeName(column.name(), taken));
        m_fields.push_back({taken.back(), &column, true});
    }
    const auto count = static_cast<std::size_t>(size());
    if (m_rows)
        addOwn("row", std::vector<double>(m_rows->begin(), m_rows->end()));
    for (int axis = 0; layout != nullptr && axis < layout->dimensions(); ++axis) {
        std::vector<double> places(count);
        for (std::size_t i = 0; i < count; ++i)
            places[i] = static_cast<double>(
                layout->positions(static_cast<Index>(at(static_cast<Index>(i))), axis));
        addOwn(std::string(1, "xyz"[axis]), std::move(places));
    }
}

void RowsToWrite::addOwn(const std::string& name, std::vector<double> values)
{
    std::vector<std::string> taken;
    for (const Field& field : m_fields)
        taken.push_back(field.name);
    m_own.push_back(
        std::make_shared<const Column>(freeName(name, taken), NumberValues{std::move(values)}));
    m_fields.push_back({m_own.back()->name(), m_own.back().get(), false});
}

} // namespace embedscope
