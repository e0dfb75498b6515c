#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embedscope::test {

/// A value to be written as a FlatBuffer: a table whose fields are scalars, texts, vectors and
/// other tables. What is pointed at is written behind what points.
class FlatBytes
{
public:
    template <typename T> FlatBytes& scalar(int id, T value)
    {
        std::string bytes(sizeof value, '\0');
        std::memcpy(bytes.data(), &value, sizeof value);
        m_fields.push_back({id, Kind::Scalar, bytes, {}, 0});
        return *this;
    }
    FlatBytes& text(int id, const std::string& value)
    {
        m_fields.push_back({id, Kind::Bytes, value + '\0', {}, value.size()});
        return *this;
    }
    FlatBytes& table(int id, const FlatBytes& value)
    {
        m_fields.push_back({id, Kind::Table, {}, {value}, 0});
        return *this;
    }
    FlatBytes& tables(int id, const std::vector<FlatBytes>& values)
    {
        m_fields.push_back({id, Kind::Tables, {}, values, values.size()});
        return *this;
    }
    /// Structures or numbers, one behind the other.
    FlatBytes& structs(int id, const std::string& bytes, std::size_t count)
    {
        m_fields.push_back({id, Kind::Bytes, bytes, {}, count});
        return *this;
    }

    /// With the offset of the root in front.
    std::string done() const
    {
        std::string out(4, '\0');
        const std::size_t root = write(out);
        put(out, 0, static_cast<std::uint32_t>(root));
        return out;
    }

private:
    enum class Kind
    {
        Scalar,
        Bytes,
        Table,
        Tables
    };
    struct Field
    {
        int id;
        Kind kind;
        std::string bytes;
        std::vector<FlatBytes> tables;
        std::size_t count;
    };

    template <typename T> static void put(std::string& out, std::size_t at, T value)
    {
        std::memcpy(out.data() + at, &value, sizeof value);
    }
    template <typename T> static void append(std::string& out, T value)
    {
        out.resize(out.size() + sizeof value);
        put(out, out.size() - sizeof value, value);
    }
    static void align(std::string& out) { out.resize((out.size() + 7) / 8 * 8, '\0'); }
    static void point(std::string& out, std::size_t from)
    {
        put(out, from, static_cast<std::uint32_t>(out.size() - from));
    }

    /// Where the table begins.
    std::size_t write(std::string& out) const
    {
        int most = -1;
        for (const Field& field : m_fields)
            most = std::max(most, field.id);
        align(out);
        const std::size_t offsets = out.size();
        out.resize(offsets + 4 + static_cast<std::size_t>(most + 1) * 2, '\0');
        align(out);
        const std::size_t start = out.size();
        append(out, static_cast<std::int32_t>(start - offsets));
        align(out);
        std::vector<std::size_t> places;
        for (const Field& field : m_fields) {
            places.push_back(out.size());
            put(out, offsets + 4 + static_cast<std::size_t>(field.id) * 2,
                static_cast<std::uint16_t>(out.size() - start));
            out += field.kind == Kind::Scalar ? field.bytes : std::string(4, '\0');
            align(out);
        }
        put(out, offsets, static_cast<std::uint16_t>(4 + (most + 1) * 2));
        put(out, offsets + 2, static_cast<std::uint16_t>(out.size() - start));
        for (std::size_t i = 0; i < m_fields.size(); ++i)
            writeField(out, m_fields[i], places[i]);
        return start;
    }

    static void writeField(std::string& out, const Field& field, std::size_t place)
    {
        if (field.kind == Kind::Table) {
            const std::size_t at = field.tables.front().write(out);
            put(out, place, static_cast<std::uint32_t>(at - place));
        } else if (field.kind == Kind::Bytes) {
            out.resize((out.size() + 7) / 8 * 8 + 4, '\0'); // So that elements are aligned.
            point(out, place);
            append(out, static_cast<std::uint32_t>(field.count));
            out += field.bytes;
        } else if (field.kind == Kind::Tables) {
            align(out);
            point(out, place);
            append(out, static_cast<std::uint32_t>(field.count));
            const std::size_t first = out.size();
            out.resize(first + field.count * 4, '\0');
            for (std::size_t i = 0; i < field.count; ++i) {
                const std::size_t at = field.tables[i].write(out);
                put(out, first + i * 4, static_cast<std::uint32_t>(at - (first + i * 4)));
            }
        }
    }

    std::vector<Field> m_fields;
};

} // namespace embedscope::test
