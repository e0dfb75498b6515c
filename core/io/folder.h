#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/folders/inversion_folder.h"
#include "core/io/format.h"
#include "core/io/tensors/inversion_series.h"

#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// What opening a folder means: one file in it, the steps of a training run, or the textual
/// inversions of many files.
struct FolderContents
{
    std::string file; ///< Empty where one of the next two is not.
    std::vector<SeriesStep> steps;
    /// Where there are some of these, they are to be looked into; what the folder is if they turn
    /// out to hold no textual inversions is `otherwise`.
    InversionFiles inversions;
    std::optional<Error> otherwise;
    /// Pictures that rows of `file` may be about, and a text file that may say which.
    std::vector<std::string> pictures;
    std::string metadata;
    std::vector<std::string> left; ///< Names of other files that could be opened.
};

/// Whether there is a folder of that path.
bool isFolder(const std::string& path);

/// Whether files of a format are text, as metadata beside a table are.
bool isTextFormat(const Format& format);

/// Finds what a folder is, in this order: a TensorFlow projector set; a sharded checkpoint by its
/// index; a model (model.safetensors, pytorch_model.bin and the like; of a diffusers pipeline its
/// text_encoder); the steps of one run, where they are most of what can be opened; the only file
/// that can be opened, or the only one that is no text, with the pictures beside it; several that
/// may be textual inversions. Looks at the beginnings of files in the folder, one level deep for
/// steps, and follows no path that a file gives.
/// returns  NotFound with the files that can be opened, where it is not one of these; of a folder
///          of pictures that it holds no vectors.
Result<FolderContents> lookIntoFolder(const std::string& path, const Progress& progress);

} // namespace embedscope
