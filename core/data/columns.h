#pragma once

#include "core/base/index.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace embedscope {

/// Text for each row, in one block of memory (a million short labels take about 20 MB, not 60).
/// Always valid UTF-8: append() repairs what is not.
class TextValues
{
public:
    void reserve(Index rows, std::uint64_t bytes);
    /// Returns false where the bytes were not UTF-8 and had to be repaired.
    bool append(std::string_view value);
    void appendMissing();

    Index size() const { return static_cast<Index>(m_ends.size()); }
    /// The value; empty where missing.
    std::string_view operator[](Index row) const;
    bool isMissing(Index row) const;

private:
    std::string m_bytes;
    std::vector<std::uint64_t> m_ends;
    std::vector<bool> m_missing; ///< Shorter than m_ends: rows beyond its end are present.
};

/// One of a limited set of names for each row.
struct CategoryValues
{
    std::vector<std::int32_t> codes; ///< Index into categories; -1 where missing.
    std::vector<std::string> categories; ///< Distinct, in order of first appearance.
};

/// A number for each row; NaN where missing.
struct NumberValues
{
    std::vector<double> values;
};

/// A rectangle of an image file, from its top left corner; without extent: the whole picture.
struct ImageRect
{
    std::int32_t x = 0, y = 0, width = 0, height = 0;
};

/// A picture for each row, as file and rectangle. Core does not decode pictures.
struct ImageValues
{
    std::vector<std::string> files; ///< Paths, each named once.
    std::vector<std::int32_t> fileOf; ///< Index into files for each row; -1 where missing.
    std::vector<ImageRect> rects; ///< For each row.
};

enum class ColumnKind { Text, Category, Number, Image };

/// "text", "category", "number" or "image".
std::string_view kindName(ColumnKind kind);

/// A named column beside the points. Rows are in file order.
class Column
{
public:
    using Values = std::variant<TextValues, CategoryValues, NumberValues, ImageValues>;

    Column(std::string name, Values values);

    const std::string& name() const { return m_name; }
    ColumnKind kind() const { return static_cast<ColumnKind>(m_values.index()); }
    Index size() const;
    bool isMissing(Index row) const;
    /// The value as a person reads it; empty where missing; "" for images.
    std::string text(Index row) const;
    /// The same without a copy where the values are text or categories; empty for the others.
    std::string_view textView(Index row) const;
    /// Number of different values, missing ones apart. Counted once, when the column is made.
    Index distinctCount() const { return m_distinct; }

    const TextValues* asText() const { return std::get_if<TextValues>(&m_values); }
    const CategoryValues* asCategory() const { return std::get_if<CategoryValues>(&m_values); }
    const NumberValues* asNumber() const { return std::get_if<NumberValues>(&m_values); }
    const ImageValues* asImage() const { return std::get_if<ImageValues>(&m_values); }

private:
    std::string m_name;
    Values m_values;
    Index m_distinct = 0;
};

using Columns = std::vector<Column>;

/// The first column of that name, or nullopt.
std::optional<std::size_t> findColumn(const Columns& columns, std::string_view name);

/// Makes a column of the kind that fits the texts: numbers where every present value is one,
/// categories where few values repeat (at most 256 distinct, and each stands at least twice on
/// average), text otherwise. Empty cells count as missing.
Column inferColumn(std::string name, TextValues cells);

/// A number column seen as categories, one for each distinct value in ascending order;
/// category columns are returned as they are, text columns by distinct text.
CategoryValues toCategories(const Column& column);

/// A category or text column seen as numbers, where every present value is one; else nullopt.
std::optional<NumberValues> toNumbers(const Column& column);

} // namespace embedscope
