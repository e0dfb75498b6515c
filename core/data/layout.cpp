#include "core/data/layout.h"

#include "core/base/text.h"

namespace embedscope {

const ParameterValue* findValue(const ParameterValues& values, std::string_view id)
{
    for (const auto& [name, value] : values) {
        if (name == id)
            return &value;
    }
    return nullptr;
}

std::string toText(const ParameterValue& value)
{
    struct Visitor
    {
        std::string operator()(bool b) const { return b ? "true" : "false"; }
        std::string operator()(std::int64_t i) const { return std::to_string(i); }
        std::string operator()(double d) const { return formatNumber(d); }
        std::string operator()(const std::string& s) const { return s; }
    };
    return std::visit(Visitor{}, value);
}

} // namespace embedscope
