#include "tests/support/test_data.h"

#include "core/base/random.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdlib.h> // NOLINT: mkdtemp is POSIX

namespace embedscope::test {

Matrix normalMatrix(Index n, Index d, std::uint64_t seed)
{
    Random random(seed);
    Matrix matrix = Matrix::zeros(n, d);
    for (Index i = 0; i < matrix.size(); ++i)
        matrix.data()[i] = static_cast<float>(random.normal());
    return matrix;
}

Matrix blobs(Index n, Index d, Index groups, std::uint64_t seed)
{
    const Matrix centres = normalMatrix(groups, d, seed + 1000);
    Matrix matrix = normalMatrix(n, d, seed);
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < d; ++j)
            matrix(i, j) = 0.3F * matrix(i, j) + 6 * centres(i % groups, j);
    }
    return matrix;
}

std::shared_ptr<const Dataset> blobDataset(Index n, Index d, Index groups, std::uint64_t seed)
{
    Table table;
    table.vectors = blobs(n, d, groups, seed);
    TextValues labels;
    CategoryValues group;
    NumberValues sizes;
    for (Index g = 0; g < groups; ++g)
        group.categories.push_back("group " + std::to_string(g));
    for (Index i = 0; i < n; ++i) {
        labels.append("p" + std::to_string(i));
        group.codes.push_back(static_cast<std::int32_t>(i % groups));
        sizes.values.push_back(static_cast<double>(i));
    }
    table.columns.emplace_back("label", std::move(labels));
    table.columns.emplace_back("group", std::move(group));
    table.columns.emplace_back("size", std::move(sizes));
    table.labelColumn = 0;
    table.provenance.format = "memory";
    table.provenance.dtype = "float32";
    return Dataset::make(std::move(table)).value();
}

std::shared_ptr<const Dataset> datasetOf(Matrix matrix)
{
    Table table;
    table.vectors = std::move(matrix);
    return Dataset::make(std::move(table)).value();
}

TemporaryFolder::TemporaryFolder()
{
    std::string path = (std::filesystem::temp_directory_path() / "embedscope-XXXXXX").string();
    m_path = ::mkdtemp(path.data());
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

void writeFile(const std::string& path, std::string_view bytes)
{
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string readFile(const std::string& path)
{
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

} // namespace embedscope::test
