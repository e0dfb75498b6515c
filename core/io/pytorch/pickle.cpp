#include "core/io/pytorch/pickle.h"

#include "core/base/text.h"

#include <bit>
#include <unordered_map>

namespace embedscope {

namespace {

constexpr std::size_t kMaxValues = 4'000'000;
constexpr std::size_t kMaxMemo = 2'000'000;
constexpr std::size_t kMaxItems = 16'000'000; ///< Of all containers together.
constexpr std::size_t kMaxStack = 16'000'000;
constexpr std::size_t kMaxMarks = 1'000'000;
constexpr std::size_t kMaxGlobalName = 1024;
constexpr std::uint64_t kMaxLine = 1U << 16U;
constexpr std::uint64_t kStopEvery = 1U << 14U;

class Machine
{
public:
    Machine(ByteCursor& cursor, PickleHeap& heap, const Progress& progress)
        : m_cursor(cursor)
        , m_heap(heap)
        , m_progress(progress)
    {
    }

    Result<PickleId> run()
    {
        for (std::uint64_t step = 0;; ++step) {
            if (step % kStopEvery == 0 && m_progress.stopRequested())
                return stoppedError();
            if (m_heap.size() > kMaxValues || m_memo.size() > kMaxMemo || m_items > kMaxItems
                || m_stack.size() > kMaxStack || m_marks.size() > kMaxMarks) {
                return Error{ErrorCode::TooLarge,
                    "the file's pickle holds more than " + formatCount(kMaxValues)
                        + " values, more than any model needs",
                    m_cursor.source().path(), {}, {}};
            }
            m_at = m_cursor.position();
            EMBEDSCOPE_TRY_ASSIGN(const auto opcode, m_cursor.number<std::uint8_t>());
            if (opcode == '.') {
                if (m_stack.empty() || !m_marks.empty())
                    return malformed("the pickle ends in the middle of something");
                return m_stack.back();
            }
            EMBEDSCOPE_TRY(stepValue(opcode));
        }
    }

private:
    Error malformed(std::string detail) const
    {
        return Error{ErrorCode::Malformed, std::move(detail), m_cursor.source().path(), m_at, {}};
    }
    Error underflow() const
    {
        return malformed("the pickle takes more from its stack than is on it");
    }

    /// Values above the last mark, or all where there is none.
    std::size_t available() const
    {
        return m_stack.size() - (m_marks.empty() ? 0 : m_marks.back());
    }
    Result<PickleId> pop()
    {
        if (available() == 0)
            return underflow();
        const PickleId top = m_stack.back();
        m_stack.pop_back();
        return top;
    }
    Result<PickleId> top() const
    {
        if (available() == 0)
            return underflow();
        return m_stack.back();
    }
    Result<std::vector<PickleId>> popToMark()
    {
        if (m_marks.empty())
            return malformed("the pickle asks for a mark that was never set");
        const auto from = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
        std::vector<PickleId> items(from, m_stack.end());
        m_stack.erase(from, m_stack.end());
        m_marks.pop_back();
        return items;
    }
    Status push(PickleId id) { return m_stack.push_back(id), Status(); }
    Status pushItems(PickleKind kind, std::vector<PickleId> items)
    {
        m_items += items.size();
        return push(m_heap.addItems(kind, std::move(items)));
    }

    template <typename Length> Status pushText(PickleKind kind)
    {
        EMBEDSCOPE_TRY_ASSIGN(const auto length, m_cursor.number<Length>());
        EMBEDSCOPE_TRY_ASSIGN(std::string text, m_cursor.text(length));
        return push(m_heap.addText(kind, std::move(text)));
    }
    template <typename Number> Status pushInteger()
    {
        EMBEDSCOPE_TRY_ASSIGN(const auto number, m_cursor.number<Number>());
        return push(m_heap.addInteger(static_cast<std::int64_t>(number)));
    }
    template <typename Index> Status putMemo()
    {
        EMBEDSCOPE_TRY_ASSIGN(const auto index, m_cursor.number<Index>());
        return memoize(index);
    }
    template <typename Index> Status getMemo()
    {
        EMBEDSCOPE_TRY_ASSIGN(const auto index, m_cursor.number<Index>());
        return recall(index);
    }
    Status memoize(std::uint64_t index)
    {
        EMBEDSCOPE_TRY_ASSIGN(const PickleId value, top());
        m_memo[index] = value;
        return {};
    }
    Status recall(std::uint64_t index)
    {
        const auto found = m_memo.find(index);
        if (found == m_memo.end())
            return malformed("the pickle refers to a value that it never stored");
        return push(found->second);
    }
    Result<std::string> line() { return m_cursor.textUpTo('\n', kMaxLine); }
    Result<std::uint64_t> lineNumber()
    {
        EMBEDSCOPE_TRY_ASSIGN(const std::string text, line());
        const auto number = parseInteger(text);
        if (!number || *number < 0)
            return malformed("a number in the pickle is none");
        return static_cast<std::uint64_t>(*number);
    }

    /// Tuples of one to three values from the stack.
    Status pushTuple(std::size_t count)
    {
        if (available() < count)
            return underflow();
        const auto from = m_stack.end() - static_cast<std::ptrdiff_t>(count);
        std::vector<PickleId> items(from, m_stack.end());
        m_stack.erase(from, m_stack.end());
        return pushItems(PickleKind::Tuple, std::move(items));
    }

    Status pushGlobal(std::string_view module, std::string_view name)
    {
        if (module.size() + name.size() > kMaxGlobalName)
            return malformed("a name in the pickle is longer than any name");
        return push(
            m_heap.addText(PickleKind::Global, std::string(module) + '.' + std::string(name)));
    }

    /// Where a pickler calls `callee`: containers are made, all else is only recorded.
    Status call(PickleId callee, PickleId arguments)
    {
        const std::string& name = m_heap.text(callee);
        const bool isGlobal = m_heap.kind(callee) == PickleKind::Global;
        const auto given = m_heap.items(arguments);
        const bool isEmpty = given.empty();
        const auto& first = isEmpty ? given : m_heap.items(given.front());
        if (isGlobal && name == "collections.OrderedDict") {
            std::vector<PickleId> pairs;
            for (const PickleId pair : first) {
                if (m_heap.items(pair).size() == 2)
                    pairs.insert(pairs.end(), m_heap.items(pair).begin(), m_heap.items(pair).end());
            }
            return pushItems(PickleKind::Dict, std::move(pairs));
        }
        if (isGlobal
            && (name == "__builtin__.set" || name == "builtins.set" || name == "builtins.frozenset"
                || name == "__builtin__.frozenset"))
            return pushItems(PickleKind::Set, std::vector<PickleId>(first));
        return pushItems(PickleKind::Object, {callee, arguments});
    }

    Status build()
    {
        EMBEDSCOPE_TRY_ASSIGN(const PickleId state, pop());
        EMBEDSCOPE_TRY_ASSIGN(const PickleId target, top());
        if (m_heap.kind(target) == PickleKind::Object)
            m_heap.itemsOf(target).push_back(state);
        return {};
    }

    Status addItems(PickleId target, const std::vector<PickleId>& items)
    {
        const PickleKind kind = m_heap.kind(target);
        if (kind == PickleKind::Object) { // a list or set of a class of its own
            const PickleId state = m_heap.addItems(PickleKind::List, items);
            m_heap.itemsOf(target).push_back(state);
            return {};
        }
        if (kind != PickleKind::List && kind != PickleKind::Set)
            return malformed("the pickle adds values to something that is no list");
        auto& own = m_heap.itemsOf(target);
        m_items += items.size();
        own.insert(own.end(), items.begin(), items.end());
        return {};
    }

    Status setItems(PickleId target, const std::vector<PickleId>& pairs)
    {
        if (pairs.size() % 2 != 0)
            return malformed("the pickle sets a key without a value");
        const PickleKind kind = m_heap.kind(target);
        if (kind == PickleKind::Object) { // a dict of a class of its own
            const PickleId state = m_heap.addItems(PickleKind::Dict, pairs);
            m_heap.itemsOf(target).push_back(state);
            return {};
        }
        if (kind != PickleKind::Dict)
            return malformed("the pickle sets keys of something that is no dictionary");
        auto& own = m_heap.itemsOf(target);
        m_items += pairs.size();
        own.insert(own.end(), pairs.begin(), pairs.end());
        return {};
    }

    Status pushLong(std::uint64_t length)
    {
        EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, m_cursor.text(length));
        if (bytes.size() > 8)
            return push(PickleHeap::kOpaque);
        std::uint64_t value
            = !bytes.empty() && (bytes.back() & 0x80) != 0 ? ~std::uint64_t{0} : std::uint64_t{0};
        for (std::size_t i = bytes.size(); i-- > 0;)
            value = value << 8U | static_cast<unsigned char>(bytes[i]);
        return push(m_heap.addInteger(static_cast<std::int64_t>(value)));
    }

    Status pushLineNumber(bool isReal)
    {
        EMBEDSCOPE_TRY_ASSIGN(std::string text, line());
        if (isReal) {
            const auto number = parseNumber(text);
            return number ? push(m_heap.addReal(*number))
                          : Status(malformed("a number in the pickle is none"));
        }
        if (text == "00" || text == "01")
            return push(text == "01" ? PickleHeap::kTrue : PickleHeap::kFalse);
        if (!text.empty() && text.back() == 'L')
            text.pop_back();
        const auto number = parseInteger(text);
        return push(number ? m_heap.addInteger(*number) : PickleHeap::kOpaque);
    }

    Status stepValue(std::uint8_t opcode)
    {
        switch (opcode) {
        case 0x80: // PROTO
            return m_cursor.skip(1);
        case 0x95: // FRAME
            return m_cursor.skip(8);
        case '(':
            m_marks.push_back(m_stack.size());
            return {};
        case '0': { // POP takes a mark where that is on top
            if (available() == 0 && !m_marks.empty()) {
                m_marks.pop_back();
                return {};
            }
            EMBEDSCOPE_TRY_ASSIGN([[maybe_unused]] const PickleId gone, pop());
            return {};
        }
        case '1': {
            EMBEDSCOPE_TRY_ASSIGN([[maybe_unused]] const auto gone, popToMark());
            return {};
        }
        case '2': {
            EMBEDSCOPE_TRY_ASSIGN(const PickleId value, top());
            return push(value);
        }
        case 'N':
            return push(PickleHeap::kNone);
        case 0x88:
            return push(PickleHeap::kTrue);
        case 0x89:
            return push(PickleHeap::kFalse);
        case 'I':
        case 'L':
            return pushLineNumber(false);
        case 'F':
            return pushLineNumber(true);
        case 'J':
            return pushInteger<std::int32_t>();
        case 'K':
            return pushInteger<std::uint8_t>();
        case 'M':
            return pushInteger<std::uint16_t>();
        case 0x8a: {
            EMBEDSCOPE_TRY_ASSIGN(const auto length, m_cursor.number<std::uint8_t>());
            return pushLong(length);
        }
        case 0x8b: {
            EMBEDSCOPE_TRY_ASSIGN(const auto length, m_cursor.number<std::uint32_t>());
            return pushLong(length);
        }
        case 'G': { // big-endian, alone among them
            EMBEDSCOPE_TRY_ASSIGN(const auto bits, m_cursor.number<std::uint64_t>());
            return push(m_heap.addReal(std::bit_cast<double>(__builtin_bswap64(bits))));
        }
        default:
            return stepText(opcode);
        }
    }

    Status stepText(std::uint8_t opcode)
    {
        switch (opcode) {
        case 'S':
        case 'V': {
            EMBEDSCOPE_TRY_ASSIGN(std::string text, line());
            const bool isQuoted = opcode == 'S' && text.size() >= 2 && text.front() == text.back();
            return push(m_heap.addText(
                PickleKind::Text, isQuoted ? text.substr(1, text.size() - 2) : std::move(text)));
        }
        case 'T':
        case 'X':
            return pushText<std::uint32_t>(PickleKind::Text);
        case 'U':
        case 0x8c:
            return pushText<std::uint8_t>(PickleKind::Text);
        case 0x8d:
            return pushText<std::uint64_t>(PickleKind::Text);
        case 'B':
            return pushText<std::uint32_t>(PickleKind::Bytes);
        case 'C':
            return pushText<std::uint8_t>(PickleKind::Bytes);
        case 0x8e:
        case 0x96:
            return pushText<std::uint64_t>(PickleKind::Bytes);
        case 'p': {
            EMBEDSCOPE_TRY_ASSIGN(const auto index, lineNumber());
            return memoize(index);
        }
        case 'q':
            return putMemo<std::uint8_t>();
        case 'r':
            return putMemo<std::uint32_t>();
        case 0x94:
            return memoize(m_memo.size());
        case 'g': {
            EMBEDSCOPE_TRY_ASSIGN(const auto index, lineNumber());
            return recall(index);
        }
        case 'h':
            return getMemo<std::uint8_t>();
        case 'j':
            return getMemo<std::uint32_t>();
        default:
            return stepContainer(opcode);
        }
    }

    Status stepContainer(std::uint8_t opcode)
    {
        switch (opcode) {
        case ')':
            return pushItems(PickleKind::Tuple, {});
        case ']':
            return pushItems(PickleKind::List, {});
        case '}':
            return pushItems(PickleKind::Dict, {});
        case 0x8f:
            return pushItems(PickleKind::Set, {});
        case 0x85:
        case 0x86:
        case 0x87:
            return pushTuple(opcode - 0x84U);
        case 't':
        case 'l':
        case 'd':
        case 0x91: {
            EMBEDSCOPE_TRY_ASSIGN(auto items, popToMark());
            if (opcode == 'd' && items.size() % 2 != 0)
                return malformed("the pickle sets a key without a value");
            return pushItems(opcode == 't' ? PickleKind::Tuple
                    : opcode == 'l'        ? PickleKind::List
                    : opcode == 'd'        ? PickleKind::Dict
                                           : PickleKind::Set,
                std::move(items));
        }
        case 'a': {
            EMBEDSCOPE_TRY_ASSIGN(const PickleId item, pop());
            EMBEDSCOPE_TRY_ASSIGN(const PickleId target, top());
            return addItems(target, {item});
        }
        case 'e':
        case 0x90: {
            EMBEDSCOPE_TRY_ASSIGN(const auto items, popToMark());
            EMBEDSCOPE_TRY_ASSIGN(const PickleId target, top());
            return addItems(target, items);
        }
        case 's': {
            EMBEDSCOPE_TRY_ASSIGN(const PickleId value, pop());
            EMBEDSCOPE_TRY_ASSIGN(const PickleId key, pop());
            EMBEDSCOPE_TRY_ASSIGN(const PickleId target, top());
            return setItems(target, {key, value});
        }
        case 'u': {
            EMBEDSCOPE_TRY_ASSIGN(const auto pairs, popToMark());
            EMBEDSCOPE_TRY_ASSIGN(const PickleId target, top());
            return setItems(target, pairs);
        }
        default:
            return stepObject(opcode);
        }
    }

    Status stepObject(std::uint8_t opcode)
    {
        switch (opcode) {
        case 'c': {
            EMBEDSCOPE_TRY_ASSIGN(const std::string module, line());
            EMBEDSCOPE_TRY_ASSIGN(const std::string name, line());
            return pushGlobal(module, name);
        }
        case 0x93: {
            EMBEDSCOPE_TRY_ASSIGN(const PickleId name, pop());
            EMBEDSCOPE_TRY_ASSIGN(const PickleId module, pop());
            return pushGlobal(m_heap.text(module), m_heap.text(name));
        }
        case 'R':
        case 0x81:
        case 0x92: {
            if (opcode == 0x92) // arguments by name lie on top
                EMBEDSCOPE_TRY(pop());
            EMBEDSCOPE_TRY_ASSIGN(const PickleId arguments, pop());
            EMBEDSCOPE_TRY_ASSIGN(const PickleId callee, pop());
            return call(callee, arguments);
        }
        case 'i': {
            EMBEDSCOPE_TRY_ASSIGN(const std::string module, line());
            EMBEDSCOPE_TRY_ASSIGN(const std::string name, line());
            EMBEDSCOPE_TRY_ASSIGN(auto items, popToMark());
            const PickleId callee = m_heap.addText(PickleKind::Global, module + '.' + name);
            return call(callee, m_heap.addItems(PickleKind::Tuple, std::move(items)));
        }
        case 'o': {
            EMBEDSCOPE_TRY_ASSIGN(auto items, popToMark());
            if (items.empty())
                return underflow();
            const PickleId callee = items.front();
            items.erase(items.begin());
            return call(callee, m_heap.addItems(PickleKind::Tuple, std::move(items)));
        }
        case 'b':
            return build();
        case 'Q': {
            EMBEDSCOPE_TRY_ASSIGN(const PickleId id, pop());
            return pushItems(PickleKind::Persistent, {id});
        }
        case 'P': {
            EMBEDSCOPE_TRY_ASSIGN(std::string text, line());
            const PickleId id = m_heap.addText(PickleKind::Text, std::move(text));
            return pushItems(PickleKind::Persistent, {id});
        }
        case 0x82:
        case 0x83:
        case 0x84:
            return malformed("the pickle uses Python's extension registry, which no model does");
        case 0x97:
        case 0x98:
            return malformed("the pickle refers to buffers outside of it");
        default:
            return malformed("this is no pickle: there is no opcode " + std::to_string(opcode));
        }
    }

    ByteCursor& m_cursor;
    PickleHeap& m_heap;
    const Progress& m_progress;
    std::uint64_t m_at = 0; ///< Of the opcode in hand.
    std::size_t m_items = 0; ///< Put into containers so far.
    std::vector<PickleId> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint64_t, PickleId> m_memo;
};

} // namespace

Result<PickleId> readPickle(ByteCursor& cursor, PickleHeap& heap, const Progress& progress)
{
    return Machine(cursor, heap, progress).run();
}

} // namespace embedscope
