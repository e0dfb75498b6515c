#pragma once

#include "core/io/arrow/arrow_values.h"
#include "core/io/columnar/columnar_source.h"
#include "core/io/columnar/vector_rows.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace embedscope {

/// An Arrow file or stream, or a Feather file, as a source of columns. Structures are flattened.
class ArrowSource final : public ColumnarSource
{
public:
    /// Reads the metadata. The source must outlive this.
    static Result<std::unique_ptr<ArrowSource>> open(
        const ByteSource& source, std::uint64_t maxBytes);

    const std::vector<std::string>& warnings() const { return m_file.warnings; }

    const std::string& path() const override { return m_source.path(); }
    Index rows() const override { return m_file.rows; }
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
    ArrowSource(const ByteSource& source, ArrowFile file, std::uint64_t maxBytes);

    void addFields(std::size_t node, const std::string& prefix);
    const ArrowNode& nodeOf(std::size_t field) const { return m_file.schema.nodes[m_nodes[field]]; }
    Result<VectorFaults> vectorsOfBatch(std::size_t field, const ArrowBatch& batch, Index firstRow,
        const RowSubset& chosen, Matrix& into, const Progress& progress) const;

    const ByteSource& m_source;
    ArrowFile m_file;
    ExpansionBudget m_budget;
    ArrowValues m_values;
    std::vector<ColumnarField> m_fields;
    std::vector<std::size_t> m_nodes; ///< Of the schema, one a field.
};

} // namespace embedscope
