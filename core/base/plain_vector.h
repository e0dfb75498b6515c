#pragma once

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace embedscope {

/// An allocator whose resize() leaves plain values as they are instead of writing zeros.
template <typename T> class PlainAllocator : public std::allocator<T>
{
public:
    static_assert(std::is_trivially_default_constructible_v<T>);
    template <typename U> struct rebind
    {
        using other = PlainAllocator<U>;
    };

    template <typename U, typename... Arguments> void construct(U* at, Arguments&&... arguments)
    {
        if constexpr (sizeof...(Arguments) == 0)
            ::new (static_cast<void*>(at)) U;
        else
            ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
    }
};

/// A vector of numbers that resize() does not fill: for gigabytes that a parallel loop writes
/// anyway, whose first touch on one thread would take seconds during which nobody looks for a stop.
template <typename T> using PlainVector = std::vector<T, PlainAllocator<T>>;

} // namespace embedscope
