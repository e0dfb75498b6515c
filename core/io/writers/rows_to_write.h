#pragma once

#include "core/data/dataset.h"
#include "core/data/layout.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {

/// What a writer writes: rows of a table with its columns and, where a map is given, their places
/// on it. Looks at the dataset and the layout, which must outlive it; copies no vectors.
class RowsToWrite
{
public:
    /// A column of what is written. Values come from text() and number().
    struct Field
    {
        std::string name; ///< No two fields share one.
        const Column* column = nullptr;
        bool isOfTable = true; ///< Indexed by the table's rows, not by those that are written.
    };

    /// rows     which, in this order; nullopt: all, in file order. Where they are a choice, a field
    ///          "row" tells which row of the table each was.
    /// layout   of the dataset; its places become the fields x, y and perhaps z. May be null.
    explicit RowsToWrite(const Dataset& dataset,
        std::optional<std::vector<PointId>> rows = std::nullopt, const Layout* layout = nullptr);

    Index size() const { return m_rows ? static_cast<Index>(m_rows->size()) : m_dataset.size(); }
    Index dimensions() const { return m_dataset.dimensions(); }
    bool areAll() const { return !m_rows; }
    const Dataset& dataset() const { return m_dataset; }
    /// The table's row that stands at place i.
    PointId at(Index i) const
    {
        return m_rows ? (*m_rows)[static_cast<std::size_t>(i)] : static_cast<PointId>(i);
    }
    /// As float32; see VectorsView::rows() for the room.
    const float* vector(Index i, RowRoom& room) const
    {
        return m_dataset.vectors().row(static_cast<Index>(at(i)), room);
    }

    /// The table's columns but for pictures, then "row", then places.
    const std::vector<Field>& fields() const { return m_fields; }
    bool hasPictures() const { return m_hasPictures; }
    /// The field that is the label; nullopt where there is none.
    std::optional<std::size_t> labelField() const { return m_labelField; }
    std::string text(const Field& field, Index i) const
    {
        return field.column->text(rowOf(field, i));
    }
    bool isMissing(const Field& field, Index i) const
    {
        return field.column->isMissing(rowOf(field, i));
    }
    /// NaN where missing. Only of number columns.
    double number(const Field& field, Index i) const
    {
        return field.column->asNumber()->values[static_cast<std::size_t>(rowOf(field, i))];
    }

private:
    Index rowOf(const Field& field, Index i) const
    {
        return field.isOfTable ? static_cast<Index>(at(i)) : i;
    }
    void addOwn(const std::string& name, std::vector<double> values);

    const Dataset& m_dataset;
    std::optional<std::vector<PointId>> m_rows;
    std::vector<Field> m_fields;
    std::vector<std::shared_ptr<const Column>> m_own;
    std::optional<std::size_t> m_labelField;
    bool m_hasPictures = false;
};

/// `wanted`, or with a number behind it where a name of `taken` is the same.
std::string freeName(const std::string& wanted, const std::vector<std::string>& taken);

} // namespace embedscope
