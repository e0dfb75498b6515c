// projector_config.pbtxt: the text format of protocol buffers, as far as projector_config.proto of
// TensorBoard needs it. Read by hand: the message has a dozen fields, and libprotobuf with the code
// that protoc generates would weigh more than the rest of this room together.

#include "core/base/text.h"
#include "core/io/projector/projector.h"

#include <algorithm>
#include <functional>

namespace embedscope {

namespace {

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxSets = 10000;

bool isWordCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || c == '.' || c == '-' || c == '+';
}

/// Goes through the text token by token.
class Scanner
{
public:
    explicit Scanner(std::string_view text)
        : m_text(text)
    {
    }

    std::size_t position() const { return m_at; }

    /// The next character that matters; '\0' at the end. Commas and semicolons separate nothing
    /// that white space does not.
    char peek()
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '#')
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ';')
                ++m_at;
            else
                return c;
        }
        return '\0';
    }

    bool take(char c)
    {
        if (peek() != c)
            return false;
        ++m_at;
        return true;
    }

    /// A name, number or enumerator; empty where there is none.
    std::string_view word()
    {
        peek();
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && isWordCharacter(m_text[m_at]))
            ++m_at;
        return m_text.substr(begin, m_at - begin);
    }

    /// Strings that stand one behind the other are one. False where one does not close.
    bool string(std::string& into)
    {
        for (char quote = peek(); quote == '"' || quote == '\''; quote = peek()) {
            ++m_at;
            for (;; ++m_at) {
                if (m_at >= m_text.size() || m_text[m_at] == '\n')
                    return false;
                if (m_text[m_at] == quote)
                    break;
                if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                    escape(into);
                else
                    into += m_text[m_at];
            }
            ++m_at;
        }
        return true;
    }

private:
    /// At the backslash; leaves the place at the last character of the escape.
    void escape(std::string& into)
    {
        const char c = m_text[++m_at];
        if (c >= '0' && c <= '7') {
            unsigned value = 0;
            std::size_t digits = 0;
            while (digits < 3 && m_at + digits < m_text.size() && m_text[m_at + digits] >= '0'
                && m_text[m_at + digits] <= '7')
                value = value * 8 + static_cast<unsigned>(m_text[m_at + digits++] - '0');
            into += static_cast<char>(value & 0xffU);
            m_at += digits - 1;
            return;
        }
        into += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

class Parser
{
public:
    /// What to do with the value of a field: text for strings and words alike.
    using Use = std::function<void(std::string_view field, const std::string& value)>;
    /// What to do with a message: true where it was read, false where it is to be passed over.
    using Enter = std::function<bool(std::string_view field)>;

    explicit Parser(std::string_view text)
        : m_scanner(text)
    {
    }

    std::size_t position() const { return m_scanner.position(); }

    /// The fields up to the bracket that closes them, or the end of the text.
    bool fields(const Use& use, const Enter& enter)
    {
        if (++m_depth > kMaxDepth)
            return false;
        for (char next = m_scanner.peek(); next != '\0' && next != '}' && next != '>';
             next = m_scanner.peek()) {
            const std::string_view name = m_scanner.word();
            if (name.empty())
                return false;
            const bool hasColon = m_scanner.take(':');
            if (!(m_scanner.take('[') ? list(name, use, enter) : value(name, hasColon, use, enter)))
                return false;
        }
        --m_depth;
        return true;
    }

    bool isAtEnd() { return m_scanner.peek() == '\0'; }

private:
    bool value(std::string_view name, bool hasColon, const Use& use, const Enter& enter)
    {
        const char c = m_scanner.peek();
        if (c == '{' || c == '<') {
            m_scanner.take(c);
            if (!enter(name)
                && !fields([](std::string_view, const std::string&) {},
                    [](std::string_view) { return false; }))
                return false;
            return m_scanner.take(c == '{' ? '}' : '>');
        }
        std::string text;
        if (c == '"' || c == '\'') {
            if (!m_scanner.string(text))
                return false;
        } else {
            text = m_scanner.word();
            if (text.empty())
                return false;
        }
        use(name, text);
        return hasColon;
    }

    bool list(std::string_view name, const Use& use, const Enter& enter)
    {
        while (!m_scanner.take(']')) {
            if (m_scanner.peek() == '\0' || !value(name, true, use, enter))
                return false;
        }
        return true;
    }

    Scanner m_scanner;
    int m_depth = 0;
};

/// Two positive numbers out of a repeated field.
std::optional<std::pair<Index, Index>> pairOf(const std::vector<Index>& numbers)
{
    if (numbers.size() != 2 || numbers[0] < 1 || numbers[1] < 1)
        return std::nullopt;
    return std::pair(numbers[0], numbers[1]);
}

Index numberOf(const std::string& text)
{
    constexpr std::int64_t kMost = std::int64_t{1} << 40U;
    return std::clamp<std::int64_t>(parseInteger(text).value_or(-1), -1, kMost);
}

/// The fields of `embeddings { … }`.
bool parseSet(Parser& parser, ProjectorSet& set)
{
    std::vector<Index> shape;
    std::vector<Index> image;
    const auto ofSprite = [&](std::string_view field, const std::string& value) {
        if (field == "image_path")
            set.imagePath = value;
        else if (field == "single_image_dim" && image.size() < 3)
            image.push_back(numberOf(value));
    };
    bool isWhole = true;
    const bool isRead = parser.fields(
        [&](std::string_view field, const std::string& value) {
            if (field == "tensor_name")
                set.name = value.ends_with(":0") ? value.substr(0, value.size() - 2) : value;
            else if (field == "tensor_path")
                set.tensorPath = value;
            else if (field == "metadata_path")
                set.metadataPath = value;
            else if (field == "bookmarks_path")
                set.bookmarksPath = value;
            else if (field == "tensor_shape" && shape.size() < 3)
                shape.push_back(numberOf(value));
        },
        [&](std::string_view field) {
            if (field != "sprite")
                return false;
            isWhole = parser.fields(ofSprite, [](std::string_view) { return false; });
            return true;
        });
    set.shape = pairOf(shape);
    set.imageSize = pairOf(image);
    return isRead && isWhole;
}

} // namespace

Result<std::vector<ProjectorSet>> parseProjectorPbtxt(
    std::string_view text, const std::string& path)
{
    std::vector<ProjectorSet> sets;
    Parser parser(text);
    bool isWhole = true;
    const bool isRead = parser.fields([](std::string_view, const std::string&) {},
        [&](std::string_view field) {
            if (field != "embeddings" || sets.size() == kMaxSets)
                return false;
            isWhole = parseSet(parser, sets.emplace_back()) && isWhole;
            return true;
        });
    if (!isRead || !isWhole || !parser.isAtEnd()) {
        const auto at = static_cast<std::ptrdiff_t>(std::min(parser.position(), text.size()));
        const auto line = 1 + std::count(text.begin(), text.begin() + at, '\n');
        return Error{ErrorCode::Malformed,
            "is not valid as the text of a projector configuration. Is the download complete?",
            path, {}, static_cast<std::uint64_t>(line)};
    }
    if (sets.empty()) {
        return Error{
            ErrorCode::Malformed, "this projector configuration lists no embeddings", path, {}, {}};
    }
    return sets;
}

bool looksLikeProjectorPbtxt(std::string_view text)
{
    constexpr std::string_view kField = "embeddings";
    if (text.find('\0') != std::string_view::npos)
        return false;
    // The first field that is not the checkpoint's.
    Scanner scanner(text);
    for (int field = 0; field < 4; ++field) {
        const std::string_view name = scanner.word();
        if (name == kField) {
            scanner.take(':');
            return scanner.peek() == '{' || scanner.peek() == '<' || scanner.peek() == '[';
        }
        std::string ignored;
        if (!name.starts_with("model_checkpoint_") || !scanner.take(':')
            || !scanner.string(ignored))
            return false;
    }
    return false;
}

} // namespace embedscope
