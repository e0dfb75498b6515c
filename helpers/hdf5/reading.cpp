#include "helpers/hdf5/reading.h"

#include "helpers/hdf5/types.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <vector>

namespace embedscope::hdf5 {

namespace {

constexpr std::uint64_t kBlockBytes = 4U << 20U;
constexpr std::uint64_t kMostTextRows = 16384;
constexpr std::size_t kChunkSlots = 12421; // A prime, far above the number of chunks in use.
static_assert(kBlockBytes < kMostMessageBytes);

std::size_t elementBytes(Element element)
{
    return element == Element::Float32 ? 4 : 8;
}

/// A fixed text ends at its first zero byte, or is padded with blanks.
std::string_view fixedText(const char* bytes, std::size_t width, bool isBlankPadded)
{
    std::string_view text(bytes, strnlen(bytes, width));
    if (isBlankPadded)
        text = text.substr(0, text.find_last_not_of(' ') + 1);
    return text;
}

class Reader
{
public:
    Reader(hid_t file, const ReadRequest& request, Answers& answers)
        : m_file(file)
        , m_request(request)
        , m_answers(answers)
    {
    }

    void answer()
    {
        if (!open() || !agree())
            return;
        const std::uint64_t step = blockRows();
        for (std::uint64_t row = m_request.first; row < m_last; row += step) {
            if (!block(row, std::min(step, m_last - row)))
                return;
        }
        m_answers.begin(Message::End);
        m_answers.end();
        m_answers.flush();
    }

private:
    bool fail(Fault fault, const char* sentence)
    {
        m_answers.failure(fault, sentence);
        return false;
    }

    bool damaged() { return fail(Fault::Damaged, "values could not be read"); }

    bool open()
    {
        DatasetHandle plain(H5Dopen2(m_file, m_request.path.c_str(), H5P_DEFAULT));
        if (!plain)
            return fail(Fault::Missing, "there is no such dataset, or it is damaged");
        const PropertiesHandle properties(H5Dget_create_plist(plain.get()));
        m_space = SpaceHandle(H5Dget_space(plain.get()));
        m_fileType = TypeHandle(H5Dget_type(plain.get()));
        if (!properties || !m_space || !m_fileType)
            return damaged();
        m_rank = H5Sget_simple_extent_ndims(m_space.get());
        if (m_rank < 1 || m_rank > kMostRank
            || H5Sget_simple_extent_dims(m_space.get(), m_extents.data(), nullptr) < 0)
            return fail(Fault::Unsupported, "it has no rows");
        m_dataset = std::move(plain);
        if (H5Pget_external_count(properties.get()) > 0
            || H5Pget_layout(properties.get()) == H5D_VIRTUAL)
            return fail(Fault::Unsupported, "keeps its values in other files");
        if (H5Pget_layout(properties.get()) == H5D_CHUNKED)
            openWithCache(properties.get());
        return static_cast<bool>(m_dataset) || damaged();
    }

    /// Opens it again with room for a band of chunks from the first column to the last.
    void openWithCache(hid_t properties)
    {
        std::array<hsize_t, kMostRank> chunk{};
        if (H5Pget_chunk(properties, m_rank, chunk.data()) != m_rank)
            return;
        m_chunkRows = std::max<hsize_t>(1, chunk[0]);
        std::uint64_t band = std::max<std::uint64_t>(1, H5Tget_size(m_fileType.get()));
        band *= std::min<std::uint64_t>(m_chunkRows, UINT32_MAX);
        for (int i = 1; i < m_rank; ++i) {
            const auto at = static_cast<std::size_t>(i);
            const std::uint64_t chunks
                = chunk[at] == 0 ? 1 : m_extents[at] / chunk[at] + (m_extents[at] % chunk[at] != 0);
            const std::uint64_t wide = chunks * chunk[at];
            if (wide != 0 && band > (std::uint64_t{1} << 40U) / wide)
                return;
            band *= wide;
        }
        const PropertiesHandle access(H5Pcreate(H5P_DATASET_ACCESS));
        if (access
            && H5Pset_chunk_cache(access.get(), kChunkSlots, band + kBlockBytes, 0.75) >= 0) {
            m_dataset = DatasetHandle(H5Dopen2(m_file, m_request.path.c_str(), access.get()));
        }
    }

    /// Finds the type in memory, and whether rows are as wide as the listing said.
    bool agree()
    {
        TypeHandle type(H5Tcopy(m_fileType.get()));
        if (!m_request.member.empty()) {
            const int index = H5Tget_member_index(type.get(), m_request.member.c_str());
            if (index < 0)
                return fail(Fault::Missing, "there is no such member");
            type = TypeHandle(H5Tget_member_type(type.get(), static_cast<unsigned>(index)));
        }
        if (!type)
            return damaged();
        m_facts = factsOf(type.get());
        m_isVariableText = H5Tis_variable_str(type.get()) > 0;
        if (m_facts.kind == Class::Text && !m_isVariableText) {
            m_textWidth = H5Tget_size(type.get());
            m_isBlankPadded = H5Tget_strpad(type.get()) == H5T_STR_SPACEPAD;
        }
        const TypeHandle memory = memoryType(type.get(), m_request.element);
        if (!memory)
            return fail(Fault::Unsupported, "its values are of a kind that is not read");
        m_valueType = TypeHandle(H5Tcopy(memory.get()));
        m_memoryType = TypeHandle(H5Tcopy(memory.get()));
        if (!m_request.member.empty()) {
            m_memoryType = TypeHandle(H5Tcreate(H5T_COMPOUND, H5Tget_size(memory.get())));
            if (!m_memoryType
                || H5Tinsert(m_memoryType.get(), m_request.member.c_str(), 0, memory.get()) < 0)
                return damaged();
        }
        m_elements = 1;
        for (int i = 1; i < m_rank; ++i) {
            const hsize_t extent = m_extents[static_cast<std::size_t>(i)];
            if (extent != 0 && m_elements > (std::uint64_t{1} << 40U) / extent)
                return fail(Fault::Unsupported, "its rows are too long");
            m_elements *= extent;
        }
        std::uint64_t values = m_elements;
        if (m_facts.kind == Class::NumberRows)
            values = m_request.rowValues;
        else if (m_facts.length > 1)
            values *= m_facts.length;
        if (values != m_request.rowValues || values == 0 || m_request.first > m_extents[0]
            || m_request.rows > m_extents[0] - m_request.first)
            return fail(Fault::Missing, "it has fewer values than that");
        m_last = m_request.first + m_request.rows;
        if (m_facts.kind == Class::Enumeration && m_request.element == Element::Text)
            return readEnumeration(type.get());
        return true;
    }

    bool readEnumeration(hid_t type)
    {
        const TypeHandle base(H5Tget_super(type));
        const std::size_t size = std::max<std::size_t>(8, H5Tget_size(type));
        const int count = H5Tget_nmembers(type);
        for (int i = 0; i < count; ++i) {
            std::vector<char> value(size);
            const auto index = static_cast<unsigned>(i);
            char* const name = H5Tget_member_name(type, index);
            if (base && name != nullptr && H5Tget_member_value(type, index, value.data()) >= 0
                && H5Tconvert(base.get(), H5T_NATIVE_INT64, 1, value.data(), nullptr, H5P_DEFAULT)
                    >= 0) {
                std::int64_t number = 0;
                std::memcpy(&number, value.data(), sizeof number);
                m_names.emplace(number, name);
            }
            H5free_memory(name);
        }
        return true;
    }

    std::uint64_t rowBytes() const
    {
        if (m_request.element == Element::Text || m_facts.kind == Class::NumberRows)
            return m_elements * H5Tget_size(m_valueType.get());
        return m_request.rowValues * elementBytes(m_request.element);
    }

    std::uint64_t blockRows() const
    {
        std::uint64_t rows
            = std::max<std::uint64_t>(1, kBlockBytes / std::max<std::uint64_t>(1, rowBytes()));
        if (m_request.element == Element::Text)
            rows = std::min(rows, kMostTextRows);
        if (m_chunkRows > 1 && rows > m_chunkRows)
            rows -= rows % m_chunkRows;
        return rows;
    }

    bool block(std::uint64_t row, std::uint64_t count)
    {
        std::array<hsize_t, kMostRank> start{};
        std::array<hsize_t, kMostRank> extents = m_extents;
        start[0] = row;
        extents[0] = count;
        const hsize_t elements = count * m_elements;
        // Of the same shape as what is read: the library then copies runs and not single rows.
        const SpaceHandle memory(H5Screate_simple(m_rank, extents.data(), nullptr));
        if (!memory
            || H5Sselect_hyperslab(
                   m_space.get(), H5S_SELECT_SET, start.data(), nullptr, extents.data(), nullptr)
                < 0)
            return damaged();
        m_buffer.assign(0, '\0');
        m_buffer.resize(elements * H5Tget_size(m_memoryType.get()));
        if (H5Dread(m_dataset.get(), m_memoryType.get(), memory.get(), m_space.get(), H5P_DEFAULT,
                m_buffer.data())
            < 0)
            return damaged();
        bool isFine = true;
        if (m_facts.kind == Class::NumberRows)
            isFine = sendRows(row, elements);
        else if (m_request.element == Element::Text)
            isFine = sendTexts(elements);
        else
            sendBytes(m_buffer);
        const bool isAllocated = m_facts.kind == Class::NumberRows || m_isVariableText;
        if (isAllocated)
            H5Dvlen_reclaim(m_memoryType.get(), memory.get(), H5P_DEFAULT, m_buffer.data());
        return isFine;
    }

    /// Rows wider than a message are cut into several.
    void sendBytes(const std::vector<char>& bytes)
    {
        for (std::size_t at = 0; at < bytes.size(); at += kBlockBytes) {
            m_answers.values(
                bytes.data() + at, std::min<std::size_t>(kBlockBytes, bytes.size() - at));
        }
    }

    /// A row without values is missing: not a number, each of them.
    void appendMissing(std::vector<char>& values) const
    {
        for (std::uint64_t i = 0; i < m_request.rowValues; ++i) {
            const auto single = std::numeric_limits<float>::quiet_NaN();
            const auto number = std::numeric_limits<double>::quiet_NaN();
            const bool isSingle = m_request.element == Element::Float32;
            const auto* const begin = isSingle ? reinterpret_cast<const char*>(&single)
                                               : reinterpret_cast<const char*>(&number);
            values.insert(values.end(), begin, begin + elementBytes(m_request.element));
        }
    }

    bool sendRows(std::uint64_t row, std::uint64_t count)
    {
        std::vector<char> values;
        const auto* const rows = reinterpret_cast<const hvl_t*>(m_buffer.data());
        const std::size_t bytes = m_request.rowValues * elementBytes(m_request.element);
        for (std::uint64_t i = 0; i < count; ++i) {
            if (rows[i].len != 0 && rows[i].len != m_request.rowValues) {
                m_answers.failure(Fault::Unsupported,
                    "its rows differ in length: the first has "
                        + std::to_string(m_request.rowValues) + " values, row "
                        + std::to_string(row + i) + " has " + std::to_string(rows[i].len));
                return false;
            }
            if (rows[i].len == 0) {
                appendMissing(values);
            } else {
                const auto* const begin = static_cast<const char*>(rows[i].p);
                values.insert(values.end(), begin, begin + bytes);
            }
            if (values.size() >= kBlockBytes || i + 1 == count) {
                sendBytes(values);
                values.clear();
            }
        }
        return true;
    }

    std::optional<std::string_view> textAt(std::uint64_t i)
    {
        if (m_facts.kind == Class::Enumeration) {
            std::int64_t number = 0;
            std::memcpy(&number, m_buffer.data() + i * sizeof number, sizeof number);
            const auto name = m_names.find(number);
            if (name == m_names.end()) {
                m_unnamed = std::to_string(number);
                return m_unnamed;
            }
            return name->second;
        }
        if (!m_isVariableText)
            return fixedText(m_buffer.data() + i * m_textWidth, m_textWidth, m_isBlankPadded);
        const char* text = nullptr;
        std::memcpy(&text, m_buffer.data() + i * sizeof text, sizeof text);
        const std::string_view value = text == nullptr ? std::string_view() : text;
        return value.size() > kMostTextBytes ? std::nullopt : std::optional(value);
    }

    bool sendTexts(std::uint64_t count)
    {
        std::string out;
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto text = textAt(i);
            if (!text || text->size() > kMostTextBytes)
                return fail(Fault::Unsupported, "it holds a text of more than a megabyte");
            const auto length = static_cast<std::uint32_t>(text->size());
            out.append(reinterpret_cast<const char*>(&length), sizeof length);
            out += *text;
            if (out.size() >= kBlockBytes || i + 1 == count) {
                m_answers.values(out.data(), out.size());
                out.clear();
            }
        }
        return true;
    }

    hid_t m_file;
    const ReadRequest& m_request;
    Answers& m_answers;
    DatasetHandle m_dataset;
    SpaceHandle m_space;
    TypeHandle m_fileType;
    TypeHandle m_valueType; ///< Of one value in memory, also where a member is read.
    TypeHandle m_memoryType;
    TypeFacts m_facts;
    int m_rank = 0;
    std::array<hsize_t, kMostRank> m_extents{};
    std::uint64_t m_chunkRows = 1;
    std::uint64_t m_elements = 1; ///< Of the dataset in one row.
    std::uint64_t m_last = 0;
    bool m_isVariableText = false;
    bool m_isBlankPadded = false;
    std::size_t m_textWidth = 0;
    std::map<std::int64_t, std::string> m_names; ///< Of an enumeration.
    std::string m_unnamed;
    std::vector<char> m_buffer;
};

} // namespace

void answerRead(hid_t file, const ReadRequest& request, Answers& answers)
{
    Reader(file, request, answers).answer();
}

} // namespace embedscope::hdf5
