#include "core/base/text.h"
#include "core/io/numpy/npy.h"

#include <array>
#include <charconv>
#include <limits>

namespace embedscope {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::uint32_t kMaxHeaderBytes = 1U << 20U;
constexpr int kMaxNesting = 32;
constexpr std::size_t kMaxDimensions = 64;

/// Reads the Python literal of a header: a dict of strings, booleans, integers, tuples and lists.
/// Nothing is evaluated; nesting and lengths are bounded.
class HeaderParser
{
public:
    explicit HeaderParser(std::string_view text)
        : m_text(text)
    {
    }

    /// Fills descr, isFortran and shape; a sentence about the fault, or empty.
    std::string parse(NpyHeader& header)
    {
        if (!take('{'))
            return "its header is not a dictionary";
        bool hasDescr = false;
        bool hasOrder = false;
        bool hasShape = false;
        while (!take('}')) {
            std::string key;
            if (!string(key) || !take(':'))
                return "its header is not a dictionary of names and values";
            bool good = false;
            if (key == "descr") {
                good = hasDescr = descr(header.descr);
            } else if (key == "fortran_order") {
                good = hasOrder = boolean(header.isFortran);
            } else if (key == "shape") {
                good = hasShape = shape(header.shape);
            } else {
                good = skip(0);
            }
            if (!good)
                return "the value of '" + printable(key.substr(0, 40))
                    + "' in its header makes no sense";
            if (!take(',') && peek() != '}')
                return "its header ends in the middle";
        }
        if (peek() != '\0' || m_at < m_text.size())
            return "there is something behind the dictionary of its header";
        if (!hasDescr || !hasOrder || !hasShape) {
            return std::string("its header lacks '")
                + (!hasDescr        ? "descr"
                        : !hasOrder ? "fortran_order"
                                    : "shape")
                + "'";
        }
        return {};
    }

private:
    char peek()
    {
        while (m_at < m_text.size()
            && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\t'
                || m_text[m_at] == '\r'))
            ++m_at;
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }

    bool take(char c)
    {
        if (peek() != c || m_at >= m_text.size())
            return false;
        ++m_at;
        return true;
    }

    bool string(std::string& out)
    {
        char quote = peek();
        if (quote == 'u' || quote == 'b') {
            ++m_at;
            quote = m_at < m_text.size() ? m_text[m_at] : '\0';
        }
        if (quote != '\'' && quote != '"')
            return false;
        for (++m_at; m_at < m_text.size() && m_text[m_at] != quote; ++m_at) {
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                ++m_at;
            out += m_text[m_at];
        }
        if (m_at >= m_text.size())
            return false;
        ++m_at;
        return true;
    }

    bool word(std::string_view expected)
    {
        peek();
        if (m_text.substr(m_at, expected.size()) != expected)
            return false;
        m_at += expected.size();
        return true;
    }

    bool boolean(bool& out)
    {
        out = word("True");
        return out || word("False");
    }

    bool integer(std::uint64_t& out)
    {
        peek();
        const char* const begin = m_text.data() + m_at;
        const auto [stop, code] = std::from_chars(begin, m_text.data() + m_text.size(), out);
        if (code != std::errc())
            return false;
        m_at += static_cast<std::size_t>(stop - begin);
        if (m_at < m_text.size() && m_text[m_at] == 'L') // Python 2 wrote long integers so.
            ++m_at;
        return true;
    }

    bool shape(std::vector<std::uint64_t>& out)
    {
        if (!take('('))
            return false;
        while (!take(')')) {
            std::uint64_t extent = 0;
            if (out.size() >= kMaxDimensions || !integer(extent))
                return false;
            out.push_back(extent);
            if (!take(',') && peek() != ')')
                return false;
        }
        return true;
    }

    bool descr(std::string& out)
    {
        if (peek() != '[' && peek() != '(')
            return string(out);
        const std::size_t begin = m_at;
        if (!skip(0))
            return false;
        out = m_text.substr(begin, m_at - begin);
        return true;
    }

    bool skip(int depth)
    {
        const char open = peek();
        if (open == '[' || open == '(' || open == '{') {
            if (depth >= kMaxNesting)
                return false;
            const char close = open == '[' ? ']' : open == '(' ? ')' : '}';
            ++m_at;
            while (!take(close)) {
                if (!skip(depth + 1))
                    return false;
                if (!take(',') && !take(':') && peek() != close)
                    return false;
            }
            return true;
        }
        std::string ignored;
        bool flag = false;
        std::uint64_t number = 0;
        return word("None") || boolean(flag) || integer(number) || string(ignored);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

void interpretDescr(NpyHeader& header)
{
    std::string_view text = header.descr;
    if (text.empty() || text.front() == '[' || text.front() == '(')
        return;
    char order = '|';
    if (std::string_view("<>|=").find(text.front()) != std::string_view::npos) {
        order = text.front();
        text.remove_prefix(1);
    }
    header.isBigEndian = order == '>';
    if (text.empty())
        return;
    const char kind = text.front();
    text.remove_prefix(1);
    std::uint64_t size = 0;
    const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (kind == '?' && text.empty()) {
        header.kind = NpyKind::Bool;
        header.itemBytes = 1;
        return;
    }
    if (code != std::errc() || stop != text.data() + text.size() || size > (1U << 30U))
        return;
    header.itemBytes = kind == 'U' ? size * 4 : size;
    const bool isInteger = size == 1 || size == 2 || size == 4 || size == 8;
    if (kind == 'f' && (size == 2 || size == 4 || size == 8))
        header.kind = NpyKind::Float;
    else if (kind == 'i' && isInteger)
        header.kind = NpyKind::Signed;
    else if (kind == 'u' && isInteger)
        header.kind = NpyKind::Unsigned;
    else if (kind == 'b' && size == 1)
        header.kind = NpyKind::Bool;
    else if (kind == 'U')
        header.kind = NpyKind::Unicode;
    else if (kind == 'S' || kind == 'a')
        header.kind = NpyKind::Bytes;
}

Error malformed(std::string detail, const std::string& path, std::uint64_t byte)
{
    return Error{ErrorCode::Malformed, "this NumPy array cannot be read: " + std::move(detail),
        path, byte, {}};
}

} // namespace

std::string NpyHeader::dtypeName() const
{
    const std::string bits = std::to_string(itemBytes * 8);
    switch (kind) {
    case NpyKind::Float:
        return "float" + bits;
    case NpyKind::Signed:
        return "int" + bits;
    case NpyKind::Unsigned:
        return "uint" + bits;
    case NpyKind::Bool:
        return "bool";
    case NpyKind::Unicode:
    case NpyKind::Bytes:
        return "text";
    case NpyKind::Unsupported:
        break;
    }
    return printable(descr.substr(0, 60));
}

std::string NpyHeader::shapeText() const
{
    std::string text;
    for (const std::uint64_t extent : shape)
        text += (text.empty() ? "" : " x ") + formatCount(static_cast<std::int64_t>(extent));
    return text;
}

Result<NpyHeader> readNpyHeader(const SequentialRead& read, const std::string& path)
{
    std::array<unsigned char, 12> start{};
    EMBEDSCOPE_TRY(read(std::as_writable_bytes(std::span(start).first(10))));
    const std::string_view magic(reinterpret_cast<const char*>(start.data()), kMagic.size());
    if (magic != kMagic)
        return malformed("it does not begin with the signature of one", path, 0);
    const int major = start[6];
    if (major < 1 || major > 3) {
        return Error{ErrorCode::Unsupported,
            "the NumPy array is of version " + std::to_string(major)
                + " of its format; versions 1 to 3 are read",
            path, 6, {}};
    }
    NpyHeader header;
    std::uint32_t length = start[8] | static_cast<std::uint32_t>(start[9]) << 8U;
    header.dataOffset = 10;
    if (major > 1) {
        EMBEDSCOPE_TRY(read(std::as_writable_bytes(std::span(start).subspan(10, 2))));
        length |= static_cast<std::uint32_t>(start[10]) << 16U
            | static_cast<std::uint32_t>(start[11]) << 24U;
        header.dataOffset = 12;
    }
    if (length > kMaxHeaderBytes)
        return malformed("it claims a header of " + formatBytes(length), path, 8);
    std::string text(length, '\0');
    EMBEDSCOPE_TRY(read(std::as_writable_bytes(std::span(text))));

    if (std::string fault = HeaderParser(text).parse(header); !fault.empty())
        return malformed(std::move(fault), path, header.dataOffset);
    interpretDescr(header);
    const std::uint64_t at = header.dataOffset;
    header.dataOffset += length;
    header.count = 1;
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / 16;
    const std::uint64_t limit = kMax / std::max<std::uint64_t>(1, header.itemBytes);
    bool isEmpty = false;
    for (const std::uint64_t extent : header.shape) {
        if (extent > kMax)
            return malformed("its header promises an impossible number of values", path, at);
        isEmpty = isEmpty || extent == 0;
    }
    for (const std::uint64_t extent : header.shape) {
        if (!isEmpty && header.count > limit / extent)
            return malformed("its header promises an impossible number of values", path, at);
        header.count = isEmpty ? 0 : header.count * extent;
    }
    return header;
}

Result<NpyTableShape> npyTableShape(const NpyHeader& header, const std::string& path)
{
    const auto refuse = [&](ErrorCode code, std::string detail) {
        return Error{code, std::move(detail), path, {}, {}};
    };
    if (header.descr.find('O') != std::string::npos && header.kind == NpyKind::Unsupported) {
        return refuse(ErrorCode::Unsupported,
            "holds Python objects (a pickle), which could run code when read; save the array with "
            "a number "
            "type, such as array.astype('float32')");
    }
    if (header.isText())
        return refuse(ErrorCode::Unsupported, "holds text, not vectors");
    if (!header.isNumeric()) {
        return refuse(ErrorCode::Unsupported,
            "holds values of the type " + header.dtypeName()
                + ", which is not read; save the array as float32");
    }
    if (header.shape.empty())
        return refuse(ErrorCode::Malformed, "holds a single number, not a table of vectors");
    if (header.count == 0) {
        return refuse(ErrorCode::Malformed, "holds no vectors: its shape is " + header.shapeText());
    }
    NpyTableShape shape;
    const auto last = static_cast<Index>(header.shape.back());
    shape.columns = last;
    shape.rows = static_cast<Index>(header.count) / last;
    if (header.shape.size() == 1) {
        shape.warning = "The array has one dimension: it is read as one vector of "
            + formatCount(last) + " values.";
    } else if (header.shape.size() > 2) {
        shape.warning = "The array has the shape " + header.shapeText() + ": it is read as "
            + formatCount(shape.rows) + " vectors of " + formatCount(last) + " values.";
    }
    return shape;
}

} // namespace embedscope
