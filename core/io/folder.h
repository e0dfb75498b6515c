#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/format.h"
#include "core/io/tensors/inversion_series.h"

#include <string>
#include <vector>

namespace embedscope {

/// What opening a folder means: one file in it, or the steps of a training run.
struct FolderContents
{
    std::string file; ///< Empty where `steps` is not.
    std::vector<SeriesStep> steps;
    std::vector<std::string> left; ///< Names of other files that could be opened.
};

/// Whether there is a folder of that path.
bool isFolder(const std::string& path);

/// Finds what a folder is, in this order: a TensorFlow projector set; a sharded checkpoint by its
/// index; a model (model.safetensors, pytorch_model.bin and the like; of a diffusers pipeline its
/// text_encoder); the steps of one run, where they are most of what can be opened; the only file
/// that can be opened, or the only one that is no text. Looks at the beginnings of files in the
/// folder, one level deep for steps, and follows no path that a file gives.
/// returns  NotFound with the files that can be opened, where it is not one of these.
Result<FolderContents> lookIntoFolder(const std::string& path, const Progress& progress);

} // namespace embedscope
