#include "app/option_values.h"

#include "core/base/text.h"

#include <limits>

namespace embedscope::app {

[[noreturn]] void refuse(const std::string& sentence)
{
    throw CLI::ValidationError(sentence);
}

Index integerIn(const std::string& option, const std::string& text, Index minimum, Index maximum)
{
    const auto value = parseInteger(text);
    if (!value || *value < minimum || *value > maximum) {
        refuse(option + " takes a whole number "
            + (maximum == std::numeric_limits<Index>::max()
                    ? "from " + formatNumber(static_cast<double>(minimum)) + " up"
                    : "from " + std::to_string(minimum) + " to " + std::to_string(maximum))
            + ", not \"" + printable(text) + '"');
    }
    return *value;
}

std::pair<Index, Index> pairOf(const std::string& option, const std::string& text, char separator,
    const std::string& example, Index maximum)
{
    const std::size_t at = text.find(separator);
    const auto first = parseInteger(std::string_view(text).substr(0, at));
    const auto second = at == std::string::npos
        ? std::nullopt
        : parseInteger(std::string_view(text).substr(at + 1));
    if (!first || !second || *first < 1 || *second < 1 || *first > maximum || *second > maximum) {
        refuse(option + " takes two numbers such as " + example
            + (maximum < std::numeric_limits<Index>::max()
                    ? ", each from 1 to " + std::to_string(maximum)
                    : std::string())
            + ", not \"" + printable(text) + '"');
    }
    return {*first, *second};
}

} // namespace embedscope::app
