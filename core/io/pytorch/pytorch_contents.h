#pragma once

#include "core/base/result.h"
#include "core/io/bytes/elements.h"
#include "core/io/pytorch/pickle.h"
#include "core/io/tensors/textual_inversion.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// What PyTorch's checkpoints mean by their pickles: storages of numbers, and tensors as views on
/// them. After torch/serialization.py and torch/_utils.py.

struct TorchStorage
{
    std::string key; ///< Names the place of its bytes in the file.
    std::string className; ///< "FloatStorage"
    std::optional<ElementType> type; ///< nullopt for a type that is not read.
    std::uint64_t itemBytes = 0; ///< 0 where the type is unknown.
    std::uint64_t count = 0; ///< Elements, of the storage that the file has under this key.
    std::uint64_t viewOffset = 0; ///< Elements to skip (views on storages in old files).
};

struct TorchTensor
{
    std::string name; ///< The way to it: "state_dict.embedding.weight"; empty for a bare tensor.
    TorchStorage storage;
    std::string dtype; ///< As in Provenance::dtype.
    std::vector<std::uint64_t> shape;
    std::vector<std::uint64_t> strides; ///< In elements; as many as the shape has extents.
    std::uint64_t offset = 0; ///< First element, from the storage's start.
    std::uint64_t extent = 0; ///< Elements from the first to behind the last: 0 where it is empty.
    std::uint64_t count = 0; ///< Product of the shape.
    bool isContiguous = false; ///< Row-major without gaps.
};

struct TorchContents
{
    std::vector<TorchTensor> tensors;
    InversionFacts
        facts; ///< Name, step and checkpoint of a textual inversion; not the file's stem.
    /// Lists of names that stand beside the tensors, by their length: candidates for labels.
    std::vector<std::vector<std::string>> nameLists;
    std::vector<std::string> refused; ///< Names in the pickle that stand for code; none was run.
    bool isTooDeep = false; ///< Something lay deeper than was looked.
};

/// Adds what is found from `root` on. Tensors are held to reach no further than their storages say;
/// whether the file has that many bytes is for the reader of the bytes to see.
/// returns  Malformed for views that reach beyond their storage; TooLarge for too many tensors.
Status collectTorchContents(const PickleHeap& heap, PickleId root, const std::string& prefix,
    const std::string& path, TorchContents& contents);

/// The names of code in the heap that are none of those that this reader knows as plain data.
std::vector<std::string> refusedGlobals(const PickleHeap& heap);

/// The storage of a persistent id ("storage", class, key, …); nullopt for anything else.
std::optional<TorchStorage> torchStorage(const PickleHeap& heap, PickleId persistent);

} // namespace embedscope
