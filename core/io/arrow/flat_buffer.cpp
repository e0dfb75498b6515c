#include "core/io/arrow/flat_buffer.h"

namespace embedscope {

std::string_view FlatBuffer::text(std::size_t position, std::size_t length)
{
    if (!m_ok || position > m_bytes.size() || length > m_bytes.size() - position) {
        m_ok = false;
        return {};
    }
    return m_bytes.substr(position, length);
}

FlatTable FlatTable::root(FlatBuffer& buffer)
{
    const auto position = buffer.at<std::uint32_t>(0);
    return FlatTable(buffer, position);
}

FlatTable::FlatTable(FlatBuffer& buffer, std::size_t position)
    : m_buffer(&buffer)
    , m_position(position)
{
    const auto back = buffer.at<std::int32_t>(position);
    const auto fields = static_cast<std::int64_t>(position) - back;
    if (fields < 0 || static_cast<std::uint64_t>(fields) > buffer.size()) {
        buffer.fail();
        return;
    }
    m_fields = static_cast<std::size_t>(fields);
    m_fieldBytes = buffer.at<std::uint16_t>(m_fields);
}

std::size_t FlatTable::find(unsigned field) const
{
    // The list begins with its own length and that of the table.
    const std::size_t entry = 4 + std::size_t{2} * field;
    if (m_buffer == nullptr || entry + 2 > m_fieldBytes)
        return 0;
    const auto offset = m_buffer->at<std::uint16_t>(m_fields + entry);
    return offset == 0 ? 0 : m_position + offset;
}

std::size_t FlatTable::follow(std::size_t position) const
{
    const auto offset = m_buffer->at<std::uint32_t>(position);
    if (!m_buffer->ok())
        return 0;
    if (offset == 0 || offset > m_buffer->size() - position) {
        m_buffer->fail();
        return 0;
    }
    return position + offset;
}

FlatTable FlatTable::table(unsigned field) const
{
    const std::size_t position = find(field);
    const std::size_t target = position == 0 ? 0 : follow(position);
    return target == 0 ? FlatTable() : FlatTable(*m_buffer, target);
}

std::string_view FlatTable::text(unsigned field) const
{
    const FlatVector bytes = vector(field, 1);
    return bytes.count == 0 ? std::string_view() : m_buffer->text(bytes.begin, bytes.count);
}

FlatVector FlatTable::vector(unsigned field, std::size_t elementBytes) const
{
    const std::size_t position = find(field);
    const std::size_t target = position == 0 ? 0 : follow(position);
    if (target == 0)
        return {};
    const auto count = m_buffer->at<std::uint32_t>(target);
    const std::size_t begin = target + sizeof count;
    if (!m_buffer->ok() || count > (m_buffer->size() - begin) / elementBytes) {
        m_buffer->fail();
        return {};
    }
    return {begin, count};
}

FlatTable FlatTable::element(const FlatVector& vector, std::size_t i) const
{
    const std::size_t target = follow(vector.begin + i * sizeof(std::uint32_t));
    return target == 0 ? FlatTable() : FlatTable(*m_buffer, target);
}

} // namespace embedscope
