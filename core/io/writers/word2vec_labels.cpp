#include "core/io/writers/word2vec_labels.h"

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/io/writers/text_rows.h"
#include "core/io/writers/writer_list.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 8192;

bool partsWords(char c)
{
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
}

} // namespace

std::string Word2VecLabels::at(Index i) const
{
    std::string label = m_rows.dataset().name(m_rows.at(i));
    for (char& c : label)
        c = partsWords(c) ? '_' : c;
    return label;
}

void Word2VecLabels::warn(std::string_view format, std::vector<std::string>& warnings) const
{
    warnOfColumns(m_rows, true, format, warnings);
    if (!m_rows.labelField())
        return;
    const Index blocks = blockCount(m_rows.size(), kRowsPerBlock);
    std::vector<Index> changed(static_cast<std::size_t>(blocks));
    std::vector<Index> unnamed(static_cast<std::size_t>(blocks));
    parallelBlocks(m_rows.size(), kRowsPerBlock, [&](Index block, Index begin, Index end) {
        const auto at = static_cast<std::size_t>(block);
        for (Index i = begin; i < end; ++i) {
            const std::string label = m_rows.dataset().label(m_rows.at(i));
            unnamed[at] += label.empty() ? 1 : 0;
            changed[at] += std::any_of(label.begin(), label.end(), partsWords) ? 1 : 0;
        }
    });
    Index allChanged = 0;
    Index allUnnamed = 0;
    for (std::size_t block = 0; block < changed.size(); ++block) {
        allChanged += changed[block];
        allUnnamed += unnamed[block];
    }
    if (allChanged > 0) {
        warnings.push_back(countOf(allChanged, "label holds", "labels hold")
            + " spaces, line breaks or the like, which part words in " + std::string(format)
            + "; they were written as \"_\".");
    }
    if (allUnnamed > 0) {
        warnings.push_back(countOf(allUnnamed, "row has", "rows have")
            + " no label, which every row has in " + std::string(format)
            + (allUnnamed == 1 ? "; its number stands for it." : "; their numbers stand for it."));
    }
}

} // namespace embedscope
