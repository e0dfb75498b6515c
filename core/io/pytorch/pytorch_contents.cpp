#include "core/io/pytorch/pytorch_contents.h"

#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/tensors/tensor_choice.h"

#include <algorithm>
#include <array>
#include <set>

namespace embedscope {

namespace {

constexpr int kMaxDepth = 100;
constexpr std::size_t kMaxSteps = 5'000'000;
constexpr std::size_t kMaxTensors = 200'000;
constexpr std::size_t kMaxRank = 64;
constexpr std::size_t kMaxNameLists = 16;
constexpr std::size_t kMaxNameBytes = 4096;
constexpr std::size_t kMaxRefused = 1000;

struct TypeRow
{
    std::string_view storage; ///< "FloatStorage"
    std::string_view dtype; ///< "float32", as a global of torch.
    std::uint64_t itemBytes;
    std::optional<ElementType> type;
};

constexpr auto kTypes = std::to_array<TypeRow>({
    {"FloatStorage", "float32", 4, ElementType::Float32},
    {"HalfStorage", "float16", 2, ElementType::Float16},
    {"BFloat16Storage", "bfloat16", 2, ElementType::BFloat16},
    {"DoubleStorage", "float64", 8, ElementType::Float64},
    {"LongStorage", "int64", 8, ElementType::Int64},
    {"IntStorage", "int32", 4, ElementType::Int32},
    {"ShortStorage", "int16", 2, ElementType::Int16},
    {"CharStorage", "int8", 1, ElementType::Int8},
    {"ByteStorage", "uint8", 1, ElementType::UInt8},
    {"UntypedStorage", "uint8", 1, ElementType::UInt8},
    {"BoolStorage", "bool", 1, ElementType::Bool},
    {"", "uint16", 2, ElementType::UInt16},
    {"", "uint32", 4, ElementType::UInt32},
    {"", "uint64", 8, ElementType::UInt64},
    {"", "float8_e4m3fn", 1, ElementType::Float8E4M3},
    {"", "float8_e5m2", 1, ElementType::Float8E5M2},
    {"", "float8_e4m3fnuz", 1, ElementType::Float8E4M3Fnuz},
    {"", "float8_e5m2fnuz", 1, ElementType::Float8E5M2Fnuz},
    {"", "float8_e8m0fnu", 1, ElementType::Float8E8M0},
    {"ComplexFloatStorage", "complex64", 8, std::nullopt},
    {"ComplexDoubleStorage", "complex128", 16, std::nullopt},
    {"QInt8Storage", "qint8", 1, std::nullopt},
    {"QUInt8Storage", "quint8", 1, std::nullopt},
    {"QInt32Storage", "qint32", 4, std::nullopt},
});

/// Calls and classes that mean plain data to us, or nothing that could matter.
constexpr auto kKnown = std::to_array<std::string_view>({
    "torch._utils._rebuild_tensor",
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_tensor_v3",
    "torch._utils._rebuild_parameter",
    "torch._utils._rebuild_parameter_with_state",
    "torch._tensor._rebuild_from_type_v2",
    "torch._tensor._rebuild_from_type",
    "torch.Size",
    "torch.Tensor",
    "torch.device",
    "torch.nn.parameter.Parameter",
    "torch.nn.parameter.Buffer",
    "torch.autograd.variable.Variable",
    "torch.nn.modules.container.ParameterDict",
    "torch.jit._pickle.build_intlist",
    "torch.jit._pickle.build_tensorlist",
    "torch.jit._pickle.build_doublelist",
    "torch.jit._pickle.build_boollist",
    "torch.jit._pickle.restore_type_tag",
    "collections.OrderedDict",
    "collections.defaultdict",
    "__builtin__.set",
    "builtins.set",
    "__builtin__.frozenset",
    "builtins.frozenset",
    "__builtin__.list",
    "builtins.list",
    "__builtin__.dict",
    "builtins.dict",
    "__builtin__.int",
    "builtins.int",
    "__builtin__.object",
    "builtins.object",
    "copy_reg._reconstructor",
    "copyreg._reconstructor",
});

std::string_view afterPrefix(std::string_view name, std::string_view prefix)
{
    return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view();
}

const TypeRow* rowOfStorage(std::string_view className)
{
    const auto found = std::find_if(kTypes.begin(), kTypes.end(),
        [&](const TypeRow& row) { return !className.empty() && row.storage == className; });
    return found == kTypes.end() ? nullptr : &*found;
}

const TypeRow* rowOfDtype(std::string_view name)
{
    const auto found = std::find_if(
        kTypes.begin(), kTypes.end(), [&](const TypeRow& row) { return row.dtype == name; });
    return found == kTypes.end() ? nullptr : &*found;
}

/// "FloatStorage" of "torch.FloatStorage", "torch.cuda.FloatStorage", "torch.storage.…".
std::string_view storageClass(std::string_view global)
{
    if (!global.starts_with("torch.") || !global.ends_with("Storage"))
        return {};
    return global.substr(global.rfind('.') + 1);
}

/// "torch.FloatTensor", "torch.cuda.LongTensor": the types of tensors in the oldest files.
bool isTensorClass(std::string_view global)
{
    constexpr std::string_view kEnd = "Tensor";
    if (!global.starts_with("torch.") || !global.ends_with(kEnd))
        return false;
    const std::string_view name = global.substr(global.rfind('.') + 1);
    return rowOfStorage(std::string(name.substr(0, name.size() - kEnd.size())) + "Storage")
        != nullptr;
}

bool isKnown(std::string_view global)
{
    const auto inTorch = afterPrefix(global, "torch.");
    return std::find(kKnown.begin(), kKnown.end(), global) != kKnown.end()
        || rowOfStorage(storageClass(global)) != nullptr || rowOfDtype(inTorch) != nullptr
        || isTensorClass(global);
}

class Collector
{
public:
    Collector(const PickleHeap& heap, const std::string& path, TorchContents& contents)
        : m_heap(heap)
        , m_path(path)
        , m_contents(contents)
        , m_onPath(heap.size())
    {
    }

    /// Cycles end at a value that is being walked; what is reached on several ways is told each
    /// time, within a number of steps.
    Status walk(PickleId id, const std::string& name, int depth)
    {
        const PickleKind kind = m_heap.kind(id);
        const bool isContainer = kind == PickleKind::List || kind == PickleKind::Tuple
            || kind == PickleKind::Set || kind == PickleKind::Dict || kind == PickleKind::Object;
        EMBEDSCOPE_TRY(countStep());
        if (!isContainer || m_onPath[id])
            return {};
        if (depth > kMaxDepth || name.size() > kMaxNameBytes) {
            m_contents.isTooDeep = true;
            return {};
        }
        m_onPath[id] = true;
        auto status = kind == PickleKind::Object ? walkObject(id, name, depth)
            : kind == PickleKind::Dict           ? walkDict(id, name, depth, false)
                                                 : walkList(id, name, depth);
        m_onPath[id] = false;
        return status;
    }

private:
    static std::string joined(const std::string& name, std::string_view key)
    {
        return name.empty() ? std::string(key) : name + '.' + std::string(key);
    }

    Error malformed(const std::string& name, const std::string& what) const
    {
        return Error{ErrorCode::Malformed,
            "the tensor \"" + printable(std::string_view(name).substr(0, 200)) + "\" " + what,
            m_path, {}, {}};
    }

    Status countStep()
    {
        if (++m_steps <= kMaxSteps)
            return {};
        return Error{ErrorCode::TooLarge,
            "the file's pickle refers to the same values too many times over", m_path, {}, {}};
    }

    Status walkList(PickleId id, const std::string& name, int depth)
    {
        const auto& items = m_heap.items(id);
        noteNames(items);
        for (std::size_t i = 0; i < items.size(); ++i) {
            EMBEDSCOPE_TRY(countStep());
            if (!m_heap.items(items[i]).empty())
                EMBEDSCOPE_TRY(walk(items[i], joined(name, std::to_string(i)), depth + 1));
        }
        return {};
    }

    /// isState: of a module, where parameters and children stand one level deeper than they show.
    Status walkDict(PickleId id, const std::string& name, int depth, bool isState)
    {
        const auto& pairs = m_heap.items(id);
        if (!isState)
            noteNumberedNames(pairs);
        for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
            EMBEDSCOPE_TRY(countStep());
            const PickleId value = pairs[i + 1];
            if (m_heap.items(value).empty())
                continue;
            const PickleKind kind = m_heap.kind(pairs[i]);
            if (kind != PickleKind::Text && kind != PickleKind::Integer)
                continue;
            const std::string key = kind == PickleKind::Text
                ? m_heap.text(pairs[i])
                : std::to_string(m_heap.integer(pairs[i]));
            const bool isLevel
                = isState && (key == "_parameters" || key == "_buffers" || key == "_modules");
            EMBEDSCOPE_TRY(walk(value, isLevel ? name : joined(name, key), depth + 1));
        }
        return {};
    }

    Status walkObject(PickleId id, const std::string& name, int depth)
    {
        const auto& items = m_heap.items(id);
        const std::string& callee = m_heap.text(items[0]);
        const auto& arguments = m_heap.items(items[1]);
        if (callee.starts_with("torch._utils._rebuild_tensor"))
            return addTensor(callee, arguments, name);
        const bool isWrapper = callee == "torch._utils._rebuild_parameter"
            || callee == "torch._utils._rebuild_parameter_with_state"
            || callee == "torch.nn.parameter.Parameter"
            || callee == "torch.autograd.variable.Variable"
            || callee == "torch.jit._pickle.restore_type_tag"
            || callee == "torch.jit._pickle.build_tensorlist";
        if (isWrapper && !arguments.empty())
            return walk(arguments[0], name, depth + 1);
        if (callee.starts_with("torch._tensor._rebuild_from_type") && arguments.size() >= 3) {
            const std::string& inner = m_heap.text(arguments[0]);
            const auto& own = m_heap.items(arguments[2]);
            if (inner.starts_with("torch._utils._rebuild_tensor"))
                return addTensor(inner, own, name);
            if (inner == "torch._utils._rebuild_parameter" && !own.empty())
                return walk(own[0], name, depth + 1);
            return {};
        }
        for (std::size_t i = 2; i < items.size(); ++i)
            EMBEDSCOPE_TRY(walkState(items[i], name, depth));
        return {};
    }

    Status walkState(PickleId state, const std::string& name, int depth)
    {
        if (m_heap.kind(state) == PickleKind::Dict) {
            if (m_onPath[state])
                return {};
            m_onPath[state] = true;
            auto status = walkDict(state, name, depth + 1, true);
            m_onPath[state] = false;
            return status;
        }
        if (m_heap.kind(state) == PickleKind::Tuple && m_heap.items(state).size() == 2) {
            for (const PickleId half : m_heap.items(state)) {
                if (m_heap.kind(half) == PickleKind::Dict)
                    EMBEDSCOPE_TRY(walkState(half, name, depth));
            }
            return {};
        }
        return walk(state, name, depth + 1);
    }

    Result<std::vector<std::uint64_t>> numbers(PickleId id, const std::string& name) const
    {
        std::vector<std::uint64_t> values;
        if (m_heap.kind(id) == PickleKind::Object) { // torch.Size((…))
            const auto& items = m_heap.items(id);
            const auto& arguments = m_heap.items(items[1]);
            if (m_heap.text(items[0]) == "torch.Size" && arguments.size() == 1
                && m_heap.kind(arguments[0]) != PickleKind::Object)
                return numbers(arguments[0], name);
        }
        const auto& items = m_heap.items(id);
        const bool isList
            = m_heap.kind(id) == PickleKind::Tuple || m_heap.kind(id) == PickleKind::List;
        if (!isList || items.size() > kMaxRank)
            return malformed(name, "has a shape that is none");
        for (const PickleId item : items) {
            if (m_heap.kind(item) != PickleKind::Integer || m_heap.integer(item) < 0)
                return malformed(name, "has a negative or unreadable size or stride");
            values.push_back(static_cast<std::uint64_t>(m_heap.integer(item)));
        }
        return values;
    }

    /// (storage, offset, size, stride, …); in version 3 the seventh is the type.
    Status addTensor(
        const std::string& callee, const std::vector<PickleId>& arguments, const std::string& name)
    {
        if (arguments.size() < 4)
            return malformed(name, "is described by too few values");
        auto storage = torchStorage(m_heap, arguments[0]);
        if (!storage)
            return malformed(name, "has no storage");
        TorchTensor tensor;
        tensor.name = name;
        tensor.storage = *std::move(storage);
        if (callee.ends_with("_v3") && arguments.size() >= 7) {
            const auto* const row = rowOfDtype(afterPrefix(m_heap.text(arguments[6]), "torch."));
            if (row != nullptr) {
                const std::uint64_t bytes = tensor.storage.count * tensor.storage.itemBytes;
                tensor.storage.type = row->type;
                tensor.storage.itemBytes = row->itemBytes;
                tensor.storage.count = bytes / row->itemBytes;
                tensor.dtype = row->dtype;
            }
        }
        if (tensor.dtype.empty()) {
            const auto* const row = rowOfStorage(tensor.storage.className);
            tensor.dtype = row != nullptr ? std::string(row->dtype) : tensor.storage.className;
        }
        if (m_heap.kind(arguments[1]) != PickleKind::Integer || m_heap.integer(arguments[1]) < 0)
            return malformed(name, "begins before its storage");
        tensor.offset = static_cast<std::uint64_t>(m_heap.integer(arguments[1]));
        EMBEDSCOPE_TRY_ASSIGN(tensor.shape, numbers(arguments[2], name));
        EMBEDSCOPE_TRY_ASSIGN(tensor.strides, numbers(arguments[3], name));
        if (tensor.shape.size() != tensor.strides.size())
            return malformed(name, "has as many strides as it has not dimensions");
        EMBEDSCOPE_TRY(measure(tensor));
        if (m_contents.tensors.size() >= kMaxTensors) {
            return Error{ErrorCode::TooLarge,
                "the file holds more than " + formatCount(kMaxTensors) + " tensors", m_path, {},
                {}};
        }
        m_contents.tensors.push_back(std::move(tensor));
        return {};
    }

    /// Fills count, extent and isContiguous, and holds the view to its storage.
    Status measure(TorchTensor& tensor) const
    {
        std::optional<std::uint64_t> count = 1;
        for (const std::uint64_t size : tensor.shape)
            count = count ? checkedProduct(*count, size) : count;
        if (!count)
            return malformed(tensor.name, "has more values than can be counted");
        tensor.count = *count;
        tensor.extent = 0;
        tensor.isContiguous = true;
        if (tensor.count > 0) {
            std::uint64_t last = 0;
            std::uint64_t expected = 1;
            for (std::size_t i = tensor.shape.size(); i-- > 0;) {
                const auto reach = checkedProduct(tensor.shape[i] - 1, tensor.strides[i]);
                if (!reach || *reach > INT64_MAX - last)
                    return malformed(tensor.name, "reaches beyond its storage");
                last += *reach;
                if (tensor.shape[i] != 1 && tensor.strides[i] != expected)
                    tensor.isContiguous = false;
                expected *= tensor.shape[i];
            }
            tensor.extent = last + 1;
        }
        const std::uint64_t begin = tensor.storage.viewOffset;
        if (begin > tensor.storage.count || tensor.offset > tensor.storage.count - begin
            || tensor.extent > tensor.storage.count - begin - tensor.offset)
            return malformed(tensor.name, "reaches beyond its storage");
        tensor.offset += begin;
        return {};
    }

    void noteNames(const std::vector<PickleId>& items)
    {
        if (items.size() < 2 || m_contents.nameLists.size() >= kMaxNameLists
            || !std::all_of(
                items.begin(), items.end(), [&](PickleId item) { return m_heap.isText(item); }))
            return;
        std::vector<std::string> names;
        for (const PickleId item : items)
            names.push_back(m_heap.text(item));
        m_contents.nameLists.push_back(std::move(names));
    }

    /// {"the": 0, "cat": 1}: names and their rows.
    void noteNumberedNames(const std::vector<PickleId>& pairs)
    {
        const std::size_t count = pairs.size() / 2;
        if (count < 2 || m_contents.nameLists.size() >= kMaxNameLists)
            return;
        std::vector<std::string> names(count);
        std::vector<bool> isSet(count);
        for (std::size_t i = 0; i < count; ++i) {
            const PickleId key = pairs[2 * i];
            const PickleId value = pairs[2 * i + 1];
            if (!m_heap.isText(key) || m_heap.kind(value) != PickleKind::Integer)
                return;
            const auto row = static_cast<std::uint64_t>(m_heap.integer(value));
            if (row >= count || isSet[row])
                return;
            isSet[row] = true;
            names[row] = m_heap.text(key);
        }
        m_contents.nameLists.push_back(std::move(names));
    }

    const PickleHeap& m_heap;
    const std::string& m_path;
    TorchContents& m_contents;
    std::vector<bool> m_onPath;
    std::size_t m_steps = 0;
};

/// What A1111 and its like write beside the vectors.
void readFacts(const PickleHeap& heap, PickleId root, InversionFacts& facts)
{
    if (const PickleId* name = heap.find(root, "name"))
        facts.name = heap.text(*name);
    const PickleId* const step = heap.find(root, "step");
    if (step != nullptr && heap.kind(*step) == PickleKind::Integer)
        facts.step = heap.integer(*step);
    for (const char* const key : {"hash", "sd_checkpoint", "sd_checkpoint_name"}) {
        const PickleId* const checkpoint = heap.find(root, key);
        if (checkpoint != nullptr && !heap.text(*checkpoint).empty())
            facts.checkpoint = heap.text(*checkpoint);
    }
}

} // namespace

std::optional<TorchStorage> torchStorage(const PickleHeap& heap, PickleId persistent)
{
    if (heap.kind(persistent) != PickleKind::Persistent)
        return std::nullopt;
    const auto& id = heap.items(heap.items(persistent)[0]);
    if (id.size() < 5 || heap.text(id[0]) != "storage" || !heap.isText(id[2])
        || heap.kind(id[4]) != PickleKind::Integer || heap.integer(id[4]) < 0)
        return std::nullopt;
    TorchStorage storage;
    storage.key = heap.text(id[2]);
    const std::string& global = heap.text(id[1]);
    storage.className = storageClass(global).empty() ? global : std::string(storageClass(global));
    if (const TypeRow* const row = rowOfStorage(storage.className)) {
        storage.type = row->type;
        storage.itemBytes = row->itemBytes;
    }
    storage.count = static_cast<std::uint64_t>(heap.integer(id[4]));
    if (storage.itemBytes > 0 && !checkedProduct(storage.count, storage.itemBytes))
        return std::nullopt;
    if (id.size() > 5 && heap.items(id[5]).size() == 3) { // (key, offset, size) of a view
        const PickleId offset = heap.items(id[5])[1];
        if (heap.kind(offset) != PickleKind::Integer || heap.integer(offset) < 0)
            return std::nullopt;
        storage.viewOffset = static_cast<std::uint64_t>(heap.integer(offset));
    }
    return storage;
}

Status collectTorchContents(const PickleHeap& heap, PickleId root, const std::string& prefix,
    const std::string& path, TorchContents& contents)
{
    readFacts(heap, root, contents.facts);
    return Collector(heap, path, contents).walk(root, prefix, 0);
}

std::vector<std::string> refusedGlobals(const PickleHeap& heap)
{
    std::set<std::string> names;
    for (PickleId id = 0; id < heap.size() && names.size() < kMaxRefused; ++id) {
        if (heap.kind(id) == PickleKind::Global && !isKnown(heap.text(id)))
            names.insert(heap.text(id));
    }
    return {names.begin(), names.end()};
}

} // namespace embedscope
