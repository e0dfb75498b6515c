#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// A file within an archive, and how much it looks like the table that somebody wants to see.
struct ArchiveMember
{
    std::string name; ///< As it stands in the archive; a label, never a place.
    std::uint64_t bytes = 0; ///< Unpacked.
    /// 0: no table. 1: perhaps, by its name. 2: perhaps, by its bytes. 3: one.
    int rank = 0;
    bool describesOthers = false; ///< Metadata and vocabularies, by their names.
};

/// Names that need not be looked into: hidden files, programs, pictures, licences.
bool isNeverATable(std::string_view name);

/// What its first bytes (64 KiB at most) say of a member.
ArchiveMember judgeMember(std::string name, std::uint64_t bytes, std::string_view head);

/// Whether `a` is the better choice; the larger, the one in fewer folders; of
/// equals the one that came first.
bool isBetter(const ArchiveMember& a, const ArchiveMember& b);

/// Whether the user's word for a member means this one: its name, or the last part of it.
bool isMemberNamed(std::string_view name, std::string_view wanted);

/// `"a.txt", "b.txt" and 3 more`.
std::string listedMembers(const std::vector<std::string>& names);

} // namespace embedscope
