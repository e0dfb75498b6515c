#include "app/commands/command.h"

#include "core/io/format.h"
#include "core/io/writers/writers.h"

#include <nlohmann/json.hpp>

namespace embedscope::app {

Outcome runFormats(const Invocation& invocation, const Progress& /*progress*/)
{
    if (invocation.asJson) {
        nlohmann::ordered_json rows = nlohmann::ordered_json::array();
        for (const Format& format : formats()) {
            nlohmann::ordered_json extensions = nlohmann::ordered_json::array();
            for (const std::string_view extension : format.extensions)
                extensions.push_back(extension);
            rows.push_back({{"id", format.id}, {"name", format.name}, {"extensions", extensions},
                {"mime_type", format.mimeType}, {"description", format.description}});
        }
        nlohmann::ordered_json written = nlohmann::ordered_json::array();
        for (const Writer& writer : writers()) {
            nlohmann::ordered_json extensions = nlohmann::ordered_json::array();
            for (const std::string_view extension : writer.extensions)
                extensions.push_back(extension);
            written.push_back({{"id", writer.id}, {"name", writer.name}, {"extensions", extensions},
                {"description", writer.description}});
        }
        return {0, toText({{"formats", rows}, {"writers", written}}), {}};
    }
    std::string text = "Recognised by content; the extension only breaks ties.\n\n";
    for (const Format& format : formats()) {
        std::string extensions;
        for (const std::string_view extension : format.extensions)
            extensions += (extensions.empty() ? "." : " .") + std::string(extension);
        text += padded(format.id, 20) + ' ' + padded(format.name, 34) + ' ' + extensions + '\n'
            + std::string(21, ' ') + std::string(format.description) + "\n\n";
    }
    text.pop_back();
    return {0, text, {}};
}

} // namespace embedscope::app
