#include "helpers/hdf5/listing.h"

#include "helpers/hdf5/attributes.h"
#include "helpers/hdf5/types.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string>
#include <vector>

namespace embedscope::hdf5 {

namespace {

constexpr std::size_t kMostPathBytes = 4096;
constexpr int kMostDepth = 64;
constexpr hsize_t kRowsLookedAt = 256;

struct Links
{
    std::vector<std::string> names; ///< Of hard links.
    std::uint32_t external = 0;
    std::uint32_t other = 0;
    std::size_t room = 0;
    Answers* answers = nullptr;
};

/// Why its values are not read, with "it" for the dataset; empty where they are.
std::string refusal(hid_t properties, bool& isFiltered)
{
    if (H5Pget_external_count(properties) > 0)
        return "it keeps its values in other files, which are not opened";
    if (H5Pget_layout(properties) == H5D_VIRTUAL)
        return "it is a view of other datasets or files, which are not opened";
    const int filters = H5Pget_nfilters(properties);
    for (int i = 0; i < filters; ++i) {
        isFiltered = true;
        unsigned flags = 0;
        std::size_t count = 0;
        std::array<char, 64> name{};
        unsigned config = 0;
        const H5Z_filter_t filter = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags,
            &count, nullptr, name.size() - 1, name.data(), &config);
        if (filter < 0)
            return "it names a filter that makes no sense";
        if (H5Zfilter_avail(filter) > 0)
            continue;
        std::string words(name.data());
        words.resize(std::min(words.size(), words.find(';')));
        return "it is compressed by the filter " + (words.empty() ? "" : '"' + words + "\" ")
            + "(number " + std::to_string(filter) + "), which is not read";
    }
    return {};
}

/// How many values the first row has that is not empty, where rows vary in length and empty ones
/// are missing; 0 where that cannot be read.
std::uint32_t firstRowLength(hid_t dataset, hid_t type, hid_t space, int rank)
{
    const hssize_t rows = H5Sget_simple_extent_npoints(space);
    if (rank != 1 || rows < 1)
        return 0;
    const TypeHandle memory = memoryType(type, Element::Float32);
    const hsize_t start = 0;
    const hsize_t count = std::min<hsize_t>(static_cast<hsize_t>(rows), kRowsLookedAt);
    const SpaceHandle here(H5Scopy(space));
    const SpaceHandle there(H5Screate_simple(1, &count, nullptr));
    std::vector<hvl_t> first(count, hvl_t{0, nullptr});
    if (!memory || !here || !there
        || H5Sselect_hyperslab(here.get(), H5S_SELECT_SET, &start, nullptr, &count, nullptr) < 0
        || H5Dread(dataset, memory.get(), there.get(), here.get(), H5P_DEFAULT, first.data()) < 0)
        return 0;
    std::size_t length = 0;
    for (const hvl_t& row : first) {
        if (length == 0)
            length = row.len;
    }
    H5Dvlen_reclaim(memory.get(), there.get(), H5P_DEFAULT, first.data());
    return static_cast<std::uint32_t>(std::min<std::size_t>(length, UINT32_MAX));
}

class Lister
{
public:
    Lister(hid_t file, Answers& answers)
        : m_file(file)
        , m_answers(answers)
    {
    }

    void list()
    {
        group(m_file, "", 0);
        if (m_isTooMany) {
            m_answers.failure(Fault::Unsupported,
                "the file holds more than " + std::to_string(kMostObjects)
                    + " groups and datasets, more than are listed");
            return;
        }
        m_answers.begin(Message::End);
        m_answers.number32(m_damaged);
        m_answers.number32(m_external);
        m_answers.number32(m_other);
        m_answers.end();
        m_answers.flush();
    }

private:
    static herr_t collect(hid_t, const char* name, const H5L_info_t* info, void* data)
    {
        auto& links = *static_cast<Links*>(data);
        links.answers->alive();
        if (info->type != H5L_TYPE_HARD) {
            ++(info->type == H5L_TYPE_EXTERNAL ? links.external : links.other);
            return 0;
        }
        links.names.emplace_back(name);
        return links.names.size() > links.room ? 1 : 0;
    }

    void group(hid_t id, const std::string& path, int depth)
    {
        m_answers.begin(Message::Group);
        m_answers.text(path);
        writeAttributes(id, m_answers);
        m_answers.end();
        ++m_objects;

        Links links;
        links.room = kMostObjects - std::min<std::size_t>(m_objects, kMostObjects);
        links.answers = &m_answers;
        hsize_t at = 0;
        const herr_t status = H5Literate(id, H5_INDEX_NAME, H5_ITER_INC, &at, collect, &links);
        m_external += links.external;
        m_other += links.other;
        if (status > 0) {
            m_isTooMany = true;
            return;
        }
        if (status < 0)
            ++m_damaged;
        for (const std::string& name : links.names) {
            if (m_isTooMany)
                return;
            object(id, name, path.empty() ? name : path + '/' + name, depth + 1);
        }
    }

    void object(hid_t parent, const std::string& name, const std::string& path, int depth)
    {
        m_answers.alive();
        H5O_info_t info{};
        if (path.size() > kMostPathBytes || depth > kMostDepth
            || H5Oget_info_by_name(parent, name.c_str(), &info, H5P_DEFAULT) < 0) {
            ++m_damaged;
            return;
        }
        if (info.type == H5O_TYPE_NAMED_DATATYPE)
            return;
        const ObjectHandle child(H5Oopen(parent, name.c_str(), H5P_DEFAULT));
        if (!child) {
            ++m_damaged;
            return;
        }
        if (info.type == H5O_TYPE_GROUP) {
            if (m_visited.insert(info.addr).second)
                group(child.get(), path, depth);
        } else if (info.type == H5O_TYPE_DATASET) {
            if (++m_objects > kMostObjects)
                m_isTooMany = true;
            else if (!dataset(child.get(), path))
                ++m_damaged;
        }
    }

    void writeType(const TypeFacts& type)
    {
        m_answers.number8(static_cast<std::uint8_t>(type.kind));
        m_answers.text(type.name);
        m_answers.number32(type.length);
    }

    bool dataset(hid_t id, const std::string& path)
    {
        const TypeHandle type(H5Dget_type(id));
        const SpaceHandle space(H5Dget_space(id));
        const PropertiesHandle properties(H5Dget_create_plist(id));
        if (!type || !space || !properties)
            return false;
        const int rank = std::max(0, H5Sget_simple_extent_ndims(space.get()));
        std::array<hsize_t, kMostRank> extents{};
        if (rank > kMostRank || H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr) < 0)
            return false;
        if (H5Sget_simple_extent_type(space.get()) == H5S_NULL)
            return true; // Declared to hold nothing.

        bool isFiltered = false;
        std::string why = refusal(properties.get(), isFiltered);
        TypeFacts facts = factsOf(type.get());
        if (facts.kind == Class::NumberRows && why.empty()) {
            facts.length = firstRowLength(id, type.get(), space.get(), rank);
            if (facts.length == 0)
                why = "it has rows of varying length, the first of which are empty";
        }
        std::uint64_t expanded = H5Tget_size(type.get());
        for (int i = 0; i < rank; ++i) {
            const hsize_t extent = extents[static_cast<std::size_t>(i)];
            expanded
                = extent != 0 && expanded > UINT64_MAX / extent ? UINT64_MAX : expanded * extent;
        }
        const bool isContiguous = H5Pget_layout(properties.get()) == H5D_CONTIGUOUS && why.empty();
        const haddr_t offset = isContiguous && facts.isPlain ? H5Dget_offset(id) : HADDR_UNDEF;

        m_answers.begin(Message::Dataset);
        m_answers.text(path);
        writeType(facts);
        m_answers.number8(static_cast<std::uint8_t>(rank));
        for (int i = 0; i < rank; ++i)
            m_answers.number64(extents[static_cast<std::size_t>(i)]);
        m_answers.number64(why.empty() ? H5Dget_storage_size(id) : 0);
        m_answers.number64(expanded);
        m_answers.number64(offset == HADDR_UNDEF ? kNoOffset : offset);
        m_answers.number8(
            static_cast<std::uint8_t>((isFiltered ? static_cast<int>(Flag::IsFiltered) : 0)
                | (facts.isBigEndian ? static_cast<int>(Flag::IsBigEndian) : 0)));
        m_answers.text(why);
        const auto members
            = facts.kind == Class::Compound ? membersOf(type.get()) : std::vector<MemberFacts>();
        m_answers.number32(static_cast<std::uint32_t>(members.size()));
        for (const MemberFacts& member : members) {
            m_answers.text(member.name);
            writeType(member.type);
        }
        writeAttributes(id, m_answers);
        m_answers.end();
        return true;
    }

    hid_t m_file;
    Answers& m_answers;
    std::set<haddr_t> m_visited;
    std::size_t m_objects = 0;
    std::uint32_t m_damaged = 0;
    std::uint32_t m_external = 0;
    std::uint32_t m_other = 0;
    bool m_isTooMany = false;
};

} // namespace

void answerList(hid_t file, Answers& answers)
{
    Lister(file, answers).list();
}

} // namespace embedscope::hdf5
