#pragma once

#include "core/base/plain_vector.h"
#include "core/io/arrow/arrow_file.h"
#include "core/io/bytes/elements.h"
#include "core/io/columnar/expansion_budget.h"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embedscope {

/// A stretch of a buffer, in memory.
class ArrowBytes
{
public:
    ArrowBytes() = default;
    ArrowBytes(PlainVector<std::byte> storage, std::size_t begin)
        : m_storage(std::move(storage))
        , m_begin(begin)
    {
    }
    const std::byte* data() const { return m_storage.data() + m_begin; }

private:
    PlainVector<std::byte> m_storage;
    std::size_t m_begin = 0;
};

/// Which rows of an array are there, those of the structures that it stands in included.
class ArrowValidity
{
public:
    void restrict(ArrowBytes bits) { m_bits.push_back(std::move(bits)); }
    bool isAll() const { return m_bits.empty(); }
    bool operator[](Index i) const
    {
        for (const ArrowBytes& bits : m_bits) {
            if ((static_cast<unsigned>(bits.data()[i / 8]) >> (i % 8) & 1U) == 0)
                return false;
        }
        return true;
    }

private:
    std::vector<ArrowBytes> m_bits;
};

/// Reads the arrays of batches: buffers, and what stands in them. All of it is proved to lie where
/// the metadata say, and to be long enough, before it is used.
class ArrowValues
{
public:
    ArrowValues(const ByteSource& source, const ArrowFile& file, const ExpansionBudget& budget)
        : m_source(source)
        , m_file(file)
        , m_budget(budget)
    {
    }

    /// Bytes [begin, end) of a buffer, decompressed.
    Result<ArrowBytes> bytes(
        const ArrowBatch& batch, std::size_t buffer, std::uint64_t begin, std::uint64_t end) const;
    /// Of rows [0, count) of a node at the top or in structures, nulls of these included; of any
    /// other its own.
    Result<ArrowValidity> validity(const ArrowBatch& batch, std::size_t node, Index count) const;
    /// Whole numbers: `count` offsets, sizes or indices of so many bits.
    Result<PlainVector<std::int64_t>> integers(
        const ArrowBatch& batch, std::size_t buffer, const ArrowType& type, Index count) const;
    /// Values [begin, end) of a node of numbers as float64; nulls are not looked at.
    Result<PlainVector<double>> doubles(
        const ArrowBatch& batch, std::size_t node, Index begin, Index end) const;
    /// The same as float32, into `out`.
    Status floats(
        const ArrowBatch& batch, std::size_t node, Index begin, Index end, float* out) const;
    /// Rows [0, count) of a node of texts, one after the other; nullopt for nulls.
    using Put = std::function<Status(std::optional<std::string_view>)>;
    Status texts(const ArrowBatch& batch, std::size_t node, Index count, const Put& put) const;

    Error damaged(std::size_t node, const std::string& detail) const;

private:
    const ArrowNode& nodeOf(std::size_t node) const { return m_file.schema.nodes[node]; }
    Status checkRange(const ArrowBatch& batch, std::size_t node, Index begin, Index end) const;
    Result<ArrowBytes> expanded(const ArrowBatch& batch, const ArrowBuffer& buffer,
        std::uint64_t begin, std::uint64_t end) const;
    Result<std::pair<ArrowBytes, std::uint64_t>> wholeBuffer(
        const ArrowBatch& batch, std::size_t buffer) const;
    Status plainTexts(const ArrowBatch& batch, std::size_t node, Index count,
        const ArrowValidity& isThere, const Put& put) const;
    Status textViews(const ArrowBatch& batch, std::size_t node, Index count,
        const ArrowValidity& isThere, const Put& put) const;
    Status fixedTexts(const ArrowBatch& batch, std::size_t node, Index count,
        const ArrowValidity& isThere, const Put& put) const;
    Status dateTexts(const ArrowBatch& batch, std::size_t node, Index count,
        const ArrowValidity& isThere, const Put& put) const;

    const ByteSource& m_source;
    const ArrowFile& m_file;
    const ExpansionBudget& m_budget;
};

/// The type of numbers or Booleans that are whole bytes; nullopt for bits, decimals and the rest.
std::optional<ElementType> arrowElement(const ArrowType& type);

/// Numbers as this file reads them: integers, floats, Booleans, decimals.
bool isArrowNumber(const ArrowType& type);
/// What becomes text: texts and bytes, dates, times.
bool isArrowText(const ArrowType& type);

} // namespace embedscope
