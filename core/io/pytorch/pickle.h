#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_cursor.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// Reads Python pickles, protocols 0 to 5, as plain data. Nothing in a pickle is ever looked up,
/// imported or called: where it asks for a call, what comes out is a record of which call that was.
/// After CPython's pickletools, which describes each opcode.

enum class PickleKind : std::uint8_t
{
    None,
    Boolean,
    Integer,
    Real,
    Text,
    Bytes,
    List,
    Tuple,
    Set,
    Dict, ///< Items alternate: key, value, key, value.
    Global, ///< A name in a module, as text "module.name".
    Object, ///< A call that was not made: items are the callee, its arguments, then its states.
    Persistent, ///< A reference to something outside: one item, the id.
    Opaque, ///< Something that is of no use here, such as a whole number beyond 64 bits.
};

/// The number of a value. Values may refer to each other in circles.
using PickleId = std::uint32_t;

/// All values that a pickle makes.
class PickleHeap
{
public:
    PickleHeap();

    PickleKind kind(PickleId id) const { return m_values[id].kind; }
    std::int64_t integer(PickleId id) const { return m_values[id].number.integer; }
    double real(PickleId id) const { return m_values[id].number.real; }
    /// Of Text, Bytes and Global; empty for others.
    const std::string& text(PickleId id) const;
    /// Of List, Tuple, Set, Dict, Object and Persistent; empty for others.
    const std::vector<PickleId>& items(PickleId id) const;

    bool isText(PickleId id) const { return kind(id) == PickleKind::Text; }
    bool isGlobal(PickleId id, std::string_view name) const
    {
        return kind(id) == PickleKind::Global && text(id) == name;
    }
    /// The value of a text key of a Dict; nullptr where there is none.
    const PickleId* find(PickleId dict, std::string_view key) const;

    std::size_t size() const { return m_values.size(); }

    static constexpr PickleId kNone = 0;
    static constexpr PickleId kFalse = 1;
    static constexpr PickleId kTrue = 2;
    static constexpr PickleId kOpaque = 3;

    PickleId addInteger(std::int64_t value);
    PickleId addReal(double value);
    PickleId addText(PickleKind kind, std::string text);
    PickleId addItems(PickleKind kind, std::vector<PickleId> items);
    std::vector<PickleId>& itemsOf(PickleId id);
    /// The value is what the other is from now on, as a reference whose object has been found.
    void become(PickleId id, PickleId other) { m_values[id] = m_values[other]; }

private:
    struct Value
    {
        PickleKind kind;
        std::uint32_t at; ///< Where the text or the items are.
        union
        {
            std::int64_t integer;
            double real;
        } number;
    };
    std::vector<Value> m_values;
    std::vector<std::string> m_texts;
    std::vector<std::vector<PickleId>> m_lists;
};

/// Runs one pickle from the cursor's position to its STOP and leaves the cursor behind it.
///
/// heap     where its values go; may hold those of pickles before.
/// returns  the pickle's value; Malformed with the byte for what no pickler writes, for extension
///          codes and out-of-band buffers; TooLarge beyond about four million values.
/// cost     time and memory in proportion to the pickle's bytes.
Result<PickleId> readPickle(ByteCursor& cursor, PickleHeap& heap, const Progress& progress);

} // namespace embedscope
