#pragma once

#include "tests/support/archive_bytes.h"
#include "tests/support/pickle_bytes.h"

#include <cstdint>
#include <string>
#include <vector>

/// PyTorch's oldest files, put together by hand: a tar archive of the members sys_info, pickle,
/// tensors and storages.
namespace embedscope::test::pickled {

struct TarStorage
{
    std::int64_t key = 0;
    std::string className = "FloatStorage";
    std::int64_t count = 0;
    std::string bytes;
};

struct TarTensor
{
    std::int64_t key = 0;
    std::string storage; ///< Opcodes of the storage's key, or "N".
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
    std::int64_t offset = 0;
    std::string className = "FloatTensor";
};

/// A tensor in the member "pickle".
inline std::string reference(std::int64_t key)
{
    return text(std::to_string(key)) + 'Q';
}

/// views: opcodes of the list of views; none where it is empty.
inline std::string tarStorages(
    const std::vector<TarStorage>& storages, const std::string& views = list({}))
{
    std::string out = whole(integer(static_cast<std::int64_t>(storages.size())));
    for (const TarStorage& storage : storages) {
        out += whole(
            tuple({integer(storage.key), text("cpu"), global("torch", storage.className)}));
        out += number(static_cast<std::uint64_t>(storage.count), 8) + storage.bytes;
    }
    return views.empty() ? out : out + whole(views);
}

inline std::string tarTensors(const std::vector<TarTensor>& tensors)
{
    std::string out = whole(integer(static_cast<std::int64_t>(tensors.size())));
    for (const TarTensor& tensor : tensors) {
        out += whole(
            tuple({integer(tensor.key), tensor.storage, global("torch", tensor.className)}));
        out += number(tensor.shape.size(), 4) + "\x7f\x7f\x7f\x7f";
        for (const auto* const numbers : {&tensor.shape, &tensor.strides}) {
            for (const std::int64_t value : *numbers)
                out += number(static_cast<std::uint64_t>(value), 8);
        }
        out += number(static_cast<std::uint64_t>(tensor.offset), 8);
    }
    return out;
}

inline std::string tarSystem()
{
    return whole(dict({{"protocol_version", "M\xe8\x03"}, {"little_endian", "\x88"}}));
}

inline std::string torchTar(
    const std::string& value, const std::string& tensors, const std::string& storages)
{
    return tarOf({{"sys_info", tarSystem()}, {"pickle", whole(value)}, {"tensors", tensors},
        {"storages", storages}});
}

/// rows x 4 values 0, 1, 2, …, as the weight of an embedding.
inline std::string torchTarSample(std::int64_t rows)
{
    std::vector<double> values;
    for (std::int64_t i = 0; i < rows * 4; ++i)
        values.push_back(static_cast<double>(i));
    return torchTar(dict({{"embedding.weight", reference(7)}}),
        tarTensors({{7, integer(1), {rows, 4}, {4, 1}}}),
        tarStorages({{1, "FloatStorage", rows * 4, packed<float>(values)}}));
}

} // namespace embedscope::test::pickled
