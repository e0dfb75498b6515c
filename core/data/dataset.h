#pragma once

#include "core/base/result.h"
#include "core/data/columns.h"
#include "core/data/inversion_card.h"
#include "core/data/paths.h"
#include "core/data/point_set.h"
#include "core/data/row_subset.h"
#include "core/data/vectors.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {

/// A table inside a file that holds several, whether it was the one that was read or not.
struct TensorSummary
{
    std::string name;
    std::vector<std::uint64_t> shape; ///< Outermost first.
    std::string dtype; ///< As in Provenance::dtype.
    double score = 0; ///< 0 to 1: how much it looks like a table of embeddings.
    std::string reason; ///< Why, in a few words.
};

/// One of the tables that a joined table was made of.
struct TablePart
{
    std::string name; ///< What its rows have in the column of sources.
    std::string path; ///< These as in Provenance.
    std::string format;
    std::string dtype;
    std::string tensor;
    Index rows = 0;
    std::optional<RowSubset> subset; ///< Which rows of its file they are, where not all.
};

/// Where a table came from.
struct Provenance
{
    std::string path; ///< As it was given; empty for data made in memory.
    std::string format; ///< Id of the reader, such as "npy"; a row of core/io/formats.cpp.
    std::string dtype; ///< As stored in the file: "float32", "int8", "text".
    std::string tensor; ///< Which table inside the file, where it holds several.
    std::uint64_t fileBytes = 0;
    /// Files that were read along: the metadata and the sprite of a projector config.
    std::vector<std::string> companions;
    /// Everything the file holds, in file order, where it can hold several tables.
    std::vector<TensorSummary> tensors;
    /// Which rows of the file's table these are; nullopt where all of them are.
    std::optional<RowSubset> rows;
    /// What else is known of the table, a plain sentence each: the model's name, a trigger word.
    std::vector<std::string> notes;
    /// Of a joined table (joined.h): what it was made of, in row order, and the name of the column
    /// that tells the source of each row.
    std::vector<TablePart> parts;
    std::string sourceColumn;
    std::optional<InversionCard> inversion; ///< Where the table is a textual inversion.
};

/// What a reader hands over: not yet checked as a whole. Dataset::make() does that.
struct Table
{
    Matrix vectors; ///< n x d; n >= 1 and d >= 1.
    Columns columns; ///< Each n long.
    std::optional<std::size_t> labelColumn; ///< What a row is called; an index into columns.
    /// Where the file itself carries places for the points: number columns for x, y and perhaps z.
    std::vector<std::size_t> coordinateColumns;
    Provenance provenance;
    std::vector<std::string> warnings; ///< Soft faults, one plain sentence each.

    /// Rows of the file's table, read or not. Columns may be as long as this instead of as long as
    /// the matrix: openDataset() cuts them to the rows that were chosen.
    Index fileRows() const { return provenance.rows ? provenance.rows->total() : vectors.rows(); }
};

/// One table of embeddings and what is known beside it. Immutable: shared across threads behind
/// shared_ptr<const Dataset>.
class Dataset
{
public:
    /// Checks the table as a whole and adds the warnings every format shares: rows with NaN or
    /// infinite values, duplicate labels. Fails where columns disagree with the matrix in length.
    static Result<std::shared_ptr<const Dataset>> make(Table table);
    /// The same of vectors that are kept apart from the table, whose own are not looked at.
    static Result<std::shared_ptr<const Dataset>> make(Table table, Vectors vectors);

    /// The same table with the columns of another appended, and its warnings; labels come from the
    /// new columns where this dataset has none. Shares the matrix. Columns must be as long as the
    /// table.
    Result<std::shared_ptr<const Dataset>> withColumns(Columns more,
        std::optional<std::size_t> labelInMore, std::vector<std::string> warnings,
        std::string companion) const;
    /// The same table labelled by another column (nullopt: by none).
    std::shared_ptr<const Dataset> withLabelColumn(std::optional<std::size_t> column) const;

    Index size() const { return vectors().rows(); }
    Index dimensions() const { return vectors().columns(); }
    VectorsView vectors() const { return m_view; }
    const Columns& columns() const { return *m_columns; }
    std::optional<std::size_t> labelColumn() const { return m_labelColumn; }
    const std::vector<std::size_t>& coordinateColumns() const { return m_coordinateColumns; }
    const Provenance& provenance() const { return m_provenance; }
    const std::vector<std::string>& warnings() const { return m_warnings; }
    /// Those of them that came with the table and its columns, without what make() found.
    const std::vector<std::string>& givenWarnings() const { return m_givenWarnings; }

    /// Sequences of points, as pathsOf() finds them; null where there are none. Columns that are
    /// laid beside a joined table tell of none: whose rows they number is not known.
    const std::shared_ptr<const Paths>& paths() const { return m_paths; }

    bool hasLabels() const { return m_labelColumn.has_value(); }
    /// What the point is called; empty without a label column or where the label is missing.
    std::string label(PointId id) const;
    /// The row of the file's table, which is not the point's own number where a part is open.
    Index fileRow(PointId id) const
    {
        return m_provenance.rows ? (*m_provenance.rows)[static_cast<Index>(id)]
                                 : static_cast<Index>(id);
    }
    /// Rows of the file's table, open or not.
    Index fileRows() const { return m_provenance.rows ? m_provenance.rows->total() : size(); }
    /// The label, or "row 17" of the file where there is none: never empty.
    std::string name(PointId id) const;
    /// Rows of exactly that label, ascending. O(n).
    std::vector<PointId> rowsLabelled(std::string_view label) const;

    /// Rows that hold NaN or infinite values: in the table, but never projected, never a neighbour.
    const PointSet& unusableRows() const { return *m_unusable; }
    bool isUsable(PointId id) const { return !m_unusable->contains(id); }
    Index usableCount() const { return size() - m_unusable->count(); }

private:
    Dataset() = default;

    std::shared_ptr<const Vectors> m_vectors;
    VectorsView m_view; ///< Of m_vectors.
    std::shared_ptr<const Columns> m_columns;
    std::shared_ptr<const PointSet> m_unusable;
    std::shared_ptr<const Paths> m_paths;
    std::optional<std::size_t> m_labelColumn;
    std::vector<std::size_t> m_coordinateColumns;
    Provenance m_provenance;
    std::vector<std::string> m_warnings;
    std::vector<std::string> m_givenWarnings;
};

} // namespace embedscope
