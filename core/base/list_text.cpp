#include "core/base/list_text.h"

#include "core/base/text.h"

#include <algorithm>

namespace embedscope {

std::string listText(
    std::size_t count, std::size_t most, const std::function<std::string(std::size_t at)>& textOf)
{
    std::string list;
    for (std::size_t i = 0; i < std::min(count, most); ++i)
        list += (i == 0 ? "" : ", ") + textOf(i);
    if (count > most)
        list += " and " + formatCount(static_cast<std::int64_t>(count - most)) + " more";
    return list;
}

} // namespace embedscope
