#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/text/delimited.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace embedscope {

/// JSON as a run of records, each an object or a list: one a line, the elements of a list, or the
/// members of an object, whose keys then name them. Nothing but records is ever in memory, and none
/// is nested deeper than 64.

enum class JsonLayout
{
    Sequence, ///< Values one behind the other, as in JSON lines.
    List, ///< The elements of a list.
    Members, ///< The members of an object.
};

/// Where the records of a file are.
struct JsonPlace
{
    JsonLayout layout = JsonLayout::Sequence;
    std::uint64_t begin = 0; ///< Behind the bracket that opens them.
    std::string key; ///< Of the list or object that holds them, where it is not the whole file.
    bool hasOthers = false; ///< There is more beside that key.
};

/// Finds the records from the beginning of a text (behind any byte order mark; places are counted
/// from there): the file itself, or a list or object one level within it. nullopt where the text is
/// no JSON of that kind.
std::optional<JsonPlace> findJsonRecords(std::string_view text);

/// A record: its value as it stands there, and its key where it has one (with its quotes).
struct JsonRecord
{
    std::string_view key;
    std::string_view value;
    std::size_t begin = 0; ///< Of the key or value in the text.
    std::size_t end = 0;
};

enum class JsonStep
{
    Record,
    End, ///< The closing bracket, or nothing but white space is left.
    Cut, ///< The text ends within a record.
    Fault, ///< Something that is no record; `begin` tells where.
};

/// The next record at or behind `at`.
JsonStep nextJsonRecord(
    std::string_view text, std::size_t at, JsonLayout layout, JsonRecord& record);

/// Pieces of whole records, about 1 MiB each, for parsing them in parallel.
///
/// begin    the place's, counted from the beginning of the file.
/// returns  Malformed, with the line, for what is no JSON; Truncated; TooLarge for a record beyond
///          kMaxRecordBytes; Stopped.
Result<Segments> findJsonSegments(
    const ByteSource& source, JsonLayout layout, std::uint64_t begin, const Progress& progress);

/// Calls use(key, value) for each member of an object, keys with their quotes; false where the
/// text is no object.
bool forEachJsonMember(std::string_view object,
    const std::function<void(std::string_view key, std::string_view value)>& use);

/// Calls use(value) for each element of a list; false where the text is no list.
bool forEachJsonElement(
    std::string_view list, const std::function<void(std::string_view value)>& use);

/// Whether the text is a list that begins with a number, or is empty of all but nulls.
bool isJsonNumberList(std::string_view value);

/// What a value says as a cell of a table: strings without quotes and escapes, null as nothing, all
/// else as it stands there. `scratch` holds it where escapes had to be undone.
std::string_view jsonCell(std::string_view value, std::string& scratch);

} // namespace embedscope
