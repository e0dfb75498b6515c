#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/format.h"
#include "core/io/pytorch/pytorch_contents.h"

#include <functional>
#include <memory>
#include <string>

namespace embedscope {

/// The two containers of PyTorch: a ZIP archive with a pickle and a member for each storage (since
/// 1.6), and pickles in a row with the storages' bytes behind them (before).
class TorchFile
{
public:
    virtual ~TorchFile() = default;

    /// What the pickles say.
    const TorchContents& contents() const { return m_contents; }
    bool isBigEndian() const { return m_isBigEndian; }

    /// Whether the file has the bytes that the tensor's storage claims. To be asked before anything
    /// of the tensor's size is allocated.
    virtual Status checkStorage(const TorchTensor& tensor) const = 0;

    /// The elements of the tensor from its first to its last, in the order and type of the file, in
    /// pieces of whole elements. The storage must have been checked.
    using Sink = std::function<Status(std::span<const std::byte> piece)>;
    virtual Status readExtent(
        const TorchTensor& tensor, const Sink& sink, const Progress& progress) const = 0;

protected:
    TorchContents m_contents;
    bool m_isBigEndian = false;
};

/// The source must outlive the file.
Result<std::unique_ptr<TorchFile>> openTorchZip(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);
Result<std::unique_ptr<TorchFile>> openTorchLegacy(
    const ByteSource& source, const Progress& progress);

/// The beginning of an old file: the pickle of its magic number.
bool isTorchLegacy(std::string_view bytes);

} // namespace embedscope
