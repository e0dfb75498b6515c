#include "core/io/writers/text_rows.h"

#include "core/base/text.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <ostream>
#include <system_error>

namespace embedscope {

namespace {

Status stateOf(const std::ostream& out)
{
    if (out)
        return {};
    const int code = errno != 0 ? errno : EIO;
    return Error{ErrorCode::WriteFailed,
        "could not be written: " + std::generic_category().message(code), {}, {}, {}};
}

} // namespace

Status writeBytes(std::ostream& out, std::string_view bytes)
{
    errno = 0;
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return stateOf(out);
}

Status flushBytes(std::ostream& out)
{
    errno = 0;
    out.flush();
    return stateOf(out);
}

void appendNumber(std::string& out, float value)
{
    if (std::isnan(value)) {
        out += "nan";
        return;
    }
    std::array<char, 32> buffer;
    out.append(
        buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

void appendNumbers(std::string& out, std::span<const float> values, char separator)
{
    for (std::size_t j = 0; j < values.size(); ++j) {
        if (j > 0)
            out += separator;
        appendNumber(out, values[j]);
    }
}

std::string delimitedCell(std::string_view text, char separator)
{
    std::string cell(text);
    if (separator == '\t') {
        for (char& c : cell)
            c = c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
        return cell;
    }
    const bool needsQuotes
        = cell.find_first_of(std::string("\"\r\n") + separator) != std::string::npos
        || (!cell.empty() && (cell.front() == ' ' || cell.back() == ' '));
    if (!needsQuotes)
        return cell;
    std::string quoted = "\"";
    for (const char c : cell) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string countOf(Index count, std::string_view one, std::string_view many)
{
    return formatCount(count) + ' ' + std::string(count == 1 ? one : many);
}

} // namespace embedscope
