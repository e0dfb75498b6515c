#pragma once

#include "core/data/matrix.h"
#include "tests/support/test_data.h"

#include <QString>

#include <string>

namespace embedscope::test {

inline QString q(const std::string& text)
{
    return QString::fromStdString(text);
}

/// Files for the commands to read, in a folder of their own.
struct SmallTables
{
    SmallTables();

    TemporaryFolder folder;
    /// 60 x 8, two blobs. Rows 3, 7 and 9 are the same; row 20 is zero.
    Matrix vectors;
    /// Those vectors as word2vec text, labelled w0, w1, …; row 5 is "Zürich", and row 31 is w30
    /// again.
    QString words;
    /// Those vectors as NPY, with NaN in row 4 and an infinite value in row 11.
    QString holed;
};

} // namespace embedscope::test
