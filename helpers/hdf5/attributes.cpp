#include "helpers/hdf5/attributes.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace embedscope::hdf5 {

namespace {

constexpr auto kNames = std::to_array<const char*>({"encoding-type", "encoding-version", "_index",
    "column-order", "shape", "h5sparse_format", "h5sparse_shape", "type", "distance",
    "keras_version", "backend", "layer_names", "MATLAB_class"});
static_assert(kNames.size() <= kMostAttributes);
constexpr std::size_t kMostBytes = 4U << 20U;

using Entries = std::vector<std::string>;

std::optional<Entries> textEntries(hid_t attribute, hid_t type, hid_t space, std::size_t count)
{
    Entries entries;
    if (H5Tis_variable_str(type) > 0) {
        std::vector<char*> texts(count, nullptr);
        const TypeHandle memory(H5Tcopy(type));
        if (H5Aread(attribute, memory.get(), texts.data()) < 0)
            return std::nullopt;
        for (const char* text : texts)
            entries.emplace_back(text != nullptr ? text : "");
        H5Dvlen_reclaim(memory.get(), space, H5P_DEFAULT, texts.data());
        return entries;
    }
    const std::size_t width = H5Tget_size(type);
    if (width == 0 || width > kMostBytes / std::max<std::size_t>(count, 1))
        return std::nullopt;
    std::vector<char> bytes(width * count);
    if (H5Aread(attribute, type, bytes.data()) < 0)
        return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) {
        const char* const text = bytes.data() + i * width;
        entries.emplace_back(text, strnlen(text, width));
    }
    return entries;
}

std::optional<Entries> entriesOf(hid_t attribute)
{
    const TypeHandle type(H5Aget_type(attribute));
    const SpaceHandle space(H5Aget_space(attribute));
    if (!type || !space)
        return std::nullopt;
    const hssize_t points = H5Sget_simple_extent_npoints(space.get());
    if (points < 1 || points > static_cast<hssize_t>(kMostAttributeEntries))
        return std::nullopt;
    const auto count = static_cast<std::size_t>(points);
    switch (H5Tget_class(type.get())) {
    case H5T_STRING:
        return textEntries(attribute, type.get(), space.get(), count);
    case H5T_INTEGER: {
        std::vector<long long> numbers(count);
        if (H5Aread(attribute, H5T_NATIVE_LLONG, numbers.data()) < 0)
            return std::nullopt;
        Entries entries;
        for (const long long number : numbers)
            entries.push_back(std::to_string(number));
        return entries;
    }
    default:
        return std::nullopt;
    }
}

} // namespace

void writeAttributes(hid_t object, Answers& answers)
{
    std::vector<std::pair<const char*, Entries>> found;
    for (const char* name : kNames) {
        if (H5Aexists(object, name) <= 0)
            continue;
        const AttributeHandle attribute(H5Aopen(object, name, H5P_DEFAULT));
        if (!attribute)
            continue;
        if (auto entries = entriesOf(attribute.get()))
            found.emplace_back(name, *std::move(entries));
    }
    answers.number32(static_cast<std::uint32_t>(found.size()));
    for (const auto& [name, entries] : found) {
        std::size_t bytes = 0;
        std::size_t count = 0;
        while (count < entries.size() && bytes + entries[count].size() <= kMostBytes)
            bytes += entries[count++].size();
        answers.text(name);
        answers.number32(static_cast<std::uint32_t>(count));
        for (std::size_t i = 0; i < count; ++i)
            answers.text(entries[i]);
    }
}

} // namespace embedscope::hdf5
