#pragma once

#include <cstdint>

namespace embedscope::hdf5 {

/// The words that Embedscope and its helper embedscope-hdf5 exchange: the one header both include.
///
/// A message is a byte for its kind, a little-endian uint32 for the length of what follows, and
/// that many bytes. Numbers are little-endian; a text is a uint32 and its bytes. The helper answers
/// each request with any number of messages, the last of which is End or Failure.
///
///   List     nothing: Group and Dataset for every object, parents first, then End.
///   Read     Element, text path, text member (of a compound; else empty), uint64 first row,
///            uint64 rows, uint64 values in each row: Values, then End.
///
///   Alive    nothing: the helper gets on, though it has nothing to say yet.
///   Group    text path, attributes.
///   Dataset  text path, a type (below), uint8 rank, that many uint64 extents, uint64 stored
///            bytes, uint64 bytes once expanded, uint64 offset in the file or kNoOffset, uint8 Flag
///            bits, text why it is not read (empty where it is), uint32 number of members, for each
///            of those a text name and a type; attributes.
///   Values   float32, float64 or int64 without gaps; texts, each whole.
///   End      after List uint32 damaged objects, uint32 links to other files, uint32 other links
///            that were not followed; after Read nothing.
///   Failure  uint8 Fault, text what happened.
///
/// A type: uint8 Class, text name ("float32"), uint32 values in an element (1 but for arrays and
/// for rows of varying length). Attributes: uint32 number, for each a text name and uint32 number
/// of entries, each a text; whole numbers come as decimal text.
enum class Message : std::uint8_t
{
    List = 'L',
    Read = 'R',
    Alive = 'A',
    Group = 'G',
    Dataset = 'D',
    Values = 'V',
    End = 'Z',
    Failure = 'E',
};

enum class Element : std::uint8_t
{
    Float32 = 0,
    Float64 = 1,
    Int64 = 2,
    Text = 3
};

enum class Class : std::uint8_t
{
    Other = 0, ///< Nothing that is shown: opaque bytes, references, dates.
    Number = 1,
    Text = 2,
    Enumeration = 3, ///< Booleans among them: read as text, the names of the values.
    Compound = 4,
    NumberRows = 5, ///< Numbers in rows of varying length; the element's length is the first row's.
};

enum class Flag : std::uint8_t
{
    IsFiltered = 1, ///< Compressed or otherwise changed on the way to the disk.
    IsBigEndian = 2,
};

enum class Fault : std::uint8_t
{
    Damaged = 0, ///< The library refused the bytes.
    Unsupported = 1, ///< The sentence says what is not read.
    Missing = 2, ///< There is no such object.
};

constexpr std::uint64_t kNoOffset = ~std::uint64_t{0};
constexpr std::uint32_t kMostMessageBytes = 16U << 20U;
constexpr std::uint32_t kMostTextBytes = 1U << 20U;
constexpr std::uint32_t kMostObjects = 200'000;
constexpr std::uint32_t kMostMembers = 4096;
constexpr std::uint32_t kMostAttributes = 16;
constexpr std::uint32_t kMostAttributeEntries = 65'536;
constexpr int kMostRank = 32;

/// The descriptor on which the helper finds the file; requests come on 0, answers go to 1.
constexpr int kFileDescriptor = 3;

} // namespace embedscope::hdf5
