#include "core/io/text/json_records.h"

#include "core/base/text.h"
#include "core/io/text/read_ahead.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace embedscope {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr int kMaxDepth = 64;

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::size_t skipSpace(std::string_view text, std::size_t at)
{
    while (at < text.size() && isSpace(text[at]))
        ++at;
    return at;
}

/// A quote or a bracket; '[' and '{', ']' and '}' differ by one bit.
bool isStructure(char c)
{
    const auto folded = static_cast<char>(c | 0x20);
    return (c == '"') | (folded == '{') | (folded == '}');
}

/// The first quote or bracket from `at` on; kNone where there is none. Most of a file of vectors is
/// numbers, which are passed over here, many at a time.
std::size_t findStructure(std::string_view text, std::size_t at)
{
    constexpr std::ptrdiff_t kStep = 64;
    const char* const end = text.data() + text.size();
    const char* c = text.data() + std::min(at, text.size());
    for (; end - c >= kStep; c += kStep) {
        char found = 0; // Compilers make a few vector operations of this, though not of a bool.
        for (std::ptrdiff_t i = 0; i < kStep; ++i)
            found |= static_cast<char>(isStructure(c[i]));
        if (found != 0)
            break;
    }
    c = std::find_if(c, end, isStructure);
    return c == end ? kNone : static_cast<std::size_t>(c - text.data());
}

/// Behind the string that opens at `at`; kNone where it does not close.
std::size_t stringEnd(std::string_view text, std::size_t at)
{
    for (++at; at < text.size(); ++at) {
        if (text[at] == '"')
            return at + 1;
        if (text[at] == '\\')
            ++at;
    }
    return kNone;
}

struct ValueEnd
{
    std::size_t at = kNone; ///< kNone: cut.
    bool isFault = false;
};

/// Behind the list or object that opens at `at`, by its brackets alone.
ValueEnd containerEnd(std::string_view text, std::size_t at)
{
    std::string open;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = stringEnd(text, at);
            if (at == kNone)
                return {};
            continue;
        }
        if (c == '{' || c == '[') {
            if (open.size() == kMaxDepth)
                return {at, true};
            open += c == '{' ? '}' : ']';
        } else if (c == '}' || c == ']') {
            if (open.back() != c)
                return {at, true};
            open.pop_back();
            if (open.empty())
                return {at + 1, false};
        }
        at = findStructure(text, at + 1);
        if (at == kNone)
            return {};
    }
    return {};
}

ValueEnd valueEnd(std::string_view text, std::size_t at)
{
    if (at >= text.size())
        return {};
    if (text[at] == '"')
        return {stringEnd(text, at), false};
    if (text[at] == '{' || text[at] == '[')
        return containerEnd(text, at);
    const auto end = text.find_first_of(",]} \n\r\t", at);
    if (end == at)
        return {at, true};
    return {end, false};
}

/// What the members of an object are, as far as the text goes.
struct MemberCount
{
    std::size_t numberLists = 0;
    std::size_t scalars = 0;
    bool isEven = true; ///< Lists of numbers are of one length.
    std::optional<JsonPlace> listOfRecords;
    std::vector<JsonPlace> objects; ///< The first few.
};

std::size_t lengthOf(std::string_view list)
{
    return static_cast<std::size_t>(std::count(list.begin(), list.end(), ','));
}

/// The first character within the list or object that opens at `at`.
char firstWithin(std::string_view text, std::size_t at)
{
    const std::size_t inside = skipSpace(text, at + 1);
    return inside < text.size() ? text[inside] : '\0';
}

std::string keyText(std::string_view quoted)
{
    std::string scratch;
    return std::string(jsonCell(quoted, scratch));
}

/// at: behind the bracket that opens the object.
MemberCount countMembers(std::string_view text, std::size_t at)
{
    constexpr std::size_t kMost = 1000;
    constexpr std::size_t kMostObjects = 16;
    MemberCount count;
    std::size_t length = kNone;
    std::size_t members = 0;
    for (; members < kMost; ++members) {
        at = skipSpace(text, at);
        if (at < text.size() && text[at] == ',')
            at = skipSpace(text, at + 1);
        if (at >= text.size() || text[at] != '"')
            break;
        const std::size_t keyEnd = stringEnd(text, at);
        if (keyEnd == kNone)
            break;
        const std::string_view key = text.substr(at, keyEnd - at);
        at = skipSpace(text, keyEnd);
        if (at >= text.size() || text[at] != ':')
            break;
        at = skipSpace(text, at + 1);
        if (at >= text.size())
            break;
        const ValueEnd end = valueEnd(text, at);
        const char inner = text[at] == '[' || text[at] == '{' ? firstWithin(text, at) : '\0';
        if (text[at] == '[' && (inner == '{' || inner == '[')) {
            if (!count.listOfRecords)
                count.listOfRecords = JsonPlace{JsonLayout::List, at + 1, keyText(key), false};
        } else if (isJsonNumberList(text.substr(at))) {
            ++count.numberLists;
            if (end.at != kNone) {
                const std::size_t own = lengthOf(text.substr(at, end.at - at));
                count.isEven = count.isEven && (length == kNone || own == length);
                length = own;
            }
        } else if (text[at] == '{') {
            if (count.objects.size() < kMostObjects)
                count.objects.push_back({JsonLayout::Members, at + 1, keyText(key), false});
        } else {
            ++count.scalars;
        }
        if (end.at == kNone || end.isFault)
            break;
        at = end.at;
    }
    if (count.listOfRecords)
        count.listOfRecords->hasOthers = members > 1;
    for (JsonPlace& object : count.objects)
        object.hasOthers = members > 1;
    return count;
}

bool areVectors(const MemberCount& count)
{
    return count.numberLists > 0 && count.scalars == 0 && count.isEven && !count.listOfRecords
        && count.objects.empty();
}

/// The records of a file that is one object.
std::optional<JsonPlace> findInObject(std::string_view text, std::size_t open)
{
    const MemberCount count = countMembers(text, open + 1);
    if (areVectors(count))
        return JsonPlace{JsonLayout::Members, open + 1, {}, false};
    if (count.numberLists > 0)
        return JsonPlace{JsonLayout::Sequence, open, {}, false}; // A single record.
    if (count.listOfRecords)
        return count.listOfRecords;
    for (const JsonPlace& object : count.objects) {
        const MemberCount within = countMembers(text, static_cast<std::size_t>(object.begin));
        if (areVectors(within) && within.numberLists > 1)
            return object;
        if (within.numberLists > 0 && count.scalars == 0)
            return JsonPlace{JsonLayout::Members, open + 1, {}, false};
    }
    // Settings, or words with their numbers in a vocabulary.
    return std::nullopt;
}

/// The four hexadecimal digits at `at`; 0xfffd where there are none.
std::uint32_t hexCode(std::string_view text, std::size_t at)
{
    constexpr std::uint32_t kReplacement = 0xfffd;
    if (at + 4 > text.size())
        return kReplacement;
    std::uint32_t code = 0;
    const char* const end = text.data() + at + 4;
    const auto [stop, fault] = std::from_chars(text.data() + at, end, code, 16);
    return fault == std::errc() && stop == end ? code : kReplacement;
}

/// The escape whose letter stands at `at`, appended; returns where it ends.
std::size_t appendEscape(std::string_view text, std::size_t at, std::string& out)
{
    switch (text[at]) {
    case 'n':
        out += '\n';
        return at + 1;
    case 't':
        out += '\t';
        return at + 1;
    case 'r':
        out += '\r';
        return at + 1;
    case 'b':
    case 'f':
        out += ' ';
        return at + 1;
    case 'u':
        break;
    default:
        out += text[at];
        return at + 1;
    }
    const std::uint32_t code = hexCode(text, at + 1);
    const bool isHigh = code >= 0xd800 && code < 0xdc00;
    if (isHigh && text.substr(std::min(at + 5, text.size())).starts_with("\\u")) {
        const std::uint32_t low = hexCode(text, at + 7);
        if (low >= 0xdc00 && low < 0xe000) {
            appendUtf8(out, 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00));
            return std::min(at + 11, text.size());
        }
    }
    appendUtf8(out, code); // Half of a pair becomes U+FFFD.
    return std::min(at + 5, text.size());
}

} // namespace

std::optional<JsonPlace> findJsonRecords(std::string_view text)
{
    const std::size_t open = skipSpace(text, 0);
    if (open >= text.size() || (text[open] != '{' && text[open] != '['))
        return std::nullopt;
    const ValueEnd end = containerEnd(text, open);
    if (end.isFault)
        return std::nullopt;
    const std::size_t next = end.at == kNone ? text.size() : skipSpace(text, end.at);
    if (next < text.size())
        return text[next] == text[open]
            ? std::optional(JsonPlace{JsonLayout::Sequence, open, {}, false})
            : std::nullopt;
    if (text[open] == '{')
        return findInObject(text, open);
    const char inner = firstWithin(text, open);
    if (inner == '{' || inner == '[')
        return JsonPlace{JsonLayout::List, open + 1, {}, false};
    if (!isJsonNumberList(text.substr(open)))
        return std::nullopt; // A list of texts.
    return JsonPlace{JsonLayout::Sequence, open, {}, false};
}

JsonStep nextJsonRecord(
    std::string_view text, std::size_t at, JsonLayout layout, JsonRecord& record)
{
    at = skipSpace(text, at);
    if (layout != JsonLayout::Sequence && at < text.size() && text[at] == ',')
        at = skipSpace(text, at + 1);
    record = {};
    record.begin = at;
    if (at >= text.size())
        return JsonStep::End;
    if ((layout == JsonLayout::List && text[at] == ']')
        || (layout == JsonLayout::Members && text[at] == '}')) {
        record.end = at + 1;
        return JsonStep::End;
    }
    if (layout == JsonLayout::Members) {
        if (text[at] != '"')
            return JsonStep::Fault;
        const std::size_t keyEnd = stringEnd(text, at);
        const std::size_t colon = keyEnd == kNone ? kNone : skipSpace(text, keyEnd);
        if (colon == kNone || colon >= text.size())
            return JsonStep::Cut;
        if (text[colon] != ':')
            return JsonStep::Fault;
        record.key = text.substr(at, keyEnd - at);
        at = skipSpace(text, colon + 1);
        if (at >= text.size())
            return JsonStep::Cut;
    }
    if (text[at] != '{' && text[at] != '[')
        return JsonStep::Fault;
    const ValueEnd end = containerEnd(text, at);
    if (end.isFault)
        return JsonStep::Fault;
    if (end.at == kNone)
        return JsonStep::Cut;
    record.value = text.substr(at, end.at - at);
    record.end = end.at;
    return JsonStep::Record;
}

Result<Segments> findJsonSegments(
    const ByteSource& source, JsonLayout layout, std::uint64_t begin, const Progress& progress)
{
    constexpr std::uint64_t kPieceBytes = std::uint64_t{1} << 20U;
    Segments result;
    std::uint64_t line = 1;
    // Places before `begin` count, too.
    EMBEDSCOPE_TRY_ASSIGN(const std::string before, source.text(0, begin));
    line += occurrences('\n', before);
    ReadAhead ahead(source);
    std::uint64_t offset = begin;
    std::uint64_t want = kPieceBytes;
    while (offset < source.size()) {
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(const std::string_view text, ahead.text(offset, want));
        const bool isLast = offset + text.size() == source.size();
        Segment segment{offset, 0, line, result.rows};
        std::size_t at = 0;
        JsonRecord record;
        JsonStep step = JsonStep::Record;
        while (step == JsonStep::Record) {
            step = nextJsonRecord(text, at, layout, record);
            if (step == JsonStep::Record) {
                ++result.rows;
                at = record.end;
            }
        }
        const std::uint64_t breaks = occurrences('\n', text.substr(0, at));
        if (at > 0) {
            segment.bytes = at;
            result.pieces.push_back(segment);
        }
        if (step == JsonStep::Fault) {
            const std::uint64_t more = occurrences('\n', text.substr(at, record.begin - at));
            return Error{ErrorCode::Malformed,
                "what begins here is no JSON object or list as the others are", source.path(), {},
                line + breaks + more};
        }
        const bool isClosed = step == JsonStep::End && record.begin < text.size();
        if (isClosed || (step == JsonStep::End && isLast && layout == JsonLayout::Sequence))
            return result;
        if (isLast) {
            return Error{ErrorCode::Truncated,
                "the JSON ends before its last bracket. Is the download complete?", source.path(),
                {}, {}};
        }
        if (at == 0) {
            if (want > kMaxRecordBytes) {
                return Error{ErrorCode::TooLarge, "a JSON object or list is longer than 64 MiB",
                    source.path(), {}, line};
            }
            want *= 4;
            continue;
        }
        line += breaks;
        offset += at;
        want = kPieceBytes;
        progress.report(
            "Counting rows", static_cast<double>(offset) / static_cast<double>(source.size()));
    }
    return result;
}

bool forEachJsonMember(std::string_view object,
    const std::function<void(std::string_view key, std::string_view value)>& use)
{
    if (object.empty() || object.front() != '{')
        return false;
    for (std::size_t at = skipSpace(object, 1); at < object.size();) {
        if (object[at] == '}')
            return true;
        if (object[at] != '"')
            return false;
        const std::size_t keyEnd = stringEnd(object, at);
        if (keyEnd == kNone)
            return false;
        const std::size_t colon = skipSpace(object, keyEnd);
        if (colon >= object.size() || object[colon] != ':')
            return false;
        const std::size_t begin = skipSpace(object, colon + 1);
        const ValueEnd end = valueEnd(object, begin);
        if (end.at == kNone || end.isFault)
            return false;
        use(object.substr(at, keyEnd - at), object.substr(begin, end.at - begin));
        at = skipSpace(object, end.at);
        if (at < object.size() && object[at] == ',')
            at = skipSpace(object, at + 1);
    }
    return false;
}

bool forEachJsonElement(
    std::string_view list, const std::function<void(std::string_view value)>& use)
{
    if (list.empty() || list.front() != '[')
        return false;
    for (std::size_t at = skipSpace(list, 1); at < list.size();) {
        if (list[at] == ']')
            return true;
        const ValueEnd end = valueEnd(list, at);
        if (end.at == kNone || end.isFault)
            return false;
        use(list.substr(at, end.at - at));
        at = skipSpace(list, end.at);
        if (at < list.size() && list[at] == ',')
            at = skipSpace(list, at + 1);
    }
    return false;
}

bool isJsonNumberList(std::string_view value)
{
    if (value.empty() || value.front() != '[')
        return false;
    const std::size_t first = skipSpace(value, 1);
    if (first >= value.size())
        return false;
    const char c = value[first];
    return c == '-' || (c >= '0' && c <= '9') || value.substr(first).starts_with("null")
        || value.substr(first).starts_with("NaN");
}

std::string_view jsonCell(std::string_view value, std::string& scratch)
{
    if (value == "null")
        return {};
    if (value.size() < 2 || value.front() != '"')
        return value;
    const std::string_view text = value.substr(1, value.size() - 2);
    if (text.find('\\') == std::string_view::npos)
        return text;
    scratch.clear();
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '\\' || at + 1 == text.size()) {
            scratch += text[at++];
            continue;
        }
        at = appendEscape(text, at + 1, scratch);
    }
    return scratch;
}

} // namespace embedscope
