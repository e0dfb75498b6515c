#pragma once

#include "core/io/columnar/columnar_source.h"
#include "core/io/columnar/expansion_budget.h"
#include "core/io/parquet/parquet_column.h"

#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// A Parquet file as a source of columns.
class ParquetSource final : public ColumnarSource
{
public:
    /// Reads the footer. The source must outlive this.
    static Result<std::unique_ptr<ParquetSource>> open(
        const ByteSource& source, std::uint64_t maxBytes);

    const std::string& path() const override { return m_source.path(); }
    Index rows() const override { return m_footer.rows; }
    const std::vector<ColumnarField>& fields() const override { return m_fields; }
    Status spend(std::uint64_t bytes) const override { return m_budget.spend(bytes); }

    Status readNumbers(
        std::size_t field, const PutNumbers& put, const Progress& progress) const override;
    Status readTexts(std::size_t field, Index limit, const PutText& put,
        const Progress& progress) const override;
    Status readLists(std::size_t field, Index limit, const PutList& put,
        const Progress& progress) const override;
    Result<VectorFaults> readVectors(std::size_t field, const RowSubset& chosen, Matrix& into,
        const Progress& progress) const override;

private:
    ParquetSource(const ByteSource& source, ParquetFooter footer, std::vector<ParquetLeaf> leaves,
        std::uint64_t maxBytes);

    ParquetFile file() const { return {m_source, m_footer, m_budget}; }
    Status numbersOfGroup(std::size_t field, std::size_t group, Index firstRow,
        const PutNumbers& put, const Progress& progress) const;
    Status textsOfGroup(std::size_t field, std::size_t group, Index limit, const PutText& put,
        const Progress& progress) const;
    Result<VectorFaults> vectorsOfGroup(std::size_t field, std::size_t group, Index firstRow,
        const RowSubset& chosen, Matrix& into, const Progress& progress) const;

    const ByteSource& m_source;
    ParquetFooter m_footer;
    std::vector<ParquetLeaf> m_leaves;
    std::vector<ColumnarField> m_fields; ///< One a leaf.
    ExpansionBudget m_budget;
};

} // namespace embedscope
