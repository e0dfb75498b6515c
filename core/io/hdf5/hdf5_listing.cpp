#include "core/io/hdf5/hdf5_listing.h"

#include "core/base/text.h"

#include <cstring>

namespace embedscope {

namespace {

// What the shortest of each takes in a message: checked before room is made for so many.
constexpr std::size_t kLeastMemberBytes = 13;
constexpr std::size_t kLeastAttributeBytes = 8;
constexpr std::size_t kLeastTextBytes = 4;

Result<Hdf5Type> typeOf(Hdf5Pieces& pieces)
{
    Hdf5Type type;
    EMBEDSCOPE_TRY_ASSIGN(const std::uint8_t kind, pieces.number8());
    if (kind > static_cast<std::uint8_t>(hdf5::Class::NumberRows))
        return hdf5Damaged("an unknown kind of value");
    type.kind = static_cast<hdf5::Class>(kind);
    EMBEDSCOPE_TRY_ASSIGN(type.name, pieces.text());
    EMBEDSCOPE_TRY_ASSIGN(type.length, pieces.number32());
    return type;
}

Result<std::uint32_t> countOf(Hdf5Pieces& pieces, std::uint32_t most, std::size_t leastBytes)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::uint32_t count, pieces.number32());
    if (count > most || count > pieces.remaining() / leastBytes)
        return hdf5Damaged("a count that cannot be");
    return count;
}

Status readAttributes(Hdf5Pieces& pieces, Hdf5Object& object)
{
    EMBEDSCOPE_TRY_ASSIGN(
        const auto count, countOf(pieces, hdf5::kMostAttributes, kLeastAttributeBytes));
    for (std::uint32_t i = 0; i < count; ++i) {
        Hdf5Attribute attribute;
        EMBEDSCOPE_TRY_ASSIGN(attribute.name, pieces.text());
        EMBEDSCOPE_TRY_ASSIGN(
            const auto entries, countOf(pieces, hdf5::kMostAttributeEntries, kLeastTextBytes));
        for (std::uint32_t k = 0; k < entries; ++k) {
            EMBEDSCOPE_TRY_ASSIGN(std::string entry, pieces.text());
            attribute.entries.push_back(std::move(entry));
        }
        object.attributes.push_back(std::move(attribute));
    }
    return {};
}

Status readDataset(Hdf5Pieces& pieces, Hdf5Object& object)
{
    EMBEDSCOPE_TRY_ASSIGN(object.type, typeOf(pieces));
    EMBEDSCOPE_TRY_ASSIGN(const std::uint8_t rank, pieces.number8());
    if (rank > hdf5::kMostRank)
        return hdf5Damaged("too many dimensions");
    for (int i = 0; i < rank; ++i) {
        EMBEDSCOPE_TRY_ASSIGN(const std::uint64_t extent, pieces.number64());
        object.extents.push_back(extent);
    }
    EMBEDSCOPE_TRY_ASSIGN(object.storedBytes, pieces.number64());
    EMBEDSCOPE_TRY_ASSIGN(object.expandedBytes, pieces.number64());
    EMBEDSCOPE_TRY_ASSIGN(object.offset, pieces.number64());
    EMBEDSCOPE_TRY_ASSIGN(const std::uint8_t flags, pieces.number8());
    object.isFiltered = (flags & static_cast<std::uint8_t>(hdf5::Flag::IsFiltered)) != 0;
    object.isBigEndian = (flags & static_cast<std::uint8_t>(hdf5::Flag::IsBigEndian)) != 0;
    EMBEDSCOPE_TRY_ASSIGN(object.refusal, pieces.text());
    EMBEDSCOPE_TRY_ASSIGN(const auto count, countOf(pieces, hdf5::kMostMembers, kLeastMemberBytes));
    for (std::uint32_t i = 0; i < count; ++i) {
        Hdf5Member member;
        EMBEDSCOPE_TRY_ASSIGN(member.name, pieces.text());
        EMBEDSCOPE_TRY_ASSIGN(member.type, typeOf(pieces));
        object.members.push_back(std::move(member));
    }
    return {};
}

} // namespace

Error hdf5Damaged(std::string_view what)
{
    std::string detail = "the file is damaged: the HDF5 library failed while reading it";
    if (!what.empty())
        detail += " (" + printable(what.substr(0, 120)) + ')';
    return Error{ErrorCode::Malformed, std::move(detail), {}, {}, {}};
}

std::string_view Hdf5Object::attribute(std::string_view name) const
{
    const auto* const found = entries(name);
    return found == nullptr || found->empty() ? std::string_view() : found->front();
}

const std::vector<std::string>* Hdf5Object::entries(std::string_view name) const
{
    for (const Hdf5Attribute& attribute : attributes) {
        if (attribute.name == name)
            return &attribute.entries;
    }
    return nullptr;
}

bool Hdf5Object::isColumn() const
{
    return isDataset && (extents.size() == 1 || (extents.size() == 2 && extents[1] == 1));
}

std::string_view parentPath(std::string_view path)
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view lastName(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

void Hdf5Listing::append(Hdf5Object object)
{
    m_byPath.try_emplace(object.path, m_objects.size());
    m_objects.push_back(std::move(object));
}

void Hdf5Listing::addAttribute(std::string_view path, Hdf5Attribute attribute)
{
    const auto found = m_byPath.find(std::string(path));
    if (found != m_byPath.end())
        m_objects[found->second].attributes.push_back(std::move(attribute));
}

const Hdf5Object* Hdf5Listing::find(std::string_view path) const
{
    const auto found = m_byPath.find(std::string(path));
    return found == m_byPath.end() ? nullptr : &m_objects[found->second];
}

const Hdf5Object* Hdf5Listing::child(const Hdf5Object& group, std::string_view name) const
{
    return find(group.path.empty() ? std::string(name) : group.path + '/' + std::string(name));
}

Result<Hdf5Object> parseHdf5Object(hdf5::Message kind, std::span<const std::byte> content)
{
    Hdf5Pieces pieces(content);
    Hdf5Object object;
    object.isDataset = kind == hdf5::Message::Dataset;
    EMBEDSCOPE_TRY_ASSIGN(object.path, pieces.text());
    if (object.isDataset)
        EMBEDSCOPE_TRY(readDataset(pieces, object));
    EMBEDSCOPE_TRY(readAttributes(pieces, object));
    if (pieces.remaining() != 0)
        return hdf5Damaged("a message that is too long");
    return object;
}

template <typename T> Result<T> Hdf5Pieces::number()
{
    if (m_bytes.size() < sizeof(T))
        return hdf5Damaged("a message that ends too early");
    T value;
    std::memcpy(&value, m_bytes.data(), sizeof value);
    m_bytes = m_bytes.subspan(sizeof value);
    return value;
}

Result<std::uint8_t> Hdf5Pieces::number8()
{
    return number<std::uint8_t>();
}

Result<std::uint32_t> Hdf5Pieces::number32()
{
    return number<std::uint32_t>();
}

Result<std::uint64_t> Hdf5Pieces::number64()
{
    return number<std::uint64_t>();
}

Result<std::string> Hdf5Pieces::text()
{
    EMBEDSCOPE_TRY_ASSIGN(const std::uint32_t length, number32());
    if (length > m_bytes.size() || length > hdf5::kMostTextBytes)
        return hdf5Damaged("a text that is longer than its message");
    std::string text(reinterpret_cast<const char*>(m_bytes.data()), length);
    m_bytes = m_bytes.subspan(length);
    return text;
}

} // namespace embedscope
