#pragma once

#include "core/base/index.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/matrix.h"
#include "core/data/row_subset.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// A file that stores tables by columns (Parquet, Arrow), as the common part sees it: which columns
/// there are, and their values for the asking. What the columns are for is decided there, once for
/// all such formats (column_plan.h), not in the formats.

enum class FieldKind
{
    Number,
    Boolean,
    Text,
    Bytes, ///< Without a word on what they are.
    Vector, ///< A list of numbers in each row.
    Unread,
};

struct ColumnarField
{
    std::string name; ///< Members of structures with a dot: "s.emb".
    FieldKind kind = FieldKind::Unread;
    std::string dtype; ///< Of numbers and of what lists hold: "float32".
    bool isFloat = false; ///< A floating or decimal type.
    std::string unread; ///< What it is, where it is not read: "a map".
};

/// What was missing in the lists of a column.
struct VectorFaults
{
    Index missingRows = 0; ///< Null or empty lists: rows of NaN.
    Index firstMissingRow = -1;
    Index missingValues = 0; ///< Nulls in lists: NaN.
    Index firstMissingValueRow = -1;

    void add(const VectorFaults& more);
};

class ColumnarSource
{
public:
    /// Values of rows that follow one another, from `firstRow` on; NaN where missing.
    using PutNumbers = std::function<void(Index firstRow, std::span<const double> values)>;
    /// The next row; nullopt where missing.
    using PutText = std::function<Status(std::optional<std::string_view> text)>;
    /// The next row: its values, NaN for nulls; nullopt where the list is missing or empty.
    using PutList = std::function<Status(std::optional<std::span<const float>> values)>;

    virtual ~ColumnarSource() = default;

    virtual const std::string& path() const = 0;
    virtual Index rows() const = 0;
    virtual const std::vector<ColumnarField>& fields() const = 0;

    /// Room for what is made of the file: TooLarge where it expands too far.
    virtual Status spend(std::uint64_t bytes) const = 0;

    /// A Number or Boolean field. Thread: several fields may be read at once; progress is asked
    /// for a stop and told nothing.
    virtual Status readNumbers(
        std::size_t field, const PutNumbers& put, const Progress& progress) const = 0;
    /// A Text or Bytes field, the first `limit` rows at most.
    virtual Status readTexts(
        std::size_t field, Index limit, const PutText& put, const Progress& progress) const = 0;
    /// The first `limit` rows of a Vector field.
    virtual Status readLists(
        std::size_t field, Index limit, const PutList& put, const Progress& progress) const = 0;
    /// The chosen rows of a Vector field into a matrix of as many rows: several at once. Malformed
    /// where a list has another length than the matrix has columns.
    virtual Result<VectorFaults> readVectors(std::size_t field, const RowSubset& chosen,
        Matrix& into, const Progress& progress) const = 0;
};

} // namespace embedscope
