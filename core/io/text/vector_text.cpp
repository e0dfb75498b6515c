#include "core/io/text/vector_text.h"

#include "core/base/memory_budget.h"
#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/io/text/line_blocks.h"
#include "core/io/text/parse_float.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

namespace embedscope {

namespace {

constexpr Index kBlocksPerBatch = 32;
constexpr std::uint64_t kSampleBytes = 256U << 10U;
constexpr std::uint64_t kMaxSampleBytes = 256U << 20U;

/// What a block's lines gave, besides the values, which go straight into the matrix.
struct ParsedBlock
{
    std::string labels;
    std::vector<std::uint32_t> labelEnds;
    Index labelsEndingInNumbers = 0;
    std::optional<Error> error;
};

bool isSeparator(char c)
{
    return c == ' ' || c == '\t';
}

/// Whether a label such as "doc 17" ends in something that could have been a value.
bool endsInNumber(const char* begin, const char* end)
{
    const char* first = end;
    while (first > begin && !isSeparator(first[-1]))
        --first;
    float ignored = 0;
    return first > begin && first < end && parseFloat(first, end, ignored) == end;
}

class Reader
{
public:
    Reader(const ByteSource& source, const VectorTextLook& look, const RowChoice& choice,
        const Progress& progress)
        : m_source(source)
        , m_look(look)
        , m_choice(choice)
        , m_progress(progress)
        , m_blocks(source, look.dataOffset)
    {
    }

    Result<Table> read()
    {
        EMBEDSCOPE_TRY(admitPromise());
        EMBEDSCOPE_TRY(m_blocks.count(m_progress.part(0, 0.15)));
        EMBEDSCOPE_TRY(allocate());
        std::vector<ParsedBlock> parsed;
        for (Index batch = 0; batch < m_blocks.size(); batch += kBlocksPerBatch) {
            const Index count = std::min(kBlocksPerBatch, m_blocks.size() - batch);
            m_progress.report("Reading rows",
                0.15 + 0.85 * static_cast<double>(batch) / static_cast<double>(m_blocks.size()));
            parsed.assign(static_cast<std::size_t>(count), {});
            parallelBlocks(count, 1, [&](Index i, Index, Index) {
                parse(batch + i, parsed[static_cast<std::size_t>(i)]);
            });
            for (ParsedBlock& block : parsed) {
                if (block.error)
                    return *std::move(block.error);
                keep(block);
            }
        }
        return finish();
    }

private:
    /// Says that a table is too large before its lines are counted, where its first line tells.
    Status admitPromise() const
    {
        const auto most
            = static_cast<Index>(m_source.size()) / std::max<Index>(1, 2 * m_look.dimensions - 1);
        const bool isKnown = m_choice.isAll() && m_look.hasHeader && m_look.promisedRows <= most;
        return isKnown ? MemoryBudget::admitTable(m_look.promisedRows, m_look.dimensions)
                       : Status();
    }

    Status allocate()
    {
        const Index rows = m_blocks.rows();
        // A value takes two bytes at the least: "1 ".
        const auto needed = static_cast<std::uint64_t>(2 * m_look.dimensions - 1);
        if (static_cast<std::uint64_t>(rows)
            > (m_source.size() + static_cast<std::uint64_t>(rows)) / needed) {
            return Error{ErrorCode::Malformed,
                "most of its lines hold fewer than " + formatCount(m_look.dimensions)
                    + " numbers, as the first do",
                m_source.path(), {}, {}};
        }
        EMBEDSCOPE_TRY_ASSIGN(m_rows, chosenRows(m_choice, rows, m_source.path()));
        EMBEDSCOPE_TRY_ASSIGN(m_matrix, Matrix::allocate(m_rows.count(), m_look.dimensions));
        return {};
    }

    void parse(Index number, ParsedBlock& out)
    {
        const LineBlocks::Block& block = m_blocks[number];
        if (block.lines == 0)
            return;
        if (m_progress.stopRequested()) {
            out.error = stoppedError();
            return;
        }
        std::string bytes;
        auto lines = m_blocks.read(number, bytes);
        if (!lines) {
            out.error = std::move(lines).error();
            return;
        }
        Index row = block.firstRow;
        Index kept = m_rows.before(row); // Where the next of the chosen rows goes.
        const Index rowsEnd = block.firstRow + block.rows();
        Index line = block.firstLine;
        for (std::string_view rest = *lines; !rest.empty(); ++line) {
            const std::string_view whole = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(whole.size() + 1, rest.size()));
            if (isBlankLine(whole))
                continue;
            if (row == rowsEnd)
                break;
            if (kept < m_rows.count() && m_rows[kept] == row) {
                if (!parseRow(whole, line, kept, out))
                    return;
                ++kept;
            }
            ++row;
        }
        if (row != rowsEnd || line != block.firstLine + block.lines)
            out.error = m_blocks.changedError();
    }

    /// False, with the error set, where the line is no row.
    bool parseRow(std::string_view line, Index number, Index row, ParsedBlock& out)
    {
        const char* const begin = line.data();
        const char* end = begin + line.size();
        while (end > begin && (isSeparator(end[-1]) || end[-1] == '\r'))
            --end;
        if (parseLine(begin, end, m_matrix.row(row), out))
            return true;
        out.error = lineError({begin, static_cast<std::size_t>(end - begin)}, number);
        return false;
    }

    /// `dimensions` numbers from p to the very end, separated by spaces.
    bool parseNumbers(const char* p, const char* end, float* values) const
    {
        for (Index j = 0; j < m_look.dimensions; ++j) {
            while (p < end && isSeparator(*p))
                ++p;
            p = parseFloat(p, end, values[j]);
            if (p == nullptr || (p < end && !isSeparator(*p)))
                return false;
        }
        return p == end;
    }

    bool parseLine(const char* begin, const char* end, float* values, ParsedBlock& out) const
    {
        if (!m_look.hasLabels)
            return parseNumbers(begin, end, values);
        // Nearly always the label is what stands before the first space.
        const char* space = begin;
        while (space < end && !isSeparator(*space))
            ++space;
        const bool isSimple = space + 1 < end && !isSeparator(space[1]);
        if (!isSimple || !parseNumbers(space + 1, end, values)) {
            const char* first = end;
            for (Index j = 0; j < m_look.dimensions; ++j) {
                while (first > begin && isSeparator(first[-1]))
                    --first;
                if (first == begin)
                    return false;
                while (first > begin && !isSeparator(first[-1]))
                    --first;
            }
            if (!parseNumbers(first, end, values))
                return false;
            space = first > begin ? first - 1 : first;
            out.labelsEndingInNumbers += endsInNumber(begin, space) ? 1 : 0;
        }
        out.labels.append(begin, static_cast<std::size_t>(space - begin));
        out.labelEnds.push_back(static_cast<std::uint32_t>(out.labels.size()));
        return true;
    }

    Error lineError(std::string_view line, Index number) const
    {
        const std::string text = printable(line.substr(0, 40)) + (line.size() > 40 ? "…" : "");
        return Error{ErrorCode::Malformed,
            "this line does not end in " + formatCount(m_look.dimensions)
                + (m_look.dimensions == 1 ? " number" : " numbers") + " like the others: \"" + text
                + '"',
            m_source.path(), {}, static_cast<std::uint64_t>(number) + (m_look.hasHeader ? 2 : 1)};
    }

    void keep(ParsedBlock& block)
    {
        std::size_t begin = 0;
        for (const std::size_t end : block.labelEnds) {
            if (!m_labels.append(std::string_view(block.labels).substr(begin, end - begin)))
                ++m_brokenLabels;
            begin = end;
        }
        m_labelsEndingInNumbers += block.labelsEndingInNumbers;
    }

    Table finish()
    {
        Table table;
        if (m_look.hasMark)
            table.warnings.emplace_back(
                "The file begins with a byte order mark, which is ignored.");
        if (m_look.hasHeader)
            compareWithHeader(table.warnings);
        const Index blank = m_blocks.lines() - m_blocks.rows();
        if (blank > 0) {
            table.warnings.push_back(formatCount(blank)
                + (blank == 1 ? " blank line is" : " blank lines are") + " skipped.");
        }
        if (m_labelsEndingInNumbers > 0) {
            table.warnings.push_back("In " + formatCount(m_labelsEndingInNumbers)
                + (m_labelsEndingInNumbers == 1 ? " row" : " rows") + " more than "
                + formatCount(m_look.dimensions)
                + " numbers stand at the end; the last ones are the vector, the rest is taken as "
                  "part of the label.");
        }
        if (m_brokenLabels > 0) {
            table.warnings.push_back(formatCount(m_brokenLabels)
                + (m_brokenLabels == 1 ? " label is" : " labels are")
                + " not valid UTF-8; what is broken shows as \xEF\xBF\xBD.");
        }
        if (!m_rows.isAll())
            table.provenance.rows = m_rows;
        table.vectors = std::move(m_matrix);
        if (m_look.hasLabels) {
            table.columns.emplace_back("label", std::move(m_labels));
            table.labelColumn = 0;
        }
        table.provenance.dtype = "text";
        return table;
    }

    void compareWithHeader(std::vector<std::string>& warnings) const
    {
        const Index rows = m_rows.isAll() ? m_matrix.rows() : m_rows.total();
        // GloVe does not count its last row.
        const bool isUnknownWord = rows == m_look.promisedRows + 1
            && (!m_rows.isAll() || (m_labels.size() == rows && m_labels[rows - 1] == "<unk>"));
        if (rows != m_look.promisedRows && !isUnknownWord) {
            warnings.push_back("The first line promises " + formatCount(m_look.promisedRows)
                + " rows, but the file holds " + formatCount(rows) + ".");
        }
        if (m_look.promisedColumns != m_look.dimensions) {
            warnings.push_back("The first line promises " + formatCount(m_look.promisedColumns)
                + " values a row, but the rows hold " + formatCount(m_look.dimensions) + ".");
        }
    }

    const ByteSource& m_source;
    const VectorTextLook& m_look;
    const RowChoice& m_choice;
    const Progress& m_progress;
    LineBlocks m_blocks;
    Index m_brokenLabels = 0;
    Index m_labelsEndingInNumbers = 0;
    RowSubset m_rows;
    Matrix m_matrix;
    TextValues m_labels;
};

/// Enough of the file to see whole lines of it, however wide they are.
Result<VectorTextLook> look(const ByteSource& source)
{
    for (std::uint64_t count = kSampleBytes;; count *= 4) {
        EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, source.text(0, count));
        const bool isWhole = bytes.size() == source.size();
        const auto firstEnd = bytes.find('\n');
        const bool hasTwoLines
            = firstEnd != std::string::npos && bytes.find('\n', firstEnd + 1) != std::string::npos;
        if (isWhole || hasTwoLines || count >= kMaxSampleBytes)
            return lookAtVectorText(bytes, isWhole);
    }
}

} // namespace

Result<Table> readVectorText(
    const ByteSource& source, const RowChoice& choice, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const VectorTextLook seen, look(source));
    if (seen.hasDecimalCommas) {
        return Error{ErrorCode::Unsupported,
            "its numbers are written with decimal commas (\"0,5\"); write them with points",
            source.path(), {}, 1};
    }
    if (!seen.isVectorText) {
        return Error{ErrorCode::Malformed,
            "its lines do not look like \"label number number …\" separated by spaces",
            source.path(), {}, 1};
    }
    if (seen.isRagged) {
        return Error{ErrorCode::Malformed,
            "its lines hold different numbers of values, so it is not clear how long the vectors "
            "are",
            source.path(), {}, 1};
    }
    return Reader(source, seen, choice, progress).read();
}

} // namespace embedscope
