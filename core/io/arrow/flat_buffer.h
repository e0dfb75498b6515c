#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace embedscope {

/// Reads FlatBuffers, in which Arrow writes its metadata, from bytes in hand. Every offset is
/// checked when it is followed. The first fault sticks: ok() is false from then on and whatever is
/// read is zero or empty, so that a caller asks once, at the end. Offsets only point forwards, so
/// nothing can go in circles; what two places share is read twice, so a caller that recurses
/// counts. Source: FlatBuffers, "Internals".
class FlatBuffer
{
public:
    explicit FlatBuffer(std::string_view bytes)
        : m_bytes(bytes)
    {
    }

    bool ok() const { return m_ok; }
    void fail() { m_ok = false; }
    std::size_t size() const { return m_bytes.size(); }

    /// The value at an absolute position.
    template <typename T> T at(std::size_t position)
    {
        T value{};
        if (!m_ok || position > m_bytes.size() || sizeof(T) > m_bytes.size() - position)
            m_ok = false;
        else
            std::memcpy(&value, m_bytes.data() + position, sizeof value);
        return value;
    }
    std::string_view text(std::size_t position, std::size_t length);

private:
    std::string_view m_bytes;
    bool m_ok = true;
};

/// A vector of a FlatBuffer: where its elements begin and how many they are; proved to lie inside.
struct FlatVector
{
    std::size_t begin = 0;
    std::size_t count = 0;
};

/// A table of a FlatBuffer: fields by number, with defaults where they are absent. One that is
/// absent itself has no fields.
class FlatTable
{
public:
    FlatTable() = default;
    static FlatTable root(FlatBuffer& buffer);

    bool isPresent() const { return m_buffer != nullptr; }

    template <typename T> T scalar(unsigned field, T otherwise) const
    {
        const std::size_t position = find(field);
        return position == 0 ? otherwise : m_buffer->at<T>(position);
    }
    FlatTable table(unsigned field) const;
    std::string_view text(unsigned field) const;
    /// Of elements that take so many bytes each.
    FlatVector vector(unsigned field, std::size_t elementBytes) const;
    /// Element i of a vector of tables.
    FlatTable element(const FlatVector& vector, std::size_t i) const;
    template <typename T> T value(std::size_t position) const { return m_buffer->at<T>(position); }

private:
    FlatTable(FlatBuffer& buffer, std::size_t position);

    /// Where the field lies; 0 where it is absent.
    std::size_t find(unsigned field) const;
    /// Where the offset that stands there leads; 0 where that is outside.
    std::size_t follow(std::size_t position) const;

    FlatBuffer* m_buffer = nullptr;
    std::size_t m_position = 0;
    std::size_t m_fields = 0; ///< Of its list of field offsets: where it begins,
    std::size_t m_fieldBytes = 0; ///< and how long it is.
};

} // namespace embedscope
