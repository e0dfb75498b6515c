#pragma once

#include "core/io/hdf5/hdf5_messages.h"
#include "helpers/hdf5/handle.h"

#include <cstdint>
#include <string>
#include <vector>

namespace embedscope::hdf5 {

/// What the values of a dataset or of a member are, in the words of the messages.
struct TypeFacts
{
    Class kind = Class::Other;
    std::string name = "opaque bytes";
    /// Values in one element: above 1 for arrays.
    std::uint32_t length = 1;
    bool isBigEndian = false;
    /// The bytes are numbers that a reader of plain files knows by that name.
    bool isPlain = false;
};

struct MemberFacts
{
    std::string name;
    TypeFacts type;
};

/// type  of a dataset or a member. Never fails: what is not understood is Other.
TypeFacts factsOf(hid_t type);

/// The members of a compound type; those beyond kMostMembers are left out.
std::vector<MemberFacts> membersOf(hid_t type);

/// The type in memory into which values of `type` are read as Element: native numbers, arrays of
/// them, rows of them, or text as it is. Invalid where the two do not go together.
TypeHandle memoryType(hid_t type, Element element);

} // namespace embedscope::hdf5
