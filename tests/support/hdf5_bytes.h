#pragma once

#include "core/data/matrix.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace embedscope::test {

/// Writes small HDF5 files in memory with the library itself, which no other code of ours links.
/// Groups of a path are made as needed. Anything that fails ends the test.
class Hdf5Bytes
{
public:
    enum class Storage
    {
        Contiguous,
        Chunked, ///< Without filters.
        Deflated, ///< Shuffled and deflated, with checksums.
        Early, ///< Chunked, room made for every chunk, nothing written.
        UnknownFilter, ///< Marked as changed by a filter that nobody has.
    };

    Hdf5Bytes();
    ~Hdf5Bytes();
    Hdf5Bytes(const Hdf5Bytes&) = delete;
    Hdf5Bytes& operator=(const Hdf5Bytes&) = delete;

    /// type: "float32", "float64", "float32be", "int8", "int16", "uint8", "int64".
    void matrix(const std::string& path, MatrixView values, const std::string& type = "float32",
        Storage storage = Storage::Contiguous);
    /// rows x columns that are declared, chunked and never written.
    void empty(const std::string& path, std::uint64_t rows, std::uint64_t columns);
    void numbers(const std::string& path, const std::vector<double>& values,
        const std::string& type = "float64");
    void booleans(const std::string& path, const std::vector<bool>& values);
    void texts(const std::string& path, const std::vector<std::string>& values, bool isVariable);
    /// Compound of a text "index", a float64 "weight" and a float32 array "vec" as wide as the
    /// table.
    void compound(const std::string& path, const std::vector<std::string>& index, MatrixView vec);
    /// Rows of varying length.
    void rows(const std::string& path, const std::vector<std::vector<float>>& values);
    void group(const std::string& path);
    void externalLink(const std::string& path, const std::string& file);
    /// A dataset whose values lie in another file.
    void externalData(const std::string& path, std::uint64_t rows, std::uint64_t columns,
        const std::string& file);
    /// A virtual dataset over one of another file.
    void virtualData(const std::string& path, std::uint64_t rows, std::uint64_t columns,
        const std::string& file);

    void attribute(const std::string& path, const std::string& name, const std::string& value);
    void attribute(
        const std::string& path, const std::string& name, const std::vector<std::string>& values);
    void attribute(
        const std::string& path, const std::string& name, const std::vector<std::int64_t>& values);

    /// The file so far. Nothing may be added after that.
    std::string bytes();

private:
    std::int64_t m_file;
    std::int64_t m_linkProperties;
};

/// An AnnData file as version 0.8 and later write it: X of `rows` x 6, obsm/X_pca of 4 columns,
/// obsm/X_umap of 2, obs with an index, a category, a number, a nullable number and a boolean.
std::string annDataBytes(Index rows, bool isDeflated = false);

} // namespace embedscope::test
