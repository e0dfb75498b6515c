#include "core/io/pytorch/pickle.h"

namespace embedscope {

PickleHeap::PickleHeap()
{
    m_values.push_back({PickleKind::None, 0, {0}});
    m_values.push_back({PickleKind::Boolean, 0, {0}});
    m_values.push_back({PickleKind::Boolean, 0, {1}});
    m_values.push_back({PickleKind::Opaque, 0, {0}});
}

const std::string& PickleHeap::text(PickleId id) const
{
    static const std::string empty;
    switch (kind(id)) {
    case PickleKind::Text:
    case PickleKind::Bytes:
    case PickleKind::Global:
        return m_texts[m_values[id].at];
    default:
        return empty;
    }
}

const std::vector<PickleId>& PickleHeap::items(PickleId id) const
{
    static const std::vector<PickleId> empty;
    switch (kind(id)) {
    case PickleKind::List:
    case PickleKind::Tuple:
    case PickleKind::Set:
    case PickleKind::Dict:
    case PickleKind::Object:
    case PickleKind::Persistent:
        return m_lists[m_values[id].at];
    default:
        return empty;
    }
}

std::vector<PickleId>& PickleHeap::itemsOf(PickleId id)
{
    return m_lists[m_values[id].at];
}

const PickleId* PickleHeap::find(PickleId dict, std::string_view key) const
{
    if (kind(dict) != PickleKind::Dict)
        return nullptr;
    const auto& pairs = items(dict);
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        if (isText(pairs[i]) && text(pairs[i]) == key)
            return &pairs[i + 1];
    }
    return nullptr;
}

PickleId PickleHeap::addInteger(std::int64_t value)
{
    m_values.push_back({PickleKind::Integer, 0, {value}});
    return static_cast<PickleId>(m_values.size() - 1);
}

PickleId PickleHeap::addReal(double value)
{
    Value real{PickleKind::Real, 0, {0}};
    real.number.real = value;
    m_values.push_back(real);
    return static_cast<PickleId>(m_values.size() - 1);
}

PickleId PickleHeap::addText(PickleKind kind, std::string text)
{
    m_values.push_back({kind, static_cast<std::uint32_t>(m_texts.size()), {0}});
    m_texts.push_back(std::move(text));
    return static_cast<PickleId>(m_values.size() - 1);
}

PickleId PickleHeap::addItems(PickleKind kind, std::vector<PickleId> items)
{
    m_values.push_back({kind, static_cast<std::uint32_t>(m_lists.size()), {0}});
    m_lists.push_back(std::move(items));
    return static_cast<PickleId>(m_values.size() - 1);
}

} // namespace embedscope
