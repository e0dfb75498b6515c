#pragma once

#include "core/base/result.h"
#include "core/io/hdf5/hdf5_messages.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace embedscope {

/// What an HDF5 file holds, as the helper tells it. Nothing in it is trusted: lengths were checked
/// when it was taken apart, and every number is checked again before it is believed.

struct Hdf5Type
{
    hdf5::Class kind = hdf5::Class::Other;
    std::string name; ///< "float32".
    std::uint32_t length = 1; ///< Values in an element.
};

struct Hdf5Member
{
    std::string name;
    Hdf5Type type;
};

struct Hdf5Attribute
{
    std::string name;
    std::vector<std::string> entries;
};

/// A group or a dataset.
struct Hdf5Object
{
    std::string path; ///< Without a slash in front; empty for the root.
    bool isDataset = false;
    std::vector<Hdf5Attribute> attributes;

    // Of a dataset alone.
    Hdf5Type type;
    std::vector<std::uint64_t> extents; ///< Outermost first.
    std::uint64_t storedBytes = 0;
    std::uint64_t expandedBytes = 0;
    std::uint64_t offset = hdf5::kNoOffset; ///< Where the values lie as they are, without gaps.
    bool isFiltered = false;
    bool isBigEndian = false;
    std::string refusal; ///< Why it is not read, with "it" for the dataset; empty where it is.
    std::vector<Hdf5Member> members; ///< Of a compound.

    bool hasKind(hdf5::Class kind) const { return isDataset && type.kind == kind; }
    /// The first entry of the attribute; empty where there is none.
    std::string_view attribute(std::string_view name) const;
    const std::vector<std::string>* entries(std::string_view name) const;
    /// One value a row: a single dimension, or a second of 1.
    bool isColumn() const;
    std::uint64_t rows() const { return extents.empty() ? 0 : extents.front(); }
};

/// The text before the last slash, and behind it.
std::string_view parentPath(std::string_view path);
std::string_view lastName(std::string_view path);

class Hdf5Listing
{
public:
    void append(Hdf5Object object);

    /// Gives an object an attribute that was found elsewhere.
    void addAttribute(std::string_view path, Hdf5Attribute attribute);

    const std::vector<Hdf5Object>& objects() const { return m_objects; }
    /// nullptr where there is none of that path.
    const Hdf5Object* find(std::string_view path) const;
    const Hdf5Object* child(const Hdf5Object& group, std::string_view name) const;

    std::uint32_t damaged = 0; ///< Objects that could not be looked at.
    std::uint32_t externalLinks = 0; ///< To other files: never followed.
    std::uint32_t otherLinks = 0;

private:
    std::vector<Hdf5Object> m_objects;
    std::unordered_map<std::string, std::size_t> m_byPath;
};

/// A Group or Dataset message's content. Malformed where it is not one.
Result<Hdf5Object> parseHdf5Object(hdf5::Message kind, std::span<const std::byte> content);

/// Takes a message apart, never beyond its end.
class Hdf5Pieces
{
public:
    explicit Hdf5Pieces(std::span<const std::byte> bytes)
        : m_bytes(bytes)
    {
    }
    Result<std::uint8_t> number8();
    Result<std::uint32_t> number32();
    Result<std::uint64_t> number64();
    Result<std::string> text();
    std::size_t remaining() const { return m_bytes.size(); }

private:
    template <typename T> Result<T> number();

    std::span<const std::byte> m_bytes;
};

/// The one sentence for whatever goes wrong between us and the library.
Error hdf5Damaged(std::string_view what = {});

} // namespace embedscope
