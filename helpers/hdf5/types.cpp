#include "helpers/hdf5/types.h"

#include <array>

namespace embedscope::hdf5 {

namespace {

/// The name of a float by where its bits lie; empty for what is none of the standard's.
std::string floatName(hid_t type)
{
    std::size_t sign = 0;
    std::size_t exponentAt = 0;
    std::size_t exponentBits = 0;
    std::size_t mantissaAt = 0;
    std::size_t mantissaBits = 0;
    if (H5Tget_fields(type, &sign, &exponentAt, &exponentBits, &mantissaAt, &mantissaBits) < 0)
        return {};
    const std::size_t bytes = H5Tget_size(type);
    const std::size_t bits = bytes * 8;
    const bool isPacked = mantissaAt == 0 && exponentAt == mantissaBits && sign == bits - 1
        && exponentBits + mantissaBits + 1 == bits && H5Tget_offset(type) == 0
        && H5Tget_norm(type) == H5T_NORM_IMPLIED
        && H5Tget_ebias(type) == (std::size_t{1} << (exponentBits - 1)) - 1;
    if (!isPacked)
        return {};
    if (bytes == 2 && exponentBits == 5)
        return "float16";
    if (bytes == 2 && exponentBits == 8)
        return "bfloat16";
    if (bytes == 4 && exponentBits == 8)
        return "float32";
    if (bytes == 8 && exponentBits == 11)
        return "float64";
    return {};
}

void describeNumber(hid_t type, bool isFloat, TypeFacts& facts)
{
    const std::size_t bytes = H5Tget_size(type);
    const H5T_order_t order = H5Tget_order(type);
    facts.kind = Class::Number;
    facts.isBigEndian = order == H5T_ORDER_BE;
    const bool hasOrder = order == H5T_ORDER_LE || order == H5T_ORDER_BE;
    if (isFloat) {
        facts.name = floatName(type);
        facts.isPlain = hasOrder && !facts.name.empty();
        if (facts.name.empty())
            facts.name = "float" + std::to_string(bytes * 8);
        return;
    }
    const bool isSigned = H5Tget_sign(type) != H5T_SGN_NONE;
    facts.name = (isSigned ? "int" : "uint") + std::to_string(bytes * 8);
    facts.isPlain = hasOrder && H5Tget_precision(type) == bytes * 8 && H5Tget_offset(type) == 0
        && (bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8);
}

/// Booleans as h5py writes them: an enumeration of FALSE and TRUE.
bool isBoolean(hid_t type)
{
    if (H5Tget_nmembers(type) != 2)
        return false;
    bool isFalse = false;
    bool isTrue = false;
    for (unsigned i = 0; i < 2; ++i) {
        char* const name = H5Tget_member_name(type, i);
        if (name == nullptr)
            return false;
        isFalse = isFalse || std::string_view(name) == "FALSE";
        isTrue = isTrue || std::string_view(name) == "TRUE";
        H5free_memory(name);
    }
    return isFalse && isTrue;
}

TypeHandle arrayOf(const TypeHandle& element, hid_t type)
{
    std::array<hsize_t, kMostRank> extents{};
    const int rank = H5Tget_array_ndims(type);
    if (!element || rank < 1 || rank > kMostRank || H5Tget_array_dims2(type, extents.data()) < 0)
        return {};
    return TypeHandle(H5Tarray_create2(element.get(), static_cast<unsigned>(rank), extents.data()));
}

} // namespace

TypeFacts factsOf(hid_t type)
{
    TypeFacts facts;
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
        describeNumber(type, false, facts);
        break;
    case H5T_FLOAT:
        describeNumber(type, true, facts);
        break;
    case H5T_STRING:
        facts.kind = Class::Text;
        facts.name = "text";
        break;
    case H5T_ENUM:
        facts.kind = Class::Enumeration;
        facts.name = isBoolean(type) ? "bool" : "enumeration";
        break;
    case H5T_COMPOUND:
        facts.kind = Class::Compound;
        facts.name = "compound";
        break;
    case H5T_ARRAY: {
        const TypeHandle super(H5Tget_super(type));
        std::array<hsize_t, kMostRank> extents{};
        const int rank = H5Tget_array_ndims(type);
        if (!super || rank < 1 || rank > kMostRank || H5Tget_array_dims2(type, extents.data()) < 0)
            break;
        std::uint64_t length = 1;
        for (int i = 0; i < rank && length <= UINT32_MAX; ++i)
            length *= extents[static_cast<std::size_t>(i)];
        const TypeFacts element = factsOf(super.get());
        if (length == 0 || length > UINT32_MAX || element.kind != Class::Number
            || element.length != 1)
            break;
        facts = element;
        facts.length = static_cast<std::uint32_t>(length);
        break;
    }
    case H5T_VLEN: {
        const TypeHandle super(H5Tget_super(type));
        const TypeFacts element = super ? factsOf(super.get()) : TypeFacts();
        if (element.kind != Class::Number || element.length != 1)
            break;
        facts.kind = Class::NumberRows;
        facts.name = element.name;
        break;
    }
    default:
        break;
    }
    return facts;
}

std::vector<MemberFacts> membersOf(hid_t type)
{
    std::vector<MemberFacts> members;
    const int count = H5Tget_nmembers(type);
    for (int i = 0; i < count && i < static_cast<int>(kMostMembers); ++i) {
        const auto index = static_cast<unsigned>(i);
        const TypeHandle member(H5Tget_member_type(type, index));
        char* const name = H5Tget_member_name(type, index);
        if (member && name != nullptr)
            members.push_back({name, factsOf(member.get())});
        H5free_memory(name);
    }
    return members;
}

TypeHandle memoryType(hid_t type, Element element)
{
    const H5T_class_t kind = H5Tget_class(type);
    if (kind == H5T_ARRAY) {
        const TypeHandle super(H5Tget_super(type));
        return super ? arrayOf(memoryType(super.get(), element), type) : TypeHandle();
    }
    if (kind == H5T_VLEN) {
        const TypeHandle super(H5Tget_super(type));
        const TypeHandle number = super ? memoryType(super.get(), element) : TypeHandle();
        return number ? TypeHandle(H5Tvlen_create(number.get())) : TypeHandle();
    }
    if (element == Element::Text) // Names of an enumeration are looked up by its numbers.
        return kind == H5T_STRING ? TypeHandle(H5Tcopy(type))
            : kind == H5T_ENUM    ? TypeHandle(H5Tcopy(H5T_NATIVE_INT64))
                                  : TypeHandle();
    if (kind != H5T_INTEGER && kind != H5T_FLOAT && kind != H5T_ENUM)
        return {};
    return TypeHandle(H5Tcopy(element == Element::Float32 ? H5T_NATIVE_FLOAT
            : element == Element::Float64                 ? H5T_NATIVE_DOUBLE
                                                          : H5T_NATIVE_INT64));
}

} // namespace embedscope::hdf5
