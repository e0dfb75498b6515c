#pragma once

#include "core/base/index.h"
#include "core/io/hdf5/hdf5_channel.h"
#include "core/io/hdf5/hdf5_listing.h"

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace embedscope::test {

/// Writes what the helper of HDF5 would answer, or pretends to.
class Hdf5Answers
{
public:
    using Attributes = std::vector<std::pair<std::string, std::vector<std::string>>>;

    void group(const std::string& path, const Attributes& attributes = {})
    {
        message(hdf5::Message::Group, text(path) + attributeBytes(attributes));
    }
    void dataset(const std::string& path, hdf5::Class kind, const std::string& type,
        const std::vector<std::uint64_t>& extents, std::uint64_t storedBytes,
        std::uint64_t offset = hdf5::kNoOffset)
    {
        std::uint64_t expanded = 4;
        std::string content = text(path) + std::string(1, static_cast<char>(kind)) + text(type)
            + packed(std::uint32_t{1}) + std::string(1, static_cast<char>(extents.size()));
        for (const std::uint64_t extent : extents) {
            content += packed(extent);
            expanded *= extent;
        }
        content += packed(storedBytes) + packed(expanded) + packed(offset) + std::string(1, '\0')
            + text({}) + packed(std::uint32_t{0}) + attributeBytes({});
        message(hdf5::Message::Dataset, content);
    }
    void endList() { message(hdf5::Message::End, std::string(12, '\0')); }
    void floats(const std::vector<float>& values)
    {
        message(hdf5::Message::Values,
            std::string(
                reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)));
    }
    void texts(const std::vector<std::string>& values)
    {
        std::string content;
        for (const std::string& value : values)
            content += text(value);
        message(hdf5::Message::Values, content);
    }
    void end() { message(hdf5::Message::End, {}); }
    void alive() { message(hdf5::Message::Alive, {}); }
    void failure(hdf5::Fault fault, const std::string& what)
    {
        message(hdf5::Message::Failure, std::string(1, static_cast<char>(fault)) + text(what));
    }
    void message(hdf5::Message kind, const std::string& content)
    {
        m_bytes += static_cast<char>(kind);
        m_bytes += packed(static_cast<std::uint32_t>(content.size())) + content;
    }
    const std::string& bytes() const { return m_bytes; }

private:
    template <typename T> static std::string packed(T value)
    {
        std::string bytes(sizeof value, '\0');
        std::memcpy(bytes.data(), &value, sizeof value);
        return bytes;
    }
    static std::string text(const std::string& value)
    {
        return packed(static_cast<std::uint32_t>(value.size())) + value;
    }
    static std::string attributeBytes(const Attributes& attributes)
    {
        std::string bytes = packed(static_cast<std::uint32_t>(attributes.size()));
        for (const auto& [name, entries] : attributes) {
            bytes += text(name) + packed(static_cast<std::uint32_t>(entries.size()));
            for (const std::string& entry : entries)
                bytes += text(entry);
        }
        return bytes;
    }

    std::string m_bytes;
};

/// A helper that answers with those bytes, whatever it is asked.
class MemoryHdf5Channel final : public Hdf5Channel
{
public:
    explicit MemoryHdf5Channel(std::string bytes)
        : m_bytes(std::move(bytes))
    {
    }
    Status send(std::string_view) override { return {}; }
    Status read(std::span<std::byte> into, const Progress&) override
    {
        if (into.size() > m_bytes.size() - m_at)
            return hdf5Damaged();
        if (!into.empty())
            std::memcpy(into.data(), m_bytes.data() + m_at, into.size());
        m_at += into.size();
        return {};
    }

private:
    std::string m_bytes;
    std::size_t m_at = 0;
};

/// Opens one helper with those answers; a second start goes on with nothing.
inline OpenHdf5Channel answersOf(std::string bytes)
{
    auto rest = std::make_shared<std::string>(std::move(bytes));
    return [rest](std::uint64_t, std::uint64_t) -> Result<std::unique_ptr<Hdf5Channel>> {
        return std::unique_ptr<Hdf5Channel>(
            std::make_unique<MemoryHdf5Channel>(std::exchange(*rest, std::string())));
    };
}

/// A file with a table and labels, as the helper tells of it and reads it.
inline std::string hdf5AnswersSample(Index rows)
{
    Hdf5Answers answers;
    const auto n = static_cast<std::uint64_t>(rows);
    answers.group("", {{"type", {"dense"}}});
    answers.dataset("emb", hdf5::Class::Number, "float32", {n, 2}, n * 8);
    answers.dataset("words", hdf5::Class::Text, "text", {n}, n * 4);
    answers.endList();
    answers.alive();
    answers.floats(std::vector<float>(static_cast<std::size_t>(rows) * 2, 0.5F));
    answers.end();
    answers.texts(std::vector<std::string>(static_cast<std::size_t>(rows), "word"));
    answers.end();
    return answers.bytes();
}

} // namespace embedscope::test
