#pragma once

#include "core/projection/parameters.h"

#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

namespace embedscope {

/// Ties rows of a parameter table to the fields of a method's options struct by member pointer, so
/// that a parameter is written down once: its default is the field's, forms and recipes see the
/// row, the method sees the field. An optional field is one that may be "auto".
template <typename Options> struct ParameterRow
{
    using Field = std::variant<bool Options::*, std::int64_t Options::*, double Options::*,
        std::optional<double> Options::*, std::string Options::*>;

    /// defaultValue, allowsAuto and kind are filled in from the field; for a string the row may say
    /// Text or Column, else it is a Choice.
    ParameterInfo info;
    Field field;
};

namespace detail {

/// The field behind a member pointer. Never inlined: GCC 12 would otherwise warn of fields that the
/// options do not have, in branches of a visit that are not taken.
template <typename Options, typename T>
[[gnu::noinline]] T& fieldOf(Options& options, T Options::*member)
{
    return options.*member;
}

template <typename Options, typename T>
[[gnu::noinline]] const T& fieldOf(const Options& options, T Options::*member)
{
    return options.*member;
}

template <typename Options>
ParameterValue readField(const Options& options, const typename ParameterRow<Options>::Field& field)
{
    return std::visit(
        [&](auto member) -> ParameterValue {
            if constexpr (std::is_same_v<decltype(member), std::optional<double> Options::*>) {
                const auto& value = fieldOf(options, member);
                return value ? ParameterValue(*value) : ParameterValue(std::string("auto"));
            } else {
                return fieldOf(options, member);
            }
        },
        field);
}

} // namespace detail

/// The rows as everyone else sees them. Rows must outlive the result: choices are spans.
template <typename Options, std::size_t N>
std::array<ParameterInfo, N> describeRows(const std::array<ParameterRow<Options>, N>& rows)
{
    constexpr std::array kinds{ParameterKind::Boolean, ParameterKind::Integer, ParameterKind::Real,
        ParameterKind::Real, ParameterKind::Choice};
    constexpr std::size_t autoIndex = 3;
    std::array<ParameterInfo, N> infos;
    for (std::size_t i = 0; i < N; ++i) {
        infos[i] = rows[i].info;
        const bool isText
            = infos[i].kind == ParameterKind::Text || infos[i].kind == ParameterKind::Column;
        if (!isText)
            infos[i].kind = kinds.at(rows[i].field.index());
        infos[i].allowsAuto = rows[i].field.index() == autoIndex;
        infos[i].defaultValue = detail::readField(Options{}, rows[i].field);
    }
    return infos;
}

/// The options that checked values (of resolvedValues()) stand for.
template <typename Options, std::size_t N>
Options readOptions(const std::array<ParameterRow<Options>, N>& rows, const ParameterValues& values)
{
    Options options;
    for (const ParameterRow<Options>& row : rows) {
        const ParameterValue* value = findValue(values, row.info.id);
        if (value == nullptr)
            continue;
        std::visit(
            [&](auto member) {
                auto& target = detail::fieldOf(options, member);
                using T = std::remove_reference_t<decltype(target)>;
                if constexpr (std::is_same_v<T, std::optional<double>>) {
                    const double* number = std::get_if<double>(value);
                    target = number != nullptr ? std::optional(*number) : std::nullopt;
                } else {
                    assert(std::holds_alternative<T>(*value));
                    target = std::get<T>(*value);
                }
            },
            row.field);
    }
    return options;
}

/// The values of all fields, for a recipe.
template <typename Options, std::size_t N>
ParameterValues recordOptions(
    const std::array<ParameterRow<Options>, N>& rows, const Options& options)
{
    ParameterValues values;
    for (const ParameterRow<Options>& row : rows)
        values.emplace_back(std::string(row.info.id), detail::readField(options, row.field));
    return values;
}

} // namespace embedscope
