#include "core/io/text/number_list.h"

#include "core/base/text.h"
#include "core/io/text/parse_float.h"

#include <array>
#include <limits>

namespace embedscope {

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

bool isSeparator(char c)
{
    return c == ' ' || c == ',' || c == '\n' || c == '\r' || c == '\t' || c == ';';
}

/// The inside of the brackets, or the text itself; isBracketed says which.
std::string_view inside(std::string_view text, bool& isBracketed)
{
    text = trimmed(text);
    for (const std::string_view prefix : {"array(", "tensor(", "np.array("}) {
        if (text.starts_with(prefix) && text.ends_with(')')) {
            text = text.substr(prefix.size(), text.size() - prefix.size() - 1);
            // array([...], dtype=float32)
            const auto close = text.rfind(']');
            if (close != std::string_view::npos)
                text = text.substr(0, close + 1);
        }
    }
    isBracketed = text.size() >= 2
        && ((text.front() == '[' && text.back() == ']')
            || (text.front() == '(' && text.back() == ')')
            || (text.front() == '{' && text.back() == '}'));
    return isBracketed ? text.substr(1, text.size() - 2) : text;
}

} // namespace

bool isMissingCell(std::string_view cell)
{
    constexpr std::array<std::string_view, 12> kWords{
        "", "NA", "N/A", "n/a", "na", "null", "NULL", "None", "none", "-", "?", "#N/A"};
    cell = trimmed(cell);
    for (const auto word : kWords) {
        if (cell == word)
            return true;
    }
    return false;
}

bool readNumberCell(std::string_view cell, float& value)
{
    const auto start = cell.find_first_not_of(' ');
    if (start != std::string_view::npos) {
        const char* const end = cell.data() + cell.size();
        if (parseFloat(cell.data() + start, end, value) == end)
            return true;
    }
    if (const auto number = parseNumber(cell)) {
        value = static_cast<float>(*number);
        return true;
    }
    value = kNan;
    return isMissingCell(cell);
}

ListRead readNumberList(std::string_view cell, std::vector<float>& values)
{
    values.clear();
    bool isBracketed = false;
    const std::string_view text = inside(cell, isBracketed);
    const char* at = text.data();
    const char* const end = at + text.size();
    bool hasSpace = isBracketed;
    for (;;) {
        while (at != end && isSeparator(*at)) {
            hasSpace = hasSpace || *at == ' ';
            ++at;
        }
        if (at == end)
            break;
        // Nearly always a plain number; what is none is looked at as a word.
        float number = 0;
        const char* const behind = parseFloat(at, end, number);
        if (behind != nullptr && (behind == end || isSeparator(*behind))) {
            values.push_back(number);
            at = behind;
            continue;
        }
        const char* stop = at;
        while (stop != end && !isSeparator(*stop))
            ++stop;
        const std::string_view word(at, static_cast<std::size_t>(stop - at));
        if (word == "..." || word == "\xE2\x80\xA6")
            return values.empty() ? ListRead::NotAList : ListRead::Shortened;
        float value = 0;
        if (!readNumberCell(word, value))
            return ListRead::NotAList;
        values.push_back(value);
        at = stop;
    }
    // "1,234" or "7" alone is a number or a phrase, not a vector; "[7]" is one.
    if (!isBracketed && (values.size() < 2 || !hasSpace))
        return ListRead::NotAList;
    return values.empty() ? ListRead::NotAList : ListRead::Ok;
}

} // namespace embedscope
