#pragma once

#include "core/base/progress.h"
#include "core/io/archives/expansion.h"
#include "core/io/archives/input_stream.h"

#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// The file that was taken out of an archive.
struct TakenMember
{
    std::shared_ptr<const ByteSource> source; ///< Unpacked; called archive/name.
    std::string name;
    std::vector<std::string> others; ///< What could be tables, too.
};

/// Takes one file out of a ZIP or tar archive: the one that is wanted, by its name, or the one that
/// looks most like a table (see isBetter()). Links, folders and devices are passed over. Nothing is
/// unpacked but the files that are looked into, and of those the first 64 KiB.
///
/// wanted    ReadOptions::member; empty: choose.
/// returns   NotFound where there is no such member, Unsupported where none could be a table, and
///           what Expansion and the archive itself refuse; Stopped.
Result<TakenMember> takeZipMember(const ByteSource& source, const std::string& wanted,
    const Expansion& expansion, const Progress& progress);

/// stream        the archive.
/// isExpansion   it came out of a filter, so that all of it counts as unpacked.
Result<TakenMember> takeTarMember(InputStream& stream, bool isExpansion, const std::string& wanted,
    const Expansion& expansion, const Progress& progress);

} // namespace embedscope
