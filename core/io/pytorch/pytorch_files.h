#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/format.h"
#include "core/io/pytorch/pytorch_contents.h"

#include <functional>
#include <memory>
#include <span>
#include <string>

namespace embedscope {

/// The three containers of PyTorch: a ZIP archive with a pickle and a member for each storage
/// (since 1.6), pickles in a row with the storages' bytes behind them (since 0.1.10), and a tar
/// archive with a member for the objects, the tensors and the storages (before).
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
Result<std::unique_ptr<TorchFile>> openTorchTar(const ByteSource& source, const Progress& progress);

/// Whether the members of a tar archive, as far as they are known, are those of a PyTorch file.
bool areTorchTarMembers(std::span<const std::string> names);
/// Whether this is such an archive, or the beginning of one.
bool isTorchTar(const ByteSource& source);

/// The beginning of an old file: the pickle of its magic number.
bool isTorchLegacy(std::string_view bytes);

} // namespace embedscope
