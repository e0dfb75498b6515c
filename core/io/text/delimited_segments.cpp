#include "core/io/text/delimited.h"

#include "core/io/text/read_ahead.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr std::uint64_t kPieceBytes = std::uint64_t{1} << 20U;

Error openQuote(const ByteSource& source, std::uint64_t line)
{
    return Error{
        ErrorCode::Malformed, "the quote that opens here is never closed", source.path(), {}, line};
}

Error longRecord(const ByteSource& source, std::uint64_t line)
{
    return Error{ErrorCode::TooLarge, "the row is longer than 64 MiB", source.path(), {}, line};
}

/// Counts the records of a buffer into segments.
class Counter
{
public:
    Counter(const Dialect& dialect, std::uint64_t line)
        : m_dialect(dialect)
        , m_line(line)
    {
    }

    void count(std::string_view record, std::uint64_t lines)
    {
        if (isBlankRecord(record, m_dialect)) {
            ++m_pendingBlank;
            if (m_firstPending == 0)
                m_firstPending = m_line;
        } else {
            if (m_pendingBlank > 0 && m_result.firstBlankLine == 0)
                m_result.firstBlankLine = m_firstPending;
            m_result.blankRows += m_pendingBlank;
            m_pendingBlank = 0;
            m_firstPending = 0;
            ++m_result.rows;
        }
        m_line += lines;
    }

    Segment beginSegment(std::uint64_t offset) const { return {offset, 0, m_line, m_result.rows}; }
    void endSegment(Segment segment, std::uint64_t end, std::string_view text)
    {
        if (!m_dialect.quotes && !m_result.firstQuote) {
            const auto quote = text.find('"');
            if (quote != std::string_view::npos) {
                const auto begin = text.substr(0, quote).rfind(m_dialect.lineBreak) + 1;
                m_result.firstQuote = segment.offset + begin; // npos + 1 is 0.
            }
        }
        segment.bytes = end - segment.offset;
        if (segment.bytes > 0)
            m_result.pieces.push_back(segment);
    }
    std::uint64_t line() const { return m_line; }
    Segments take() { return std::move(m_result); }

private:
    const Dialect& m_dialect;
    Segments m_result;
    std::uint64_t m_line;
    Index m_pendingBlank = 0;
    std::uint64_t m_firstPending = 0;
};

} // namespace

Result<Segments> findSegments(const ByteSource& source, const Dialect& dialect, std::uint64_t begin,
    std::uint64_t line, const Progress& progress)
{
    Counter counter(dialect, line);
    ReadAhead ahead(source);
    std::uint64_t offset = begin; // of the first byte of `text`, the start of a record
    std::uint64_t want = kPieceBytes;
    while (offset < source.size()) {
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(const std::string_view text, ahead.text(offset, want));
        const bool isLast = offset + text.size() == source.size();
        Segment segment = counter.beginSegment(offset);
        std::size_t at = 0;
        while (at < text.size()) {
            const auto end = findRecordEnd(text, at, dialect);
            const bool isCut = !end || (*end == text.size() && !isLast);
            if (isCut) {
                if (!end && isLast)
                    return openQuote(source, counter.line());
                break;
            }
            const auto record = text.substr(at, *end - at);
            counter.count(
                record, (dialect.quotes ? occurrences(dialect.lineBreak, record) : 0) + 1);
            at = std::min(*end + 1, text.size());
        }
        if (at == 0) {
            // Not one whole record in the buffer: look at more of the file at once.
            if (want > kMaxRecordBytes)
                return longRecord(source, counter.line());
            want *= 4;
            continue;
        }
        counter.endSegment(segment, offset + at, text.substr(0, at));
        offset += at;
        want = kPieceBytes;
        progress.report(
            "Counting rows", static_cast<double>(offset) / static_cast<double>(source.size()));
    }
    return counter.take();
}

} // namespace embedscope
