#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// Writes a ZIP archive of uncompressed members in one pass over the stream, which need not be able
/// to seek: sums come first, so whole members are made twice. Sizes go beyond 4 GiB (Zip64), as in
/// the archives that NumPy writes. PKWARE APPNOTE 6.3.9, sections 4.3 to 4.5.
class StoredZip
{
public:
    using Sink = std::function<Status(std::string_view bytes)>;

    explicit StoredZip(std::ostream& out)
        : m_out(out)
    {
    }

    /// make   hands the member's bytes to the sink, `bytes` in all, the same each time it is
    /// called.
    Status add(const std::string& name, std::uint64_t bytes,
        const std::function<Status(const Sink& sink, const Progress& progress)>& make,
        const Progress& progress);
    /// The directory. Nothing may be added behind it.
    Status finish();

private:
    struct Member
    {
        std::string name;
        std::uint32_t sum = 0;
        std::uint64_t bytes = 0;
        std::uint64_t offset = 0;
    };

    Status write(std::string_view bytes);

    std::ostream& m_out;
    std::uint64_t m_written = 0;
    std::vector<Member> m_members;
};

} // namespace embedscope
