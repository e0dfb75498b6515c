#include "tests/app/small_tables.h"

#include "core/base/text.h"
#include "core/io/writers/write.h"

#include <limits>
#include <vector>

namespace embedscope::test {

namespace {

void writeWords(
    const std::string& path, const std::vector<std::string>& labels, const Matrix& matrix)
{
    std::string text
        = std::to_string(matrix.rows()) + ' ' + std::to_string(matrix.columns()) + '\n';
    for (Index i = 0; i < matrix.rows(); ++i) {
        text += labels[static_cast<std::size_t>(i)];
        for (Index j = 0; j < matrix.columns(); ++j)
            text += ' ' + formatNumber(matrix(i, j));
        text += '\n';
    }
    writeFile(path, text);
}

} // namespace

SmallTables::SmallTables()
    : vectors(blobs(60, 8, 2, 3))
    , words(q(folder.file("words.vec")))
    , holed(q(folder.file("holed.npy")))
{
    for (Index j = 0; j < vectors.columns(); ++j) {
        vectors(7, j) = vectors(3, j);
        vectors(9, j) = vectors(3, j);
        vectors(20, j) = 0;
    }
    std::vector<std::string> labels;
    for (int i = 0; i < 60; ++i)
        labels.push_back("w" + std::to_string(i));
    labels[31] = "w30";
    labels[5] = "Zürich";
    writeWords(words.toStdString(), labels, vectors);

    Matrix broken = vectors.clone();
    broken(4, 2) = std::numeric_limits<float>::quiet_NaN();
    broken(11, 0) = std::numeric_limits<float>::infinity();
    const Status written = writeNpy(holed.toStdString(), broken, {});
    if (!written)
        qFatal("%s", describe(written.error()).c_str());
}

} // namespace embedscope::test
