#pragma once

#include "core/base/error.h"

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

namespace embedscope {

/// A value or the Error that kept it from being made. Converts from either, so that
/// `return Error{…};` and `return value;` both read naturally.
template <typename T> class [[nodiscard]] Result
{
public:
    Result(T value) // NOLINT(google-explicit-constructor)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error) // NOLINT(google-explicit-constructor)
        : m_state(std::in_place_index<1>, std::move(error))
    {
    }

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() &
    {
        assert(ok());
        return *std::get_if<0>(&m_state);
    }
    const T& value() const&
    {
        assert(ok());
        return *std::get_if<0>(&m_state);
    }
    T&& value() &&
    {
        assert(ok());
        return std::move(*std::get_if<0>(&m_state));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const&
    {
        assert(!ok());
        return *std::get_if<1>(&m_state);
    }
    Error&& error() &&
    {
        assert(!ok());
        return std::move(*std::get_if<1>(&m_state));
    }

private:
    std::variant<T, Error> m_state;
};

/// Success without a value, or an Error.
template <> class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error) // NOLINT(google-explicit-constructor)
        : m_error(std::move(error))
    {
    }
    bool ok() const { return !m_error; }
    explicit operator bool() const { return ok(); }
    const Error& error() const
    {
        assert(m_error);
        return *m_error;
    }

private:
    std::optional<Error> m_error;
};

using Status = Result<void>;

} // namespace embedscope

/// Returns from the enclosing function with the Error of `expression`, if it has one.
#define EMBEDSCOPE_TRY(expression) \
    do { \
        if (auto embedscopeStatus = (expression); !embedscopeStatus) \
            return std::move(embedscopeStatus).error(); \
    } while (false)

#define EMBEDSCOPE_JOIN_(a, b) a##b
#define EMBEDSCOPE_JOIN(a, b) EMBEDSCOPE_JOIN_(a, b)
#define EMBEDSCOPE_TRY_ASSIGN_(result, declaration, expression) \
    auto result = (expression); \
    if (!result) \
        return std::move(result).error(); \
    declaration = std::move(result).value()

/// `EMBEDSCOPE_TRY_ASSIGN(auto x, f());` declares x from the value of f(), or returns its Error.
#define EMBEDSCOPE_TRY_ASSIGN(declaration, expression) \
    EMBEDSCOPE_TRY_ASSIGN_( \
        EMBEDSCOPE_JOIN(embedscopeResult, __LINE__), declaration, expression)
