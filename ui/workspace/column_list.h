#pragma once

#include "core/data/dataset.h"

#include <memory>

namespace embedscope::ui {

/// The columns that points can be coloured and sorted by: those of the table, and after them those
/// that belong to the map shown, such as how far each point can be trusted. The latter come and go
/// with the map, so that the table's keep their numbers. An immutable value, cheap to copy.
class ColumnList
{
public:
    ColumnList() = default;
    /// ofMap  each as long as the dataset; null: none.
    ColumnList(std::shared_ptr<const Dataset> dataset, std::shared_ptr<const Columns> ofMap = {})
        : m_dataset(std::move(dataset))
        , m_ofMap(std::move(ofMap))
    {
    }

    /// Null where nothing is open.
    const std::shared_ptr<const Dataset>& dataset() const { return m_dataset; }
    const std::shared_ptr<const Columns>& ofMap() const { return m_ofMap; }
    std::size_t size() const { return tableSize() + (m_dataset && m_ofMap ? m_ofMap->size() : 0); }
    /// How many are the table's own: the first ones.
    std::size_t tableSize() const { return m_dataset ? m_dataset->columns().size() : 0; }
    bool isOfMap(std::size_t column) const { return column >= tableSize(); }
    const Column& operator[](std::size_t column) const
    {
        return isOfMap(column) ? (*m_ofMap)[column - tableSize()] : m_dataset->columns()[column];
    }

private:
    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const Columns> m_ofMap;
};

} // namespace embedscope::ui
