#pragma once

#include "tests/support/npy_bytes.h"
#include "tests/support/zip_bytes.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// Pickles put together by hand, in protocol 2. Each function gives the opcodes that leave one
/// value on the stack.
namespace embedscope::test::pickled {

inline std::string number(std::uint64_t value, std::size_t bytes)
{
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xffU);
    return out;
}

inline std::string text(const std::string& value)
{
    return 'X' + number(value.size(), 4) + value;
}

inline std::string integer(std::int64_t value)
{
    return "\x8a\x08" + number(static_cast<std::uint64_t>(value), 8);
}

inline std::string global(const std::string& module, const std::string& name)
{
    return 'c' + module + '\n' + name + '\n';
}

inline std::string tuple(const std::vector<std::string>& items)
{
    std::string out = "(";
    for (const std::string& item : items)
        out += item;
    return out + 't';
}

inline std::string integers(const std::vector<std::int64_t>& values)
{
    std::vector<std::string> items;
    for (const std::int64_t value : values)
        items.push_back(integer(value));
    return tuple(items);
}

inline std::string list(const std::vector<std::string>& items)
{
    std::string out = "](";
    for (const std::string& item : items)
        out += item;
    return out + 'e';
}

inline std::string dict(const std::vector<std::pair<std::string, std::string>>& pairs)
{
    std::string out = "}(";
    for (const auto& [key, value] : pairs)
        out += text(key) + value;
    return out + 'u';
}

inline std::string call(const std::string& callee, const std::vector<std::string>& arguments)
{
    return callee + tuple(arguments) + 'R';
}

/// An object of a class with a state, as modules are pickled.
inline std::string object(const std::string& global, const std::string& state)
{
    return global + ')' + '\x81' + state + 'b';
}

inline std::string storage(const std::string& key, std::int64_t count,
    const std::string& className = "FloatStorage", const std::string& view = {})
{
    std::vector<std::string> id{
        text("storage"), global("torch", className), text(key), text("cpu"), integer(count)};
    if (!view.empty())
        id.push_back(view);
    return tuple(id) + 'Q';
}

inline std::string tensor(const std::string& storage, std::int64_t offset,
    const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides)
{
    return call(global("torch._utils", "_rebuild_tensor_v2"),
        {storage, integer(offset), integers(shape), integers(strides), "\x89",
            global("collections", "OrderedDict") + ")R"});
}

/// Row-major n x d on a storage of its own.
inline std::string matrix(const std::string& key, std::int64_t n, std::int64_t d,
    const std::string& className = "FloatStorage")
{
    return tensor(storage(key, n * d, className), 0, {n, d}, {d, 1});
}

inline std::string whole(const std::string& value)
{
    return "\x80\x02" + value + '.';
}

/// A PyTorch archive of that value and those storages.
inline std::string torchZip(const std::string& value,
    const std::vector<std::pair<std::string, std::string>>& storages, bool deflated = false)
{
    std::vector<std::pair<std::string, std::string>> members{{"archive/data.pkl", whole(value)}};
    for (const auto& [key, bytes] : storages)
        members.emplace_back("archive/data/" + key, bytes);
    members.emplace_back("archive/version", "3\n");
    return zipOf(members, deflated);
}

/// The same in the form that came before; itemBytes is the size of each storage's elements.
inline std::string torchLegacy(const std::string& value,
    const std::vector<std::pair<std::string, std::string>>& storages, std::size_t itemBytes = 4)
{
    std::string out("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e", 15);
    out += whole("M\xe9\x03") + whole(dict({{"little_endian", "\x88"}})) + whole(value);
    std::vector<std::string> keys;
    for (const auto& [key, bytes] : storages)
        keys.push_back(text(key));
    out += whole(list(keys));
    for (const auto& [key, bytes] : storages)
        out += number(bytes.size() / itemBytes, 8) + bytes;
    return out;
}

} // namespace embedscope::test::pickled
