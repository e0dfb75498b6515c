#include "core/base/error.h"

#include "core/base/text.h"

namespace embedscope {

std::string describe(const Error& error)
{
    std::string text;
    if (!error.path.empty())
        text += error.path + ": ";
    text += error.detail.empty() ? "something went wrong" : error.detail;
    if (error.line)
        text += " (line " + std::to_string(*error.line) + ")";
    else if (error.byte)
        text += " (byte " + std::to_string(*error.byte) + ")";
    if (text.back() != '.' && text.back() != '?' && text.back() != '!')
        text += '.';
    return printable(text);
}

} // namespace embedscope
