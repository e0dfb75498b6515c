#include "core/io/writers/text_rows.h"
#include "core/io/writers/word2vec_labels.h"
#include "core/io/writers/write.h"
#include "core/io/writers/writer_list.h"

namespace embedscope {

Status writeWord2VecText(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress)
{
    const Word2VecLabels labels(rows);
    labels.warn("word2vec text", warnings);
    const auto d = static_cast<std::size_t>(rows.dimensions());
    return writeAtomically(path, [&](std::ostream& out) -> Status {
        EMBEDSCOPE_TRY(writeBytes(
            out, std::to_string(rows.size()) + ' ' + std::to_string(rows.dimensions()) + '\n'));
        return writeRowsOfText(
            out, rows.size(), rows.dimensions(), progress, [&](Index i, std::string& text) {
                RowRoom room;
                text += labels.at(i);
                text += ' ';
                appendNumbers(text, {rows.vector(i, room), d}, ' ');
                text += '\n';
            });
    });
}

} // namespace embedscope
