#pragma once

#include "core/data/dataset.h"

#include <memory>
#include <string>

namespace embedscope::test {

/// n x d standard normal values from a seed.
Matrix normalMatrix(Index n, Index d, std::uint64_t seed = 1);

/// `groups` well separated blobs of equal size: n x d, row i in blob i % groups.
Matrix blobs(Index n, Index d, Index groups, std::uint64_t seed = 1);

/// A dataset of those values: labels "p0", "p1", …, a category column "group" (i % groups) and a
/// number column "size" (i).
std::shared_ptr<const Dataset> blobDataset(Index n, Index d, Index groups, std::uint64_t seed = 1);

/// A dataset of a matrix alone.
std::shared_ptr<const Dataset> datasetOf(Matrix matrix);

/// A folder of its own that is removed at the end.
class TemporaryFolder
{
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string file(const std::string& name) const { return m_path + '/' + name; }
    const std::string& path() const { return m_path; }

private:
    std::string m_path;
};

void writeFile(const std::string& path, std::string_view bytes);
std::string readFile(const std::string& path);

} // namespace embedscope::test
