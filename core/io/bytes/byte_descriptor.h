#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

namespace embedscope {

/// An open, read-only descriptor of a source's bytes, for a program that is spawned to read them.
/// Closed at the end where it was made for the purpose.
class ByteDescriptor
{
public:
    /// The source's own descriptor where it has one; else a copy of its bytes in memory that
    /// nothing can change any more. Unreadable where the system refuses; Stopped.
    static Result<ByteDescriptor> of(const ByteSource& source, const Progress& progress);

    ~ByteDescriptor();
    ByteDescriptor(ByteDescriptor&& other) noexcept;
    ByteDescriptor& operator=(ByteDescriptor&& other) noexcept;

    int number() const { return m_number; }

private:
    ByteDescriptor(int number, bool isOwned)
        : m_number(number)
        , m_isOwned(isOwned)
    {
    }

    int m_number;
    bool m_isOwned;
};

} // namespace embedscope
